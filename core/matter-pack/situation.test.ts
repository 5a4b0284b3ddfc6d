import { describe, expect, test } from 'vitest'
import { text } from '../text/local-text.ts'
import { waitUntilAge, withWait } from './wait.ts'

const person = (birth: string | undefined, age: number): { identity: { age: number; sex: string; region: string; kind: string; cardExpired: boolean; birth?: string } } => ({ identity: { age, sex: 'male', region: '990101', kind: 'resident', cardExpired: false, ...(birth !== undefined && { birth }) } })

describe('the time until an age', () => {
  test.each([
    ['1985-12-20', '2026-11-22', '19 年', '19 years'],
    ['1969-03-12', '2026-11-22', '2 年 3 个月', '2 years and 3 months'],
    ['1967-01-22', '2026-11-22', '2 个月', '2 months'],
    ['1966-12-22', '2026-11-22', '1 个月', '1 month'],
    ['1966-12-21', '2026-11-22', '29 天', '29 days'],
    ['1966-11-23', '2026-11-22', '1 天', '1 day'],
    ['1967-11-22', '2026-11-22', '1 年', '1 year'],
    ['1968-02-29', '2026-11-22', '1 年 3 个月', '1 year and 3 months'],
  ])('born %s, on %s: %s', (birth, today, zh, en) => {
    const wait = waitUntilAge(60, { ...person(birth, 0), today })
    expect(wait).toEqual(text(zh, en))
  })

  test('without the date of birth, from the age', () => {
    expect(waitUntilAge(60, { ...person(undefined, 57), today: '2026-11-22' })).toEqual(text('不到 3 年', 'less than 3 years'))
  })

  test('is written into the texts of the barrier', () => {
    const barrier = { id: 'too-young', kind: 'not-eligible', when: true, untilAge: 60, title: text('还差{wait}', '{wait} to go'), advice: text('再过{wait}，{wait}', 'in {wait}') } as const
    expect(withWait(barrier, { answers: {}, form: {}, today: '2026-11-22', ...person('1967-11-22', 59) })).toMatchObject({ title: { 'zh-CN': '还差1 年', en: '1 year to go' }, advice: { 'zh-CN': '再过1 年，1 年' } })
  })
})
