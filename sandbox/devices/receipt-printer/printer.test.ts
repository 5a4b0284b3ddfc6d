import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { PrinterState } from './bench-commands.ts'
import { VirtualReceiptPrinter } from './printer.ts'

const cleanUps: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function plugged(speedMmPerSecond = 4_000) {
  const printer = new VirtualReceiptPrinter({ address: { kind: 'tcp', host: '127.0.0.1', port: 0 }, speedMmPerSecond })
  await printer.start()
  cleanUps.push(() => printer.stop())
  const socket = await new Promise<Socket>((resolve) => {
    const opened = connect({ host: '127.0.0.1', port: printer.port ?? 0 }, () => resolve(opened))
  })
  cleanUps.push(() => void socket.destroy())
  const heard: number[] = []
  socket.on('data', (chunk) => heard.push(...chunk))
  return { printer, socket, heard, hears: (count: number) => until(() => heard.length >= count, (check) => socket.on('data', check)), shows: (test: (state: PrinterState) => boolean) => until(() => test(printer.state()), (check) => printer.onChange(check)) }
}

function until(test: () => boolean, listen: (check: () => void) => unknown): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (test()) resolve()
    }
    listen(check)
    check()
  })
}

const bytes = (...parts: readonly (string | number)[]): Buffer => Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.of(part))))
const CUT = '\x1dVB\x00'
const PROCESS_ID = '\x1d(H\x06\x0000ABCD'

describe('the virtual receipt printer', () => {
  it('prints Chinese only in Chinese mode, and answers the process id after the cut', async () => {
    const { printer, socket, heard, hears } = await plugged()
    socket.write(bytes('\x1b@', 0xd6, 0xd0, '\n\x1c&', 0xd6, 0xd0, '\n', CUT, PROCESS_ID))
    await hears(7)
    expect(heard).toEqual([0x37, 0x22, 0x41, 0x42, 0x43, 0x44, 0x00])
    expect(printer.state().receipts).toMatchObject([{ lines: ['??', '中'], complete: true }])
  })

  it('shows an empty box for a four-byte code, as a real font does', async () => {
    const { printer, socket, hears } = await plugged()
    // 㐂 in GB 18030 is 81 39 EF 33.
    socket.write(bytes('\x1b@\x1c&', 0x81, 0x39, 0xef, 0x33, '\n', CUT, PROCESS_ID))
    await hears(7)
    expect(printer.state().receipts[0]?.lines[0]).toMatch(/□/)
  })

  it('keeps what it had not printed when the paper ends, and prints it by itself when paper comes', async () => {
    const { printer, socket, hears, shows } = await plugged()
    await printer.command({ kind: 'paper-out-after', lines: 2 })
    socket.write(bytes('\x1b@one\ntwo\nthree\nfour\n', CUT, PROCESS_ID))
    await shows((state) => state.paper === 'out')
    expect(printer.state().receipts).toMatchObject([{ lines: ['one', 'two'], complete: false, end: 'paper-end' }])
    await printer.command({ kind: 'load-paper', lengthMm: 50_000 })
    await hears(7)
    expect(printer.state().receipts[1]).toMatchObject({ lines: ['three', 'four'], end: 'cut' })
  })

  it('throws it away when it is told so in time', async () => {
    const { printer, socket, heard, hears, shows } = await plugged()
    await printer.command({ kind: 'paper-out-after', lines: 2 })
    socket.write(bytes('\x1b@one\ntwo\nthree\n', CUT, PROCESS_ID))
    await shows((state) => state.paper === 'out')
    socket.write(Buffer.from('10140801031401060208', 'hex'))
    await hears(3)
    expect(heard).toEqual([0x37, 0x25, 0x00])
    await printer.command({ kind: 'load-paper', lengthMm: 50_000 })
    expect(printer.state()).toMatchObject({ bufferedBytes: 0, printing: false })
    expect(printer.state().receipts).toHaveLength(1)
  })

  it('obeys a real-time command even inside a picture', async () => {
    const { socket, heard, hears } = await plugged()
    socket.write(bytes('\x1b@\x1dv0\x00\x04\x00\x01\x00', 0x10, 0x04, 0x01, 0xff))
    await hears(1)
    expect(heard).toEqual([0x12])
  })

  it('answers for paper, cover and cutter, and tells changes by itself when asked to', async () => {
    const { printer, socket, heard, hears } = await plugged()
    socket.write(bytes('\x1da\x0f'))
    await hears(4)
    await printer.command({ kind: 'open-cover' })
    await hears(8)
    await printer.command({ kind: 'paper-out' })
    await hears(12)
    socket.write(bytes(0x10, 0x04, 1, 0x10, 0x04, 2, 0x10, 0x04, 3, 0x10, 0x04, 4))
    await hears(16)
    expect(Buffer.from(heard).toString('hex')).toBe('1000000f' + '3800000f' + '38000f0f' + '1a36127e')
  })

  it('serves one host at a time', async () => {
    const { printer, socket } = await plugged()
    const second = await new Promise<Socket>((resolve) => {
      const opened = connect({ host: '127.0.0.1', port: printer.port ?? 0 }, () => resolve(opened))
    })
    cleanUps.push(() => void second.destroy())
    const answered = new Promise<number>((resolve) => second.once('data', (chunk) => resolve(chunk[0] ?? 0)))
    second.write(bytes(0x10, 0x04, 1))
    let early = false
    void answered.then(() => (early = true))
    await new Promise((resolve) => setImmediate(resolve))
    expect(early).toBe(false)
    socket.destroy()
    expect(await answered).toBe(0x12)
  })

  it('draws a picture of any paper, and refuses a picture that does not exist', async () => {
    const { printer, socket, hears } = await plugged()
    socket.write(bytes('\x1b@\x1c&', 0xbb, 0xd8, 0xd6, 0xb4, '\n', CUT, PROCESS_ID))
    await hears(7)
    const png = await printer.picture(printer.state().receipts[0]?.pngId ?? '')
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    await expect(printer.picture('99-1')).rejects.toThrow()
  })
})

describe('a presenter', () => {
  const RECEIPT = '\x1b@one\n'
  const PRESENT = '\x1de\x03\x0a'
  const RETRACT = '\x1de\x02'
  const FULL = '\x10\x04\x14'

  it('holds a ticket out, sees it, and draws it back into the bin', async () => {
    const { printer, socket, heard, hears, shows } = await plugged()
    await printer.command({ kind: 'model', model: 'reliance' })
    socket.write(bytes(RECEIPT, PRESENT))
    await shows((state) => state.ticketAtOutput && !state.printing)
    socket.write(bytes(FULL))
    await hears(6)
    // The motor may still be running.
    expect(heard.map((byte, index) => (index === 3 ? byte & ~0x08 : byte))).toEqual([0x10, 0x0f, 0x20, 0x00, 0x00, 0x00])
    socket.write(bytes(RETRACT))
    await shows((state) => !state.ticketAtOutput)
    expect(printer.state().receipts).toMatchObject([{ lines: ['one'], complete: true, where: 'bin' }])
  })

  it('lets a citizen take the ticket, and has no bin where the model has none', async () => {
    const { printer, socket, shows } = await plugged()
    await printer.command({ kind: 'model', model: 'vkp80' })
    socket.write(bytes(RECEIPT, PRESENT, RETRACT))
    await shows((state) => state.ticketAtOutput && !state.printing)
    await printer.command({ kind: 'take-ticket' })
    expect(printer.state()).toMatchObject({ ticketAtOutput: false, receipts: [{ where: 'out', taken: true }] })
  })

  it('cuts in the end when its cutter is free again', async () => {
    const { printer, socket, shows } = await plugged()
    await printer.command({ kind: 'model', model: 'reliance' })
    await printer.command({ kind: 'cutter-jam', on: true })
    socket.write(bytes(RECEIPT, PRESENT))
    await shows((state) => state.cutter === 'jammed')
    expect(printer.state()).toMatchObject({ ticketAtOutput: false, receipts: [{ end: 'hanging' }] })
    await printer.command({ kind: 'cutter-jam', on: false })
    await shows((state) => state.ticketAtOutput)
    expect(printer.state().receipts).toMatchObject([{ end: 'cut' }])
  })
})

describe('other ways of a printer', () => {
  it('tells paper the other way round, and clears at paper end without a word', async () => {
    const { printer, socket, heard, hears, shows } = await plugged()
    await printer.command({ kind: 'model', model: 'ur056' })
    await printer.command({ kind: 'paper-out-after', lines: 1 })
    socket.write(bytes('\x1b@one\ntwo\n', CUT, '\x10\x04\x04'))
    await shows((state) => state.paper === 'out')
    await hears(1)
    socket.write(bytes('\x10\x05\x02\x10\x04\x04'))
    await hears(2)
    expect(heard).toEqual([0x1e, 0x12])
    expect(printer.state().bufferedBytes).toBe(0)
  })

  it('loses its data cable and keeps its paper: what it had is printed', async () => {
    const { printer, socket, shows } = await plugged()
    await printer.command({ kind: 'cable', unplugAfterBytes: 8, unplugCounts: 'in' })
    socket.write(bytes('\x1b@one\ntwo\n'))
    await shows((state) => !state.cable.plugged)
    expect(printer.state().receipts).toMatchObject([{ lines: ['one'], end: 'hanging' }])
    await printer.command({ kind: 'cable', plugged: true })
    expect(printer.state()).toMatchObject({ plugged: true, cable: { plugged: true } })
  })
})
