import type { DeviceState } from '../../core/device/status.ts'
import type { PrintObstacle } from '../../core/device/operations.ts'
import { bytesOfHex, escpos } from './escpos.ts'
import { canTell, type BitRule, type PrinterCondition, type ReceiptPrinterProfile } from './profile.ts'

/** One thing that a printer said, cut out of the stream of its bytes. */
export type PrinterMessage =
  /** Answer to `10 04 n`; which n it answers is known only from the order of the questions. */
  | { readonly kind: 'real-time'; readonly byte: number }
  /** Automatic status: four bytes, sent by the printer on every change. */
  | { readonly kind: 'automatic'; readonly bytes: readonly [number, number, number, number] }
  | { readonly kind: 'process-id'; readonly id: string }
  | { readonly kind: 'buffers-cleared' }
  | { readonly kind: 'offline-response'; readonly bytes: readonly number[] }
  /** Answer to `1D 72 n`, given in order with the printing. */
  | { readonly kind: 'in-order'; readonly byte: number }
  | { readonly kind: 'identity'; readonly text: string }
  /** Answer to `10 04 14`: four bytes after their header. */
  | { readonly kind: 'full'; readonly bytes: readonly [number, number, number, number] }
  /** The byte that a question was waiting for, of models whose answers have no mark of their own. */
  | { readonly kind: 'plain'; readonly byte: number }
  /** Bytes that fit nothing: counted for the log, never believed. */
  | { readonly kind: 'noise'; readonly byte: number }

const XON = 0x11
const XOFF = 0x13
/** A block that stops arriving for this long is given up, so that a lost byte cannot swallow the answers after it. */
const BLOCK_GAP_MS = 300
const LONGEST_BLOCK_BYTES = 80

/** What the next answer looks like, for bytes that do not say it themselves. */
export type Expected = 'real-time' | 'plain' | 'full'

const FULL_HEADER = [0x10, 0x0f] as const

type Block =
  | { readonly kind: 'full-header' }
  | { readonly kind: 'full'; readonly bytes: number[] }
  | { readonly kind: 'automatic'; readonly bytes: number[] }
  | { readonly kind: 'header' }
  | { readonly kind: 'response'; readonly type: 'process-id' | 'offline-response' | 'buffers-cleared'; readonly bytes: number[] }
  | { readonly kind: 'identity'; readonly bytes: number[] }

/**
 * Cuts the printer's bytes into messages (facts 3.3). Bytes may come split, joined and between each other. Never throws;
 * holds at most one unfinished block of 80 bytes.
 */
export class PrinterMessageParser {
  readonly #isRealTime: (byte: number) => boolean
  readonly #hasFixedBits: boolean
  readonly #hasFullStatus: boolean
  #expected: Expected | undefined
  #block: Block | undefined
  #lastByteAt = 0

  constructor(profile: ReceiptPrinterProfile) {
    const fixed = profile.status.fixedBits
    this.#hasFixedBits = fixed !== null
    this.#hasFullStatus = profile.status.full !== null
    const mask = fixed === null ? 0 : Number.parseInt(fixed.mask, 16)
    const equals = fixed === null ? 0 : Number.parseInt(fixed.equals, 16)
    this.#isRealTime = (byte) => (byte & mask) === equals
  }

  /** What has just been asked; undefined when no answer is due. */
  expect(expected: Expected | undefined): void {
    this.#expected = expected
  }

  /** `nowMs` is when the chunk arrived. */
  push(chunk: Uint8Array, nowMs: number): PrinterMessage[] {
    const messages: PrinterMessage[] = []
    if (this.#block !== undefined && nowMs - this.#lastByteAt > BLOCK_GAP_MS) this.#abandon(messages)
    if (chunk.length > 0) this.#lastByteAt = nowMs
    for (const byte of chunk) if ((byte !== XON && byte !== XOFF) || this.#block?.kind === 'full') this.#take(byte, messages)
    return messages
  }

  /** Number of bytes held back for an unfinished block. */
  get held(): number {
    const block = this.#block
    if (block === undefined) return 0
    return block.kind === 'header' || block.kind === 'full-header' ? 1 : block.bytes.length
  }

  #take(byte: number, messages: PrinterMessage[]): void {
    const block = this.#block
    if (block === undefined) return this.#begin(byte, messages)
    switch (block.kind) {
      case 'automatic': {
        block.bytes.push(byte)
        const [first, second, third, fourth] = block.bytes
        if (first === undefined || second === undefined || third === undefined || fourth === undefined) return
        messages.push({ kind: 'automatic', bytes: [first, second, third, fourth] })
        this.#block = undefined
        return
      }
      case 'full-header': {
        if (byte === FULL_HEADER[1]) {
          this.#block = { kind: 'full', bytes: [] }
          return
        }
        // The first byte of an automatic status after all.
        this.#block = { kind: 'automatic', bytes: [FULL_HEADER[0]] }
        return this.#take(byte, messages)
      }
      case 'full': {
        block.bytes.push(byte)
        const [first, second, third, fourth] = block.bytes
        if (first === undefined || second === undefined || third === undefined || fourth === undefined) return
        messages.push({ kind: 'full', bytes: [first, second, third, fourth] })
        this.#block = undefined
        return
      }
      case 'header': {
        const type = byte === 0x22 ? 'process-id' : byte === 0x23 ? 'offline-response' : byte === 0x25 ? 'buffers-cleared' : undefined
        if (type !== undefined) {
          this.#block = { kind: 'response', type, bytes: [] }
          return
        }
        // Not a block after all: `37` alone may be an answer of a printer without fixed bits.
        this.#block = undefined
        messages.push({ kind: 'noise', byte: 0x37 })
        return this.#begin(byte, messages)
      }
      case 'response': {
        if (byte === 0x00) {
          this.#block = undefined
          messages.push(finishResponse(block.type, block.bytes))
          return
        }
        if (byte < 0x20) {
          // Responses hold printable bytes only, so this is a status byte that came between.
          if (this.#hasFixedBits && this.#isRealTime(byte)) messages.push({ kind: 'real-time', byte })
          else {
            this.#abandon(messages)
            this.#begin(byte, messages)
          }
          return
        }
        block.bytes.push(byte)
        if (block.bytes.length > LONGEST_BLOCK_BYTES - 2 || byte > 0x7f) this.#abandon(messages)
        return
      }
      case 'identity': {
        if (byte === 0x00) {
          this.#block = undefined
          messages.push({ kind: 'identity', text: String.fromCharCode(...block.bytes) })
          return
        }
        block.bytes.push(byte)
        if (block.bytes.length > LONGEST_BLOCK_BYTES - 2 || byte < 0x20 || byte > 0x7e) this.#abandon(messages)
        return
      }
    }
  }

  #begin(byte: number, messages: PrinterMessage[]): void {
    if (this.#expected === 'plain') {
      this.#expected = undefined
      messages.push({ kind: 'plain', byte })
    } else if (this.#hasFullStatus && byte === FULL_HEADER[0] && (this.#hasFixedBits || this.#expected === 'full')) this.#block = { kind: 'full-header' }
    else if (byte === 0x37) this.#block = { kind: 'header' }
    else if (byte === 0x5f) this.#block = { kind: 'identity', bytes: [] }
    // Without fixed bits any byte may be an answer, but only where one is due.
    else if ((this.#hasFixedBits || this.#expected === 'real-time') && this.#isRealTime(byte)) {
      this.#expected = undefined
      messages.push({ kind: 'real-time', byte })
    } else if ((byte & 0x93) === 0x10) this.#block = { kind: 'automatic', bytes: [byte] }
    else if ((byte & 0x90) === 0x00) messages.push({ kind: 'in-order', byte })
    else messages.push({ kind: 'noise', byte })
  }

  #abandon(messages: PrinterMessage[]): void {
    const block = this.#block
    this.#block = undefined
    if (block === undefined) return
    messages.push({ kind: 'noise', byte: block.kind === 'automatic' ? (block.bytes[0] ?? 0) : block.kind === 'identity' ? 0x5f : block.kind === 'full' || block.kind === 'full-header' ? FULL_HEADER[0] : 0x37 })
  }
}

function finishResponse(type: 'process-id' | 'offline-response' | 'buffers-cleared', bytes: readonly number[]): PrinterMessage {
  if (type === 'process-id' && bytes.length === 4) return { kind: 'process-id', id: String.fromCharCode(...bytes) }
  if (type === 'buffers-cleared' && bytes.length === 0) return { kind: 'buffers-cleared' }
  if (type === 'offline-response') return { kind: 'offline-response', bytes }
  return { kind: 'noise', byte: 0x37 }
}

/** The four answers of one round of the common questions: printer, cause of offline, error, paper. */
export type RealTimeAnswers = readonly [number, number, number, number]

/** What holds of the printer, read with the model's own table. */
export type PrinterConditions = ReadonlySet<PrinterCondition>

/** One question of a round, what its answer looks like, and what each byte of it means. */
export interface StatusQuestion {
  readonly bytes: Uint8Array
  readonly expects: Expected
  readonly tables: readonly (readonly BitRule[])[]
  /** Asked in line with the print data: no answer says nothing. */
  readonly mayStaySilent: boolean
}

/** The questions of one round for this model. While a receipt is on its way only those that are answered out of line. */
export function questionsOf(profile: ReceiptPrinterProfile, isIdle: boolean): readonly StatusQuestion[] {
  const { ask, realTime, full, more } = profile.status
  const questions: StatusQuestion[] = []
  if (ask !== 'full') {
    for (const [n, rules] of [[1, realTime.printer], [2, realTime.offlineCause], [3, realTime.error], [4, realTime.paper]] as const) {
      questions.push({ bytes: escpos.realTimeStatus(n), expects: 'real-time', tables: [rules], mayStaySilent: false })
    }
  }
  if (ask !== 'four' && full !== null) questions.push({ bytes: bytesOfHex(full.question), expects: 'full', tables: full.bytes, mayStaySilent: false })
  for (const { question, rules, when } of more) {
    if (when === 'idle' && !isIdle) continue
    const bytes = bytesOfHex(question)
    questions.push({ bytes, expects: bytes[0] === 0x10 && bytes[1] === 0x04 ? 'real-time' : 'plain', tables: [rules], mayStaySilent: when === 'idle' })
  }
  return questions
}

export function conditionsOfAnswers(answers: RealTimeAnswers, profile: ReceiptPrinterProfile): PrinterConditions {
  const { printer, offlineCause, error, paper } = profile.status.realTime
  return conditionsOf([[answers[0], printer], [answers[1], offlineCause], [answers[2], error], [answers[3], paper]])
}

export function conditionsOfAutomatic(bytes: readonly [number, number, number, number], profile: ReceiptPrinterProfile): PrinterConditions {
  const tables = profile.status.automatic
  return conditionsOf([[bytes[0], tables[0]], [bytes[1], tables[1]], [bytes[2], tables[2]], [bytes[3], tables[3]]])
}

/** Reads bytes with their tables. */
export function conditionsOf(readings: readonly (readonly [number, readonly BitRule[]])[]): PrinterConditions {
  const conditions = new Set<PrinterCondition>()
  for (const [byte, rules] of readings) {
    for (const rule of rules) {
      const mask = Number.parseInt(rule.mask, 16)
      if ((byte & mask) === (rule.equals === undefined ? mask : Number.parseInt(rule.equals, 16))) conditions.add(rule.means)
    }
  }
  return conditions
}

const BLOCKING_ORDER: readonly (readonly [PrinterCondition, PrintObstacle])[] = [
  ['cover-open', 'cover-open'],
  ['jam', 'jam'],
  ['paper-end', 'no-paper'],
  ['cutter-fault', 'cutter-fault'],
  ['unrecoverable-fault', 'fault'],
  ['mechanical-fault', 'fault'],
  ['error', 'fault'],
  ['offline', 'fault'],
]

/**
 * The reason why the printer cannot print now; the first cause that a person can mend wins over its consequences. A hot
 * head (`recovers-by-itself`) explains offline and error, and is waited for.
 */
export function obstacleOf(conditions: PrinterConditions): PrintObstacle | undefined {
  return BLOCKING_ORDER.find(([condition]) => conditions.has(condition) && !(conditions.has('recovers-by-itself') && (condition === 'error' || condition === 'offline')))?.[1]
}

/**
 * Answers that cannot all be true at one moment, as printers give them around a change: online with a stopped print, or
 * offline for no cause. They are asked again before they are believed.
 */
export function isContradictory(conditions: PrinterConditions, profile?: ReceiptPrinterProfile): boolean {
  // A model that does not tell whether it is offline cannot contradict itself in that.
  if (profile !== undefined && !canTell(profile, 'offline')) return false
  const causes: readonly PrinterCondition[] = ['cover-open', 'paper-end', 'jam', 'cutter-fault', 'mechanical-fault', 'unrecoverable-fault', 'error', 'recovers-by-itself']
  const hasCause = causes.some((cause) => conditions.has(cause))
  return conditions.has('offline') !== hasCause
}

/** The public state for what the printer said of itself. */
export function deviceStateOf(conditions: PrinterConditions): { readonly state: DeviceState; readonly code?: string } {
  const obstacle = obstacleOf(conditions)
  const code = [...conditions].filter((condition) => condition !== 'ticket-at-output' && condition !== 'paper-moving').sort().join('+')
  switch (obstacle) {
    case undefined:
      return conditions.has('near-end') ? { state: 'paper-low', code } : { state: 'ready' }
    case 'no-paper':
    case 'cover-open':
    case 'jam':
    case 'cutter-fault':
      return { state: obstacle, code }
    default:
      return { state: 'fault', code }
  }
}
