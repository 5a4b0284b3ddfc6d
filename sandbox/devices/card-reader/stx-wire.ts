/** Envelope E on the reader's side: 02, length, data, LRC, 03; or each byte between 02 and 03 as two halves plus 30. */
export type StxWriting = 'bytes' | 'nibbles'

const LONGEST_REQUEST = 64

/** Takes the data of requests out of a stream; what is damaged is passed over, as such readers do. */
export class StxRequestStream {
  #waiting: Buffer = Buffer.alloc(0)

  take(chunk: Uint8Array, writing: StxWriting): Buffer[] {
    this.#waiting = Buffer.concat([this.#waiting, chunk])
    const requests: Buffer[] = []
    for (;;) {
      const start = this.#waiting.indexOf(0x02)
      this.#waiting = start < 0 ? Buffer.alloc(0) : this.#waiting.subarray(start)
      const inner = writing === 'bytes' ? this.#waiting.subarray(1) : joined(this.#waiting.subarray(1))
      if (inner.length < 2) return requests
      const length = inner.readUInt16BE(0)
      const whole = 2 + (2 + length + 1) * (writing === 'bytes' ? 1 : 2)
      if (length < 1 || length > LONGEST_REQUEST) {
        this.#waiting = this.#waiting.subarray(1)
        continue
      }
      if (this.#waiting.length < whole) return requests
      const data = Buffer.from(inner.subarray(2, 2 + length))
      const good = this.#waiting[whole - 1] === 0x03 && inner[2 + length] === exclusiveOr(data)
      if (good) requests.push(data)
      this.#waiting = this.#waiting.subarray(good ? whole : 1)
    }
  }

  forget(): void {
    this.#waiting = Buffer.alloc(0)
  }
}

export function stxReplyBytes(status: number, payload: Uint8Array, writing: StxWriting): Buffer {
  const data = Buffer.concat([Buffer.of(status >> 8, status & 0xff), payload])
  const length = Buffer.alloc(2)
  length.writeUInt16BE(data.length)
  const inner = Buffer.concat([length, data, Buffer.of(exclusiveOr(data))])
  const written = writing === 'bytes' ? inner : Buffer.from([...inner].flatMap((byte) => [0x30 + (byte >> 4), 0x30 + (byte & 0x0f)]))
  return Buffer.concat([Buffer.of(0x02), written, Buffer.of(0x03)])
}

function joined(halves: Buffer): Buffer {
  return Buffer.from(Array.from({ length: Math.floor(halves.length / 2) }, (_, index) => (((halves[2 * index] ?? 0) & 0x0f) << 4) | ((halves[2 * index + 1] ?? 0) & 0x0f)))
}

function exclusiveOr(bytes: Uint8Array): number {
  let result = 0
  for (const byte of bytes) result ^= byte
  return result
}
