import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { parseSocialCard, RECORD_NAMES, recordValue } from './record.ts'
import type { RecordName, RecordValues } from './record.ts'

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)
const gbk = (text: string, length = 30): Uint8Array => {
  const bytes = new Uint8Array(length)
  bytes.set(iconv.encode(text, 'gbk').subarray(0, length))
  return bytes
}

/** 周桂兰 of the demonstration people. */
const GOOD: RecordValues = {
  identifier: hex('99010100000000000000000000000000'),
  version: ascii('2.00'),
  issued: hex('20180315'),
  validTo: hex('20280315'),
  cardNumber: ascii('D00000017'),
  number: ascii('990101195803120027'),
  name: gbk('周桂兰'),
  nameRest: new Uint8Array(30),
}
const codeOf = (changes: Partial<RecordValues>): string | undefined => {
  const parsed = parseSocialCard({ ...GOOD, ...changes })
  return parsed.ok ? undefined : parsed.error.code
}

describe('a record', () => {
  test('is its tag, its length and its value, and may be padded', () => {
    expect(recordValue(hex('030431303030'), 3)).toEqual(ascii('1000'))
    expect(recordValue(hex('0304313030300000FF'), 3)).toEqual(ascii('1000'))
    expect(recordValue(hex('0300'), 3)).toEqual(new Uint8Array())
  })

  test.each(['', '03', '0304313030', '040431303030'])('%s is not the one that was asked for', (bytes) => {
    expect(recordValue(hex(bytes), 3)).toBeUndefined()
  })
})

describe('a card', () => {
  test('says what stands on it', () => {
    expect(parseSocialCard(GOOD)).toEqual({ ok: true, value: { region: '990101', version: '2.00', cardNumber: 'D00000017', number: '990101195803120027', name: '周桂兰', issued: '2018-03-15', validTo: '2028-03-15' } })
  })

  test.each<[string, Partial<RecordValues>]>([
    ['record-identifier', { identifier: hex('99010A') }],
    ['record-identifier', { identifier: hex('9901') }],
    ['record-version', { version: hex('FF2E3030') }],
    ['record-issued', { issued: hex('20180231') }],
    ['record-issued', { issued: hex('FFFFFFFF') }],
    ['record-valid-to', { validTo: hex('00000000') }],
    ['record-valid-to', { validTo: hex('20170315') }],
    ['record-card-number', { cardNumber: new Uint8Array(9) }],
    // The check character is wrong by one.
    ['record-number', { number: ascii('990101195803120028') }],
    ['record-number', { number: ascii('9901 1195803120027') }],
    ['record-number', { number: new Uint8Array() }],
    ['record-name', { name: new Uint8Array(30) }],
    // Half a character, and a byte that GBK does not have.
    ['record-name', { name: hex('D6DCB9') }],
    ['record-name', { name: hex('D6DCFFFF00') }],
  ])('%s: refused as a whole, without a word of what it says', (code, changes) => {
    expect(codeOf(changes)).toBe(code)
  })

  test('a foreigner\'s number has another shape', () => {
    expect(codeOf({ number: ascii('XXA123456789012') })).toBeUndefined()
  })

  test('a name that fills its record goes on; one that does not, does not', () => {
    const long = `A${'周'.repeat(17)}`
    const bytes = iconv.encode(long, 'gbk')
    const rest = new Uint8Array(30)
    rest.set(bytes.subarray(30))
    expect(parseSocialCard({ ...GOOD, name: new Uint8Array(bytes.subarray(0, 30)), nameRest: rest })).toMatchObject({ ok: true, value: { name: long } })
    expect(parseSocialCard({ ...GOOD, name: gbk('周桂兰', 20), nameRest: gbk('桂') })).toMatchObject({ ok: true, value: { name: '周桂兰' } })
  })

  test('arbitrary bytes in every record: never throws', () => {
    const values = fc.record(Object.fromEntries(RECORD_NAMES.map((name) => [name, fc.uint8Array({ maxLength: 60 })])) as Record<RecordName, fc.Arbitrary<Uint8Array>>)
    fc.assert(fc.property(values, (any) => void parseSocialCard(any)), { numRuns: 500 })
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 0, max: 255 }), (bytes, tag) => void recordValue(bytes, tag)))
  })
})
