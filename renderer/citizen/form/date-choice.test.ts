import { describe, expect, it } from 'vitest'
import { beginDate, chosenDate, daysInMonth, deleteDigit, hallDay, isInRange, pickDay, pickMonth, pressDigit } from './date-choice.ts'

function type(digits: string, from = beginDate(undefined)) {
  return [...digits].reduce(pressDigit, from)
}

describe('choosing a date', () => {
  it('goes from the year to the month to the day by itself', () => {
    const year = type('2024')
    expect(year.part).toBe('month')
    const month = pickMonth(year, 2, true)
    expect(month.part).toBe('day')
    expect(chosenDate(month, true)).toBeUndefined()
    expect(chosenDate(pickDay(month, 29), true)).toBe('2024-02-29')
  })

  it('ends with the month where no day is asked', () => {
    expect(chosenDate(pickMonth(type('2024'), 11, false), false)).toBe('2024-11')
  })

  it('takes a day back that the month does not have, and never moves it', () => {
    const day = pickDay(pickMonth(type('2024'), 2, true), 29)
    expect(chosenDate(type('2023', day), true)).toBeUndefined()
    expect(pickMonth(beginDate('2024-01-31'), 4, true).day).toBeUndefined()
    expect(pickMonth(beginDate('2024-01-30'), 4, true).day).toBe(30)
  })

  it('does not go on with a year that nobody lives in', () => {
    expect(type('0199').part).toBe('year')
    expect(type('9999').part).toBe('year')
    expect(type('195').part).toBe('year')
  })

  it('begins the year anew with a fifth digit, and deletes one at a time', () => {
    expect(type('20241').year).toBe('1')
    expect(deleteDigit(type('2024')).year).toBe('202')
    expect(deleteDigit(type('2024')).part).toBe('year')
  })

  it('opens with the value that is there', () => {
    expect(chosenDate(beginDate('1990-11-05'), true)).toBe('1990-11-05')
    expect(chosenDate(beginDate('2024-03'), false)).toBe('2024-03')
    expect(chosenDate(beginDate('nonsense'), true)).toBeUndefined()
  })

  it('knows the lengths of the months', () => {
    expect([daysInMonth(2024, 2), daysInMonth(2023, 2), daysInMonth(1900, 2), daysInMonth(2000, 2), daysInMonth(2023, 4), daysInMonth(undefined, undefined)]).toEqual([29, 28, 28, 29, 30, 31])
  })

  it('judges a range with both ends in it', () => {
    expect(isInRange('2024-01-01', '2024-01-01', '2024-12-31')).toBe(true)
    expect(isInRange('2023-12-31', '2024-01-01', undefined)).toBe(false)
    expect(isInRange('2025-01', undefined, '2024-12')).toBe(false)
  })

  it('takes the day of the hall, not of Greenwich', () => {
    expect(hallDay(Date.UTC(2025, 0, 8, 15, 59))).toBe('2025-01-08')
    expect(hallDay(Date.UTC(2025, 0, 8, 16, 0))).toBe('2025-01-09')
  })
})
