import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CardApplication } from './card-application.ts'
import { SOCIAL_CARDS } from './cards.ts'
import { cardMessage, ReaderMessages } from './wire.ts'

describe('between the virtual reader and a card', () => {
  test('one byte controls the card, more are a command', () => {
    const messages = new ReaderMessages()
    expect(messages.take(Buffer.from('000101' + '000104' + '000500A4040000', 'hex'))).toEqual([{ kind: 'power-on' }, { kind: 'get-atr' }, { kind: 'apdu', bytes: Buffer.from('00A4040000', 'hex') }])
    expect(cardMessage(Buffer.from('9000', 'hex')).toString('hex')).toBe('00029000')
  })

  test('messages are the same in any pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 2, maxLength: 40 }), { maxLength: 10 }), fc.integer({ min: 1, max: 7 }), (apdus, size) => {
        const messages = new ReaderMessages()
        const run = Buffer.concat(apdus.map((apdu) => cardMessage(apdu)))
        const found = []
        for (let at = 0; at < run.length; at += size) found.push(...messages.take(run.subarray(at, at + size)))
        expect(found).toEqual(apdus.map((bytes) => ({ kind: 'apdu', bytes: Buffer.from(bytes) })))
      }),
    )
  })
})

describe('the card', () => {
  const hex = (card: CardApplication, apdu: string): string => card.answer(Buffer.from(apdu, 'hex')).toString('hex').toUpperCase()

  test('tells nothing before its environment and a file are selected', () => {
    const card = new CardApplication(SOCIAL_CARDS['zhou-guilan'].content)
    expect([hex(card, '00B2010400'), hex(card, '00A4020002EF06')]).toEqual(['6986', '6A82'])
  })

  test('counts every PIN that is tried', () => {
    const card = new CardApplication(SOCIAL_CARDS['zhou-guilan'].content)
    expect(hex(card, '0020000003123456')).toBe('63C2')
    expect(card.verifies).toBe(1)
  })

  test('forgets where it was when its power goes', () => {
    const card = new CardApplication(SOCIAL_CARDS['zhou-guilan'].content)
    hex(card, '00A404000F7378312E73682EC9E7BBE1B1A3D5CF')
    hex(card, '00A4020002EF06')
    expect(hex(card, '00B2010400')).toBe('6C14')
    card.reset()
    expect(hex(card, '00B2010414')).toBe('6986')
  })
})
