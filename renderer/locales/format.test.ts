import { describe, expect, it } from 'vitest'
import { forReading, keepNumbersWhole } from './format.ts'

describe('values as a person reads them', () => {
  it('words days and months, groups ID and telephone numbers, and leaves the rest alone', () => {
    expect(forReading('1958-03-12', 'zh-CN')).toBe('1958年3月12日')
    expect(forReading('2024-01', 'en')).toBe('January 2024')
    expect(forReading('99010119901105001X', 'zh-CN')).toBe('9901 0119 9011 0500 1X')
    expect(forReading('10000000001', 'zh-CN')).toBe('100 0000 0001')
    expect(forReading('演示市安和区柳林路18号', 'zh-CN')).toBe('演示市安和区柳林路18号')
  })
  it('keeps a telephone number on one line and dates as they are', () => {
    expect(keepNumbersWhole('请打 0990-0000-222。')).toBe('请打 0990\u2060-\u20600000\u2060-\u2060222。')
    expect(keepNumbersWhole('2024-01-08')).toBe('2024-01-08')
    expect(keepNumbersWhole('12345')).toBe('12345')
  })
})
