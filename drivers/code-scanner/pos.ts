import { CodeBuffer } from './decoder.ts'
import type { CodeDecoder, DecodedCode, DecoderCounters } from './decoder.ts'
import { parsePosReport } from './pos-report.ts'
import type { PosLayout } from './pos-report.ts'

/** Reports of one code follow each other within milliseconds; a half message older than this is given up. */
export const HALF_MESSAGE_MS = 500
const MOST_REPORT_BYTES = 0xff

/**
 * Codes out of HID-POS reports, each of which stands behind a byte with its length (`posEnvelope`). A long code comes in
 * several reports with the same AIM identifier in each; they are joined until one says that no more follows. A report that
 * breaks the rules, or that cannot belong to what has begun, ends what has begun.
 */
export class PosDecoder implements CodeDecoder {
  readonly silenceMs = HALF_MESSAGE_MS
  readonly #layout: PosLayout
  readonly #code = new CodeBuffer()
  readonly #report = new Uint8Array(MOST_REPORT_BYTES)
  #reportLength: number | undefined
  #reportFilled = 0
  /** A code has begun, perhaps with an empty first piece. */
  #begun = false
  #aim: string | undefined
  /** The rest of a code that was too long is passed over. */
  #skipping = false
  #isNoisy = false
  #noises = 0
  #overlong = 0
  #halves = 0

  constructor(layout: PosLayout) {
    this.#layout = layout
  }

  get isNoisy(): boolean {
    return this.#isNoisy
  }

  get isWaiting(): boolean {
    return this.#begun || this.#skipping || this.#isNoisy || this.#reportLength !== undefined
  }

  get counters(): DecoderCounters {
    return { noises: this.#noises, overlong: this.#overlong, halves: this.#halves }
  }

  push(chunk: Uint8Array): DecodedCode[] {
    const codes: DecodedCode[] = []
    for (const byte of chunk) {
      if (this.#reportLength === undefined) {
        this.#reportLength = byte
        this.#reportFilled = 0
      } else {
        this.#report[this.#reportFilled] = byte
        this.#reportFilled += 1
      }
      if (this.#reportFilled < this.#reportLength) continue
      const report = this.#report.subarray(0, this.#reportLength)
      this.#reportLength = undefined
      const code = this.#accept(report)
      report.fill(0)
      if (code !== undefined) codes.push(code)
    }
    return codes
  }

  silence(): DecodedCode[] {
    if (this.#begun) this.#halves += 1
    this.reset()
    return []
  }

  reset(): void {
    this.#report.fill(0)
    this.#reportLength = undefined
    this.#isNoisy = false
    this.#skipping = false
    this.#forgetCode()
  }

  #accept(raw: Uint8Array): DecodedCode | undefined {
    const report = parsePosReport(raw, this.#layout)
    switch (report.kind) {
      case 'bad':
        if (!this.#isNoisy) this.#noises += 1
        this.#isNoisy = true
        this.#forgetCode()
        return undefined
      case 'answer':
        return undefined
      case 'piece':
        this.#isNoisy = false
        return this.#join(report.data, report.aim, report.more)
    }
  }

  #join(data: Uint8Array, aim: string | undefined, more: boolean): DecodedCode | undefined {
    if (this.#skipping) {
      this.#skipping = more
      return undefined
    }
    if (this.#begun && aim !== this.#aim) {
      // The end of the code before was lost; this report begins another one.
      this.#halves += 1
      this.#forgetCode()
    }
    this.#begun = true
    this.#aim = aim
    if (!this.#code.add(data)) {
      this.#overlong += 1
      this.#skipping = more
      this.#forgetCode()
      return undefined
    }
    if (more) return undefined
    this.#begun = false
    return this.#code.length === 0 ? undefined : { bytes: this.#code.take(), ...(aim === undefined ? {} : { aim }) }
  }

  #forgetCode(): void {
    this.#begun = false
    this.#code.clear()
  }
}
