import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../../core/clock/clock.ts'
import type { Log } from '../../../core/log/events.ts'
import { checkPack } from '../../../core/matter-pack/check.ts'
import type { CheckOptions } from '../../../core/matter-pack/check.ts'
import type { MatterPack } from '../../../core/matter-pack/schema.ts'
import type { CatalogueCheck, CatalogueRefusal } from '../../../core/matter-pack/sentences.ts'
import { err, ok } from '../../../core/result/result.ts'
import type { Result } from '../../../core/result/result.ts'
import { writeDurably } from '../database/durable-file.ts'
import { NO_RECORDS, readRecords, writeRecords } from './records.ts'
import type { Marks, Records, Release } from './records.ts'
import { verifyCatalogue } from './trust.ts'

export interface CatalogueDependencies {
  /** `catalogue/` of the data folder. */
  readonly folder: string
  readonly repositoryUrl: string
  /** The root of trust that this terminal was delivered with. */
  readonly rootFile: string
  /** 行政区划代码 of the terminal: names the channel and the roles that may sign for it. */
  readonly region: string
  readonly clock: Clock
  readonly log: Log
  /** Whether a citizen is at the terminal. No pack is ever put in force while this says yes. */
  readonly sessionOpen: () => boolean
  readonly refreshSeconds: number
  /** Kinds of paper that this terminal can read; packs that rely on others are refused. */
  readonly documentKinds?: CheckOptions['documentKinds']
  readonly fetch?: typeof fetch
  /** Spreads the refreshes of many terminals; 0 to 1. */
  readonly random?: () => number
}

export interface CatalogueState {
  readonly active: Release | undefined
  /** Verified and checked, waiting for the terminal to be free. */
  readonly staged: Release | undefined
  readonly lastCheck: CatalogueCheck | undefined
}

export interface Catalogue {
  /** Loads the last good pack from disk, also offline, then checks the repository from time to time. Resolves after the loading. */
  start(): Promise<void>
  /** Checks the repository now. Several callers at the same time share one check. */
  refresh(): Promise<CatalogueCheck>
  /** Puts a staged pack in force if nobody is at the terminal. Returns whether it did. The session service calls it when it is free. */
  activateIfIdle(): boolean
  /** The pack in force. A session asks once, when it begins. */
  activePack(): MatterPack | undefined
  state(): CatalogueState
  /** Called after each change of `state()`. Returns the function that stops listening. */
  onChange(listener: () => void): () => void
  /** Ends the timer and waits for what is under way. */
  stop(): Promise<void>
}

const DOWNLOAD_TIMEOUT_MS = 20_000
const MAX_PACK_BYTES = 8_000_000
/** A clock may be set back by so much without being taken for broken. */
const CLOCK_TOLERANCE_MS = 5 * 60_000
/** The high-water mark of time is written so often, and not with every check. */
const KEEP_TIME_EVERY_MS = 10 * 60_000
const JITTER = 0.2

interface Loaded { readonly release: Release; readonly pack: MatterPack }

/**
 * The matters of this terminal. They come only from the signed repository; each step is checked: signatures and freshness
 * (TUF), high-water marks of our own, clock, hash, schema and references, golden cases. What fails is refused with a code
 * and the last good pack stays, so the terminal goes on serving whatever the repository does.
 */
export function createCatalogue(deps: CatalogueDependencies): Catalogue {
  const { folder, clock, log } = deps
  const recordsFile = join(folder, 'catalogue.json')
  const packsFolder = join(folder, 'packs')
  const listeners = new Set<() => void>()
  let records: Records = NO_RECORDS
  let active: Loaded | undefined
  let staged: Loaded | undefined
  let lastCheck: CatalogueCheck | undefined
  /** A release that was refused is not fetched again until another is offered. */
  let rejected: { readonly sha256: string; readonly generation: number; readonly code: CatalogueRefusal } | undefined
  let running: Promise<CatalogueCheck> | undefined
  let writing: Promise<void> = Promise.resolve()
  let timer: unknown
  let stopped = false

  const stopping = new AbortController()
  const fetchUntilStopped: typeof fetch = (input, init) => (deps.fetch ?? fetch)(input, { ...init, signal: AbortSignal.any([stopping.signal, ...(init?.signal ? [init.signal] : [])]) })

  const notify = (): void => {
    for (const listener of [...listeners]) listener()
  }

  /** Writes follow one another, each with what holds at its turn. */
  function save(): Promise<void> {
    const turn = writing.then(() => writeRecords(recordsFile, records))
    writing = turn.catch(() => undefined)
    return turn
  }

  function judge(bytes: Buffer): Result<MatterPack, { readonly code: CatalogueRefusal; readonly path: string }> {
    let given: unknown
    try {
      given = JSON.parse(bytes.toString('utf8'))
    } catch {
      return err({ code: 'not-a-pack', path: '' })
    }
    const checked = checkPack(given, { documentKinds: deps.documentKinds })
    if (!checked.ok) {
      const golden = checked.error.every(({ path }) => /^\/matters\/\d+\/golden\//.test(path))
      return err({ code: golden ? 'golden-failed' : 'not-a-pack', path: checked.error[0]?.path ?? '' })
    }
    return checked.value.region === deps.region ? ok(checked.value) : err({ code: 'other-region', path: '/region' })
  }

  async function load(release: Release | undefined): Promise<Loaded | undefined> {
    if (release === undefined) return undefined
    const bytes = await readFile(join(packsFolder, `${release.sha256}.json`)).catch(() => undefined)
    if (bytes === undefined || createHash('sha256').update(bytes).digest('hex') !== release.sha256) {
      log('catalogue.refused', { code: 'damaged-on-disk', path: `generation-${release.generation}` })
      return undefined
    }
    const judged = judge(bytes)
    if (judged.ok) return { release, pack: judged.value }
    log('catalogue.refused', judged.error)
    return undefined
  }

  async function removeOldPacks(): Promise<void> {
    const wanted = new Set([records.active, records.previous, records.staged].flatMap((release) => (release ? [`${release.sha256}.json`] : [])))
    for (const file of await readdir(packsFolder)) if (!wanted.has(file)) await rm(join(packsFolder, file), { force: true })
  }

  function activateIfIdle(): boolean {
    if (staged === undefined || deps.sessionOpen()) return false
    active = staged
    staged = undefined
    const { previous: _older, staged: _staged, ...rest } = records
    records = { ...rest, active: active.release, ...(rest.active && { previous: rest.active }) }
    log('catalogue.activated', { pack: active.release.packId, version: active.release.version })
    // Losing this write to a power cut only means that the pack is activated again at the next start.
    writing = save().then(removeOldPacks).catch(() => log('catalogue.refused', { code: 'storage', path: 'records' }))
    notify()
    return true
  }

  async function check(): Promise<CatalogueCheck> {
    const startedAt = clock.now()
    const done = (check: CatalogueCheck, path = ''): CatalogueCheck => {
      lastCheck = check
      log('catalogue.refreshed', { result: check.result, tookMs: clock.now() - startedAt })
      if (check.result === 'offline') log('catalogue.offline', { code: 'no-answer' })
      if (check.result === 'refused') log('catalogue.refused', { code: check.code, path })
      notify()
      return check
    }
    const refused = (code: CatalogueRefusal, path?: string): CatalogueCheck => done({ at: startedAt, result: 'refused', code }, path)
    if (startedAt < records.marks.time - CLOCK_TOLERANCE_MS) return refused('clock-behind')
    try {
      const verified = await verifyCatalogue({ folder: join(folder, 'metadata'), repositoryUrl: deps.repositoryUrl.replace(/\/$/, ''), rootFile: deps.rootFile, region: deps.region, clock, fetch: fetchUntilStopped, timeoutMs: DOWNLOAD_TIMEOUT_MS, maxPackBytes: MAX_PACK_BYTES }, records.marks)
      if (!verified.ok) return verified.error.kind === 'offline' ? done({ at: startedAt, result: 'offline' }) : refused(verified.error.code)
      const found = verified.value
      const { channel, versions } = found
      const newest = staged ?? active
      const isKnown = newest?.release.generation === channel.generation
      if (isKnown && newest?.release.sha256 !== channel.sha256) {
        await found.discard()
        return refused('rolled-back')
      }
      await found.keep()
      const marks: Marks = { versions: { ...records.marks.versions, ...versions }, generation: channel.generation, time: Math.max(records.marks.time, startedAt) }
      const isNews = marks.generation !== records.marks.generation || marks.time - records.marks.time > KEEP_TIME_EVERY_MS || JSON.stringify(marks.versions) !== JSON.stringify(records.marks.versions)
      if (isNews) records = { ...records, marks }
      if (isKnown) {
        if (isNews) await save()
        return done({ at: startedAt, result: staged ? 'new-pack' : 'up-to-date' })
      }
      if (rejected?.generation === channel.generation && rejected.sha256 === channel.sha256) {
        await save()
        return refused(rejected.code)
      }
      const downloaded = await found.download()
      if (!downloaded.ok) {
        await save()
        return downloaded.error.kind === 'offline' ? done({ at: startedAt, result: 'offline' }) : refused(downloaded.error.code)
      }
      const judged = judge(downloaded.value)
      if (!judged.ok) {
        rejected = { sha256: channel.sha256, generation: channel.generation, code: judged.error.code }
        await save()
        return refused(judged.error.code, judged.error.path)
      }
      await writeDurably(join(packsFolder, `${channel.sha256}.json`), downloaded.value)
      const release: Release = { packId: judged.value.id, version: judged.value.version, generation: channel.generation, sha256: channel.sha256 }
      staged = { release, pack: judged.value }
      records = { ...records, staged: release }
      await save()
      await removeOldPacks()
      const result = done({ at: startedAt, result: 'new-pack' })
      activateIfIdle()
      return result
    } catch (error) {
      return refused('storage', (error as NodeJS.ErrnoException).code ?? '')
    }
  }

  function refresh(): Promise<CatalogueCheck> {
    running ??= check().finally(() => {
      running = undefined
    })
    return running
  }

  function schedule(): void {
    if (stopped) return
    const spread = 1 - JITTER + 2 * JITTER * (deps.random ?? Math.random)()
    timer = clock.setTimeout(() => void refresh().finally(schedule), deps.refreshSeconds * 1000 * spread)
  }

  return {
    async start() {
      await mkdir(packsFolder, { recursive: true, mode: 0o700 })
      const read = await readRecords(recordsFile)
      if (read === undefined) log('catalogue.refused', { code: 'damaged-on-disk', path: 'records' })
      records = read ?? NO_RECORDS
      for (const release of [records.staged, records.active, records.previous]) {
        const found = await load(release)
        if (found === undefined) continue
        active = found
        const { staged: _staged, previous, ...rest } = records
        const earlier = [rest.active, previous].find((one) => one !== undefined && one.sha256 !== found.release.sha256)
        records = { ...rest, active: found.release, ...(earlier && { previous: earlier }) }
        log('catalogue.activated', { pack: found.release.packId, version: found.release.version })
        break
      }
      notify()
      void refresh().finally(schedule)
    },
    refresh,
    activateIfIdle,
    activePack: () => active?.pack,
    state: () => ({ active: active?.release, staged: staged?.release, lastCheck }),
    onChange(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    async stop() {
      stopped = true
      stopping.abort()
      clock.clearTimeout(timer)
      await running
      await writing
    },
  }
}
