import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'

/** What the sign-in takes as a PIN. */
export const PIN_SHAPE = /^\d{6,12}$/

export type PinWeakness = 'shape' | 'same-digit' | 'run' | 'pattern' | 'staff-number'

/**
 * Why a new PIN is refused; undefined: it is taken. These are what is tried first at a keypad (NIST SP 800-63B asks to refuse
 * repeated and sequential characters and what derives from the user's name). Runs also go past 9 and 0: 890123, 210987.
 */
export function pinWeakness(pin: string, staffNumber: string): PinWeakness | undefined {
  if (!PIN_SHAPE.test(pin)) return 'shape'
  const digits = [...pin].map(Number)
  const stepsAll = (step: number): boolean => digits.every((digit, index) => index === 0 || digit === ((digits[index - 1] ?? 0) + step + 10) % 10)
  if (stepsAll(0)) return 'same-digit'
  if (stepsAll(1) || stepsAll(-1)) return 'run'
  if (pin.includes(staffNumber) || staffNumber.includes(pin)) return 'staff-number'
  // One short piece again and again: 121212, 123123.
  if (/^(\d{2,6}?)\1+$/.test(pin)) return 'pattern'
  return undefined
}

export function pinWeaknessSentence(weakness: PinWeakness): LocalText {
  switch (weakness) {
    case 'shape': return text('密码须为 6 到 12 位数字。', 'A PIN has 6 to 12 digits.')
    case 'same-digit': return text('密码不能全是同一个数字。', 'A PIN may not be one digit again and again.')
    case 'run': return text('密码不能是连续的数字，例如 123456。', 'A PIN may not be a run such as 123456.')
    case 'pattern': return text('密码不能是同一段数字的重复，例如 121212。', 'A PIN may not repeat one piece, such as 121212.')
    case 'staff-number': return text('密码不能包含工号。', 'A PIN may not contain the staff number.')
  }
}
