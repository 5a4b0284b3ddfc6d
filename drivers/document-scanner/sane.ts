import type { ScanError } from '../../core/device/operations.ts'
import type { ScanSource } from './escl.ts'

/**
 * The words of `scanimage` (sane-utils): what we ask and what its answers mean. Pure functions. Its sentences differ from
 * version to version, so an end is judged by its code; words are looked into only for code 1, which stands for everything
 * before the scan began, and when a program that told its end never came to it.
 */

/** A4. */
export const A4_MM = { width: 210, height: 297 } as const

/** What one option of a scanner allows, as `scanimage -A` writes it. */
export type SaneOption =
  | { readonly kind: 'list'; readonly values: readonly string[] }
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'other' }

export type SaneOptions = ReadonlyMap<string, SaneOption>

/** Longest list of options that is read; real ones have a few kilobytes. */
const LARGEST_OPTIONS_CHARACTERS = 200_000

/** Reads the list of options. Lines that are no option are passed over; inactive options are left out. */
export function parseOptions(text: string): SaneOptions {
  const options = new Map<string, SaneOption>()
  for (const line of text.slice(0, LARGEST_OPTIONS_CHARACTERS).split('\n')) {
    const found = /^ {2,8}(--?[a-z][a-z0-9-]{0,60})(?:[ =[](.{0,2000}))?$/.exec(line.trimEnd())
    if (found === null || line.includes('[inactive]') || line.includes('[read-only]')) continue
    const [, name = '', rest = ''] = found
    options.set(name, parseConstraint(rest))
  }
  return options
}

function parseConstraint(rest: string): SaneOption {
  // What stands in brackets behind is the present value; what stands in parentheses is the step.
  const allowed = rest.replace(/\s*\[[^\]]*\]\s*$/, '').replace(/\s*\(in (?:steps|quants) of [^)]*\)/, '').trim()
  const range = /^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)(?:[a-z%]*)$/i.exec(allowed)
  if (range !== null) return { kind: 'range', from: Number(range[1]), to: Number(range[2]) }
  if (allowed === '' || allowed.startsWith('<') || allowed.startsWith('(')) return { kind: 'other' }
  return { kind: 'list', values: allowed.split('|').map((value) => value.trim()) }
}

export interface SanePlan {
  readonly args: readonly string[]
  readonly dpi: number
}

const FEEDER = /adf|feeder/i
const BOTH_SIDES = /duplex|back|both/i
const PLATEN = /flat\s?bed|platen|glass|document table|normal/i

/**
 * What to ask of this scanner for a page: its name for the source, colour before grey, the wanted resolution or the next
 * above, A4 within what it can. Undefined when it does not have the source.
 */
export function planSane(options: SaneOptions, source: ScanSource, wantedDpi: number): SanePlan | undefined {
  const sources = listOf(options, '--source')
  const named = source === 'feeder'
    ? (sources.find((name) => FEEDER.test(name) && !BOTH_SIDES.test(name)) ?? sources.find((name) => FEEDER.test(name)))
    : sources.find((name) => PLATEN.test(name))
  // Without a choice of sources there is one way in, and it is the glass; a scanner whose only source is a feeder says so.
  if (named === undefined && (source === 'feeder' || (sources.length > 0 && sources.every((name) => FEEDER.test(name))))) return undefined
  const mode = listOf(options, '--mode').find((name) => /^(?:24.?bit )?colou?r\b/i.test(name)) ?? listOf(options, '--mode').find((name) => /gr[ae]y/i.test(name))
  const dpi = resolutionOf(options.get('--resolution'), wantedDpi)
  return {
    dpi,
    args: [
      ...(named === undefined ? [] : ['--source', named]),
      ...(mode === undefined ? [] : ['--mode', mode]),
      ...(options.has('--resolution') ? ['--resolution', String(dpi)] : []),
      ...area(options, '-l', '-x', A4_MM.width),
      ...area(options, '-t', '-y', A4_MM.height),
    ],
  }
}

function listOf(options: SaneOptions, name: string): readonly string[] {
  const option = options.get(name)
  return option?.kind === 'list' ? option.values : []
}

function resolutionOf(option: SaneOption | undefined, wanted: number): number {
  switch (option?.kind) {
    case 'list': {
      const offered = option.values.map((value) => Number.parseInt(value, 10)).filter((dpi) => dpi >= 50 && dpi <= 1200).sort((a, b) => a - b)
      return offered.find((dpi) => dpi >= wanted) ?? offered.at(-1) ?? wanted
    }
    case 'range':
      return Math.min(Math.max(wanted, option.from), Math.max(option.to, 1))
    case 'other':
    case undefined:
      return wanted
  }
}

function area(options: SaneOptions, start: string, extent: string, wantedMm: number): readonly string[] {
  const range = options.get(extent)
  if (range?.kind !== 'range' || range.to <= 0) return []
  return [...(options.has(start) ? [start, '0'] : []), extent, String(Math.min(wantedMm, range.to))]
}

/** The percent in the newest `Progress: 42.0%` of a piece of output. */
export function progressIn(text: string): number | undefined {
  const newest = text.lastIndexOf('Progress:')
  const percent = newest < 0 ? NaN : Number(/^Progress: {0,10}(\d{1,3}(?:\.\d{1,10})?)%/.exec(text.slice(newest, newest + 40))?.[1])
  return Number.isFinite(percent) && percent >= 0 && percent <= 100 ? percent : undefined
}

/** Exit codes of `scanimage` are SANE's status numbers; 134 and SIGABRT are its PNG writer failing on an empty picture. */
export const EXIT = { good: 0, beforeScan: 1, cancelled: 2, busy: 3, invalid: 4, endOfFile: 5, jammed: 6, feederEmpty: 7, coverOpen: 8, inputOutput: 9, noMemory: 10, accessDenied: 11, crashed: 134 } as const

/**
 * Why a scan ended without its page. `lastWords` are the end of its error output, read for code 1 only: then the scanner
 * could not be opened, and nothing else says why.
 */
export function scanErrorOfExit(code: number, lastWords: string): ScanError {
  switch (code) {
    case EXIT.good:
      return { kind: 'bad-image', code: 'no-file' }
    case EXIT.beforeScan:
      if (/device busy/i.test(lastWords)) return { kind: 'busy', code: 'sane-open-busy' }
      if (/access to resource has been denied/i.test(lastWords)) return { kind: 'fault', code: 'sane-11' }
      if (/unrecognized option|bad option|not a supported|setting of option/i.test(lastWords)) return { kind: 'fault', code: 'sane-option' }
      // SANE's own status 1.
      if (/operation not supported/i.test(lastWords)) return { kind: 'fault', code: 'sane-1' }
      return { kind: 'scanner-gone', code: 'sane-open' }
    case EXIT.cancelled:
      return { kind: 'cancelled' }
    case EXIT.busy:
      return { kind: 'busy', code: 'sane-3' }
    case EXIT.jammed:
      return { kind: 'jam' }
    case EXIT.feederEmpty:
      return { kind: 'feeder-empty' }
    case EXIT.coverOpen:
      return { kind: 'cover-open' }
    case EXIT.inputOutput:
    case EXIT.crashed:
      return { kind: 'fault', code: 'sane-9' }
    default:
      return { kind: 'fault', code: `sane-${Math.trunc(code)}` }
  }
}

/** How SANE itself names the states that end a scan (`sane_strstatus`, untranslated), by their numbers. */
const STATUS_WORDS: Readonly<Record<string, number>> = {
  'Operation not supported': EXIT.beforeScan,
  'Operation was canceled': EXIT.cancelled,
  'Device busy': EXIT.busy,
  'Invalid argument': EXIT.invalid,
  'End of file reached': EXIT.endOfFile,
  'Document feeder jammed': EXIT.jammed,
  'Document feeder out of documents': EXIT.feederEmpty,
  'Scanner cover is open': EXIT.coverOpen,
  'Error during device I/O': EXIT.inputOutput,
  'Out of memory': EXIT.noMemory,
  'Access to resource has been denied': EXIT.accessDenied,
}
const TOLD_END = /: sane_(?:start|read): ([^\n\r]{1,100})[\n\r]/g

/**
 * Why the scan ended, as the program told it in its error output, where a line such as `scanimage: sane_read: Scanner cover is open` stands. Undefined
 * when it told no end, or in words that are not SANE's.
 */
export function scanErrorInWords(lastWords: string): ScanError | undefined {
  const told = [...lastWords.matchAll(TOLD_END)].at(-1)?.[1]
  const code = told === undefined ? undefined : STATUS_WORDS[told]
  return code === undefined ? undefined : scanErrorOfExit(code, lastWords)
}

/** Whether one more try may help: a line that hiccuped, or the writer that fell over. */
export function isWorthAnotherTry(error: ScanError): boolean {
  return error.kind === 'fault' && error.code === 'sane-9'
}

/**
 * The name under which a configured scanner is found now. USB scanners of many drivers carry the number of their place on
 * the bus, which changes when they are plugged in again; when exactly one scanner of that driver is there, it is the one.
 * Undefined when it is not listed.
 */
export function findDevice(listed: readonly string[], configured: string): string | undefined {
  if (listed.includes(configured)) return configured
  const place = /^(.+:libusb:)\d+:\d+$/.exec(configured)?.[1]
  if (place === undefined) return undefined
  const same = listed.filter((name) => name.startsWith(place))
  return same.length === 1 ? same[0] : undefined
}
