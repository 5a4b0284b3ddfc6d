import { compactDate } from '../identity/dates.ts'
import { parseChineseNumber, parseChineseYear } from './chinese-numerals.ts'

/** Stands for the day on which a paper without an end expires. */
export const LONG_TERM = '长期'

const DATE_PATTERN = '(\\d{4})(?:年|[-./])(\\d{1,2})(?:月|[-./])(\\d{1,2})日?'
/** Engines put a digit or a letter for 〇. */
const CHINESE_DATE_PATTERN = '([〇○零0Oo一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日'

/** `2025年3月1日`, `2025-03-01`, `2025.3.1`, `2025/3/1`, `二〇二五年三月一日`; the value must hold exactly one date. */
export function parseDate(read: string): string | undefined {
  const dates = datesIn(read)
  return dates.length === 1 ? dates[0] : undefined
}

/** The same, where nothing else stands that may be left of a second date or of `长期`. */
export function parseLoneDate(read: string): string | undefined {
  const rest = read.replace(new RegExp(`${DATE_PATTERN}|${CHINESE_DATE_PATTERN}`, 'u'), '')
  return /[\d长期起]/u.test(rest) ? undefined : parseDate(read)
}

export interface Period {
  readonly start: string
  /** A date or `长期`. */
  readonly end: string
}

/** `2019.05.01-2039.05.01`, `2019.05.01-长期`, `2009年5月18日起至2079年5月17日止`; exactly these two. */
export function parsePeriod(read: string): Period | undefined {
  const dates = datesIn(read)
  const [start, end] = dates
  if (start === undefined) return undefined
  if (dates.length === 1 && read.includes(LONG_TERM)) return { start, end: LONG_TERM }
  return dates.length === 2 && end !== undefined && !read.includes(LONG_TERM) ? { start, end } : undefined
}

/** Every date, in the order of print; one impossible date makes all of them worthless. */
function datesIn(read: string): readonly string[] {
  // The bounds keep a dot or a hyphen between two dates from being read as part of either.
  const arabic = [...read.matchAll(new RegExp(`(?<!\\d)${DATE_PATTERN}(?!\\d)`, 'gu'))].map((match) => dateOf(Number(match[1]), Number(match[2]), Number(match[3])))
  const chinese = [...read.matchAll(new RegExp(CHINESE_DATE_PATTERN, 'gu'))].map((match) =>
    dateOf(parseChineseYear((match[1] ?? '').replaceAll(/[○0Oo]/gu, '〇')), parseChineseNumber(match[2] ?? ''), parseChineseNumber(match[3] ?? '')))
  const all = [...arabic, ...chinese]
  const known = all.filter((date) => date !== undefined)
  return known.length < all.length ? [] : known
}

/** A day without its 日 (`2025年3月1`) may have lost a digit as well. */
export function endsBeforeDay(read: string): boolean {
  return /月\d{1,2}(?![\d日号])/u.test(read)
}

/**
 * A date of which a mark was not read (`2019.0501`, `2025年1116日`, `二五年五月二日` or `二二五年五月二日` of a 二〇二五年), whose
 * first sign was misread (`七〇二五年五月二日`), or before which a sign too many was read (`12019年5月1日`): there is little doubt
 * about it, but the print was not read as it is, so this is only a proposal.
 */
export function proposeDate(read: string): string | undefined {
  const digits = read.replace(/\D/g, '')
  if (digits.length === 8) return compactDate(digits)
  // Of 九五年 nobody knows the century; before a 〇 can only stand a 二, whatever it was read as.
  const century = /^(?:[^一三四五六七八九]|.(?=[〇○零0Oo]))?[〇○零0Oo]{0,2}([一二三][〇○零0Oo一二三四五六七八九])年/u.exec(read)
  if (century !== null) return datesIn(read.replace(/^[^年]*/u, `二〇${century[1] ?? ''}`))[0]
  // A stroke of the label's colon or of a rule was read as a digit before the year.
  const [, year, month, day] = /((?:19|20)\d{2})[年.](\d{1,2})[月.](\d{1,2})日?$/u.exec(read) ?? []
  return dateOf(numberOf(year), numberOf(month), numberOf(day))
}

const numberOf = (digits: string | undefined): number | undefined => (digits === undefined ? undefined : Number(digits))

function dateOf(year: number | undefined, month: number | undefined, day: number | undefined): string | undefined {
  if (year === undefined || month === undefined || day === undefined) return undefined
  return compactDate(`${year}${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}`)
}
