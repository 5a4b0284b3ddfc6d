import { describe, expect, it } from 'vitest'
import { lastDay } from './calendar.ts'

describe('the last day of a term', () => {
  it('skips weekends for working days, and begins on the day after in Beijing', () => {
    // Friday 2026-01-09, 10:00 in Beijing.
    const friday = Date.parse('2026-01-09T02:00:00Z')
    expect(lastDay(friday, { days: 1, unit: 'working-day' })).toBe('2026-01-12')
    expect(lastDay(friday, { days: 5, unit: 'working-day' })).toBe('2026-01-16')
    expect(lastDay(friday, { days: 15, unit: 'calendar-day' })).toBe('2026-01-24')
    // Already Saturday in Beijing.
    expect(lastDay(Date.parse('2026-01-09T16:30:00Z'), { days: 1, unit: 'calendar-day' })).toBe('2026-01-11')
  })
})
