import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../core/clock/simulated-clock.ts'
import type { MatterPack } from '../core/matter-pack/schema.ts'
import { checkPack } from '../core/matter-pack/check.ts'
import { createCatalogue } from '../electron/services/catalogue/catalogue.ts'
import type { Catalogue, CatalogueDependencies } from '../electron/services/catalogue/catalogue.ts'
import { createRepository } from '../sandbox/repository/repository.ts'
import type { SigningRepository } from '../sandbox/repository/repository.ts'
import { createRepositoryServer } from '../sandbox/repository/server.ts'
import type { RepositoryServer } from '../sandbox/repository/server.ts'
import { loadPackFolder } from '../tools/pack-folder.ts'

const DAY_MS = 86_400_000
const packFolder = fileURLToPath(new URL('../assets/packs/demo-990101', import.meta.url))

let folder: string
let clock: SimulatedClock
let repository: SigningRepository
let server: RepositoryServer
let pack: MatterPack
let opened: Catalogue[]
let sessionOpen: boolean
let logged: { event: string; fields: Readonly<Record<string, unknown>> }[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiosk-catalogue-'))
  // The TUF client looks at the real time for expiry, so the simulated one begins there.
  clock = new SimulatedClock(Date.now())
  repository = await createRepository({ folder: join(folder, 'repository'), clock })
  server = createRepositoryServer({ folder: repository.publicFolder, port: 0 })
  await server.start()
  const checked = checkPack((await loadPackFolder(packFolder)).pack)
  if (!checked.ok) throw new Error('the demonstration pack has faults')
  pack = checked.value
  opened = []
  logged = []
  sessionOpen = false
})

afterEach(async () => {
  for (const catalogue of opened) await catalogue.stop()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

async function terminal(changes: Partial<CatalogueDependencies> = {}): Promise<Catalogue> {
  const catalogue = createCatalogue({
    folder: join(folder, 'terminal'), repositoryUrl: server.url, rootFile: repository.rootFile, region: '990101', clock,
    log: (event, fields) => logged.push({ event, fields }), sessionOpen: () => sessionOpen, refreshSeconds: 300, random: () => 0.5, ...changes,
  })
  opened.push(catalogue)
  await catalogue.start()
  await catalogue.refresh()
  return catalogue
}

const at = (version: string): MatterPack => ({ ...pack, version })
const fault = (name: 'none' | 'offline' | 'tamper' | 'freeze' | 'cut' | 'endless'): Promise<void> => server.command({ type: 'fault', fault: name })

async function publish(version: string, changed: MatterPack = at(version)): Promise<void> {
  const published = await repository.publish(changed)
  if (!published.ok) throw new Error(published.error.code)
}

describe('a terminal and its repository', () => {
  test('takes what is published, and a changed pack later by itself', async () => {
    await publish('1.0.0')
    const catalogue = await terminal()
    expect(catalogue.activePack()?.version).toBe('1.0.0')
    expect(catalogue.state()).toMatchObject({ active: { packId: 'demo-990101', version: '1.0.0', generation: 1 }, staged: undefined, lastCheck: { result: 'new-pack' } })
    await publish('1.1.0')
    const changed = new Promise<void>((resolve) => {
      catalogue.onChange(() => {
        if (catalogue.state().active?.version === '1.1.0') resolve()
      })
    })
    await clock.advance(300_000)
    await changed
    await catalogue.refresh()
    expect(await catalogue.refresh()).toMatchObject({ result: 'up-to-date' })
  })

  test('never puts a pack in force within a session', async () => {
    await publish('1.0.0')
    const catalogue = await terminal()
    sessionOpen = true
    await publish('1.1.0')
    expect(await catalogue.refresh()).toMatchObject({ result: 'new-pack' })
    expect(catalogue.activateIfIdle()).toBe(false)
    expect(catalogue.activePack()?.version).toBe('1.0.0')
    expect(catalogue.state().staged?.version).toBe('1.1.0')
    // Published again while the first one waits: the newest is the one that is put in force.
    await publish('1.2.0')
    await catalogue.refresh()
    expect(catalogue.activePack()?.version).toBe('1.0.0')
    sessionOpen = false
    expect(catalogue.activateIfIdle()).toBe(true)
    expect(catalogue.activePack()?.version).toBe('1.2.0')
    expect(catalogue.activateIfIdle()).toBe(false)
  })

  test('keeps the last good pack when offline, also over a restart', async () => {
    await publish('1.0.0')
    const before = await terminal()
    await before.stop()
    await fault('offline')
    const catalogue = await terminal()
    expect(catalogue.activePack()?.version).toBe('1.0.0')
    expect(catalogue.state().lastCheck?.result).toBe('offline')
    await fault('none')
    expect((await catalogue.refresh()).result).toBe('up-to-date')
  })

  test('a terminal that is switched on offline for the first time has nothing, and takes it when the network comes', async () => {
    await publish('1.0.0')
    await fault('offline')
    const catalogue = await terminal()
    expect(catalogue.activePack()).toBeUndefined()
    await fault('none')
    await catalogue.refresh()
    expect(catalogue.activePack()?.version).toBe('1.0.0')
  })

  test.each([['tamper', { result: 'refused', code: 'tampered' }], ['cut', { result: 'offline' }], ['endless', { result: 'refused', code: 'too-large' }]] as const)('%s: refused, and the last good pack stays', async (name, expected) => {
    await publish('1.0.0')
    const catalogue = await terminal()
    await publish('1.1.0')
    await fault(name)
    expect(await catalogue.refresh()).toMatchObject(expected)
    expect(catalogue.activePack()?.version).toBe('1.0.0')
    await fault('none')
    await catalogue.refresh()
    expect(catalogue.activePack()?.version).toBe('1.1.0')
  })

  test('a pack whose golden case fails is refused though it is signed; the next good one is taken', async () => {
    await publish('1.0.0')
    const catalogue = await terminal()
    const [first, ...rest] = pack.matters
    const golden = first?.golden.map((one, index) => (index === 0 ? { ...one, expect: { ...one.expect, materials: [] } } : one))
    await publish('1.1.0', { ...at('1.1.0'), matters: [{ ...first, golden } as MatterPack['matters'][number], ...rest] })
    expect(await catalogue.refresh()).toMatchObject({ result: 'refused', code: 'golden-failed' })
    const { requests } = server.state()
    expect(await catalogue.refresh()).toMatchObject({ result: 'refused', code: 'golden-failed' })
    expect(server.state().requests - requests).toBeLessThanOrEqual(3)
    expect(catalogue.activePack()?.version).toBe('1.0.0')
    expect(logged.find(({ event }) => event === 'catalogue.refused')?.fields).toEqual({ code: 'golden-failed', path: '/matters/0/golden/0/expect/materials' })
    await publish('1.2.0')
    await catalogue.refresh()
    expect(catalogue.activePack()?.version).toBe('1.2.0')
  })

  test('a pack that breaks its schema, or that is of another region, is refused', async () => {
    await publish('1.0.0')
    const catalogue = await terminal()
    await publish('1.1.0', { ...at('1.1.0'), schemaVersion: 2 } as unknown as MatterPack)
    expect(await catalogue.refresh()).toMatchObject({ result: 'refused', code: 'not-a-pack' })
    const elsewhere = await terminal({ folder: join(folder, 'elsewhere'), region: '990202' })
    expect(elsewhere.state().lastCheck).toMatchObject({ result: 'refused', code: 'nothing-offered' })
  })

  test('a rollback by the publisher is a new generation and is taken', async () => {
    await publish('1.0.0')
    await publish('1.1.0')
    const catalogue = await terminal()
    expect(catalogue.activePack()?.version).toBe('1.1.0')
    expect(await repository.rollback('990101', '1.0.0')).toMatchObject({ ok: true, value: { version: '1.0.0', generation: 3 } })
    await catalogue.refresh()
    expect(catalogue.state().active).toMatchObject({ version: '1.0.0', generation: 3 })
  })

  test('an older repository is refused, also when the local metadata is lost', async () => {
    await publish('1.0.0')
    await cp(repository.publicFolder, join(folder, 'older'), { recursive: true })
    await publish('1.1.0')
    const catalogue = await terminal()
    await rm(repository.publicFolder, { recursive: true })
    await cp(join(folder, 'older'), repository.publicFolder, { recursive: true })
    expect(await catalogue.refresh()).toMatchObject({ result: 'refused', code: 'rolled-back' })
    await rm(join(folder, 'terminal', 'metadata'), { recursive: true })
    expect(await catalogue.refresh()).toMatchObject({ result: 'refused', code: 'rolled-back' })
    expect(catalogue.activePack()?.version).toBe('1.1.0')
  })

  test('a repository signed by other keys is refused', async () => {
    await publish('1.0.0')
    const catalogue = await terminal()
    const stranger = await createRepository({ folder: join(folder, 'stranger'), clock })
    await stranger.publish(at('6.6.6'))
    await stranger.publish(at('6.6.7'))
    await rm(repository.publicFolder, { recursive: true })
    await cp(stranger.publicFolder, repository.publicFolder, { recursive: true })
    expect(await catalogue.refresh()).toMatchObject({ result: 'refused', code: 'bad-signature' })
    expect(catalogue.activePack()?.version).toBe('1.0.0')
  })

  test('an expired repository gives nothing new, but what is active goes on; signing again mends it', async () => {
    const past = new SimulatedClock(Date.now() - 5 * DAY_MS)
    const old = await createRepository({ folder: join(folder, 'past'), clock: past })
    await old.publish(at('1.0.0'))
    const stale = createRepositoryServer({ folder: old.publicFolder, port: 0 })
    await stale.start()
    const catalogue = await terminal({ repositoryUrl: stale.url, rootFile: old.rootFile })
    expect(catalogue.state().lastCheck).toMatchObject({ result: 'refused', code: 'expired' })
    await createRepository({ folder: join(folder, 'past'), clock })
    await catalogue.refresh()
    expect(catalogue.activePack()?.version).toBe('1.0.0')
    await stale.stop()
  })

  test('a frozen repository looks up to date until its signatures expire', async () => {
    await publish('1.0.0')
    const catalogue = await terminal()
    await fault('freeze')
    await publish('1.1.0')
    expect((await catalogue.refresh()).result).toBe('up-to-date')
    await fault('none')
    await catalogue.refresh()
    expect(catalogue.activePack()?.version).toBe('1.1.0')
  })

  test('a clock that went back five years is reported, and nothing new is taken', async () => {
    await publish('1.0.0')
    const catalogue = await terminal()
    await catalogue.stop()
    const broken = await terminal({ clock: new SimulatedClock(clock.now() - 5 * 365 * DAY_MS) })
    expect(broken.state().lastCheck).toMatchObject({ result: 'refused', code: 'clock-behind' })
    expect(broken.activePack()?.version).toBe('1.0.0')
  })

  test.each(['root.json', 'timestamp.json', 'snapshot.json', 'targets.json', 'channels-990101.json'])('half-written %s on the terminal is recovered from', async (name) => {
    await publish('1.0.0')
    const before = await terminal()
    await before.stop()
    const metadata = join(folder, 'terminal', 'metadata')
    const file = join(metadata, await readFile(join(metadata, 'current'), 'utf8'), name)
    const bytes = await readFile(file)
    await writeFile(file, bytes.subarray(0, bytes.length / 2))
    await publish('1.1.0')
    const catalogue = await terminal()
    expect(catalogue.state().lastCheck?.result).toBe('new-pack')
    expect(catalogue.activePack()?.version).toBe('1.1.0')
  })

  test('a pack that was damaged on disk is not used: the one before is, until it is fetched again', async () => {
    await publish('1.0.0')
    const first = await terminal()
    await publish('1.1.0')
    await first.refresh()
    const { sha256 } = first.state().active ?? { sha256: '' }
    await first.stop()
    const file = join(folder, 'terminal', 'packs', `${sha256}.json`)
    await writeFile(file, (await readFile(file, 'utf8')).replace('居住证', '居往证'))
    await fault('offline')
    const catalogue = await terminal()
    expect(catalogue.activePack()?.version).toBe('1.0.0')
    await fault('none')
    await catalogue.refresh()
    expect(catalogue.activePack()?.version).toBe('1.1.0')
  })

  test('keeps one earlier pack on disk and no more, and leaves no half files', async () => {
    await publish('1.0.0')
    const catalogue = await terminal()
    for (const version of ['1.1.0', '1.2.0', '1.3.0']) {
      await publish(version)
      await catalogue.refresh()
    }
    await catalogue.stop()
    expect(await readdir(join(folder, 'terminal', 'packs'))).toHaveLength(2)
    const left = await readdir(join(folder, 'terminal', 'metadata'))
    expect(left.filter((name) => name.endsWith('.part'))).toEqual([])
    expect(left.length).toBeLessThanOrEqual(3)
  })

  test('a check that finds nothing new asks for two small files and writes nothing', async () => {
    await publish('1.0.0')
    const catalogue = await terminal()
    await catalogue.refresh()
    const records = await readFile(join(folder, 'terminal', 'catalogue.json'), 'utf8')
    const { requests } = server.state()
    await catalogue.refresh()
    // The next root (not there), the timestamp, and the channel.
    expect(server.state().requests - requests).toBe(3)
    expect(await readFile(join(folder, 'terminal', 'catalogue.json'), 'utf8')).toBe(records)
  })

  test('a stopped catalogue leaves no timer', async () => {
    await publish('1.0.0')
    const catalogue = await terminal()
    await catalogue.stop()
    await clock.advance(0)
    expect(clock.pending).toBe(0)
  })
})
