/**
 * What goes between the virtual reader of pcscd (vpcd) and a card: two bytes with the length, big-endian, then the message.
 * A message of one byte controls the card; any other is a command for it.
 */
export type ReaderMessage = { readonly kind: 'power-off' } | { readonly kind: 'power-on' } | { readonly kind: 'reset' } | { readonly kind: 'get-atr' } | { readonly kind: 'apdu'; readonly bytes: Buffer }

const CONTROLS: Readonly<Record<number, ReaderMessage>> = { 0: { kind: 'power-off' }, 1: { kind: 'power-on' }, 2: { kind: 'reset' }, 4: { kind: 'get-atr' } }
const LENGTH_BYTES = 2

export class ReaderMessages {
  #waiting: Buffer = Buffer.alloc(0)

  take(chunk: Uint8Array): ReaderMessage[] {
    this.#waiting = Buffer.concat([this.#waiting, chunk])
    const messages: ReaderMessage[] = []
    while (this.#waiting.length >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + this.#waiting.readUInt16BE(0)
      if (this.#waiting.length < end) break
      const bytes = Buffer.from(this.#waiting.subarray(LENGTH_BYTES, end))
      this.#waiting = this.#waiting.subarray(end)
      const control = bytes.length === 1 ? CONTROLS[bytes[0] ?? -1] : undefined
      if (control !== undefined) messages.push(control)
      else if (bytes.length > 1) messages.push({ kind: 'apdu', bytes })
    }
    return messages
  }

  forget(): void {
    this.#waiting = Buffer.alloc(0)
  }
}

export function cardMessage(bytes: Uint8Array): Buffer {
  const message = Buffer.alloc(LENGTH_BYTES + bytes.length)
  message.writeUInt16BE(bytes.length, 0)
  message.set(bytes, LENGTH_BYTES)
  return message
}
