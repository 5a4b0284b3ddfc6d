import { delay } from '../../../core/clock/clock.ts'
import type { Clock } from '../../../core/clock/clock.ts'
import { err, ok } from '../../../core/result/result.ts'
import type { Transport, TransportError } from '../../transport/transport.ts'
import type { CodeDecoder } from '../decoder.ts'
import type { ScannerLine } from '../openers.ts'
import { StreamDecoder } from '../stream.ts'

/** A scanner at the other end of a transport that exists only in memory. */
export class ScriptedScanner {
  opens = 0
  /** While set, opening fails with it. */
  absent: TransportError | undefined
  /** Opening and closing take so long. */
  openMs = 0
  closeMs = 0
  /** The operating system takes so long to say whether the device is there. */
  presentMs = 0
  /** What it says then. */
  present: () => Promise<boolean> = async () => this.absent === undefined
  /** Every chunk that was handed over, as the receiver left it. */
  readonly delivered: Uint8Array[] = []
  readonly #clock: Clock
  #data = new Set<(chunk: Uint8Array) => void>()
  #end = new Set<(error: TransportError) => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  line(decoder: () => CodeDecoder = () => new StreamDecoder('cr')): ScannerLine {
    return {
      label: 'test',
      decoder,
      present: async () => {
        if (this.presentMs > 0) await delay(this.#clock, this.presentMs)
        return this.present()
      },
      open: async () => {
        this.opens += 1
        if (this.openMs > 0) await delay(this.#clock, this.openMs)
        if (this.absent !== undefined) return err(this.absent)
        return ok(this.#transport())
      },
    }
  }

  say(bytes: Uint8Array | string): void {
    const chunk = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes.slice()
    this.delivered.push(chunk)
    for (const listener of [...this.#data]) listener(chunk)
  }

  unplug(): void {
    this.absent = { kind: 'not-found', detail: 'pulled' }
    const listeners = [...this.#end]
    this.#data.clear()
    this.#end.clear()
    for (const listener of listeners) listener({ kind: 'disconnected', detail: 'pulled' })
  }

  plug(): void {
    this.absent = undefined
    this.presentMs = 0
    this.closeMs = 0
    this.present = async () => this.absent === undefined
  }

  #transport(): Transport {
    return {
      write: async () => ok(undefined),
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
        if (this.closeMs > 0) await delay(this.#clock, this.closeMs)
        this.#data.clear()
        this.#end.clear()
      },
    }
  }
}
