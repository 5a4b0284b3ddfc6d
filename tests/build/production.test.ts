import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import { build } from 'vite'
import type { Rolldown } from 'vite'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { sandboxConfig } from '../../core/config/sandbox-config.ts'
import { DEFAULT_ENGINE_SETTINGS } from '../../core/document/engine-settings.ts'
import type { KioskContract } from '../../core/kiosk-api/contract.ts'
import { systemClock } from '../../drivers/device-host/system-clock.ts'
import type { FromPageHost } from '../../electron/page-host/messages.ts'
import { openDatabase } from '../../electron/services/database/database.ts'
import { PAGE_POLICY } from '../../electron/services/page-policy.ts'
import { prepareShell } from '../../electron/shell/app.ts'
import { CHANNELS } from '../../electron/shell/channels.ts'
import { DoubleUtility, ElectronDouble } from '../../electron/shell/testing/electron-double.ts'
import { EXTERNAL } from '../../electron/shell/vite.config.ts'
import { loadDemonstrationPages } from '../../sandbox/devices/scanner/pages.ts'
import { VirtualScanner } from '../../sandbox/devices/scanner/virtual-scanner.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** Inside the checkout, so that packages which stay outside of the bundles are found as in an installation. */
const OUT_PARENT = join(ROOT, 'out', 'test')
let out: string
const outputs = new Map<string, Rolldown.OutputChunk[]>()

async function buildInto(name: string, configFile: string, mode: string, folder: string): Promise<void> {
  const result = await build({ configFile: join(ROOT, configFile), mode, logLevel: 'error', build: { outDir: join(out, folder) } })
  const results = (Array.isArray(result) ? result : [result]) as Rolldown.RolldownOutput[]
  outputs.set(name, results.flatMap(({ output }) => output).filter((part) => part.type === 'chunk'))
}

beforeAll(async () => {
  mkdirSync(OUT_PARENT, { recursive: true })
  out = mkdtempSync(join(OUT_PARENT, 'build-'))
  vi.stubEnv('NODE_ENV', 'production')
  await buildInto('page', 'vite.config.ts', 'production', 'dist/page')
  await buildInto('shell', 'electron/shell/vite.config.ts', 'shell', 'dist/shell')
  await buildInto('preload', 'electron/shell/vite.config.ts', 'preload', 'dist/shell')
  await buildInto('page-host', 'electron/shell/vite.config.ts', 'page-host', 'dist/page-host')
  vi.unstubAllEnvs()
}, 120_000)
afterAll(() => rmSync(out, { recursive: true, force: true }))

const PROGRAMS = ['page', 'shell', 'preload', 'page-host']
const chunksOf = (program: string): Rolldown.OutputChunk[] => outputs.get(program) ?? []
/** Files that a program was made of, relative to the checkout; what tools made up themselves (`\0…`) left out. */
const modulesOf = (program: string): string[] => chunksOf(program).flatMap(({ moduleIds }) => moduleIds).filter((id) => !/^(?:\0|rolldown|__vite-)/.test(id)).map((id) => relative(ROOT, id.split('?')[0] ?? id))
const packageOf = (module: string): string | undefined => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(module)?.[1]
const placeOf = (module: string): string | undefined => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(module)?.[1]

describe('what ships', () => {
  it.each([
    ['page', /^(?:core|renderer|assets)\//],
    ['shell', /^(?:core|drivers|electron\/(?:services|shell|document-worker))\//],
    ['preload', /^electron\/shell\/(?:channels|preload|preload-bridge)\.ts$/],
    ['page-host', /^(?:core|drivers|electron\/(?:services|page-host|document-worker))\//],
  ])('%s is made of its own rooms: nothing of the sandbox, the bench, the tools or the tests', (program, rooms) => {
    const own = modulesOf(program).filter((module) => !module.includes('node_modules/'))
    expect(own.length).toBeGreaterThan(2)
    expect(own.filter((module) => !rooms.test(module) || /^renderer\/preview\/|\.test\.ts$|\.test-data\.ts$|\/testing\/|[Dd]emo\.(?:ts|vue)$/.test(module))).toEqual([])
  })

  it.each(PROGRAMS)('%s uses packages that are installed in production only', (program) => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as { packages: Record<string, { dev?: boolean }> }
    // The place, not the name: a package may have another version of its own beside the one that tools use.
    const used = new Set(modulesOf(program).flatMap((module) => placeOf(module) ?? []))
    expect(used.size > 0 || program === 'preload').toBe(true)
    expect([...used].filter((place) => packages[place] === undefined || packages[place].dev === true)).toEqual([])
  })

  it.each(['shell', 'page-host'])('%s leaves outside only what must be', (program) => {
    const names = chunksOf(program).flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports]).filter((name) => !isBuiltin(name) && !/\.js$/.test(name))
    expect(names.filter((name) => !EXTERNAL.some((external) => name === external || name.startsWith(`${external}/`)))).toEqual([])
  })

  it('the preload is one CommonJS file that needs Electron and nothing else', () => {
    const [chunk, ...more] = chunksOf('preload')
    expect([more, chunk?.fileName]).toEqual([[], 'preload.cjs'])
    expect([...(chunk?.code.matchAll(/require\(["'](.*?)["']\)/g) ?? [])].map((found) => found[1])).toEqual(['electron'])
    expect(chunk?.code).not.toMatch(/^\s*(?:import|export)\s/m)
    expect(chunk?.code).not.toContain('contextBridge')
  })

  it('the page, like everything else, carries no name of the sandbox, its bench or its enrolment code', () => {
    for (const program of PROGRAMS) for (const { code } of chunksOf(program)) expect(code).not.toMatch(/DEMO-ENROL-990101|VirtualReceiptPrinter|createVirtualCardReader|startBenchServer/)
  })

  /**
   * Code from text, which the page's policy forbids. Each of these packages carries it on a way that is not taken: lodash and
   * simple-keyboard only where there is no `globalThis`; Ajv only when a schema is compiled, and the page has an interpreting validator; zod asks
   * once whether it may, is refused, and interprets. The end-to-end tests run under the policy and accept no error.
   */
  const CARRIERS = ['ajv', 'lodash', 'simple-keyboard', 'zod']
  it('the page makes no code from text, but for known packages that do not get that far', () => {
    const carriers = chunksOf('page').flatMap(({ modules }) => Object.entries(modules)).filter(([, { code }]) => /(?:^|[^\w.$])(?:eval|Function)\s*\(|new Function\b/m.test((code ?? '').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replace(/(["'])(?:\\.|(?!\1)[^\\\n])*\1/g, '""'))).map(([id]) => relative(ROOT, id))
    expect(carriers.filter((id) => !CARRIERS.includes(packageOf(id) ?? ''))).toEqual([])
  })

  it('the page has no script and no style in its HTML, and no address but its own files', () => {
    const html = readFileSync(join(out, 'dist/page/index.html'), 'utf8')
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/)
    for (const [, address] of html.matchAll(/(?:src|href)="([^"]*)"/g)) expect(address).toMatch(/^\.\/assets\/|^data:,$/)
  })
})

/** A built child of the kiosk process, under plain Node. */
function childOf(entry: string): { readonly child: ChildProcess; readonly message: (matches: (message: { kind?: string; type?: string }) => boolean) => Promise<object> } {
  const child = fork(join(out, entry), [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  return {
    child,
    message: (matches) => new Promise((resolve, reject) => {
      child.on('message', (message: { kind?: string; type?: string }) => {
        if (matches(message)) resolve(message)
      })
      child.once('exit', (code) => reject(new Error(`${entry} ended with ${code}`)))
    }),
  }
}
const ended = (child: ChildProcess): Promise<void> => new Promise((resolve) => (child.exitCode !== null || child.signalCode !== null ? resolve() : child.once('exit', () => resolve())))

describe('the built programs', () => {
  it('document worker: opens its engine', async () => {
    const { child, message } = childOf('dist/shell/document-worker.js')
    child.send({ kind: 'open', settings: DEFAULT_ENGINE_SETTINGS })
    expect(await message(({ kind }) => kind !== undefined)).toEqual({ kind: 'ready', engine: 'paddle-native', passedOver: [] })
    child.kill('SIGKILL')
    await ended(child)
  })

  it('database worker: keeps a row', async () => {
    const opened = await openDatabase({ file: join(out, 'test.db'), migrations: ['CREATE TABLE t (a INTEGER) STRICT'], workerUrl: pathToFileURL(join(out, 'dist/shell/database-worker.js')) })
    if (!opened.ok) throw new Error(opened.error.detail)
    await opened.value.run('INSERT INTO t VALUES (?)', 7)
    expect(await opened.value.one('SELECT a FROM t')).toEqual({ a: 7 })
    await opened.value.close()
  })

  it.each(['shell', 'page-host'])('device host of %s: scans a page, decoded in the thread that was built with it', async (program) => {
    const scanner = new VirtualScanner({ pages: loadDemonstrationPages() })
    await scanner.start()
    const { child, message } = childOf(`dist/${program}/device-host.js`)
    try {
      await message(({ type }) => type === 'ready')
      const done = message(({ type }) => type === 'result')
      const device = { id: 'scanner', class: 'document-scanner', address: { kind: 'escl', url: scanner.url } }
      child.send({ type: 'configure', devices: [device] })
      child.send({ type: 'call', callId: 1, device: 'scanner', operation: { kind: 'scan-page', source: 'platen' } })
      expect(await done).toMatchObject({ result: { kind: 'scan-page', result: { ok: true, value: { mime: 'image/jpeg', widthPx: 1654, heightPx: 2340, dpi: 200 } } } })
    } finally {
      child.kill('SIGKILL')
      await ended(child)
      await scanner.stop()
    }
  })

  const configFile = (name: string): string => {
    const file = join(out, `${name}.json`)
    const dead = { reader: 9, printer: 10, pagePrinter: 11, codeScanner: 12, scanner: 13, backend: 14, repository: 15 }
    writeFileSync(join(out, 'root.json'), '{}')
    writeFileSync(file, JSON.stringify(sandboxConfig({ dataFolder: join(out, `${name}-data`), rootFile: join(out, 'root.json'), ports: dead })))
    return file
  }

  it('page host: starts a whole terminal with its children and serves the page', async () => {
    mkdirSync(join(out, 'assets', 'ocr'), { recursive: true })
    cpSync(join(ROOT, 'assets/ocr/kinds'), join(out, 'assets/ocr/kinds'), { recursive: true })
    const child = fork(join(out, 'dist/page-host/main.js'), ['--config', configFile('page-host')], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const lines: string[] = []
    const url = await new Promise<string>((resolve, reject) => {
      child.on('message', (message: FromPageHost) => {
        if (message.type === 'address') resolve(message.url)
        if (message.type === 'refused') reject(new Error(message.sentence))
        if (message.type === 'log') lines.push(message.line)
      })
      child.once('exit', (code) => reject(new Error(`ended with ${code}`)))
    })
    const first = await fetch(url, { redirect: 'manual' })
    const page = await fetch(new URL('/', url), { headers: { cookie: first.headers.get('set-cookie')?.split(';')[0] ?? '' } })
    expect([page.status, page.headers.get('content-security-policy')]).toEqual([200, PAGE_POLICY['content-security-policy']])
    expect(lines.some((line) => line.includes('"device-host.up"') || line.includes('"app.ready"'))).toBe(true)
    child.kill('SIGTERM')
    await ended(child)
    expect(child.exitCode).toBe(0)
  })

  it('shell: real services and built children on a double of Electron; a snapshot arrives over the port', async () => {
    const electron = new ElectronDouble()
    const api = electron.api()
    const children: ChildProcess[] = []
    const said: string[] = []
    const shell = await prepareShell({
      electron: { ...api, utilityProcess: { fork: (path) => forkedUtility(path, children) as never } },
      clock: systemClock, args: ['--config', configFile('shell')], environment: {}, userId: 1000, software: 'one-window-kiosk/test', say: (line) => void said.push(line),
      places: {
        page: join(out, 'dist/page'), preload: join(out, 'dist/shell/preload.cjs'), deviceHost: join(out, 'dist/shell/device-host.js'), documentWorker: join(out, 'dist/shell/document-worker.js'),
        databaseWorker: pathToFileURL(join(out, 'dist/shell/database-worker.js')), pinWorker: pathToFileURL(join(out, 'dist/shell/pin-worker.js')), assets: pathToFileURL(join(ROOT, 'assets/')),
      },
    })
    expect(said).toEqual([])
    electron.app.becomeReady()
    await shell?.run()

    const handler = electron.sessions.get('kiosk')?.protocolHandlers.get('kiosk')
    const index = await handler?.({ method: 'GET', url: 'kiosk://app/' } as Request)
    expect([index?.status, await index?.text()]).toEqual([200, expect.stringContaining('./assets/')])

    electron.ipc(CHANNELS.pageReady)
    const port = electron.window.webContents.mainFrame.posted[0]?.ports[0]
    if (port === undefined) throw new Error('no port')
    port.start()
    const client = createORPCClient<ContractRouterClient<KioskContract>>(new RPCLink({ port }))
    const stream = await client.snapshots()
    // The device host is built code in a process of its own: it has come up when its devices have a state that is not the first.
    for await (const snapshot of stream) {
      expect(snapshot.terminal.id).toBe('DEMO-990101-0001')
      if (snapshot.terminal.devices.length > 0 && snapshot.terminal.devices.every(({ status }) => status.state !== 'starting')) break
    }
    electron.app.quit()
    await electron.app.exited
    await Promise.all(children.map(ended))
    expect([electron.app.exits, existsSync(join(out, 'shell-data', 'kiosk.lock')), electron.window.destroyed]).toEqual([[0], false, true])
    expect(readdirSync(join(out, 'shell-data', 'log')).length).toBeGreaterThan(0)
  })

  it('main process: the built file runs as Electron would run it, and a production build without configuration refuses', async () => {
    const double = join(out, 'electron-for-main.mjs')
    writeFileSync(double, `
      const nothing = {}
      export const app = { isPackaged: true, exit: (code) => process.exit(code), commandLine: { hasSwitch: () => false } }
      export { nothing as clipboard, nothing as crashReporter, nothing as ipcMain, nothing as Menu, nothing as powerSaveBlocker, nothing as protocol, nothing as session, nothing as utilityProcess }
      export class BrowserWindow {}
      export class MessageChannelMain {}`)
    const hooks = join(out, 'hooks.mjs')
    writeFileSync(hooks, `import { registerHooks } from 'node:module'
      process.resourcesPath = ${JSON.stringify(out)}
      registerHooks({ resolve: (name, context, next) => (name === 'electron' ? { url: ${JSON.stringify(pathToFileURL(double).href)}, shortCircuit: true } : next(name, context)) })`)
    const child = fork(join(out, 'dist/shell/main.js'), [], { execArgv: ['--import', pathToFileURL(hooks).href], stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env: { PATH: process.env.PATH } })
    let words = ''
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (words += chunk))
    await ended(child)
    expect([child.exitCode, words]).toEqual([2, expect.stringContaining('production build needs')])
  })
})

/** Electron's utility process on top of Node's `fork`: the same messages in the same wrapping. */
function forkedUtility(path: string, children: ChildProcess[]): DoubleUtility {
  const child = fork(path, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  children.push(child)
  const utility = new DoubleUtility()
  utility.pid = child.pid
  utility.postMessage = (message) => void (child.connected && child.send(message as object, () => undefined))
  utility.kill = () => child.kill()
  child.on('message', (message) => utility.emit('message', message))
  child.once('exit', (code) => utility.emit('exit', code ?? 1))
  return utility
}
