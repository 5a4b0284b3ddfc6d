import { describe, expect, it } from 'vitest'
import { en } from './en.ts'
import { formatDate, formatDayTime, formatDuration, formatFen, formatMoment, formatMonth, groupNumber, inType } from './format.ts'
import { zhCN } from './zh-CN.ts'

type Tree = { readonly [key: string]: string | Tree }

function leaves(tree: Tree, prefix = ''): ReadonlyMap<string, string> {
  return new Map(Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [[prefix + key, value] as const] : [...leaves(value, `${prefix}${key}.`)])))
}

function placeholders(sentence: string): readonly string[] {
  return [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort()
}

describe('the messages', () => {
  const chinese = leaves(zhCN)
  const english = leaves(en)

  it('has the same keys in both languages', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort())
  })

  it('has the same placeholders in both languages', () => {
    const differing = [...chinese].filter(([key, sentence]) => placeholders(sentence).join() !== placeholders(english.get(key) ?? '').join()).map(([key]) => key)
    expect(differing).toEqual([])
  })

  it('says nothing empty, and nothing that the message syntax would take for itself', () => {
    const wrong = [...chinese, ...english].filter(([, sentence]) => sentence.trim() === '' || /[@|]/.test(sentence)).map(([key]) => key)
    expect(wrong).toEqual([])
  })

  it('has no exclamation mark', () => {
    expect([...chinese, ...english].filter(([, sentence]) => /[!！]/.test(sentence))).toEqual([])
  })
})

describe('dates, amounts and numbers', () => {
  it('shows days and months in both languages', () => {
    expect(formatDate('2025-01-08', 'zh-CN')).toBe('2025年1月8日')
    expect(formatDate('2025-01-08', 'en')).toBe('8 January 2025')
    expect(formatMonth('2024-12', 'zh-CN')).toBe('2024年12月')
    expect(formatMonth('2024-12', 'en')).toBe('December 2024')
  })

  it('leaves what is no date as it is', () => {
    expect(formatDate('soon', 'en')).toBe('soon')
    expect(formatMonth('2024-12-01', 'en')).toBe('2024-12-01')
  })

  it('shows a moment in the time of the hall, wherever the computer stands', () => {
    expect(formatDayTime(Date.UTC(2025, 0, 8, 16, 5, 9), 'zh-CN')).toContain('2025年1月9日')
    expect(formatDayTime(Date.UTC(2025, 0, 8, 16, 5, 9), 'zh-CN')).toContain('00:05:09')
  })

  it('shows a moment as shortly as it can be told from others', () => {
    const now = Date.UTC(2025, 5, 3, 6)
    expect(formatMoment(now - 3_600_000, now, 'zh-CN')).toBe('13:00')
    expect(formatMoment(Date.UTC(2025, 5, 2, 15, 30), now, 'zh-CN')).toBe('6月2日 23:30')
    expect(formatMoment(Date.UTC(2025, 5, 2, 15, 30), now, 'en')).toBe('2 Jun, 23:30')
    expect(formatMoment(Date.UTC(2024, 11, 31, 15, 30), now, 'en')).toBe('31 Dec 2024, 23:30')
  })

  it('shows time left without ever saying zero too early', () => {
    expect(formatDuration(90_000)).toBe('1:30')
    expect(formatDuration(1)).toBe('0:01')
    expect(formatDuration(-5)).toBe('0:00')
  })

  it('sets English with quotes that do not tear words apart, and leaves Chinese alone', () => {
    expect(inType('the citizen’s “yes”', 'en')).toBe('the citizen\'s "yes"')
    expect(inType('标“请核对”的', 'zh-CN')).toBe('标“请核对”的')
  })

  it('shows amounts', () => {
    expect(formatFen(2000, 'zh-CN')).toBe('20 元')
    expect(formatFen(1050, 'en')).toBe('CNY 10.50')
  })

  it('groups numbers for reading and loses no character', () => {
    expect(groupNumber('990101199011050014')).toEqual(['9901', '0119', '9011', '0500', '14'])
    expect(groupNumber('99010120250108000123H')).toEqual(['990101', '20250108', '000123', 'H'])
    expect(groupNumber('L-0007')).toEqual(['L-0007'])
    expect(groupNumber('12345')).toEqual(['12345'])
  })
})
