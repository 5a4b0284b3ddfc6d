import { afterEach, describe, expect, test, vi } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import { dekeEnvelope } from '../id-card/envelope/deke.ts'
import { miaxisEnvelope } from '../id-card/envelope/miaxis.ts'
import { rawEnvelope } from '../id-card/envelope/raw.ts'
import { hidOpener } from './hid.ts'
import type { HidHandle } from './hid.ts'
import type { ReportEnvelope } from './report-envelope.ts'
import type { Transport, TransportError } from './transport.ts'

/** Streams and promises settle in a few turns; only on a very busy machine does that take long. */
const until = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 15_000, interval: 5 })

/** A HID device in memory: reports that wait, reports that were written, and a cable. */
class FakeHid implements HidHandle {
  readonly waiting: Uint8Array[] = []
  readonly written: Buffer[] = []
  closed = false
  #error: ((error: Error) => void) | undefined
  #pulled = false

  async read(): Promise<Uint8Array | undefined> {
    // A real read gives the event loop its turn.
    await new Promise((resolve) => setImmediate(resolve))
    if (this.#pulled || this.closed) throw new Error('could not read from HID device')
    return this.waiting.shift()
  }

  async write(report: Buffer): Promise<number> {
    if (this.#pulled) throw new Error('Cannot write to hid device')
    this.written.push(report)
    return report.length
  }

  async close(): Promise<void> {
    this.closed = true
  }

  on(_event: 'error', listener: (error: Error) => void): void {
    this.#error = listener
  }

  pull(): void {
    this.#pulled = true
    this.#error?.(new Error('could not read from HID device'))
  }
}

let open: Transport | undefined
afterEach(async () => {
  await open?.close()
  open = undefined
})

async function opened(envelope: ReportEnvelope, reportId = 0): Promise<{ device: FakeHid; transport: Transport; clock: SimulatedClock }> {
  const device = new FakeHid()
  const clock = new SimulatedClock()
  const library = async () => ({ list: async () => [{ path: '/other', serialNumber: 'B' }, { path: '/mine', serialNumber: 'A' }], open: async (path: string) => (path === '/mine' ? device : Promise.reject(new Error('cannot open device'))) })
  const result = await hidOpener({ vendorId: 1, productId: 2, serialNumber: 'A', reportId }, () => envelope, clock, library)()
  if (!result.ok) throw new Error(result.error.kind)
  open = result.value
  return { device, transport: result.value, clock }
}

const FRAME = Uint8Array.from(Buffer.from('AAAAAA96690003200122', 'hex'))

describe('a HID device', () => {
  test('a device that is not listed is not found', async () => {
    const library = async () => ({ list: async () => [], open: async () => Promise.reject(new Error('no')) })
    expect(await hidOpener({ vendorId: 1, productId: 2, reportId: 0 }, () => rawEnvelope(64), new SimulatedClock(), library)()).toEqual({ ok: false, error: { kind: 'not-found', detail: 'hid-not-listed' } })
  })

  test('what is written is a full report behind the report id', async () => {
    const { device, transport } = await opened(rawEnvelope(64), 5)
    expect(await transport.write(FRAME)).toEqual({ ok: true, value: undefined })
    expect(device.written).toHaveLength(1)
    expect(device.written[0]).toHaveLength(65)
    expect(device.written[0]?.[0]).toBe(5)
    expect(device.written[0]?.subarray(1, 11)).toEqual(Buffer.from(FRAME))
  })

  test('with numbered reports the number is cut off and other numbers are passed over', async () => {
    const { device, transport } = await opened(rawEnvelope(4), 5)
    const got: number[] = []
    transport.onData((chunk) => got.push(...chunk))
    device.waiting.push(Uint8Array.of(6, 9, 9, 9, 9), Uint8Array.of(5, 1, 2, 3, 4))
    await until(() => expect(got).toEqual([1, 2, 3, 4]))
  })

  test('a drain throws away what waits and nothing that comes after it', async () => {
    const { device, transport } = await opened(rawEnvelope(2))
    const got: number[] = []
    transport.onData((chunk) => got.push(...chunk))
    const drained = transport.discardInput()
    device.waiting.push(Uint8Array.of(1, 1), Uint8Array.of(2, 2))
    await drained
    expect(got).toEqual([])
    device.waiting.push(Uint8Array.of(3, 3))
    await until(() => expect(got).toEqual([3, 3]))
  })

  test('pulled out: told once, closed, and later writes fail', async () => {
    const { device, transport } = await opened(rawEnvelope(64))
    const ends: TransportError[] = []
    transport.onEnd((error) => ends.push(error))
    device.pull()
    await until(() => expect(device.closed).toBe(true))
    expect(ends).toEqual([{ kind: 'disconnected', detail: 'hid:could not read from HID device' }])
    expect((await transport.write(FRAME)).ok).toBe(false)
    await transport.discardInput()
  })

  test('after close nobody is told anything', async () => {
    const { device, transport } = await opened(rawEnvelope(64))
    const ends: TransportError[] = []
    transport.onEnd((error) => ends.push(error))
    await transport.close()
    device.pull()
    expect(ends).toEqual([])
  })

  test('envelope D: the second piece goes out only after the reader said FF', async () => {
    const { device, transport } = await opened(dekeEnvelope(8))
    const written = transport.write(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9))
    await until(() => expect(device.written).toHaveLength(1))
    device.waiting.push(Uint8Array.of(0xff, 0, 0, 0, 0, 0, 0, 0))
    expect((await written).ok).toBe(true)
    expect(device.written.map((report) => report.toString('hex'))).toEqual(['000701020304050607', '000208090000000000'])
  })

  test('envelope D: no FF within a second is a time-out, and no timer stays', async () => {
    const { device, transport, clock } = await opened(dekeEnvelope(8))
    const written = transport.write(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9))
    await until(() => expect(device.written).toHaveLength(1))
    await clock.advance(1000)
    expect(await written).toEqual({ ok: false, error: { kind: 'timeout', detail: 'hid-ack' } })
    expect(clock.pending).toBe(0)
  })

  test('envelope D: a full report is answered with FF', async () => {
    const { device, transport } = await opened(dekeEnvelope(4))
    const got: number[] = []
    transport.onData((chunk) => got.push(...chunk))
    device.waiting.push(Uint8Array.of(3, 1, 2, 3), Uint8Array.of(2, 4, 5, 0))
    await until(() => expect(got).toEqual([1, 2, 3, 4, 5]))
    expect(device.written.map((report) => report.toString('hex'))).toEqual(['00ff000000'])
  })
})

describe('envelopes', () => {
  test('A: cut into reports, the last one filled with zeros', () => {
    expect(rawEnvelope(4).wrap(Uint8Array.of(1, 2, 3, 4, 5))).toEqual([Uint8Array.of(1, 2, 3, 4), Uint8Array.of(5, 0, 0, 0)])
  })

  test('C: mark, length, command and sum of a request', () => {
    const [report] = miaxisEnvelope(64).wrap(FRAME)
    // n = 11 = 0B 00; sum = 0B + B1 + the ten bytes of the frame.
    const sum = 0x0b + 0xb1 + FRAME.reduce((total, byte) => total + byte, 0)
    expect(Buffer.from(report ?? []).subarray(0, 18).toString('hex')).toBe(`8800000b00b1${Buffer.from(FRAME).toString('hex')}${Buffer.of(sum & 0xff, sum >> 8).toString('hex')}`)
    expect(report).toHaveLength(64)
  })

  test('C: frame bytes come out of a reply; a wrong sum, mark or length does not pass', () => {
    const reply = new Uint8Array(64)
    // Mark, SRN, n = 6 little-endian, result, packet number, three bytes of the frame, sum from n on.
    reply.set(Buffer.from('AA0000' + '0600' + '00' + '0000' + '112233', 'hex'))
    reply[11] = 0x06 + 0x11 + 0x22 + 0x33
    const envelope = miaxisEnvelope(64)
    expect(envelope.unwrap(reply)).toEqual({ kind: 'bytes', bytes: Uint8Array.of(0x11, 0x22, 0x33) })
    const changed = (at: number, value: number): Uint8Array => reply.map((byte, index) => (index === at ? value : byte))
    expect(envelope.unwrap(changed(9, 0x23))).toEqual({ kind: 'error', code: 'miaxis-sum' })
    expect(envelope.unwrap(changed(0, 0x88))).toEqual({ kind: 'error', code: 'miaxis-mark' })
    expect(envelope.unwrap(changed(3, 0xff))).toEqual({ kind: 'error', code: 'miaxis-length' })
    expect(envelope.unwrap(changed(3, 0))).toEqual({ kind: 'error', code: 'miaxis-length' })
  })

  test('D: a count over the report is an error', () => {
    expect(dekeEnvelope(64).unwrap(Uint8Array.from({ length: 64 }, () => 64))).toEqual({ kind: 'error', code: 'deke-count' })
  })
})
