import type { Clock } from '../../../core/clock/clock.ts'
import type { HttpAnswer, Post } from '../http.ts'
import type { Operation } from '../ipp.ts'
import { decodeAnswer, OPERATIONS, whole, word } from '../ipp.ts'

type Value = readonly [tag: number, value: number | string | boolean]
type Attributes = Readonly<Record<string, readonly Value[]>>

/** What the line does with questions from now on. `late` answers when nobody waits any more. */
export type Line = 'well' | 'unplugged' | 'silent' | 'noise' | 'late'

export interface ScriptedJob {
  readonly id: number
  readonly name: string
  /** RFC 8011: 5 processing, 7 canceled, 8 aborted, 9 completed. */
  state: number
  impressions: number | undefined
}

interface Waiting {
  readonly answer: () => void
  readonly fail: (code: string) => void
}

/** Just after the driver has stopped waiting for the answer to a question. */
const LATE_MS = 3_500
const NOISE = Uint8Array.from({ length: 300 }, (_, index) => (index * 73) % 256)

/** A printer for tests on a simulated clock: answers IPP at once, as the test has set it, without any socket. */
export class ScriptedPrinter {
  line: Line = 'well'
  /** Requests of this operation wait until they are let go. */
  hold: Operation | undefined
  state = 3
  reasons: readonly string[] = ['none']
  media: readonly string[] = ['iso_a4_210x297mm']
  formats: readonly string[] = ['application/pdf']
  accepting = true
  otherJobs = 0
  lifeCount: number | undefined
  jobs: ScriptedJob[] = []
  asked: Operation[] = []
  /** How Print-Job is answered: an IPP status, `lost` after the job was made, or `dropped` before it. */
  printAnswer: number | 'lost' | 'dropped' = 0
  /** An HTTP status instead of any IPP answer. */
  httpStatus = 200
  #waiting: Waiting[] = []
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  readonly post: Post = ({ body, signal, onConnected }) => new Promise<HttpAnswer>((resolve, reject) => {
    const fail = (code: string): void => reject(Object.assign(new Error(code), { code }))
    if (this.line === 'unplugged') return fail('ECONNREFUSED')
    onConnected()
    const request = decodeAnswer(body)
    if (!request.ok) throw new Error('the driver sent what is no IPP')
    const operation = (Object.keys(OPERATIONS) as Operation[]).find((name) => OPERATIONS[name] === request.value.status)
    if (operation === undefined) throw new Error('unknown operation')
    this.asked.push(operation)
    const wait: Waiting = { fail, answer: () => this.#answer(operation, request.value.requestId, request.value.groups[0]?.attributes ?? new Map(), resolve, fail) }
    if (this.line === 'late') return void this.#clock.setTimeout(wait.answer, LATE_MS)
    if (this.line === 'silent' || this.hold === operation) {
      this.#waiting.push(wait)
      signal.addEventListener('abort', () => {
        this.#waiting = this.#waiting.filter((one) => one !== wait)
        fail('ABORT_ERR')
      })
      return
    }
    wait.answer()
  })

  /** Answers everything that waits, in the way the line is now. */
  letGo(): void {
    this.hold = undefined
    for (const one of this.#waiting.splice(0)) one.answer()
  }

  /** The line changes, also for what is under way. */
  becomes(line: Line): void {
    this.line = line
    this.hold = undefined
    if (line === 'unplugged') for (const one of this.#waiting.splice(0)) one.fail('ECONNRESET')
    if (line === 'noise' || line === 'well') this.letGo()
    if (line === 'late') for (const one of this.#waiting.splice(0)) this.#clock.setTimeout(one.answer, LATE_MS)
  }

  get newestJob(): ScriptedJob | undefined {
    return this.jobs.at(-1)
  }

  get printJobs(): number {
    return this.asked.filter((operation) => operation === 'printJob').length
  }

  #answer(operation: Operation, id: number, attributes: ReadonlyMap<string, readonly unknown[]>, resolve: (answer: HttpAnswer) => void, fail: (code: string) => void): void {
    if (this.line === 'noise') return resolve({ status: 200, body: NOISE })
    if (this.httpStatus !== 200) return resolve({ status: this.httpStatus, body: new Uint8Array() })
    const say = (status: number, ...groups: readonly (readonly [number, Attributes])[]): void => resolve({ status: 200, body: answerBytes(status, id, groups) })
    const job = this.jobs.find((one) => one.id === whole(attributes as never, 'job-id'))
    switch (operation) {
      case 'getPrinterAttributes': return say(0, [4, this.#printer()])
      case 'printJob': {
        if (this.printAnswer === 'dropped') return fail('ECONNRESET')
        if (typeof this.printAnswer === 'number' && this.printAnswer !== 0) return say(this.printAnswer)
        const made: ScriptedJob = { id: this.jobs.length + 1, name: word(attributes as never, 'job-name') ?? '', state: 5, impressions: 0 }
        this.jobs.push(made)
        return this.printAnswer === 'lost' ? fail('ECONNRESET') : say(0, [2, jobAttributes(made)])
      }
      case 'getJobAttributes': return job === undefined ? say(0x0406) : say(0, [2, jobAttributes(job)])
      case 'getJobs': {
        const finished = word(attributes as never, 'which-jobs') === 'completed'
        return say(0, ...this.jobs.filter((one) => one.state >= 7 === finished).map((one) => [2, jobAttributes(one)] as const))
      }
      case 'cancelJob': {
        if (job === undefined) return say(0x0406)
        if (job.state < 7) job.state = 7
        return say(0)
      }
    }
  }

  #printer(): Attributes {
    return {
      'printer-state': [[0x23, this.state]],
      'printer-state-reasons': this.reasons.map((reason) => [0x44, reason] as const),
      'printer-is-accepting-jobs': [[0x22, this.accepting]],
      'queued-job-count': [[0x21, this.otherJobs + this.jobs.filter((one) => one.state < 7).length]],
      'document-format-supported': this.formats.map((format) => [0x49, format] as const),
      'media-ready': this.media.map((media) => [0x44, media] as const),
      'sides-supported': [[0x44, 'one-sided'], [0x44, 'two-sided-long-edge']],
      'printer-make-and-model': [[0x41, 'Scripted']],
      ...(this.lifeCount !== undefined && { 'printer-impressions-completed': [[0x21, this.lifeCount]] }),
    }
  }
}

function jobAttributes({ id, name, state, impressions }: ScriptedJob): Attributes {
  return {
    'job-id': [[0x21, id]], 'job-name': [[0x42, name]], 'job-state': [[0x23, state]], 'job-state-reasons': [[0x44, 'none']],
    ...(impressions !== undefined && { 'job-impressions-completed': [[0x21, impressions]] }),
  }
}

/** RFC 8010 by hand. */
export function answerBytes(status: number, id: number, groups: readonly (readonly [number, Attributes])[]): Uint8Array {
  const bytes: number[] = [1, 1, status >> 8, status & 0xff, 0, 0, id >> 8, id & 0xff]
  const counted = (value: readonly number[]): number[] => [value.length >> 8, value.length & 0xff, ...value]
  for (const [tag, attributes] of groups) {
    bytes.push(tag)
    for (const [name, values] of Object.entries(attributes)) {
      values.forEach(([valueTag, value], index) => {
        const encoded = typeof value === 'string' ? [...new TextEncoder().encode(value)] : typeof value === 'boolean' ? [Number(value)] : [(value >> 24) & 0xff, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff]
        bytes.push(valueTag, ...counted(index === 0 ? [...new TextEncoder().encode(name)] : []), ...counted(encoded))
      })
    }
  }
  return Uint8Array.from([...bytes, 3])
}
