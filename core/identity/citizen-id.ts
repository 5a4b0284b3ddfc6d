import type { CitizenId } from '../ids.ts'
import { err, ok, unreachable } from '../result/result.ts'
import type { Result } from '../result/result.ts'
import { text } from '../text/local-text.ts'
import type { LocalText } from '../text/local-text.ts'
import { compactDate } from './dates.ts'
import type { IsoDate } from './identity.ts'

/** GB 11643: the weights of digits 1–17, and the check characters for the sum modulo 11. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const
const CHECK_CHARACTERS = '10X98765432'

export type CitizenIdError =
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'characters' }
  | { readonly kind: 'date' }
  | { readonly kind: 'check-digit' }

/**
 * Checks an 18-character 公民身份号码 (GB 11643): length, characters, the day of birth inside, the check character; in this
 * order, so that the first cause named is the one to mend first. White space, full-width digits and a small x, as hands
 * and input methods make them, are put right before.
 */
export function parseCitizenId(input: string): Result<CitizenId, CitizenIdError> {
  const number = input.normalize('NFKC').replace(/\s+/g, '').toUpperCase()
  if (number.length !== 18) return err({ kind: 'length', length: number.length })
  if (!/^[1-9]\d{16}[\dX]$/.test(number)) return err({ kind: 'characters' })
  if (compactDate(number.slice(6, 14)) === undefined) return err({ kind: 'date' })
  if (citizenIdCheckCharacter(number.slice(0, 17)) !== number[17]) return err({ kind: 'check-digit' })
  return ok(number as CitizenId)
}

/** The check character that GB 11643 gives to 17 digits. */
export function citizenIdCheckCharacter(first17: string): string {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(first17[index]), 0)
  return CHECK_CHARACTERS.charAt(sum % 11)
}

/** The day of birth inside the number. */
export function birthOf(number: CitizenId): IsoDate {
  return `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`
}

/** Odd 17th digit male, even female (GB 11643). Not proved for foreigners' numbers. */
export function sexOf(number: CitizenId): 'male' | 'female' {
  return Number(number[16]) % 2 === 1 ? 'male' : 'female'
}

/** What to tell the person who typed the number. */
export function citizenIdSentence(error: CitizenIdError): LocalText {
  switch (error.kind) {
    case 'length':
      return text(`身份证号码应为18位，现在是${error.length}位，请核对。`, `An ID number has 18 characters; this one has ${error.length}. Please check it.`)
    case 'characters':
      return text('身份证号码前17位应为数字，最后一位为数字或字母X，请核对。', 'An ID number is 17 digits and then a digit or the letter X. Please check it.')
    case 'date':
      return text('号码第7至14位应为出生日期，这一天不存在，请核对。', 'Digits 7 to 14 should be the date of birth, but there is no such day. Please check them.')
    case 'check-digit':
      return text('号码与最后一位校验码不符，可能输错了一位，请逐位核对。', 'The last character does not match the rest; one digit is probably wrong. Please compare them one by one.')
    default:
      return unreachable(error)
  }
}
