import type { Clock } from '../core/clock/clock.ts'

const TURN_MS = 5
/** A busy machine may withhold the processor for seconds: no more than this of it counts. */
const LONGEST_TURN_MS = 10

/**
 * Real time for tests in which both ends of a line stand in one process. It passes in short turns, between which whatever
 * arrived is heard: when a busy machine withholds the processor from the test, both ends stand still together, and no limit
 * runs out that the other end had no chance to keep.
 */
class PatientClock implements Clock {
  #now = Date.now()
  #last = performance.now()
  readonly #timers = new Map<object, { readonly at: number; readonly fn: () => void }>()

  constructor() {
    setInterval(() => this.#turn(), TURN_MS).unref()
  }

  now(): number {
    return Math.floor(this.#now)
  }

  setTimeout(fn: () => void, ms: number): object {
    const handle = {}
    this.#timers.set(handle, { at: this.#now + ms, fn })
    // What need not wait comes with the next turn of the event loop: a line that gives single bytes has thousands of these.
    if (ms <= 0) setTimeout(() => this.#fire(handle, fn), 0)
    return handle
  }

  clearTimeout(handle: unknown): void {
    this.#timers.delete(handle as object)
  }

  #turn(): void {
    const real = performance.now()
    this.#now += Math.min(real - this.#last, LONGEST_TURN_MS)
    this.#last = real
    const due = [...this.#timers].filter(([, { at }]) => at <= this.#now).sort(([, a], [, b]) => a.at - b.at)
    for (const [handle, { fn }] of due) this.#fire(handle, fn)
  }

  /** One that came before it may have cleared it. */
  #fire(handle: object, fn: () => void): void {
    if (this.#timers.delete(handle)) fn()
  }
}

export const patientClock: Clock = new PatientClock()

/**
 * The patient clock, so many times faster: waits that are minutes in a hall pass in a test. Limits that another program, or
 * a true line, must have the time to keep stay as they are: `limits` names them, in milliseconds, and every wait of that
 * length stays with them. `now()` hurries all the same.
 */
export function hurriedClock(times: number, limits: readonly number[] = []): Clock {
  const began = patientClock.now()
  return {
    now: () => began + (patientClock.now() - began) * times,
    setTimeout: (fn, ms) => patientClock.setTimeout(fn, limits.includes(ms) ? ms : ms / times),
    clearTimeout: (handle) => patientClock.clearTimeout(handle),
  }
}
