import { createHash } from 'node:crypto'

/** A phone is held before the scanner for a while: the same text within this time of its delivery is the same showing. */
export const SAME_CODE_MS = 3000

/** Knows the code that was handed over last by its digest only, so that no code is kept. */
export class LastDelivered {
  #digest: string | undefined
  #at = 0

  isRepeat(bytes: Uint8Array, now: number): boolean {
    return this.#digest !== undefined && now - this.#at < SAME_CODE_MS && digestOf(bytes) === this.#digest
  }

  note(bytes: Uint8Array, now: number): void {
    this.#digest = digestOf(bytes)
    this.#at = now
  }
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64')
}
