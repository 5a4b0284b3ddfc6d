/** The longest code that is taken, in bytes: 4296 is what the largest QR code holds in letters and digits. */
export const LONGEST_CODE_BYTES = 4296

/** One whole code as the scanner gave it. Whoever takes it overwrites `bytes` when they are done. */
export interface DecodedCode {
  readonly bytes: Uint8Array
  /** AIM identifier such as `]Q1`, where the scanner tells it. */
  readonly aim?: string
}

/** Counts since the decoder was made; for the health page. */
export interface DecoderCounters {
  /** Times that what came could not be a code, each counted once until the line is quiet again. */
  readonly noises: number
  /** Codes above {@link LONGEST_CODE_BYTES}, dropped whole. */
  readonly overlong: number
  /** Codes that began and never came to their end. */
  readonly halves: number
}

/**
 * Makes codes out of what a transport delivers, in any pieces. It has no clock: its owner calls `silence` when nothing has
 * come for `silenceMs`. It holds at most one longest code and overwrites with zeros what it lets go.
 */
export interface CodeDecoder {
  readonly silenceMs: number
  /** Whether `silence` would still change anything. */
  readonly isWaiting: boolean
  /** What comes now cannot be trusted; true until the line has been silent. */
  readonly isNoisy: boolean
  readonly counters: DecoderCounters
  /** The caller keeps its chunk. */
  push(chunk: Uint8Array): readonly DecodedCode[]
  silence(): readonly DecodedCode[]
  reset(): void
}

/** A code that grows, in a buffer of fixed size. */
export class CodeBuffer {
  readonly #bytes: Uint8Array
  #length = 0

  constructor(capacity = LONGEST_CODE_BYTES) {
    this.#bytes = new Uint8Array(capacity)
  }

  get length(): number {
    return this.#length
  }

  /** The byte at this place from the end, 1 being the last. */
  fromEnd(place: number): number | undefined {
    return place <= this.#length ? this.#bytes[this.#length - place] : undefined
  }

  /** False when it does not fit: nothing is added then. */
  add(bytes: Uint8Array): boolean {
    if (this.#length + bytes.length > this.#bytes.length) return false
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
    return true
  }

  addByte(byte: number): boolean {
    if (this.#length === this.#bytes.length) return false
    this.#bytes[this.#length] = byte
    this.#length += 1
    return true
  }

  /** Copies a part out; the rest is overwritten. */
  take(start = 0, end = this.#length): Uint8Array {
    const taken = this.#bytes.slice(start, end)
    this.clear()
    return taken
  }

  clear(): void {
    this.#bytes.fill(0, 0, this.#length)
    this.#length = 0
  }
}
