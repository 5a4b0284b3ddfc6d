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
