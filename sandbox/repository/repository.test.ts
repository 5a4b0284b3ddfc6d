import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { MatterPack } from '../../core/matter-pack/schema.ts'
import { createRepository } from './repository.ts'
import { createRepositoryServer } from './server.ts'

const DAY_MS = 86_400_000
const pack = (version: string, name = '演示'): MatterPack => ({ schemaVersion: 1, id: 'demo-990101', region: '990101', version, name: { 'zh-CN': name, en: 'Demonstration' } }) as unknown as MatterPack

let folder: string
const clock = new SimulatedClock()
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiosk-repository-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function metadata(name: string): Promise<{ signatures: unknown[]; signed: Record<string, unknown> & { version: number; expires: string } }> {
  return JSON.parse(await readFile(join(folder, 'public', 'metadata', name), 'utf8')) as never
}

describe('the signing repository', () => {
  test('is founded with the thresholds of production, and its keys are for their owner only', async () => {
    await createRepository({ folder, clock })
    const root = await metadata('1.root.json')
    expect(root.signed['roles']).toMatchObject({ root: { threshold: 3 }, targets: { threshold: 2 }, snapshot: { threshold: 1 }, timestamp: { threshold: 1 } })
    expect(root.signatures).toHaveLength(5)
    expect((await stat(join(folder, 'keys.json'))).mode & 0o777).toBe(0o600)
    expect(await readFile(join(folder, 'root.json'), 'utf8')).toBe(await readFile(join(folder, 'public', 'metadata', '1.root.json'), 'utf8'))
  })

  test('is opened again with the same keys and goes on counting', async () => {
    await (await createRepository({ folder, clock })).publish(pack('1.0.0'))
    const again = await createRepository({ folder, clock })
    expect(await again.publish(pack('1.1.0'))).toMatchObject({ ok: true, value: { generation: 2 } })
    expect(await again.channel('990101')).toMatchObject({ generation: 2, version: '1.1.0' })
    expect((await metadata('timestamp.json')).signed.version).toBe(3)
    expect(await readdir(join(folder, 'public', 'metadata'))).toEqual(expect.arrayContaining(['1.root.json', '1.matter-990101.json', '2.matter-990101.json', '2.channels-990101.json', '3.snapshot.json', '2.targets.json']))
  })

  test('never changes a version that is out, and says so', async () => {
    const repository = await createRepository({ folder, clock })
    await repository.publish(pack('1.0.0'))
    expect(await repository.publish(pack('1.0.0', '改了'))).toEqual({ ok: false, error: { code: 'same-version-other-content', version: '1.0.0' } })
    expect(await repository.publish(pack('1.0.0'))).toEqual({ ok: false, error: { code: 'already-published', version: '1.0.0', generation: 1 } })
    await repository.publish(pack('1.1.0'))
    // The same content of an older version is offered again as a new generation.
    expect(await repository.publish(pack('1.0.0'))).toMatchObject({ ok: true, value: { generation: 3, version: '1.0.0' } })
  })

  test('keeps every region’s roles in the snapshot for ever', async () => {
    const repository = await createRepository({ folder, clock })
    await repository.publish(pack('1.0.0'))
    await repository.publish({ ...pack('1.0.0'), region: '990202' })
    expect(Object.keys((await metadata('3.snapshot.json')).signed['meta'] as object).sort()).toEqual(['channels-990101.json', 'channels-990202.json', 'matter-990101.json', 'matter-990202.json', 'targets.json'])
  })

  test('signs anew what is near its end when it is opened, and only that', async () => {
    const own = new SimulatedClock()
    await (await createRepository({ folder, clock: own })).publish(pack('1.0.0'))
    await own.advance(DAY_MS)
    await createRepository({ folder, clock: own })
    expect((await metadata('timestamp.json')).signed.version).toBe(2)
    await own.advance(DAY_MS)
    await createRepository({ folder, clock: own })
    expect((await metadata('timestamp.json')).signed.version).toBe(3)
    await own.advance(30 * DAY_MS)
    await createRepository({ folder, clock: own })
    const channel = await metadata('2.channels-990101.json')
    expect(Date.parse(channel.signed.expires)).toBeGreaterThan(own.now() + 6 * DAY_MS)
    expect(await readdir(join(folder, 'public', 'metadata'))).not.toContain('2.matter-990101.json')
  })

  test('publishes one after the other when asked at the same time, and takes over a lock whose owner is gone', async () => {
    await writeFile(join(folder, 'publishing.lock'), '999999999')
    const repository = await createRepository({ folder, clock })
    const results = await Promise.all(['1.0.0', '1.1.0', '1.2.0'].map((version) => repository.publish(pack(version))))
    expect(results.map((result) => result.ok && result.value.generation).sort()).toEqual([1, 2, 3])
  })
})

test('the server gives metadata and targets and nothing else', async () => {
  const repository = await createRepository({ folder, clock })
  await repository.publish(pack('1.0.0'))
  const server = createRepositoryServer({ folder: repository.publicFolder, port: 0 })
  await server.start()
  const status = async (path: string): Promise<number> => (await fetch(`${server.url}${path}`)).status
  expect(await status('/metadata/timestamp.json')).toBe(200)
  for (const path of ['/keys.json', '/metadata/..%2f..%2fkeys.json', '/metadata/../../keys.json', '/targets/', '/', '/metadata/9.root.json', '/metadata/%00.json']) expect(await status(path)).toBe(404)
  await server.command({ type: 'fault', fault: 'offline' })
  await expect(fetch(`${server.url}/metadata/timestamp.json`)).rejects.toThrow()
  await server.stop()
})
