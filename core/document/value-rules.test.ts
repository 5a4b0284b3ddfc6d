import { describe, expect, it } from 'vitest'
import { parseChineseNumber, parseChineseYear } from './chinese-numerals.ts'
import { citizenIdCheckCharacter } from '../identity/citizen-id.ts'
import { parseAmount } from './amounts.ts'
import { passesLuhn } from './number-repair.ts'
import { parseDate, parsePeriod } from './printed-dates.ts'
import { judgeValue } from './value-rules.ts'

describe('ID numbers', () => {
  it('counts only a whole token that passes its check', () => {
    expect(judgeValue('citizen-id', '990101199011050014')).toEqual({ value: '990101199011050014' })
    expect(judgeValue('citizen-id', '990101199011060014')).toEqual({ value: '990101199011060014', doubt: 'check-failed' })
  })
  it('never cuts a number out of a longer run of digits', () => {
    expect(judgeValue('citizen-id', '9901011990110500147')).toEqual({ value: '9901011990110500147', doubt: 'wrong-length' })
    expect(judgeValue('citizen-id', '9990101199011050014')).toMatchObject({ doubt: 'wrong-length' })
  })
  it('proposes one without the stroke at its end, where only that passes its check', () => {
    for (const read of ['1990101199011050014', '9901011990110500141', '|990101199011050014', 'L990101199011050014']) expect(judgeValue('citizen-id', read), read).toEqual({ value: '990101199011050014', doubt: 'repaired' })
    expect(judgeValue('citizen-id', '1990101199011060014')).toEqual({ value: '1990101199011060014', doubt: 'wrong-length' })
    expect(judgeValue('citizen-id', '19901011990110500141')).toMatchObject({ doubt: 'wrong-length' })
    // Without either of the two ones it would pass.
    expect(judgeValue('bank-card', '19913748379523500171')).toEqual({ value: '19913748379523500171', doubt: 'wrong-length' })
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

describe('numbers with a doubtful sign', () => {
  const doubtAt = (...places: readonly number[]) => (at: number): boolean => places.includes(at)
  it('one look-alike at a doubtful place that alone fits the check is proposed, never sure', () => {
    expect(judgeValue('citizen-id', '990101199811050014', doubtAt(9))).toEqual({ value: '990101199011050014', doubt: 'repaired' })
    expect(judgeValue('citizen-id', '99010119701105001A', doubtAt(17))).toMatchObject({ doubt: 'check-failed' })
  })
  it('clear print is never changed: the paper itself is wrong', () => {
    expect(judgeValue('citizen-id', '990101199811050014')).toEqual({ value: '990101199811050014', doubt: 'check-failed' })
  })
  it('two repairs that both fit are no proof', () => {
    // 8 at either place may have been a 0 or a 9; several of the candidates pass.
    const read = '990101199811080014'
    expect(judgeValue('citizen-id', read, () => true).doubt).not.toBeUndefined()
  })
  it('a region that does not exist is doubted', () => {
    const first17 = '19010119901105001'
    expect(judgeValue('citizen-id', `${first17}${citizenIdCheckCharacter(first17)}`).doubt).toBe('no-such-region')
  })
  it('the number of a disability certificate is a person number with kind and level', () => {
    expect(judgeValue('disability-number', '99010119901105001442')).toEqual({ value: '99010119901105001442' })
    expect(judgeValue('disability-number', '99010119901105001489')).toMatchObject({ doubt: 'check-failed' })
    expect(judgeValue('disability-number', '990101199011050014')).toMatchObject({ doubt: 'wrong-length' })
  })
  it('an end of validity is never the beginning whose other half was read badly', () => {
    for (const read of ['2016.05.12-203605.12', '2016.05.12-2036.0512', '2016.05.12-期', '2016.05.12-206.05.12']) expect(judgeValue('period-end', read)).toMatchObject({ doubt: 'not-a-date' })
  })
  it('a figure of which the point may have been missed is looked at', () => {
    expect(judgeValue('amount', '人民币260000元')).toEqual({ value: '260000.00', doubt: 'characters-missing' })
    expect(judgeValue('amount', '00万元人民币')).toMatchObject({ doubt: 'characters-missing' })
    expect(judgeValue('area', '8650平方米')).toEqual({ value: '8650', doubt: 'characters-missing' })
    expect(judgeValue('area', '145:15平方米')).toEqual({ value: '145.15', doubt: 'not-an-amount' })
    expect(judgeValue('amount', "人民币2600'50元")).toEqual({ value: '2600.50', doubt: 'not-an-amount' })
    // A comma as likely as a point.
    for (const read of ['2·600元', '12;600元', '3:2600元']) expect(judgeValue('amount', read), read).toEqual({ value: read, doubt: 'not-an-amount' })
    expect(judgeValue('area', '145:150平方米')).toMatchObject({ doubt: 'not-an-amount' })
    for (const [read, value] of [['2600.00元', '2600.00'], ['2600元', '2600.00'], ['100万元人民币', '1000000.00'], ['12,600元', '12600.00'], ['800元/月', '800.00']] as const) expect(judgeValue('amount', read)).toEqual({ value })
    expect(judgeValue('area', '120平方米')).toEqual({ value: '120' })
  })
  it('bank cards pass Luhn with 16 to 19 digits', () => {
    expect(passesLuhn('4000000000000002')).toBe(true)
    expect(judgeValue('bank-card', '4000000000000002')).toEqual({ value: '4000000000000002' })
    expect(judgeValue('bank-card', '4000000000000003')).toMatchObject({ doubt: 'check-failed' })
    expect(judgeValue('bank-card', '400000000000002')).toMatchObject({ doubt: 'wrong-length' })
    expect(judgeValue('bank-card', '6200000000000000000')).toEqual({ value: '6200000000000000000' })
    // A digit of 19 was dropped, and what is left passes by chance.
    expect(passesLuhn('620000000000000013')).toBe(true)
    expect(judgeValue('bank-card', '620000000000000013')).toEqual({ value: '620000000000000013', doubt: 'characters-missing' })
  })
  it('a speck between digits is no part of the number, but takes the certainty', () => {
    expect(judgeValue('bank-card', '4000.000000000002')).toEqual({ value: '4000000000000002', doubt: 'low-confidence' })
    expect(judgeValue('bank-card', '4000.000000000003')).toMatchObject({ doubt: 'check-failed' })
    // A repair counts the places of the print with the speck.
    expect(judgeValue('citizen-id', "990101'199811050014", (at) => at === 10)).toEqual({ value: '990101199011050014', doubt: 'repaired' })
    // A number behind another one is another one.
    for (const end of ['-1', '-01', '.12', ',138']) expect(judgeValue('citizen-id', `990101199011050014${end}`)).toEqual({ value: '990101199011050014' })
  })
})

it('checks credit codes', () => {
  expect(judgeValue('credit-code', '919901019900000178')).toEqual({ value: '919901019900000178' })
  expect(judgeValue('credit-code', '11990101990000025B')).toEqual({ value: '11990101990000025B' })
  expect(judgeValue('credit-code', '919901019900000187')).toEqual({ value: '919901019900000187', doubt: 'check-failed' })
})

describe('dates', () => {
  it.each([['2025年3月1日', '2025-03-01'], ['2025-03-01', '2025-03-01'], ['2025.3.1', '2025-03-01'], ['2025/12/31止', '2025-12-31'], ['二〇二五年三月十一日', '2025-03-11'], ['二零二五年十二月三十一日', '2025-12-31'], ['二0二O年八月九日', '2020-08-09'], ['二○二一年十月十日', '2021-10-10']])('%s', (read, date) => {
    expect(parseDate(read)).toBe(date)
  })
  it.each(['2025年2月29日', '2025年13月1日', '2025年3月', '2009年5月18日起至2079年5月17日止', '20253月1日', ''])('%s is none', (read) => {
    expect(parseDate(read)).toBeUndefined()
  })
})

describe('periods', () => {
  it.each([['2019.05.01-2039.05.01', '2019-05-01', '2039-05-01'], ['2019.05.01-长期', '2019-05-01', '长期'], ['2009年5月18日起至2079年5月17日止', '2009-05-18', '2079-05-17']])('%s', (read, start, end) => {
    expect(parsePeriod(read)).toEqual({ start, end })
    expect(judgeValue('period-start', read)).toEqual({ value: start })
    expect(judgeValue('period-end', read)).toEqual({ value: end })
  })
  it('an end may stand alone', () => {
    expect(judgeValue('period-end', '2034年6月1日')).toEqual({ value: '2034-06-01' })
    expect(judgeValue('period-end', '长期')).toEqual({ value: '长期' })
  })
  it('a date without all its marks is a proposal', () => {
    expect(judgeValue('date', '2019.0501')).toEqual({ value: '2019-05-01', doubt: 'not-a-date' })
    expect(judgeValue('period-start', '2019.05.01')).toMatchObject({ doubt: 'not-a-date' })
    expect(judgeValue('date', '2025年1116日')).toEqual({ value: '2025-11-16', doubt: 'not-a-date' })
    for (const read of ['二五年五月二日', '二二五年五月二日', '七〇二五年五月二日']) expect(judgeValue('date', read)).toEqual({ value: '2025-05-02', doubt: 'not-a-date' })
    expect(judgeValue('date', '二一五年六月十一日')).toEqual({ value: '2015-06-11', doubt: 'not-a-date' })
    expect(judgeValue('date', '此〇二〇年九月十日')).toEqual({ value: '2020-09-10', doubt: 'not-a-date' })
    expect(judgeValue('date', '〇二五年五月二日')).toEqual({ value: '2025-05-02', doubt: 'not-a-date' })
    // Of which of two places the sign is missing, nobody knows.
    for (const read of ['2025年116日', '0一年十月十日', '五年五月二日', '九五年五月二日']) expect(judgeValue('date', read)).toEqual({ value: read, doubt: 'not-a-date' })
  })
  it('a day without its mark may have lost a digit', () => {
    expect(judgeValue('date', '2025年03月1')).toEqual({ value: '2025-03-01', doubt: 'characters-missing' })
    for (const read of ['2025年03月1日', '2025年3月1号']) expect(judgeValue('date', read)).toEqual({ value: '2025-03-01' })
  })
})

describe('places and nations', () => {
  it('an address may begin with a province, a city or a street', () => {
    for (const address of ['河南省郑州市中原路1号', '内蒙古自治区包头市青山路2号', '示范市示范区柳林路18号', '北海市海城区四川路3号']) expect(judgeValue('address', address)).toEqual({ value: address })
  })
  it('what no place is called is read as what it must be, to be looked at', () => {
    expect(judgeValue('address', '示范白治区北原市建设北街393号')).toEqual({ value: '示范自治区北原市建设北街393号', doubt: 'low-confidence' })
  })
  it('the rule of a table before a place is no part of it', () => {
    for (const rule of ['一', '|', '1']) expect(judgeValue('address', `${rule}示范市明德区柳林路18号`, (at) => at === 0), rule).toEqual({ value: '示范市明德区柳林路18号', doubt: 'low-confidence' })
    for (const address of ['一经街18号', '1号路示范小区3幢', '一号路江南市场3号', '1区锦绣城市花园2幢', '一师阿拉尔市明德路1号', '一街坊城市花园3号']) expect(judgeValue('address', address, () => true)).toEqual({ value: address })
    expect(judgeValue('address', '一示范市明德区柳林路18号'), 'read well').toEqual({ value: '一示范市明德区柳林路18号' })
    expect(judgeValue('address', '丨何南省郑州市中原路1号', () => true)).toEqual({ value: '何南省郑州市中原路1号', doubt: 'not-a-place' })
  })
  it('a nation among stray signs is proposed where only one comes into question', () => {
    for (const [read, nation] of [['汉!', '汉'], ['鸟汉族', '汉族'], ['/土家族', '土家族']] as const) expect(judgeValue('nation', read)).toEqual({ value: nation, doubt: 'not-a-nation' })
    expect(judgeValue('nation', '汉壮')).toEqual({ value: '汉壮', doubt: 'not-a-nation' })
  })
  it('a province that does not exist was misread', () => {
    expect(judgeValue('address', '何南省郑州市中原路1号')).toMatchObject({ doubt: 'not-a-place' })
    expect(judgeValue('address', '内蒙占自治区包头市青山路2号')).toMatchObject({ doubt: 'not-a-place' })
  })
  it('nations are the 56, with or without 族', () => {
    for (const nation of ['汉', '汉族', '土', '土家族', '维吾尔']) expect(judgeValue('nation', nation)).toEqual({ value: nation })
    for (const nation of ['汊', '满洲', '土家族族']) expect(judgeValue('nation', nation)).toMatchObject({ doubt: 'not-a-nation' })
  })
})

describe('amounts', () => {
  it.each([['人民币2600.00元', '2600.00'], ['¥2,600', '2600.00'], ['贰仟陆佰元整', '2600.00'], ['人民币(大写)贰仟陆佰元整(小写)2600元', '2600.00'], ['12,345.6元', '12345.60'], ['100万元人民币', '1000000.00'], ['人民币伍拾万元整', '500000.00'], ['壹仟贰佰捌拾万元整人民币', '12800000.00'], ['2000元/年', '2000.00'], ['叁佰元伍角', '300.50'], ['人民币壹仟伍佰元整(¥1500)', '1500.00']])('%s', (read, amount) => {
    expect(parseAmount(read)).toBe(amount)
  })
  it.each(['贰仟陆佰元整(2800元)', '2600元至2800元', '26,00元', '面议'])('%s is none', (read) => {
    expect(parseAmount(read)).toBeUndefined()
  })
  it('where words and digits differ the digits are proposed', () => {
    expect(judgeValue('amount', '人民币3200元(大写:叁任贰佰元整)')).toEqual({ value: '3200.00', doubt: 'values-disagree' })
    expect(judgeValue('amount', '2600元至2800元')).toEqual({ value: '2600元至2800元', doubt: 'not-an-amount' })
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
  expect(judgeValue('area', '宗地面积9190.21平方米/房屋建筑面积120.68平方米')).toEqual({ value: '120.68' })
  expect(judgeValue('area', '9190.21平方米/120.68平方米')).toMatchObject({ doubt: 'not-an-amount' })
  expect(judgeValue('area', '见附图')).toMatchObject({ doubt: 'not-an-amount' })
  expect(judgeValue('phone', '13900002046')).toEqual({ value: '13900002046' })
  expect(judgeValue('phone', '1390000204')).toMatchObject({ doubt: 'not-a-phone' })
  expect(judgeValue('name', '阿依古丽•艾力')).toEqual({ value: '阿依古丽·艾力' })
  expect(judgeValue('name', '叶尔兰别克')).toEqual({ value: '叶尔兰别克', doubt: 'characters-missing' })
  expect(judgeValue('name', '欧阳志远')).toEqual({ value: '欧阳志远' })
  expect(judgeValue('name', '陈志远1')).toMatchObject({ doubt: 'not-a-name' })
  expect(judgeValue('name', '(Z方):陈志远')).toEqual({ value: '陈志远', doubt: 'not-a-name' })
  for (const read of ['陈志远配偶:李红梅', '陈志远(曾用名:陈远)', '王伟:联系电话']) expect(judgeValue('name', read)).toEqual({ value: read, doubt: 'not-a-name' })
})
