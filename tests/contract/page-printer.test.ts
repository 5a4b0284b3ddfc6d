import { PDFDocument } from 'pdf-lib'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { PagePrintOutcome, PagePrintProgress } from '../../core/device/operations.ts'
import type { DeviceState } from '../../core/device/status.ts'
import type { PagePrinterService } from '../../drivers/device-host/contract.ts'
import { QUESTION_LIMIT_MS } from '../../drivers/page-printer/client.ts'
import { createPagePrinter } from '../../drivers/page-printer/service.ts'
import { VirtualPagePrinter } from '../../sandbox/devices/page-printer/virtual-page-printer.ts'
import { quietPort } from '../../sandbox/devices/quiet-port.ts'
import { hurriedClock } from '../patient-clock.ts'

/** The driver against the virtual printer over real HTTP. Waits are 50 times shorter than in a hall, but the limit on one question. */
const SPEED = 50
/** Where something is mended within a limit of the driver: a busy machine must not need longer for that. */
const UNHURRIED_SPEED = 5

let three: Uint8Array
beforeAll(async () => {
  const document = await PDFDocument.create()
  for (const words of ['one', 'two', 'three']) document.addPage([595.28, 841.89]).drawText(words)
  three = await document.save()
})

const cleanUps: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function bench({ duplex = false, pageMs = 2_000, speed = SPEED } = {}) {
  const clock = hurriedClock(speed, [QUESTION_LIMIT_MS])
  const device = new VirtualPagePrinter({ clock, port: await quietPort(), pageMs })
  await device.start()
  const events: string[] = []
  const driver = createPagePrinter({ id: 'pages', class: 'page-printer', address: { kind: 'ipp', url: device.url }, via: 'printer', duplex }, { clock, log: (event, fields) => events.push(`${event} ${JSON.stringify(fields)}`) })
  cleanUps.push(() => device.stop(), () => driver.stop())
  driver.start()
  const reach = (state: DeviceState): Promise<void> => reached(driver, state)
  await reach('ready')
  const seen: PagePrintProgress[] = []
  const print = (number = 'N-1'): Promise<PagePrintOutcome> => driver.print({ number, pdf: three, pages: 3 }, (progress) => seen.push(progress))
  const changed = (condition: () => boolean): Promise<void> => new Promise((resolve) => {
    if (condition()) return resolve()
    const off = device.onChange(() => {
      if (!condition()) return
      off()
      resolve()
    })
  })
  const out = (): number => device.documents()[0]?.out ?? 0
  return { device, driver, events, reach, print, seen, changed, out }
}

function reached(driver: PagePrinterService, state: DeviceState): Promise<void> {
  return new Promise((resolve) => {
    if (driver.status().state === state) return resolve()
    const off = driver.onStatus((status) => {
      if (status.state !== state) return
      off()
      resolve()
    })
  })
}

describe('a document on A4', () => {
  it('is printed when the job is completed and the printer counted every page; its bytes arrive unchanged, once', async () => {
    const { device, driver, print, seen, events, reach } = await bench()
    expect(await print()).toEqual({ kind: 'printed', pages: 3 })
    expect(device.documents()).toMatchObject([{ name: 'N-1', state: 'completed', pages: 3, out: 3, sides: 'one-sided' }])
    expect(Buffer.compare(device.documents()[0]?.pdf ?? new Uint8Array(), three)).toBe(0)
    expect(seen[0]).toEqual({ kind: 'sending' })
    // The printer is asked from time to time: a busy machine may miss a page, and never tells one twice or out of order.
    const told = seen.flatMap((one) => (one.kind === 'printing' ? [one.page] : []))
    expect(told).toEqual([1, 2, 3].filter((page) => told.includes(page)))
    expect(driver.details?.()).toMatchObject({ model: 'Sandbox A4 Laser', impressions: 3, pages: 3 })
    await reach('ready')
    expect(events.join()).not.toContain('N-1')
  })

  it('is printed on both sides where that is configured', async () => {
    const { device, print } = await bench({ duplex: true })
    expect(await print()).toEqual({ kind: 'printed', pages: 3 })
    expect(device.documents()[0]?.sides).toBe('two-sided-long-edge')
  })

  it('waits for another job and is printed after it', async () => {
    const { device, print, seen, reach } = await bench()
    await device.command({ kind: 'break', fault: 'busy' })
    await reach('busy')
    const printed = print()
    await device.command({ kind: 'mend', fault: 'busy' })
    expect(await printed).toEqual({ kind: 'printed', pages: 3 })
    expect(seen[0]?.kind).toMatch(/waiting|sending/)
  })

  it('is followed, not sent again, when the printer has the number already', async () => {
    const { device, print } = await bench()
    await print()
    expect(await print()).toEqual({ kind: 'printed', pages: 3 })
    expect(device.documents()).toHaveLength(1)
  })
})

describe('before anything is sent', () => {
  it.each([
    ['no-paper', { kind: 'load', sheets: 0 }, 'no-paper'],
    ['wrong-paper', { kind: 'load', sheets: 50, size: 'na_letter_8.5x11in' }, 'no-paper'],
    ['cover-open', { kind: 'break', fault: 'cover-open' }, 'cover-open'],
    ['no-toner', { kind: 'break', fault: 'toner-empty' }, 'no-toner'],
    ['output-full', { kind: 'break', fault: 'output-full' }, 'output-full'],
    ['paused', { kind: 'break', fault: 'paused' }, 'fault'],
    ['paused', { kind: 'break', fault: 'refuses' }, 'fault'],
    ['format-refused', { kind: 'break', fault: 'no-pdf' }, 'fault'],
  ] as const)('%s: nothing is sent, and the public state says why', async (why, command, state) => {
    const { device, print, reach } = await bench()
    await device.command(command)
    await reach(state)
    expect(await print()).toEqual({ kind: 'not-started', why })
    expect(device.documents()).toEqual([])
  })

  it('low paper is said, and printed on', async () => {
    const { device, print, reach } = await bench()
    await device.command({ kind: 'load', sheets: 5 })
    await reach('paper-low')
    expect(await print()).toEqual({ kind: 'printed', pages: 3 })
  })

  it('a printer that always works for others: busy', async () => {
    const { device, print } = await bench()
    await device.command({ kind: 'break', fault: 'busy' })
    expect(await print()).toEqual({ kind: 'not-started', why: 'busy' })
  })

  it('unplugged: offline, nothing sent; plugged in again: ready by itself', async () => {
    const { device, print, reach } = await bench()
    await device.command({ kind: 'cable', plugged: false })
    await reach('offline')
    expect(await print()).toEqual({ kind: 'not-started', why: 'link-lost' })
    await device.command({ kind: 'cable', plugged: true })
    await reach('ready')
    expect(await print()).toEqual({ kind: 'printed', pages: 3 })
  })
})

describe('in the middle', () => {
  it.each([
    ['jam', 'jam'], ['cover-open', 'cover-open'], ['toner-empty', 'no-toner'], ['output-full', 'output-full'],
  ] as const)('%s, mended in time: the rest comes out and it is printed', async (fault, state) => {
    const { device, print, reach, changed, out, seen } = await bench({ speed: UNHURRIED_SPEED })
    const printed = print()
    await changed(() => out() === 1)
    await device.command({ kind: 'break', fault })
    await reach(state)
    await device.command({ kind: 'mend', fault })
    expect(await printed).toEqual({ kind: 'printed', pages: 3 })
    expect(seen).toContainEqual({ kind: 'waiting', why: state })
  })

  it('paper runs out and nobody comes: the job is taken back, stopped after one page, and nothing comes out later', async () => {
    const { device, print, reach } = await bench()
    await device.command({ kind: 'load', sheets: 1 })
    await reach('paper-low')
    expect(await print()).toEqual({ kind: 'stopped', why: 'no-paper', pages: 1 })
    expect(device.documents()[0]).toMatchObject({ state: 'canceled', out: 1 })
    await device.command({ kind: 'load', sheets: 100 })
    await reach('ready')
    expect(device.documents()[0]?.out).toBe(1)
  })

  it('stands still without a word: taken back', async () => {
    const { device, print } = await bench()
    await device.command({ kind: 'break', fault: 'hangs' })
    expect(await print()).toMatchObject({ kind: 'stopped', pages: 0 })
  })

  it('the printer gives the job up: stopped, with its own count', async () => {
    const { device, print } = await bench()
    await device.command({ kind: 'break', fault: 'aborts' })
    expect(await print()).toEqual({ kind: 'stopped', why: 'fault', pages: 1 })
  })

  it('the cable comes out and goes in again: followed to its true end', async () => {
    const { device, print, changed, out, reach } = await bench({ speed: UNHURRIED_SPEED })
    const printed = print()
    await changed(() => out() === 1)
    await device.command({ kind: 'cable', plugged: false })
    await reach('offline')
    await device.command({ kind: 'cable', plugged: true })
    expect(await printed).toEqual({ kind: 'printed', pages: 3 })
    expect(device.documents()).toHaveLength(1)
  })

  it('the cable stays out: unknown; what still waits inside is taken back when the printer is there again', async () => {
    const { device, print, changed, out, reach } = await bench()
    const printed = print()
    await changed(() => out() === 1)
    await device.command({ kind: 'break', fault: 'cover-open' })
    await device.command({ kind: 'cable', plugged: false })
    expect(await printed).toEqual({ kind: 'unknown', why: 'link-lost' })
    await device.command({ kind: 'cable', plugged: true })
    await changed(() => device.documents()[0]?.state === 'canceled')
    await device.command({ kind: 'mend', fault: 'cover-open' })
    await reach('ready')
    expect(out()).toBe(1)
  })

  it('power fails: the job is forgotten, so its end is unknown', async () => {
    const { device, print, changed, out } = await bench()
    const printed = print()
    await changed(() => out() === 1)
    await device.command({ kind: 'power', on: false })
    await device.command({ kind: 'power', on: true })
    expect(await printed).toMatchObject({ kind: 'unknown' })
    expect(device.documents()).toEqual([])
  })
})

describe('lost answers and false counts', () => {
  it.each(['answer-lost', 'answer-late'] as const)('%s: the printer is asked for the job of our number, and nothing is sent twice', async (fault) => {
    const { device, print } = await bench()
    await device.command({ kind: 'break', fault })
    expect(await print()).toEqual({ kind: 'printed', pages: 3 })
    expect(device.documents()).toHaveLength(1)
  })

  it('cut in the middle of the document: unknown, never sent again', async () => {
    const { device, print, events } = await bench()
    // The questions before take some 700 bytes; the document is longer.
    await device.command({ kind: 'cable', unplugAfterBytes: 1_500, unplugCounts: 'in', replugAfterMs: 1_000 })
    expect(await print()).toMatchObject({ kind: 'unknown' })
    expect(device.documents()).toEqual([])
    expect(events.filter((event) => event.startsWith('page-print ')).length).toBe(1)
  })

  it('counts one page less than there are: not called printed', async () => {
    const { device, print } = await bench()
    await device.command({ kind: 'break', fault: 'counts-wrong' })
    expect(await print()).toEqual({ kind: 'unknown', why: 'fault' })
  })

  it('counts nothing: not called printed', async () => {
    const { device, print } = await bench()
    await device.command({ kind: 'break', fault: 'counts-nothing' })
    expect(await print()).toEqual({ kind: 'unknown', why: 'silent' })
  })

  it('forgets the job as soon as it is over: not called printed', async () => {
    const { device, print } = await bench()
    await device.command({ kind: 'break', fault: 'forgets' })
    expect(await print()).toEqual({ kind: 'unknown', why: 'silent' })
  })

  it('spoiled bytes: no crash, and well again when they are over', async () => {
    const { device, reach, print } = await bench()
    await device.command({ kind: 'cable', corruptOneIn: 30 })
    await reach('offline').catch(() => undefined)
    await device.command({ kind: 'cable', clear: true })
    await reach('ready')
    expect(await print()).toEqual({ kind: 'printed', pages: 3 })
  })
})
