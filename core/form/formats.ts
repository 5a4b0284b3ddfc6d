import { format } from '@cfworker/json-schema'
import { citizenIdSentence, parseCitizenId } from '../identity/citizen-id.ts'
import { creditCodeSentence, parseCreditCode } from '../identity/credit-code.ts'
import { isIsoDate } from '../identity/dates.ts'
import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'

/** A text format of our forms: why a value does not have it, in words for the citizen; `undefined` when it does. */
export type FormatCheck = (value: string) => LocalText | undefined

const when = (holds: (value: string) => boolean, sentence: LocalText): FormatCheck => (value) => (holds(value) ? undefined : sentence)

/**
 * The formats that a pack's form may name. `phone` is a mainland mobile number, a 1 and ten digits; `chinese-text` is a line of
 * words: no control characters, at least one letter, digit or Chinese character.
 */
export const FORM_FORMATS: ReadonlyMap<string, FormatCheck> = new Map<string, FormatCheck>([
  ['citizen-id', (value) => {
    const parsed = parseCitizenId(value)
    return parsed.ok ? undefined : citizenIdSentence(parsed.error)
  }],
  ['credit-code', (value) => {
    const parsed = parseCreditCode(value)
    return parsed.ok ? undefined : creditCodeSentence(parsed.error)
  }],
  ['phone', when((value) => /^1\d{10}$/.test(value), text('手机号码是 11 位数字，以 1 开头。', 'A mobile number has 11 digits and begins with 1.'))],
  ['date', when(isIsoDate, text('没有这一天，请重新选择日期。', 'There is no such day. Please choose the date again.'))],
  ['year-month', when((value) => isIsoDate(`${value}-01`), text('没有这个年月，请重新选择。', 'There is no such month. Please choose it again.'))],
  ['chinese-text', when((value) => !/[\p{Cc}\u2028\u2029]/u.test(value) && /[\p{L}\p{N}]/u.test(value), text('请用文字填写。', 'Please fill this in with words.'))],
  ['chinese-name', when((value) => /^[\p{Script=Han}〇]{1,20}(·[\p{Script=Han}]{1,20})*$/u.test(value), text('请填写身份证上的中文姓名。', 'Please write the Chinese name as it is on the ID card.'))],
])

// The interpreting validator knows formats by this table only; adding ours to it is its way of extension.
for (const [name, check] of FORM_FORMATS) format[name] = (value: string): boolean => check(value) === undefined
