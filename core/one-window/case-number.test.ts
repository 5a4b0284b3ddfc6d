import { describe, expect, it } from 'vitest'
import { beijingDay, makeCaseNumber, mod3736CheckCharacter, parseCaseNumber } from './case-number.ts'

describe('case numbers', () => {
  it('agree with the example of the domain facts', () => {
    expect(parseCaseNumber('99010120250108000123H')).toBe('99010120250108000123H')
    expect(makeCaseNumber('990101', Date.parse('2025-01-08T03:00:00Z'), 123)).toBe('99010120250108000123H')
  })

  it('are refused with any single character changed', () => {
    const good = '99010120250108000123H'
    for (let index = 0; index < good.length; index++) {
      for (const other of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ') {
        if (other !== good[index]) expect(parseCaseNumber(good.slice(0, index) + other + good.slice(index + 1))).toBeUndefined()
      }
    }
  })

  it('have the same check as electronic licence identifiers', () => {
    expect(mod3736CheckCharacter('11990101990000025B00111990101990000025B2024000001001')).toBe('G')
    expect(mod3736CheckCharacter('小')).toBeUndefined()
  })

  it('name the day in Beijing', () => {
    expect(beijingDay(Date.parse('2026-03-31T15:59:59Z'))).toBe('20260331')
    expect(beijingDay(Date.parse('2026-03-31T16:00:00Z'))).toBe('20260401')
  })
})
