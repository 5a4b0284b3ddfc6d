import { CodeBuffer, LONGEST_CODE_BYTES } from './decoder.ts'
import type { CodeDecoder, DecodedCode, DecoderCounters } from './decoder.ts'

export type Terminator = 'cr' | 'lf' | 'crlf'

/** A scanner sends its code in one go; after this the rest will not come, or it was set up without a terminator. */
const SILENCE_MS = 100
const LONGEST_TERMINATOR_BYTES = 2
const CARRIAGE_RETURN = 0x0d
const LINE_FEED = 0x0a
const DELETE = 0x7f
/** Besides the ends of lines: tab, end of transmission and the four separators, which bar codes of trade and freight use. */
const CONTROLS_IN_CODES: ReadonlySet<number> = new Set([0x04, 0x09, 0x1c, 0x1d, 0x1e, 0x1f])

/**
 * Codes on a serial line or a TCP connection: no length and no check byte, only the terminator that the scanner is set up
 * for, or silence. Ends of lines around a code are never a part of it, so that CR LF passes where CR is configured.
 *
 * A byte that no code holds is line noise (a wrong speed, a bad cable): everything is then thrown away until the line has
 * been silent, so that no piece of noise between two ends of lines passes as a code.
 */
export class StreamDecoder implements CodeDecoder {
  readonly silenceMs = SILENCE_MS
  readonly #terminator: Terminator
  /** With room for the end of the line. */
  readonly #buffer = new CodeBuffer(LONGEST_CODE_BYTES + LONGEST_TERMINATOR_BYTES)
  #isNoisy = false
  #noises = 0
  #overlong = 0

  constructor(terminator: Terminator) {
    this.#terminator = terminator
  }

  get isNoisy(): boolean {
    return this.#isNoisy
  }

  get isWaiting(): boolean {
    return this.#isNoisy || this.#buffer.length > 0
  }

  get counters(): DecoderCounters {
    return { noises: this.#noises, overlong: this.#overlong, halves: 0 }
  }

  push(chunk: Uint8Array): DecodedCode[] {
    const codes: DecodedCode[] = []
    for (const byte of chunk) {
      if (this.#isNoisy) break
      if (isNoise(byte)) {
        this.#noises += 1
        this.#giveUp()
      } else if (this.#buffer.length > 0 || !isLineEnd(byte)) {
        if (!this.#buffer.addByte(byte) || (this.#buffer.length > LONGEST_CODE_BYTES && !isLineEnd(byte))) {
          this.#overlong += 1
          this.#giveUp()
        } else if (this.#hasEnded()) {
          codes.push(this.#take())
        }
      }
    }
    return codes
  }

  silence(): DecodedCode[] {
    this.#isNoisy = false
    return this.#buffer.length > 0 ? [this.#take()] : []
  }

  reset(): void {
    this.#isNoisy = false
    this.#buffer.clear()
  }

  #hasEnded(): boolean {
    const last = this.#buffer.fromEnd(1)
    switch (this.#terminator) {
      case 'cr':
        return last === CARRIAGE_RETURN
      case 'lf':
        return last === LINE_FEED
      case 'crlf':
        return last === LINE_FEED && this.#buffer.fromEnd(2) === CARRIAGE_RETURN
    }
  }

  /** The buffer never begins with the end of a line, so what is taken is never empty. */
  #take(): DecodedCode {
    let ends = 0
    for (let byte = this.#buffer.fromEnd(1); byte !== undefined && isLineEnd(byte); byte = this.#buffer.fromEnd(ends + 1)) ends += 1
    return { bytes: this.#buffer.take(0, this.#buffer.length - ends) }
  }

  #giveUp(): void {
    this.#isNoisy = true
    this.#buffer.clear()
  }
}

function isLineEnd(byte: number): boolean {
  return byte === CARRIAGE_RETURN || byte === LINE_FEED
}

function isNoise(byte: number): boolean {
  return byte === DELETE || (byte < 0x20 && !isLineEnd(byte) && !CONTROLS_IN_CODES.has(byte))
}
