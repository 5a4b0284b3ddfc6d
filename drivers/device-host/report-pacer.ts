import type { Clock } from '../../core/clock/clock.ts'
import type { DeviceReport } from '../../core/device/status.ts'

/** So many changes of one device are told at once … */
export const REPORT_BURST = 10
/** … and then one in this time, always the newest. */
export const REPORT_REFILL_MS = 200

interface Pace {
  tokens: number
  at: number
  waiting: DeviceReport | undefined
  timer: unknown
}

/**
 * Tells each change of a device at once, but not more of them than a person or a screen could follow: a plug with a loose
 * contact changes a hundred times a second, and only its newest state matters.
 */
export class ReportPacer {
  readonly #clock: Clock
  readonly #send: (report: DeviceReport) => void
  readonly #paces = new Map<string, Pace>()

  constructor(clock: Clock, send: (report: DeviceReport) => void) {
    this.#clock = clock
    this.#send = send
  }

  push(report: DeviceReport): void {
    const now = this.#clock.now()
    const pace = this.#paces.get(report.id) ?? { tokens: REPORT_BURST, at: now, waiting: undefined, timer: undefined }
    this.#paces.set(report.id, pace)
    if (pace.timer !== undefined) {
      pace.waiting = report
      return
    }
    // The clock was set back: the time from here on counts, not the hours until it is where it was.
    if (now < pace.at) pace.at = now - REPORT_REFILL_MS
    const earned = Math.floor((now - pace.at) / REPORT_REFILL_MS)
    if (earned > 0) {
      pace.tokens = Math.min(REPORT_BURST, pace.tokens + earned)
      pace.at = now
    }
    if (pace.tokens > 0) {
      pace.tokens -= 1
      this.#send(report)
      return
    }
    pace.waiting = report
    pace.timer = this.#clock.setTimeout(() => {
      pace.timer = undefined
      const newest = pace.waiting
      pace.waiting = undefined
      if (newest !== undefined) this.push(newest)
    }, REPORT_REFILL_MS)
  }

  stop(): void {
    for (const pace of this.#paces.values()) this.#clock.clearTimeout(pace.timer)
    this.#paces.clear()
  }
}
