import { isNationName, nationIn } from '../identity/codes.ts'
import { parseCitizenId } from '../identity/citizen-id.ts'
import { parseCreditCode } from '../identity/credit-code.ts'
import { isPersonRegion, provinceIn } from '../identity/provinces.ts'
import { unreachable } from '../result/result.ts'
import { parseAmount, proposeAmount } from './amounts.ts'
import type { ValueRule } from './document-kind.ts'
import { passesLuhn, repairNumber, withoutStroke } from './number-repair.ts'
import { endsBeforeDay, LONG_TERM, parseDate, parseLoneDate, parsePeriod, proposeDate } from './printed-dates.ts'
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
    case 'disability-number':
    case 'bank-card':
      return 'checked'
    case 'digits':
    case 'date':
    case 'period-start':
    case 'period-end':
    case 'amount':
    case 'area':
    case 'phone':
      return 'numeric'
    case 'name':
    case 'nation':
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
    case 'disability-number':
      return { part: 'whole', alphabet: '0123456789X' }
    case 'credit-code':
      return { part: 'whole', alphabet: '0123456789ABCDEFGHJKLMNPQRTUWXY' }
    case 'bank-card':
    case 'digits':
      return { part: 'whole', alphabet: '0123456789' }
    case 'phone':
      return { part: 'whole', alphabet: '0123456789-' }
    case 'amount':
    case 'area':
      return { part: 'whole', alphabet: '0123456789.,' }
    case 'date':
      return { part: 'whole', alphabet: '0123456789年月日' }
    case 'period-start':
    case 'period-end':
      return { part: 'whole', alphabet: '0123456789.-长期' }
    case 'address':
      return { part: 'from-first-digit', alphabet: '0123456789-号弄幢栋座楼单元层室' }
    case 'name':
    case 'nation':
    case 'text':
      return undefined
    default:
      return unreachable(rule)
  }
}

/** Whether the engine doubted the sign at this place of the reading (UTF-16 units). Only such signs are ever repaired. */
export type IsDoubtful = (at: number) => boolean

/**
 * Brings a reading (normalised, no white space) into the form of its rule and judges it. Dates become `YYYY-MM-DD`,
 * amounts yuan with two decimals, areas square metres as printed, an end of validity a date or `长期`.
 */
export function judgeValue(rule: ValueRule, read: string, isDoubtful: IsDoubtful = () => false): JudgedValue {
  switch (rule) {
    case 'citizen-id':
      return judgeNumber(read, { inside: /[\dX]/, lengths: [18], passes: isCitizenId, doubtOf: personRegionDoubt }, isDoubtful)
    case 'credit-code':
      return judgeNumber(read, { inside: /[\dA-Z]/, lengths: [18], passes: (token) => parseCreditCode(token).ok }, isDoubtful)
    case 'disability-number':
      return judgeNumber(read, { inside: /[\dX]/, lengths: [20], passes: isDisabilityNumber, doubtOf: personRegionDoubt }, isDoubtful)
    case 'bank-card':
      return judgeNumber(read, { inside: /\d/, lengths: [16, 17, 18, 19], passes: passesLuhn, doubtOf: cardLengthDoubt }, isDoubtful)
    case 'digits': {
      const digits = likeDigits(read)
      return /^\d+$/.test(digits) ? { value: digits } : { value: read, doubt: 'not-the-pattern' }
    }
    case 'date':
      return dated(read, parseDate(read))
    case 'period-start':
      return dated(read, parsePeriod(read)?.start)
    case 'period-end':
      // Some papers print the end alone (有效期至).
      return dated(read, parsePeriod(read)?.end ?? (read === LONG_TERM ? LONG_TERM : parseLoneDate(read)))
    case 'amount': {
      const pointed = withPoint(read)
      const amount = parseAmount(pointed)
      if (amount === undefined) {
        const digits = proposeAmount(pointed)
        return digits === undefined ? { value: read, doubt: 'not-an-amount' } : { value: digits, doubt: 'values-disagree' }
      }
      if (pointed !== read) return { value: amount, doubt: 'not-an-amount' }
      return LOST_POINT_IN_AMOUNT.test(read) ? { value: amount, doubt: 'characters-missing' } : { value: amount }
    }
    case 'area': {
      const pointed = withPoint(read)
      const area = parseArea(pointed)
      if (area === undefined) return { value: read, doubt: 'not-an-amount' }
      if (pointed !== read) return { value: area, doubt: 'not-an-amount' }
      return LOST_POINT_IN_AREA.test(area) ? { value: area, doubt: 'characters-missing' } : { value: area }
    }
    case 'phone': {
      const phone = /(?<!\d)(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)/.exec(read)?.[1]
      return phone === undefined ? { value: read, doubt: 'not-a-phone' } : { value: phone }
    }
    case 'name': {
      const name = read.replaceAll('•', '·')
      // 2 to 15 Chinese characters, the dot of minority names among them (GB/T 2261 and GA/T 704 set no shorter bound).
      if (/^(?!·)[\p{Script=Han}·]{2,15}(?<!·)$/u.test(name)) return LONG_WITHOUT_DOT.test(name) ? { value: name, doubt: 'characters-missing' } : { value: name }
      // Digits and letters beside a name are lines of a table or of a pattern; before a colon stands what is left of its label.
      return { value: /^[^\p{Script=Han}]*(\p{Script=Han}[\p{Script=Han}·]*\p{Script=Han})[^\p{Script=Han}]*$/u.exec(name.replace(LABEL_LEFT, ''))?.[1] ?? read, doubt: 'not-a-name' }
    }
    case 'nation':
      return isNationName(read) ? { value: read } : { value: nationIn(read) ?? read, doubt: 'not-a-nation' }
    case 'address': {
      // No place has 白治 in its name, and under a pattern engines see it for 自治.
      if (read.includes('白治')) return { value: read.replaceAll('白治', '自治'), doubt: 'low-confidence' }
      const value = (isDoubtful(0) ? RULE_BEFORE_PLACE.exec(read)?.[1] : undefined) ?? read
      const province = provinceIn(value)
      if (province !== undefined && !province.known) return { value, doubt: 'not-a-place' }
      return value === read ? { value } : { value, doubt: 'low-confidence' }
    }
    case 'text':
      return { value: read }
    default:
      return unreachable(rule)
  }
}

/** The rule of a table, badly read as a stroke, before the name of a province or a city; not the number of a street, a house or a division. */
const RULE_BEFORE_PLACE = /^[一丨|/1IJl]+((?:(?![号路街区师楼村组队巷弄道社段])\p{Script=Han}){2,7}?(?:省|市|自治|盟|县).*)$/u
/** `(乙方):`, of which a part was not read as what it is. */
const LABEL_LEFT = /^(?:\([^:()]{0,3}\)?|[^:()]?\)?):/u

/**
 * Engines miss a point more often than any other sign, and a hundred times the amount is a figure too: one as long as that
 * without a point, or one that begins with a zero (its first digit was missed), is looked at.
 */
const LOST_POINT_IN_AMOUNT = /(?<![\d.,])(?:\d{3,}00|0\d+)(?![\d.,万亿])|(?<![\d.,])00/u
const LOST_POINT_IN_AREA = /^(?:\d{4,}|0\d.*)$/u

/** What looks like a point, before one or two digits, is one: 145:15 is no value that begins behind a colon. Before three it may be a comma. */
function withPoint(read: string): string {
  return read.replace(/(?<=\d)[:;'·_](?=\d{1,2}(?!\d))/gu, '.')
}

/** Square metres. Where land and building stand together (宗地面积…/房屋建筑面积…), those of the building. */
function parseArea(read: string): string | undefined {
  const areas = [...read.replaceAll(',', '').matchAll(/(建筑面积:?)?(?<![\d.]|\d[:;'·_])(\d{1,6}(?:\.\d{1,3})?)(?=平方米|平米|m2|㎡|$)/gu)]
  const named = areas.filter(([, name]) => name !== undefined)
  const [one, second] = areas.length > 1 ? named : areas
  return second === undefined ? one?.[2] : undefined
}

/** A name this long has a dot almost always (叶尔兰·别克), and engines miss it. */
const LONG_WITHOUT_DOT = /^\p{Script=Han}{5,}$/u

function dated(read: string, date: string | undefined): JudgedValue {
  if (date === undefined) return { value: proposeDate(read) ?? read, doubt: 'not-a-date' }
  return endsBeforeDay(read) ? { value: date, doubt: 'characters-missing' } : { value: date }
}

/** Signs that engines put for a digit. Only applied inside a token that is otherwise made of the right characters. */
const LOOKS_LIKE: Readonly<Record<string, string>> = { O: '0', o: '0', I: '1', l: '1', '|': '1', '×': 'X', x: 'X' }

/** With digits in the place of letters that engines put for them. */
export function likeDigits(read: string): string {
  return [...read].map((character) => (character === 'X' || character === 'x' ? character : (LOOKS_LIKE[character] ?? character))).join('')
}

const isCitizenId = (token: string): boolean => parseCitizenId(token).ok

/** 残疾人证号: the person's number, then the kind of disability (1–7) and its level (1–4). */
const isDisabilityNumber = (token: string): boolean => isCitizenId(token.slice(0, 18)) && /^[1-7][1-4]$/.test(token.slice(18))

/**
 * Nearly all cards have 16 or 19 digits, and a dropped digit passes the check one time in ten: other lengths are looked at.
 */
const cardLengthDoubt = ({ length }: string): FieldDoubt | undefined => (length === 16 || length === 19 ? undefined : 'characters-missing')

const personRegionDoubt = (token: string): FieldDoubt | undefined => (isPersonRegion(token.slice(0, 2)) ? undefined : 'no-such-region')

/** Specks, the edge of a seal and embossed print leave them between digits. */
const STRAY_MARKS = ".,'·-"

interface NumberForm {
  readonly inside: RegExp
  readonly lengths: readonly number[]
  readonly passes: (token: string) => boolean
  readonly doubtOf?: (token: string) => FieldDoubt | undefined
}

/**
 * Only a whole token counts: a check character fits one of eleven chance numbers, so cutting 18 characters out of a longer
 * run would find numbers that nobody printed. Groups of digits (of a bank card) come without their spaces.
 */
function judgeNumber(read: string, form: NumberForm, isDoubtful: IsDoubtful): JudgedValue {
  const { lengths, passes, doubtOf = () => undefined } = form
  const joined = tokenIn(read, /[\dA-Za-z|×]+(?:[.,'·-](?=\d{2})[\dA-Za-z|×]+)*/g, form)
  // What goes on behind a mark may be another number.
  const { token, places, isSpecked } = lengths.includes(joined.token.length) ? joined : tokenIn(read, /[\dA-Za-z|×]+/g, form)
  if (token.length < 6) return { value: read, doubt: 'wrong-length' }
  const isFit = (candidate: string): boolean => passes(candidate) && doubtOf(candidate) === undefined
  if (!lengths.includes(token.length)) {
    const whole = lengths.includes(token.length - 1) ? withoutStroke(token, isFit) : undefined
    return whole === undefined ? { value: token, doubt: 'wrong-length' } : { value: whole, doubt: 'repaired' }
  }
  // A speck between two digits is no print of the number, but it may hide some.
  const doubt = doubtOf(token) ?? (isSpecked ? 'low-confidence' : undefined)
  if (passes(token)) return doubt === undefined ? { value: token } : { value: token, doubt }
  const repaired = repairNumber(token, (at) => isDoubtful(places[at] ?? 0), isFit)
  return repaired === undefined ? { value: token, doubt: 'check-failed' } : { value: repaired, doubt: 'repaired' }
}

/** The longest token of the form, its signs put right, and where each stands in what was read; specks in it are left out. */
function tokenIn(read: string, pattern: RegExp, { inside }: NumberForm): { readonly token: string; readonly places: readonly number[]; readonly isSpecked: boolean } {
  const [longest] = [...read.matchAll(pattern)].sort((a, b) => b[0].length - a[0].length)
  const all = [...(longest?.[0] ?? '')].map((character, at) => ({ character, at: (longest?.index ?? 0) + at }))
  const signs = all.filter(({ character }) => !STRAY_MARKS.includes(character))
  const token = signs.map(({ character }) => (inside.test(character) ? character : (LOOKS_LIKE[character] ?? character.toUpperCase()))).join('')
  return { token, places: signs.map(({ at }) => at), isSpecked: signs.length < all.length }
}
