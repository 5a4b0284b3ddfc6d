import type { CreditCode } from '../ids.ts'
import { err, ok, unreachable } from '../result/result.ts'
import type { Result } from '../result/result.ts'
import { text } from '../text/local-text.ts'
import type { LocalText } from '../text/local-text.ts'

/** GB 32100: the 31 characters in use; I, O, S, V and Z are left out because they look like digits or each other. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
/** GB 11714: weights of the eight characters of an organisation code (characters 9–16 of the credit code). */
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2] as const

export type CreditCodeError =
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'characters' }
  | { readonly kind: 'organisation-check' }
  | { readonly kind: 'check-character' }

/**
 * Checks an 18-character 统一社会信用代码 (GB 32100), with the organisation code inside (characters 9–17, GB 11714).
 * White space, full-width characters and small letters are put right before.
 */
export function parseCreditCode(input: string): Result<CreditCode, CreditCodeError> {
  const code = input.normalize('NFKC').replace(/\s+/g, '').toUpperCase()
  if (code.length !== 18) return err({ kind: 'length', length: code.length })
  if ([...code].some((character) => !ALPHABET.includes(character))) return err({ kind: 'characters' })
  if (organisationCheckCharacter(code.slice(8, 16)) !== code[16]) return err({ kind: 'organisation-check' })
  if (creditCodeCheckCharacter(code.slice(0, 17)) !== code[17]) return err({ kind: 'check-character' })
  return ok(code as CreditCode)
}

/** The check character that GB 32100 gives to 17 characters: weights are the powers of 3 modulo 31. */
export function creditCodeCheckCharacter(first17: string): string {
  let weight = 1
  let sum = 0
  for (const character of first17) {
    sum += weight * ALPHABET.indexOf(character)
    weight = (weight * 3) % 31
  }
  return ALPHABET.charAt((31 - (sum % 31)) % 31)
}

/** The check character that GB 11714 gives to the eight characters of an organisation code; A counts 10, Z counts 35. */
export function organisationCheckCharacter(first8: string): string {
  const sum = ORGANISATION_WEIGHTS.reduce((total, weight, index) => total + weight * Number.parseInt(first8.charAt(index), 36), 0)
  const check = 11 - (sum % 11)
  if (check === 10) return 'X'
  return check === 11 ? '0' : String(check)
}

/** What to tell the person who typed the code. */
export function creditCodeSentence(error: CreditCodeError): LocalText {
  switch (error.kind) {
    case 'length':
      return text(`统一社会信用代码应为18位，现在是${error.length}位，请核对。`, `A credit code has 18 characters; this one has ${error.length}. Please check it.`)
    case 'characters':
      return text('统一社会信用代码只含数字和大写字母，且不含 I、O、S、V、Z，请核对。', 'A credit code has digits and capital letters only, never I, O, S, V or Z. Please check it.')
    case 'organisation-check':
      return text('代码第9至17位（主体标识码）不符合校验规则，请核对这几位。', 'Characters 9 to 17 (the organisation code) do not fit together. Please check them.')
    case 'check-character':
      return text('代码与最后一位校验码不符，可能输错了一位，请逐位核对。', 'The last character does not match the rest; one character is probably wrong. Please compare them one by one.')
    default:
      return unreachable(error)
  }
}
