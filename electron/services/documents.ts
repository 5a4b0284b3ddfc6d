import type { Clock } from '../../core/clock/clock.ts'
import type { PageImage } from '../../core/device/operations.ts'
import type { DocumentKind } from '../../core/document/document-kind.ts'
import type { EngineSettings, EngineState } from '../../core/document/engine-settings.ts'
import { DEFAULT_ENGINE_SETTINGS } from '../../core/document/engine-settings.ts'
import type { DocumentReadError, DocumentReading, ReadProgress } from '../../core/document/reading.ts'
import type { LookProgress } from '../../core/document/page-look.ts'
import type { DocumentWorkerHandle, FromDocumentWorker, LookedPage, LookRequest, ToDocumentWorker } from '../../core/document/worker-protocol.ts'
import { asFurtherPage, fromFurtherPage } from '../../core/document/further-page.ts'
import { EXIT_TOO_MUCH_MEMORY } from '../../core/document/worker-protocol.ts'
import { chinaDate } from '../../core/identity/dates.ts'
import { err, ok, unreachable } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'

/** A page that takes longer is given up, and the citizen types. */
const PAGE_DEADLINE_MS = 10_000
/** Loading the engine and its data takes about half a second; on a cold disk some seconds. */
const START_LIMIT_MS = 20_000

export interface DocumentReaderDeps {
  readonly startWorker: () => DocumentWorkerHandle
  readonly clock: Clock
  readonly log: (event: string, fields: Readonly<Record<string, string | number | boolean>>) => void
  /** All document kinds that this terminal knows. */
  readonly kinds: readonly DocumentKind[]
  readonly deadlineMs?: number
  readonly settings?: EngineSettings
  /** The engine came up, or did not. Told for every worker that starts. */
  readonly onEngine?: (state: EngineState) => void
}

export interface DocumentReader {
  /** Starts a worker ahead of time, so that the first citizen need not wait for the engine. */
  start(): void
  engine(): EngineState
  /**
   * Reads a page that should be one of `kinds` (ids). One page at a time. Aborting the signal ends the worker, and with it
   * the picture.
   */
  read(page: PageImage, kinds: readonly string[], onProgress: (progress: ReadProgress) => void, signal: AbortSignal): Promise<Result<DocumentReading, DocumentReadError>>
  /**
   * Reads a page on which no kind was found as a further page of `kind` (id), for its fields that are still `open`. Otherwise
   * as `read`; `other-document` where nothing of them stands there. Nothing of it is sure.
   */
  readFurther(page: PageImage, kind: string, open: readonly string[], onProgress: (progress: ReadProgress) => void, signal: AbortSignal): Promise<Result<DocumentReading, DocumentReadError>>
  /** Decodes a picture to its last line, outside of this process. Error: a code for staff, or `cancelled`. */
  check(picture: Pick<PageImage, 'mime' | 'bytes'>, signal: AbortSignal): Promise<Result<{ readonly widthPx: number; readonly heightPx: number }, string>>
  /**
   * Finds the paper in a picture, straightens it and judges it: all before a letter is read. Aborting the signal ends the
   * worker, and with it the picture.
   */
  look(page: PageImage, wish: Omit<LookRequest, 'kind' | 'id' | 'page'>, onProgress: (progress: LookProgress) => void, signal: AbortSignal): Promise<Result<LookedPage, DocumentReadError>>
  /** Several pages as one PDF, in their order, nothing encoded anew. Error: a code for staff, or `cancelled`. */
  bind(pages: readonly PageImage[], signal: AbortSignal): Promise<Result<Uint8Array, string>>
  /** Ends the worker with all it holds and starts a fresh one: called when a citizen's session ends. Resolves when the old process is gone. */
  recycle(): Promise<void>
  stop(): Promise<void>
}

/** How a worker came up. Without an engine it still opens, straightens and binds pictures: only reading needs one. */
type Start = 'ready' | 'without-engine' | 'ended'

interface Running {
  readonly handle: DocumentWorkerHandle
  readonly started: Promise<Start>
  readonly exited: Promise<string>
  onAnswer: (message: Extract<FromDocumentWorker, { readonly kind: 'progress' | 'done' | 'checked' | 'look-progress' | 'looked' | 'bound' }>) => void
}

/** The kiosk's side of the document worker. No failure of the worker ever throws: each ends as a value. */
export function createDocumentReader({ startWorker, clock, log, kinds, deadlineMs = PAGE_DEADLINE_MS, settings = DEFAULT_ENGINE_SETTINGS, onEngine }: DocumentReaderDeps): DocumentReader {
  let running: Running | undefined
  let stopped = false
  /** Workers that were told to end and have not ended yet. */
  const ending = new Set<Promise<string>>()
  let lastId = 0
  let cancelReading: (() => void) | undefined
  let engine: EngineState = { state: 'starting' }
  const engineIs = (state: EngineState): void => {
    engine = state
    onEngine?.(state)
  }

  function begin(): Running {
    if (running !== undefined) return running
    const handle = startWorker()
    const exited = new Promise<string>((resolve) => handle.onExit(resolve))
    let onStart: (start: Start) => void = () => undefined
    const started = new Promise<Start>((resolve) => (onStart = resolve))
    const worker: Running = { handle, started, exited, onAnswer: () => undefined }
    running = worker
    handle.onMessage((message) => {
      switch (message.kind) {
        case 'ready':
          engineIs({ state: 'running', engine: message.engine, passedOver: message.passedOver })
          return onStart('ready')
        case 'unfit':
          engineIs({ state: 'unfit', fault: message.fault })
          return onStart('without-engine')
        case 'progress':
        case 'done':
        case 'checked':
        case 'look-progress':
        case 'looked':
        case 'bound':
          return worker.onAnswer(message)
        default:
          return unreachable(message)
      }
    })
    void exited.then((code) => {
      onStart('ended')
      if (running === worker) running = undefined
      log('document-worker-ended', { code })
    })
    handle.post({ kind: 'open', settings })
    return worker
  }

  async function end(worker: Running | undefined): Promise<void> {
    if (worker === undefined) return
    if (running === worker) running = undefined
    ending.add(worker.exited)
    worker.handle.kill()
    await worker.exited
    ending.delete(worker.exited)
  }

  /** One question to the worker and its answer; the worker is ended when it does not come. */
  async function ask<Answer>(request: (id: number) => Exclude<ToDocumentWorker, { readonly kind: 'open' }>, answerIn: (message: Parameters<Running['onAnswer']>[0]) => Result<Answer, DocumentReadError> | undefined, signal: AbortSignal): Promise<Result<Answer, DocumentReadError>> {
    const worker = begin()
    const id = ++lastId
    const message = request(id)
    const canAnswer = (start: Start): boolean => start === 'ready' || (start === 'without-engine' && message.kind !== 'read')
    let timer: unknown
    let onAbort: (() => void) | undefined
    const ended = new Promise<DocumentReadError>((resolve) => {
      const limit = (ms: number): void => {
        clock.clearTimeout(timer)
        timer = clock.setTimeout(() => resolve({ kind: 'too-slow' }), ms)
      }
      onAbort = () => resolve({ kind: 'cancelled' })
      signal.addEventListener('abort', onAbort, { once: true })
      cancelReading = onAbort
      limit(START_LIMIT_MS)
      void worker.started.then((start) => {
        if (canAnswer(start)) limit(deadlineMs)
        else resolve({ kind: 'reader-failed', code: 'start' })
      })
      void worker.exited.then((code) => resolve({ kind: 'reader-failed', code: code === String(EXIT_TOO_MUCH_MEMORY) ? 'memory' : `exit-${code}` }))
    })
    const answered = new Promise<Result<Answer, DocumentReadError>>((resolve) => {
      worker.onAnswer = (said) => {
        const answer = said.id === id ? answerIn(said) : undefined
        if (answer !== undefined) resolve(answer)
      }
      void worker.started.then((start) => {
        if (canAnswer(start) && running === worker) worker.handle.post(message)
      })
    })
    const result = await Promise.race([answered, ended.then((error) => err(error))])
    clock.clearTimeout(timer)
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort)
    cancelReading = undefined
    worker.onAnswer = () => undefined
    // A worker that is still at a page nobody waits for, or that failed, is not used again.
    if (!result.ok && (result.error.kind === 'cancelled' || result.error.kind === 'too-slow' || result.error.kind === 'reader-failed')) await end(worker)
    return result
  }

  async function read(page: PageImage, wanted: readonly DocumentKind[], onProgress: (progress: ReadProgress) => void, signal: AbortSignal): Promise<Result<DocumentReading, DocumentReadError>> {
    if (stopped) return err({ kind: 'reader-failed', code: 'stopped' })
    if (cancelReading !== undefined) return err({ kind: 'reader-failed', code: 'busy' })
    if (signal.aborted) return err({ kind: 'cancelled' })
    const began = clock.now()
    onProgress({ stage: 'starting', share: 0 })
    const result = await ask<DocumentReading>((id) => ({ kind: 'read', id, page, kinds: wanted, all: kinds, today: chinaDate(clock.now()) }), (message) => {
      if (message.kind === 'progress') onProgress(message.progress)
      return message.kind === 'done' ? message.result : undefined
    }, signal)
    log('document-read', { outcome: result.ok ? result.value.kind : result.error.kind, ms: clock.now() - began, sure: result.ok ? result.value.fields.filter(({ state }) => state === 'sure').length : 0, fields: result.ok ? result.value.fields.length : 0 })
    return result
  }

  return {
    start: () => void begin(),
    engine: () => engine,
    async read(page, kindIds, onProgress, signal) {
      const wanted = kindIds.map((id) => kinds.find((kind) => kind.id === id))
      const known = wanted.filter((kind) => kind !== undefined)
      if (known.length === 0 || known.length < wanted.length) return err({ kind: 'reader-failed', code: 'unknown-kind' })
      return read(page, known, onProgress, signal)
    },
    async readFurther(page, kindId, open, onProgress, signal) {
      const kind = kinds.find(({ id }) => id === kindId)
      if (kind === undefined) return err({ kind: 'reader-failed', code: 'unknown-kind' })
      const further = asFurtherPage(kind, open)
      if (further === undefined) return err({ kind: 'other-document' })
      const result = await read(page, [further], onProgress, signal)
      return result.ok ? ok(fromFurtherPage(result.value)) : result
    },
    async check(picture, signal) {
      if (stopped) return err('stopped')
      if (cancelReading !== undefined) return err('busy')
      if (signal.aborted) return err('cancelled')
      const answer = await ask((id) => ({ kind: 'check', id, picture }), (message) => (message.kind === 'checked' ? ok(message.result) : undefined), signal)
      return answer.ok ? answer.value : err('code' in answer.error ? answer.error.code : answer.error.kind)
    },
    async look(page, wish, onProgress, signal) {
      if (stopped) return err({ kind: 'reader-failed', code: 'stopped' })
      if (cancelReading !== undefined) return err({ kind: 'reader-failed', code: 'busy' })
      if (signal.aborted) return err({ kind: 'cancelled' })
      const began = clock.now()
      const answer = await ask<LookedPage>((id) => ({ kind: 'look', id, page, ...wish }), (message) => {
        if (message.kind === 'look-progress') onProgress(message.progress)
        if (message.kind !== 'looked') return undefined
        return message.result.ok ? message.result : err({ kind: 'picture-unreadable', code: message.result.error })
      }, signal)
      log('page-look', { outcome: answer.ok ? answer.value.look.place.kind : answer.error.kind, problems: answer.ok && answer.value.look.problems.length > 0 ? answer.value.look.problems.join('+') : 'none', ms: clock.now() - began })
      return answer
    },
    async bind(pages, signal) {
      if (stopped) return err('stopped')
      if (cancelReading !== undefined) return err('busy')
      if (signal.aborted) return err('cancelled')
      const answer = await ask((id) => ({ kind: 'bind', id, pages }), (message) => (message.kind === 'bound' ? ok(message.result) : undefined), signal)
      return answer.ok ? answer.value : err('code' in answer.error ? answer.error.code : answer.error.kind)
    },
    async recycle() {
      const old = running
      cancelReading?.()
      await end(old)
      // Stopping ends the session first, so this comes while `stop` waits: a worker begun now would outlive the kiosk.
      if (!stopped) begin()
    },
    async stop() {
      stopped = true
      cancelReading?.()
      await end(running)
      await Promise.all(ending)
    },
  }
}
