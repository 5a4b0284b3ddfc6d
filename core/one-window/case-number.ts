import type { CaseNumber } from '../ids.ts'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** Check character of ISO 7064 MOD 37,36 over digits and capital letters; undefined when another character occurs. */
export function mod3736CheckCharacter(payload: string): string | undefined {
  let product = 36
  for (const character of payload) {
    const value = ALPHABET.indexOf(character)
    if (value < 0) return undefined
    let sum = (product + value) % 36
    if (sum === 0) sum = 36
    product = (sum * 2) % 37
  }
  return ALPHABET[(37 - product) % 36]
}

/** 办件编号 of 21 characters, or undefined when its form or its check character is wrong. */
export function parseCaseNumber(text: string): CaseNumber | undefined {
  if (!/^\d{20}[0-9A-Z]$/.test(text)) return undefined
  return mod3736CheckCharacter(text.slice(0, 20)) === text[20] ? (text as CaseNumber) : undefined
}

const BEIJING_OFFSET_MS = 8 * 3_600_000

/** Day in Beijing time, `YYYYMMDD`: the day that a case number and a citizen's receipt speak of. */
export function beijingDay(epochMs: number): string {
  return new Date(epochMs + BEIJING_OFFSET_MS).toISOString().slice(0, 10).replaceAll('-', '')
}

/**
 * Makes a case number: region 6 + day 8 + running number 6 + check 1 (facts on matters, section 3).
 * @throws when the region is not six digits or the running number does not fit; both are bugs of the backend.
 */
export function makeCaseNumber(region: string, epochMs: number, running: number): CaseNumber {
  if (!/^\d{6}$/.test(region)) throw new Error('a region has six digits')
  if (!Number.isInteger(running) || running < 0 || running > 999_999) throw new Error('the running number has at most six digits')
  const payload = `${region}${beijingDay(epochMs)}${String(running).padStart(6, '0')}`
  return `${payload}${mod3736CheckCharacter(payload) ?? ''}` as CaseNumber
}
