import { execFileSync } from 'node:child_process'
import type { KeyPairKeyObjectResult } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { _electron, expect, test as base } from '@playwright/test'
import type { ElectronApplication, Page } from '@playwright/test'
import { systemClock } from '../../drivers/device-host/system-clock.ts'
import type { World } from '../../sandbox/world.ts'
import { SANDBOX_ENROLMENT_CODE, startWorld } from '../../sandbox/world.ts'
import { loadDemonstrationPack } from '../../tools/demo-pack.ts'
import { Citizen } from './citizen.ts'

const ROOT = join(import.meta.dirname, '..', '..')

/** Where the binary is, if it has been fetched. Asking the package itself would fetch it. */
function electronBinary(): string | undefined {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(ROOT, 'node_modules', 'electron', 'dist')
  const names = join(ROOT, 'node_modules', 'electron', 'path.txt')
  const path = join(folder, existsSync(names) ? readFileSync(names, 'utf8') : 'electron')
  return existsSync(path) ? path : undefined
}

interface Started {
  readonly app: ElectronApplication
  readonly page: Page
  readonly world: World
  readonly dataFolder: string
  readonly problems: readonly string[]
}

const test = base.extend<{ kiosk: Started }>({
   
  kiosk: async ({}, use) => {
    const executablePath = electronBinary()
    test.skip(executablePath === undefined, 'Electron\'s binary is not present')
    const folder = await mkdtemp(join(tmpdir(), 'kiosk-electron-'))
    for (const mode of ['shell', 'preload']) execFileSync(process.execPath, [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--config', 'electron/shell/vite.config.ts', '--mode', mode, '--logLevel', 'error'], { cwd: ROOT })
    const dataFolder = join(folder, 'terminal')
    const world = await startWorld({ folder: join(folder, 'world'), terminalFolder: dataFolder, clock: systemClock, pack: await loadDemonstrationPack(pathToFileURL(`${ROOT}/`)), cardWorkMs: 20 })
    const config = join(folder, 'kiosk.config.json')
    writeFileSync(config, JSON.stringify(world.config))
    const app = await _electron.launch({
      executablePath,
      args: [join(ROOT, 'dist', 'shell', 'main.js'), '--config', config, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
      env: { ...(process.env as Record<string, string>), KIOSK_ENROLMENT_CODE: SANDBOX_ENROLMENT_CODE },
    })
    const page = await app.firstWindow()
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(error.message))
    await expect(page.getByRole('button', { name: '开始办理' })).toBeVisible({ timeout: 30_000 })
    await use({ app, page, world, dataFolder, problems })
    await app.close()
    expect(existsSync(join(dataFolder, 'kiosk.lock')), 'the lock after the end').toBe(false)
    await world.stop()
    await rm(folder, { recursive: true, force: true })
    expect(problems).toEqual([])
  },
})

test('serves the page under its own scheme, without Node, without a way out', async ({ kiosk: { app, page } }) => {
  expect(page.url()).toBe('kiosk://app/')
  expect(await page.evaluate(() => ['require', 'process', 'module', 'electron', 'ipcRenderer'].filter((name) => name in window))).toEqual([])
  expect(await page.evaluate(() => window.open('https://example.org/'))).toBeNull()
  expect(await page.evaluate(() => fetch('https://example.org/').then(() => 'reached', () => 'refused'))).toBe('refused')
  expect(await page.evaluate(() => fetch('/').then((answer) => answer.headers.get('content-security-policy')))).toContain("script-src 'self'")
  expect(await page.evaluate(() => navigator.mediaDevices.getUserMedia({ video: true }).then(() => 'granted', () => 'denied'))).toBe('denied')
  await page.evaluate(() => { window.location.href = 'https://example.org/' })
  await page.keyboard.press('Control+R')
  await expect(page.getByRole('button', { name: '开始办理' })).toBeVisible()
  expect(page.url()).toBe('kiosk://app/')
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
})

test('has what the services need: SQLite new enough, the curves of the signed repository', async ({ kiosk: { app } }) => {
  const found = await app.evaluate(() => {
    const { generateKeyPairSync, sign, verify } = process.getBuiltinModule('node:crypto')
    const proves = (pair: KeyPairKeyObjectResult, digest: string | null): boolean => {
      const data = Buffer.from('kiosk')
      return verify(digest, data, pair.publicKey, sign(digest, data, pair.privateKey))
    }
    return { sqlite: process.versions.sqlite ?? '0', ed25519: proves(generateKeyPairSync('ed25519'), null), p256: proves(generateKeyPairSync('ec', { namedCurve: 'P-256' }), 'sha256') }
  })
  expect(found.sqlite.localeCompare('3.51.3', undefined, { numeric: true })).toBeGreaterThanOrEqual(0)
  expect([found.ed25519, found.p256]).toEqual([true, true])
})

test('reads a card through the utility process, and shows nothing of it once the citizen has left', async ({ kiosk: { page, world } }) => {
  const citizen = new Citizen(page)
  await citizen.begin('M01')
  await citizen.answer('who', 'self')
  await citizen.answer('places', 'one')
  await citizen.sees('checklist')
  await citizen.next()
  await citizen.sees('identify')
  await world.reader.command({ kind: 'lay', person: 'chen-zhiyuan' })
  await citizen.sees('consent')
  await citizen.next()
  await citizen.sees('form')
  await expect(citizen.field('name')).toContainText('陈志远')
  await citizen.leave()
  await expect(page.getByText('陈志远')).toHaveCount(0)
})

test('comes back by itself when the process of the page is killed', async ({ kiosk: { app } }) => {
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer())
  await expect.poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('document.body.innerText.includes("开始办理")') as Promise<boolean>), { timeout: 30_000 }).toBe(true)
})
