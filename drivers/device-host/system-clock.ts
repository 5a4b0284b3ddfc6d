import type { Clock } from '../../core/clock/clock.ts'

/** The clock of the machine, for processes; everything below them takes a `Clock`. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (fn, ms) => setTimeout(fn, ms),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
}
