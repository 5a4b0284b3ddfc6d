import { parseChineseNumber } from './chinese-numerals.ts'

const MULTIPLES: Readonly<Record<string, number>> = { 万: 10_000, 亿: 100_000_000 }

/**
 * Yuan with two decimals from `人民币2600.00元`, `¥2,600`, `100万元`, `贰仟陆佰元整`, `叁佰元伍角`; when words and digits
 * stand together they must agree. Undefined when there is no figure or more than one.
 */
export function parseAmount(read: string): string | undefined {
  const figures = figuresInFen(read)
  if (figures.length > 1) return undefined
  const [fen] = figures
  const words = wordsInFen(read)
  if (fen !== undefined && words !== undefined && fen !== words) return undefined
  const amount = fen ?? words
  return amount === undefined ? undefined : yuan(amount)
}

/** The one amount in digits, whatever the words beside it say: one of them was misread, and that shows more often in words. */
export function proposeAmount(read: string): string | undefined {
  const [fen, second] = figuresInFen(read)
  return fen === undefined || second !== undefined ? undefined : yuan(fen)
}

const yuan = (fen: number): string => (fen / 100).toFixed(2)

function figuresInFen(read: string): readonly number[] {
  const figures = read.matchAll(/(?<![\d.,])(\d{1,3}(?:,\d{3})+|\d{1,9})(\.\d{1,6})?(?![\d.,])([万亿])?/gu)
  return [...figures].map(([, whole = '', part = '', multiple = '']) => Math.round(Number(`${whole.replaceAll(',', '')}${part}`) * (MULTIPLES[multiple] ?? 1) * 100))
}

function wordsInFen(read: string): number | undefined {
  const match = /([零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟]+)[元圆](?:零?([一二三四五六七八九壹贰叁肆伍陆柒捌玖])角)?(?:零?([一二三四五六七八九壹贰叁肆伍陆柒捌玖])分)?/u.exec(read)
  // 100万元 has one such sign before 元, which belongs to the digits.
  if (match === null || /\d$/.test(read.slice(0, match.index))) return undefined
  const yuan = parseChineseNumber(match[1] ?? '')
  if (yuan === undefined) return undefined
  return yuan * 100 + (parseChineseNumber(match[2] ?? '') ?? 0) * 10 + (parseChineseNumber(match[3] ?? '') ?? 0)
}
