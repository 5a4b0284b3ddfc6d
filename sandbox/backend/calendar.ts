import { chinaDate } from '../../core/identity/dates.ts'

const DAY_MS = 86_400_000

/**
 * Public holidays on which no working day is counted, `YYYY-MM-DD`, weekends aside. A real backend loads the State
 * Council's yearly notice; the demonstration counts weekends only, which errs against the department, never the citizen:
 * the days that it names are never later than the real ones.
 */
const HOLIDAYS: ReadonlySet<string> = new Set()

/** The last day of a term of `days` that begins on the day after `fromMs` (许可法 82: working days where so stated). */
export function lastDay(fromMs: number, term: { readonly days: number; readonly unit: 'working-day' | 'calendar-day' }): string {
  const start = Date.parse(`${chinaDate(fromMs)}T00:00:00Z`)
  if (term.unit === 'calendar-day') return isoDay(start + term.days * DAY_MS)
  let day = start
  for (let left = term.days; left > 0;) {
    day += DAY_MS
    const weekday = new Date(day).getUTCDay()
    if (weekday !== 0 && weekday !== 6 && !HOLIDAYS.has(isoDay(day))) left--
  }
  return isoDay(day)
}

function isoDay(utcMs: number): string {
  return new Date(utcMs).toISOString().slice(0, 10)
}
