import type { Clock } from '../../core/clock/clock.ts'
import type { DeviceLog } from './device-service.ts'

/** So many events of one name pass at once … */
export const LOG_BURST = 20
/** … and then one in this time. */
export const LOG_REFILL_MS = 1_000
/** What was held back is told as one line, this long after the first one. */
export const LOG_SUMMARY_MS = 10_000
/** Names beyond this share one allowance: a driver must not make up names without end. */
const MOST_NAMES = 200
const OTHERS = 'other-events'

interface Allowance {
  tokens: number
  at: number
  heldBack: number
  summary: unknown
}

/**
 * A log that a broken device cannot fill: a reader that sends noise all night makes a burst of lines, then one a second, and
 * one line that says how many were left out. Each event has its own allowance, so that one does not hide another.
 */
export class LogLimiter {
  readonly #clock: Clock
  readonly #log: DeviceLog
  readonly #allowances = new Map<string, Allowance>()

  constructor(clock: Clock, log: DeviceLog) {
    this.#clock = clock
    this.#log = log
  }

  readonly log: DeviceLog = (event, fields) => {
    const allowance = this.#allowanceOf(event)
    const now = this.#clock.now()
    // The clock was set back: what comes after it counts from here.
    if (now < allowance.at) allowance.at = now
    const earned = Math.floor((now - allowance.at) / LOG_REFILL_MS)
    if (earned > 0) {
      allowance.tokens = Math.min(LOG_BURST, allowance.tokens + earned)
      allowance.at = now
    }
    if (allowance.tokens > 0) {
      allowance.tokens -= 1
      this.#log(event, fields)
      return
    }
    allowance.heldBack += 1
    allowance.summary ??= this.#clock.setTimeout(() => this.#tell(event, allowance), LOG_SUMMARY_MS)
  }

  /** Tells what is still held back and ends every timer. */
  stop(): void {
    for (const [event, allowance] of this.#allowances) this.#tell(event, allowance)
    this.#allowances.clear()
  }

  #tell(event: string, allowance: Allowance): void {
    this.#clock.clearTimeout(allowance.summary)
    allowance.summary = undefined
    if (allowance.heldBack === 0) return
    this.#log('host.log-held-back', { about: event, count: allowance.heldBack })
    allowance.heldBack = 0
  }

  #allowanceOf(event: string): Allowance {
    const name = this.#allowances.has(event) || this.#allowances.size < MOST_NAMES ? event : OTHERS
    const known = this.#allowances.get(name)
    if (known !== undefined) return known
    const fresh: Allowance = { tokens: LOG_BURST, at: this.#clock.now(), heldBack: 0, summary: undefined }
    this.#allowances.set(name, fresh)
    return fresh
  }
}
