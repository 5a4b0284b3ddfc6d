import { err, ok, type Result } from '../../../core/result/result.ts'
import type { OpenTransport, Transport, TransportError } from '../../transport/transport.ts'

/**
 * The other end of a printer's wire in unit tests: answers status questions with the bytes it is given, keeps what it was
 * sent, and says anything else only when the test makes it.
 */
export class ScriptedPrinter {
  /** Answers to `10 04 1`–`4`; undefined = no answer. The test changes them at will. */
  answers: [number, number, number, number] | undefined = [0x12, 0x12, 0x12, 0x12]
  /** The four bytes of the full status (10 04 14); undefined = no answer. */
  full: [number, number, number, number] | undefined = [0x00, 0x00, 0x00, 0x00]
  /** Says nothing any more, whatever it is asked or made to say. */
  isMute = false
  /** Keeps what it says until it is let go. */
  isHolding = false
  /** Whether `10 14 08 …` is answered. */
  clears = true
  /** Called for each answer to a status question, so that a test can change the answers in the middle of a round. */
  onQuestion: (n: number) => void = () => undefined
  openResult: TransportError | undefined
  writeError: TransportError | undefined
  opened = 0
  closed = 0
  clearsAsked = 0
  /** Whether an in-order question that stands by itself is answered; at the end of a receipt the test answers. */
  answersInOrder = true
  inOrderAsked = 0
  #held: number[] = []
  #sent: number[] = []
  #data: ((chunk: Uint8Array) => void) | undefined
  #end: ((error: TransportError) => void) | undefined

  readonly open: OpenTransport = () => {
    if (this.openResult !== undefined) return Promise.resolve(err(this.openResult))
    this.opened += 1
    return Promise.resolve(ok(this.#transport()))
  }

  /** Bytes without status questions and clearing. */
  get sent(): Uint8Array {
    return Uint8Array.from(this.#sent)
  }

  get sentHex(): string {
    return Buffer.from(this.#sent).toString('hex')
  }

  forget(): void {
    this.#sent = []
  }

  says(...bytes: number[]): void {
    if (this.isMute) return
    if (this.isHolding) {
      this.#held.push(...bytes)
      return
    }
    this.#data?.(Uint8Array.from(bytes))
  }

  saysProcessId(id: string): void {
    this.says(0x37, 0x22, ...Buffer.from(id, 'latin1'), 0x00)
  }

  letGo(): void {
    this.isHolding = false
    this.says(...this.#held.splice(0))
  }

  isPulled(): void {
    const end = this.#end
    this.#data = undefined
    this.#end = undefined
    end?.({ kind: 'disconnected', detail: 'pulled' })
  }

  #transport(): Transport {
    return {
      write: (bytes) => this.#take(bytes),
      discardInput: () => Promise.resolve(),
      onData: (listener) => {
        this.#data = listener
        return () => {
          if (this.#data === listener) this.#data = undefined
        }
      },
      onEnd: (listener) => {
        this.#end = listener
        return () => {
          if (this.#end === listener) this.#end = undefined
        }
      },
      close: () => {
        this.closed += 1
        return Promise.resolve()
      },
    }
  }

  #take(bytes: Uint8Array): Promise<Result<void, TransportError>> {
    const n = bytes.length === 3 && bytes[0] === 0x10 && bytes[1] === 0x04 ? bytes[2] : undefined
    if (n !== undefined) {
      this.onQuestion(n)
      if (n === 0x14) {
        const { full } = this
        if (full !== undefined) queueMicrotask(() => this.says(0x10, 0x0f, ...full))
        return Promise.resolve(ok(undefined))
      }
      const answer = this.answers?.[n - 1]
      if (answer !== undefined) queueMicrotask(() => this.says(answer))
      return Promise.resolve(ok(undefined))
    }
    if (bytes.length === 10 && bytes[0] === 0x10 && bytes[1] === 0x14) {
      this.clearsAsked += 1
      if (this.clears) queueMicrotask(() => this.says(0x37, 0x25, 0x00))
      return Promise.resolve(ok(undefined))
    }
    if (bytes.length === 3 && bytes[0] === 0x1d && bytes[1] === 0x72) {
      this.inOrderAsked += 1
      if (this.answersInOrder) queueMicrotask(() => this.says(0x00))
      return Promise.resolve(ok(undefined))
    }
    if (this.writeError !== undefined) return Promise.resolve(err(this.writeError))
    this.#sent.push(...bytes)
    return Promise.resolve(ok(undefined))
  }
}
