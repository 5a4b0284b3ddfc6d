import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { citizenIdCheckCharacter } from '../../core/identity/citizen-id.ts'
import { parseCardRecord } from './card-record.ts'
import { cardText, photoBlock, RESIDENT, residentText } from './testing/replies.ts'

function errorOf(text: Uint8Array): string {
  const parsed = parseCardRecord(text)
  return parsed.ok ? 'no error' : `${parsed.error.kind}:${parsed.error.code}`
}

describe('a resident card', () => {
  test('every field', () => {
    const photo = photoBlock()
    const parsed = parseCardRecord(residentText(RESIDENT), photo)
    expect(parsed).toEqual({
      ok: true,
      value: {
        kind: 'resident',
        name: '何建国',
        sex: 'male',
        nationCode: '01',
        birth: '1957-04-30',
        address: '示范市示范区长宁路8号',
        number: '990101195704300057',
        issuer: '示范市公安局示范分局',
        validFrom: '2010-05-01',
        validTo: 'long-term',
        photo: { format: 'wlt', bytes: photo },
      },
    })
    photo.fill(0)
    expect(parsed.ok && parsed.value.photo?.bytes[0]).toBe(0x57)
  })

  test('what is missing is a failed reading', () => {
    expect(errorOf(residentText({ ...RESIDENT, name: '' }))).toBe('incomplete:name')
    expect(errorOf(residentText({ ...RESIDENT, number: '' }))).toBe('incomplete:number')
    expect(errorOf(residentText({ ...RESIDENT, birth: '00000000' }))).toBe('incomplete:birth')
    expect(errorOf(residentText({ ...RESIDENT, validTo: '' }))).toBe('incomplete:valid-to')
    expect(errorOf(new Uint8Array(256))).toBe('incomplete:name')
    expect(errorOf(new Uint8Array(255))).toBe('incomplete:text-length')
  })

  test('what contradicts itself is told apart and never repaired', () => {
    expect(errorOf(residentText({ ...RESIDENT, number: '990101195704300058' }))).toBe('inconsistent:number-check-digit')
    expect(errorOf(residentText({ ...RESIDENT, birth: '19570501' }))).toBe('inconsistent:birth-number')
    expect(errorOf(residentText({ ...RESIDENT, sex: '2' }))).toBe('inconsistent:sex-number')
    expect(errorOf(residentText({ ...RESIDENT, sex: '7' }))).toBe('inconsistent:sex-code')
    expect(errorOf(residentText({ ...RESIDENT, validFrom: '20300101', validTo: '20200101' }))).toBe('inconsistent:validity-order')
    expect(errorOf(residentText({ ...RESIDENT, validFrom: '长期' }))).toBe('inconsistent:valid-from')
    expect(errorOf(residentText({ ...RESIDENT, validTo: '20230229' }))).toBe('inconsistent:valid-to')
    expect(errorOf(residentText({ ...RESIDENT, nation: '汉' }))).toBe('inconsistent:nation')
  })

  test('a sex that is not stated is not held against the number', () => {
    expect(errorOf(residentText({ ...RESIDENT, sex: '9' }))).toBe('no error')
  })

  test('NUL counts as the space of a resident card, any other letter stops', () => {
    expect(errorOf(residentText(RESIDENT, [[248, '\0']]))).toBe('no error')
    expect(errorOf(residentText(RESIDENT, [[248, 'K']]))).toBe('unknown-kind:kind-u004b')
  })

  test('rare characters and the interpunct stay as they are', () => {
    const name = '\ue123\ud842古丽·\udfb7'
    const parsed = parseCardRecord(residentText({ ...RESIDENT, name }))
    expect(parsed.ok && parsed.value.name).toBe(name)
  })
})

describe('other cards', () => {
  const hkNumber = ((): string => {
    const body = '81000019800101001'
    return body + citizenIdCheckCharacter(body)
  })()

  test('居住证 of Hong Kong, Macao and Taiwan residents', () => {
    const text = residentText({ ...RESIDENT, nation: '', birth: '19800101', number: hkNumber }, [[220, 'H12345678'], [238, '01'], [248, 'J']])
    const parsed = parseCardRecord(text)
    expect(parsed.ok && parsed.value).toMatchObject({ kind: 'hk-mo-tw-resident', number: hkNumber, travelPermit: 'H12345678', timesIssued: '01' })
    expect(parsed.ok && 'nationCode' in parsed.value).toBe(false)
  })

  const card2017 = (changes: readonly (readonly [number, string])[] = []): Uint8Array =>
    cardText([[0, 'SAMPLE, ANNA MARIA'], [120, '2'], [122, 'XXA990198512200'], [152, 'XXA'], [158, '安娜'], [188, '20180101'], [204, '20280101'], [220, '19851220'], [236, '01'], [240, '9901'], [248, 'I'], ...changes])

  test('foreigner of 2017', () => {
    const parsed = parseCardRecord(card2017([[122, 'XXA990185122001']]))
    expect(parsed.ok && parsed.value).toEqual({
      kind: 'foreigner-2017', name: '安娜', englishName: 'SAMPLE, ANNA MARIA', sex: 'female', nationality: 'XXA', birth: '1985-12-20', address: '',
      number: 'XXA990185122001', issuer: '', authorityCode: '9901', validFrom: '2018-01-01', validTo: '2028-01-01',
    })
    expect(errorOf(card2017([[122, '99A990185122001']]))).toBe('inconsistent:number-shape')
    expect(errorOf(card2017([[0, ' '.repeat(60)]]))).toBe('incomplete:name')
  })

  test('foreigner of 2023: the two parts of the name are joined before trimming', () => {
    const body = '99184019851220002'
    const first = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ, ABCDEF '
    expect(first).toHaveLength(35)
    const text = cardText([[0, ''], [30, '2'], [32, '01'], [36, '19851220'], [52, first], [122, body + citizenIdCheckCharacter(body)], [188, '20240101'], [204, '20340101'], [220, 'GHIJ'], [242, 'XXA'], [248, 'Y']])
    const parsed = parseCardRecord(text)
    expect(parsed.ok && parsed.value).toMatchObject({ kind: 'foreigner-2023', name: '', englishName: `${first}GHIJ`, nationality: 'XXA', timesIssued: '01', issuer: '', address: '' })
  })
})

describe('properties', () => {
  test('what is written comes back, whatever the names and days', () => {
    const day = fc.date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10))
    const word = (max: number): fc.Arbitrary<string> => fc.array(fc.integer({ min: 0x4e00, max: 0x9fa5 }), { minLength: 1, maxLength: max }).map((codes) => String.fromCharCode(...codes))
    fc.assert(
      fc.property(word(15), word(35), word(15), day, fc.integer({ min: 100000, max: 999999 }), fc.nat({ max: 999 }), day, day, (name, address, issuer, birth, region, sequence, one, other) => {
        const body = `${region}${birth.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`
        const number = body + citizenIdCheckCharacter(body)
        const [validFrom, validTo] = [one, other].sort() as [string, string]
        const compact = (date: string): string => date.replaceAll('-', '')
        const text = residentText({ name, sex: sequence % 2 === 1 ? '1' : '2', nation: '56', birth: compact(birth), address, number, issuer, validFrom: compact(validFrom), validTo: compact(validTo) })
        expect(parseCardRecord(text)).toEqual({ ok: true, value: { kind: 'resident', name, sex: sequence % 2 === 1 ? 'male' : 'female', nationCode: '56', birth, address, number, issuer, validFrom, validTo } })
      }),
    )
  })

  test('no bytes make it throw', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 256, maxLength: 256 }), fc.constantFrom(' ', 'J', 'I', 'Y'), (bytes, letter) => {
      bytes[248] = letter.charCodeAt(0)
      bytes[249] = 0
      expect(parseCardRecord(bytes).ok).toBe(false)
    }))
  })
})
