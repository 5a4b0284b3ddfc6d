/** When a terminal serves: all day, or from `open` to `close` (`HH:mm`, China time). `close` before `open` means past midnight. */
export type ServiceHours = '24h' | { readonly open: string; readonly close: string }

/** Mainland China keeps UTC+8 all year. */
const OFFSET_MS = 8 * 3_600_000
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** Whether a terminal with these hours serves at an instant (epoch milliseconds). The closing minute itself is closed. */
export function isOpenAt(hours: ServiceHours, epochMs: number): boolean {
  if (hours === '24h') return true
  const open = minutesOf(hours.open) * MINUTE_MS
  const close = minutesOf(hours.close) * MINUTE_MS
  const now = timeOfDay(epochMs)
  if (open === close) return true
  return open < close ? now >= open && now < close : now >= open || now < close
}

/** The next instant at which it opens or closes; undefined when it never does. */
export function nextTurn(hours: ServiceHours, epochMs: number): number | undefined {
  if (hours === '24h' || hours.open === hours.close) return undefined
  const now = timeOfDay(epochMs)
  const waits = [hours.open, hours.close].map((time) => {
    const wait = minutesOf(time) * MINUTE_MS - now
    return wait > 0 ? wait : wait + DAY_MS
  })
  return epochMs + Math.min(...waits)
}

function timeOfDay(epochMs: number): number {
  return (((epochMs + OFFSET_MS) % DAY_MS) + DAY_MS) % DAY_MS
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':')
  return Number(hours) * 60 + Number(minutes)
}
