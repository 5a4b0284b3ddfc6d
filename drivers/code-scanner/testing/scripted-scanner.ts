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
  /** While set, opening waits for it. */
  opening: Promise<void> | undefined
  /** What the operating system says about the device; a function that waits holds the heartbeat. */
  present: () => Promise<boolean> = async () => this.absent === undefined
  /** Every chunk that was handed over, as the receiver left it. */
  readonly delivered: Uint8Array[] = []
  #data = new Set<(chunk: Uint8Array) => void>()
  #end = new Set<(error: TransportError) => void>()

  line(decoder: () => CodeDecoder = () => new StreamDecoder('cr')): ScannerLine {
    return {
      label: 'test',
      decoder,
      present: () => this.present(),
      open: async () => {
        this.opens += 1
        await this.opening
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
        this.#data.clear()
        this.#end.clear()
      },
    }
  }
}
