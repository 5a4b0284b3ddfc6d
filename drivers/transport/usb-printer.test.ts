import { constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import { systemClock } from '../device-host/system-clock.ts'
import { hasSocat, serialCable } from '../../tests/serial-cable.ts'
import { READ_POLL_MS, usbPrinterOpener, WRITE_RETRY_MS, type DeviceFile } from './usb-printer.ts'

const failure = (code: string): Error => Object.assign(new Error(code), { code })

/** A node of the kernel's printer class driver: never blocks, takes bytes in short pieces, and is gone when unplugged. */
class FakeNode implements DeviceFile {
  readonly taken: number[] = []
  readonly waiting: number[] = []
  atMost = 8192
  room = Infinity
  gone: string | undefined
  reads = 0
  closed = 0

  async read(buffer: Uint8Array): Promise<{ bytesRead: number }> {
    this.reads += 1
    if (this.gone !== undefined) throw failure(this.gone)
    if (this.waiting.length === 0) throw failure('EAGAIN')
    const bytes = this.waiting.splice(0, buffer.length)
    buffer.set(bytes)
    return { bytesRead: bytes.length }
  }

  async write(bytes: Uint8Array, offset: number, length: number): Promise<{ bytesWritten: number }> {
    if (this.gone !== undefined) throw failure(this.gone)
    const count = Math.min(length, this.atMost, this.room)
    if (count === 0) throw failure('EAGAIN')
    this.room -= count
    this.taken.push(...bytes.subarray(offset, offset + count))
    return { bytesWritten: count }
  }

  async close(): Promise<void> {
    this.closed += 1
  }
}

async function opened() {
  const clock = new SimulatedClock()
  const node = new FakeNode()
  let flags = 0
  const result = await usbPrinterOpener({ path: '/dev/usb/lp0' }, clock, async (_path, asked) => {
    flags = asked
    return node
  })()
  if (!result.ok) throw new Error(result.error.kind)
  const heard: number[] = []
  const ends: string[] = []
  result.value.onData((chunk) => heard.push(...chunk))
  result.value.onEnd((error) => ends.push(error.detail))
  return { clock, node, flags, transport: result.value, heard, ends }
}

describe('a printer at the node of the class driver', () => {
  it('is opened for both directions and never blocks', async () => {
    const { flags, transport } = await opened()
    expect(flags).toBe(constants.O_RDWR | constants.O_NONBLOCK)
    await transport.close()
  })

  it('is asked again and again while it has nothing to say, and not in between', async () => {
    const { clock, node, heard, transport } = await opened()
    await clock.advance(0)
    const before = node.reads
    await clock.advance(READ_POLL_MS * 10)
    expect(node.reads - before).toBe(10)
    node.waiting.push(0x12, 0x37)
    await clock.advance(READ_POLL_MS)
    expect(heard).toEqual([0x12, 0x37])
    await transport.close()
    expect(clock.pending).toBe(0)
    expect(node.closed).toBe(1)
  })

  it('takes a long receipt in short writes, in order, waiting where there is no room', async () => {
    const { clock, node, transport } = await opened()
    node.atMost = 100
    node.room = 250
    const bytes = Uint8Array.from({ length: 1_000 }, (_, index) => index % 251)
    const ended: unknown[] = []
    void transport.write(bytes).then((result) => ended.push(result))
    void transport.write(Uint8Array.of(1, 2)).then((result) => ended.push(result))
    await clock.advance(WRITE_RETRY_MS * 5)
    expect([node.taken.length, ended]).toEqual([250, []])
    node.room = Infinity
    await clock.advance(WRITE_RETRY_MS)
    expect(node.taken).toEqual([...bytes, 1, 2])
    expect(ended).toEqual([{ ok: true, value: undefined }, { ok: true, value: undefined }])
    await transport.close()
  })

  it.each(['ENODEV', 'EIO'])('%s is the end, told once; a write afterwards fails', async (code) => {
    const { clock, node, ends, transport } = await opened()
    node.gone = code
    await clock.advance(READ_POLL_MS)
    expect(ends).toEqual([`usb-printer:${code}`])
    expect(await transport.write(Uint8Array.of(1))).toMatchObject({ ok: false, error: { kind: 'disconnected' } })
    expect(ends).toHaveLength(1)
    expect([node.closed, clock.pending]).toEqual([1, 0])
  })

  it('closing ends a write that waits for room', async () => {
    const { clock, node, transport, ends } = await opened()
    node.room = 0
    const ended = transport.write(Uint8Array.of(1))
    await clock.advance(100)
    await transport.close()
    expect(await ended).toMatchObject({ ok: false, error: { kind: 'disconnected' } })
    expect(ends).toEqual([])
  })

  it('throws away what came before it was asked for', async () => {
    const { clock, node, transport, heard } = await opened()
    node.waiting.push(1, 2, 3)
    void transport.discardInput()
    await clock.advance(READ_POLL_MS)
    node.waiting.push(4)
    await clock.advance(READ_POLL_MS)
    expect(heard).toEqual([4])
    await transport.close()
  })

  it.each([['ENOENT', 'not-found'], ['EBUSY', 'in-use'], ['EACCES', 'no-permission'], ['EINVAL', 'refused']])('%s at opening is told as %s', async (code, kind) => {
    expect(await usbPrinterOpener({ path: '/dev/usb/lp0' }, new SimulatedClock(), () => Promise.reject(failure(code)))()).toMatchObject({ ok: false, error: { kind } })
  })
})

describe('a real device node that does not block (a pseudo-terminal stands for it)', () => {
  const cleanUps: (() => Promise<void> | void)[] = []
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
  })

  it.skipIf(!hasSocat)('reads, writes in short pieces, and notices that it is gone (needs socat)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'usb-printer-'))
    cleanUps.push(() => rmSync(folder, { recursive: true, force: true }))
    const [device, host] = [join(folder, 'device'), join(folder, 'host')]
    const cable = await serialCable(device, host)
    cleanUps.push(() => cable.pull())
    const printer = openSync(device, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY)
    const result = await usbPrinterOpener({ path: host }, systemClock)()
    if (!result.ok) throw new Error(result.error.detail)
    const transport = result.value
    const heard = new Promise<Uint8Array>((resolve) => transport.onData(resolve))
    writeSync(printer, Uint8Array.of(0x12))
    expect([...(await heard)]).toEqual([0x12])

    const sent = Uint8Array.from({ length: 60_000 }, (_, index) => index % 256)
    const written = transport.write(sent)
    const received: number[] = []
    while (received.length < sent.length) {
      const buffer = new Uint8Array(65_536)
      try {
        const count = readSync(printer, buffer)
        for (const byte of buffer.subarray(0, count)) received.push(byte)
      } catch (error) {
        if ((error as { readonly code?: string }).code !== 'EAGAIN') throw error
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await written).toMatchObject({ ok: true })
    expect(Buffer.compare(Buffer.from(received), Buffer.from(sent))).toBe(0)

    const ended = new Promise((resolve) => transport.onEnd(resolve))
    await cable.pull()
    // A terminal that was hung up reads as empty for ever, as a printer with nothing to say does; the next question tells.
    expect(await transport.write(Uint8Array.of(0x10, 0x04, 0x01))).toMatchObject({ ok: false, error: { kind: 'disconnected', detail: 'usb-printer:EIO' } })
    expect(await ended).toMatchObject({ kind: 'disconnected' })
  })
})
