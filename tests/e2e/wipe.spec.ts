import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { Citizen } from './citizen.ts'
import { expect, test } from './kiosk.ts'
import { Looker } from './looking.ts'
import { publishPack, rollBackPack } from './packs.ts'

/** Everything that the terminal has written: its data folder, and what lies in the system's folder for temporary files. */
async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

function forms(words: string): readonly Buffer[] {
  return [Buffer.from(words, 'utf8'), Buffer.from(words, 'utf16le'), Buffer.from(Buffer.from(words, 'utf8').toString('base64'))]
}

async function finds(files: readonly string[], words: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const file of files) {
    const content = await readFile(file).catch(() => Buffer.alloc(0))
    for (const word of words) if (forms(word).some((form) => content.includes(form))) found.push(`${word} in ${file}`)
  }
  return found
}

/** A minute and a half is what a citizen is given; here it is less than a minute, by the pack of this world. */
test.use({ world: 'wipe', patience: { warnAfterS: 10, endAfterWarningS: 40 } })

test('nobody touches the screen: everything is wiped, and nothing of the citizen can be found anywhere', async ({ kiosk, page }) => {
  const citizen = new Citizen(page)
  const looker = new Looker(page, 'idle')
  const canary = { name: '林晓雯', number: '990101198512200047', typed: '柳絮巷九十九号暗门' }
  await citizen.begin('M05')
  await citizen.answerAll({ kind: 'apply', halfYear: 'yes', basis: 'work', who: 'self' })
  await citizen.next()
  await kiosk.lay('lin-xiaowen')
  await citizen.sees('consent')
  await citizen.next()
  await citizen.sees('form')
  await expect(citizen.field('applicantName')).toContainText(canary.name)
  await citizen.type('livingAddress', canary.typed)
  // The search below can find what is there: it does, while the citizen is still here.
  expect(await heapOf(page)).toContain(canary.number)
  // A warning first, which one touch ends.
  const warning = page.locator('[data-idle-warning]')
  await expect(warning).toBeVisible({ timeout: 60_000 })
  await looker.look('warning')
  await warning.locator('[data-action="stay"]').click()
  await expect(warning).toBeHidden()
  expect(looker.faults).toEqual([])
  await citizen.sees('idle', 60_000)

  const words = Object.values(canary)
  // The page: its document, its storage, and its whole heap after garbage collection.
  expect(await page.evaluate(() => document.documentElement.outerHTML + JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toMatch(new RegExp(words.join('|')))
  const heap = await heapOf(page)
  expect(words.filter((word) => heap.includes(JSON.stringify(word).slice(1, -1)) || heap.includes(escaped(word)))).toEqual([])
  // The terminal's data folder with databases and logs, and temporary files.
  expect(await finds(await filesOf(kiosk.dataFolder), words)).toEqual([])
  expect(await finds(await filesOf(kiosk.temporaryFolder), words)).toEqual([])
})

test('a pack is changed within a session: it waits; after it the new one is in force; the older one comes back; a tampered one is refused', async ({ kiosk, page }) => {
  const citizen = new Citizen(page)
  const versionShown = (): Promise<string | undefined> => kiosk.packInForce()
  await publishPack(kiosk.repository, (header) => {
    header.version = '1.0.2'
  })
  await expect.poll(versionShown, { timeout: 60_000 }).toBe('1.0.2')

  await citizen.begin('M12')
  await publishPack(kiosk.repository, (header) => {
    header.version = '1.1.0'
  })
  // Some looks of the kiosk at the repository later the session still has its pack.
  const looks = (await kiosk.state()).things.repository.requests
  await expect.poll(async () => (await kiosk.state()).things.repository.requests, { timeout: 60_000 }).toBeGreaterThan(looks + 3)
  expect(await versionShown()).toBe('1.0.2')
  await citizen.leave()
  await expect.poll(versionShown, { timeout: 60_000 }).toBe('1.1.0')

  rollBackPack(kiosk.repository, '1.0.2')
  await expect.poll(versionShown, { timeout: 60_000 }).toBe('1.0.2')

  await kiosk.tell('repository', { type: 'fault', fault: 'tamper' })
  await publishPack(kiosk.repository, (header) => {
    header.version = '1.2.0'
  })
  await expect.poll(async () => (await finds(await filesOf(join(kiosk.dataFolder, 'log')), ['catalogue.refused'])).length, { timeout: 60_000 }).toBeGreaterThan(0)
  expect(await versionShown()).toBe('1.0.2')
  await kiosk.tell('repository', { type: 'fault', fault: 'none' })
})

async function heapOf(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page)
  const chunks: string[] = []
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk))
  await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  await session.detach()
  return chunks.join('')
}

/** Heap snapshots write other scripts as \uXXXX. */
function escaped(words: string): string {
  return [...words].map((character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`).join('')
}
