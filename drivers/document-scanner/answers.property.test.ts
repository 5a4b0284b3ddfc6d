/** Whatever a scanner, a worn line or a stranger in its place says: nothing throws, nothing hangs, and what is good is found. */
import fc from 'fast-check'
import { encode as encodePng } from 'fast-png'
import jpeg from 'jpeg-js'
import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import { jobIn, jobUrl, parseCapabilities, parseStatus, planScan, scanSettingsXml } from './escl.ts'
import { request } from './http.ts'
import { checkPage } from './page-check.ts'
import { parseOptions, planSane, progressIn, scanErrorOfExit } from './sane.ts'

const NAMES = 'xmlns:s="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:p="http://www.pwg.org/schemas/2010/12/sm"'
const CAPABILITIES = `<?xml version="1.0"?><s:ScannerCapabilities ${NAMES}><p:Version>2.63</p:Version><s:Platen><s:PlatenInputCaps><s:MaxWidth>2550</s:MaxWidth><s:MaxHeight>3508</s:MaxHeight><s:SettingProfiles><s:SettingProfile><s:ColorModes><s:ColorMode>RGB24</s:ColorMode></s:ColorModes><s:DocumentFormats><p:DocumentFormat>image/jpeg</p:DocumentFormat></s:DocumentFormats><s:SupportedResolutions><s:DiscreteResolutions><s:DiscreteResolution><s:XResolution>300</s:XResolution></s:DiscreteResolution></s:DiscreteResolutions></s:SupportedResolutions></s:SettingProfile></s:SettingProfiles></s:PlatenInputCaps></s:Platen></s:ScannerCapabilities>`
const STATUS = `<s:ScannerStatus ${NAMES}><p:State>Idle</p:State><s:AdfState>ScannerAdfLoaded</s:AdfState><s:Jobs><s:JobInfo><p:JobUri>/eSCL/ScanJobs/7</p:JobUri><p:JobState>Aborted</p:JobState><p:JobStateReasons><p:JobStateReason>MediaJam</p:JobStateReason></p:JobStateReasons></s:JobInfo></s:Jobs></s:ScannerStatus>`

/** A good text after accidents: pieces lost, doubled, moved and overwritten with anything. */
const spoiled = (good: string): fc.Arbitrary<string> =>
  fc.array(fc.record({ at: fc.nat(good.length), length: fc.nat(60), with: fc.oneof(fc.string({ maxLength: 40 }), fc.constantFrom('', '<', '>', '&', '</s:Jobs>', '<!DOCTYPE x>', '<![CDATA[', '&#x0;', '\u0000', '<a>'.repeat(200))) }), { minLength: 1, maxLength: 6 })
    .map((accidents) => accidents.reduce((text, { at, length, with: put }) => text.slice(0, at) + put + text.slice(at + length), good))

const anything = fc.oneof(fc.string({ maxLength: 500 }), fc.string({ unit: 'binary', maxLength: 500 }), spoiled(CAPABILITIES), spoiled(STATUS), fc.constantFrom('<a>'.repeat(100_000), '<'.repeat(1_000_001), `<s:ScannerStatus ${NAMES}>`))
const JOB = 'http://10.0.0.5:8080/eSCL/ScanJobs/7'

describe('answers in XML', () => {
  it('are read or refused, and never more', () => {
    fc.assert(fc.property(anything, (text) => {
      const status = parseStatus(text)
      if (status.ok) jobIn(status.value, JOB)
      const capabilities = parseCapabilities(text)
      if (!capabilities.ok) return
      for (const source of ['platen', 'feeder'] as const) {
        const plan = planScan(capabilities.value, source, 300)
        if (plan === undefined) continue
        expect(plan.width).toBeGreaterThan(0)
        expect(plan.width).toBeLessThanOrEqual(2480)
        expect(plan.height).toBeLessThanOrEqual(3508)
        expect(Number.isFinite(plan.dpi) && plan.dpi > 0).toBe(true)
        // Nothing that the scanner said can become an element of ours.
        expect(scanSettingsXml(plan).match(/</g)?.length).toBe(scanSettingsXml({ ...plan, version: '2.0' }).match(/</g)?.length)
      }
    }), { numRuns: 400 })
  })

  it('are read again right after anything else', () => {
    fc.assert(fc.property(anything, (text) => {
      parseStatus(text)
      expect(parseStatus(STATUS)).toMatchObject({ ok: true, value: { state: 'Idle', jobs: [{ state: 'Aborted', reasons: ['MediaJam'] }] } })
    }), { numRuns: 50 })
  })

  it('name a job at our own scanner or none', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.webPath()), (location) => {
      const url = jobUrl('http://10.0.0.5:8080/eSCL', location)
      if (url !== undefined) expect(new URL(url).origin).toBe('http://10.0.0.5:8080')
    }))
  })
})

describe('a body in pieces', () => {
  const cut = (bytes: Uint8Array, at: readonly number[]): Uint8Array[] => {
    const edges = [0, ...at.map((edge) => edge % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
    return edges.slice(1).map((end, index) => bytes.slice(edges[index], end))
  }
  const asked = (pieces: readonly Uint8Array[], largestBytes: number) => request(
    () => Promise.resolve(new Response(new ReadableStream({ start: (stream) => (pieces.forEach((piece) => stream.enqueue(piece)), stream.close()) }))),
    new SimulatedClock(), { method: 'GET', url: 'http://10.0.0.5/', silenceLimitMs: 1_000, largestBytes },
  )

  it('is the same whole, however it is cut', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), fc.array(fc.nat(), { maxLength: 30 }), async (bytes, at) => {
      const answer = await asked(cut(bytes, at), 2_000)
      expect(answer.ok && Buffer.compare(answer.value.body, bytes)).toBe(0)
    }), { numRuns: 100 })
  })

  it('that never ends is cut at its limit', async () => {
    let pulled = 0
    const answer = await request(
      () => Promise.resolve(new Response(new ReadableStream({ pull: (stream) => (pulled++, stream.enqueue(new Uint8Array(1_000))) }))),
      new SimulatedClock(), { method: 'GET', url: 'http://10.0.0.5/', silenceLimitMs: 1_000, largestBytes: 10_000 },
    )
    expect(answer).toEqual({ ok: false, error: { kind: 'too-large' } })
    expect(pulled).toBeLessThan(30)
  })
})

describe('a picture', () => {
  const pixels = { width: 40, height: 30, data: new Uint8Array(40 * 30 * 4).map((_, at) => (at * 37) % 256) }
  const JPEG = new Uint8Array(jpeg.encode(pixels, 80).data)
  const PNG = encodePng({ ...pixels, channels: 4, depth: 8 })

  it('is never made of arbitrary bytes, with or without the head of a true one', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(new Uint8Array(), JPEG.slice(0, 200), PNG.slice(0, 54)), (bytes, head) => {
      expect(checkPage(new Uint8Array([...head, ...bytes]), false).ok).toBe(false)
    }), { numRuns: 150 })
  })

  it('counts whole only: no beginning of it does', () => {
    expect([checkPage(JPEG, false).ok, checkPage(PNG, false).ok]).toEqual([true, true])
    fc.assert(fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.constantFrom(JPEG, PNG), (share, whole) => {
      expect(checkPage(whole.slice(0, Math.floor(whole.length * share)), false).ok).toBe(false)
    }), { numRuns: 150 })
  })

  it('without loss can be had as JPEG, the same size', () => {
    expect(checkPage(PNG, true)).toMatchObject({ ok: true, value: { mime: 'image/jpeg', widthPx: 40, heightPx: 30 } })
  })
})

describe('what scanimage says', () => {
  const lines = fc.array(fc.oneof(fc.string({ maxLength: 100 }), fc.string({ unit: 'binary', maxLength: 100 }).map((text) => text.replaceAll('\n', ' '))), { maxLength: 20 })

  it('gives its options whatever stands between them', () => {
    fc.assert(fc.property(lines, lines, (before, after) => {
      const noise = (texts: readonly string[]): string[] => texts.map((text) => `#${text.replaceAll(/[\r\n]/g, ' ')}`)
      const options = parseOptions([...noise(before), '    --mode Gray|Color [Gray]', ...noise(after), '    -x 0..215.9mm [0]', ''].join('\n'))
      expect(planSane(options, 'platen', 300)?.args).toEqual(['--mode', 'Color', '-x', '210'])
    }), { numRuns: 100 })
  })

  it('never throws, and puts nothing but numbers and names of its own list into what is asked', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ maxLength: 2_000 }), spoiled('    --mode Gray|Color [Gray]\n    --source ADF|Flatbed [ADF]\n    --resolution 75|300dpi [75]\n    -x 0..215mm [0]\n')), (text) => {
      const options = parseOptions(text)
      for (const source of ['platen', 'feeder'] as const) {
        const plan = planSane(options, source, 300)
        for (const [index, value] of (plan?.args ?? []).entries()) {
          if (index % 2 === 0) expect(['--source', '--mode', '--resolution', '-l', '-t', '-x', '-y']).toContain(value)
          else expect(text.includes(value) || Number.isFinite(Number(value))).toBe(true)
        }
      }
      const percent = progressIn(text)
      if (percent !== undefined) expect(percent >= 0 && percent <= 100).toBe(true)
    }), { numRuns: 300 })
  })

  it('ends with a code that is always one of our errors, and its words are never passed on', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 255 }), fc.string(), (code, words) => {
      const error = scanErrorOfExit(code, words)
      expect(['cancelled', 'scanner-gone', 'busy', 'feeder-empty', 'jam', 'cover-open', 'bad-image', 'fault']).toContain(error.kind)
      if ('code' in error) expect(error.code).toMatch(/^(?:sane-\w+(?:-busy)?|no-file)$/)
    }))
  })
})
