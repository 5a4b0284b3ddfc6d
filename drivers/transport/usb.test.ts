/// <reference types="w3c-web-usb" />
import { afterEach, describe, expect, test, vi } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import { reply } from '../id-card/testing/replies.ts'
import type { Transport, TransportError } from './transport.ts'
import { usbOpener } from './usb.ts'
import type { UsbAddress, UsbHandle } from './usb.ts'

/** Streams and promises settle in a few turns; only on a very busy machine does that take long. */
const until = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 15_000, interval: 5 })

const FRAME = Uint8Array.from(Buffer.from('AAAAAA96690003200122', 'hex'))
const LONG_REPLY = reply(0x90, Uint8Array.from({ length: 300 }, (_, index) => index & 0xff))

type Endpoints = readonly (readonly ['in' | 'out', number])[]
const FOUR: Endpoints = [['in', 5], ['out', 6], ['in', 1], ['out', 2]]
const PAIR: Endpoints = [['in', 2], ['out', 3]]

/** A USB device in memory, with the words that the library throws. */
class FakeUsb implements UsbHandle {
  readonly vendorId = 0x0400
  readonly productId = 0xc35a
  readonly serialNumber: string | null = 'A'
  readonly configuration: UsbHandle['configuration']
  /** By endpoint: packets that wait to be read. */
  readonly waiting: Record<number, Uint8Array[]> = {}
  readonly written: (readonly [endpoint: number, hex: string])[] = []
  readonly asked: (readonly [endpoint: number, length: number])[] = []
  readonly calls: string[] = []
  /** Thrown by the next transfers, one each. */
  readonly failing: string[] = []
  heldByKernel = false
  pulled = false

  constructor(endpoints: Endpoints, packetSize = 64) {
    const alternate = { alternateSetting: 0, interfaceClass: 0xff, interfaceSubclass: 0, interfaceProtocol: 0, interfaceName: null, endpoints: endpoints.map(([direction, endpointNumber]) => ({ endpointNumber, direction, type: 'bulk' as const, packetSize })) }
    this.configuration = { configurationValue: 1, configurationName: null, interfaces: [{ interfaceNumber: 0, claimed: false, alternate, alternates: [alternate] }] }
  }

  async open(): Promise<void> { this.calls.push('open') }
  async close(): Promise<void> { this.calls.push('close') }
  async selectConfiguration(): Promise<void> { this.calls.push('select') }
  async releaseInterface(): Promise<void> { this.calls.push('release') }
  async clearHalt(direction: string, endpoint: number): Promise<void> { this.calls.push(`clear-halt-${direction}-${endpoint}`) }
  async attachKernelDriver(): Promise<void> { this.calls.push('attach') }

  async claimInterface(): Promise<void> {
    if (this.heldByKernel) throw new Error('claimInterface error: interface is busy')
    this.calls.push('claim')
  }

  async detachKernelDriver(): Promise<void> {
    this.calls.push('detach')
    this.heldByKernel = false
  }

  async nativeTransferIn(endpoint: number, _timeoutMs: number, length: number): Promise<Uint8Array> {
    this.asked.push([endpoint, length])
    return this.#look('transferIn error: ', endpoint)
  }

  async nativeTransferOut(endpoint: number, _timeoutMs: number, data: Uint8Array): Promise<number> {
    return this.#take('transferOut error: Disconnected', endpoint, data)
  }

  async nativeControlTransferIn(setup: USBControlTransferParameters): Promise<Uint8Array> {
    expect(setup).toEqual({ requestType: 'class', recipient: 'interface', request: 1, value: 0x0100, index: 0 })
    return this.#look('controlTransferIn error: ', 0)
  }

  async nativeControlTransferOut(setup: USBControlTransferParameters, _timeoutMs: number, data?: Uint8Array | null): Promise<number> {
    expect(setup).toEqual({ requestType: 'class', recipient: 'interface', request: 9, value: 0x0200, index: 0 })
    return this.#take('controlTransferOut error: device disconnected', 0, data ?? new Uint8Array())
  }

  /** Lays a reply ready, cut into packets. */
  lay(endpoint: number, bytes: Uint8Array, packetBytes = 64): void {
    const queue = (this.waiting[endpoint] ??= [])
    for (let start = 0; start < bytes.length; start += packetBytes) queue.push(bytes.slice(start, start + packetBytes))
  }

  async #look(prefix: string, endpoint: number): Promise<Uint8Array> {
    // A real transfer gives the event loop its turn.
    await new Promise((resolve) => setImmediate(resolve))
    if (this.pulled) throw new Error(`${prefix}Disconnected`)
    const failure = this.failing.shift()
    if (failure !== undefined) throw new Error(`${prefix}${failure}`)
    const next = this.waiting[endpoint]?.shift()
    if (next === undefined) throw new Error(`${prefix}Cancelled`)
    return next
  }

  async #take(lost: string, endpoint: number, data: Uint8Array): Promise<number> {
    if (this.pulled) throw new Error(lost)
    this.written.push([endpoint, Buffer.from(data).toString('hex').toUpperCase()])
    return data.length
  }
}

let open: Transport | undefined
afterEach(async () => {
  await open?.close()
  open = undefined
})

async function opened(device: FakeUsb, pipes: UsbAddress['pipes'] = 'auto'): Promise<{ transport: Transport; clock: SimulatedClock; got: number[]; ends: TransportError[] }> {
  const clock = new SimulatedClock()
  const result = await usbOpener({ vendorId: 0x0400, productId: 0xc35a, pipes }, clock, async () => ({ getDevices: async () => [device] }))()
  if (!result.ok) throw new Error(result.error.detail)
  open = result.value
  const got: number[] = []
  const ends: TransportError[] = []
  result.value.onData((chunk) => got.push(...chunk))
  result.value.onEnd((error) => ends.push(error))
  return { transport: result.value, clock, got, ends }
}

describe('opening', () => {
  const at = (devices: readonly UsbHandle[], address: Partial<UsbAddress> = {}) => usbOpener({ vendorId: 0x0400, productId: 0xc35a, pipes: 'auto', ...address }, new SimulatedClock(), async () => ({ getDevices: async () => devices }))()

  test('what is not listed, or has another number, is not found', async () => {
    expect(await at([])).toEqual({ ok: false, error: { kind: 'not-found', detail: 'usb-not-listed' } })
    expect(await at([new FakeUsb(PAIR)], { productId: 1 })).toMatchObject({ error: { kind: 'not-found' } })
    expect(await at([new FakeUsb(PAIR)], { serialNumber: 'B' })).toMatchObject({ error: { kind: 'not-found' } })
  })

  test('a device without the asked pipes is refused and closed again', async () => {
    const device = new FakeUsb(PAIR)
    expect(await at([device], { pipes: 'four' })).toEqual({ ok: false, error: { kind: 'refused', detail: 'usb-no-pipes-four' } })
    expect(device.calls.at(-1)).toBe('close')
  })

  test.each([
    ['open error: Permission denied (os error 13)', 'no-permission'],
    ['open error: device is busy', 'in-use'],
    ['open error: device disconnected', 'refused'],
  ])('%s → %s', async (message, kind) => {
    const device = new FakeUsb(PAIR)
    device.open = () => Promise.reject(new Error(message))
    expect(await at([device])).toMatchObject({ error: { kind } })
  })

  test('a platform without the binding refuses, and nothing is thrown', async () => {
    const result = await usbOpener({ vendorId: 1, productId: 2, pipes: 'auto' }, new SimulatedClock(), () => Promise.reject(new Error('Cannot find module @node-usb/usb-linux-riscv64')))()
    expect(result).toMatchObject({ ok: false, error: { kind: 'refused' } })
  })

  test('an interface that the system holds is taken from it, and given back', async () => {
    const device = new FakeUsb(PAIR)
    device.heldByKernel = true
    const { transport } = await opened(device)
    await transport.close()
    expect(device.calls).toEqual(['open', 'detach', 'claim', 'release', 'attach', 'close'])
  })
})

describe('one pair of pipes', () => {
  test('whole frames through both', async () => {
    const device = new FakeUsb(PAIR)
    const { transport, got } = await opened(device)
    expect(await transport.write(FRAME)).toEqual({ ok: true, value: undefined })
    expect(device.written).toEqual([[3, 'AAAAAA96690003200122']])
    device.lay(2, LONG_REPLY)
    await until(() => expect(got).toEqual([...LONG_REPLY]))
    expect(new Set(device.asked.map(([, length]) => length))).toEqual(new Set([64]))
  })

  test('never asks for less than a packet, whose rest the library would cut off', async () => {
    const device = new FakeUsb(PAIR, 512)
    const { got } = await opened(device)
    device.lay(2, LONG_REPLY, 512)
    await until(() => expect(got).toEqual([...LONG_REPLY]))
    expect(device.asked[0]).toEqual([2, 512])
  })

  test('a drain throws away what waits and nothing that comes after it', async () => {
    const device = new FakeUsb(PAIR)
    const { transport, got } = await opened(device)
    device.lay(2, LONG_REPLY)
    await transport.discardInput()
    device.lay(2, FRAME)
    await until(() => expect(got).toEqual([...FRAME]))
  })

  test('a stalled pipe is cleared and goes on; three troubles in a row are the end', async () => {
    const device = new FakeUsb(PAIR)
    const { clock, got, ends } = await opened(device)
    device.failing.push('Stall')
    await until(() => expect(device.calls).toContain('clear-halt-in-2'))
    device.lay(2, FRAME)
    await until(async () => {
      await clock.advance(50)
      expect(got).toEqual([...FRAME])
    })
    device.failing.push('Fault', 'Fault', 'Fault')
    await until(async () => {
      await clock.advance(50)
      expect(ends).toHaveLength(1)
    })
  })

  test('pulled out: told once, given back, later writes fail', async () => {
    const device = new FakeUsb(PAIR)
    const { transport, ends } = await opened(device)
    device.pulled = true
    await until(() => expect(device.calls.at(-1)).toBe('close'))
    expect(ends).toEqual([{ kind: 'disconnected', detail: 'usb:transferIn error: Disconnected' }])
    expect((await transport.write(FRAME)).ok).toBe(false)
    await transport.discardInput()
  })

  test('a transfer that hangs in the system does not keep the port from closing', async () => {
    const device = new FakeUsb(PAIR)
    device.nativeTransferIn = () => new Promise(() => undefined)
    const { transport, clock } = await opened(device)
    const closing = transport.close()
    await clock.advance(2000)
    await closing
    expect(device.calls.at(-1)).toBe('close')
    expect(clock.pending).toBe(0)
  })
})

describe('four pipes', () => {
  test('are chosen by counting; heads go through 02 and 81, rests through 06 and 85', async () => {
    const device = new FakeUsb(FOUR)
    const { transport, got } = await opened(device)
    await transport.write(FRAME)
    expect(device.written).toEqual([[2, 'AAAAAA96690003'], [6, '200122']])
    device.lay(5, LONG_REPLY.subarray(7))
    device.lay(1, LONG_REPLY.subarray(0, 7))
    await until(() => expect(got).toEqual([...LONG_REPLY]))
    // The next frame begins on the first pipe again.
    device.lay(1, FRAME.subarray(0, 7))
    device.lay(5, FRAME.subarray(7))
    await until(() => expect(got.slice(LONG_REPLY.length)).toEqual([...FRAME]))
  })

  test('a drain empties both, and a rest that never came is not awaited any more', async () => {
    const device = new FakeUsb(FOUR)
    const { transport, got } = await opened(device)
    device.lay(1, LONG_REPLY.subarray(0, 7))
    await until(() => expect(got).toHaveLength(7))
    device.lay(5, new Uint8Array(200))
    await transport.discardInput()
    got.length = 0
    device.lay(1, LONG_REPLY.subarray(0, 7))
    device.lay(5, LONG_REPLY.subarray(7))
    await until(() => expect(got).toEqual([...LONG_REPLY]))
  })
})

describe('envelope B, over endpoint 0', () => {
  test('the bare frame as a report, and the whole reply asked for again every 10 ms', async () => {
    const device = new FakeUsb([])
    const { transport, clock, got } = await opened(device, 'control')
    expect((await transport.write(FRAME)).ok).toBe(true)
    expect(device.written).toEqual([[0, 'AAAAAA96690003200122']])
    device.lay(0, LONG_REPLY, 4096)
    await until(async () => {
      await clock.advance(10)
      expect(got).toEqual([...LONG_REPLY])
    })
  })

  test('a refused question is no trouble; a drain comes at once, also out of the rest', async () => {
    const device = new FakeUsb([])
    const { transport, ends, got } = await opened(device, 'control')
    device.failing.push('endpoint stalled', 'endpoint stalled', 'endpoint stalled', 'endpoint stalled')
    device.lay(0, LONG_REPLY, 4096)
    await transport.discardInput()
    await transport.discardInput()
    expect(ends).toEqual([])
    expect(got).toEqual([])
  })

  test('pulled out while nothing is said: found within a second', async () => {
    const device = new FakeUsb([])
    const { clock, ends } = await opened(device, 'control')
    device.pulled = true
    await until(async () => {
      await clock.advance(100)
      expect(ends).toHaveLength(1)
    })
  })
})
