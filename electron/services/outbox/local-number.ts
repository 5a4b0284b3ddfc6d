import { randomInt } from 'node:crypto'
import { chinaDate } from '../../../core/identity/dates.ts'
import type { LocalNumber } from '../../../core/ids.ts'

/** Without 0/O, 1/I/L, U/V: read aloud and typed by people. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTWXYZ'
const LENGTH = 6

/**
 * The number on a slip that says "kept here, not yet received": `K260401-7QW3FN`. Day and random characters, no running
 * number: it says nothing about how many came before.
 */
export function newLocalNumber(nowMs: number): LocalNumber {
  const characters = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)] ?? '').join('')
  return `K${chinaDate(nowMs).slice(2).replaceAll('-', '')}-${characters}` as LocalNumber
}
