import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CardApplication } from '../../sandbox/devices/social-card/card-application.ts'
import { SOCIAL_CARDS } from '../../sandbox/devices/social-card/cards.ts'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import { ok } from '../../core/result/result.ts'
import type { PcscCard } from '../transport/pcsc.ts'
import { answerOf, apduOf, followUp, isHarmless } from './apdu.ts'
import { CardLink } from './link.ts'
import { readSocialCard } from './reading.ts'
import type { ReadOutcome } from './reading.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase()
const VERIFY = 0x20

/** Reads a card that answers as it is told, and tells everything that was said to it. */
async function read(answer: (apdu: Uint8Array) => Uint8Array): Promise<{ outcome: ReadOutcome; sent: Uint8Array[]; answers: Uint8Array[] }> {
  const sent: Uint8Array[] = []
  const answers: Uint8Array[] = []
  const card: PcscCard = {
    protocol: 'T0',
    transmit: async (apdu) => {
      sent.push(apdu.slice())
      const bytes = Uint8Array.from(answer(apdu))
      answers.push(bytes)
      return ok(bytes)
    },
    disconnect: async () => undefined,
  }
  const link = new CardLink(card, { clock: new SimulatedClock(), signal: new AbortController().signal })
  return { outcome: await readSocialCard((command) => link.exchange(command)), sent, answers }
}

describe('commands', () => {
  test('are those of the makers\' sheets, byte by byte', () => {
    expect(hex(apduOf({ kind: 'select-environment' }))).toBe('00A404000F7378312E73682EC9E7BBE1B1A3D5CF')
    expect(hex(apduOf({ kind: 'select-file', file: 'EF05', way: 'child' }))).toBe('00A4020002EF05')
    expect(hex(apduOf({ kind: 'select-file', file: 'EF06', way: 'plain' }))).toBe('00A4000002EF06')
    expect(hex(apduOf({ kind: 'read-record', by: 'number', which: 7 }))).toBe('00B2070400')
    expect(hex(apduOf({ kind: 'read-record', by: 'tag', which: 0x4e }))).toBe('00B24E0000')
  })

  test('61 xx fetches the rest, 6C xx asks again with the right length, anything else is the end', () => {
    const select = apduOf({ kind: 'select-environment' })
    const record = apduOf({ kind: 'read-record', by: 'number', which: 1 })
    expect(followUp(select, { data: new Uint8Array(), status: 0x611a })).toEqual({ apdu: Uint8Array.of(0, 0xc0, 0, 0, 0x1a), keep: true })
    expect(followUp(record, { data: new Uint8Array(), status: 0x6c12 })).toEqual({ apdu: Uint8Array.of(0, 0xb2, 1, 4, 0x12), keep: false })
    expect(followUp(select, { data: new Uint8Array(), status: 0x6c12 })).toBeUndefined()
    expect(followUp(record, { data: new Uint8Array(), status: 0x9000 })).toBeUndefined()
  })

  test('only selecting, reading and fetching is harmless', () => {
    for (let instruction = 0; instruction <= 0xff; instruction++) {
      expect(isHarmless(Uint8Array.of(0, instruction, 0, 0))).toBe([0xa4, 0xb2, 0xc0].includes(instruction))
      expect(isHarmless(Uint8Array.of(0x80, instruction, 0, 0))).toBe(false)
    }
    expect(isHarmless(new Uint8Array())).toBe(false)
  })

  test('an answer without a status is none', () => {
    expect(answerOf(Uint8Array.of(0x90))).toBeUndefined()
    expect(answerOf(Uint8Array.of(0x90, 0x00))).toEqual({ data: new Uint8Array(), status: 0x9000 })
  })
})

describe('whatever a card answers', () => {
  const anyAnswer = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    // Answers that lead on: more to fetch, wrong length, done, with data that look like records.
    fc.tuple(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(0x61, 0x6c, 0x90, 0x6a, 0x69, 0x63), fc.integer({ min: 0, max: 255 })).map(([data, sw1, sw2]) => Uint8Array.of(...data, sw1, sw1 === 0x90 ? 0 : sw2)),
    fc.tuple(fc.integer({ min: 1, max: 0x4e }), fc.uint8Array({ maxLength: 40 })).map(([tag, value]) => Uint8Array.of(tag, value.length, ...value, 0x90, 0x00)),
  )

  test('no VERIFY, and nothing else but selecting and reading, ever leaves; it ends, and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyAnswer, { minLength: 1, maxLength: 80 }), async (script) => {
        let at = 0
        const { sent, outcome, answers } = await read(() => script[at++ % script.length] ?? new Uint8Array())
        expect(sent.length).toBeGreaterThan(0)
        // 1 environment, 2 files in 2 ways, 8 records in 2 ways, each with at most 9 sendings.
        expect(sent.length).toBeLessThanOrEqual(21 * 9)
        for (const apdu of sent) {
          expect(apdu[0]).toBe(0)
          expect(apdu[1]).not.toBe(VERIFY)
          expect([0xa4, 0xb2, 0xc0]).toContain(apdu[1])
        }
        expect(outcome.kind).not.toBe('silent')
        // What a card said is overwritten, good or not; a nonsense answer ends the reading and is not kept either.
        if (outcome.kind === 'good') expect(answers.every((answer) => answer.every((byte) => byte === 0))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('a good card that goes wrong at any point: the same holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 25 }), fc.array(anyAnswer, { minLength: 1, maxLength: 30 }), async (good, script) => {
        const card = new CardApplication(SOCIAL_CARDS['zhou-guilan'].content)
        let at = 0
        const { sent } = await read((apdu) => (at++ < good ? card.answer(apdu) : (script[at % script.length] ?? new Uint8Array())))
        expect(sent.every((apdu) => isHarmless(apdu) && apdu[1] !== VERIFY)).toBe(true)
        expect(card.verifies).toBe(0)
      }),
    )
  })
})

describe('cards of all habits', () => {
  const habits = (['T0', 'whole'] as const).flatMap((lengths) => (['child', 'plain', 'both'] as const).flatMap((selects) => (['number', 'tag', 'both'] as const).map((records) => ({ lengths, selects, records }))))

  test.each(habits)('answers $lengths, files $selects, records by $records', async (habit) => {
    const card = new CardApplication(SOCIAL_CARDS['he-jianguo'].content, habit)
    const { outcome, answers } = await read((apdu) => card.answer(apdu))
    expect(outcome).toEqual({ kind: 'good', card: { region: '990101', version: '2.00', cardNumber: 'D00000025', number: '990101195704300057', name: '何建国', issued: '2019-06-20', validTo: '2029-06-20' } })
    expect(answers.every((answer) => answer.every((byte) => byte === 0))).toBe(true)
  })

  test('a name that goes on in the next record, with a character cut in two between them', async () => {
    const content = { ...SOCIAL_CARDS['anna-sample'].content, name: `A${'周'.repeat(17)}` }
    const card = new CardApplication(content)
    const { outcome } = await read((apdu) => card.answer(apdu))
    expect(outcome).toMatchObject({ kind: 'good', card: { name: content.name } })
  })

  test('another card has no such application', async () => {
    const card = new CardApplication(undefined)
    expect((await read((apdu) => card.answer(apdu))).outcome).toEqual({ kind: 'end', error: { kind: 'wrong-card', code: 'environment-SW6A82' } })
  })
})
