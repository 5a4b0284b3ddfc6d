/** A command that is obeyed as soon as it arrives, wherever it stands in the stream. */
export type RealTimeCommand =
  | { readonly kind: 'status'; readonly n: number }
  /** 1 goes on after an error, 2 clears the buffers and goes on. */
  | { readonly kind: 'recover'; readonly n: number }
  | { readonly kind: 'clear-buffers' }

const CLEAR = [0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08]

/**
 * Takes real-time commands out of the stream, also from the middle of a picture: that is how printers behave, and why a
 * driver must never let such bytes stand in its data.
 */
export class RealTimeFilter {
  #held: number[] = []

  /** Calls back for each command and each ordinary byte, in the order in which they came. */
  push(bytes: Uint8Array, onCommand: (command: RealTimeCommand) => void, onByte: (byte: number) => void): void {
    for (const byte of bytes) {
      this.#held.push(byte)
      this.#settle(onCommand, onByte)
    }
  }

  reset(): void {
    this.#held = []
  }

  #settle(onCommand: (command: RealTimeCommand) => void, onByte: (byte: number) => void): void {
    for (;;) {
      const [first, second, third] = this.#held
      if (first === undefined) return
      if (first === 0x10 && second === undefined) return
      if (first === 0x10 && (second === 0x04 || second === 0x05)) {
        if (third === undefined) return
        this.#held = this.#held.slice(3)
        onCommand(second === 0x04 ? { kind: 'status', n: third } : { kind: 'recover', n: third })
        continue
      }
      if (first === 0x10 && second === 0x14 && this.#held.every((byte, index) => byte === CLEAR[index])) {
        if (this.#held.length < CLEAR.length) return
        this.#held = []
        onCommand({ kind: 'clear-buffers' })
        continue
      }
      onByte(first)
      this.#held = this.#held.slice(1)
    }
  }
}
