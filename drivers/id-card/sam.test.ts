import { describe, expect, test } from 'vitest'
import { ok } from '../../core/result/result.ts'
import type { ReplyFrame } from './frame.ts'
import { blocksOf, fits, limitMsOf, samNumberText, samSentence, statusCode } from './sam.ts'
import type { SamCommand } from './sam.ts'
import { outcomeOf } from './steps.ts'
import { readReply, RESIDENT, residentText } from './testing/replies.ts'

const COMMANDS: readonly SamCommand[] = ['reset', 'status', 'sam-number', 'find', 'select', 'read', 'more-addresses']

function frame(sw3: number, dataBytes = 0): ReplyFrame {
  return { sw1: 0, sw2: 0, sw3, data: new Uint8Array(dataBytes) }
}

function readData(): Uint8Array {
  return readReply(residentText(RESIDENT)).slice(10, -1)
}

describe('which reply can belong to which command', () => {
  test.each<[string, ReplyFrame, readonly SamCommand[]]>([
    ['plain success', frame(0x90), ['reset', 'status', 'select']],
    ['a SAM number', frame(0x90, 16), ['sam-number', 'select']],
    ['success of a select', frame(0x90, 8), ['select']],
    ['card found', frame(0x9f, 4), ['find']],
    ['card found without data', frame(0x9f), ['find']],
    ['card found with too much', frame(0x9f, 8), []],
    ['no content', frame(0x91), ['more-addresses']],
    ['one newer address', frame(0x90, 70), ['more-addresses']],
    ['five newer addresses', frame(0x90, 350), []],
    ['a failure', frame(0x80), COMMANDS],
    ['a failure with data', frame(0x80, 4), []],
    ['a card', { ...frame(0x90), data: readData() }, ['read']],
  ])('%s', (_name, reply, commands) => {
    expect(COMMANDS.filter((command) => fits(command, reply))).toEqual(commands)
  })
})

test('blocks are cut by their length words only when these add up', () => {
  const data = readData()
  expect(blocksOf(data)?.text).toHaveLength(256)
  expect(blocksOf(data)?.photo).toHaveLength(1024)
  expect(blocksOf(data.subarray(0, -1))).toBeUndefined()
  expect(blocksOf(Uint8Array.from(data, (byte, index) => (index === 0 ? 2 : byte)))).toBeUndefined()
  expect(blocksOf(new Uint8Array(3))).toBeUndefined()
})

test('limits have the time of the wire on top', () => {
  expect(limitMsOf('read', undefined)).toBe(3000)
  expect(limitMsOf('read', 115_200)).toBe(3113)
  expect(limitMsOf('read', 9600)).toBe(4349)
  expect(limitMsOf('find', undefined)).toBe(1000)
})

test('the number and the status as staff see them', () => {
  expect(samNumberText(Uint8Array.from(Buffer.from('0500010020A1330187D6120000000000', 'hex')))).toBe('05.01-20160800-0001234567-0000000000')
  expect(statusCode({ sw1: 0, sw2: 1, sw3: 0x9f })).toBe('SW00019F')
  for (let sw3 = 0; sw3 < 256; sw3++) expect(samSentence(sw3).en.length).toBeGreaterThan(3)
})

test('a good reply is overwritten once its identity is taken out, and so is one that contradicts itself', () => {
  for (const record of [RESIDENT, { ...RESIDENT, birth: '19570501' }]) {
    const data = readReply(residentText(record)).slice(10, -1)
    const outcome = outcomeOf('read', ok({ verdict: 'done', code: 'SW000090', data }))
    expect(outcome.kind).toBe(record === RESIDENT ? 'good' : 'end')
    expect(data.every((byte) => byte === 0)).toBe(true)
  }
})
