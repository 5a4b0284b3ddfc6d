import { afterEach, describe, expect, it } from 'vitest'
import type { PageImage, ScanProgress } from '../../core/device/operations.ts'
import type { DeviceState } from '../../core/device/status.ts'
import { createDocumentScanner } from '../../drivers/document-scanner/service.ts'
import type { DocumentScannerService } from '../../drivers/device-host/contract.ts'
import { quietPort } from '../../sandbox/devices/quiet-port.ts'
import { loadDemonstrationPages } from '../../sandbox/devices/scanner/pages.ts'
import type { ScannerCommand, VirtualScannerOptions } from '../../sandbox/devices/scanner/virtual-scanner.ts'
import { scannerCommandSchema, VirtualScanner } from '../../sandbox/devices/scanner/virtual-scanner.ts'
import { hurriedClock } from '../patient-clock.ts'

/** The driver against the virtual scanner over real HTTP; waits are a hundred times shorter than in a hall. */
const pages = loadDemonstrationPages()
const jpegOf = (id: string): Uint8Array => pages.find((page) => page.id === id)?.jpeg ?? new Uint8Array()
const SPEED = 100
/** Limits on silence stay as they are: real sockets and a real thread are under test. */
const SILENCE_LIMITS_MS = [3_000, 10_000, 20_000, 30_000]
const quickClock = hurriedClock(SPEED, SILENCE_LIMITS_MS)

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function bench(options: Partial<VirtualScannerOptions> = {}): Promise<{ device: VirtualScanner; driver: DocumentScannerService; events: string[]; reach: (state: DeviceState) => Promise<void> }> {
  const device = new VirtualScanner({ port: await quietPort(), pages, slowPieceMs: 5, ...options })
  await device.start()
  const events: string[] = []
  const driver = createDocumentScanner(
    { id: 'scanner', class: 'document-scanner', address: { kind: 'escl', url: device.url }, dpi: 200, feeder: true },
    { clock: quickClock, log: (event, fields) => events.push(`${event} ${JSON.stringify(fields)}`) },
  )
  cleanups.push(() => device.stop(), () => driver.stop())
  driver.start()
  const reach = (state: DeviceState): Promise<void> => new Promise((resolve) => {
    if (driver.status().state === state) return resolve()
    const off = driver.onStatus((status) => {
      if (status.state !== state) return
      off()
      resolve()
    })
  })
  await reach('ready')
  return { device, driver, events, reach }
}

const scan = (driver: DocumentScannerService, source: 'platen' | 'feeder' = 'platen', onProgress: (progress: ScanProgress) => void = () => undefined, signal: AbortSignal = new AbortController().signal) =>
  driver.scanPage({ source }, onProgress, signal)

describe('a page on the glass', () => {
  it.each(['absolute', 'relative', 'foreign-host'] as const)('arrives byte for byte, job named by %s Location', async (location) => {
    const { device, driver, events, reach } = await bench({ location })
    await device.command({ kind: 'lay', page: 'lease' })
    const page = await scan(driver)
    expect(page).toMatchObject({ ok: true, value: { mime: 'image/jpeg', widthPx: 1654, heightPx: 2340, dpi: 200 } })
    expect(page.ok && Buffer.compare(page.value.bytes, jpegOf('lease'))).toBe(0)
    await reach('ready')
    expect(events.join()).not.toContain('陈志远')
  })

  it('is the lid when nobody laid one', async () => {
    const { driver } = await bench()
    const page = await scan(driver)
    expect(page.ok && Buffer.compare(page.value.bytes, jpegOf('blank'))).toBe(0)
  })

  it('shows progress while a slow picture trickles in', async () => {
    const { device, driver } = await bench()
    await device.command({ kind: 'lay', page: 'lease' })
    await device.command({ kind: 'break', fault: 'slow' })
    const progress: ScanProgress[] = []
    expect((await scan(driver, 'platen', (step) => progress.push(step))).ok).toBe(true)
    expect(progress.slice(0, 2)).toEqual([{ kind: 'starting' }, { kind: 'scanning' }])
    expect(progress.filter(({ kind }) => kind === 'receiving').length).toBeGreaterThan(3)
  })

  it('is waited for while the scanner says "not yet"', async () => {
    const { device, driver } = await bench()
    await device.command({ kind: 'lay', page: 'lease' })
    await device.command({ kind: 'break', fault: 'not-yet', times: 5 })
    expect((await scan(driver)).ok).toBe(true)
  })

  it('is given up when the scanner says "not yet" for ever', async () => {
    const { device, driver } = await bench()
    await device.command({ kind: 'break', fault: 'not-yet', times: 1000 })
    expect(await scan(driver)).toEqual({ ok: false, error: { kind: 'busy', code: 'page-503' } })
    expect(device.state().activity).toBe('idle')
  })
})

describe('what is no page', () => {
  it.each([
    ['truncated', { kind: 'bad-image', code: 'jpeg-cut-off' }],
    ['no-data', { kind: 'bad-image', code: 'empty' }],
    ['stub', { kind: 'bad-image', code: 'jpeg-cut-off' }],
  ] as const)('%s on the glass is refused', async (fault, error) => {
    const { device, driver } = await bench()
    await device.command({ kind: 'lay', page: 'lease' })
    await device.command({ kind: 'break', fault })
    expect(await scan(driver)).toEqual({ ok: false, error })
    await device.command({ kind: 'mend', fault })
    expect((await scan(driver)).ok).toBe(true)
  })
})

describe('the feeder', () => {
  it('delivers its sheets in order, then says that it is empty', async () => {
    const { device, driver } = await bench()
    await device.command({ kind: 'feed', pages: ['lease', 'property-certificate'] })
    for (const id of ['lease', 'property-certificate']) {
      const page = await scan(driver, 'feeder')
      expect(page.ok && Buffer.compare(page.value.bytes, jpegOf(id))).toBe(0)
    }
    expect(await scan(driver, 'feeder')).toEqual({ ok: false, error: { kind: 'feeder-empty' } })
    expect(device.state().activity).toBe('idle')
  })

  it('is not asked to draw when it says that it is empty', async () => {
    const { device, driver } = await bench()
    expect(await scan(driver, 'feeder')).toEqual({ ok: false, error: { kind: 'feeder-empty' } })
    expect(device.state()).toMatchObject({ scanned: 0, activity: 'idle' })
  })

  it('tells a jam, keeps telling it, and works again when it is cleared', async () => {
    const { device, driver, reach } = await bench()
    await device.command({ kind: 'feed', pages: ['lease'] })
    await device.command({ kind: 'break', fault: 'jam' })
    expect(await scan(driver, 'feeder')).toEqual({ ok: false, error: { kind: 'jam' } })
    await reach('jam')
    expect(await scan(driver, 'feeder')).toEqual({ ok: false, error: { kind: 'jam' } })
    await device.command({ kind: 'mend', fault: 'jam' })
    await reach('ready')
    expect((await scan(driver, 'feeder')).ok).toBe(true)
  })

  it('gives its job up when the citizen goes on with the glass', async () => {
    const { device, driver } = await bench()
    await device.command({ kind: 'feed', pages: ['lease', 'lease'] })
    expect((await scan(driver, 'feeder')).ok).toBe(true)
    expect(device.state().activity).toBe('scanning')
    expect((await scan(driver, 'platen')).ok).toBe(true)
    expect(device.state().activity).toBe('idle')
  })
})

describe('the feeder, all its sheets at once', () => {
  const batch = async (driver: DocumentScannerService, signal: AbortSignal = new AbortController().signal) => {
    const came: PageImage[] = []
    const ended = await driver.scanBatch((page) => came.push(page), () => undefined, signal)
    return { ended, came: came.map(({ bytes }) => pages.find(({ jpeg }) => Buffer.compare(jpeg, bytes) === 0)?.id) }
  }

  it.each(['absolute', 'relative', 'foreign-host'] as const)('gives them in order until it is empty (%s)', async (location) => {
    const { device, driver, reach } = await bench({ location })
    await device.command({ kind: 'feed', pages: ['lease', 'property-certificate', 'blank'] })
    expect(await batch(driver)).toEqual({ ended: { ok: true, value: { pages: 3 } }, came: ['lease', 'property-certificate', 'blank'] })
    expect(device.state()).toMatchObject({ inFeeder: [], activity: 'idle', scanned: 3 })
    await reach('ready')
    expect(await batch(driver)).toEqual({ ended: { ok: false, error: { kind: 'feeder-empty' } }, came: [] })
  })

  it('gives what came before a jam, and says that it jams', async () => {
    const { device, driver, reach } = await bench()
    await device.command({ kind: 'feed', pages: ['lease', 'property-certificate', 'lease'] })
    await device.command({ kind: 'break', fault: 'jam', after: 2 })
    expect(await batch(driver)).toEqual({ ended: { ok: false, error: { kind: 'jam' } }, came: ['lease', 'property-certificate'] })
    await reach('jam')
    await device.command({ kind: 'mend', fault: 'jam' })
    await reach('ready')
    expect((await batch(driver)).came).toEqual(['lease'])
  })

  it.each(['stub', 'truncated'] as const)('never counts a sheet that did not come whole (%s)', async (fault) => {
    const { device, driver } = await bench()
    await device.command({ kind: 'feed', pages: ['lease', 'lease'] })
    await device.command({ kind: 'break', fault })
    expect(await batch(driver)).toEqual({ ended: { ok: false, error: { kind: 'bad-image', code: 'jpeg-cut-off' } }, came: [] })
    expect(device.state().activity).toBe('idle')
  })

  it('goes on with the sheets behind one that was scanned alone', async () => {
    const { device, driver } = await bench()
    await device.command({ kind: 'feed', pages: ['lease', 'property-certificate'] })
    expect((await scan(driver, 'feeder')).ok).toBe(true)
    expect((await batch(driver)).came).toEqual(['property-certificate'])
  })

  it('stops between two sheets when the citizen cancels', async () => {
    const { device, driver } = await bench()
    await device.command({ kind: 'feed', pages: ['lease', 'lease', 'lease'] })
    const cancel = new AbortController()
    let came = 0
    const ended = await driver.scanBatch(() => {
      came++
      cancel.abort()
    }, () => undefined, cancel.signal)
    expect([ended, came]).toEqual([{ ok: false, error: { kind: 'cancelled' } }, 1])
    expect(device.state().activity).toBe('idle')
  })
})

describe('the line to the scanner', () => {
  it('may give every byte on its own time, in small pieces', async () => {
    const { device, driver } = await bench()
    await device.command({ kind: 'lay', page: 'lease' })
    await device.command({ kind: 'cable', split: { pieceBytes: 1_400, gapMs: 0 }, delayMs: 3 })
    const page = await scan(driver)
    expect(page.ok && Buffer.compare(page.value.bytes, jpegOf('lease'))).toBe(0)
  })

  it('cut in the middle of a picture loses that picture only', async () => {
    const { device, driver, reach } = await bench()
    await device.command({ kind: 'lay', page: 'lease' })
    await device.command({ kind: 'cable', unplugAfterBytes: 60_000, replugAfterMs: 50 })
    expect(await scan(driver)).toMatchObject({ ok: false, error: { kind: 'scanner-gone' } })
    await reach('ready')
    expect((await scan(driver)).ok).toBe(true)
  })

  it('that spoils bytes spoils no answer unnoticed, and the driver outlives the noise', async () => {
    const { device, driver, reach } = await bench({ seed: 7 })
    await device.command({ kind: 'lay', page: 'lease' })
    await device.command({ kind: 'cable', noise: true })
    expect((await scan(driver)).ok).toBe(false)
    await device.command({ kind: 'cable', clear: true })
    await reach('ready')
    expect((await scan(driver)).ok).toBe(true)
  })
})

describe('the scanner itself', () => {
  it('tells an open cover before any job', async () => {
    const { device, driver, reach } = await bench()
    await device.command({ kind: 'break', fault: 'cover-open' })
    await reach('cover-open')
    expect(await scan(driver)).toEqual({ ok: false, error: { kind: 'cover-open' } })
    await device.command({ kind: 'mend', fault: 'cover-open' })
    await reach('ready')
  })

  it('tells that it is busy with something else', async () => {
    const { device, driver, reach } = await bench()
    await device.command({ kind: 'break', fault: 'busy' })
    await reach('busy')
    expect(await scan(driver)).toMatchObject({ ok: false, error: { kind: 'busy' } })
  })

  it('is offline while unplugged, in the middle of a page too, and comes back by itself', async () => {
    const { device, driver, reach } = await bench({ slowPieceMs: 60_000 })
    await device.command({ kind: 'lay', page: 'lease' })
    await device.command({ kind: 'break', fault: 'slow' })
    const running = scan(driver, 'platen', (progress) => {
      if (progress.kind === 'receiving') void device.command({ kind: 'break', fault: 'unplugged' })
    })
    expect(await running).toMatchObject({ ok: false, error: { kind: 'scanner-gone' } })
    await reach('offline')
    expect(await scan(driver)).toMatchObject({ ok: false, error: { kind: 'scanner-gone', code: 'ECONNREFUSED' } })
    await device.command({ kind: 'mend', fault: 'slow' })
    await device.command({ kind: 'mend', fault: 'unplugged' })
    await reach('ready')
    expect((await scan(driver)).ok).toBe(true)
  })

  it('drops the page and ends the job when the citizen cancels', async () => {
    const { device, driver } = await bench({ slowPieceMs: 60_000 })
    await device.command({ kind: 'lay', page: 'lease' })
    await device.command({ kind: 'break', fault: 'slow' })
    const cancel = new AbortController()
    const running = scan(driver, 'platen', (progress) => {
      if (progress.kind === 'receiving') cancel.abort()
    }, cancel.signal)
    expect(await running).toEqual({ ok: false, error: { kind: 'cancelled' } })
    expect(device.state().activity).toBe('idle')
  })

  it('scans one page at a time', async () => {
    const { driver } = await bench()
    const first = scan(driver)
    expect(await scan(driver)).toEqual({ ok: false, error: { kind: 'busy', code: 'already-scanning' } })
    expect((await first).ok).toBe(true)
  })
})

it('refuses bench commands that name no page or fault', async () => {
  const { device } = await bench()
  expect(scannerCommandSchema.safeParse({ kind: 'break', fault: 'fire' }).success).toBe(false)
  await expect(device.command({ kind: 'lay', page: 'passport' } satisfies ScannerCommand)).rejects.toThrow('passport')
})
