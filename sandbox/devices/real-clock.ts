import type { Clock } from '../../core/clock/clock.ts'

/** The time of the computer, for virtual devices that are given no other. */
export const realClock: Clock = {
  now: () => Date.now(),
  setTimeout: (fn, ms) => setTimeout(fn, ms),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout | undefined),
}
