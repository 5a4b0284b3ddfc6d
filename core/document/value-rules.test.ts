import { describe, expect, it } from 'vitest'
import { parseChineseNumber, parseChineseYear } from './chinese-numerals.ts'
import { parseAmount } from './amounts.ts'
import { parseDate } from './printed-dates.ts'
import { judgeValue } from './value-rules.ts'

describe('ID numbers', () => {
  it('counts only a whole token that passes its check', () => {
    expect(judgeValue('citizen-id', '990101199011050014')).toEqual({ value: '990101199011050014' })
    expect(judgeValue('citizen-id', '990101199011060014')).toEqual({ value: '990101199011060014', doubt: 'check-failed' })
  })
  it('never cuts a number out of a longer run of digits', () => {
    expect(judgeValue('citizen-id', '9901011990110500147')).toEqual({ value: '9901011990110500147', doubt: 'wrong-length' })
    expect(judgeValue('citizen-id', '1990101199011050014')).toMatchObject({ doubt: 'wrong-length' })
  })
  it('puts signs right that engines mistake for digits, and lets the check decide', () => {
    expect(judgeValue('citizen-id', '99O1O1l99011050014')).toEqual({ value: '990101199011050014' })
  })
  it('takes an X in any shape', () => {
    for (const x of ['x', 'X', '×']) expect(judgeValue('citizen-id', `99010119850101007${x}`)).toEqual({ value: '99010119850101007X' })
  })
  it('says when there is no number at all', () => {
    expect(judgeValue('citizen-id', '详见附件')).toEqual({ value: '详见附件', doubt: 'wrong-length' })
  })
})

it('checks credit codes', () => {
  expect(judgeValue('credit-code', '919901019900000178')).toEqual({ value: '919901019900000178' })
  expect(judgeValue('credit-code', '11990101990000025B')).toEqual({ value: '11990101990000025B' })
  expect(judgeValue('credit-code', '919901019900000187')).toEqual({ value: '919901019900000187', doubt: 'check-failed' })
})

describe('dates', () => {
  it.each([['2025年3月1日', '2025-03-01'], ['2025-03-01', '2025-03-01'], ['2025.3.1', '2025-03-01'], ['2025/12/31止', '2025-12-31'], ['二〇二五年三月十一日', '2025-03-11'], ['二零二五年十二月三十一日', '2025-12-31']])('%s', (read, date) => {
    expect(parseDate(read)).toBe(date)
  })
  it.each(['2025年2月29日', '2025年13月1日', '2025年3月', '2009年5月18日起至2079年5月17日止', '20253月1日', ''])('%s is none', (read) => {
    expect(parseDate(read)).toBeUndefined()
  })
})

describe('amounts', () => {
  it.each([['人民币2600.00元', '2600.00'], ['¥2,600', '2600.00'], ['贰仟陆佰元整', '2600.00'], ['人民币(大写)贰仟陆佰元整(小写)2600元', '2600.00'], ['12,345.6元', '12345.60']])('%s', (read, amount) => {
    expect(parseAmount(read)).toBe(amount)
  })
  it.each(['贰仟陆佰元整(2800元)', '2600元至2800元', '26,00元', '面议'])('%s is none', (read) => {
    expect(parseAmount(read)).toBeUndefined()
  })
})

it('reads Chinese numerals', () => {
  expect(parseChineseNumber('壹万贰仟叁佰肆拾伍')).toBe(12_345)
  expect(parseChineseNumber('十五')).toBe(15)
  expect(parseChineseNumber('二十')).toBe(20)
  expect(parseChineseNumber('甲')).toBeUndefined()
  expect(parseChineseYear('二〇二五')).toBe(2025)
})

it('finds areas, telephones and names', () => {
  expect(judgeValue('area', '房屋建筑面积86.50平方米')).toEqual({ value: '86.50' })
  expect(judgeValue('area', '见附图')).toMatchObject({ doubt: 'not-an-amount' })
  expect(judgeValue('phone', '13900002046')).toEqual({ value: '13900002046' })
  expect(judgeValue('phone', '1390000204')).toMatchObject({ doubt: 'not-a-phone' })
  expect(judgeValue('name', '阿依古丽•艾力')).toEqual({ value: '阿依古丽·艾力' })
  expect(judgeValue('name', '陈志远1')).toMatchObject({ doubt: 'not-a-name' })
})
