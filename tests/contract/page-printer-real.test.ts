import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PDFDocument } from 'pdf-lib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PagePrintProgress } from '../../core/device/operations.ts'
import type { DeviceState } from '../../core/device/status.ts'
import type { PagePrinterService } from '../../drivers/device-host/contract.ts'
import { systemClock } from '../../drivers/device-host/system-clock.ts'
import { createPagePrinter } from '../../drivers/page-printer/service.ts'
import { GOOD, PrintServerWorld, whyNoPrintServer } from './print-server-world.ts'

/** The driver against programs that are not ours: Debian's ippeveprinter and CUPS. */
const world = new PrintServerWorld()
const withoutPrinter = whyNoPrintServer(false)
const withoutCups = whyNoPrintServer(true)
let two: Uint8Array

const drivers: PagePrinterService[] = []
afterEach(async () => {
  for (const driver of drivers.splice(0)) await driver.stop()
})
afterAll(() => world.stop(), 30_000)

beforeAll(async () => {
  const document = await PDFDocument.create()
  for (const words of ['one', 'two']) document.addPage([595.28, 841.89]).drawText(words)
  two = await document.save()
})

async function driverFor(url: string, via: 'printer' | 'cups', duplex = false) {
  const driver = createPagePrinter({ id: 'pages', class: 'page-printer', address: { kind: 'ipp', url }, via, duplex }, { clock: systemClock, log: () => undefined })
  drivers.push(driver)
  driver.start()
  const reach = (state: DeviceState): Promise<void> => new Promise((resolve) => {
    if (driver.status().state === state) return resolve()
    const off = driver.onStatus((status) => {
      if (status.state !== state) return
      off()
      resolve()
    })
  })
  const seen: PagePrintProgress[] = []
  const told = Promise.withResolvers<void>()
  let number = 0
  const print = () => driver.print({ number: `${via}-${Date.now()}-${++number}`, pdf: two, pages: 2 }, (progress) => {
    seen.push(progress)
    if (progress.kind === 'waiting') told.resolve()
  })
  /** Resolves when a job in hand says that it waits. */
  return { driver, reach, print, seen, waits: told.promise }
}

describe.skipIf(withoutPrinter !== undefined)(`ippeveprinter${withoutPrinter === undefined ? '' : ` (skipped: ${withoutPrinter})`}`, () => {
  let forbidden: string | undefined
  beforeAll(async () => {
    forbidden = await world.startPrinter()
  })
  beforeEach(({ skip }) => skip(forbidden !== undefined, forbidden))

  it('prints two pages of A4, the bytes unchanged, and tells its model', async () => {
    const { driver, reach, print, seen } = await driverFor(world.printerUrl, 'printer')
    await reach('ready')
    expect(await print()).toEqual({ kind: 'printed', pages: 2 })
    expect(Buffer.compare(world.file('job-1.pdf') ?? Buffer.alloc(0), two)).toBe(0)
    const options = world.file('job-1.env')?.toString() ?? ''
    expect(options).toContain('IPP_MEDIA=iso_a4_210x297mm')
    expect(options).toContain('IPP_SIDES=one-sided')
    expect(options).toMatch(/IPP_JOB_NAME=printer-/)
    expect(driver.details?.()).toMatchObject({ model: 'Virtual A4Laser' })
    expect(seen[0]).toEqual({ kind: 'sending' })
  })

  it.each([['media-jam-warning', 'jam'], ['toner-empty-error', 'no-toner'], ['cover-open-error', 'cover-open']] as const)('%s is seen while it lasts, and the job is printed when it is mended', async (reason, state) => {
    const mended = `mended-${state}`
    world.behave(`echo "STATE: +${reason}" >&2; until [ -e "${join(world.folder, mended)}" ]; do sleep 0.1; done; echo "STATE: -${reason}" >&2; echo "ATTR: job-impressions-completed=2" >&2; sleep 0.5; exit 0\n`)
    const { reach, print, seen, waits } = await driverFor(world.printerUrl, 'printer')
    await reach('ready')
    const printed = print()
    await Promise.all([reach(state), waits])
    writeFileSync(join(world.folder, mended), '')
    expect(await printed).toEqual({ kind: 'printed', pages: 2 })
    expect(seen).toContainEqual({ kind: 'waiting', why: state })
    world.behave(GOOD)
  })

  it('a job that the printer gives up after one page is stopped, not printed', async () => {
    world.behave('echo "ATTR: job-impressions-completed=1" >&2; sleep 0.3; echo "ERROR: engine" >&2; exit 1\n')
    const { print } = await driverFor(world.printerUrl, 'printer')
    expect(await print()).toMatchObject({ kind: 'stopped', pages: 1 })
    world.behave(GOOD)
  })

  it('completed without the right count is unknown', async () => {
    world.behave('echo "ATTR: job-impressions-completed=1" >&2; exit 0\n')
    const { print } = await driverFor(world.printerUrl, 'printer')
    expect(await print()).toMatchObject({ kind: 'unknown' })
    world.behave(GOOD)
  })

  it('a tray left empty by the job before: refused before anything is sent', async () => {
    world.behave('echo "STATE: +media-empty-warning" >&2; echo "ATTR: job-impressions-completed=2" >&2; sleep 0.3; exit 0\n')
    const { print, reach } = await driverFor(world.printerUrl, 'printer')
    await print()
    await reach('no-paper')
    expect(await print()).toEqual({ kind: 'not-started', why: 'no-paper' })
  })
})

describe.skipIf(withoutCups !== undefined)(`CUPS before ippeveprinter${withoutCups === undefined ? '' : ` (skipped: ${withoutCups})`}`, () => {
  beforeAll(async () => {
    // A printer of its own: the one before keeps the state that the last test left.
    await world.stop()
  })
  const cups = new PrintServerWorld()
  let forbidden: string | undefined
  beforeAll(async () => {
    forbidden = (await cups.startPrinter()) ?? (await cups.startCups())
  }, 60_000)
  beforeEach(({ skip }) => skip(forbidden !== undefined, forbidden))
  afterAll(() => cups.stop(), 30_000)

  it('is printed when the printer behind the queue says so itself', async () => {
    const { print, reach } = await driverFor(cups.queueUrl, 'cups')
    await reach('ready')
    expect(await print()).toEqual({ kind: 'printed', pages: 2 })
    expect(cups.file('job-1.env')?.toString()).toContain('IPP_MEDIA_COL={media-size={x-dimension=21000 y-dimension=29700}')
  })

  it('a job that the printer gave up is never called printed, though CUPS counts its pages', async () => {
    cups.behave('sleep 0.3; echo "ERROR: engine" >&2; exit 1\n')
    const { print } = await driverFor(cups.queueUrl, 'cups')
    const outcome = await print()
    expect(['stopped', 'unknown']).toContain(outcome.kind)
    cups.behave(GOOD)
    cups.run('cupsenable', 'a4')
  })

  it('a queue that staff stopped is told from a printer that is well', async () => {
    const { reach, print } = await driverFor(cups.queueUrl, 'cups')
    await reach('ready')
    cups.run('cupsdisable', 'a4')
    await reach('fault')
    expect(await print()).toEqual({ kind: 'not-started', why: 'paused' })
    cups.run('cupsenable', 'a4')
    await reach('ready')
  })
})
