import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Metadata, MetadataKind } from '@tufjs/models'
import { z } from 'zod'
import type { Clock } from '../../core/clock/clock.ts'
import { channelSchema } from '../../core/matter-pack/channel.ts'
import type { Channel } from '../../core/matter-pack/channel.ts'
import type { MatterPack } from '../../core/matter-pack/schema.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import { withLock, writeWhole } from './files.ts'
import { KeyRing, ROLE_KEYS, signed } from './keys.ts'
import type { SigningKey } from './keys.ts'

/** How long each role's metadata is good for (facts on fleet, 2.1), in days. */
const LIFETIME_DAYS = { root: 730, targets: 270, matter: 90, channels: 7, snapshot: 7, timestamp: 3 } as const
const DAY_MS = 86_400_000
const SPEC_VERSION = '1.0.31'
const CHANNEL = 'stable'

export interface Published {
  readonly region: string
  readonly version: string
  readonly generation: number
  /** Path of the pack among the targets. */
  readonly path: string
  readonly sha256: string
}

export type PublishError =
  /** The version is out already with other content; give the changed pack a higher version. */
  | { readonly code: 'same-version-other-content'; readonly version: string }
  /** This very pack is what the channel offers now. */
  | { readonly code: 'already-published'; readonly version: string; readonly generation: number }
  /** No pack of that version was ever published for the region. */
  | { readonly code: 'no-such-version'; readonly version: string; readonly known: readonly string[] }

export interface SigningRepository {
  /** What is served: `metadata/` and `targets/`. */
  readonly publicFolder: string
  /** The root of trust to deliver terminals with: `root.json` beside the public folder. */
  readonly rootFile: string
  publish(pack: MatterPack): Promise<Result<Published, PublishError>>
  /** Offers an older release again, as a new generation: version numbers of metadata never go down. */
  rollback(region: string, version: string): Promise<Result<Published, PublishError>>
  /** Signs anew what expires within half of its lifetime. */
  renew(): Promise<void>
  channel(region: string): Promise<Channel | undefined>
}

interface TargetEntry { readonly length: number; readonly hashes: { readonly sha256: string } }

const roleFileSchema = z.object({ signed: z.looseObject({ version: z.int(), expires: z.string() }) })
type Signed = z.infer<typeof roleFileSchema>['signed']

/** Opens the sandbox's repository, makes it on first use, and renews what is near its end. */
export async function createRepository(given: { readonly folder: string; readonly clock: Clock }): Promise<SigningRepository> {
  const { folder, clock } = given
  const publicFolder = join(folder, 'public')
  const lock = join(folder, 'publishing.lock')
  const metadata = (name: string): string => join(publicFolder, 'metadata', name)
  const rootFile = join(folder, 'root.json')
  const expires = (days: number): string => new Date(Math.floor((clock.now() + days * DAY_MS) / 1000) * 1000).toISOString().replace('.000Z', 'Z')

  async function readSigned(name: string): Promise<Signed | undefined> {
    const content = await readFile(metadata(name), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    return content === undefined ? undefined : roleFileSchema.parse(JSON.parse(content)).signed
  }

  async function present(): Promise<State> {
    const timestamp = await readSigned('timestamp.json')
    if (timestamp === undefined) return { timestamp: undefined, snapshot: undefined, roles: new Map() }
    const snapshotVersion = z.object({ 'snapshot.json': z.object({ version: z.int() }) }).parse(timestamp['meta'])['snapshot.json'].version
    const snapshot = await readSigned(`${snapshotVersion}.snapshot.json`)
    const meta = z.record(z.string(), z.object({ version: z.int() })).parse(snapshot?.['meta'])
    const roles = new Map<string, Signed>()
    for (const [file, { version }] of Object.entries(meta)) {
      const role = await readSigned(`${version}.${file}`)
      if (role) roles.set(file.replace(/\.json$/, ''), role)
    }
    return { timestamp, snapshot, roles }
  }

  /** Writes what changed in the order that makes the last step the commit: targets, roles, snapshot, timestamp. */
  async function commit(state: State, changed: ReadonlyMap<string, Signed>, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    const keys = await KeyRing.open(join(folder, 'keys.json'))
    const roles = new Map([...state.roles, ...changed])
    const targets = roles.get('targets')
    for (const [path, bytes] of files) await writeWhole(join(publicFolder, 'targets', path), bytes)
    for (const [name, part] of changed) {
      const document = signed(part, await keys.of(name, name === 'targets' ? ROLE_KEYS.targets.keys : ROLE_KEYS.delegated.keys))
      if (name !== 'targets' && targets) prove(targets, name, document)
      await writeWhole(metadata(`${part.version}.${name}.json`), asJson(document))
    }
    const snapshotVersion = (state.snapshot?.version ?? 0) + 1
    // A role is never taken out of the snapshot: a client that knew it would refuse every later snapshot.
    const snapshot = { _type: 'snapshot', spec_version: SPEC_VERSION, version: snapshotVersion, expires: expires(LIFETIME_DAYS.snapshot), meta: Object.fromEntries([...roles].map(([name, part]) => [`${name}.json`, { version: part.version }])) }
    const snapshotBytes = asJson(signed(snapshot, await keys.of('snapshot', 1)))
    await writeWhole(metadata(`${snapshotVersion}.snapshot.json`), snapshotBytes)
    const timestamp = { _type: 'timestamp', spec_version: SPEC_VERSION, version: (state.timestamp?.version ?? 0) + 1, expires: expires(LIFETIME_DAYS.timestamp), meta: { 'snapshot.json': { version: snapshotVersion, length: Buffer.byteLength(snapshotBytes), hashes: { sha256: sha256(snapshotBytes) } } } }
    await writeWhole(metadata('timestamp.json'), asJson(signed(timestamp, await keys.of('timestamp', 1))))
  }

  async function found(): Promise<void> {
    const keys = await KeyRing.open(join(folder, 'keys.json'))
    const roles: Record<string, { keyids: string[]; threshold: number }> = {}
    const all: SigningKey[] = []
    for (const name of ['root', 'targets', 'snapshot', 'timestamp'] as const) {
      const own = await keys.of(name, ROLE_KEYS[name].keys)
      roles[name] = { keyids: own.map(({ id }) => id), threshold: ROLE_KEYS[name].threshold }
      all.push(...own)
    }
    const root = { _type: 'root', spec_version: SPEC_VERSION, version: 1, expires: expires(LIFETIME_DAYS.root), consistent_snapshot: true, keys: keyTable(all), roles }
    const document = asJson(signed(root, await keys.of('root', ROLE_KEYS.root.keys)))
    await writeWhole(metadata('1.root.json'), document)
    await writeWhole(rootFile, document)
    await commit({ timestamp: undefined, snapshot: undefined, roles: new Map() }, new Map([['targets', targetsPart(1, expires(LIFETIME_DAYS.targets), {}, { keys: {}, roles: [] })]]), new Map())
  }

  /** A region's own roles: releases under `matter/<region>/`, and what the channel offers under `channels/<region>/`. */
  async function withRegion(state: State, region: string): Promise<Map<string, Signed>> {
    const changed = new Map<string, Signed>()
    const names = [`matter-${region}`, `channels-${region}`] as const
    if (names.every((name) => state.roles.has(name))) return changed
    const keys = await KeyRing.open(join(folder, 'keys.json'))
    const targets = state.roles.get('targets')
    const before = delegationsSchema.parse(targets?.['delegations'] ?? { keys: {}, roles: [] })
    const delegations = { keys: { ...before.keys }, roles: [...before.roles] }
    for (const [index, name] of names.entries()) {
      const own = await keys.of(name, ROLE_KEYS.delegated.keys)
      Object.assign(delegations.keys, keyTable(own))
      delegations.roles.push({ name, keyids: own.map(({ id }) => id), threshold: ROLE_KEYS.delegated.threshold, terminating: true, paths: [`${index === 0 ? 'matter' : 'channels'}/${region}/*`] })
      changed.set(name, targetsPart(0, expires(LIFETIME_DAYS.matter), {}))
    }
    changed.set('targets', targetsPart((targets?.version ?? 0) + 1, expires(LIFETIME_DAYS.targets), {}, delegations))
    return changed
  }

  async function readChannel(state: State, region: string): Promise<Channel | undefined> {
    const path = `channels/${region}/${CHANNEL}.json`
    const entry = targetsOf(state.roles.get(`channels-${region}`))[path]
    if (entry === undefined) return undefined
    return channelSchema.parse(JSON.parse(await readFile(join(publicFolder, 'targets', hashedPath(path, entry.hashes.sha256)), 'utf8')))
  }

  /** Points the channel at a release that is among the region's targets, as the next generation. */
  async function offer(state: State, region: string, release: Omit<Published, 'region' | 'generation'>, added: ReadonlyMap<string, Uint8Array>): Promise<Published> {
    const generation = ((await readChannel(state, region))?.generation ?? 0) + 1
    const changed = await withRegion(state, region)
    const newest = (name: string): Signed | undefined => changed.get(name) ?? state.roles.get(name)
    const files = new Map<string, Uint8Array>()
    const [matterRole, channelRole] = [`matter-${region}`, `channels-${region}`]
    if (added.size > 0 || changed.has(matterRole)) {
      const entries = { ...targetsOf(newest(matterRole)) }
      for (const [path, bytes] of added) {
        entries[path] = targetEntry(bytes)
        files.set(hashedPath(path, sha256(bytes)), bytes)
      }
      changed.set(matterRole, targetsPart((newest(matterRole)?.version ?? 0) + 1, expires(LIFETIME_DAYS.matter), entries))
    }
    const channel: Channel = { generation, pack: release.path, version: release.version, sha256: release.sha256 }
    const channelBytes = Buffer.from(`${JSON.stringify(channel, null, 2)}\n`)
    const channelPath = `channels/${region}/${CHANNEL}.json`
    files.set(hashedPath(channelPath, sha256(channelBytes)), channelBytes)
    changed.set(channelRole, targetsPart((newest(channelRole)?.version ?? 0) + 1, expires(LIFETIME_DAYS.channels), { [channelPath]: targetEntry(channelBytes) }))
    await commit(state, changed, files)
    return { region, generation, ...release }
  }

  async function renew(): Promise<void> {
    const state = await present()
    const changed = new Map<string, Signed>()
    for (const [name, part] of state.roles) {
      const days = name === 'targets' ? LIFETIME_DAYS.targets : name.startsWith('channels-') ? LIFETIME_DAYS.channels : LIFETIME_DAYS.matter
      if (Date.parse(part.expires) - clock.now() < (days * DAY_MS) / 2) changed.set(name, { ...part, version: part.version + 1, expires: expires(days) })
    }
    const short = [[state.snapshot, LIFETIME_DAYS.snapshot], [state.timestamp, LIFETIME_DAYS.timestamp]] as const
    if (changed.size > 0 || short.some(([part, days]) => part === undefined || Date.parse(part.expires) - clock.now() < (days * DAY_MS) / 2)) await commit(state, changed, new Map())
  }

  await withLock(lock, async () => {
    if ((await readSigned('1.root.json')) === undefined || (await readSigned('timestamp.json')) === undefined) await found()
    else await renew()
  })

  return {
    publicFolder,
    rootFile,
    renew: () => withLock(lock, renew),
    channel: async (region) => readChannel(await present(), region),
    publish: (pack) => withLock(lock, async () => {
      const bytes = Buffer.from(`${JSON.stringify(sorted(pack))}\n`)
      const release = { path: `matter/${pack.region}/${pack.id}-${pack.version}.json`, version: pack.version, sha256: sha256(bytes) }
      const state = await present()
      const before = targetsOf(state.roles.get(`matter-${pack.region}`))[release.path]
      if (before !== undefined && before.hashes.sha256 !== release.sha256) return err({ code: 'same-version-other-content', version: pack.version })
      const channel = await readChannel(state, pack.region)
      if (channel !== undefined && channel.sha256 === release.sha256) return err({ code: 'already-published', version: pack.version, generation: channel.generation })
      return ok(await offer(state, pack.region, release, before === undefined ? new Map([[release.path, bytes]]) : new Map()))
    }),
    rollback: (region, version) => withLock(lock, async () => {
      const state = await present()
      const entries = Object.entries(targetsOf(state.roles.get(`matter-${region}`)))
      const versionOf = (path: string): string => /-(\d+\.\d+\.\d+)\.json$/.exec(path)?.[1] ?? ''
      const release = entries.find(([path]) => versionOf(path) === version)
      if (release === undefined) return err({ code: 'no-such-version', version, known: entries.map(([path]) => versionOf(path)) })
      const [path, { hashes }] = release
      const channel = await readChannel(state, region)
      if (channel !== undefined && channel.sha256 === hashes.sha256) return err({ code: 'already-published', version, generation: channel.generation })
      return ok(await offer(state, region, { path, version, sha256: hashes.sha256 }, new Map()))
    }),
  }
}

interface State {
  readonly timestamp: Signed | undefined
  readonly snapshot: Signed | undefined
  readonly roles: ReadonlyMap<string, Signed>
}

const delegationsSchema = z.object({ keys: z.record(z.string(), z.unknown()), roles: z.array(z.unknown()) })

function targetsPart(version: number, expires: string, targets: Readonly<Record<string, TargetEntry>>, delegations?: object): Signed {
  return { _type: 'targets', spec_version: SPEC_VERSION, version, expires, targets, ...(delegations && { delegations }) }
}

function targetsOf(part: Signed | undefined): Readonly<Record<string, TargetEntry>> {
  return z.record(z.string(), z.object({ length: z.int(), hashes: z.object({ sha256: z.string() }) })).parse(part?.['targets'] ?? {})
}

function targetEntry(bytes: Uint8Array): TargetEntry {
  return { length: bytes.byteLength, hashes: { sha256: sha256(bytes) } }
}

function keyTable(keys: readonly SigningKey[]): Record<string, unknown> {
  return Object.fromEntries(keys.map(({ id, publicKey }) => [id, publicKey]))
}

/** `matter/990101/a.json` is served as `matter/990101/<sha256>.a.json`, so that a file never changes once it is out. */
function hashedPath(path: string, hash: string): string {
  const cut = path.lastIndexOf('/') + 1
  return `${path.slice(0, cut)}${hash}.${path.slice(cut)}`
}

function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function asJson(document: object): string {
  return `${JSON.stringify(document, null, 1)}\n`
}

/** Objects with their keys in order: the same pack gives the same bytes, however its source files were laid out. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]))
}

/** A release that no terminal would accept must not get out: the delegation has to verify before it is written. */
function prove(targets: Signed, role: string, document: object): void {
  const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
  const delegator = Metadata.fromJSON(MetadataKind.Targets, plain({ signatures: [], signed: targets }) as never)
  delegator.verifyDelegate(role, Metadata.fromJSON(MetadataKind.Targets, plain(document) as never))
}

