import { parseCitizenId } from '../identity/citizen-id.ts'
import { parseCreditCode } from '../identity/credit-code.ts'
import { compactDate } from '../identity/dates.ts'
import { unreachable } from '../result/result.ts'
import { parseChineseNumber, parseChineseYear } from './chinese-numerals.ts'
import type { ValueRule } from './document-kind.ts'
import type { FieldDoubt } from './reading.ts'

/** A value in the form in which forms hold it, and what is wrong with it, if anything. */
export interface JudgedValue {
  readonly value: string
  readonly doubt?: FieldDoubt
}

/**
 * How far a value that fits its rule is proved: `checked` by check characters, `numeric` by a narrow form only, `text` not
 * at all.
 */
export type Proof = 'checked' | 'numeric' | 'text'

export function proofOf(rule: ValueRule): Proof {
  switch (rule) {
    case 'citizen-id':
    case 'credit-code':
      return 'checked'
    case 'date':
    case 'amount':
    case 'area':
    case 'phone':
      return 'numeric'
    case 'name':
    case 'address':
    case 'text':
      return 'text'
    default:
      return unreachable(rule)
  }
}

/**
 * What a second, narrower reading looks at: the whole value, or its end from the first digit on (house, building and room
 * of an address), and the only characters that can stand there. Undefined for free text.
 */
export interface NarrowReading {
  readonly part: 'whole' | 'from-first-digit'
  readonly alphabet: string
}

export function narrowReadingOf(rule: ValueRule): NarrowReading | undefined {
  switch (rule) {
    case 'citizen-id':
      return { part: 'whole', alphabet: '0123456789X' }
    case 'credit-code':
      return { part: 'whole', alphabet: '0123456789ABCDEFGHJKLMNPQRTUWXY' }
    case 'phone':
      return { part: 'whole', alphabet: '0123456789-' }
    case 'amount':
    case 'area':
      return { part: 'whole', alphabet: '0123456789.,' }
    case 'date':
      return { part: 'whole', alphabet: '0123456789年月日' }
    case 'address':
      return { part: 'from-first-digit', alphabet: '0123456789-号弄幢栋座楼单元层室' }
    case 'name':
    case 'text':
      return undefined
    default:
      return unreachable(rule)
  }
}

/**
 * Brings a reading (normalised, no white space) into the form of its rule and judges it. Dates become `YYYY-MM-DD`,
 * amounts yuan with two decimals, areas square metres as printed.
 */
export function judgeValue(rule: ValueRule, read: string): JudgedValue {
  switch (rule) {
    case 'citizen-id':
      return judgeNumber(read, /[\dXx]/, (token) => parseCitizenId(token))
    case 'credit-code':
      return judgeNumber(read.toUpperCase(), /[\dA-Z]/, (token) => parseCreditCode(token))
    case 'date': {
      const date = parseDate(read)
      return date === undefined ? { value: read, doubt: 'not-a-date' } : { value: date }
    }
    case 'amount': {
      const amount = parseAmount(read)
      return amount === undefined ? { value: read, doubt: 'not-an-amount' } : { value: amount }
    }
    case 'area': {
      const area = /(?<![\d.])(\d{1,6}(?:\.\d{1,3})?)(?=平方米|平米|m2|㎡|$)/u.exec(read.replaceAll(',', ''))?.[1]
      return area === undefined ? { value: read, doubt: 'not-an-amount' } : { value: area }
    }
    case 'phone': {
      const phone = /(?<!\d)(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)/.exec(read)?.[1]
      return phone === undefined ? { value: read, doubt: 'not-a-phone' } : { value: phone }
    }
    case 'name':
      // 2 to 15 Chinese characters, the dot of minority names among them (GB/T 2261 and GA/T 704 set no shorter bound).
      return /^[\p{Script=Han}·]{2,15}$/u.test(read.replaceAll('•', '·')) ? { value: read.replaceAll('•', '·') } : { value: read, doubt: 'not-a-name' }
    case 'address':
    case 'text':
      return { value: read }
    default:
      return unreachable(rule)
  }
}

/** Signs that engines put for a digit. Only applied inside a token that is otherwise made of the right characters. */
const LOOKS_LIKE: Readonly<Record<string, string>> = { O: '0', o: '0', I: '1', l: '1', '|': '1', '×': 'X', x: 'X' }

/**
 * Only a whole token counts: a check character fits one of eleven chance numbers, so cutting 18 characters out of a longer
 * run would find numbers that nobody printed.
 */
function judgeNumber(read: string, inside: RegExp, parse: (token: string) => { readonly ok: boolean }): JudgedValue {
  const tokens = read.match(/[\dA-Za-z|×]+/g) ?? []
  const longest = [...tokens].sort((a, b) => b.length - a.length)[0] ?? ''
  const token = [...longest].map((character) => (inside.test(character) && character !== 'x' ? character : (LOOKS_LIKE[character] ?? character))).join('')
  if (token.length < 6) return { value: read, doubt: 'wrong-length' }
  if (token.length !== 18) return { value: token, doubt: 'wrong-length' }
  return parse(token).ok ? { value: token } : { value: token, doubt: 'check-failed' }
}

/** `2025年3月1日`, `2025-03-01`, `2025.3.1`, `2025/3/1`, `二〇二五年三月一日`; the value must hold exactly one date. */
export function parseDate(read: string): string | undefined {
  const arabic = [...read.matchAll(/(?<!\d)(\d{4})(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})(?!\d)/gu)]
  if (arabic.length > 1) return undefined
  const one = arabic[0]
  if (one !== undefined) return dateOf(Number(one[1]), Number(one[2]), Number(one[3]))
  const chinese = /([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日/u.exec(read)
  if (chinese === null) return undefined
  return dateOf(parseChineseYear(chinese[1] ?? ''), parseChineseNumber(chinese[2] ?? ''), parseChineseNumber(chinese[3] ?? ''))
}

function dateOf(year: number | undefined, month: number | undefined, day: number | undefined): string | undefined {
  if (year === undefined || month === undefined || day === undefined) return undefined
  return compactDate(`${year}${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}`)
}

/** `人民币2600.00元`, `¥2,600`, `贰仟陆佰元整`; when words and digits stand together they must agree. */
export function parseAmount(read: string): string | undefined {
  const digits = [...read.matchAll(/(?<![\d.,])(\d{1,3}(?:,\d{3})+|\d{1,9})(\.\d{1,2})?(?![\d.,])/g)]
  if (digits.length > 1) return undefined
  const words = /([零一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]+)(?:元|圆)/u.exec(read)?.[1]
  const fromDigits = digits[0] === undefined ? undefined : Number(`${(digits[0][1] ?? '').replaceAll(',', '')}${digits[0][2] ?? ''}`)
  const fromWords = words === undefined ? undefined : parseChineseNumber(words)
  if (fromDigits !== undefined && fromWords !== undefined && Math.floor(fromDigits) !== fromWords) return undefined
  const amount = fromDigits ?? fromWords
  return amount === undefined ? undefined : amount.toFixed(2)
}
