import { describe, expect, it } from 'vitest'
import { jobIn, jobUrl, parseCapabilities, parseStatus, planScan, scanSettingsXml } from './escl.ts'

const NAMESPACES = (scan: string, pwg: string): string => `xmlns:${scan}="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:${pwg}="http://www.pwg.org/schemas/2010/12/sm"`

const profile = (s: string, p: string, dpis: readonly number[], formats: readonly string[]): string =>
  `<${s}:SettingProfiles><${s}:SettingProfile><${s}:ColorModes><${s}:ColorMode>Grayscale8</${s}:ColorMode><${s}:ColorMode>RGB24</${s}:ColorMode></${s}:ColorModes><${s}:DocumentFormats>${formats.map((format) => `<${p}:DocumentFormat>${format}</${p}:DocumentFormat>`).join('')}</${s}:DocumentFormats><${s}:SupportedResolutions><${s}:DiscreteResolutions>${dpis.map((dpi) => `<${s}:DiscreteResolution><${s}:XResolution>${dpi}</${s}:XResolution><${s}:YResolution>${dpi}</${s}:YResolution></${s}:DiscreteResolution>`).join('')}</${s}:DiscreteResolutions></${s}:SupportedResolutions></${s}:SettingProfile></${s}:SettingProfiles>`

const capabilities = (s: string, p: string, dpis: readonly number[] = [600, 75, 200, 300], formats = ['application/pdf', 'image/jpeg']): string =>
  `<?xml version="1.0"?><${s}:ScannerCapabilities ${NAMESPACES(s, p)}><${p}:Version>2.6</${p}:Version><${p}:MakeAndModel>A &amp; B</${p}:MakeAndModel><${s}:Platen><${s}:PlatenInputCaps><${s}:MaxWidth>2400</${s}:MaxWidth><${s}:MaxHeight>9999</${s}:MaxHeight>${profile(s, p, dpis, formats)}</${s}:PlatenInputCaps></${s}:Platen></${s}:ScannerCapabilities>`

function planFor(dpi: number, dpis?: readonly number[], formats?: string[]) {
  const parsed = parseCapabilities(capabilities('scan', 'pwg', dpis, formats))
  if (!parsed.ok) throw new Error('not eSCL')
  return planScan(parsed.value, 'platen', dpi)
}

describe('what the scanner says', () => {
  it.each([['scan', 'pwg'], ['a', 'b']])('is matched by namespace, whatever the prefixes (%s, %s)', (scan, pwg) => {
    expect(parseCapabilities(capabilities(scan, pwg))).toMatchObject({ ok: true, value: { version: '2.6', model: 'A & B', platen: { resolutions: [75, 200, 300, 600], maxWidth: 2400, colorModes: ['Grayscale8', 'RGB24'] }, feeder: undefined } })
  })
  it('with the right prefixes and wrong namespaces is not eSCL', () => {
    expect(parseCapabilities(capabilities('scan', 'pwg').replaceAll('schemas.hp.com', 'example.invalid'))).toEqual({ ok: false, error: 'not-escl' })
  })
  it.each(['', 'hello', '<html></html>', '<a', '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "e">]><x>&e;</x>'])('%j is not eSCL', (xml) => {
    expect(parseStatus(xml)).toEqual({ ok: false, error: 'not-escl' })
    expect(parseCapabilities(xml)).toEqual({ ok: false, error: 'not-escl' })
  })
  it('has a state, a feeder state and jobs', () => {
    const status = parseStatus(`<s:ScannerStatus ${NAMESPACES('s', 'p')}><p:State>Idle</p:State><s:AdfState>ScannerAdfEmpty</s:AdfState><s:Jobs><s:JobInfo><p:JobUri>http://other.invalid/eSCL/ScanJobs/AB/</p:JobUri><p:JobState>Aborted</p:JobState><p:JobStateReasons><p:JobStateReason>MediaJam</p:JobStateReason></p:JobStateReasons></s:JobInfo></s:Jobs></s:ScannerStatus>`)
    expect(status).toMatchObject({ ok: true, value: { state: 'Idle', adf: 'ScannerAdfEmpty', jobs: [{ state: 'Aborted', reasons: ['MediaJam'] }] } })
    expect(status.ok && jobIn(status.value, 'http://127.0.0.1:80/eSCL/ScanJobs/ab')?.state).toBe('Aborted')
    expect(status.ok && jobIn(status.value, 'http://127.0.0.1:80/eSCL/ScanJobs/b')).toBeUndefined()
  })
})

describe('what is asked', () => {
  it('is A4 within the glass, in colour, at the wanted resolution or the next above', () => {
    expect(planFor(300)).toMatchObject({ dpi: 300, width: 2400, height: 3508, colorMode: 'RGB24', mime: 'image/jpeg' })
    expect(planFor(300, [150, 400])?.dpi).toBe(400)
    expect(planFor(300, [75, 200])?.dpi).toBe(200)
  })
  it('is nothing when we can decode none of the formats, or the source is not there', () => {
    expect(planFor(300, [300], ['application/pdf'])).toBeUndefined()
    const parsed = parseCapabilities(capabilities('s', 'p'))
    expect(parsed.ok && planScan(parsed.value, 'feeder', 300)).toBeUndefined()
  })
  it('names region, source and resolution, and escapes what came from outside', () => {
    const xml = scanSettingsXml({ version: '2.6<', source: 'feeder', dpi: 200, width: 2480, height: 3508, colorMode: 'RGB24', mime: 'image/jpeg' })
    for (const part of ['<pwg:InputSource>Feeder</pwg:InputSource>', '<scan:XResolution>200</scan:XResolution>', '<pwg:Width>2480</pwg:Width>', '<pwg:Version>2.6&lt;</pwg:Version>']) expect(xml).toContain(part)
  })
})

it.each([
  ['/eSCL/ScanJobs/1', 'http://10.0.0.5:8080/eSCL/ScanJobs/1'],
  ['ScanJobs/1', 'http://10.0.0.5:8080/eSCL/ScanJobs/1'],
  ['http://scanner.local/eSCL/ScanJobs/1/', 'http://10.0.0.5:8080/eSCL/ScanJobs/1'],
  ['http://evil.invalid:9/ESCL/scanjobs/1', 'http://10.0.0.5:8080/ESCL/scanjobs/1'],
  ['ftp://x/1', undefined], ['', undefined], [null, undefined],
])('a job at %j is asked for at %j', (location, url) => {
  expect(jobUrl('http://10.0.0.5:8080/eSCL', location)).toBe(url)
})
