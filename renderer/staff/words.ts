import type { MessageKey } from '../locales/texts.ts'

/** A message and what stands in its gaps. */
export interface Words {
  readonly key: MessageKey
  readonly values: Readonly<Record<string, number>>
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** Beyond two months a forecast is guesswork. */
const LONG_DAYS = 60
const WEEKS_FROM_DAYS = 14

/** When paper runs out, in words; both in epoch milliseconds. `undefined`: too little is known. */
export function forecastWords(runsOutAt: number | undefined, now: number): Words {
  if (runsOutAt === undefined) return { key: 'staff.forecast.unknown', values: {} }
  const left = runsOutAt - now
  if (left <= 0) return { key: 'staff.forecast.over', values: {} }
  if (left < HOUR_MS) return { key: 'staff.forecast.underHour', values: {} }
  if (left < DAY_MS) {
    const hours = Math.min(23, Math.round(left / HOUR_MS))
    return hours === 1 ? { key: 'staff.forecast.hour', values: {} } : { key: 'staff.forecast.hours', values: { count: hours } }
  }
  const days = Math.round(left / DAY_MS)
  if (days === 1) return { key: 'staff.forecast.day', values: {} }
  if (days < WEEKS_FROM_DAYS) return { key: 'staff.forecast.days', values: { count: days } }
  if (days < LONG_DAYS) return { key: 'staff.forecast.weeks', values: { count: Math.round(days / 7) } }
  return { key: 'staff.forecast.long', values: {} }
}

/** How long something has lasted, in whole minutes, hours or days, rounded down: "for 2 hours" is never said too early. */
export function spanWords(durationMs: number): Words {
  const minutes = Math.floor(durationMs / MINUTE_MS)
  if (minutes < 1) return { key: 'staff.time.justNow', values: {} }
  const hours = Math.floor(durationMs / HOUR_MS)
  if (hours < 1) return minutes === 1 ? { key: 'staff.time.minute', values: {} } : { key: 'staff.time.minutes', values: { count: minutes } }
  const days = Math.floor(durationMs / DAY_MS)
  if (days < 1) return hours === 1 ? { key: 'staff.time.hour', values: {} } : { key: 'staff.time.hours', values: { count: hours } }
  return days === 1 ? { key: 'staff.time.day', values: {} } : { key: 'staff.time.days', values: { count: days } }
}

/** Bytes as a person reads them: `812 KB`, `3.4 MB`, `118 GB`. */
export function sizeWords(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let size = bytes
  let unit = 0
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000
    unit += 1
  }
  return `${size >= 10 || unit === 0 ? Math.round(size) : size.toFixed(1)} ${units[unit] ?? ''}`
}

/** `09:00` some minutes on, around the clock. */
export function shiftTime(timeOfDay: string, minutes: number): string {
  const [hours = 0, past = 0] = timeOfDay.split(':').map(Number)
  const shifted = (((hours * 60 + past + minutes) % 1440) + 1440) % 1440
  return `${String(Math.floor(shifted / 60)).padStart(2, '0')}:${String(shifted % 60).padStart(2, '0')}`
}

/** How long before the end the sign-out is announced. */
export const SIGN_OUT_WARNING_MS = 20_000

/** Whole seconds until `endsAt` while they are to be announced (the last 20); `undefined` before, 0 when it is over. */
export function secondsToAnnounce(endsAt: number, now: number): number | undefined {
  const left = endsAt - now
  return left > SIGN_OUT_WARNING_MS ? undefined : Math.max(0, Math.ceil(left / 1000))
}
