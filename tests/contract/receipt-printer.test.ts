import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import { afterAll, describe, expect, it } from 'vitest'
import type { DeviceState } from '../../core/device/status.ts'
import type { ReceiptBlock, ReceiptDocument } from '../../core/receipt/document.ts'
import type { PrintJob, ReceiptPrinterService } from '../../drivers/device-host/contract.ts'
import { createReceiptPrinter } from '../../drivers/receipt-printer/service.ts'
import { quietPort } from '../../sandbox/devices/quiet-port.ts'
import { VirtualReceiptPrinter } from '../../sandbox/devices/receipt-printer/printer.ts'
import type { PrinterModel } from '../../sandbox/devices/receipt-printer/models.ts'
import type { PrinterCommand } from '../../sandbox/devices/receipt-printer/bench-commands.ts'
import { patientClock } from '../patient-clock.ts'
import { hasSocat, serialCable } from '../serial-cable.ts'

/** Pictures of what the tests printed, for people to look at. */
const PICTURES = new URL('../../out/receipts/', import.meta.url)
const FAST_MM_PER_SECOND = 4_000

const name = (value: string): ReceiptBlock => ({ kind: 'pair', label: '申请人', value })

function receipt(applicant: ReceiptBlock = name('赵小敏')): ReceiptDocument {
  return {
    number: '990101-2026-000123',
    blocks: [
      { kind: 'title', text: '居住证申领回执' },
      { kind: 'text', text: '云川市政务服务一体机（演示）', align: 'center' },
      { kind: 'rule' },
      { kind: 'pair', label: '受理编号', value: '990101-2026-000123', bold: true },
      { kind: 'pair', label: '受理时间', value: '2026-01-01 08:00:00' },
      applicant,
      { kind: 'pair', label: '办理地点', value: '云川市滨江区政务服务中心一楼 24 小时自助服务区 3 号机' },
      { kind: 'rule' },
      { kind: 'text', text: '已收材料', bold: true },
      { kind: 'item', mark: '√', text: '居民身份证（读卡核验，未留存照片）' },
      { kind: 'item', mark: '√', text: '房屋租赁合同，共 3 页', note: '扫描件，已由申请人确认识别内容' },
      { kind: 'item', mark: '□', text: '居住登记凭证', note: '容缺：请于 2026-01-15 前补交，逾期未补交的，办件将退回。' },
      { kind: 'space' },
      { kind: 'qr', data: 'https://demo.invalid/case/990101-2026-000123?check=7F3A', caption: '扫码查询办理进度' },
      { kind: 'space' },
      { kind: 'text', text: '请妥善保管本回执，并取走身份证。咨询电话 12345', align: 'center' },
    ],
  }
}

let nextProcessId = 1
function job(document: ReceiptDocument = receipt(), attempt = 1): PrintJob {
  return { document, attempt, processId: String(nextProcessId++).padStart(4, '0'), voidStubFirst: attempt > 1 }
}

/** The tests wait for printers, each for its own, and so they wait together; what they opened is closed when all are through. */
const cleanUps: (() => Promise<void> | void)[] = []
afterAll(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function overTcp(profile = 'escpos-80', paperWidthMm: 58 | 80 = 80, speedMmPerSecond = FAST_MM_PER_SECOND, model: PrinterModel = 'standard') {
  const printer = new VirtualReceiptPrinter({ address: { kind: 'tcp', host: '127.0.0.1', port: await quietPort() }, paperWidthMm, speedMmPerSecond, model })
  await printer.start()
  cleanUps.push(() => printer.stop())
  const service = createReceiptPrinter({ id: 'receipt', class: 'receipt-printer', address: { kind: 'tcp', host: '127.0.0.1', port: printer.port ?? 0 }, profile }, { clock: patientClock, log: () => undefined })
  cleanUps.push(() => service.stop())
  service.start()
  await reaches(service, 'ready')
  return { printer, service, bench: (command: PrinterCommand) => printer.command(printer.commandSchema.parse(command)) }
}

function reaches(service: ReceiptPrinterService, state: DeviceState): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (service.status().state !== state) return
      stop()
      resolve()
    }
    const stop = service.onStatus(check)
    check()
  })
}

/** Resolves when the printer itself stands like this. */
function shows(printer: VirtualReceiptPrinter, fits: (state: ReturnType<VirtualReceiptPrinter['state']>) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!fits(printer.state())) return
      stop()
      resolve()
    }
    const stop = printer.onChange(look)
    look()
  })
}

async function keepPicture(printer: VirtualReceiptPrinter, index: number, file: string): Promise<Buffer> {
  const shown = printer.state().receipts.at(index)
  if (shown === undefined) throw new Error('nothing was printed')
  const png = await printer.picture(shown.pngId)
  mkdirSync(PICTURES, { recursive: true })
  writeFileSync(new URL(`${file}.png`, PICTURES), png)
  return png
}

const printed = { kind: 'printed', proof: 'process-id' } as const

describe.concurrent('a receipt over the network', () => {
  it('is printed whole, and only then called printed', async () => {
    const { printer, service } = await overTcp()
    let sending = 0
    expect(await service.print(job(), () => (sending += 1))).toEqual(printed)
    expect(sending).toBe(1)
    const { receipts, unknownCommands, bufferedBytes } = printer.state()
    expect({ unknownCommands, bufferedBytes }).toEqual({ unknownCommands: 0, bufferedBytes: 0 })
    expect(receipts).toHaveLength(1)
    expect(receipts[0]).toMatchObject({ complete: true, cut: true })
    expect(receipts[0]?.lines).toEqual([
      '居住证申领回执',
      '云川市政务服务一体机（演示）',
      '[rule]',
      '受理编号                      990101-2026-000123',
      '受理时间                     2026-01-01 08:00:00',
      expect.stringMatching(/^申请人 +赵小敏$/),
      '办理地点',
      '  云川市滨江区政务服务中心一楼 24 小时自助服务区',
      '  3 号机',
      '[rule]',
      '已收材料',
      '√ 居民身份证（读卡核验，未留存照片）',
      '√ 房屋租赁合同，共 3 页',
      expect.stringMatching(/^ *扫描件，已由申请人确认识别内容$/),
      '□ 居住登记凭证',
      expect.stringMatching(/^ *容缺：请于 2026-01-15 前补交，逾期未补交的，/),
      expect.stringMatching(/^ *办件将退回。$/),
      '[QR https://demo.invalid/case/990101-2026-000123?check=7F3A]',
      '扫码查询办理进度',
      '请妥善保管本回执，并取走身份证。咨询电话 12345',
    ])
    await keepPicture(printer, 0, 'whole-80mm')
  })

  it.each([['escpos-58', 58, 'process-id'], ['escpos-80-basic', 80, 'in-order-status'], ['snbc-bt-t080', 80, 'in-order-status'], ['escpos-80-180dpi', 80, 'process-id']] as const)('is printed with the profile %s', async (profile, width, proof) => {
    const { printer, service } = await overTcp(profile, width)
    expect(await service.print(job(), () => undefined)).toEqual({ kind: 'printed', proof })
    expect(printer.state().receipts[0]).toMatchObject({ complete: true })
    expect(printer.state().receipts[0]?.lines.join('')).not.toMatch(/\?(?!check)/)
    await keepPicture(printer, 0, profile)
  })

  it('draws names that no printer font holds, and never a `?` or an empty box', async () => {
    const { printer, service } = await overTcp()
    const document: ReceiptDocument = {
      number: 'D-1',
      blocks: [
        { kind: 'title', text: '䶮𠮷回执' },
        { kind: 'pair', label: '申请人', value: '欧阳𠮷䶮' },
        { kind: 'pair', label: '代办人', value: '张㙍𬭎', bold: true },
        { kind: 'pair', label: '监护人', value: '王喆' },
        { kind: 'item', mark: '1.', text: '户口簿户主𪩘𫰛（与申请人为父子关系）' },
        { kind: 'text', text: '鿍', large: true, align: 'center' },
      ],
    }
    expect(await service.print(job(document), () => undefined)).toEqual(printed)
    const [strip] = printer.state().receipts
    expect(strip?.lines.filter((line) => line === '[picture]')).toHaveLength(5)
    expect(strip?.lines.join('')).not.toMatch(/[?□]/)
    const png = await keepPicture(printer, 0, 'rare-names')
    expect(await inkOf(png)).toBeGreaterThan(2_000)
  })

  it('refuses a name that nobody can draw before a byte goes out', async () => {
    const { printer, service } = await overTcp()
    expect(await service.print(job(receipt(name('张\u{30729}'))), () => undefined)).toEqual({ kind: 'not-started', why: 'glyph-missing' })
    expect(printer.state().receipts).toEqual([])
  })

  it('paper ends in the middle: voided, nothing comes out by itself, the reprint is marked', async () => {
    const { printer, service, bench } = await overTcp()
    await bench({ kind: 'paper-out-after', lines: 9 })
    expect(await service.print(job(), () => undefined)).toEqual({ kind: 'voided', why: 'no-paper' })
    expect(service.status().state).toBe('no-paper')
    expect(await service.print(job(), () => undefined)).toEqual({ kind: 'not-started', why: 'no-paper' })

    await bench({ kind: 'load-paper', lengthMm: 50_000 })
    await reaches(service, 'ready')
    expect(printer.state().receipts).toHaveLength(1)
    expect(printer.state().receipts[0]).toMatchObject({ complete: false, cut: false, end: 'paper-end' })

    expect(await service.print(job(receipt(), 2), () => undefined)).toEqual(printed)
    const [, stub, second] = printer.state().receipts
    expect(stub?.lines).toContain('作　废')
    expect(stub?.lines).toContain('编号 990101-2026-000123')
    expect(second?.lines.slice(0, 2)).toEqual(['居住证申领回执', '（第2次打印）'])
    expect(second).toMatchObject({ complete: true })
    await keepPicture(printer, 0, 'torn-by-paper-end')
    await keepPicture(printer, 1, 'void-stub')
    await keepPicture(printer, 2, 'second-attempt')
  })

  it('paper ends in the middle and a new roll is in at once: the two halves are no receipt, and the reprint is marked', async () => {
    const { printer, service, bench } = await overTcp('escpos-80', 80, 150)
    const stop = printer.onChange(() => {
      if (printer.state().paper !== 'out') return
      stop()
      setImmediate(() => void bench({ kind: 'load-paper' }))
    })
    await bench({ kind: 'paper-out-after', lines: 6 })
    expect(await service.print(job(), () => undefined)).toEqual({ kind: 'voided', why: 'no-paper' })
    expect(await service.print(job(receipt(), 2), () => undefined)).toEqual(printed)
    const papers = printer.state().receipts
    expect(papers[0]).toMatchObject({ complete: false, end: 'paper-end' })
    const [stub, second, ...more] = papers.filter(({ complete }) => complete)
    expect(stub?.lines).toContain('作　废')
    expect(second?.lines.slice(0, 2)).toEqual(['居住证申领回执', '（第2次打印）'])
    expect(more).toEqual([])
  })

  it('cover opened in the middle: voided', async () => {
    const { printer, service, bench } = await overTcp('escpos-80', 80, 60)
    const outcome = service.print(job(), () => undefined)
    await shows(printer, ({ receipts }) => (receipts[0]?.lines.length ?? 0) >= 4)
    await bench({ kind: 'open-cover' })
    expect(await outcome).toEqual({ kind: 'voided', why: 'cover-open' })
    expect(service.status().state).toBe('cover-open')
    await bench({ kind: 'close-cover' })
    await reaches(service, 'ready')
    expect(printer.state()).toMatchObject({ bufferedBytes: 0 })
  })

  it('a cutter that sticks at the end of the receipt ends as voided: the paper was not cut', async () => {
    const { service, bench } = await overTcp()
    await bench({ kind: 'cutter-jam', on: true })
    expect(await service.print(job(), () => undefined)).toEqual({ kind: 'voided', why: 'cutter-fault' })
    expect(service.status().state).toBe('cutter-fault')
  })

  it('silence after sending began is unknown, never printed', async () => {
    const { service, bench } = await overTcp()
    const outcome = service.print(job(), () => void bench({ kind: 'silence', on: true, printing: 'goes-on' }))
    expect(await outcome).toEqual({ kind: 'unknown', why: 'silent' })
    await reaches(service, 'offline')
    await bench({ kind: 'silence', on: false, printing: 'goes-on' })
    await reaches(service, 'ready')
  })

  it('an answer with a process id that is not ours proves nothing', async () => {
    const { service, bench } = await overTcp()
    await bench({ kind: 'wrong-process-id', on: true })
    expect(await service.print(job(), () => undefined)).toEqual({ kind: 'unknown', why: 'silent' })
  })

  it('the cable is pulled in the middle: unknown; plugged in again: ready', async () => {
    const { printer, service, bench } = await overTcp('escpos-80', 80, 60)
    const outcome = service.print(job(), () => undefined)
    await shows(printer, ({ receipts }) => (receipts[0]?.lines.length ?? 0) >= 3)
    await bench({ kind: 'unplug' })
    expect(await outcome).toEqual({ kind: 'unknown', why: 'link-lost' })
    expect(service.status().state).toBe('offline')
    expect(await service.print(job(), () => undefined)).toEqual({ kind: 'not-started', why: 'link-lost' })
    await bench({ kind: 'plug' })
    await reaches(service, 'ready')
  })

  it('follows the printer while nobody prints', async () => {
    const { service, bench } = await overTcp('escpos-80-basic')
    for (const [command, state] of [
      [{ kind: 'near-end', on: true }, 'paper-low'],
      [{ kind: 'paper-out' }, 'no-paper'],
      [{ kind: 'load-paper', lengthMm: 50_000 }, 'ready'],
      [{ kind: 'open-cover' }, 'cover-open'],
      [{ kind: 'close-cover' }, 'ready'],
    ] as const) {
      await bench(command)
      await reaches(service, state)
    }
  })
})

describe.concurrent('other models', () => {
  it.each([['custom-vkp80', 'vkp80'], ['pyramid-reliance', 'reliance'], ['citizen-ppu-700', 'ppu-700']] as const)('%s: printed, presented, taken', async (profile, model) => {
    const { printer, service, bench } = await overTcp(profile, 80, FAST_MM_PER_SECOND, model)
    const fates = fatesOf(service)
    const ours = job()
    expect(await service.print(ours, () => undefined)).toEqual({ kind: 'printed', proof: 'in-order-status' })
    await fates.reaches('presented')
    expect(printer.state()).toMatchObject({ ticketAtOutput: true, unknownCommands: 0 })
    expect(printer.state().receipts.at(-1)).toMatchObject({ complete: true, where: 'output' })
    await bench({ kind: 'take-ticket' })
    await fates.reaches('taken')
    expect(fates.news).toEqual([[ours.processId, 'presented'], [ours.processId, 'taken']])
  })

  it('a ticket that hangs out is drawn into the bin before the next one is printed', async () => {
    const { printer, service } = await overTcp('pyramid-reliance', 80, FAST_MM_PER_SECOND, 'reliance')
    const fates = fatesOf(service)
    const [first, second] = [job(), job()]
    await service.print(first, () => undefined)
    await fates.reaches('presented')
    expect(await service.print(second, () => undefined)).toMatchObject({ kind: 'printed' })
    await fates.reaches('presented', second)
    expect(fates.news).toEqual([[first.processId, 'presented'], [first.processId, 'retracted'], [second.processId, 'presented']])
    expect(printer.state().receipts.map(({ where, complete }) => [where, complete])).toEqual([['bin', true], ['output', true]])
  })

  it.each([['pyramid-reliance', 'reliance'], ['custom-vkp80', 'vkp80'], ['citizen-ppu-700', 'ppu-700'], ['snbc-bt-ur056', 'ur056']] as const)('%s tells paper, cover and jam by its own bits', async (profile, model) => {
    const { service, bench } = await overTcp(profile, 80, FAST_MM_PER_SECOND, model)
    await bench({ kind: 'paper-out' })
    await reaches(service, 'no-paper')
    await bench({ kind: 'load-paper' })
    await reaches(service, 'ready')
    await bench({ kind: 'open-cover' })
    await reaches(service, 'cover-open')
    await bench({ kind: 'close-cover' })
    await reaches(service, 'ready')
    if (model === 'reliance' || model === 'ppu-700') {
      await bench({ kind: 'jam', on: true })
      await reaches(service, 'jam')
    }
  })

  it('a model that clears without a word at paper end: voided, and nothing comes out by itself', async () => {
    const { printer, service, bench } = await overTcp('snbc-bt-ur056', 58, FAST_MM_PER_SECOND, 'ur056')
    await bench({ kind: 'paper-out-after', lines: 5 })
    expect(await service.print(job(), () => undefined)).toEqual({ kind: 'voided', why: 'no-paper' })
    await bench({ kind: 'load-paper' })
    await reaches(service, 'ready')
    expect(printer.state().receipts).toHaveLength(1)
    expect(await service.print(job(receipt(), 2), () => undefined)).toMatchObject({ kind: 'printed' })
  })

  it('a cover opened in the middle: what hangs there is cut off before anything else is printed', async () => {
    const { printer, service, bench } = await overTcp('escpos-80', 80, 60)
    const outcome = service.print(job(receipt(name('赵小敏'))), () => undefined)
    await shows(printer, ({ receipts }) => (receipts[0]?.lines.length ?? 0) >= 4)
    await bench({ kind: 'open-cover' })
    expect(await outcome).toEqual({ kind: 'voided', why: 'cover-open' })
    await bench({ kind: 'close-cover' })
    await shows(printer, ({ receipts }) => receipts[0]?.end === 'cut')
    expect(printer.state().receipts[0]).toMatchObject({ complete: false })
  })
})

describe.concurrent('a cable with faults', () => {
  it.each([
    ['answers byte by byte', { split: { pieceBytes: 1, gapMs: 5 } }],
    ['answers joined', { mergeMs: 60 }],
    ['answers late', { delayMs: 120 }],
    ['answers repeated', { repeatNext: 3 }],
  ] as const)('%s: printed once, whole', async (_, faults) => {
    const { printer, service, bench } = await overTcp()
    await bench({ kind: 'cable', ...faults })
    expect(await service.print(job(), () => undefined)).toEqual(printed)
    expect(printer.state().receipts.filter(({ complete }) => complete)).toHaveLength(1)
  })

  it('the data cable is pulled in mid-receipt and comes back: unknown, and never two that look original', async () => {
    const { printer, service, bench } = await overTcp()
    await bench({ kind: 'cable', unplugAfterBytes: 400, unplugCounts: 'in', replugAfterMs: 500 })
    expect(await service.print(job(), () => undefined)).toEqual({ kind: 'unknown', why: 'link-lost' })
    await reaches(service, 'ready')
    expect(await service.print(job(), () => undefined)).toEqual(printed)
    expect(printer.state().receipts.filter(({ complete }) => complete)).toHaveLength(1)
  })
})

interface Fates {
  readonly news: readonly (readonly [string, string])[]
  /** Resolves when this is told of any ticket, or of this job's. */
  reaches(fate: string, of?: PrintJob): Promise<void>
}

function fatesOf(service: ReceiptPrinterService): Fates {
  const news: [string, string][] = []
  service.onTicket(({ processId, fate }) => news.push([processId, fate]))
  return {
    news,
    reaches: (fate, of) => new Promise((resolve) => {
      const look = (): void => {
        if (news.some(([processId, told]) => told === fate && (of === undefined || of.processId === processId))) resolve()
      }
      service.onTicket(look)
      look()
    }),
  }
}

describe.skipIf(!hasSocat)('a receipt over a serial port (needs socat)', { concurrent: true }, () => {
  it.each([[115200, 'none', 'none'], ['probe', 'none', 'none'], [19200, 'rts-cts', 'even'], [9600, 'xon-xoff', 'odd']] as const)('is printed through serialport (rate %s, flow %s, parity %s), and a pulled cable is noticed', async (baud, flow, parity) => {
    const folder = mkdtempSync(join(tmpdir(), 'receipt-printer-'))
    cleanUps.push(() => rmSync(folder, { recursive: true, force: true }))
    const host = join(folder, 'host')
    const device = join(folder, 'device')
    const cable = await serialCable(device, host)
    cleanUps.push(() => cable.pull())
    const printer = new VirtualReceiptPrinter({ address: { kind: 'serial', path: device }, speedMmPerSecond: FAST_MM_PER_SECOND })
    await printer.start()
    cleanUps.push(() => printer.stop())
    const service = createReceiptPrinter({ id: 'receipt', class: 'receipt-printer', address: { kind: 'serial', path: host, baud, flow, parity }, profile: 'escpos-80' }, { clock: patientClock, log: () => undefined })
    cleanUps.push(() => service.stop())
    service.start()
    await reaches(service, 'ready')

    expect(await service.print(job(receipt(name('欧阳𠮷'))), () => undefined)).toEqual(printed)
    expect(printer.state().receipts[0]).toMatchObject({ complete: true })

    await printer.command({ kind: 'paper-out' })
    await reaches(service, 'no-paper')
    await cable.pull()
    await reaches(service, 'offline')
  })
})

/** Black dots of a picture. */
async function inkOf(png: Buffer): Promise<number> {
  const image = await loadImage(png)
  const canvas = createCanvas(image.width, image.height)
  const context = canvas.getContext('2d')
  context.drawImage(image, 0, 0)
  const { data } = context.getImageData(0, 0, image.width, image.height)
  let ink = 0
  for (let index = 0; index < data.length; index += 4) if ((data[index] ?? 255) < 100 && (data[index + 3] ?? 0) > 200) ink += 1
  return ink
}
