import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Clock } from '../../core/clock/clock.ts'
import { delay } from '../../core/clock/clock.ts'
import type { DocumentScannerConfig } from '../../core/config/kiosk-config.ts'
import type { PageImage, ScanError, ScanProgress } from '../../core/device/operations.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import type { DeviceLog } from '../device-host/device-service.ts'
import type { ScanSource } from './escl.ts'
import type { ScannerLink } from './link.ts'
import type { Observation } from './machine.ts'
import type { PageChecker } from './page-checker.ts'
import { makePageFolder, noteWriter, pageFolderParent, readPageFile, removeLeftovers, removePageFolder, wipeFile } from './page-folder.ts'
import type { ProgramRun } from './program-run.ts'
import { runProgram } from './program-run.ts'
import type { StartProgram } from './program.ts'
import type { SaneOptions, SanePlan } from './sane.ts'
import { EXIT, findDevice, isWorthAnotherTry, parseOptions, planSane, progressIn, scanErrorInWords, scanErrorOfExit } from './sane.ts'

/**
 * Each look is a program that starts and ends, so it comes more rarely than over the network. SANE tells nothing by itself:
 * a scanner that is pulled out is noticed within this time and that of the look (14 ms with one back end, 3.5 s with all of
 * SANE's own list), or at once by the scan that fails.
 */
export const SANE_POLL_MS = 5_000
/** A USB scanner whose name says where it is plugged in has a node there that goes with it: a look costs one system call. */
export const USB_POLL_MS = 1_500
const USB_NODES = '/dev/bus/usb'
const LOOK_LIMIT_MS = 10_000
/** No word for this long: the lamp is warm by then, and a scanner at work tells its progress. */
const SILENCE_LIMIT_MS = 60_000
/** One page at 300 dpi takes 3 to 20 s; the slowest scanners in use, a minute. */
const PAGE_LIMIT_MS = 180_000
/** A4 at 300 dpi in colour is 26 MB before it is packed. */
const LARGEST_PAGE_BYTES = 64_000_000
const BUSY_WAIT_MS = 2_000
const MOST_BUSY_TRIES = 3
const MOST_BATCH_PAGES = 100
/** Scanners behind these drivers are far away: they may be listed by their configuration alone, so each look opens them. */
const NETWORK_DRIVERS = /^(?:net|airscan|escl):/

export interface SaneLinkOptions {
  readonly address: Extract<DocumentScannerConfig['address'], { readonly kind: 'sane' }>
  readonly dpi: number
  readonly clock: Clock
  readonly log: DeviceLog
  readonly start: StartProgram
  readonly openChecker: () => PageChecker
  readonly pageFolder: string | undefined
  /** Where the system keeps a node for each USB device, by bus and number. */
  readonly usbNodes?: string
}

/**
 * A scanner of any maker through SANE's own program `scanimage`, which runs beside us: no foreign driver is ever loaded into
 * this process. Pages pass through files in a private folder that is wiped as soon as each has been read.
 */
export function createSaneLink({ address, dpi, clock, log, start, openChecker, pageFolder, usbNodes = USB_NODES }: SaneLinkOptions): ScannerLink {
  const parent = pageFolder ?? pageFolderParent()
  const environment = { LC_ALL: 'C', ...(address.configFolder === undefined ? {} : { SANE_CONFIG_DIR: address.configFolder }) }
  const stopping = new AbortController()
  let device = address.device
  let options: SaneOptions | undefined
  /** Of the scanner that answered last; undefined where its name does not tell, or the system has no such nodes. */
  let usbNode: string | undefined
  let cleaned = false
  /** A scanner lets one program in at a time: looks and scans take turns. */
  let turn: Promise<unknown> = Promise.resolve()

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work, work)
    turn = mine.catch(() => undefined)
    return mine
  }

  const run = (args: readonly string[], how: Omit<ProgramRun, 'clock'>) => runProgram(() => start(address.program, args, environment), { clock, ...how })

  /** Opens the scanner and reads what it can do: the one proof that it answers. */
  async function readOptions(name: string, signal: AbortSignal): Promise<Result<SaneOptions, ScanError>> {
    let text = ''
    const ended = await run(['-d', name, '-A'], { signal, limitMs: LOOK_LIMIT_MS, silenceLimitMs: LOOK_LIMIT_MS, onOutput: (piece) => (text = (text + piece).slice(0, 200_000)) })
    switch (ended.kind) {
      case 'exit':
        if (ended.code !== EXIT.good) return err(scanErrorOfExit(ended.code, ended.lastWords))
        // Every scanner has options; an answer without one was not about a scanner.
        return parseOptions(text).size > 0 ? ok(parseOptions(text)) : err({ kind: 'fault', code: 'sane-options' })
      case 'missing':
        return err({ kind: 'fault', code: 'scanimage-missing' })
      case 'cancelled':
        return err({ kind: 'cancelled' })
      case 'silent':
        return err({ kind: 'scanner-gone', code: 'silent' })
    }
  }

  async function listed(signal: AbortSignal): Promise<Result<readonly string[], ScanError>> {
    let text = ''
    const ended = await run(['-f', '%d%n'], { signal, limitMs: LOOK_LIMIT_MS, silenceLimitMs: LOOK_LIMIT_MS, onOutput: (piece) => (text = (text + piece).slice(0, 20_000)) })
    if (ended.kind === 'exit') return ended.code === EXIT.good ? ok(text.split('\n').map((line) => line.trim()).filter((line) => line !== '')) : err({ kind: 'fault', code: `sane-list-${ended.code}` })
    return err(ended.kind === 'missing' ? { kind: 'fault', code: 'scanimage-missing' } : ended.kind === 'cancelled' ? { kind: 'cancelled' } : { kind: 'scanner-gone', code: 'silent' })
  }

  /** What the scanner can do, after making sure that it is there and under which name. */
  async function open(signal: AbortSignal): Promise<Result<SaneOptions, ScanError>> {
    const opened = await openAnyName(signal)
    const [, bus, number] = /:libusb:(\d{3}):(\d{3})$/.exec(device) ?? []
    const node = bus === undefined || number === undefined ? undefined : join(usbNodes, bus, number)
    usbNode = opened.ok && node !== undefined && existsSync(node) ? node : undefined
    return opened
  }

  async function openAnyName(signal: AbortSignal): Promise<Result<SaneOptions, ScanError>> {
    const known = await readOptions(device, signal)
    if (known.ok || known.error.kind !== 'scanner-gone' || known.error.code === 'silent') {
      options = known.ok ? known.value : undefined
      return known
    }
    options = undefined
    const names = await listed(signal)
    const now = names.ok ? findDevice(names.value, address.device) : undefined
    if (now === undefined || now === device) return known
    device = now
    const moved = await readOptions(now, signal)
    if (moved.ok) options = moved.value
    return moved
  }

  async function look(signal: AbortSignal): Promise<Observation> {
    if (!cleaned) {
      cleaned = true
      const count = await removeLeftovers(parent, clock.now())
      if (count > 0) log('scan-leftovers-removed', { count })
    }
    if (options !== undefined && usbNode !== undefined) {
      if (existsSync(usbNode)) return { state: 'ready' }
      options = undefined
      usbNode = undefined
      // It comes back under another number; the next look searches for it.
      return { state: 'offline', code: 'unplugged' }
    }
    if (options !== undefined && !NETWORK_DRIVERS.test(device)) {
      const names = await listed(signal)
      if (names.ok && names.value.includes(device)) return { state: 'ready' }
      if (!names.ok) return observationOf(names.error)
      options = undefined
    }
    const opened = await open(signal)
    return opened.ok ? { state: 'ready' } : observationOf(opened.error)
  }

  interface Attempt {
    readonly folder: string
    readonly args: readonly string[]
    readonly signal: AbortSignal
    readonly onProgress: (progress: ScanProgress) => void
    readonly onOutput?: (text: string) => void
  }

  /** One run of the program, ended by its code. `undefined` is an end in order. */
  async function attempt({ folder, args, signal, onProgress, onOutput }: Attempt): Promise<ScanError | undefined> {
    onProgress({ kind: 'scanning' })
    const ended = await run(['-d', device, '--format=png', '-p', ...args], {
      signal, limitMs: PAGE_LIMIT_MS, silenceLimitMs: SILENCE_LIMIT_MS,
      onStart: (pid) => noteWriter(folder, pid),
      onErrorOutput: (text) => {
        const percent = progressIn(text)
        if (percent !== undefined) onProgress({ kind: 'scanning', percent })
      },
      isLastWord: (words) => scanErrorInWords(words) !== undefined,
      ...(onOutput === undefined ? {} : { onOutput }),
    })
    switch (ended.kind) {
      case 'exit':
        return ended.code === EXIT.good ? undefined : scanErrorOfExit(ended.code, ended.lastWords)
      case 'missing':
        return { kind: 'fault', code: 'scanimage-missing' }
      case 'cancelled':
        return { kind: 'cancelled' }
      case 'silent':
        // It said how the scan ended, and hung while it cleared up: what it said still holds.
        return scanErrorInWords(ended.lastWords) ?? { kind: 'scanner-gone', code: 'silent' }
    }
  }

  /** Again after "busy", a few times, and once after a line that hiccuped; `mayRepeat` is false as soon as a page is out. */
  async function attempts(what: Attempt, mayRepeat: () => boolean): Promise<ScanError | undefined> {
    let busy = 0
    let hiccups = 0
    for (;;) {
      const error = await attempt(what)
      if (error === undefined || !mayRepeat() || what.signal.aborted) return error
      if (error.kind === 'busy' && ++busy < MOST_BUSY_TRIES) {
        if (!(await delay(clock, BUSY_WAIT_MS, what.signal).then(() => true, () => false))) return { kind: 'cancelled' }
      } else if (!isWorthAnotherTry(error) || ++hiccups > 1) return error
    }
  }

  async function pageOf(checker: PageChecker, file: string, plan: SanePlan): Promise<Result<PageImage, ScanError>> {
    const bytes = await readPageFile(file, LARGEST_PAGE_BYTES)
    await wipeFile(file)
    if (bytes === undefined) return err({ kind: 'bad-image', code: 'no-file' })
    if (bytes === 'too-large') return err({ kind: 'bad-image', code: 'too-large' })
    const checked = await checker.check(bytes, { asJpeg: true })
    return checked.ok ? ok({ ...checked.value, dpi: plan.dpi }) : err({ kind: 'bad-image', code: checked.error })
  }

  /** Everything that a scan needs around itself, taken away again whatever happens. */
  function prepared<T>(source: ScanSource, signal: AbortSignal, onProgress: (progress: ScanProgress) => void, work: (tools: { readonly checker: PageChecker; readonly folder: string; readonly plan: SanePlan; readonly signal: AbortSignal }) => Promise<Result<T, ScanError>>): Promise<Result<T, ScanError>> {
    const either = AbortSignal.any([signal, stopping.signal])
    return inTurn(async () => {
      if (either.aborted) return err({ kind: 'cancelled' })
      onProgress({ kind: 'starting' })
      const known = options === undefined ? await open(either) : ok(options)
      if (!known.ok) return known
      const plan = planSane(known.value, source, dpi)
      if (plan === undefined) return err({ kind: 'fault', code: `no-${source}` })
      let folder: string
      try {
        folder = makePageFolder(parent)
      } catch {
        return err({ kind: 'fault', code: 'no-page-folder' })
      }
      const checker = openChecker()
      try {
        const result = await work({ checker, folder, plan, signal: either })
        if (!result.ok && (result.error.kind === 'scanner-gone' || result.error.kind === 'fault')) options = undefined
        return result
      } finally {
        checker.close()
        await removePageFolder(folder)
      }
    })
  }

  return {
    pollMs: () => (usbNode === undefined ? SANE_POLL_MS : USB_POLL_MS),
    look: (signal) => inTurn(() => look(AbortSignal.any([signal, stopping.signal]))),
    scanPage: (source, onProgress, outer) =>
      prepared(source, outer, onProgress, async ({ checker, folder, plan, signal }) => {
        const file = join(folder, 'page.png')
        const error = await attempts({ folder, args: [...plan.args, '-o', file], signal, onProgress }, () => true)
        return error === undefined ? pageOf(checker, file, plan) : err(error)
      }),
    scanBatch: (onPage, onProgress, outer) =>
      prepared('feeder', outer, onProgress, async ({ checker, folder, plan, signal }) => {
        const bad = new AbortController()
        const seen = new Set<string>()
        let pages = 0
        let broken: ScanError | undefined
        let work: Promise<void> = Promise.resolve()
        /** Pages are read one after another, in the order of their numbers, while the next sheet is drawn. */
        const take = (name: string): void => {
          if (!PAGE_FILE.test(name) || seen.has(name)) return
          seen.add(name)
          work = work.then(async () => {
            if (broken !== undefined) return
            const page = await pageOf(checker, join(folder, name), plan)
            if (page.ok) {
              pages++
              if (!signal.aborted) onPage(page.value)
            } else {
              broken = page.error
              bad.abort()
            }
          })
        }
        let line = ''
        const error = await attempts(
          {
            folder, onProgress, signal: AbortSignal.any([signal, bad.signal]),
            args: [...plan.args, `--batch=${join(folder, 'page%03d.png')}`, '--batch-print', `--batch-count=${MOST_BATCH_PAGES}`],
            onOutput: (text) => {
              const lines = (line + text).slice(-10_000).split('\n')
              line = lines.pop() ?? ''
              for (const name of lines) take(basename(name.trim()))
            },
          },
          () => seen.size === 0,
        )
        // What it wrote and did not speak of; and nothing of what it spoke of counts unless it is there and whole.
        for (const name of (await readdir(folder).catch(() => [])).sort()) take(name)
        await work
        if (signal.aborted) return err({ kind: 'cancelled' })
        if (broken !== undefined) return err(broken)
        if (error !== undefined && error.kind !== 'feeder-empty') return err(error)
        return pages > 0 ? ok({ pages }) : err({ kind: 'feeder-empty' })
      }),
    troubleAfter(error) {
      // No look shows these: `scanimage` knows them only while it scans.
      return error.kind === 'jam' || error.kind === 'cover-open' ? { state: error.kind } : undefined
    },
    async stop() {
      stopping.abort()
      await turn
    },
  }
}

const PAGE_FILE = /^page\d{3,4}\.png$/

function observationOf(error: ScanError): Observation {
  switch (error.kind) {
    case 'scanner-gone':
      return { state: 'offline', code: error.code }
    case 'busy':
      return { state: 'busy', code: error.code }
    case 'fault':
    case 'bad-image':
      return { state: 'fault', code: error.code }
    case 'cancelled':
      return { state: 'offline', code: 'cancelled' }
    case 'feeder-empty':
      return { state: 'ready' }
    case 'jam':
    case 'cover-open':
      return { state: error.kind }
  }
}
