import { copyFile, mkdir, open, readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Updater } from 'tuf-js'
import type { TargetFile } from 'tuf-js'
import { BadVersionError, ExpiredMetadataError } from 'tuf-js/dist/error.js'
import type { Clock } from '../../../core/clock/clock.ts'
import { channelPath, channelSchema } from '../../../core/matter-pack/channel.ts'
import type { Channel } from '../../../core/matter-pack/channel.ts'
import type { CatalogueRefusal } from '../../../core/matter-pack/sentences.ts'
import { err, ok } from '../../../core/result/result.ts'
import type { Result } from '../../../core/result/result.ts'
import { syncFolder, writeDurably } from '../database/durable-file.ts'
import { BoundedFetcher } from './fetcher.ts'
import type { Marks } from './records.ts'

export type TrustError = { readonly kind: 'offline' } | { readonly kind: 'refused'; readonly code: CatalogueRefusal }

/** What one refresh found, signed by the right keys, newer than anything this terminal has seen, and not expired. */
export interface Verified {
  readonly channel: Channel
  /** Metadata versions by role, for the high-water marks. */
  readonly versions: Readonly<Record<string, number>>
  /** Downloads the release and checks its length and hash. */
  download(): Promise<Result<Buffer, TrustError>>
  /** Makes this refresh's metadata the present one, if it is newer at all. Call only when all of it was accepted. */
  keep(): Promise<void>
  /** Throws this refresh's metadata away, unless it was kept. */
  discard(): Promise<void>
}

export interface TrustSettings {
  /** Folder of the metadata directories and their pointer. */
  readonly folder: string
  readonly repositoryUrl: string
  /** The root of trust that this terminal was delivered with. */
  readonly rootFile: string
  readonly region: string
  readonly clock: Clock
  readonly fetch: typeof fetch
  readonly timeoutMs: number
  readonly maxPackBytes: number
}

const POINTER = 'current'
const MAX_CHANNEL_BYTES = 16_384
const LIMITS = { maxRootRotations: 256, maxDelegations: 8, rootMaxLength: 512_000, timestampMaxLength: 16_384, snapshotMaxLength: 500_000, targetsMaxLength: 2_000_000 }

/**
 * One refresh of the signed catalogue (TUF, by tuf-js). The library overwrites its metadata in place and without fsync, so each
 * refresh works in a directory of its own; a pointer file moves to it when everything was accepted and synced. A directory
 * that the library cannot read is passed over: the one before, at last the root that was delivered.
 */
export async function verifyCatalogue(settings: TrustSettings, marks: Marks): Promise<Result<Verified, TrustError>> {
  await mkdir(settings.folder, { recursive: true, mode: 0o700 })
  const { name, sources } = await directories(settings.folder)
  const directory = join(settings.folder, name)
  const fetcher = new BoundedFetcher({ fetch: settings.fetch, clock: settings.clock, folder: settings.folder, timeoutMs: settings.timeoutMs, maxBytes: settings.maxPackBytes })
  const discard = (): Promise<void> => rm(directory, { recursive: true, force: true })
  const fail = async (error: TrustError): Promise<{ readonly ok: false; readonly error: TrustError }> => {
    await discard()
    return err(error)
  }
  const refused = (code: CatalogueRefusal): TrustError => ({ kind: 'refused', code })
  try {
    const opened = await openUpdater(settings, directory, sources, fetcher)
    if (opened === undefined) return await fail(refused('bad-signature'))
    const { updater, source } = opened
    await updater.refresh()
    const channelTarget = await updater.getTargetInfo(channelPath(settings.region))
    if (channelTarget === undefined) return await fail(refused('nothing-offered'))
    if (channelTarget.length > MAX_CHANNEL_BYTES) return await fail(refused('too-large'))
    const channel = channelSchema.safeParse(JSON.parse((await fetchTarget(updater, channelTarget, settings.folder)).toString('utf8')))
    if (!channel.success) return await fail(refused('not-a-pack'))
    if (!channel.data.pack.startsWith(`matter/${settings.region}/`)) return await fail(refused('other-region'))
    const packTarget = await updater.getTargetInfo(channel.data.pack)
    if (packTarget === undefined) return await fail(refused('nothing-offered'))
    if (packTarget.hashes['sha256'] !== channel.data.sha256) return await fail(refused('tampered'))
    if (packTarget.length > settings.maxPackBytes) return await fail(refused('too-large'))
    const versions = await versionsIn(directory)
    const present = source === sources[0] && source !== undefined ? await versionsIn(join(settings.folder, source)).catch(() => ({})) : {}
    const isUnchanged = JSON.stringify(present) === JSON.stringify(versions)
    const older = Object.entries(versions).some(([role, version]) => version < (marks.versions[role] ?? 0))
    if (older || channel.data.generation < marks.generation) return await fail(refused('rolled-back'))
    return ok({
      channel: channel.data,
      versions,
      discard: async () => {
        if ((await pointed(settings.folder)) !== name) await discard()
      },
      keep: async () => {
        if (isUnchanged) return discard()
        for (const file of await readdir(directory)) await syncFile(join(directory, file))
        await syncFolder(directory)
        await syncFolder(settings.folder)
        await writeDurably(join(settings.folder, POINTER), name)
        // The directory before stays as the one to fall back to.
        const [before] = sources
        for (const old of await directoryNames(settings.folder)) if (old !== name && old !== before) await rm(join(settings.folder, old), { recursive: true, force: true })
      },
      download: async () => {
        try {
          return ok(await fetchTarget(updater, packTarget, settings.folder))
        } catch (error) {
          return err(trustError(error, fetcher, 'tampered'))
        }
      },
    })
  } catch (error) {
    return fail(trustError(error, fetcher, 'bad-signature'))
  }
}

async function openUpdater(settings: TrustSettings, directory: string, sources: readonly string[], fetcher: BoundedFetcher): Promise<{ readonly updater: Updater; readonly source: string | undefined } | undefined> {
  for (const source of [...sources, undefined]) {
    const from = source === undefined ? undefined : join(settings.folder, source)
    await rm(directory, { recursive: true, force: true })
    await mkdir(directory, { mode: 0o700 })
    try {
      if (from === undefined) await copyFile(settings.rootFile, join(directory, 'root.json'))
      else for (const file of (await readdir(from)).filter((one) => one.endsWith('.json'))) await copyFile(join(from, file), join(directory, file))
      const updater = new Updater({ metadataDir: directory, metadataBaseUrl: `${settings.repositoryUrl}/metadata`, targetDir: directory, targetBaseUrl: `${settings.repositoryUrl}/targets`, fetcher, config: LIMITS })
      return { updater, source }
    } catch {
      continue
    }
  }
  return undefined
}

async function fetchTarget(updater: Updater, target: TargetFile, folder: string): Promise<Buffer> {
  const file = join(folder, 'target.part')
  try {
    await updater.downloadTarget(target, file)
    return await readFile(file)
  } finally {
    await rm(file, { force: true })
  }
}

/** A fresh directory name, and those to start from: the present one, then older ones, newest first. */
async function directories(folder: string): Promise<{ readonly name: string; readonly sources: readonly string[] }> {
  const names = await directoryNames(folder)
  const current = await pointed(folder)
  const next = Math.max(0, ...names.map(Number)) + 1
  const older = names.filter((name) => current !== undefined && Number(name) < Number(current)).sort((a, b) => Number(b) - Number(a))
  return { name: String(next), sources: current !== undefined && names.includes(current) ? [current, ...older] : [] }
}

async function directoryNames(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => /^\d+$/.test(name))
}

async function pointed(folder: string): Promise<string | undefined> {
  const name = await readFile(join(folder, POINTER), 'utf8').catch(() => '')
  return /^\d+$/.test(name) ? name : undefined
}

async function versionsIn(directory: string): Promise<Readonly<Record<string, number>>> {
  const versions: Record<string, number> = {}
  for (const file of (await readdir(directory)).filter((name) => name.endsWith('.json')).sort()) {
    const { signed } = JSON.parse(await readFile(join(directory, file), 'utf8')) as { readonly signed: { readonly version: number } }
    versions[file.replace(/\.json$/, '')] = signed.version
  }
  return versions
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The library wraps most causes into a message of its own, so the message is what there is to go by. */
function trustError(error: unknown, fetcher: BoundedFetcher, otherwise: CatalogueRefusal): TrustError {
  if (fetcher.failure === 'offline') return { kind: 'offline' }
  if (fetcher.failure === 'too-large') return { kind: 'refused', code: 'too-large' }
  const message = error instanceof Error ? error.message : String(error)
  if (/ENOSPC|EROFS|EACCES|EIO|Failed to persist/.test(message)) return { kind: 'refused', code: 'storage' }
  if (/HTTP 40[34]/.test(message)) return { kind: 'refused', code: 'nothing-offered' }
  if (error instanceof ExpiredMetadataError || /is expired/.test(message)) return { kind: 'refused', code: 'expired' }
  if (error instanceof BadVersionError || /is less than current version|does not match snapshot version|version doesn't match|Missing .* in new snapshot/.test(message)) return { kind: 'refused', code: 'rolled-back' }
  return { kind: 'refused', code: otherwise }
}
