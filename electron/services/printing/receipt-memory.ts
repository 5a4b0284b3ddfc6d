import type { Clock } from '../../../core/clock/clock.ts'
import type { ReceiptDocument } from '../../../core/receipt/document.ts'

/** As long as staff need to come and look at the outlet; then a receipt is printed from the back office. */
export const REMEMBERED_MS = 15 * 60_000
const REMEMBERED_AT_MOST = 20

interface Remembered {
  readonly bytes: Uint8Array
  readonly timer: unknown
}

/**
 * Receipts whose end nobody knows, for a reprint by staff. In memory only, for a bounded time, as bytes that are overwritten
 * when that is over: a receipt holds a citizen's name, and no disk may.
 */
export class ReceiptMemory {
  readonly #clock: Clock
  readonly #kept = new Map<number, Remembered>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  keep(job: number, document: ReceiptDocument): void {
    this.forget(job)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size >= REMEMBERED_AT_MOST && oldest !== undefined) this.forget(oldest)
    this.#kept.set(job, { bytes: new TextEncoder().encode(JSON.stringify(document)), timer: this.#clock.setTimeout(() => this.forget(job), REMEMBERED_MS) })
  }

  has(job: number): boolean {
    return this.#kept.has(job)
  }

  get(job: number): ReceiptDocument | undefined {
    const kept = this.#kept.get(job)
    return kept === undefined ? undefined : (JSON.parse(new TextDecoder().decode(kept.bytes)) as ReceiptDocument)
  }

  forget(job: number): void {
    const kept = this.#kept.get(job)
    if (kept === undefined) return
    this.#clock.clearTimeout(kept.timer)
    kept.bytes.fill(0)
    this.#kept.delete(job)
  }

  clear(): void {
    for (const job of [...this.#kept.keys()]) this.forget(job)
  }
}
