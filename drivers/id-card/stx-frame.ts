import type { ReplyDecoder } from './dialect.ts'
import type { FrameCounters, ReplyFrame } from './frame.ts'

/**
 * Envelope E, the language of multi-in-one readers (华旭, 握奇, 中盾, 同方) that do the SAM's steps by themselves:
 *
 *   02 | length (2, big-endian) | data | LRC (XOR of data) | 03
 *
 * Data of a request is a command of two bytes and its parameters, of a reply a status of two bytes and the payload. In the
 * nibble variant each byte between 02 and 03 goes as two, high half first, each half plus 30.
 */
export type StxWriting = 'bytes' | 'nibbles'

const START = 0x02
const END = 0x03
const NIBBLE = 0x30
/** Of what surrounds the data: 02, length, LRC, 03. */
const AROUND_BYTES = 5
const STATUS_BYTES = 2
/** As for the SAM's frame: no reader sends more than about 2300 bytes. */
const MOST_DATA_BYTES = 4096

export function encodeStx(data: Uint8Array, writing: StxWriting = 'bytes'): Uint8Array {
  const inner = Uint8Array.from([data.length >> 8, data.length & 0xff, ...data, lrcOf(data, 0, data.length)])
  const written = writing === 'bytes' ? inner : inner.reduce<number[]>((halves, byte) => [...halves, NIBBLE + (byte >> 4), NIBBLE + (byte & 0x0f)], [])
  return Uint8Array.from([START, ...written, END])
}

/**
 * Finds replies in a stream that comes in any pieces. What is no frame is dropped byte by byte, so that a good frame which
 * begins inside a broken one is still found. Status bytes stand in `sw1` and `sw2`; `sw3` is 0. Holds at most one largest
 * frame beyond what one call brings, and overwrites with zeros what it lets go.
 */
export class StxDecoder implements ReplyDecoder {
  readonly #writing: StxWriting
  #waiting: Uint8Array = new Uint8Array(0)
  #xorFailures = 0
  #badLengths = 0
  #discardedBytes = 0

  constructor(writing: StxWriting = 'bytes') {
    this.#writing = writing
  }

  get counters(): FrameCounters {
    return { xorFailures: this.#xorFailures, badLengths: this.#badLengths, discardedBytes: this.#discardedBytes }
  }

  get pendingBytes(): number {
    return this.#waiting.length
  }

  get pendingLength(): number | undefined {
    return this.#at(0) === undefined || this.#at(1) === undefined ? undefined : this.#length()
  }

  push(chunk: Uint8Array): ReplyFrame[] {
    const joined = new Uint8Array(this.#waiting.length + chunk.length)
    joined.set(this.#waiting)
    joined.set(chunk, this.#waiting.length)
    this.#waiting.fill(0)
    this.#waiting = joined
    return this.#search()
  }

  giveUp(): ReplyFrame[] {
    const frames: ReplyFrame[] = []
    while (this.#waiting.length > 0) {
      this.#drop(1)
      frames.push(...this.#search())
    }
    return frames
  }

  reset(): void {
    this.#drop(this.#waiting.length)
  }

  #search(): ReplyFrame[] {
    const frames: ReplyFrame[] = []
    for (;;) {
      const start = this.#waiting.indexOf(START)
      this.#drop(start < 0 ? this.#waiting.length : start)
      const state = this.#look()
      if (state === 'more') return frames
      if (state === 'none') {
        this.#drop(1)
        continue
      }
      frames.push(state)
      this.#take(this.#wholeBytes())
    }
  }

  /** What stands at the front: a whole frame, the beginning of one, or neither. */
  #look(): ReplyFrame | 'more' | 'none' {
    for (const index of [0, 1]) {
      const byte = this.#at(index)
      if (byte === undefined) return 'more'
      if (Number.isNaN(byte)) return 'none'
    }
    const length = this.#length()
    if (length < STATUS_BYTES || length > MOST_DATA_BYTES) {
      this.#badLengths += 1
      return 'none'
    }
    if (this.#waiting.length < this.#wholeBytes()) return 'more'
    if (this.#waiting[this.#wholeBytes() - 1] !== END) return 'none'
    const data = Uint8Array.from({ length }, (_, index) => this.#at(2 + index) ?? 0)
    if (lrcOf(data, 0, length) !== this.#at(2 + length)) {
      this.#xorFailures += 1
      data.fill(0)
      return 'none'
    }
    const frame: ReplyFrame = { sw1: data[0] ?? 0, sw2: data[1] ?? 0, sw3: 0, data: data.slice(STATUS_BYTES) }
    data.fill(0)
    return frame
  }

  /** The byte at a place after 02; undefined when it has not come, NaN when what stands there is no pair of halves. */
  #at(index: number): number | undefined {
    if (this.#writing === 'bytes') return this.#waiting[1 + index]
    const [high, low] = [this.#waiting[1 + 2 * index], this.#waiting[2 + 2 * index]]
    if (high === undefined || low === undefined) return undefined
    return high >> 4 === 3 && low >> 4 === 3 ? ((high & 0x0f) << 4) | (low & 0x0f) : Number.NaN
  }

  #length(): number {
    return ((this.#at(0) ?? 0) << 8) | (this.#at(1) ?? 0)
  }

  /** Bytes of the whole frame at the front, by its length word. */
  #wholeBytes(): number {
    const inner = AROUND_BYTES - 2 + this.#length()
    return 2 + (this.#writing === 'bytes' ? inner : 2 * inner)
  }

  #drop(count: number): void {
    this.#discardedBytes += count
    this.#take(count)
  }

  #take(count: number): void {
    if (count === 0) return
    this.#waiting.fill(0, 0, count)
    // A view: cutting one byte after another out of a flood of noise must not copy it each time.
    this.#waiting = this.#waiting.subarray(count)
  }
}

function lrcOf(bytes: Uint8Array, start: number, end: number): number {
  let check = 0
  for (let index = start; index < end; index++) check ^= bytes[index] ?? 0
  return check
}
