/**
 * The frame of every ID-card reader with a SAM:
 *
 *   AA AA AA 96 69 | LEN (2, big-endian, counts what follows it) | body (LEN − 1) | CHK (XOR of LEN and body)
 *
 * A request body is CMD, PARA and data; a reply body is SW1, SW2, SW3 and data. Nothing is escaped: the preamble may stand
 * inside photo bytes.
 */
const PREAMBLE = [0xaa, 0xaa, 0xaa, 0x96, 0x69] as const
const HEAD_BYTES = 7
/** The smallest reply: three status bytes and the check byte. LEN 0000 would pass the XOR, so the bound is explicit. */
const LEAST_REPLY_LENGTH = 4
/** No reader is known to send more than 090A; anything above is noise that looks like a head. */
const MOST_REPLY_LENGTH = 4096

/** One reply as it came, with its check byte already proved. */
export interface ReplyFrame {
  readonly sw1: number
  readonly sw2: number
  readonly sw3: number
  readonly data: Uint8Array
}

/** Counts since the decoder was made; for the health page. */
export interface FrameCounters {
  readonly xorFailures: number
  readonly badLengths: number
  /** Bytes that belonged to no good frame. */
  readonly discardedBytes: number
}

/** The bytes of a request. */
export function encodeRequest(command: number, parameter: number, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const length = 3 + data.length
  const frame = new Uint8Array(HEAD_BYTES + length)
  frame.set(PREAMBLE)
  frame[5] = length >> 8
  frame[6] = length & 0xff
  frame[7] = command
  frame[8] = parameter
  frame.set(data, 9)
  frame[frame.length - 1] = xorOf(frame, 5, frame.length - 1)
  return frame
}

/**
 * Finds replies in a stream that comes in any pieces. After a wrong length or a wrong check byte it drops one byte and
 * searches again, so that a good frame which begins inside a broken one is still found. Holds at most one largest frame
 * beyond what one call brings, and overwrites with zeros what it lets go.
 */
export class FrameDecoder {
  #buffer = new Uint8Array(HEAD_BYTES + MOST_REPLY_LENGTH)
  #start = 0
  #end = 0
  #xorFailures = 0
  #badLengths = 0
  #discardedBytes = 0

  get counters(): FrameCounters {
    return { xorFailures: this.#xorFailures, badLengths: this.#badLengths, discardedBytes: this.#discardedBytes }
  }

  /** Bytes of the frame that has begun and is not whole yet. 0 when there is none. */
  get pendingBytes(): number {
    return this.#end - this.#start
  }

  /** LEN of the frame that has begun, once its head is there. */
  get pendingLength(): number | undefined {
    return this.pendingBytes >= HEAD_BYTES ? this.#lengthAt(this.#start) : undefined
  }

  /** Takes what came in and gives back the good frames in it. The caller keeps its chunk. */
  push(chunk: Uint8Array): ReplyFrame[] {
    this.#append(chunk)
    return this.#search()
  }

  /**
   * The frame that has begun will never be whole: gives it up and looks for good frames behind its first byte, again and
   * again, until nothing is left.
   */
  giveUp(): ReplyFrame[] {
    const frames: ReplyFrame[] = []
    while (this.#start < this.#end) {
      this.#drop(1)
      frames.push(...this.#search())
    }
    return frames
  }

  /** Forgets everything that waits. The counters stay. */
  reset(): void {
    this.#drop(this.#end - this.#start)
    this.#compact()
  }

  #append(chunk: Uint8Array): void {
    if (this.#end + chunk.length > this.#buffer.length) this.#compact()
    if (this.#end + chunk.length > this.#buffer.length) {
      const larger = new Uint8Array(this.#end + chunk.length)
      larger.set(this.#buffer.subarray(0, this.#end))
      this.#buffer.fill(0)
      this.#buffer = larger
    }
    this.#buffer.set(chunk, this.#end)
    this.#end += chunk.length
  }

  #search(): ReplyFrame[] {
    const frames: ReplyFrame[] = []
    for (;;) {
      const matched = this.#matchedPreambleBytes()
      if (matched < PREAMBLE.length) {
        // Either everything waiting is the beginning of a preamble, or the first byte begins none.
        if (this.#start + matched === this.#end) break
        this.#drop(1)
        continue
      }
      if (this.pendingBytes < HEAD_BYTES) break
      const length = this.#lengthAt(this.#start)
      if (length < LEAST_REPLY_LENGTH || length > MOST_REPLY_LENGTH) {
        this.#badLengths += 1
        this.#drop(1)
        continue
      }
      if (this.pendingBytes < HEAD_BYTES + length) break
      const body = this.#start + HEAD_BYTES
      const next = body + length
      if (xorOf(this.#buffer, this.#start + PREAMBLE.length, next) !== 0) {
        this.#xorFailures += 1
        this.#drop(1)
        continue
      }
      frames.push({
        sw1: this.#buffer[body] ?? 0,
        sw2: this.#buffer[body + 1] ?? 0,
        sw3: this.#buffer[body + 2] ?? 0,
        data: this.#buffer.slice(body + 3, next - 1),
      })
      this.#buffer.fill(0, this.#start, next)
      this.#start = next
    }
    if (this.#start === this.#end) this.#compact()
    return frames
  }

  #matchedPreambleBytes(): number {
    let matched = 0
    while (matched < PREAMBLE.length && this.#start + matched < this.#end && this.#buffer[this.#start + matched] === PREAMBLE[matched]) matched += 1
    return matched
  }

  #lengthAt(start: number): number {
    return ((this.#buffer[start + 5] ?? 0) << 8) | (this.#buffer[start + 6] ?? 0)
  }

  #drop(count: number): void {
    this.#buffer.fill(0, this.#start, this.#start + count)
    this.#start += count
    this.#discardedBytes += count
  }

  #compact(): void {
    const waiting = this.#end - this.#start
    if (this.#buffer.length > HEAD_BYTES + MOST_REPLY_LENGTH && waiting <= HEAD_BYTES + MOST_REPLY_LENGTH) {
      // One large chunk must not keep a large buffer for ever.
      const usual = new Uint8Array(HEAD_BYTES + MOST_REPLY_LENGTH)
      usual.set(this.#buffer.subarray(this.#start, this.#end))
      this.#buffer.fill(0)
      this.#buffer = usual
    } else {
      this.#buffer.copyWithin(0, this.#start, this.#end)
      this.#buffer.fill(0, waiting)
    }
    this.#start = 0
    this.#end = waiting
  }
}

function xorOf(bytes: Uint8Array, start: number, end: number): number {
  let check = 0
  for (let index = start; index < end; index++) check ^= bytes[index] ?? 0
  return check
}
