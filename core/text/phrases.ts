import type { DayLimit } from '../matter-pack/schema.ts'
import type { LocalText } from './local-text.ts'
import { text } from './local-text.ts'

/** 5 个工作日 / 5 working days; 当场办结 / on the spot. */
export function dayLimitText(limit: DayLimit | 'at-once'): LocalText {
  if (limit === 'at-once') return text('当场办结', 'on the spot')
  const { days } = limit
  const plural = days === 1 ? '' : 's'
  return limit.unit === 'working-day' ? text(`${days} 个工作日`, `${days} working day${plural}`) : text(`${days} 日`, `${days} calendar day${plural}`)
}

/** Money in yuan from fen, as people write it. */
export function yuanText(amountFen: number): LocalText {
  if (amountFen === 0) return text('免费', 'free of charge')
  const yuan = (amountFen / 100).toFixed(2)
  return text(`${yuan} 元`, `CNY ${yuan}`)
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'] as const

/** `2025-03-01` → 2025年3月1日 / 1 March 2025; anything else is given back as it is. */
export function dateText(isoDay: string): LocalText {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(isoDay) ?? []
  const name = MONTHS[Number(month) - 1]
  return year === undefined || name === undefined ? text(isoDay, isoDay) : text(`${year}年${Number(month)}月${Number(day)}日`, `${Number(day)} ${name} ${year}`)
}
