import { afterEach, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { CardReadError, CardReading, CardReadProgress } from '../../core/device/operations.ts'
import type { Result } from '../../core/result/result.ts'
import { createIdCardReader } from './service.ts'
import type { IdCardReader } from './service.ts'
import { readReply, reply, RESIDENT, residentText } from './testing/replies.ts'
import { ScriptedReader } from './testing/scripted-reader.ts'

const FOUND = reply(0x9f, new Uint8Array(4))
const SELECTED = reply(0x90, new Uint8Array(8))
const CARD = readReply(residentText(RESIDENT))

let bench: Bench | undefined
afterEach(async () => {
  await bench?.reader.stop()
})

interface Reading {
  readonly progress: string[]
  result: Result<CardReading, CardReadError> | undefined
  cancel(): void
}

interface Bench {
  readonly clock: SimulatedClock
  readonly device: ScriptedReader
  readonly reader: IdCardReader
  readonly states: string[]
  readonly log: string[]
  read(timeoutMs?: number): Reading
}

function lay(lines?: (device: ScriptedReader) => readonly ReturnType<ScriptedReader['line']>[], additionalAddress = false): Bench {
  const clock = new SimulatedClock()
  const device = new ScriptedReader(clock)
  const log: string[] = []
  const reader = createIdCardReader(
    { id: 'card', class: 'id-card', address: { kind: 'tcp', host: '127.0.0.1', port: 1 }, additionalAddress },
    { clock, open: lines?.(device) ?? [device.line()], log: (event, fields) => log.push(`${event} ${JSON.stringify(fields)}`) },
  )
  const states: string[] = []
  reader.onStatus(({ state }) => states.push(state))
  bench = {
    clock, device, reader, states, log,
    read(timeoutMs = 30_000) {
      const abort = new AbortController()
      const reading: Reading = { progress: [], result: undefined, cancel: () => abort.abort() }
      const note = (progress: CardReadProgress): void => void reading.progress.push(progress.kind === 'retrying' ? `retrying-${progress.attempt}` : progress.kind)
      void reader.read({ timeoutMs }, note, abort.signal).then((result) => {
        reading.result = result
      })
      return reading
    },
  }
  return bench
}

async function ready(lines?: Parameters<typeof lay>[0], additionalAddress = false): Promise<Bench> {
  const made = lay(lines, additionalAddress)
  made.reader.start()
  await made.clock.advance(100)
  expect(made.reader.status().state).toBe('ready')
  return made
}

function cardLies({ device }: Bench): void {
  device.next['find'] = [FOUND]
  device.next['select'] = [SELECTED]
  device.next['read'] = [CARD]
}

function errorOf(reading: Reading): CardReadError | undefined {
  return reading.result?.ok === false ? reading.result.error : undefined
}

describe('a card is laid', () => {
  test('find, select and read, in this order, and the identity comes out', async () => {
    const made = await ready()
    cardLies(made)
    const reading = made.read()
    await made.clock.advance(100)
    expect(made.device.commands()).toEqual(['status', 'sam-number', 'find', 'select', 'read'])
    expect(reading.result).toMatchObject({ ok: true, value: { kind: 'resident', name: '何建国', number: '990101195704300057' } })
    expect(reading.progress).toEqual(['waiting', 'card-found', 'reading'])
    expect(made.states).toEqual(['ready', 'busy', 'ready'])
    expect(made.reader.samNumber()).toBe('05.01-20160800-0001234567-0000000000')
  })

  test('nothing of the card is in the log', async () => {
    const made = await ready()
    made.device.next['find'] = [FOUND, FOUND, FOUND]
    made.device.next['select'] = [SELECTED, SELECTED, SELECTED]
    // Late, broken, good: every way into the log.
    made.device.next['read'] = [[{ afterMs: 4000, bytes: CARD }], reply(0x41), CARD]
    const reading = made.read()
    await made.clock.advance(20_000)
    expect(reading.result?.ok).toBe(true)
    for (const secret of [RESIDENT.name, RESIDENT.number, RESIDENT.address, '1957']) expect(made.log.join('\n')).not.toContain(secret)
  })

  test('the reader is polled every 300 ms until the card comes, and not at all while nobody asks', async () => {
    const made = await ready()
    await made.clock.advance(30_000)
    expect(made.device.commands()).toEqual(['status', 'sam-number'])
    const reading = made.read()
    await made.clock.advance(4000)
    const finds = made.device.sent.filter(({ command }) => command === 'find')
    expect(finds).toHaveLength(13)
    cardLies(made)
    await made.clock.advance(500)
    expect(reading.result?.ok).toBe(true)
  })

  test('a reply in single bytes with gaps, and with noise before it', async () => {
    const made = await ready()
    made.device.next['find'] = [[{ afterMs: 5, bytes: Uint8Array.of(0xaa, 0xaa, 0xaa, 0x96, 0x00, 0x69, 0xaa) }, ...[...FOUND].map((byte) => ({ afterMs: 50, bytes: Uint8Array.of(byte) }))]]
    made.device.next['select'] = [SELECTED]
    made.device.next['read'] = [[...CARD].map((byte) => ({ afterMs: 2, bytes: Uint8Array.of(byte) }))]
    const reading = made.read()
    await made.clock.advance(5000)
    expect(reading.result?.ok).toBe(true)
    expect(made.reader.counters().discardedBytes).toBe(7)
  })

  test('several replies in one piece: what fits is taken, the others are dropped as stale', async () => {
    const made = await ready()
    made.device.next['find'] = [Buffer.concat([SELECTED, CARD, FOUND])]
    made.device.next['select'] = [Buffer.concat([CARD, FOUND, SELECTED])]
    made.device.next['read'] = [Buffer.concat([FOUND, SELECTED, CARD])]
    const reading = made.read()
    await made.clock.advance(200)
    expect(reading.result?.ok).toBe(true)
    expect(made.reader.counters().staleReplies).toBe(6)
  })
})

describe('the line misbehaves', () => {
  test('a wrong check byte: the same request goes out once more', async () => {
    const made = await ready()
    cardLies(made)
    const damaged = CARD.slice()
    damaged[700] = (damaged[700] ?? 0) ^ 1
    made.device.next['read'] = [damaged, CARD]
    const reading = made.read()
    await made.clock.advance(2000)
    expect(made.device.commands().slice(2)).toEqual(['find', 'select', 'read', 'read'])
    expect(reading.result?.ok).toBe(true)
    expect(made.reader.counters().xorFailures).toBe(1)
  })

  test('two wrong check bytes fail the try; the card is read again though it is "not found" any more', async () => {
    const made = await ready()
    cardLies(made)
    const damaged = CARD.slice()
    damaged[700] = (damaged[700] ?? 0) ^ 1
    made.device.next['select'] = [SELECTED, SELECTED]
    made.device.next['read'] = [damaged, damaged, CARD]
    const reading = made.read()
    await made.clock.advance(5000)
    expect(made.device.commands().slice(2)).toEqual(['find', 'select', 'read', 'read', 'find', 'select', 'read'])
    expect(reading.progress).toContain('retrying-2')
    expect(reading.result?.ok).toBe(true)
  })

  test.each([0x10, 0x11])('SW3 %s: the same request goes out once more', async (sw3) => {
    const made = await ready()
    cardLies(made)
    made.device.next['find'] = [reply(sw3), FOUND]
    const reading = made.read()
    await made.clock.advance(500)
    expect(made.device.commands().slice(2)).toEqual(['find', 'find', 'select', 'read'])
    expect(reading.result?.ok).toBe(true)
  })

  test('a late reply to a read is never taken for the next find', async () => {
    const made = await ready()
    made.device.next['find'] = [FOUND]
    made.device.next['select'] = [SELECTED]
    made.device.next['read'] = [[{ afterMs: 3600, bytes: CARD }]]
    const reading = made.read()
    await made.clock.advance(6000)
    expect(reading.result).toBeUndefined()
    expect(made.reader.counters()).toMatchObject({ staleReplies: 1, timeouts: { read: 1 } })
    expect(reading.progress).toContain('retrying-2')
  })

  test('after a read that timed out nothing is asked before 300 ms of silence', async () => {
    const made = await ready()
    made.device.next['find'] = [FOUND]
    made.device.next['select'] = [SELECTED]
    made.device.next['read'] = [[{ afterMs: 3500, bytes: CARD.subarray(0, 600) }, { afterMs: 250, bytes: CARD.subarray(600) }]]
    made.read()
    await made.clock.advance(10_000)
    const readAt = made.device.sent.find(({ command }) => command === 'read')?.atMs ?? 0
    const nextAt = made.device.sent.find(({ atMs }) => atMs > readAt)?.atMs ?? 0
    expect(nextAt - readAt).toBe(3500 + 250 + 300)
  })

  test('silence of the reader while a card is awaited: three finds, one status, then offline', async () => {
    const made = await ready()
    made.device.usual['find'] = 'silence'
    made.device.usual['status'] = 'silence'
    const reading = made.read()
    await made.clock.advance(5500)
    expect(errorOf(reading)).toEqual({ kind: 'reader-gone', code: 'status-timeout' })
    expect(made.reader.status()).toMatchObject({ state: 'offline', code: 'status-timeout' })
    expect(made.device.commands().slice(2)).toEqual(['find', 'find', 'find', 'status'])
  })

  test('a heartbeat each 45 s finds a dead line, and only then', async () => {
    const made = await ready()
    await made.clock.advance(45_500)
    expect(made.device.commands().slice(2)).toEqual(['status'])
    expect(made.reader.status().state).toBe('ready')
    made.device.usual['status'] = 'silence'
    await made.clock.advance(48_000)
    expect(made.reader.status().state).toBe('offline')
  })
})

describe('the card moves', () => {
  test('pulled in mid-read: the reply stops, the try ends early, and the card laid again is read', async () => {
    const made = await ready()
    made.device.next['find'] = [FOUND, reply(0x80), reply(0x80), FOUND]
    made.device.next['select'] = [SELECTED, reply(0x81), SELECTED]
    made.device.next['read'] = [CARD.subarray(0, 400), CARD]
    const reading = made.read()
    await made.clock.advance(600)
    expect(reading.progress).toEqual(['waiting', 'card-found', 'reading', 'retrying-2'])
    await made.clock.advance(3000)
    expect(reading.result?.ok).toBe(true)
    expect(reading.progress).toEqual(['waiting', 'card-found', 'reading', 'retrying-2', 'waiting', 'card-found', 'reading'])
  })

  test('three failed reads: lift the card and lay it again', async () => {
    const made = await ready()
    made.device.usual['find'] = FOUND
    made.device.usual['select'] = SELECTED
    made.device.usual['read'] = reply(0x41)
    const reading = made.read()
    await made.clock.advance(5000)
    expect(errorOf(reading)).toEqual({ kind: 'lift-and-lay-again', code: 'SW000041' })
    expect(made.device.commands().filter((command) => command === 'read')).toHaveLength(3)
    expect(reading.progress.filter((progress) => progress.startsWith('retrying'))).toEqual(['retrying-2', 'retrying-3'])
  })

  test('moved at select: back to find without using up a try', async () => {
    const made = await ready()
    made.device.next['find'] = [FOUND, FOUND, FOUND, FOUND, FOUND]
    made.device.next['select'] = [reply(0x81), reply(0x81), reply(0x81), reply(0x81), SELECTED]
    made.device.next['read'] = [CARD]
    const reading = made.read()
    await made.clock.advance(5000)
    expect(reading.result?.ok).toBe(true)
  })

  test('the card of the reading before still lies there: it is not read again, the citizen is asked to lift it', async () => {
    const made = await ready()
    cardLies(made)
    made.read()
    await made.clock.advance(100)
    const second = made.read()
    made.device.next['select'] = [SELECTED, SELECTED, reply(0x81)]
    await made.clock.advance(600)
    expect(second.progress).toEqual(['waiting', 'lift-card', 'lift-card'])
    await made.clock.advance(500)
    expect(second.progress.at(-1)).toBe('waiting')
    cardLies(made)
    await made.clock.advance(500)
    expect(second.result?.ok).toBe(true)
    expect(made.device.commands().filter((command) => command === 'read')).toHaveLength(2)
  })
})

describe('the reader goes and comes', () => {
  test('unplugged while the photo is being read: told at once, and reopened by itself', async () => {
    const made = await ready()
    cardLies(made)
    made.device.next['read'] = [[{ afterMs: 100, bytes: CARD.subarray(0, 700) }, { afterMs: 500, bytes: CARD.subarray(700) }]]
    const reading = made.read()
    await made.clock.advance(200)
    made.device.unplug()
    await made.clock.advance(0)
    expect(errorOf(reading)).toEqual({ kind: 'reader-gone', code: 'disconnected:pulled' })
    expect(made.reader.status().state).toBe('offline')
    made.device.plug()
    await made.clock.advance(1100)
    expect(made.reader.status().state).toBe('ready')
    cardLies(made)
    const again = made.read()
    await made.clock.advance(200)
    expect(again.result?.ok).toBe(true)
    expect(made.reader.counters().reopenings).toBe(1)
  })

  test('back-off 1, 2, 5, 10, 30, 30 s; offline without flicker; a request meanwhile is answered at once', async () => {
    const made = lay()
    made.device.absent = { kind: 'not-found', detail: 'nothing' }
    made.reader.start()
    await made.clock.advance(0)
    for (const [waitMs, opens] of [[999, 1], [1, 2], [1999, 2], [1, 3], [5000, 4], [10_000, 5], [29_999, 5], [1, 6], [30_000, 7]] as const) {
      await made.clock.advance(waitMs)
      expect(made.device.opens).toBe(opens)
    }
    expect(made.states).toEqual(['offline'])
    const reading = made.read()
    await made.clock.advance(0)
    expect(errorOf(reading)).toEqual({ kind: 'reader-gone', code: 'not-found:nothing' })
  })

  test('a request made while the reader is still starting waits for it', async () => {
    const made = lay((device) => [device.line('slow', 1000)])
    made.reader.start()
    const reading = made.read()
    cardLies(made)
    await made.clock.advance(900)
    expect(made.device.sent).toEqual([])
    await made.clock.advance(300)
    expect(reading.result?.ok).toBe(true)
  })

  test('the speed is found by trying, and a reopening begins with it', async () => {
    const lines = (device: ScriptedReader): ReturnType<ScriptedReader['line']>[] => ['fast', 'middle', 'slow'].map((label) => device.line(label))
    const made = lay(lines)
    made.device.onlyLine = 'slow'
    made.reader.start()
    await made.clock.advance(2500)
    expect(made.reader.status().state).toBe('ready')
    expect(opened(made)).toEqual(['fast', 'middle', 'slow'])
    made.device.unplug()
    made.device.plug()
    await made.clock.advance(1100)
    expect(made.reader.status().state).toBe('ready')
    expect(opened(made).at(-1)).toBe('slow')
  })

  const opened = ({ log }: Bench): (string | undefined)[] => log.filter((entry) => entry.includes('card-reader.opened')).map((entry) => /"line":"(\w+)"/.exec(entry)?.[1])

  test('no speed answers: after a whole round and a pause the next round begins with the first', async () => {
    const made = lay((device) => ['fast', 'middle', 'slow'].map((label) => device.line(label)))
    made.device.onlyLine = 'none of them'
    made.reader.start()
    await made.clock.advance(3500)
    expect(opened(made)).toEqual(['fast', 'middle', 'slow'])
    await made.clock.advance(1000)
    expect(opened(made)).toEqual(['fast', 'middle', 'slow', 'fast'])
  })

  test('a line that has worked and falls silent is closed at once, without trying the other speeds', async () => {
    const made = await ready((device) => ['fast', 'middle', 'slow'].map((label) => device.line(label)))
    made.device.usual['status'] = 'silence'
    await made.clock.advance(47_500)
    expect(made.reader.status().state).toBe('offline')
    made.device.usual['status'] = reply(0x90)
    await made.clock.advance(1000)
    expect(opened(made)).toEqual(['fast', 'fast'])
  })

  test('a broken reader that is unplugged is offline, no longer faulty', async () => {
    const made = lay()
    made.device.usual['status'] = reply(0x66)
    made.reader.start()
    await made.clock.advance(1000)
    expect(made.reader.status().state).toBe('fault')
    made.device.unplug()
    await made.clock.advance(0)
    expect(made.reader.status()).toMatchObject({ state: 'offline', code: 'disconnected:pulled' })
  })

  test('stopping leaves no timer and answers who waits', async () => {
    const made = await ready()
    const reading = made.read()
    await made.clock.advance(50)
    await made.reader.stop()
    await made.clock.advance(0)
    expect(errorOf(reading)).toEqual({ kind: 'reader-gone', code: 'stopped' })
    expect(made.clock.pending).toBe(0)
  })
})

describe('the SAM', () => {
  test('a fault: one reset, then out of order and a retry each 60 s until it is well', async () => {
    const made = lay()
    made.device.usual['status'] = reply(0x66)
    made.reader.start()
    await made.clock.advance(1000)
    expect(made.device.commands()).toEqual(['status', 'reset', 'status'])
    expect(made.reader.status()).toMatchObject({ state: 'fault', code: 'SW000066' })
    const reading = made.read()
    await made.clock.advance(0)
    expect(errorOf(reading)).toEqual({ kind: 'reader-fault', code: 'SW000066' })
    await made.clock.advance(59_000)
    expect(made.device.commands()).toHaveLength(3)
    made.device.usual['status'] = reply(0x90)
    await made.clock.advance(2000)
    expect(made.reader.status().state).toBe('ready')
    expect(made.states).toEqual(['fault', 'ready'])
  })

  test('a fault in the middle of a reading ends it', async () => {
    const made = await ready()
    made.device.next['find'] = [reply(0x60)]
    const reading = made.read()
    await made.clock.advance(50)
    expect(errorOf(reading)).toEqual({ kind: 'reader-fault', code: 'SW000060' })
    expect(made.reader.status().state).toBe('fault')
    await made.clock.advance(1000)
    expect(made.reader.status().state).toBe('ready')
  })

  test.each([
    [0x32, { kind: 'card-refused', code: 'SW000032' }, 1],
    [0x33, { kind: 'card-refused', code: 'SW000033' }, 1],
    [0x40, { kind: 'wrong-card', code: 'SW000040' }, 1],
    [0x31, { kind: 'card-unreadable', code: 'SW000031' }, 2],
    [0x24, { kind: 'reader-fault', code: 'SW000024' }, 2],
    [0x23, { kind: 'reader-fault', code: 'SW000023' }, 1],
    [0x47, { kind: 'lift-and-lay-again', code: 'SW000047' }, 3],
    [0x11, { kind: 'reader-fault', code: 'SW000011' }, 2],
    [0x77, { kind: 'reader-fault', code: 'SW000077' }, 1],
  ])('SW3 %s to the read', async (sw3, error, reads) => {
    const made = await ready()
    made.device.usual['find'] = FOUND
    made.device.usual['select'] = SELECTED
    made.device.usual['read'] = reply(sw3)
    const reading = made.read()
    await made.clock.advance(5000)
    expect(errorOf(reading)).toEqual(error)
    expect(made.device.commands().filter((command) => command === 'read')).toHaveLength(reads)
  })

  test('out of order: back to find; three times in one reading is a fault', async () => {
    const made = await ready()
    cardLies(made)
    made.device.next['select'] = [reply(0x21), SELECTED]
    made.device.next['find'] = [FOUND, FOUND]
    const reading = made.read()
    await made.clock.advance(500)
    expect(reading.result?.ok).toBe(true)
    made.device.usual['find'] = FOUND
    made.device.usual['select'] = reply(0x21)
    const second = made.read()
    await made.clock.advance(500)
    expect(errorOf(second)).toEqual({ kind: 'reader-fault', code: 'SW000021' })
    expect(made.device.commands()).toContain('reset')
  })
})

describe('what the card says', () => {
  test('a contradictory record goes to staff without another try', async () => {
    const made = await ready()
    cardLies(made)
    made.device.next['read'] = [readReply(residentText({ ...RESIDENT, birth: '19570501' }))]
    const reading = made.read()
    await made.clock.advance(500)
    expect(errorOf(reading)).toEqual({ kind: 'record-inconsistent', code: 'record-birth-number' })
  })

  test('an unknown kind of card is a wrong card', async () => {
    const made = await ready()
    cardLies(made)
    made.device.next['read'] = [readReply(residentText(RESIDENT, [[248, 'Q']]))]
    const reading = made.read()
    await made.clock.advance(500)
    expect(errorOf(reading)).toEqual({ kind: 'wrong-card', code: 'record-kind-u0051' })
  })

  test('an empty record under SW3 90 is a failed read and is tried again', async () => {
    const made = await ready()
    made.device.usual['find'] = FOUND
    made.device.usual['select'] = SELECTED
    made.device.next['read'] = [readReply(residentText({ ...RESIDENT, name: '' })), CARD]
    const reading = made.read()
    await made.clock.advance(2000)
    expect(reading.result?.ok).toBe(true)
  })
})

describe('newer addresses', () => {
  const written = (...addresses: string[]): Uint8Array => reply(0x90, Buffer.concat(addresses.map((address) => Buffer.from(address.padEnd(35, ' '), 'utf16le'))))

  test('are asked for after a good read, and come oldest first', async () => {
    const made = await ready(undefined, true)
    cardLies(made)
    made.device.next['more-addresses'] = [written('示范市示范区旧城路5号', '示范市示范区青年路26号')]
    const reading = made.read()
    await made.clock.advance(200)
    expect(made.device.commands().slice(2)).toEqual(['find', 'select', 'read', 'more-addresses'])
    expect(reading.result).toMatchObject({ ok: true, value: { address: RESIDENT.address, newAddresses: ['示范市示范区旧城路5号', '示范市示范区青年路26号'] } })
    expect(made.reader.status().state).toBe('ready')
  })

  test('are not asked for unless the configuration says so', async () => {
    const made = await ready()
    cardLies(made)
    made.read()
    await made.clock.advance(200)
    expect(made.device.commands()).not.toContain('more-addresses')
  })

  test.each<[string, ScriptedReader['next'][string][number], number]>([
    ['the card holds none', reply(0x91), 100],
    ['the card moved', reply(0x41), 100],
    ['the reader does not know the command', reply(0x21), 100],
    ['the module broke', reply(0x66), 100],
    ['nothing comes', 'silence', 1600],
    ['the reply is cut', written('示范市').subarray(0, 40), 700],
  ])('%s: the reading is as good as before', async (_name, answer, afterMs) => {
    const made = await ready(undefined, true)
    cardLies(made)
    made.device.next['more-addresses'] = [answer]
    const reading = made.read()
    await made.clock.advance(afterMs)
    expect(reading.result?.ok).toBe(true)
    expect(reading.result?.ok && 'newAddresses' in reading.result.value).toBe(false)
  })

  test('unplugged while they are asked for: the reading is good, the reader offline', async () => {
    const made = await ready(undefined, true)
    cardLies(made)
    made.device.next['more-addresses'] = ['silence']
    const reading = made.read()
    await made.clock.advance(200)
    expect(reading.result).toBeUndefined()
    made.device.unplug()
    await made.clock.advance(0)
    expect(reading.result).toMatchObject({ ok: true, value: { name: RESIDENT.name } })
    expect(made.reader.status().state).toBe('offline')
  })

  test('cancelled while they are asked for: cancelled, and the next request reads on', async () => {
    const made = await ready(undefined, true)
    cardLies(made)
    made.device.next['more-addresses'] = ['silence']
    const reading = made.read()
    await made.clock.advance(200)
    reading.cancel()
    await made.clock.advance(0)
    expect(errorOf(reading)).toEqual({ kind: 'cancelled' })
    cardLies(made)
    const second = made.read()
    await made.clock.advance(2000)
    expect(second.result?.ok).toBe(true)
  })
})

test('details tell the number of the module and what went wrong on the line, for the health page', async () => {
  const made = await ready()
  cardLies(made)
  made.device.next['find'] = ['silence', FOUND]
  made.read()
  await made.clock.advance(3000)
  expect(made.reader.details?.()).toEqual({
    samNumber: '05.01-20160800-0001234567-0000000000', reads: 1, timeouts: 1, 'timeouts-find': 1, xorFailures: 0, discardedBytes: 0, staleReplies: 0, reopenings: 0,
  })
})

describe('who waits', () => {
  test('nobody lays a card: the page\'s limit ends it', async () => {
    const made = await ready()
    const reading = made.read(10_000)
    await made.clock.advance(9999)
    expect(reading.result).toBeUndefined()
    await made.clock.advance(1)
    expect(errorOf(reading)).toEqual({ kind: 'timeout', code: 'page-limit' })
    expect(made.reader.status().state).toBe('ready')
  })

  test('cancelled while a find is in flight: answered at once, and the next request waits for that reply', async () => {
    const made = await ready()
    made.device.next['find'] = [[{ afterMs: 800, bytes: reply(0x80) }]]
    const reading = made.read()
    await made.clock.advance(100)
    reading.cancel()
    await made.clock.advance(0)
    expect(errorOf(reading)).toEqual({ kind: 'cancelled' })
    cardLies(made)
    const next = made.read()
    await made.clock.advance(600)
    expect(made.device.commands().filter((command) => command === 'find')).toHaveLength(1)
    await made.clock.advance(300)
    expect(next.result?.ok).toBe(true)
    expect(made.reader.counters().staleReplies).toBe(0)
  })

  test('a second request ends the first as cancelled', async () => {
    const made = await ready()
    const first = made.read()
    await made.clock.advance(50)
    const second = made.read()
    await made.clock.advance(50)
    expect(errorOf(first)).toEqual({ kind: 'cancelled' })
    cardLies(made)
    await made.clock.advance(1000)
    expect(second.result?.ok).toBe(true)
  })

  test('a request that was cancelled before it began asks the reader nothing', async () => {
    const made = await ready()
    const abort = new AbortController()
    abort.abort()
    expect(await made.reader.read({ timeoutMs: 1000 }, () => undefined, abort.signal)).toEqual({ ok: false, error: { kind: 'cancelled' } })
    await made.clock.advance(1000)
    expect(made.device.commands()).not.toContain('find')
  })
})

test('what came over the wire is overwritten once it is read', async () => {
  const made = await ready()
  cardLies(made)
  const reading = made.read()
  await made.clock.advance(200)
  expect(reading.result?.ok && reading.result.value.photo?.bytes[0]).toBe(0x57)
  const largest = made.device.delivered.find((chunk) => chunk.length === CARD.length)
  expect(largest?.every((byte) => byte === 0)).toBe(true)
})
