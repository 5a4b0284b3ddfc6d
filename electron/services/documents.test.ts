import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { PageImage } from '../../core/device/operations.ts'
import { chinaDate } from '../../core/identity/dates.ts'
import { documentKindSchema } from '../../core/document/document-kind.ts'
import type { EngineState } from '../../core/document/engine-settings.ts'
import { DEFAULT_ENGINE_SETTINGS } from '../../core/document/engine-settings.ts'
import type { ReadProgress } from '../../core/document/reading.ts'
import type { DocumentWorkerHandle, FromDocumentWorker, ToDocumentWorker } from '../../core/document/worker-protocol.ts'
import type { DocumentReader } from './documents.ts'
import { createDocumentReader } from './documents.ts'

const page: PageImage = { mime: 'image/jpeg', bytes: new Uint8Array([1]), widthPx: 1, heightPx: 1, dpi: 200 }
const name = { 'zh-CN': '租约', en: 'Lease' }
const lease = documentKindSchema.parse({ id: 'lease', name, titles: ['租约'], fields: [{ id: 'tenant', name, labels: ['承租方'], rule: 'name' }] })

const READY: FromDocumentWorker = { kind: 'ready', engine: 'paddle-web', passedOver: ['paddle-native'] }

/** A worker that does only what the test says. */
class ScriptedWorker implements DocumentWorkerHandle {
  readonly posted: ToDocumentWorker[] = []
  killed = false
  #onMessage: (message: FromDocumentWorker) => void = () => undefined
  readonly #onExit: ((code: string) => void)[] = []

  post(message: ToDocumentWorker): void {
    this.posted.push(message)
  }
  onMessage(listener: (message: FromDocumentWorker) => void): void {
    this.#onMessage = listener
  }
  onExit(listener: (code: string) => void): void {
    this.#onExit.push(listener)
  }
  kill(): void {
    this.killed = true
    this.exit('SIGKILL')
  }
  say(message: FromDocumentWorker): void {
    this.#onMessage(message)
  }
  exit(code: string): void {
    for (const listener of this.#onExit.splice(0)) listener(code)
  }
}

function setUp(): { clock: SimulatedClock; workers: ScriptedWorker[]; reader: DocumentReader; progress: ReadProgress[]; read: (signal?: AbortSignal) => ReturnType<DocumentReader['read']>; log: string[]; engines: EngineState[] } {
  const clock = new SimulatedClock()
  const workers: ScriptedWorker[] = []
  const progress: ReadProgress[] = []
  const log: string[] = []
  const engines: EngineState[] = []
  const reader = createDocumentReader({
    clock, kinds: [lease],
    startWorker: () => {
      const worker = new ScriptedWorker()
      workers.push(worker)
      return worker
    },
    onEngine: (state) => engines.push(state),
    log: (event, fields) => log.push(`${event} ${JSON.stringify(fields)}`),
  })
  return { clock, workers, reader, progress, log, engines, read: (signal = new AbortController().signal) => reader.read(page, ['lease'], (step) => progress.push(step), signal) }
}

const done = (id: number): FromDocumentWorker => ({ kind: 'done', id, memoryMb: 1, result: { ok: true, value: { kind: 'lease', fields: [{ field: 'tenant', value: '陈志远', state: 'sure', confidence: 1 }] } } })

describe('reading a page', () => {
  it('sends it when the worker is ready, passes progress on, and leaves no timer behind', async () => {
    const { clock, workers, read, progress, log } = setUp()
    const running = read()
    await clock.advance(5_000)
    expect(workers[0]?.posted).toEqual([{ kind: 'open', settings: DEFAULT_ENGINE_SETTINGS }])
    workers[0]?.say(READY)
    await clock.advance(0)
    expect(workers[0]?.posted).toMatchObject([{ kind: 'open' }, { kind: 'read', id: 1, kinds: [{ id: 'lease' }], all: [{ id: 'lease' }], today: chinaDate(clock.now()) }])
    workers[0]?.say({ kind: 'progress', id: 1, progress: { stage: 'recognising', share: 0.5 } })
    workers[0]?.say(done(1))
    expect(await running).toMatchObject({ ok: true, value: { kind: 'lease' } })
    expect(progress).toEqual([{ stage: 'starting', share: 0 }, { stage: 'recognising', share: 0.5 }])
    expect(clock.pending).toBe(0)
    expect(log.join()).not.toContain('陈志远')
  })

  it('gives up at the deadline, kills the worker, and starts a fresh one for the next page', async () => {
    const { clock, workers, read } = setUp()
    const running = read()
    workers[0]?.say(READY)
    await clock.advance(9_999)
    expect(workers[0]?.killed).toBe(false)
    await clock.advance(1)
    expect(await running).toEqual({ ok: false, error: { kind: 'too-slow' } })
    expect(workers[0]?.killed).toBe(true)
    const next = read()
    workers[1]?.say(READY)
    await clock.advance(0)
    // An answer to the page before is nobody's answer.
    workers[1]?.say(done(1))
    workers[1]?.say(done(2))
    expect((await next).ok).toBe(true)
  })

  it.each([['1', 'exit-1'], ['SIGSEGV', 'exit-SIGSEGV'], ['75', 'memory']])('a worker that ends with %s in mid-page is an error with a code', async (exit, code) => {
    const { clock, workers, read } = setUp()
    const running = read()
    workers[0]?.say(READY)
    await clock.advance(0)
    workers[0]?.exit(exit)
    expect(await running).toEqual({ ok: false, error: { kind: 'reader-failed', code } })
    expect(clock.pending).toBe(0)
  })

  it('a worker that cannot open its engine, or never says that it could, is an error', async () => {
    const { clock, workers, reader, read, engines } = setUp()
    const unfit = read()
    workers[0]?.say({ kind: 'unfit', fault: { kind: 'model-altered', part: 'recognition' } })
    expect(await unfit).toEqual({ ok: false, error: { kind: 'reader-failed', code: 'start' } })
    expect(workers[0]?.killed).toBe(true)
    expect(engines).toEqual([{ state: 'unfit', fault: { kind: 'model-altered', part: 'recognition' } }])
    expect(reader.engine()).toEqual(engines[0])
    const silent = read()
    await clock.advance(20_000)
    expect(await silent).toEqual({ ok: false, error: { kind: 'too-slow' } })
    expect(workers[1]?.killed).toBe(true)
  })

  it('a worker without an engine still takes photographs, straightens and binds: nobody is stuck who can type', async () => {
    const { clock, workers, reader } = setUp()
    const checked = reader.check(page, new AbortController().signal)
    workers[0]?.say({ kind: 'unfit', fault: { kind: 'no-runtime' } })
    await clock.advance(0)
    workers[0]?.say({ kind: 'checked', id: 1, result: { ok: true, value: { widthPx: 4000, heightPx: 3000 } } })
    expect(await checked).toEqual({ ok: true, value: { widthPx: 4000, heightPx: 3000 } })
    const looking = reader.look(page, { paper: 'a4', dpi: 200, source: 'camera' }, () => undefined, new AbortController().signal)
    await clock.advance(0)
    workers[0]?.say({ kind: 'looked', id: 2, result: { ok: false, error: 'jpeg' } })
    expect(await looking).toEqual({ ok: false, error: { kind: 'picture-unreadable', code: 'jpeg' } })
    expect(workers.map(({ killed }) => killed)).toEqual([false])
  })

  it('cancelling kills the worker, and the picture with it', async () => {
    const { clock, workers, read } = setUp()
    const cancel = new AbortController()
    const running = read(cancel.signal)
    workers[0]?.say(READY)
    await clock.advance(100)
    cancel.abort()
    expect(await running).toEqual({ ok: false, error: { kind: 'cancelled' } })
    expect(workers[0]?.killed).toBe(true)
    expect(clock.pending).toBe(0)
  })

  it.each([
    ['look', (reader: DocumentReader, signal: AbortSignal) => reader.look(page, { paper: 'a4', dpi: 200, source: 'glass' }, () => undefined, signal), { kind: 'cancelled' }],
    ['bind', (reader: DocumentReader, signal: AbortSignal) => reader.bind([page, page], signal), 'cancelled'],
  ] as const)('cancelling %s kills the worker, and the pictures with it; the next question goes to a fresh one', async (kind, ask, error) => {
    const { clock, workers, reader, read } = setUp()
    const cancel = new AbortController()
    const running = ask(reader, cancel.signal)
    workers[0]?.say(READY)
    await clock.advance(0)
    expect(workers[0]?.posted.map((message) => message.kind)).toEqual(['open', kind])
    expect(workers[0]?.killed).toBe(false)
    cancel.abort()
    expect(await running).toEqual({ ok: false, error })
    expect(workers[0]?.killed).toBe(true)
    expect(clock.pending).toBe(0)
    const next = read()
    workers[1]?.say(READY)
    await clock.advance(0)
    workers[1]?.say(done(2))
    expect((await next).ok).toBe(true)
  })

  it.each(['look', 'bind'] as const)('cancelling %s before the worker is ready sends it nothing, and one that was cancelled before it began starts none', async (kind) => {
    const { clock, workers, reader } = setUp()
    const ask = (signal: AbortSignal): Promise<{ readonly ok: boolean }> => (kind === 'bind' ? reader.bind([page], signal) : reader.look(page, { paper: 'a4', dpi: 200, source: 'glass' }, () => undefined, signal))
    expect((await ask(AbortSignal.abort())).ok).toBe(false)
    expect(workers).toEqual([])
    const cancel = new AbortController()
    const running = ask(cancel.signal)
    cancel.abort()
    expect((await running).ok).toBe(false)
    workers[0]?.say(READY)
    await clock.advance(0)
    expect(workers[0]?.posted).toMatchObject([{ kind: 'open' }])
    expect(workers[0]?.killed).toBe(true)
    expect(clock.pending).toBe(0)
  })

  it('looks through a further page for the open fields alone, and asks nothing of the worker where none has a label', async () => {
    const { clock, workers, reader } = setUp()
    const still = new AbortController().signal
    expect(await reader.readFurther(page, 'lease', [], () => undefined, still)).toEqual({ ok: false, error: { kind: 'other-document' } })
    expect(workers).toEqual([])
    const running = reader.readFurther(page, 'lease', ['tenant'], () => undefined, still)
    workers[0]?.say(READY)
    await clock.advance(0)
    expect(workers[0]?.posted).toMatchObject([{ kind: 'open' }, { kind: 'read', id: 1, kinds: [{ id: 'lease', titles: ['承租方'], fields: [{ id: 'tenant' }] }], all: [{ id: 'lease', titles: ['租约'] }] }])
    workers[0]?.say(done(1))
    expect(await running).toMatchObject({ ok: true, value: { fields: [{ field: 'tenant', value: '陈志远', state: 'unsure', why: 'untitled-page' }] } })
  })

  it('reads one page at a time, and only kinds that it knows', async () => {
    const { reader, read, workers, clock } = setUp()
    const running = read()
    expect(await read()).toEqual({ ok: false, error: { kind: 'reader-failed', code: 'busy' } })
    expect(await reader.read(page, ['passport'], () => undefined, new AbortController().signal)).toEqual({ ok: false, error: { kind: 'reader-failed', code: 'unknown-kind' } })
    workers[0]?.say(READY)
    await clock.advance(0)
    workers[0]?.say(done(1))
    expect((await running).ok).toBe(true)
  })
})

describe('recycling', () => {
  it('gives the next citizen a process that has seen nothing, also in mid-page', async () => {
    const { clock, workers, reader, read } = setUp()
    const running = read()
    workers[0]?.say(READY)
    await clock.advance(0)
    await reader.recycle()
    expect(await running).toEqual({ ok: false, error: { kind: 'cancelled' } })
    expect(workers.map(({ killed }) => killed)).toEqual([true, false])
  })

  it('keeps one worker for the pages of one session', async () => {
    const { clock, workers, reader, read } = setUp()
    reader.start()
    workers[0]?.say(READY)
    for (const id of [1, 2]) {
      const running = read()
      await clock.advance(0)
      workers[0]?.say(done(id))
      expect((await running).ok).toBe(true)
    }
    expect(workers.length).toBe(1)
    await reader.stop()
    expect(workers[0]?.killed).toBe(true)
  })

  it('starts no worker any more once it is stopped, also when a wipe is still under way', async () => {
    const { reader, workers, read } = setUp()
    reader.start()
    const wiped = reader.recycle()
    await reader.stop()
    await wiped
    expect(workers.map(({ killed }) => killed)).toEqual([true])
    expect(await read()).toEqual({ ok: false, error: { kind: 'reader-failed', code: 'stopped' } })
    expect(workers).toHaveLength(1)
  })
})
