import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { CardReadError, CardReading } from '../../core/device/operations.ts'
import { ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import type { Transport } from '../transport/transport.ts'
import { createIdCardReader } from './service.ts'
import type { IdCardReader } from './service.ts'
import { encodeStx, StxDecoder } from './stx-frame.ts'
import { readReply, RESIDENT, residentText } from './testing/replies.ts'

const EVERYTHING = 'ca0100'
const NUMBER = 'ca0101'
const CARD_PAYLOAD = readReply(residentText(RESIDENT)).slice(10, -1)
const good = (payload: Uint8Array): Uint8Array => encodeStx(Uint8Array.from([0x90, 0x00, ...payload]))
const FAILED = encodeStx(Uint8Array.from([0x63, 0x00]))

describe('the frame of envelope E', () => {
  test('as the makers write it, and with halves', () => {
    expect(Buffer.from(encodeStx(Uint8Array.of(0xca, 0x01, 0x00))).toString('hex')).toBe('020003ca0100cb03')
    expect(Buffer.from(encodeStx(Uint8Array.of(0xca, 0x01, 0x00), 'nibbles')).toString('latin1')).toBe('\x020003<:0100<;\x03')
  })

  test.each(['bytes', 'nibbles'] as const)('%s: whatever was said is found behind any noise, in any pieces', (writing) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 2, maxLength: 300 }), fc.uint8Array({ maxLength: 80 }), fc.integer({ min: 1, max: 40 }), (data, noise, pieceBytes) => {
        const decoder = new StxDecoder(writing)
        const stream = Uint8Array.from([...noise, ...encodeStx(data, writing)])
        const found = []
        for (let start = 0; start < stream.length; start += pieceBytes) found.push(...decoder.push(stream.slice(start, start + pieceBytes)))
        // A head in the noise may announce more than has come: the silence after the frame gives it up.
        found.push(...decoder.giveUp())
        expect(found.map(({ sw1, sw2, data: payload }) => [sw1, sw2, ...payload])).toContainEqual([...data])
        expect(decoder.pendingBytes).toBe(0)
      }),
    )
  })

  test.each(['bytes', 'nibbles'] as const)('%s: arbitrary bytes never throw and never pile up', (writing) => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constant(Uint8Array.of(2, 2, 2, 2, 0x30, 0x30, 0x31)))), (chunks) => {
        const decoder = new StxDecoder(writing)
        for (const chunk of chunks) {
          decoder.push(chunk)
          expect(decoder.pendingBytes).toBeLessThanOrEqual(2 * (4096 + 5))
        }
      }),
    )
  })

  test('a flood of beginnings is worked off at once', () => {
    const decoder = new StxDecoder()
    decoder.push(new Uint8Array(65_536).fill(0x02))
    expect(decoder.pendingBytes).toBeLessThanOrEqual(4101)
    decoder.giveUp()
    expect(decoder.push(good(CARD_PAYLOAD))).toHaveLength(1)
  })

  test('a wrong check is counted, and what is let go is overwritten', () => {
    const decoder = new StxDecoder()
    const damaged = good(CARD_PAYLOAD)
    damaged[600] = (damaged[600] ?? 0) ^ 1
    expect(decoder.push(damaged)).toEqual([])
    expect(decoder.counters.xorFailures).toBe(1)
  })
})

/** A reader that does everything by itself, at the other end of a transport on the test's clock. */
class StxReader {
  readonly asked: string[] = []
  card: Uint8Array | undefined
  readonly next: Uint8Array[] = []
  readonly #clock: SimulatedClock
  #data: ((chunk: Uint8Array) => void) | undefined

  constructor(clock: SimulatedClock) {
    this.#clock = clock
  }

  transport(): Transport {
    return {
      write: async (bytes) => {
        const command = Buffer.from(bytes.subarray(3, -2)).toString('hex')
        this.asked.push(command)
        const usual = this.card === undefined ? FAILED : good(command === EVERYTHING ? this.card : residentNumber(this.card))
        const answer = this.next.shift() ?? usual
        this.#clock.setTimeout(() => this.#data?.(answer.slice()), 50)
        return ok(undefined)
      },
      discardInput: async () => undefined,
      onData: (listener) => {
        this.#data = listener
        return () => undefined
      },
      onEnd: () => () => undefined,
      close: async () => undefined,
    }
  }
}

const residentNumber = (payload: Uint8Array): Uint8Array => payload.slice(4 + 122, 4 + 158)

let reader: IdCardReader | undefined
afterEach(() => reader?.stop())

async function ready(): Promise<{ clock: SimulatedClock; device: StxReader; reader: IdCardReader; read: () => { progress: string[]; result: Result<CardReading, CardReadError> | undefined } }> {
  const clock = new SimulatedClock()
  const device = new StxReader(clock)
  const made = createIdCardReader(
    { id: 'card', class: 'id-card', address: { kind: 'tcp', host: '127.0.0.1', port: 1 }, additionalAddress: true },
    { clock, log: () => undefined, open: [{ label: 'stx', speaks: 'bytes', timing: { silenceMs: 300 }, settleMs: 0, open: async () => ok(device.transport()) }] },
  )
  reader = made
  made.start()
  await clock.advance(100)
  expect(made.status().state).toBe('ready')
  return {
    clock, device, reader: made,
    read() {
      const reading: { progress: string[]; result: Result<CardReading, CardReadError> | undefined } = { progress: [], result: undefined }
      void made.read({ timeoutMs: 60_000 }, ({ kind }) => reading.progress.push(kind), new AbortController().signal).then((result) => {
        reading.result = result
      })
      return reading
    },
  }
}

describe('a reader of envelope E behind the same machine', () => {
  test('a card is worked with once, and its identity comes out', async () => {
    const { clock, device, reader: made, read } = await ready()
    device.card = CARD_PAYLOAD
    const reading = read()
    await clock.advance(200)
    expect(device.asked).toEqual([NUMBER, EVERYTHING])
    expect(reading.result).toMatchObject({ ok: true, value: { number: RESIDENT.number } })
    expect(reading.progress).toEqual(['waiting', 'card-found', 'reading'])
    expect(made.samNumber()).toBeUndefined()
    expect(made.details?.()).not.toHaveProperty('samNumber')
  })

  test('a card that stays is not read again; another one is, though nobody saw the first one leave', async () => {
    const { clock, device, read } = await ready()
    device.card = CARD_PAYLOAD
    read()
    await clock.advance(200)
    const second = read()
    await clock.advance(1000)
    expect(second.progress).toContain('lift-card')
    expect(second.result).toBeUndefined()
    device.card = readReply(residentText({ ...RESIDENT, address: '示范市示范区青年路26号' })).slice(10, -1)
    await clock.advance(1000)
    expect(second.result?.ok).toBe(true)
  })

  test('damaged once it is asked again; damaged for good the reader is questioned', async () => {
    const { clock, device, reader: made, read } = await ready()
    device.card = CARD_PAYLOAD
    const damaged = good(CARD_PAYLOAD)
    damaged[700] = (damaged[700] ?? 0) ^ 1
    device.next.push(damaged)
    const reading = read()
    await clock.advance(2000)
    expect(reading.result?.ok).toBe(true)
    expect(made.counters().xorFailures).toBe(1)
  })

  test('a late number is never taken for a card', async () => {
    const { clock, device, read } = await ready()
    device.next.push(good(residentNumber(CARD_PAYLOAD)))
    const reading = read()
    await clock.advance(1000)
    expect(reading.result).toBeUndefined()
    expect(reader?.counters().staleReplies).toBe(1)
  })
})
