import { describe, expect, it } from 'vitest'
import { crossChecked } from './cross-checks.ts'
import type { CrossCheck } from './document-kind.ts'
import type { FieldReading } from './reading.ts'

const sure = (field: string, value: string): FieldReading => ({ field, value, state: 'sure', confidence: 0.99 })
const faint = (field: string, value: string): FieldReading => ({ field, value, state: 'unsure', why: 'low-confidence', confidence: 0.5 })
const NUMBER = '990101199011050014'
const TODAY = '2026-11-28'

function stateAfter(checks: readonly CrossCheck[], readings: readonly FieldReading[], today: string | undefined = TODAY): readonly string[] {
  return crossChecked(readings, checks, today).map(({ field, state, why }) => `${field} ${state}${why === undefined ? '' : ` ${why}`}`)
}

describe('number against birth and sex', () => {
  const birth: CrossCheck[] = [{ kind: 'birth-in-number', number: 'number', birth: 'birth' }]
  const sex: CrossCheck[] = [{ kind: 'sex-in-number', number: 'number', sex: 'sex' }]
  it('keeps what agrees', () => expect(stateAfter(birth, [sure('number', NUMBER), sure('birth', '1990-11-05')])).toEqual(['number sure', 'birth sure']))
  it('asks about both when they differ, however clear the print', () =>
    expect(stateAfter(birth, [sure('number', NUMBER), sure('birth', '1990-11-06')])).toEqual(['number unsure values-disagree', 'birth unsure values-disagree']))
  it('a faint date that agrees with a sure number is proved by it', () =>
    expect(stateAfter(birth, [sure('number', NUMBER), faint('birth', '1990-11-05')])).toEqual(['number sure', 'birth sure']))
  it('a faint number is not proved by a date', () =>
    expect(stateAfter(birth, [faint('number', NUMBER), sure('birth', '1990-11-05')])).toEqual(['number unsure low-confidence', 'birth sure']))
  it('a repaired number proves nothing and contradicts nothing', () =>
    expect(stateAfter(birth, [{ ...sure('number', NUMBER), state: 'unsure', why: 'repaired' }, sure('birth', '1990-11-06')])).toEqual(['number unsure repaired', 'birth sure']))
  it('a number that is at odds with one value proves no other', () =>
    expect(stateAfter([...sex, ...birth], [sure('number', NUMBER), sure('birth', '1990-11-06'), faint('sex', '男')])).toEqual(['number unsure values-disagree', 'birth unsure values-disagree', 'sex unsure low-confidence']))
  it('a sure number proposes what was not read, and nothing else', () => {
    const unread = (field: string, why: FieldReading['why']): FieldReading => ({ field, value: '', state: 'missing', ...(why === undefined ? {} : { why }), confidence: 0 })
    const told = (readings: readonly FieldReading[]): readonly string[] => crossChecked(readings, [...birth, ...sex], TODAY).map(({ value, state, why }) => `${value} ${state} ${why ?? ''}`.trim())
    expect(told([sure('number', NUMBER), unread('birth', 'not-found'), unread('sex', 'not-found')])).toEqual([`${NUMBER} sure`, '1990-11-05 unsure told-by-number', '男 unsure told-by-number'])
    expect(told([sure('number', NUMBER), { field: 'birth', value: '990年1月5日', state: 'unsure', why: 'not-a-date', confidence: 0.9 }])).toEqual([`${NUMBER} sure`, '1990-11-05 unsure told-by-number'])
    expect(told([faint('number', NUMBER), unread('birth', 'not-found')])).toEqual([`${NUMBER} unsure low-confidence`, 'missing not-found'])
    // A number that is at odds with a value of the paper says nothing of another one.
    expect(told([sure('number', NUMBER), sure('birth', '1990-11-06'), unread('sex', 'not-found')])[2]).toBe('missing not-found')
  })
  it('compares the sex, also with a number that goes on behind it', () => {
    expect(stateAfter(sex, [sure('number', NUMBER), sure('sex', '女')])).toEqual(['number unsure values-disagree', 'sex unsure values-disagree'])
    expect(stateAfter(sex, [sure('number', `${NUMBER}42`), sure('sex', '男')])).toEqual(['number sure', 'sex sure'])
  })
})

describe('dates', () => {
  it('must be in order', () => {
    const check: CrossCheck[] = [{ kind: 'in-order', earlier: 'from', later: 'to' }]
    expect(stateAfter(check, [sure('from', '2019-05-01'), sure('to', '2039-05-01')])).toEqual(['from sure', 'to sure'])
    expect(stateAfter(check, [sure('from', '2039-05-01'), sure('to', '2019-05-01')])).toEqual(['from unsure values-disagree', 'to unsure values-disagree'])
    expect(stateAfter(check, [sure('from', '2039-05-01'), sure('to', '长期')])).toEqual(['from sure', 'to sure'])
  })
  it('the half of a period that was read is not its end', () => {
    const check: CrossCheck[] = [{ kind: 'in-order', earlier: 'from', later: 'to' }]
    expect(stateAfter(check, [{ ...sure('from', '2016-05-12'), state: 'unsure', why: 'not-a-date' }, sure('to', '2016-05-12')])).toEqual(['from unsure not-a-date', 'to unsure values-disagree'])
    expect(stateAfter(check, [sure('from', '2016-05-12'), sure('to', '2016-05-12')])).toEqual(['from sure', 'to sure'])
  })
  it('of issue are not to come; without a calendar nothing is said', () => {
    const check: CrossCheck[] = [{ kind: 'not-in-future', date: 'issued' }]
    expect(stateAfter(check, [sure('issued', TODAY)])).toEqual(['issued sure'])
    expect(stateAfter(check, [sure('issued', '2026-11-29')])).toEqual(['issued unsure date-in-future'])
    expect(crossChecked([sure('issued', '2026-11-29')], check, undefined)).toEqual([sure('issued', '2026-11-29')])
  })
})

it('two parties have two numbers', () => {
  const check: CrossCheck[] = [{ kind: 'differ', one: 'a', other: 'b' }]
  expect(stateAfter(check, [sure('a', NUMBER), sure('b', NUMBER)])).toEqual(['a unsure values-disagree', 'b unsure values-disagree'])
})

it('a missing value of which nothing tells is left alone', () => {
  const missing: FieldReading = { field: 'from', value: '', state: 'missing', why: 'not-found', confidence: 0 }
  expect(stateAfter([{ kind: 'in-order', earlier: 'from', later: 'to' }], [missing, sure('to', '2039-05-01')])).toEqual(['from missing not-found', 'to sure'])
})
