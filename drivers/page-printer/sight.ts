import type { PagePrintObstacle } from '../../core/device/operations.ts'
import type { DeviceState } from '../../core/device/status.ts'
import { unreachable } from '../../core/result/result.ts'
import type { IppMembers } from './ipp.ts'
import { flag, whole, word, words } from './ipp.ts'

/** A4 as PWG 5101.1 names it; our documents are A4 and nothing else. */
export const A4 = 'iso_a4_210x297mm'
export const PDF = 'application/pdf'

/** What one look at the printer showed: its own words, sorted. */
export interface PrinterSight {
  /** What stands in the way of printing, the weightiest first. */
  readonly obstacles: readonly PagePrintObstacle[]
  /** RFC 8011, section 5.4.11. */
  readonly state: 'idle' | 'processing' | 'stopped'
  readonly paperLow: boolean
  readonly tonerLow: boolean
  /** Jobs that wait or run, whoever sent them. */
  readonly queued: number
  /** How a request for one side or both is to be worded; empty: the printer does not let anyone choose. */
  readonly sides: readonly string[]
  readonly makeAndModel: string | undefined
  /** Sides printed in the printer's whole life, when it counts them. */
  readonly impressions: number | undefined
}

/** Attributes asked for at each look: not `all`, which is tens of kilobytes on some printers. */
export const PRINTER_ATTRIBUTES = [
  'printer-state', 'printer-state-reasons', 'printer-is-accepting-jobs', 'queued-job-count', 'document-format-supported', 'media-ready', 'sides-supported', 'printer-make-and-model', 'printer-impressions-completed',
] as const

/**
 * Stems of `printer-state-reasons` (RFC 8011, section 5.4.12; PWG 5100.9). Printers and servers disagree on the endings
 * -report, -warning and -error, so the ending is cut off and only the stem counts.
 */
const OBSTACLE_OF_STEM: Readonly<Record<string, PagePrintObstacle>> = {
  'media-empty': 'no-paper', 'media-needed': 'no-paper', 'input-tray-missing': 'no-paper', 'input-media-tray-feed-error': 'jam',
  'media-jam': 'jam', 'fuser-jam': 'jam', 'output-mailbin-select-failure': 'jam',
  'cover-open': 'cover-open', 'door-open': 'cover-open', 'interlock-open': 'cover-open', 'input-cover-open': 'cover-open', 'output-cover-open': 'cover-open',
  'toner-empty': 'no-toner', 'marker-supply-empty': 'no-toner', 'marker-supply-missing': 'no-toner', 'developer-empty': 'no-toner',
  'output-area-full': 'output-full', 'output-tray-missing': 'output-full', 'stacker-full': 'output-full',
  'marker-waste-full': 'fault', 'opc-life-over': 'fault', 'fuser-over-temp': 'fault', 'fuser-under-temp': 'fault', 'interpreter-resource-unavailable': 'fault', 'spool-area-full': 'fault',
  paused: 'paused', 'moving-to-paused': 'paused', hold: 'paused',
  shutdown: 'link-lost', 'connecting-to-device': 'link-lost', 'timed-out': 'link-lost', offline: 'link-lost',
}

/** Which cause to name first: the one that a person must mend before the others can be judged. */
const WEIGHT: readonly PagePrintObstacle[] = ['link-lost', 'cover-open', 'jam', 'no-paper', 'wrong-paper', 'no-toner', 'output-full', 'paused', 'fault', 'format-refused', 'busy', 'silent']

export function stemOf(reason: string): string {
  return reason.replace(/-(report|warning|error)$/, '')
}

export function obstaclesOfReasons(reasons: readonly string[]): PagePrintObstacle[] {
  return reasons.flatMap((reason) => OBSTACLE_OF_STEM[stemOf(reason)] ?? [])
}

export function byWeight(obstacles: readonly PagePrintObstacle[]): readonly PagePrintObstacle[] {
  const present = new Set(obstacles)
  return WEIGHT.filter((obstacle) => present.has(obstacle))
}

/** Reads the printer's own attributes. `undefined` when it does not say in which state it is: then it is no printer for us. */
export function readPrinter(attributes: IppMembers): PrinterSight | undefined {
  const state = ({ 3: 'idle', 4: 'processing', 5: 'stopped' } as const)[whole(attributes, 'printer-state') ?? 0]
  if (state === undefined) return undefined
  const reasons = words(attributes, 'printer-state-reasons')
  const stems = new Set(reasons.map(stemOf))
  const obstacles = obstaclesOfReasons(reasons)
  const ready = words(attributes, 'media-ready')
  const holdsA4 = ready.some((media) => media === A4 || media.startsWith(`${A4}_`) || media.startsWith(`${A4}.`))
  // A printer that does not tell what lies in its trays is not called empty.
  if (ready.length > 0 && !holdsA4 && !obstacles.includes('no-paper')) obstacles.push('wrong-paper')
  const formats = words(attributes, 'document-format-supported')
  if (formats.length > 0 && !formats.includes(PDF)) obstacles.push('format-refused')
  if (flag(attributes, 'printer-is-accepting-jobs') === false) obstacles.push('paused')
  if (state === 'stopped' && obstacles.length === 0) obstacles.push('fault')
  return {
    obstacles: byWeight(obstacles),
    state,
    paperLow: stems.has('media-low'),
    tonerLow: stems.has('toner-low') || stems.has('marker-supply-low'),
    queued: whole(attributes, 'queued-job-count') ?? 0,
    sides: words(attributes, 'sides-supported'),
    makeAndModel: plain(word(attributes, 'printer-make-and-model')),
    impressions: whole(attributes, 'printer-impressions-completed'),
  }
}

/** Text of a printer for a staff page: short, and without anything that could break a line or a log. */
function plain(text: string | undefined): string | undefined {
  const cleaned = text?.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '').slice(0, 80).trim()
  return cleaned === '' ? undefined : cleaned
}

/** How an obstacle shows as the state of the device. `code` tells apart what shares a state. */
export function stateOfObstacle(obstacle: PagePrintObstacle): { readonly state: DeviceState; readonly code?: string } {
  switch (obstacle) {
    case 'no-paper': case 'jam': case 'cover-open': case 'no-toner': case 'output-full': return { state: obstacle }
    case 'wrong-paper': return { state: 'no-paper', code: 'not-a4' }
    case 'paused': return { state: 'fault', code: 'paused' }
    case 'format-refused': return { state: 'fault', code: 'no-pdf' }
    case 'fault': return { state: 'fault', code: 'printer' }
    case 'busy': return { state: 'busy' }
    case 'silent': case 'link-lost': return { state: 'offline', code: obstacle }
    default: return unreachable(obstacle)
  }
}
