import type { Clock } from '../../core/clock/clock.ts'
import type { Transport, TransportError } from '../transport/transport.ts'
import type { CodeDecoder, DecodedCode } from './decoder.ts'

export interface LinkListeners {
  onCode(code: DecodedCode): void
  /** What comes cannot be a code, until `onQuiet`. */
  onNoise(): void
  onQuiet(): void
  onEnd(error: TransportError): void
}

/** An open transport with its decoder and the one timer that both need. A scanner is only listened to. */
export class ScannerLink {
  readonly decoder: CodeDecoder
  readonly #transport: Transport
  readonly #clock: Clock
  readonly #listeners: LinkListeners
  #silence: unknown
  #closed = false

  constructor(transport: Transport, decoder: CodeDecoder, clock: Clock, listeners: LinkListeners) {
    this.decoder = decoder
    this.#transport = transport
    this.#clock = clock
    this.#listeners = listeners
    transport.onData((chunk) => {
      this.#tell(() => this.decoder.push(chunk))
      // The chunk held a part of a code; nobody else reads it.
      chunk.fill(0)
      this.#clock.clearTimeout(this.#silence)
      if (!this.#closed && this.decoder.isWaiting) this.#silence = this.#clock.setTimeout(() => this.#tell(() => this.decoder.silence()), this.decoder.silenceMs)
    })
    transport.onEnd((error) => {
      this.#finish()
      this.#listeners.onEnd(error)
    })
  }

  async close(): Promise<void> {
    this.#finish()
    await this.#transport.close()
  }

  #tell(work: () => readonly DecodedCode[]): void {
    const wasNoisy = this.decoder.isNoisy
    const codes = work()
    if (wasNoisy && !this.decoder.isNoisy) this.#listeners.onQuiet()
    for (const code of codes) this.#listeners.onCode(code)
    if (!wasNoisy && this.decoder.isNoisy) this.#listeners.onNoise()
  }

  #finish(): void {
    this.#closed = true
    this.#clock.clearTimeout(this.#silence)
    this.decoder.reset()
  }
}
