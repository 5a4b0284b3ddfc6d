import { XMLParser } from 'fast-xml-parser'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'

/**
 * The words of eSCL (Mopria, HTTP and XML): what the scanner says about itself and what we ask of it. Elements are matched
 * by namespace and local name, because every maker uses prefixes of his own. Pure functions.
 */
const SCAN = 'http://schemas.hp.com/imaging/escl/2011/05/03'
const PWG = 'http://www.pwg.org/schemas/2010/12/sm'

/** eSCL measures paper in 1/300 inch, whatever the resolution. */
export const REGION_UNITS_PER_INCH = 300
/** A4, 210 × 297 mm. */
export const A4_REGION = { width: 2480, height: 3508 } as const

export type ScanSource = 'platen' | 'feeder'
export type ImageMime = 'image/jpeg' | 'image/png'

export interface SourceCapabilities {
  /** In 1/300 inch. */
  readonly maxWidth: number
  readonly maxHeight: number
  /** Resolutions in dpi that this source offers in colour or grey; sorted. */
  readonly resolutions: readonly number[]
  readonly colorModes: readonly string[]
  readonly formats: readonly string[]
}

export interface ScannerCapabilities {
  readonly version: string
  readonly model: string
  readonly platen: SourceCapabilities | undefined
  readonly feeder: SourceCapabilities | undefined
}

export type ScannerState = 'Idle' | 'Processing' | 'Testing' | 'Stopped' | 'Down'

export interface JobInfo {
  readonly uri: string
  readonly state: string
  readonly reasons: readonly string[]
}

export interface ScannerStatus {
  readonly state: ScannerState
  /** `ScannerAdfLoaded`, `ScannerAdfEmpty`, `ScannerAdfJam` …; a hint only: some scanners always say loaded. */
  readonly adf: string | undefined
  readonly jobs: readonly JobInfo[]
}

interface XmlElement {
  readonly namespace: string
  readonly name: string
  readonly children: readonly XmlElement[]
  readonly text: string
}

/** Answers of this kind are a few kilobytes; a larger one is not what we asked for. */
const LARGEST_XML_CHARACTERS = 1_000_000

export function parseCapabilities(xml: string): Result<ScannerCapabilities, 'not-escl'> {
  const root = parseRoot(xml, SCAN, 'ScannerCapabilities')
  if (root === undefined) return err('not-escl')
  const platen = child(child(root, SCAN, 'Platen'), SCAN, 'PlatenInputCaps')
  // A duplex feeder describes its front side in the same element.
  const feeder = child(child(root, SCAN, 'Adf'), SCAN, 'AdfSimplexInputCaps')
  return ok({
    version: textOf(root, PWG, 'Version') ?? '2.0',
    model: textOf(root, PWG, 'MakeAndModel') ?? '',
    platen: platen === undefined ? undefined : sourceCapabilities(platen, root),
    feeder: feeder === undefined ? undefined : sourceCapabilities(feeder, root),
  })
}

export function parseStatus(xml: string): Result<ScannerStatus, 'not-escl'> {
  const root = parseRoot(xml, SCAN, 'ScannerStatus')
  const state = root === undefined ? undefined : textOf(root, PWG, 'State')
  if (root === undefined || !isScannerState(state)) return err('not-escl')
  return ok({
    state,
    adf: textOf(root, SCAN, 'AdfState'),
    jobs: children(child(root, SCAN, 'Jobs'), SCAN, 'JobInfo').map((job) => ({
      uri: textOf(job, PWG, 'JobUri') ?? '',
      state: textOf(job, PWG, 'JobState') ?? '',
      reasons: children(child(job, PWG, 'JobStateReasons'), PWG, 'JobStateReason').map((reason) => reason.text),
    })),
  })
}

export interface ScanRequest {
  readonly version: string
  readonly source: ScanSource
  readonly dpi: number
  /** In 1/300 inch. */
  readonly width: number
  readonly height: number
  readonly colorMode: string
  readonly mime: ImageMime
}

export function scanSettingsXml(request: ScanRequest): string {
  const format = escapeXml(request.mime)
  return `<?xml version="1.0" encoding="UTF-8"?>
<scan:ScanSettings xmlns:scan="${SCAN}" xmlns:pwg="${PWG}">
  <pwg:Version>${escapeXml(request.version)}</pwg:Version>
  <scan:Intent>Document</scan:Intent>
  <pwg:ScanRegions>
    <pwg:ScanRegion>
      <pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>
      <pwg:XOffset>0</pwg:XOffset>
      <pwg:YOffset>0</pwg:YOffset>
      <pwg:Width>${request.width}</pwg:Width>
      <pwg:Height>${request.height}</pwg:Height>
    </pwg:ScanRegion>
  </pwg:ScanRegions>
  <pwg:InputSource>${request.source === 'platen' ? 'Platen' : 'Feeder'}</pwg:InputSource>
  <scan:ColorMode>${escapeXml(request.colorMode)}</scan:ColorMode>
  <scan:XResolution>${request.dpi}</scan:XResolution>
  <scan:YResolution>${request.dpi}</scan:YResolution>
  <pwg:DocumentFormat>${format}</pwg:DocumentFormat>
  <scan:DocumentFormatExt>${format}</scan:DocumentFormatExt>
</scan:ScanSettings>
`
}

/**
 * What to ask of this source: A4 within its glass, the wanted resolution or the next one above (else the best it has),
 * colour before grey, JPEG before PNG. Undefined when it offers no format that we can decode.
 */
export function planScan(capabilities: ScannerCapabilities, source: ScanSource, wantedDpi: number): ScanRequest | undefined {
  const offered = source === 'platen' ? capabilities.platen : capabilities.feeder
  if (offered === undefined) return undefined
  const mime = (['image/jpeg', 'image/png'] as const).find((candidate) => offered.formats.length === 0 || offered.formats.includes(candidate))
  if (mime === undefined) return undefined
  return {
    version: capabilities.version,
    source,
    dpi: offered.resolutions.find((dpi) => dpi >= wantedDpi) ?? offered.resolutions.at(-1) ?? wantedDpi,
    width: Math.min(A4_REGION.width, offered.maxWidth),
    height: Math.min(A4_REGION.height, offered.maxHeight),
    colorMode: ['RGB24', 'Grayscale8'].find((mode) => offered.colorModes.includes(mode)) ?? 'RGB24',
    mime,
  }
}

/**
 * Where the job lives, always at the scanner's own host and port: `Location` may be relative, and the host inside it may be
 * a name that only the scanner knows. Undefined when there is none or it leads nowhere.
 */
export function jobUrl(scannerUrl: string, location: string | null): string | undefined {
  if (location === null || location.trim() === '') return undefined
  const base = scannerUrl.endsWith('/') ? scannerUrl : `${scannerUrl}/`
  try {
    const resolved = new URL(location.trim(), base)
    const own = new URL(base)
    if (resolved.protocol !== 'http:' && resolved.protocol !== 'https:') return undefined
    return `${own.origin}${resolved.pathname.replace(/\/+$/, '')}`
  } catch {
    return undefined
  }
}

/** The entry of our job in the scanner's list; makers write its URI with or without host. */
export function jobIn(status: ScannerStatus, job: string): JobInfo | undefined {
  const path = new URL(job).pathname.toLowerCase()
  return status.jobs.find(({ uri }) => uri !== '' && path === pathOf(uri, job)?.replace(/\/+$/, '').toLowerCase())
}

function pathOf(uri: string, base: string): string | undefined {
  try {
    return new URL(uri, base).pathname
  } catch {
    return undefined
  }
}

function sourceCapabilities(caps: XmlElement, root: XmlElement): SourceCapabilities {
  const profiles = children(child(caps, SCAN, 'SettingProfiles'), SCAN, 'SettingProfile')
  // A profile may stand in place or be a reference to one at the end of the document.
  const described = profiles.some((profile) => profile.children.length > 0) ? profiles : children(child(root, SCAN, 'SettingProfiles'), SCAN, 'SettingProfile')
  const inProfiles = (name: string, namespace = SCAN): string[] => described.flatMap((profile) => descendants(profile, namespace, name).map((element) => element.text))
  const discrete = described.flatMap((profile) => descendants(profile, SCAN, 'DiscreteResolution').map((element) => Number(textOf(element, SCAN, 'XResolution'))))
  return {
    maxWidth: positive(textOf(caps, SCAN, 'MaxWidth')) ?? A4_REGION.width,
    maxHeight: positive(textOf(caps, SCAN, 'MaxHeight')) ?? A4_REGION.height,
    resolutions: [...new Set(discrete.filter((dpi) => Number.isFinite(dpi) && dpi > 0))].sort((a, b) => a - b),
    colorModes: inProfiles('ColorMode'),
    formats: [...inProfiles('DocumentFormat', PWG), ...inProfiles('DocumentFormatExt')].map((format) => format.toLowerCase()),
  }
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text)
  return Number.isFinite(value) && value > 0 ? value : undefined
}

function isScannerState(state: string | undefined): state is ScannerState {
  return state === 'Idle' || state === 'Processing' || state === 'Testing' || state === 'Stopped' || state === 'Down'
}

type RawNode = Readonly<Record<string, unknown>>

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // No entity of a stranger's document is expanded; the five of XML itself are put back below.
  processEntities: false,
})

function parseRoot(xml: string, namespace: string, name: string): XmlElement | undefined {
  if (xml.length > LARGEST_XML_CHARACTERS || xml.includes('<!DOCTYPE')) return undefined
  try {
    const elements = elementsOf(parser.parse(xml, true) as readonly RawNode[], new Map())
    const root = elements[0]
    return root !== undefined && elements.length === 1 && root.namespace === namespace && root.name === name ? root : undefined
  } catch {
    return undefined
  }
}

function elementsOf(nodes: readonly RawNode[], inherited: ReadonlyMap<string, string>): XmlElement[] {
  return nodes.flatMap((node) => {
    const tag = Object.keys(node).find((key) => key !== ':@' && key !== '#text')
    if (tag === undefined) return []
    const namespaces = new Map(inherited)
    for (const [attribute, value] of Object.entries((node[':@'] ?? {}) as Readonly<Record<string, string>>)) {
      if (attribute === 'xmlns') namespaces.set('', value)
      else if (attribute.startsWith('xmlns:')) namespaces.set(attribute.slice(6), value)
    }
    const [prefix, name] = tag.includes(':') ? [tag.slice(0, tag.indexOf(':')), tag.slice(tag.indexOf(':') + 1)] : ['', tag]
    const content = node[tag] as readonly RawNode[]
    return [{
      namespace: namespaces.get(prefix) ?? '',
      name,
      children: elementsOf(content, namespaces),
      text: unescapeXml(content.map((part) => (typeof part['#text'] === 'string' ? part['#text'] : '')).join('')).trim(),
    }]
  })
}

function children(element: XmlElement | undefined, namespace: string, name: string): readonly XmlElement[] {
  return element?.children.filter((candidate) => candidate.namespace === namespace && candidate.name === name) ?? []
}

function child(element: XmlElement | undefined, namespace: string, name: string): XmlElement | undefined {
  return children(element, namespace, name)[0]
}

function descendants(element: XmlElement, namespace: string, name: string): XmlElement[] {
  return element.children.flatMap((candidate) => [...(candidate.namespace === namespace && candidate.name === name ? [candidate] : []), ...descendants(candidate, namespace, name)])
}

function textOf(element: XmlElement, namespace: string, name: string): string | undefined {
  const text = child(element, namespace, name)?.text
  return text === '' ? undefined : text
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function unescapeXml(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&amp;', '&')
}
