import { afterEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../core/clock/clock.ts'
import type { ScanProgress } from '../../core/device/operations.ts'
import type { DeviceState } from '../../core/device/status.ts'
import { createDocumentScanner } from '../../drivers/document-scanner/service.ts'
import type { DocumentScannerService } from '../../drivers/device-host/contract.ts'
import { loadDemonstrationPages } from '../../sandbox/devices/scanner/pages.ts'
import type { ScannerCommand, VirtualScannerOptions } from '../../sandbox/devices/scanner/virtual-scanner.ts'
import { scannerCommandSchema, VirtualScanner } from '../../sandbox/devices/scanner/virtual-scanner.ts'

/** The driver against the virtual scanner over real HTTP; waits are a hundred times shorter than in a hall. */
const pages = loadDemonstrationPages()
const jpegOf = (id: string): Uint8Array => pages.find((page) => page.id === id)?.jpeg ?? new Uint8Array()
const SPEED = 100
/** Limits on silence stay as they are: real sockets and a real thread are under test. */
const SILENCE_LIMITS_MS = [3_000, 10_000, 20_000, 30_000]
const quickClock: Clock = { now: () => Date.now(), setTimeout: (fn, ms) => setTimeout(fn, SILENCE_LIMITS_MS.includes(ms) ? ms : ms / SPEED), clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout) }

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function bench(options: Partial<VirtualScannerOptions> = {}): Promise<{ device: VirtualScanner; driver: DocumentScannerService; events: string[]; reach: (state: DeviceState) => Promise<void> }> {
  const device = new VirtualScanner({ pages, slowPieceMs: 5, ...options })
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
