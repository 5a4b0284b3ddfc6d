/** The reader's side of the frame: takes requests out of a stream and makes replies. Written on its own, from the protocol. */

const HEAD = Buffer.from('AAAAAA9669', 'hex')
/** No request is longer: a command, a parameter and a few data bytes. */
const LONGEST_REQUEST = 64

export type Request = { readonly kind: 'request'; readonly command: number; readonly data: Buffer } | { readonly kind: 'bad-check' }

export class RequestStream {
  #waiting: Buffer = Buffer.alloc(0)

  take(chunk: Uint8Array): Request[] {
    this.#waiting = Buffer.concat([this.#waiting, chunk])
    const requests: Request[] = []
    for (;;) {
      const start = this.#waiting.indexOf(HEAD)
      if (start < 0) {
        // A head may be cut at the border of two pieces.
        this.#waiting = this.#waiting.subarray(Math.max(0, this.#waiting.length - HEAD.length + 1))
        return requests
      }
      this.#waiting = this.#waiting.subarray(start)
      if (this.#waiting.length < 7) return requests
      const length = this.#waiting.readUInt16BE(5)
      if (length < 3 || length > LONGEST_REQUEST) {
        this.#waiting = this.#waiting.subarray(1)
        continue
      }
      if (this.#waiting.length < 7 + length) return requests
      const checked = this.#waiting.subarray(5, 7 + length)
      const body = this.#waiting.subarray(7, 7 + length - 1)
      requests.push(exclusiveOr(checked) === 0 ? { kind: 'request', command: body.readUInt16BE(0), data: Buffer.from(body.subarray(2)) } : { kind: 'bad-check' })
      this.#waiting = this.#waiting.subarray(7 + length)
    }
  }

  forget(): void {
    this.#waiting = Buffer.alloc(0)
  }
}

export function replyBytes(status: number, data: Uint8Array = Buffer.alloc(0)): Buffer {
  const counted = Buffer.alloc(2 + 3 + data.length)
  counted.writeUInt16BE(3 + data.length + 1, 0)
  counted[4] = status
  counted.set(data, 5)
  return Buffer.concat([HEAD, counted, Buffer.of(exclusiveOr(counted))])
}

function exclusiveOr(bytes: Uint8Array): number {
  let result = 0
  for (const byte of bytes) result ^= byte
  return result
}
