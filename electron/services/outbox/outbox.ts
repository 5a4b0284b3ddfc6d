import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import type { Clock } from '../../../core/clock/clock.ts'
import type { CaseNumber, IdempotencyKey, LocalNumber } from '../../../core/ids.ts'
import type { Log } from '../../../core/log/events.ts'
import { freezeSubmission, type FrozenSubmission, type OneWindowClient } from '../../../core/one-window/client.ts'
import { errorCode, type OneWindowError } from '../../../core/one-window/errors.ts'
import type { CaseReceipt, Gap, Submission, UploadManifest } from '../../../core/one-window/types.ts'
import { err, ok, type Result } from '../../../core/result/result.ts'
import type { LocalText } from '../../../core/text/local-text.ts'
import type { Database } from '../database/database.ts'
import { openAttachmentFiles } from './attachment-files.ts'
import { BACK_OFF_CAP_MS, backOffMs } from './back-off.ts'
import { seal, unseal } from './envelope.ts'
import type { KeyStore } from './key-store.ts'
import { newLocalNumber } from './local-number.ts'
import { OutboxRows, type ApplicationRow } from './rows.ts'
import type { KeepError, KeptWhy } from './sentences.ts'
import { uploadInPieces } from './upload.ts'

export { OUTBOX_MIGRATIONS } from './schema.ts'
export type { ApplicationRow } from './rows.ts'

export interface OutboxStatus {
  /** Kept and not yet received. */
  readonly waiting: number
  /** Refused in the background: staff must look. */
  readonly held: number
  /** Age of the oldest that waits. */
  readonly oldestMs: number | undefined
  /** Nothing more is taken in: `keep` would refuse now, be the backend there or not. */
  readonly full: boolean
  /** Set while the backend does not accept this terminal (401, 403). */
  readonly paused: string | undefined
}

export interface NewApplication {
  /** Made when the citizen confirms; the same through every try. */
  readonly idempotencyKey: IdempotencyKey
  readonly submission: Omit<Submission, 'localNumber'>
  /** Every file that the submission names, no more and no fewer. */
  readonly attachments: readonly { readonly manifest: UploadManifest; readonly bytes: Uint8Array }[]
}

export interface Kept {
  readonly localNumber: LocalNumber
  readonly idempotencyKey: IdempotencyKey
}

export type SubmitOutcome =
  /** `receipt` is absent when the application had been received earlier: then it has been wiped already. */
  | { readonly kind: 'received'; readonly caseNumber: CaseNumber; readonly receivedAt: number; readonly receipt: CaseReceipt | undefined }
  | { readonly kind: 'kept'; readonly localNumber: LocalNumber; readonly why: KeptWhy }
  | { readonly kind: 'refused'; readonly code: string; readonly sentence: LocalText; readonly gaps: readonly Gap[] }

export interface Outbox {
  /** Takes up what an earlier life of the program left, and begins to send in the background. */
  start(): Promise<void>
  /** Ends the try under way; it is made again at the next start. */
  stop(): Promise<void>
  /**
   * Keeps an application durably: when it resolves with a value, the disk has it, encrypted. Only then may a screen say
   * "kept". Calling again with the same key answers with what is kept already; after a refusal it replaces it.
   */
  keep(application: NewApplication): Promise<Result<Kept, KeepError>>
  /** Tries at once and waits at most `timeoutMs`. A later success in the background is silent: it never prints. */
  submitNow(localNumber: LocalNumber, timeoutMs: number): Promise<SubmitOutcome>
  /** Sends everything that is due now, oldest first, one at a time. The background does this by itself. */
  send(): Promise<void>
  /** The backend has answered something: what waits for the network is tried soon instead of at the end of its back-off. */
  online(): Promise<void>
  /** Staff want all that waits to be tried now, whatever its back-off says. Answers how many wait. */
  hurry(): Promise<number>
  /** Staff let a held application be tried again. Answers whether it was held. */
  release(localNumber: LocalNumber): Promise<boolean>
  status(): Promise<OutboxStatus>
  onStatus(listener: (status: OutboxStatus) => void): () => void
  /** For staff: numbers, matters, times, states and codes; nothing of what was written. */
  list(): Promise<readonly ApplicationRow[]>
}

export interface OutboxOptions {
  /** For the sealed attachments; on a local disk. */
  readonly folder: string
  /** Opened with `OUTBOX_MIGRATIONS`; the outbox's own file. */
  readonly database: Database
  readonly keyStore: KeyStore
  readonly client: Pick<OneWindowClient, 'createUpload' | 'getUploadOffset' | 'putUploadPiece' | 'submitCase'>
  /** Renews the terminal's registration after a 401. */
  readonly renew: () => Promise<Result<unknown, unknown>>
  readonly clock: Clock
  /** In [0, 1); for jitter. */
  readonly random: () => number
  readonly log: Log
  /** The first try after a start lies within this time, so that a hall after a power cut does not come all at once. */
  readonly startSpreadMs?: number
  readonly capacity?: Partial<OutboxCapacity>
}

/** Beyond this, nothing more is taken in (facts on durability, 5.2); what is kept is never dropped. */
export interface OutboxCapacity {
  readonly mostWaiting: number
  readonly oldestWaitingMs: number
  /** Whether the disk is full for our purposes. */
  readonly diskFull: () => Promise<boolean>
}

const DEFAULT_START_SPREAD_MS = 10 * 60_000
/** Nothing sleeps longer, so that a clock that jumps is noticed within a minute. */
const LONGEST_SLEEP_MS = 60_000

/** The citizen's own try comes right after keeping; only without one does the background begin. */
const CITIZEN_FIRST_MS = 15_000

type Attempt =
  | { readonly kind: 'received'; readonly receipt: CaseReceipt }
  | { readonly kind: 'refused'; readonly error: Extract<OneWindowError, { kind: 'refused' }> }
  | { readonly kind: 'later'; readonly error: Exclude<OneWindowError, { kind: 'refused' }> }
  | { readonly kind: 'held'; readonly code: string }

/** The encrypted outbox: at least once on this side, an idempotent backend on the other, so exactly once together. */
export async function createOutbox(options: OutboxOptions): Promise<Outbox> {
  const { clock, client, keyStore, log, random } = options
  const rows = new OutboxRows(options.database)
  const files = await openAttachmentFiles(options.folder)
  const capacity: OutboxCapacity = { mostWaiting: 500, oldestWaitingMs: 7 * 86_400_000, diskFull: () => isDiskFull(options.folder), ...options.capacity }
  const listeners = new Set<(status: OutboxStatus) => void>()

  let stopping = new AbortController()
  let started = false
  let wakeTimer: unknown
  let background: Promise<void> = Promise.resolve()
  /** One record at a time: tries stand in one line. */
  let line: Promise<unknown> = Promise.resolve()
  /** Keeping has a line of its own, so that a citizen never waits for somebody else's slow upload. */
  let keepLine: Promise<unknown> = Promise.resolve()
  /** The background's try under way; a citizen who submits now goes before it. */
  let backgroundTry: AbortController | undefined
  let paused: { readonly code: string; readonly until: number; readonly times: number } | undefined
  /** While the backend cannot be reached at all, the others need not be tried either. */
  let networkRetryAt = 0

  function inLine<T>(work: () => Promise<T>): Promise<T> {
    const result = line.then(work)
    line = result.catch(() => undefined)
    return result
  }

  function inKeepLine<T>(work: () => Promise<T>): Promise<T> {
    const result = keepLine.then(work)
    keepLine = result.catch(() => undefined)
    return result
  }

  async function limitReached(counts: Awaited<ReturnType<OutboxRows['counts']>>, now: number): Promise<'backlog' | 'disk-full' | undefined> {
    if (counts.waiting >= capacity.mostWaiting || (counts.oldest !== undefined && now - counts.oldest > capacity.oldestWaitingMs)) return 'backlog'
    // A disk that does not even answer takes nothing in.
    return (await capacity.diskFull().catch(() => true)) ? 'disk-full' : undefined
  }

  async function notify(): Promise<void> {
    if (listeners.size === 0) return
    const status = await outbox.status()
    for (const listener of [...listeners]) listener(status)
  }

  // ---- one try ----------------------------------------------------------------------------------------------------------

  async function attempt(row: ApplicationRow, signal: AbortSignal): Promise<Attempt> {
    const stored = await rows.sealed(row.id)
    const dataKey = stored && (await keyStore.unwrap(stored.wrappedKey, { applicationId: row.id, matter: row.matter, part: 'data-key' }))
    const frozenBytes = stored && dataKey && unseal(dataKey, { applicationId: row.id, matter: row.matter, part: 'submission' }, stored.sealed)
    if (dataKey === undefined || frozenBytes === undefined) return { kind: 'held', code: 'sealed-unreadable' }
    try {
      const frozen = Buffer.from(frozenBytes).toString('utf8') as FrozenSubmission
      for (let round = 0; ; round++) {
        const uploaded = await uploadAll(row, dataKey, signal)
        if (uploaded !== undefined) return uploaded
        const answer = await client.submitCase(frozen, row.idempotencyKey, { signal })
        if (answer.ok) return { kind: 'received', receipt: answer.value }
        // The backend dropped a finished upload in the meantime (they live a week): once more with new uploads.
        if (answer.error.kind === 'refused' && answer.error.code === 'upload-missing' && round === 0) {
          await rows.forgetUploads(row.id)
          continue
        }
        return judged(answer.error)
      }
    } finally {
      dataKey.fill(0)
      frozenBytes.fill(0)
    }
  }

  async function uploadAll(row: ApplicationRow, dataKey: Uint8Array, signal: AbortSignal): Promise<Attempt | undefined> {
    for (const attachment of await rows.attachments(row.id)) {
      if (attachment.state === 'uploaded') continue
      const sealed = await files.read(attachment.file)
      const bytes = sealed && unseal(dataKey, { applicationId: row.id, matter: row.matter, part: attachment.id }, sealed)
      if (bytes === undefined) return { kind: 'held', code: 'attachment-unreadable' }
      const uploaded = await uploadInPieces({
        client, manifest: attachment.manifest, bytes, from: attachment, signal,
        remember: ({ uploadId, offset }) => rows.rememberUpload(row.id, attachment.id, uploadId, offset, offset === bytes.length),
      })
      bytes.fill(0)
      if (!uploaded.ok) return judged(uploaded.error)
      await rows.rememberUpload(row.id, attachment.id, undefined, attachment.manifest.file.bytes, true)
    }
    return undefined
  }

  function judged(error: OneWindowError): Attempt {
    return error.kind === 'refused' ? { kind: 'refused', error } : { kind: 'later', error }
  }

  /**
   * One try with its consequences written down. `citizenWaits` is asked at the moment of a refusal. When `signal` ends the try,
   * it counts as not made.
   */
  async function tryOnce(row: ApplicationRow, citizenWaits: () => boolean, signal: AbortSignal): Promise<Attempt> {
    await rows.sending(row.id, clock.now())
    let outcome = await attempt(row, signal)
    if (outcome.kind === 'later' && outcome.error.kind === 'unauthorised' && (await options.renew()).ok) outcome = await attempt(row, signal)
    const now = clock.now()
    switch (outcome.kind) {
      case 'received':
        await rows.done(row.id, outcome.receipt.caseNumber, Date.parse(outcome.receipt.receivedAt), now)
        await wipe(row)
        networkRetryAt = 0
        paused = undefined
        log('outbox.sent', { tries: row.tries, waiting: (await rows.counts()).waiting })
        break
      case 'refused':
        networkRetryAt = 0
        paused = undefined
        if (citizenWaits() && mayBeMended(outcome.error)) {
          await rows.refused(row.id, outcome.error.code, now)
          await wipe(row)
          log('outbox.declined', { code: outcome.error.code })
        } else {
          outcome = { kind: 'held', code: errorCode(outcome.error) }
          await rows.hold(row.id, outcome.code, now)
          log('outbox.held', { code: outcome.code, held: (await rows.counts()).held })
        }
        break
      case 'held':
        await rows.hold(row.id, outcome.code, now)
        log('outbox.held', { code: outcome.code, held: (await rows.counts()).held })
        break
      case 'later':
        await postpone(row, outcome.error, now, signal)
    }
    await notify()
    return outcome
  }

  async function postpone(row: ApplicationRow, error: OneWindowError, now: number, signal: AbortSignal): Promise<void> {
    const code = errorCode(error)
    if (signal.aborted) return rows.later(row.id, row.tries, now, undefined, now)
    if (error.kind === 'unauthorised') {
      // Not the record's fault: its tries stay as they are, and the whole queue waits.
      const times = (paused?.times ?? 0) + 1
      paused = { code: error.code, until: now + backOffMs(times, random), times }
      log('outbox.paused', { code: error.code })
      return rows.later(row.id, row.tries, now, code, now)
    }
    const retryAfterMs = error.kind === 'server-error' || error.kind === 'conflict' ? error.retryAfterMs : undefined
    const tries = row.tries + 1
    const waitMs = backOffMs(tries, random, retryAfterMs)
    if (error.kind === 'unreachable' || error.kind === 'timeout') networkRetryAt = now + waitMs
    log('outbox.retry', { code, tries, waitMs })
    await rows.later(row.id, tries, now + waitMs, code, now)
  }

  /** The keys are gone with the row's own transaction; here go the files and the traces in the WAL. */
  async function wipe(row: ApplicationRow): Promise<void> {
    try {
      await files.remove((await rows.attachments(row.id)).map(({ file }) => file))
      await rows.checkpoint()
    } catch (error) {
      // What is left is ciphertext without a key; the next start removes it.
      log('outbox.fault', { step: 'wipe', code: systemCode(error) })
    }
  }

  // ---- the background ---------------------------------------------------------------------------------------------------

  function dueAt(row: ApplicationRow, now: number): number {
    const heldBack = [networkRetryAt, paused?.until ?? 0].filter((until) => until <= now + BACK_OFF_CAP_MS)
    return Math.max(row.nextAt, ...heldBack)
  }

  /** What waits. When the clock was set back, a wait that was counted on the old one might never end, so it is counted anew. */
  async function waitingRows(now: number): Promise<readonly ApplicationRow[]> {
    await rows.recountAfterClockSetBack(now, now + Math.floor(random() * BACK_OFF_CAP_MS))
    return rows.waiting()
  }

  async function sendDue(): Promise<void> {
    const tried = new Set<string>()
    for (;;) {
      // One step in line at a time, so that a citizen's own try comes in between.
      const more = await inLine(async () => {
        if (stopping.signal.aborted) return false
        const now = clock.now()
        const next = (await waitingRows(now)).find((row) => !tried.has(row.id) && dueAt(row, now) <= now)
        if (next === undefined) return false
        tried.add(next.id)
        backgroundTry = new AbortController()
        await tryOnce(next, () => false, AbortSignal.any([stopping.signal, backgroundTry.signal]))
        backgroundTry = undefined
        return true
      })
      if (!more) return
    }
  }

  async function scheduleNext(): Promise<void> {
    clock.clearTimeout(wakeTimer)
    if (!started || stopping.signal.aborted) return
    const now = clock.now()
    const waiting = await waitingRows(now)
    const soonest = Math.min(...waiting.map((row) => dueAt(row, now)))
    if (stopping.signal.aborted) return
    clock.clearTimeout(wakeTimer)
    if (waiting.length > 0) wakeTimer = clock.setTimeout(wake, Math.min(Math.max(0, soonest - now), LONGEST_SLEEP_MS))
  }

  function wake(): void {
    background = background.then(async () => {
      try {
        await sendDue()
        await scheduleNext()
      } catch (error) {
        // A full or failing disk. Nothing is lost; it is tried again.
        log('outbox.fault', { step: 'send', code: systemCode(error) })
        if (started && !stopping.signal.aborted) wakeTimer = clock.setTimeout(wake, LONGEST_SLEEP_MS)
      }
    })
  }

  // ---- what others call -------------------------------------------------------------------------------------------------

  const outbox: Outbox = {
    async start() {
      if (started) return
      started = true
      stopping = new AbortController()
      await inLine(async () => {
        const now = clock.now()
        const recovered = await rows.recover(now + Math.floor(random() * (options.startSpreadMs ?? DEFAULT_START_SPREAD_MS)), now)
        const { waiting, held } = await rows.counts()
        log('outbox.opened', { waiting, held, recovered, sqlite: process.versions.sqlite ?? 'none' })
        // Files of an application that was never committed, or whose wipe was cut off.
        const needed = await rows.neededFiles()
        await files.remove((await files.list()).filter((name) => !needed.has(name)))
      })
      await scheduleNext()
      await notify()
    },

    async stop() {
      started = false
      clock.clearTimeout(wakeTimer)
      stopping.abort()
      await background
      await line
      await keepLine
    },

    keep: (application) => inKeepLine(async (): Promise<Result<Kept, KeepError>> => {
      const { idempotencyKey, submission, attachments } = application
      mustMatch(application)
      const present = await rows.byKey(idempotencyKey)
      if (present !== undefined && present.state !== 'refused') return ok({ localNumber: present.localNumber, idempotencyKey })
      const counts = await rows.counts()
      const now = clock.now()
      const limit = await limitReached(counts, now)
      if (limit !== undefined) return err({ kind: limit })

      const id = randomUUID()
      const localNumber = present?.localNumber ?? newLocalNumber(now)
      const matter = submission.matter.id
      const dataKey = randomBytes(32)
      const written: string[] = []
      try {
        // Attachments first: a committed row never names a file that is not there.
        for (const { manifest, bytes } of attachments) {
          written.push(await files.write(seal(dataKey, keyStore.keyId, { applicationId: id, matter, part: manifest.file.attachmentId }, bytes)))
        }
        const frozen = Buffer.from(freezeSubmission({ ...submission, localNumber }), 'utf8')
        await rows.add({
          id, localNumber, idempotencyKey, matter, replaces: present?.id,
          sealed: seal(dataKey, keyStore.keyId, { applicationId: id, matter, part: 'submission' }, frozen),
          wrappedKey: await keyStore.wrap(dataKey, { applicationId: id, matter, part: 'data-key' }),
          attachments: attachments.map(({ manifest }, index) => ({ manifest, file: written[index] ?? '' })),
        }, now, now + CITIZEN_FIRST_MS)
        frozen.fill(0)
      } catch (error) {
        await files.remove(written).catch(() => undefined)
        const code = systemCode(error)
        log('outbox.fault', { step: 'keep', code: code })
        return err(code === 'ENOSPC' ? { kind: 'disk-full' } : { kind: 'not-stored', code })
      } finally {
        dataKey.fill(0)
      }
      log('outbox.kept', { waiting: counts.waiting + 1, bytes: attachments.reduce((sum, { bytes }) => sum + bytes.length, 0) })
      return ok({ localNumber, idempotencyKey })
    }).then(async (kept) => {
      if (kept.ok) {
        // The citizen's own try usually comes first; without one the background takes it up.
        if (started) await scheduleNext()
        await notify()
      }
      return kept
    }),

    submitNow(localNumber, timeoutMs) {
      let waits = true
      const kept = (why: KeptWhy): SubmitOutcome => ({ kind: 'kept', localNumber, why })
      return new Promise<SubmitOutcome>((resolve, reject) => {
        const timer = clock.setTimeout(() => {
          waits = false
          resolve(kept({ kind: 'not-in-time' }))
        }, timeoutMs)
        backgroundTry?.abort()
        const work = inLine(async (): Promise<SubmitOutcome> => {
          const row = await rows.byLocalNumber(localNumber)
          if (row === undefined) throw new Error('nothing is kept under this local number')
          if (row.state === 'done' && row.caseNumber !== undefined && row.receivedAt !== undefined) {
            return { kind: 'received', caseNumber: row.caseNumber, receivedAt: row.receivedAt, receipt: undefined }
          }
          if (row.state === 'held' || row.state === 'refused') return kept({ kind: 'held', code: row.lastCode ?? 'held' })
          // Nobody waits any more: the background will send it in its turn.
          if (!waits) return kept({ kind: 'not-in-time' })
          const outcome = await tryOnce(row, () => waits, stopping.signal)
          switch (outcome.kind) {
            case 'received': return { kind: 'received', caseNumber: outcome.receipt.caseNumber as CaseNumber, receivedAt: Date.parse(outcome.receipt.receivedAt), receipt: outcome.receipt }
            case 'refused': return { kind: 'refused', code: outcome.error.code, sentence: outcome.error.sentence, gaps: outcome.error.gaps ?? [] }
            case 'held': return kept({ kind: 'held', code: outcome.code })
            case 'later': return kept(outcome.error)
          }
        })
        work.then(resolve, reject).finally(() => {
          clock.clearTimeout(timer)
          if (started) scheduleNext().catch((error: unknown) => log('outbox.fault', { step: 'schedule', code: systemCode(error) }))
        })
      })
    },

    send: sendDue,

    async online() {
      if (networkRetryAt === 0) return
      networkRetryAt = 0
      await inLine(async () => {
        const now = clock.now()
        for (const row of await rows.waiting()) {
          if (row.lastCode === undefined || !/^(unreachable|timeout)/.test(row.lastCode)) continue
          await rows.later(row.id, row.tries, Math.min(row.nextAt, now + backOffMs(1, random)), undefined, now)
        }
      })
      await scheduleNext()
    },

    async hurry() {
      const waiting = await inLine(() => {
        networkRetryAt = 0
        paused = undefined
        return rows.allNow(clock.now())
      })
      await scheduleNext()
      await notify()
      return waiting
    },

    async release(localNumber) {
      const released = await inLine(() => rows.release(localNumber, clock.now()))
      if (released) {
        await scheduleNext()
        await notify()
      }
      return released
    },

    async status() {
      const counts = await rows.counts()
      const { waiting, held, oldest } = counts
      const now = clock.now()
      return { waiting, held, oldestMs: oldest === undefined ? undefined : Math.max(0, now - oldest), full: (await limitReached(counts, now)) !== undefined, paused: paused?.code }
    },

    onStatus(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },

    list: () => rows.list(),
  }
  return outbox
}

/**
 * Refusals that the citizen can act upon, so nothing needs to be kept when they were told: 422 of substance. A malformed or
 * oversized request (400, 413) is this program's own fault and stays for staff.
 */
function mayBeMended(error: Extract<OneWindowError, { kind: 'refused' }>): boolean {
  return error.status === 422 && error.code !== 'idempotency-key-reused' && error.code !== 'upload-missing' && error.code !== 'upload-content-differs'
}

/** What the submission names and what came with it must be the same; anything else is a bug of the caller. */
function mustMatch({ submission, attachments }: NewApplication): void {
  const named = [...submission.materials.flatMap(({ uploads }) => uploads ?? []), ...(submission.signature === undefined ? [] : [submission.signature.file])]
  const given = new Map(attachments.map(({ manifest, bytes }) => [manifest.file.attachmentId, { manifest, bytes }]))
  if (given.size !== attachments.length || new Set(named.map(({ attachmentId }) => attachmentId)).size !== given.size) throw new Error('the submission names other attachments than were given')
  for (const file of named) {
    const found = given.get(file.attachmentId)
    if (found === undefined || found.bytes.length !== file.bytes || found.manifest.file.sha256 !== file.sha256 || sha256Hex(found.bytes) !== file.sha256) throw new Error('an attachment is not what the submission says')
  }
}

/** SHA-256 of an attachment as the contract writes it: hexadecimal, lower case. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * 80 % of a terminal's small disk (facts on durability, 5.2); on a large disk that percentage alone says little, so it
 * counts only when less than 2 GiB are left as well.
 */
async function isDiskFull(folder: string): Promise<boolean> {
  const { blocks, bavail, bsize } = await statfs(folder)
  return bavail / blocks < 0.2 && bavail * bsize < 2 * 1024 ** 3
}

function systemCode(error: unknown): string {
  const code = (error as { readonly code?: unknown } | undefined)?.code
  return typeof code === 'string' ? code : 'error'
}
