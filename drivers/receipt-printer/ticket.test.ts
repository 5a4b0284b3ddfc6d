import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { PrintOutcome } from '../../core/device/operations.ts'
import type { PrintJob } from '../device-host/contract.ts'
import { lazyGlyphBook, printerAssetsFolder, readPrinterProfile } from './assets.ts'
import type { ReceiptPrinterProfile } from './profile.ts'
import { receiptPrinterOn } from './service.ts'
import { ScriptedPrinter } from './testing/scripted-printer.ts'
import { APPEARS_WITHIN_MS, lookAtTicket, type TrackedTicket } from './ticket.ts'

const folder = printerAssetsFolder()
const glyphs = lazyGlyphBook(folder)
function profileNamed(name: string): ReceiptPrinterProfile {
  const profile = readPrinterProfile(folder, name)
  if (!profile.ok) throw new Error(JSON.stringify(profile.error))
  return profile.value
}

describe('what a look at the output says of a ticket', () => {
  const printed: TrackedTicket = { processId: '0001', stage: 'printed', since: 0, wasSeen: false }
  const presented: TrackedTicket = { ...printed, stage: 'presented', wasSeen: true }
  const left: TrackedTicket = { ...presented, stage: 'left' }

  it.each([
    ['seen for the first time', printed, true, 100, ['presented'], 'presented', false],
    ['not there yet', printed, false, APPEARS_WITHIN_MS - 1, [], 'printed', false],
    ['never seen: nothing is claimed', printed, false, APPEARS_WITHIN_MS, [], undefined, false],
    ['taken before anyone looked again', { ...printed, wasSeen: true }, false, 100, ['presented', 'taken'], undefined, false],
    ['still there', presented, true, 24_999, [], 'presented', false],
    ['there for too long', presented, true, 25_000, [], 'presented', true],
    ['taken', presented, false, 30_000, ['taken'], undefined, false],
    ['left, still there', left, true, 99_000, [], 'left', false],
    ['left, and taken in the end', left, false, 99_000, ['taken'], undefined, false],
  ] as const)('%s', (_, ticket, isAtOutput, now, fates, stage, isOverdue) => {
    const look = lookAtTicket(ticket, isAtOutput, now, 25_000)
    expect([look.fates, look.ticket?.stage, look.isOverdue]).toEqual([fates, stage, isOverdue])
  })
})

const NOTHING: [number, number, number, number] = [0, 0, 0, 0]
const TICKET: [number, number, number, number] = [0x20, 0, 0, 0]
const job = (processId: string): PrintJob => ({ document: { number: processId, blocks: [{ kind: 'title', text: '回执' }] }, attempt: 1, processId, voidStubFirst: false })

async function presenter(profile = profileNamed('pyramid-reliance')) {
  const clock = new SimulatedClock()
  const printer = new ScriptedPrinter()
  const news: string[] = []
  const service = receiptPrinterOn({ id: 'receipt', class: 'receipt-printer', address: { kind: 'tcp', host: 'x', port: 1 }, profile: 'p' }, profile, { clock, open: printer.open, log: () => undefined, glyphs })
  service.onTicket(({ processId, fate }) => news.push(`${processId} ${fate}`))
  service.start()
  await clock.advance(1_000)
  const print = (processId: string): void => {
    printer.forget()
    void service.print(job(processId), () => undefined).then((outcome: PrintOutcome) => news.push(`${processId} ${outcome.kind}${outcome.kind === 'printed' ? '' : ` ${outcome.why}`}`))
  }
  /** Prints one and holds it out. */
  const printed = async (processId: string): Promise<void> => {
    print(processId)
    await clock.advance(1_600)
    printer.says(0x00)
    printer.full = [...TICKET]
    await clock.advance(1_500)
  }
  return { clock, printer, service, news, print, printed }
}

describe('a printer that holds tickets out', () => {
  it('cuts and presents by as many of its steps as make the length, and asks for nothing but its full status', async () => {
    const { printer, printed } = await presenter()
    const asked = new Set<number>()
    printer.onQuestion = (n) => asked.add(n)
    await printed('0001')
    // 70 mm in steps of 7 mm.
    expect(printer.sentHex.endsWith('1d65030a1d7201')).toBe(true)
    expect(printer.sentHex).not.toContain('1d56')
    expect([...asked]).toEqual([0x14])
  })

  it('tells printed, then presented, then taken', async () => {
    const { clock, printer, news, printed } = await presenter()
    await printed('0001')
    expect(news).toEqual(['0001 printed', '0001 presented'])
    printer.full = [...NOTHING]
    await clock.advance(600)
    expect(news).toEqual(['0001 printed', '0001 presented', '0001 taken'])
  })

  it('draws a ticket back that nobody takes, and says so when it is gone', async () => {
    const { clock, printer, news, printed } = await presenter()
    await printed('0001')
    printer.forget()
    await clock.advance(26_000)
    expect(printer.sentHex).toBe('1d6502')
    expect(news).toEqual(['0001 printed', '0001 presented'])
    printer.full = [...NOTHING]
    await clock.advance(1_000)
    expect(news.at(-1)).toBe('0001 retracted')
  })

  it('says that a ticket was left when it cannot be drawn back', async () => {
    const { clock, news, printed } = await presenter()
    await printed('0001')
    await clock.advance(35_000)
    expect(news).toEqual(['0001 printed', '0001 presented', '0001 left'])
  })

  it('without a bin a ticket is left, once, and may still be taken', async () => {
    const { clock, printer, news, printed } = await presenter(profileNamed('custom-vkp80'))
    await printed('0001')
    await clock.advance(60_000)
    expect(news).toEqual(['0001 printed', '0001 presented', '0001 left'])
    printer.full = [...NOTHING]
    await clock.advance(2_000)
    expect(news.at(-1)).toBe('0001 taken')
  })

  it('clears the output before the next receipt: nobody finds somebody else\u2019s paper behind their own', async () => {
    const { clock, printer, news, printed, print } = await presenter()
    await printed('0001')
    print('0002')
    await clock.advance(100)
    expect(printer.sentHex).toBe('1d6502')
    printer.full = [...NOTHING]
    await clock.advance(600)
    expect(news.at(-1)).toBe('0001 retracted')
    expect(printer.sentHex).toMatch(/^1d65021b40.*1d7201$/)
  })

  it('prints nothing while the output cannot be cleared', async () => {
    const { clock, news, printed, print } = await presenter()
    await printed('0001')
    print('0002')
    await clock.advance(7_000)
    expect(news.slice(2)).toEqual(['0001 left', '0002 not-started jam'])
  })

  it('claims nothing more of a ticket after the line was lost', async () => {
    const { clock, printer, news, printed } = await presenter()
    await printed('0001')
    printer.isPulled()
    printer.full = [...NOTHING]
    await clock.advance(10_000)
    expect(news).toEqual(['0001 printed', '0001 presented'])
  })

  it('a printer without a sensor says no more than printed', async () => {
    const { clock, printer, news, print } = await presenter(profileNamed('escpos-80'))
    print('0001')
    await clock.advance(100)
    printer.saysProcessId('0001')
    await clock.advance(60_000)
    expect(news).toEqual(['0001 printed'])
  })

  it('counts receipts, cuts, millimetres and faults', async () => {
    const { clock, printer, service, printed } = await presenter()
    await printed('0001')
    printer.full = [0x01, 0, 0, 0]
    await clock.advance(2_000)
    expect(service.status().state).toBe('no-paper')
    expect(service.details?.()).toEqual({ receipts: 1, cuts: 1, mm: 14, faults: 1 })
  })
})

describe('near the end of the roll', () => {
  it('what was printed since comes off what is left', async () => {
    const base = profileNamed('escpos-80')
    const { clock, printer, news, print } = await presenter({ ...base, paper: { ...base.paper, nearEndReserveMm: 30 } })
    printer.answers = [0x12, 0x12, 0x12, 0x1e]
    for (const id of ['0001', '0002', '0003']) {
      print(id)
      await clock.advance(100)
      printer.saysProcessId(id)
      await clock.advance(100)
    }
    // 14 mm each.
    expect(news).toEqual(['0001 printed', '0002 printed', '0003 not-started paper-too-short'])
    printer.answers = [0x12, 0x12, 0x12, 0x12]
    await clock.advance(2_000)
    printer.answers = [0x12, 0x12, 0x12, 0x1e]
    print('0004')
    await clock.advance(100)
    printer.saysProcessId('0004')
    await clock.advance(100)
    expect(news.at(-1)).toBe('0004 printed')
  })
})
