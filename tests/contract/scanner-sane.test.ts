import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Clock } from '../../core/clock/clock.ts'
import { decodePicture } from '../../core/document/decode-picture.ts'
import type { PageImage, ScanProgress } from '../../core/device/operations.ts'
import type { DeviceState } from '../../core/device/status.ts'
import type { DocumentScannerService } from '../../drivers/device-host/contract.ts'
import { CLEARING_LIMIT_MS, STOP_LIMIT_MS } from '../../drivers/document-scanner/program-run.ts'
import { startProgram } from '../../drivers/document-scanner/program.ts'
import { SANE_POLL_MS } from '../../drivers/document-scanner/sane-link.ts'
import { createDocumentScanner } from '../../drivers/document-scanner/service.ts'

/** The driver against the real `scanimage` with SANE's own test scanner: no driver but `test` is loaded, nothing is searched for. */
const found = spawnSync('scanimage', ['--version'], { encoding: 'utf8' })
const testDriver = ['/etc/sane.d/test.conf', '/usr/local/etc/sane.d/test.conf'].find((file) => existsSync(file))
const absent = found.error !== undefined ? 'the program scanimage (package sane-utils) is not installed' : testDriver === undefined ? 'the test driver of SANE (package libsane1) is not installed' : undefined
const WHEN = absent === undefined ? '' : ` — skipped: ${absent}`

/**
 * Real programs take the time that they take, and now and then one hangs: the test scanner ends the thread that it reads in
 * wherever that stands, and when it stood in the allocator `scanimage` tells its end and never comes to it. The driver ends
 * it within its own limits, and the result is the same.
 */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

/** Waits of the driver between tries are a hundred times shorter than in a hall; limits on silence stay as they are. */
const SHORTENED_MS = [2_000, 30_000]
const shortened = (...alsoMs: readonly number[]): Clock => ({
  now: () => Date.now(),
  setTimeout: (fn, ms) => setTimeout(fn, [...SHORTENED_MS, ...alsoMs].includes(ms) ? ms / 100 : ms === CLEARING_LIMIT_MS ? ms / 5 : ms),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
})
const quickClock = shortened()

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

interface Bench {
  readonly driver: DocumentScannerService
  readonly pages: string
  readonly events: string[]
  /** What was sent to the program, in order. */
  readonly signals: string[]
  readonly reach: (state: DeviceState) => Promise<void>
  /** Options that the test scanner gets besides ours, or another way to behave. */
  readonly behave: (extra: string) => void
  /** A scan says this, and then neither ends nor heeds SIGINT. */
  readonly hangAfter: (words: string) => void
  readonly plug: (here: boolean) => void
}

async function bench(extra = '', clock: Clock = quickClock): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'sane-test-'))
  const pages = join(folder, 'pages')
  mkdirSync(pages)
  writeFileSync(join(folder, 'dll.conf'), 'test\n')
  writeFileSync(join(folder, 'test.conf'), readFileSync(testDriver ?? '', 'utf8').replace(/^number_of_devices.*$/m, 'number_of_devices 1'))
  const program = join(folder, 'scanimage')
  const scanWith = (command: string): void => writeFileSync(program, `#!/bin/sh\ncase "$*" in *-A|'-f %d%n') exec scanimage "$@";; esac\n${command}\n`, { mode: 0o755 })
  const behave = (options: string): void => scanWith(`exec scanimage "$@" ${options}`)
  /** The test scanner cannot be pulled out: another one, that is not there, is asked in its place. */
  const plug = (here: boolean): void => {
    if (here) behave(extra)
    else writeFileSync(program, '#!/bin/sh\ncase "$*" in \'-f %d%n\') exit 0;; esac\nexec scanimage "$@" -d nowhere:0\n', { mode: 0o755 })
  }
  const hangAfter = (words: string): void => scanWith(`trap '' INT; echo '${words}' >&2; exec tail -f /dev/null`)
  behave(extra)
  const events: string[] = []
  const signals: string[] = []
  const driver = createDocumentScanner(
    { id: 'scanner', class: 'document-scanner', address: { kind: 'sane', device: 'test:0', configFolder: folder, program }, dpi: 200, feeder: true },
    {
      clock, log: (event, fields) => events.push(`${event} ${JSON.stringify(fields)}`), pageFolder: pages,
      startProgram: (...how) => {
        const program = startProgram(...how)
        return { ...program, kill: (signal) => (signals.push(signal), program.kill(signal)) }
      },
    },
  )
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }), () => driver.stop())
  const reach = (state: DeviceState): Promise<void> => new Promise((resolve) => {
    if (driver.status().state === state) return resolve()
    const off = driver.onStatus((status) => {
      if (status.state !== state) return
      off()
      resolve()
    })
  })
  driver.start()
  await reach('ready')
  return { driver, pages, events, signals, reach, behave, hangAfter, plug }
}

const never = new AbortController().signal
const scan = (driver: DocumentScannerService, source: 'platen' | 'feeder' = 'platen', onProgress: (progress: ScanProgress) => void = () => undefined, signal: AbortSignal = never) => driver.scanPage({ source }, onProgress, signal)
/** The test scanner takes its time over each piece, so that there is a middle to do something in. */
const SLOWLY = '--read-limit=yes --read-limit-size 20000 --read-delay=yes --read-delay-duration 200000'

describe.skipIf(absent !== undefined)(`a page through scanimage${WHEN}`, () => {
  it('arrives whole, in colour, at the resolution that was asked, and leaves no file behind', async () => {
    const { driver, pages } = await bench('--test-picture Grid')
    const progress: ScanProgress[] = []
    const page = await scan(driver, 'platen', (step) => progress.push(step))
    // The test scanner's glass is 200 mm square.
    expect(page).toMatchObject({ ok: true, value: { mime: 'image/jpeg', widthPx: 1574, heightPx: 1574, dpi: 200 } })
    expect(page.ok && decodePicture(page.value)).toMatchObject({ ok: true, value: { width: 1574, height: 1574 } })
    expect(progress[0]).toEqual({ kind: 'starting' })
    expect(progress.some((step) => step.kind === 'scanning' && step.percent !== undefined && step.percent > 0)).toBe(true)
    expect(readdirSync(pages)).toEqual([])
  })

  it('lies in a folder that only we can enter while it is scanned', async () => {
    const { driver, pages } = await bench(SLOWLY)
    const cancel = new AbortController()
    const modes: number[] = []
    await scan(driver, 'platen', (step) => {
      if (step.kind !== 'scanning' || step.percent === undefined || cancel.signal.aborted) return
      for (const name of readdirSync(pages)) modes.push(statSync(join(pages, name)).mode & 0o777)
      cancel.abort()
    }, cancel.signal)
    expect(modes).toEqual([0o700])
    expect(readdirSync(pages)).toEqual([])
  })

  it('comes from the feeder too', async () => {
    const { driver } = await bench()
    expect(await scan(driver, 'feeder')).toMatchObject({ ok: true, value: { dpi: 200 } })
  })
})

describe.skipIf(absent !== undefined)(`what scanimage ends with${WHEN}`, () => {
  it.each([
    ['SANE_STATUS_JAMMED', { kind: 'jam' }],
    ['SANE_STATUS_NO_DOCS', { kind: 'feeder-empty' }],
    ['SANE_STATUS_COVER_OPEN', { kind: 'cover-open' }],
    ['SANE_STATUS_IO_ERROR', { kind: 'fault', code: 'sane-9' }],
    ['SANE_STATUS_DEVICE_BUSY', { kind: 'busy', code: 'sane-3' }],
    ['SANE_STATUS_NO_MEM', { kind: 'fault', code: 'sane-10' }],
    ['SANE_STATUS_ACCESS_DENIED', { kind: 'fault', code: 'sane-11' }],
    ['SANE_STATUS_CANCELLED', { kind: 'cancelled' }],
    ['SANE_STATUS_INVAL', { kind: 'fault', code: 'sane-4' }],
    ['SANE_STATUS_UNSUPPORTED', { kind: 'fault', code: 'sane-1' }],
    // Its PNG writer falls over, and leaves a stub behind.
    ['SANE_STATUS_EOF', { kind: 'fault', code: 'sane-9' }],
  ])('%s is told as %o, with no page and no file', async (status, error) => {
    const { driver, pages } = await bench(`--read-return-value ${status}`)
    expect(await scan(driver, 'feeder')).toEqual({ ok: false, error })
    expect(readdirSync(pages)).toEqual([])
  })

  it.each([['SANE_STATUS_JAMMED', 'jam'], ['SANE_STATUS_COVER_OPEN', 'cover-open']] as const)('%s shows in the state of the scanner, which is ready again after a page', async (status, state) => {
    const { driver, behave, reach } = await bench(`--read-return-value ${status}`)
    await scan(driver, 'feeder')
    await reach(state)
    behave('')
    expect((await scan(driver)).ok).toBe(true)
    await reach('ready')
  })
})

describe.skipIf(absent !== undefined)(`a scanimage that hangs after its last word${WHEN}`, () => {
  it.each([['Scanner cover is open', { kind: 'cover-open' }], ['Document feeder jammed', { kind: 'jam' }]])('is ended, and "%s" is believed', async (words, error) => {
    const { driver, pages, signals, reach, behave, hangAfter } = await bench('', shortened(CLEARING_LIMIT_MS, STOP_LIMIT_MS))
    hangAfter(`scanimage: sane_read: ${words}`)
    expect(await scan(driver)).toEqual({ ok: false, error })
    expect(signals).toEqual(['SIGINT', 'SIGKILL'])
    expect(readdirSync(pages)).toEqual([])
    behave('')
    await reach('ready')
    expect((await scan(driver)).ok).toBe(true)
  })
})

describe.skipIf(absent !== undefined)(`the feeder through scanimage${WHEN}`, () => {
  const batch = async (driver: DocumentScannerService, pages: PageImage[], signal: AbortSignal = never) => driver.scanBatch((page) => pages.push(page), () => undefined, signal)

  it('gives its ten sheets, each whole', async () => {
    const { driver, pages } = await bench('--test-picture Grid')
    const came: PageImage[] = []
    expect(await batch(driver, came)).toEqual({ ok: true, value: { pages: 10 } })
    expect(came.map((page) => decodePicture(page).ok)).toEqual(Array(10).fill(true))
    expect(readdirSync(pages)).toEqual([])
  })

  it.each([
    // It says "1 page scanned" and ends with 0, and there is no file.
    ['SANE_STATUS_NO_DOCS', { kind: 'feeder-empty' }],
    // It says "1 page scanned" as well.
    ['SANE_STATUS_JAMMED', { kind: 'jam' }],
    ['SANE_STATUS_COVER_OPEN', { kind: 'cover-open' }],
    ['SANE_STATUS_EOF', { kind: 'fault', code: 'sane-9' }],
  ])('is not believed when it speaks of pages that are not there (%s)', async (status, error) => {
    const { driver, pages } = await bench(`--read-return-value ${status}`)
    const came: PageImage[] = []
    expect(await batch(driver, came)).toEqual({ ok: false, error })
    expect(came).toEqual([])
    expect(readdirSync(pages)).toEqual([])
  })

  it('keeps what came whole when the citizen stops it', async () => {
    const { driver, pages, reach } = await bench('--read-limit=yes --read-limit-size 60000 --read-delay=yes --read-delay-duration 8000')
    const cancel = new AbortController()
    const came: PageImage[] = []
    const ended = await driver.scanBatch((page) => {
      came.push(page)
      if (came.length === 2) cancel.abort()
    }, () => undefined, cancel.signal)
    expect(ended).toEqual({ ok: false, error: { kind: 'cancelled' } })
    expect(came.length).toBe(2)
    expect(readdirSync(pages)).toEqual([])
    await reach('ready')
  })
})

describe.skipIf(absent !== undefined)(`the scanner behind scanimage${WHEN}`, () => {
  it('is let go when the citizen cancels, and scans again', async () => {
    const { driver, pages, signals, behave } = await bench(SLOWLY)
    const cancel = new AbortController()
    const ended = await scan(driver, 'platen', (step) => {
      if (step.kind === 'scanning' && step.percent !== undefined) cancel.abort()
    }, cancel.signal)
    expect(ended).toEqual({ ok: false, error: { kind: 'cancelled' } })
    // The mild way first; the harder one only where `scanimage` hangs in its end.
    expect([['SIGINT'], ['SIGINT', 'SIGKILL']]).toContainEqual(signals)
    expect(readdirSync(pages)).toEqual([])
    behave('')
    expect((await scan(driver)).ok).toBe(true)
  })

  it('is offline while it is not there, and comes back by itself', async () => {
    const { driver, plug, reach } = await bench('', shortened(SANE_POLL_MS))
    plug(false)
    await reach('offline')
    expect(await scan(driver)).toMatchObject({ ok: false, error: { kind: 'scanner-gone', code: 'sane-open' } })
    plug(true)
    await reach('ready')
    expect((await scan(driver)).ok).toBe(true)
  })

  it('stops in the middle of a page without leaving a program or a file', async () => {
    const { driver, pages } = await bench(SLOWLY)
    let writer = 0
    const running = scan(driver, 'platen', (step) => {
      if (step.kind !== 'scanning' || step.percent === undefined || writer > 0) return
      writer = Number(readFileSync(join(pages, readdirSync(pages)[0] ?? '', 'writer'), 'utf8'))
      void driver.stop()
    })
    expect(await running).toEqual({ ok: false, error: { kind: 'cancelled' } })
    expect(() => process.kill(writer, 0)).toThrow()
    expect(readdirSync(pages)).toEqual([])
  })

  it('ends and wipes what a crashed device host left behind', async () => {
    const first = await bench()
    await first.driver.stop()
    const dead = spawnSync('true').pid
    const folder = join(first.pages, `kiosk-scan-${dead}-aBcD12`)
    mkdirSync(folder, { mode: 0o700 })
    writeFileSync(join(folder, 'page.png'), 'somebody’s certificate')
    const writer = spawn('sh', ['-c', 'read forever', folder], { stdio: ['pipe', 'ignore', 'ignore'] })
    const gone = new Promise((resolve) => writer.once('exit', (_, signal) => resolve(signal)))
    writeFileSync(join(folder, 'writer'), String(writer.pid))
    const living = join(first.pages, `kiosk-scan-${process.ppid}-zYxW98`)
    mkdirSync(living)

    const again = createDocumentScanner(
      { id: 'scanner', class: 'document-scanner', address: { kind: 'sane', device: 'test:0', program: 'scanimage' }, dpi: 200, feeder: true },
      { clock: quickClock, log: (event, fields) => first.events.push(`${event} ${JSON.stringify(fields)}`), pageFolder: first.pages },
    )
    cleanups.push(() => again.stop())
    again.start()
    expect(await gone).toBe('SIGKILL')
    await new Promise<void>((resolve) => {
      const off = again.onStatus(() => (off(), resolve()))
    })
    // A folder of a process that lives is not ours to remove.
    expect(readdirSync(first.pages)).toEqual([`kiosk-scan-${process.ppid}-zYxW98`])
    expect(first.events.join()).toContain('scan-leftovers-removed {"count":1}')
  })

  it('is told as a fault when the program is not installed', async () => {
    const driver = createDocumentScanner(
      { id: 'scanner', class: 'document-scanner', address: { kind: 'sane', device: 'test:0', program: '/nowhere/scanimage' }, dpi: 300, feeder: true },
      { clock: quickClock, log: () => undefined },
    )
    cleanups.push(() => driver.stop())
    const told = new Promise((resolve) => driver.onStatus(resolve))
    driver.start()
    expect(await told).toMatchObject({ state: 'fault', code: 'scanimage-missing' })
    expect(await scan(driver)).toEqual({ ok: false, error: { kind: 'fault', code: 'scanimage-missing' } })
  })
})
