import { describe, expect, test } from 'vitest'
import { parseCitizenId } from '../../core/identity/citizen-id.ts'
import { parseCreditCode } from '../../core/identity/credit-code.ts'
import { parseAmount } from '../../core/document/amounts.ts'
import { parseDate } from '../../core/document/printed-dates.ts'
import { chanceFrom, seedOf } from './chance.ts'
import { PAPER_KINDS, PAPER_PLANS } from './kinds/index.ts'
import { typefaces } from './paper.ts'
import { cardNumber, creditCode, person } from './people.ts'
import { SET_SEEDS } from './seeds.ts'
import { amountInCapitals, dateInDigits, dateInWords, dateWithDots } from './words.ts'

const chances = Array.from({ length: 200 }, (_, index) => chanceFrom(seedOf(1, index)))

describe('invented people', () => {
  test('numbers have right check digits and a region that was never issued', () => {
    for (const chance of chances) {
      const { number, birth, sex } = person(chance)
      expect(parseCitizenId(number).ok, number).toBe(true)
      expect(number).toMatch(/^(\d\d0000|990101)/)
      expect(number.slice(6, 14)).toBe(birth.replaceAll('-', ''))
      expect(Number(number[16]) % 2 === 1).toBe(sex === '男')
    }
  })

  test('telephones lie in a block that nobody has, firms and cards have right check digits', () => {
    for (const chance of chances) {
      expect(person(chance).phone).toMatch(/^1\d\d0000\d{4}$/)
      expect(parseCreditCode(creditCode(chance, 'company')).ok).toBe(true)
      const card = cardNumber(chance, 19)
      const sum = [...card].reverse().reduce((total, digit, index) => total + (index % 2 === 0 ? Number(digit) : [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(digit)] ?? 0), 0)
      expect(sum % 10, card).toBe(0)
    }
  })

  test('dates and amounts are printed so that the product reads back the same', () => {
    for (const date of ['2025-03-01', '1999-12-28', '2010-10-20', '2008-11-11']) {
      for (const print of [dateInDigits, dateInWords, dateWithDots]) expect(parseDate(print(date)), print(date)).toBe(date)
    }
    for (const yuan of [800, 1205, 2600, 30_000, 500_000, 12_800_000, 1_000_500]) expect(parseAmount(amountInCapitals(yuan)), amountInCapitals(yuan)).toBe(yuan.toFixed(2))
  })
})

describe('designs', () => {
  test.each(PAPER_KINDS)('%s: the same seed gives the same page, another seed another person', (kind) => {
    const design = (seed: number) => {
      const chance = chanceFrom(seed)
      return PAPER_PLANS[kind]({ chance, faces: typefaces(chance, 'tuning'), rareName: false })
    }
    expect(design(5)).toEqual(design(5))
    expect(design(5).html).not.toBe(design(6).html)
    expect(design(5).kind).toBe(kind)
  })

  test('the set for the report is not the set for tuning', () => {
    expect(SET_SEEDS.tuning).not.toBe(SET_SEEDS['held-back'])
  })
})
