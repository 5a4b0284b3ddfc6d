import type { Identity, IsoDate } from './identity.ts'

/** Earliest year that a living person's papers may name; older years are mistakes of typing or reading. */
const EARLIEST_YEAR = 1850
const LATEST_YEAR = 2199

/** `YYYYMMDD` as `YYYY-MM-DD`, or undefined when this is no day of the Gregorian calendar. */
export function compactDate(compact: string): IsoDate | undefined {
  const parts = /^(\d{4})(\d{2})(\d{2})$/.exec(compact)
  if (parts === null) return undefined
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  if (year < EARLIEST_YEAR || year > LATEST_YEAR || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined
  return `${parts[1]}-${parts[2]}-${parts[3]}`
}

/** Whether the text is a real day written as `YYYY-MM-DD`. */
export function isIsoDate(value: string): value is IsoDate {
  return /^\d{4}-\d{2}-\d{2}$/.test(value) && compactDate(value.replaceAll('-', '')) !== undefined
}

/**
 * Age in full years (周岁) on a day; negative before the birth. A birthday on 29 February counts from 1 March in a
 * common year, because no earlier day of that year follows the whole last year of life.
 */
export function ageAt(birth: IsoDate, on: IsoDate): number {
  const years = Number(on.slice(0, 4)) - Number(birth.slice(0, 4))
  return on.slice(5) < birth.slice(5) ? years - 1 : years
}

/** The day in mainland China (UTC+8, no summer time since 1992) at an instant in epoch milliseconds. */
export function chinaDate(epochMs: number): IsoDate {
  return new Date(epochMs + 8 * 3_600_000).toISOString().slice(0, 10)
}

export type Validity = 'valid' | 'not-yet-valid' | 'expired'

/** Whether a card holds good on a day; both its first and its last day count. A business answer, not a reading error. */
export function validityOn(card: Pick<Identity, 'validFrom' | 'validTo'>, on: IsoDate): Validity {
  if (on < card.validFrom) return 'not-yet-valid'
  return card.validTo !== 'long-term' && on > card.validTo ? 'expired' : 'valid'
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}
