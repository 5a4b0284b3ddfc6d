/**
 * Choosing a day or a month by touch: the year by digits, then the month, then the day, from big keys. Pure steps, so that
 * every order of touches can be tested.
 */
export interface DateChoice {
  readonly part: 'year' | 'month' | 'day'
  /** Up to four digits while the year is typed. */
  readonly year: string
  readonly month: number | undefined
  readonly day: number | undefined
}

export const EARLIEST_YEAR = 1900
export const LATEST_YEAR = 2100

export function beginDate(value: string | undefined): DateChoice {
  const match = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(value ?? '')
  if (match === null) return { part: 'year', year: '', month: undefined, day: undefined }
  const [, year = '', month = '', day] = match
  return { part: day === undefined ? 'month' : 'day', year, month: Number(month), day: day === undefined ? undefined : Number(day) }
}

/** Days of a month, with the leap years of the Gregorian calendar; 31 while year or month are not known. */
export function daysInMonth(year: number | undefined, month: number | undefined): number {
  if (month === undefined) return 31
  return new Date(Date.UTC(year ?? 2000, month, 0)).getUTCDate()
}

export function yearOf(choice: DateChoice): number | undefined {
  const year = Number(choice.year)
  return choice.year.length === 4 && year >= EARLIEST_YEAR && year <= LATEST_YEAR ? year : undefined
}

/** A day that the month does not have any more after a change is taken back, never moved silently. */
function keepDay(choice: DateChoice): DateChoice {
  return choice.day !== undefined && choice.day > daysInMonth(yearOf(choice), choice.month) ? { ...choice, day: undefined } : choice
}

/** A digit of the year. The fourth goes on to the month; a fifth begins the year anew. */
export function pressDigit(choice: DateChoice, digit: string): DateChoice {
  const year = choice.year.length >= 4 ? digit : choice.year + digit
  const next = keepDay({ ...choice, year })
  return yearOf(next) === undefined ? { ...next, part: 'year' } : { ...next, part: 'month' }
}

export function deleteDigit(choice: DateChoice): DateChoice {
  return { ...choice, part: 'year', year: choice.year.slice(0, -1) }
}

export function pickMonth(choice: DateChoice, month: number, withDay: boolean): DateChoice {
  const next = keepDay({ ...choice, month })
  return withDay && yearOf(next) !== undefined ? { ...next, part: 'day' } : next
}

export function pickDay(choice: DateChoice, day: number): DateChoice {
  return keepDay({ ...choice, day })
}

/** `YYYY-MM-DD` or `YYYY-MM` when all parts are there. */
export function chosenDate(choice: DateChoice, withDay: boolean): string | undefined {
  const year = yearOf(choice)
  if (year === undefined || choice.month === undefined || (withDay && choice.day === undefined)) return undefined
  const month = `${String(year)}-${String(choice.month).padStart(2, '0')}`
  return withDay ? `${month}-${String(choice.day).padStart(2, '0')}` : month
}

/** Both ends belong to the range; days and months compare as text. */
export function isInRange(value: string, from: string | undefined, to: string | undefined): boolean {
  return (from === undefined || value >= from) && (to === undefined || value <= to)
}

/** The day in the hall at this moment (all halls keep the time of Beijing), `YYYY-MM-DD`. */
export function hallDay(epochMs: number): string {
  const BEIJING_OFFSET_MS = 8 * 3_600_000
  return new Date(epochMs + BEIJING_OFFSET_MS).toISOString().slice(0, 10)
}
