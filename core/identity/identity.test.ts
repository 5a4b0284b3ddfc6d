import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { birthOf, citizenIdCheckCharacter, citizenIdSentence, parseCitizenId, sexOf } from './citizen-id.ts'
import { NATION_CODES, nationLabel, sexFromCode, sexLabel } from './codes.ts'
import { creditCodeCheckCharacter, organisationCheckCharacter, parseCreditCode } from './credit-code.ts'
import { ageAt, chinaDate, compactDate, isIsoDate, validityOn } from './dates.ts'
import { currentAddress } from './identity.ts'
import { groupNumber, maskName, maskNumber, maskPhone } from './masking.ts'

const DEMONSTRATION_NUMBERS = ['990101195803120027', '990101195704300057', '990101199011050014', '990101198512200047', '990101202406180037']

const digits = (length: number): fc.Arbitrary<string> => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((list) => list.join(''))
const day = fc.date({ min: new Date('1850-01-01'), max: new Date('2199-12-31'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10))
const validNumber = fc.tuple(fc.integer({ min: 100000, max: 999999 }), day, digits(3)).map(([region, birth, sequence]) => {
  const body = `${region}${birth.replaceAll('-', '')}${sequence}`
  return body + citizenIdCheckCharacter(body)
})

describe('citizen id', () => {
  test('the demonstration numbers pass', () => {
    for (const number of DEMONSTRATION_NUMBERS) expect(parseCitizenId(number)).toEqual({ ok: true, value: number })
  })

  test('birth and sex come out of the number', () => {
    const parsed = parseCitizenId('990101195803120027')
    if (!parsed.ok) throw new Error('expected a good number')
    expect(birthOf(parsed.value)).toBe('1958-03-12')
    expect(sexOf(parsed.value)).toBe('female')
  })

  test('each cause is named', () => {
    expect(parseCitizenId('9901011958031200')).toEqual({ ok: false, error: { kind: 'length', length: 16 } })
    expect(parseCitizenId('99010119580312O027')).toEqual({ ok: false, error: { kind: 'characters' } })
    expect(parseCitizenId('990101195802300027')).toEqual({ ok: false, error: { kind: 'date' } })
    expect(parseCitizenId('990101195803120028')).toEqual({ ok: false, error: { kind: 'check-digit' } })
    expect(citizenIdSentence({ kind: 'length', length: 16 })['zh-CN']).toContain('16')
  })

  test('spaces, full-width digits and a small x are put right', () => {
    const body = '99010119900101001'
    const withX = [...Array(10).keys()].map((last) => `9901011990010100${last}`).find((candidate) => citizenIdCheckCharacter(candidate) === 'X') ?? body
    expect(parseCitizenId(` ${withX.slice(0, 6)} ${withX.slice(6)}x `)).toEqual({ ok: true, value: `${withX}X` })
    expect(parseCitizenId('９90101195803120027').ok).toBe(true)
  })

  test('every well-made number passes, and changing any one digit or swapping two neighbours is noticed', () => {
    fc.assert(
      fc.property(validNumber, fc.nat({ max: 16 }), fc.integer({ min: 1, max: 9 }), (number, place, shift) => {
        expect(parseCitizenId(number).ok).toBe(true)
        const changed = (Number(number[place]) + shift) % 10
        expect(parseCitizenId(number.slice(0, place) + changed + number.slice(place + 1)).ok).toBe(false)
        const left = number[place] ?? ''
        const right = number[place + 1] ?? ''
        if (left !== right) expect(parseCitizenId(number.slice(0, place) + right + left + number.slice(place + 2)).ok).toBe(false)
      }),
    )
  })

  test('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (input) => typeof parseCitizenId(input).ok === 'boolean'))
  })
})

describe('credit code', () => {
  test('the demonstration codes pass', () => {
    for (const code of ['11990101990000025B', '919901019900000178', '92990101990000033T']) expect(parseCreditCode(code)).toEqual({ ok: true, value: code })
  })

  test('each cause is named', () => {
    expect(parseCreditCode('1199010199000002')).toEqual({ ok: false, error: { kind: 'length', length: 16 } })
    expect(parseCreditCode('I1990101990000025B')).toEqual({ ok: false, error: { kind: 'characters' } })
    expect(parseCreditCode('11990101990000035B')).toEqual({ ok: false, error: { kind: 'organisation-check' } })
    expect(parseCreditCode('119901019900000258')).toEqual({ ok: false, error: { kind: 'check-character' } })
  })

  test('a well-made code passes and one wrong character is noticed', () => {
    const alphabet = [...'0123456789ABCDEFGHJKLMNPQRTUWXY']
    const characters = (length: number): fc.Arbitrary<string> => fc.array(fc.constantFrom(...alphabet), { minLength: length, maxLength: length }).map((list) => list.join(''))
    fc.assert(
      fc.property(characters(8), characters(8), fc.nat({ max: 17 }), fc.constantFrom(...alphabet), (head, organisation, place, other) => {
        const body = head + organisation + organisationCheckCharacter(organisation)
        const code = body + creditCodeCheckCharacter(body)
        expect(parseCreditCode(code.toLowerCase())).toEqual({ ok: true, value: code })
        if (code[place] !== other) expect(parseCreditCode(code.slice(0, place) + other + code.slice(place + 1)).ok).toBe(false)
      }),
    )
  })
})

describe('codes', () => {
  test('nations', () => {
    expect(NATION_CODES).toHaveLength(56)
    expect(nationLabel('01')).toEqual({ 'zh-CN': '汉族', en: 'Han' })
    expect(nationLabel('36')['zh-CN']).toBe('毛南族')
    expect(nationLabel('46')['zh-CN']).toBe('德昂族')
    expect(nationLabel('56')).toEqual({ 'zh-CN': '基诺族', en: 'Jino' })
    expect(nationLabel('57')['zh-CN']).toBe('其他（代码 57）')
    expect(nationLabel('00')['zh-CN']).toBe('其他（代码 00）')
    expect(nationLabel('98')['zh-CN']).toBe('外国血统中国籍人士')
    expect(new Set(NATION_CODES.map((code) => nationLabel(code)['zh-CN'])).size).toBe(56)
  })

  test('sex', () => {
    expect(sexFromCode('1')).toBe('male')
    expect(sexFromCode('5')).toBeUndefined()
    expect(sexLabel('female')['zh-CN']).toBe('女')
  })
})

describe('dates', () => {
  test('only real days pass', () => {
    expect(compactDate('20240229')).toBe('2024-02-29')
    expect(compactDate('20230229')).toBeUndefined()
    expect(compactDate('19000229')).toBeUndefined()
    expect(compactDate('00000000')).toBeUndefined()
    expect(isIsoDate('2026-04-31')).toBe(false)
    fc.assert(fc.property(day, (date) => isIsoDate(date) && compactDate(date.replaceAll('-', '')) === date))
  })

  test('age counts full years', () => {
    expect(ageAt('1958-03-12', '2026-03-11')).toBe(67)
    expect(ageAt('1958-03-12', '2026-03-12')).toBe(68)
    expect(ageAt('2004-02-29', '2025-02-28')).toBe(20)
    expect(ageAt('2004-02-29', '2025-03-01')).toBe(21)
    expect(ageAt('2024-02-29', '2024-02-28')).toBe(-1)
  })

  test('the day changes at midnight in China', () => {
    expect(chinaDate(Date.parse('2026-01-01T15:59:59Z'))).toBe('2026-01-01')
    expect(chinaDate(Date.parse('2026-01-01T16:00:00Z'))).toBe('2026-01-02')
  })

  test('first and last day of a card count', () => {
    const card = { validFrom: '2006-01-01', validTo: '2026-01-01' }
    expect(validityOn(card, '2005-12-31')).toBe('not-yet-valid')
    expect(validityOn(card, '2026-01-01')).toBe('valid')
    expect(validityOn(card, '2026-01-02')).toBe('expired')
    expect(validityOn({ validFrom: '2006-01-01', validTo: 'long-term' }, '2099-01-01')).toBe('valid')
  })
})

describe('masking', () => {
  test('names', () => {
    expect(maskName('何国')).toBe('何*')
    expect(maskName('何建国')).toBe('何*国')
    expect(maskName('𠮷田建国')).toBe('𠮷**国')
    expect(maskName('何')).toBe('*')
    expect(maskName('')).toBe('')
  })

  test('numbers and telephones', () => {
    expect(maskNumber('990101195803120027')).toBe('9****************7')
    expect(maskPhone('13800001234')).toBe('138****1234')
    expect(maskPhone('12345')).toBe('*****')
  })

  test('a masked number shows two characters at most and keeps its length', () => {
    fc.assert(
      fc.property(digits(18), (number) => {
        const masked = maskNumber(number)
        expect(masked).toHaveLength(18)
        expect(masked.replaceAll('*', '')).toHaveLength(2)
      }),
    )
  })

  test('grouping only adds spaces', () => {
    expect(groupNumber('990101195803120027')).toBe('990101 1958 0312 0027')
    fc.assert(fc.property(fc.string(), (value) => groupNumber(value).replaceAll(' ', '') === value.replaceAll(' ', '')))
  })
})

describe('where a card holder lives', () => {
  test('is the newest address in the chip, else the printed one', () => {
    expect(currentAddress({ address: '示范市示范区旧城路5号' })).toBe('示范市示范区旧城路5号')
    expect(currentAddress({ address: '示范市示范区旧城路5号', newAddresses: [] })).toBe('示范市示范区旧城路5号')
    expect(currentAddress({ address: '示范市示范区旧城路5号', newAddresses: ['示范市示范区青年路26号', '示范市示范区长宁路8号'] })).toBe('示范市示范区长宁路8号')
  })
})
