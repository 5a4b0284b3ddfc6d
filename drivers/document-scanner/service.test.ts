import jpeg from 'jpeg-js'
import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { ScanProgress } from '../../core/device/operations.ts'
import type { Fetch } from './http.ts'
import { inlinePageChecker } from './page-checker.ts'
import { createDocumentScanner } from './service.ts'

/** The driver on a clock that the test moves, with a scanner that says what the test wants. */
const SCAN = 'http://schemas.hp.com/imaging/escl/2011/05/03'
const PWG = 'http://www.pwg.org/schemas/2010/12/sm'
const CAPABILITIES = `<c:ScannerCapabilities xmlns:c="${SCAN}" xmlns:w="${PWG}"><w:Version>2.0</w:Version><c:Platen><c:PlatenInputCaps><c:MaxWidth>2480</c:MaxWidth><c:MaxHeight>3508</c:MaxHeight></c:PlatenInputCaps></c:Platen><c:Adf><c:AdfSimplexInputCaps/></c:Adf></c:ScannerCapabilities>`
const statusXml = (state = 'Idle', adf = 'ScannerAdfLoaded', jobState = 'Completed', reason = ''): string =>
  `<c:ScannerStatus xmlns:c="${SCAN}" xmlns:w="${PWG}"><w:State>${state}</w:State><c:AdfState>${adf}</c:AdfState><c:Jobs><c:JobInfo><w:JobUri>/eSCL/ScanJobs/7</w:JobUri><w:JobState>${jobState}</w:JobState><w:JobStateReasons><w:JobStateReason>${reason}</w:JobStateReason></w:JobStateReasons></c:JobInfo></c:Jobs></c:ScannerStatus>`
const PICTURE = new Uint8Array(jpeg.encode({ width: 124, height: 175, data: Buffer.alloc(124 * 175 * 4, 200) }, 80).data)

type Reply = () => Response | Promise<Response>
const never: Reply = () => new Promise<Response>(() => undefined)
const xml = (text: string): Reply => () => new Response(text, { status: 200 })
const status = (code: number): Reply => () => new Response(null, { status: code })
const picture: Reply = () => new Response(PICTURE, { status: 200 })
const made: Reply = () => new Response(null, { status: 201, headers: { LOCATION: 'http://elsewhere.invalid/eSCL/ScanJobs/7' } })
const refused: Reply = () => Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } }))

interface Script {
  status: Reply
  capabilities: Reply
  job: Reply
  page: Reply[]
}

function setUp(changes: Partial<Script> = {}) {
  const clock = new SimulatedClock()
  const asked: string[] = []
  const script: Script = { status: xml(statusXml()), capabilities: xml(CAPABILITIES), job: made, page: [picture], ...changes }
  const fetch: Fetch = (url, { method }) => {
    asked.push(`${method} ${url.replace('http://10.0.0.5:8080/eSCL', '')}`)
    if (method === 'DELETE') return Promise.resolve(new Response(null, { status: 200 }))
    if (method === 'POST') return Promise.resolve(script.job())
    if (url.endsWith('/ScannerStatus')) return Promise.resolve(script.status())
    if (url.endsWith('/ScannerCapabilities')) return Promise.resolve(script.capabilities())
    return Promise.resolve((script.page.length > 1 ? script.page.shift() : script.page[0])?.() ?? status(404)())
  }
  const driver = createDocumentScanner({ id: 'scanner', class: 'document-scanner', address: { kind: 'escl', url: 'http://10.0.0.5:8080/eSCL/' }, dpi: 300, feeder: true }, { clock, fetch, openChecker: inlinePageChecker, log: () => undefined })
  const progress: ScanProgress[] = []
  const scan = (source: 'platen' | 'feeder' = 'platen', signal: AbortSignal = new AbortController().signal) => driver.scanPage({ source }, (step) => progress.push(step), signal)
  /** Moves time; streams of the platform settle between turns of the event loop. */
  const pass = async (ms: number): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
    await clock.advance(ms)
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
  return { clock, asked, script, driver, scan, progress, pass }
}

async function settled<T>(result: Promise<T>, pass: (ms: number) => Promise<void>, limitMs = 300_000): Promise<T> {
  let done = false
  void result.finally(() => (done = true))
  for (let at = 0; !done && at < limitMs; at += 100) await pass(100)
  if (!done) throw new Error(`still waiting after ${limitMs} ms`)
  return result
}

describe('the state of the scanner', () => {
  it('is asked every one and a half seconds while idle, and told when it changes', async () => {
    const { driver, script, asked, pass } = setUp()
    const told: string[] = []
    driver.onStatus(({ state }) => told.push(state))
    expect(driver.status().state).toBe('starting')
    driver.start()
    await pass(0)
    expect(driver.status().state).toBe('ready')
    const before = asked.length
    await pass(1_499)
    expect(asked.length).toBe(before)
    script.status = xml(statusXml('Idle', 'ScannerAdfJam'))
    await pass(1)
    expect(driver.status()).toMatchObject({ state: 'jam', code: 'ScannerAdfJam' })
    script.status = xml(statusXml('Stopped', 'ScannerAdfHatchOpen'))
    await pass(2_000)
    script.status = xml(statusXml('Down'))
    await pass(2_000)
    expect(driver.status()).toMatchObject({ state: 'fault', code: 'scanner-down' })
    script.status = xml('<html>Welcome</html>')
    await pass(2_000)
    expect(driver.status()).toMatchObject({ state: 'fault', code: 'status-not-escl' })
    expect(told).toEqual(['ready', 'jam', 'cover-open', 'fault', 'fault'])
  })

  it('is offline at once when the connection is refused, and looked for ever more rarely', async () => {
    const { driver, script, asked, pass } = setUp({ status: refused })
    driver.start()
    await pass(0)
    expect(driver.status()).toMatchObject({ state: 'offline', code: 'ECONNREFUSED' })
    const looks: number[] = []
    for (let second = 1; second <= 45; second++) {
      const before = asked.length
      await pass(1_000)
      if (asked.length > before) looks.push(second)
    }
    expect(looks).toEqual([2, 6, 14, 29, 44])
    script.status = xml(statusXml())
    await pass(15_000)
    expect(driver.status().state).toBe('ready')
  })

  it('forgives one silence, not two', async () => {
    const { driver, script, pass } = setUp()
    driver.start()
    await pass(0)
    script.status = never
    await pass(2_000)
    await pass(3_000)
    expect(driver.status().state).toBe('ready')
    await pass(2_000)
    await pass(3_000)
    expect(driver.status()).toMatchObject({ state: 'offline', code: 'silent' })
  })

  it('leaves no timer behind when it is stopped', async () => {
    const { clock, driver, pass } = setUp()
    driver.start()
    await pass(100)
    await driver.stop()
    expect(clock.pending).toBe(0)
  })
})

describe('a page', () => {
  it('is asked for at our own host, whole, and at its true resolution', async () => {
    const { scan, asked, pass, progress } = setUp()
    const page = await settled(scan(), pass)
    // 124 pixels across 2480/300 inch are 15 dpi, whatever was asked.
    expect(page).toMatchObject({ ok: true, value: { mime: 'image/jpeg', widthPx: 124, heightPx: 175, dpi: 15 } })
    expect(asked).toEqual(['GET /ScannerStatus', 'GET /ScannerCapabilities', 'POST /ScanJobs', 'GET /ScanJobs/7/NextDocument', 'GET /ScannerStatus'])
    expect(progress.map(({ kind }) => kind).slice(0, 3)).toEqual(['starting', 'scanning', 'receiving'])
  })

  it.each([['the job Aborted', 'Aborted'], ['the job still open', 'Processing']])('with %s is judged by the job too', async (_, jobState) => {
    const { scan, asked, pass, script } = setUp()
    const running = scan()
    await pass(0)
    script.status = xml(statusXml('Idle', 'ScannerAdfEmpty', jobState))
    const page = await settled(running, pass)
    if (jobState === 'Aborted') expect(page).toEqual({ ok: false, error: { kind: 'bad-image', code: 'job-aborted' } })
    else expect(page.ok).toBe(true)
    expect(asked).toContain('DELETE /ScanJobs/7')
  })

  it('is asked for again after 503, up to a limit', async () => {
    const patient = setUp({ page: [...Array.from({ length: 30 }, () => status(503)), picture] })
    expect((await settled(patient.scan(), patient.pass)).ok).toBe(true)
    const endless = setUp({ page: [status(503)] })
    expect(await settled(endless.scan(), endless.pass)).toEqual({ ok: false, error: { kind: 'busy', code: 'page-503' } })
    expect(endless.asked.filter((line) => line.endsWith('NextDocument')).length).toBe(31)
    expect(endless.asked.at(-1)).toBe('DELETE /ScanJobs/7')
  })

  it('that never comes ends after half a minute of silence', async () => {
    const { clock, scan, pass, asked } = setUp({ page: [never] })
    const began = clock.now()
    expect(await settled(scan(), pass)).toEqual({ ok: false, error: { kind: 'scanner-gone', code: 'silent' } })
    expect(clock.now() - began).toBeGreaterThanOrEqual(30_000)
    expect(clock.now() - began).toBeLessThan(31_000)
    expect(asked.at(-1)).toBe('DELETE /ScanJobs/7')
  })

  it.each([
    ['no bytes', new Uint8Array(), 'empty'],
    ['a cut-off picture', PICTURE.slice(0, PICTURE.length - 200), 'jpeg-cut-off'],
    ['something else', new TextEncoder().encode('<html>'), 'format'],
    // Begins and ends like a picture; only decoding shows that it is none.
    ['a picture with a hole', new Uint8Array([...PICTURE.slice(0, PICTURE.length - 100), 0xff, 0xd9]), 'jpeg'],
  ])('of %s is refused', async (_, bytes, code) => {
    const { scan, pass } = setUp({ page: [() => new Response(bytes, { status: 200 })] })
    expect(await settled(scan(), pass)).toEqual({ ok: false, error: { kind: 'bad-image', code } })
  })

  it.each([['MediaJam', 'ScannerAdfLoaded', 'jam'], ['CoverOpen', 'ScannerAdfLoaded', 'cover-open'], ['', 'ScannerAdfJam', 'jam'], ['AbortedBySystem', 'ScannerAdfLoaded', 'jam']])('of no bytes from the feeder, job Aborted (%s, %s), means %s', async (reason, adf, kind) => {
    const { scan, pass, script } = setUp({ page: [() => new Response(new Uint8Array(), { status: 200 })] })
    const running = scan('feeder')
    await pass(0)
    script.status = xml(statusXml('Idle', adf, 'Aborted', reason))
    expect(await settled(running, pass)).toEqual({ ok: false, error: { kind } })
  })
})

describe('what stands in the way', () => {
  it.each([['ScannerAdfEmpty', 'feeder-empty'], ['ScannerAdfJam', 'jam'], ['ScannerAdfHatchOpen', 'cover-open']])('feeder %s is told before any job', async (adf, kind) => {
    const { scan, pass, asked } = setUp({ status: xml(statusXml('Idle', adf)) })
    expect(await settled(scan('feeder'), pass)).toEqual({ ok: false, error: { kind } })
    expect(asked).not.toContain('POST /ScanJobs')
  })
  it.each([404, 409])('a feeder that says loaded and then %s is empty', async (code) => {
    const { scan, pass } = setUp({ page: [status(code)] })
    expect(await settled(scan('feeder'), pass)).toEqual({ ok: false, error: { kind: 'feeder-empty' } })
  })
  it('a scanner that refuses the job three times is busy', async () => {
    const { scan, pass, asked } = setUp({ job: status(503) })
    expect(await settled(scan(), pass)).toEqual({ ok: false, error: { kind: 'busy', code: 'job-503' } })
    expect(asked.filter((line) => line.startsWith('POST')).length).toBe(3)
  })
  it('a scanner that is not there is gone', async () => {
    const { scan, pass } = setUp({ status: refused })
    expect(await settled(scan(), pass)).toEqual({ ok: false, error: { kind: 'scanner-gone', code: 'ECONNREFUSED' } })
  })
  it('a job without an address is a fault', async () => {
    const { scan, pass } = setUp({ job: status(201) })
    expect(await settled(scan(), pass)).toEqual({ ok: false, error: { kind: 'fault', code: 'job-without-location' } })
  })
})

it('a feeder job that nobody goes on with is ended after a minute', async () => {
  const { scan, pass, asked } = setUp({ status: xml(statusXml('Idle', 'ScannerAdfLoaded', 'Processing')) })
  expect((await settled(scan('feeder'), pass)).ok).toBe(true)
  await pass(59_000)
  expect(asked).not.toContain('DELETE /ScanJobs/7')
  await pass(1_000)
  expect(asked).toContain('DELETE /ScanJobs/7')
})

it('cancelling ends the job at the scanner', async () => {
  const { clock, scan, pass, asked } = setUp({ page: [never] })
  const cancel = new AbortController()
  const running = scan('platen', cancel.signal)
  await pass(1_000)
  await pass(1_000)
  cancel.abort()
  expect(await settled(running, pass)).toEqual({ ok: false, error: { kind: 'cancelled' } })
  expect(asked.at(-1)).toBe('DELETE /ScanJobs/7')
  expect(clock.pending).toBe(0)
})
