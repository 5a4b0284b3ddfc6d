import type { SimulatedClock } from '../../../core/clock/simulated-clock.ts'
import { delay } from '../../../core/clock/clock.ts'
import { err, ok } from '../../../core/result/result.ts'
import type { ReaderLine } from '../openers.ts'
import type { Transport, TransportError } from '../../transport/transport.ts'
import { reply } from './replies.ts'

const COMMANDS: Readonly<Record<string, string>> = { '10ff': 'reset', '11ff': 'status', '12ff': 'sam-number', '2001': 'find', '2002': 'select', '3001': 'read', '3003': 'more-addresses' }

/** One piece of what the reader says: after a wait on the test's clock. */
export interface Piece {
  readonly afterMs: number
  readonly bytes: Uint8Array
}

export type Answer = Uint8Array | readonly Piece[] | 'silence'

export const SAM_NUMBER = Uint8Array.from([5, 0, 1, 0, 0x20, 0xa1, 0x33, 0x01, 0x87, 0xd6, 0x12, 0, 0, 0, 0, 0])

/**
 * A reader at the other end of a transport that exists only on a simulated clock. It answers each command with what the
 * test laid out for it: the next of `next[command]`, else `usual[command]`, else like a healthy reader without a card.
 */
export class ScriptedReader {
  readonly sent: { readonly atMs: number; readonly command: string }[] = []
  readonly usual: Record<string, Answer> = {}
  readonly next: Record<string, Answer[]> = {}
  /** Every chunk that was handed over, as the receiver left it. */
  readonly delivered: Uint8Array[] = []
  opens = 0
  /** What the cable does to everything that is said from now on: nothing, swallow it, or spoil it. */
  cable: 'clean' | 'silent' | 'noisy' = 'clean'
  /** The next thing said comes so much later, once. */
  lateOnceMs = 0
  openMs = 0
  closeMs = 0
  speaks: ReaderLine['speaks'] = 'sam'
  /** While set, opening fails with it. */
  absent: TransportError | undefined
  /** The reader hears nothing on other lines than this one. */
  onlyLine: string | undefined
  readonly #clock: SimulatedClock
  #data = new Set<(chunk: Uint8Array) => void>()
  #end = new Set<(error: TransportError) => void>()
  #isOpen = false
  readonly #timers = new Set<number>()

  constructor(clock: SimulatedClock) {
    this.#clock = clock
  }

  commands(): string[] {
    return this.sent.map(({ command }) => command)
  }

  line(label = 'test', settleMs = 0): ReaderLine {
    return {
      label,
      speaks: this.speaks,
      timing: { silenceMs: 300 },
      settleMs,
      open: async () => {
        this.opens += 1
        if (this.openMs > 0) await delay(this.#clock, this.openMs)
        if (this.absent !== undefined) return err(this.absent)
        this.#isOpen = true
        return ok(this.#transport(label))
      },
    }
  }

  /** The cable is pulled; what was on its way is lost. */
  unplug(): void {
    this.forget()
    this.absent = { kind: 'not-found', detail: 'pulled' }
    this.#isOpen = false
    const listeners = [...this.#end]
    this.#data.clear()
    this.#end.clear()
    for (const listener of listeners) listener({ kind: 'disconnected', detail: 'pulled' })
  }

  plug(): void {
    this.absent = undefined
  }

  /** What was to be said is not said any more. */
  forget(): void {
    for (const timer of this.#timers) this.#clock.clearTimeout(timer)
    this.#timers.clear()
  }

  /** Says something unasked. */
  say(bytes: Uint8Array): void {
    if (this.cable === 'silent') return
    if (this.lateOnceMs > 0) {
      const lateMs = this.lateOnceMs
      this.lateOnceMs = 0
      return this.#later(lateMs, bytes)
    }
    const chunk = this.cable === 'noisy' ? spoiled(bytes) : bytes.slice()
    this.delivered.push(chunk)
    for (const listener of [...this.#data]) listener(chunk)
  }

  #transport(label: string): Transport {
    return {
      write: async (bytes) => {
        if (!this.#isOpen) return err({ kind: 'disconnected', detail: 'pulled' })
        const code = Buffer.from(bytes.subarray(7, 9)).toString('hex')
        const command = COMMANDS[code] ?? code
        this.sent.push({ atMs: this.#clock.now(), command })
        if (this.onlyLine === undefined || this.onlyLine === label) this.#answer(this.next[command]?.shift() ?? this.usual[command] ?? healthy(command))
        return ok(undefined)
      },
      discardInput: async () => undefined,
      onData: (listener) => {
        this.#data.add(listener)
        return () => this.#data.delete(listener)
      },
      onEnd: (listener) => {
        this.#end.add(listener)
        return () => this.#end.delete(listener)
      },
      close: async () => {
        this.#isOpen = false
        this.#data.clear()
        this.#end.clear()
        if (this.closeMs > 0) await delay(this.#clock, this.closeMs)
      },
    }
  }

  #answer(answer: Answer): void {
    if (answer === 'silence') return
    const pieces = answer instanceof Uint8Array ? [{ afterMs: 10, bytes: answer }] : answer
    let afterMs = 0
    for (const piece of pieces) {
      afterMs += piece.afterMs
      this.#later(afterMs, piece.bytes)
    }
  }

  #later(afterMs: number, bytes: Uint8Array): void {
    const timer = this.#clock.setTimeout(() => {
      this.#timers.delete(timer)
      this.say(bytes)
    }, afterMs)
    this.#timers.add(timer)
  }
}

/** One byte in seven is another one, and stray bytes that look like a head stand around. */
function spoiled(bytes: Uint8Array): Uint8Array {
  const stray = [0xaa, 0xaa, 0x96, 0x00, 0xaa, 0xaa, 0xaa, 0x96, 0x69, 0x00]
  return Uint8Array.from([...stray, ...bytes.map((byte, index) => (index % 7 === 5 ? byte ^ 0x24 : byte)), ...stray])
}

function healthy(command: string): Uint8Array {
  switch (command) {
    case 'sam-number':
      return reply(0x90, SAM_NUMBER)
    case 'find':
      return reply(0x80)
    case 'select':
      return reply(0x81)
    case 'read':
      return reply(0x41)
    case 'more-addresses':
      return reply(0x91)
    default:
      return reply(0x90)
  }
}
