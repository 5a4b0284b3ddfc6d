import type { Language } from '../../core/text/local-text.ts'

const ISO_DAY = /^(\d{4})-(\d{2})-(\d{2})$/
const ISO_MONTH = /^(\d{4})-(\d{2})$/

/** `2025-01-08` → 2025年1月8日 / 8 January 2025. Anything else is given back as it is: a wrong value must stay visible. */
export function formatDate(isoDay: string, language: Language): string {
  const match = ISO_DAY.exec(isoDay)
  if (match === null) return isoDay
  const [, year = '', month = '', day = ''] = match
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', { dateStyle: 'long', timeZone: 'UTC' }).format(date)
}

/** `2025-01` → 2025年1月 / January 2025. */
export function formatMonth(isoMonth: string, language: Language): string {
  const match = ISO_MONTH.exec(isoMonth)
  if (match === null) return isoMonth
  const [, year = '', month = ''] = match
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, 1))
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(date)
}

/** All halls keep the time of Beijing. */
const HALL_TIME_ZONE = 'Asia/Shanghai'

export function formatDayTime(epochMs: number, language: Language): string {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', { dateStyle: 'long', timeStyle: 'medium', hourCycle: 'h23', timeZone: HALL_TIME_ZONE }).format(epochMs)
}

export function formatClock(epochMs: number, language: Language): string {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: HALL_TIME_ZONE }).format(epochMs)
}

function hallDay(epochMs: number): string {
  return new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', timeZone: HALL_TIME_ZONE }).format(epochMs)
}

/** A moment for staff, as short as it can be told from others: `14:05` today, `6月3日 14:05` / `3 Jun, 14:05` else; with the year when it is another one. */
export function formatMoment(epochMs: number, nowMs: number, language: Language): string {
  const day = hallDay(epochMs)
  const today = hallDay(nowMs)
  if (day === today) return formatClock(epochMs, language)
  const sameYear = day.slice(0, 4) === today.slice(0, 4)
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', { ...(sameYear ? {} : { year: 'numeric' }), month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: HALL_TIME_ZONE }).format(epochMs)
}

/** Fen → 20 元 / CNY 20; 1050 → 10.50 元. */
export function formatFen(amountFen: number, language: Language): string {
  const yuan = amountFen % 100 === 0 ? String(amountFen / 100) : (amountFen / 100).toFixed(2)
  return language === 'en' ? `CNY ${yuan}` : `${yuan} 元`
}

/** Milliseconds → `1:05`; never negative, rounded up so that it does not say 0:00 while there is time. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.ceil(durationMs / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/**
 * Groups a long number for reading. ID numbers (18 characters) in 4 4 4 4 2, case numbers (21: region 6, date 8, serial 6,
 * check 1) in 6 8 6 1, mobile telephone numbers (11 digits, beginning with 1) in 3 4 4; others of ten or more in fours from the left. A number with hyphens is grouped already.
 */
export function groupNumber(value: string): readonly string[] {
  if (/[\s-]/.test(value)) return value.split(/\s+/)
  const sizes = value.length === 21 ? [6, 8, 6, 1] : /^1\d{10}$/.test(value) ? [3, 4, 4] : value.length >= 10 ? Array.from({ length: Math.ceil(value.length / 4) }, () => 4) : [value.length]
  const groups: string[] = []
  let at = 0
  for (const size of sizes) {
    groups.push(value.slice(at, at + size))
    at += size
  }
  return groups
}

/** A value of the form as a person reads it: days and months in words, ID and telephone numbers in groups; else unchanged. */
export function forReading(value: string, language: Language): string {
  if (ISO_DAY.test(value)) return formatDate(value, language)
  if (ISO_MONTH.test(value)) return formatMonth(value, language)
  return /^(\d{17}[\dX]|1\d{10})$/.test(value) ? groupNumber(value).join(' ') : value
}

const WORD_JOINER = '\u2060'
/** A telephone number in a sentence does not break at its hyphens. */
export function keepNumbersWhole(sentence: string): string {
  return sentence.replace(/\b\d{3,4}(-\d{3,4}){1,2}\b/g, (number) => number.replaceAll('-', `${WORD_JOINER}-${WORD_JOINER}`))
}

const STRAIGHT: Readonly<Record<string, string>> = { '‘': "'", '’': "'", '“': '"', '”': '"' }

/**
 * English as the bundled Chinese typeface can set it: its curly quotes are as wide as a Chinese character and would tear
 * words apart ("citizen’ s"), so straight ones stand in their place.
 */
export function inType(sentence: string, language: Language): string {
  return language === 'en' ? sentence.replace(/[‘’“”]/g, (mark) => STRAIGHT[mark] ?? mark) : sentence
}
