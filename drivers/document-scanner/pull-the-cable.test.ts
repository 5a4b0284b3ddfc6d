/**
 * For each kind of scanner, each state in which its machine can stand and each thing that may happen to the line: the right
 * public state, the right end of the scan in hand with its sentence, no file left, and back by itself when the line is well.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { DocumentScannerConfig } from '../../core/config/kiosk-config.ts'
import type { PageImage, ScanError } from '../../core/device/operations.ts'
import { DEVICE_STATE_SENTENCES, scanErrorSentences } from '../../core/device/sentences.ts'
import type { DeviceState } from '../../core/device/status.ts'
import type { Result } from '../../core/result/result.ts'
import type { DocumentScannerService } from '../device-host/contract.ts'
import { scannerMachine, TROUBLE_MS } from './machine.ts'
import { inlinePageChecker } from './page-checker.ts'
import { createDocumentScanner } from './service.ts'
import { ScriptedLine } from './testing/scripted-line.ts'
import type { LineState } from './testing/scripted-line.ts'

const KINDS = ['escl', 'sane'] as const
type Kind = (typeof KINDS)[number]
const INCIDENTS = ['unplugged', 'silent', 'noise', 'late', 'host-killed'] as const
type Incident = (typeof INCIDENTS)[number]

/** Longer than every limit, back-off and rest of a scanner together. */
const LONG_MS = 180_000

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

interface Bench {
  readonly clock: SimulatedClock
  readonly line: ScriptedLine
  readonly folder: string
  readonly make: () => DocumentScannerService
  readonly pass: (ms: number) => Promise<void>
}

function build(kind: Kind): Bench {
  const clock = new SimulatedClock()
  const line = new ScriptedLine(clock)
  const folder = mkdtempSync(join(tmpdir(), 'pull-the-cable-'))
  folders.push(folder)
  const address: DocumentScannerConfig['address'] = kind === 'escl' ? { kind: 'escl', url: 'http://10.0.0.5/eSCL' } : { kind: 'sane', device: 'test:0', program: 'scanimage' }
  return {
    clock, line, folder,
    make: () => createDocumentScanner({ id: 'scanner', class: 'document-scanner', address, dpi: 300, feeder: true }, { clock, log: () => undefined, fetch: line.fetch, startProgram: line.start, openChecker: inlinePageChecker, pageFolder: folder }),
    /** Time in steps of the shortest wait, and after each the turns that files and streams of the platform need. */
    pass: async (ms) => {
      const step = 250
      for (let passed = 0; passed < ms; passed += step) {
        await clock.advance(Math.min(step, ms - passed))
        await settle()
      }
    },
  }
}

/** Gives streams their turns, and files the true time that they take: the simulated clock stands meanwhile. */
async function settle(): Promise<void> {
  for (let calm = 0; calm < 4; ) {
    await new Promise((resolve) => setImmediate(resolve))
    calm = process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq') || name === 'CloseReq') ? 0 : calm + 1
  }
}

interface Scan {
  result: Result<PageImage, ScanError> | undefined
  readonly cancel: AbortController
}

function scan(driver: DocumentScannerService): Scan {
  const running: Scan = { result: undefined, cancel: new AbortController() }
  void driver.scanPage({ source: 'platen' }, () => undefined, running.cancel.signal).then((result) => {
    running.result = result
  })
  return running
}

/** Waits in the world's own turns, for files and streams, until `done`; the simulated clock moves along. */
async function until(bench: Bench, done: () => boolean, what: string): Promise<void> {
  for (let passed = 0; !done(); passed += 250) {
    if (passed > LONG_MS) throw new Error(`never ${what}`)
    await bench.pass(250)
  }
}

/** How the machine is brought into each of its states, from a service that has just been started; the scan in hand, if any. */
type Into = (bench: Bench, driver: DocumentScannerService) => Promise<Scan | undefined>
const becomesReady = (bench: Bench, driver: DocumentScannerService): Promise<void> => until(bench, () => driver.status().state === 'ready', 'ready')

/** States between which nothing can happen are left within the same turn. */
const PASSED_THROUGH = ['resting.choosing']
const STATES: Readonly<Record<string, Into | { readonly only: Kind; readonly into: Into }>> = {
  looking: async (bench, driver) => {
    bench.line.state = 'late'
    driver.start()
    await bench.pass(500)
    expect(driver.status().state).toBe('starting')
    bench.line.state = 'well'
    return undefined
  },
  'resting.idle': async (bench, driver) => {
    driver.start()
    await becomesReady(bench, driver)
    return undefined
  },
  'resting.waiting': async (bench, driver) => {
    bench.line.state = 'unplugged'
    driver.start()
    await until(bench, () => driver.status().state === 'offline', 'offline')
    bench.line.state = 'well'
    return undefined
  },
  scanning: async (bench, driver) => {
    driver.start()
    await becomesReady(bench, driver)
    const running = scan(driver)
    await bench.pass(2_000)
    expect([driver.status().state, running.result]).toEqual(['busy', undefined])
    return running
  },
  // Only behind `scanimage` does a failed scan know what no look would show.
  troubled: {
    only: 'sane',
    into: async (bench, driver) => {
      driver.start()
      await becomesReady(bench, driver)
      bench.line.exitCode = 6
      const running = scan(driver)
      await until(bench, () => running.result !== undefined, 'ended')
      bench.line.exitCode = 0
      expect(driver.status().state).toBe('jam')
      return undefined
    },
  },
}

/** The public state while the trouble lasts. */
const STATE_WHILE: Readonly<Record<Incident, DeviceState>> = { unplugged: 'offline', silent: 'offline', noise: 'fault', late: 'ready', 'host-killed': 'ready' }
/** How the scan in hand ends. */
const SCAN_ENDS: Readonly<Record<Incident, ScanError['kind'] | 'page'>> = { unplugged: 'scanner-gone', silent: 'scanner-gone', noise: 'bad-image', late: 'page', 'host-killed': 'cancelled' }

function leafStates(): readonly string[] {
  const leaves: string[] = []
  const walk = (node: { readonly path: readonly string[]; readonly states: Readonly<Record<string, object>> }): void => {
    const children = Object.values(node.states) as (typeof node)[]
    if (children.length === 0) leaves.push(node.path.join('.'))
    for (const child of children) walk(child)
  }
  walk(scannerMachine.root)
  return leaves
}

it('every state of the machine has its row', () => {
  expect([...Object.keys(STATES), ...PASSED_THROUGH].sort()).toEqual([...leafStates()].sort())
})

describe.each(KINDS)('a scanner over %s', (kind) => {
  const rows = Object.entries(STATES).flatMap(([state, row]) => (typeof row === 'function' ? [{ state, into: row }] : row.only === kind ? [{ state, into: row.into }] : []))
  it.each(rows.flatMap((row) => INCIDENTS.map((incident) => ({ ...row, incident }))))('that stands in $state and is $incident', async ({ into, incident }) => {
    const bench = build(kind)
    let driver = bench.make()
    const running = await into(bench, driver)

    if (incident === 'host-killed') {
      // As the device host ends: whoever waits is told, then everything stops; its successor knows nothing.
      running?.cancel.abort()
      await Promise.all([driver.stop(), bench.pass(20_000)])
      const before = running
      driver = bench.make()
      driver.start()
      if (before !== undefined) expect(before.result).toEqual({ ok: false, error: { kind: 'cancelled' } })
    } else bench.line.state = incident satisfies LineState

    if (running !== undefined) {
      await until(bench, () => running.result !== undefined, 'an end of the scan')
      const end = running.result?.ok === true ? 'page' : running.result?.error
      expect(end === 'page' ? end : end?.kind).toBe(SCAN_ENDS[incident])
      if (end !== undefined && end !== 'page') for (const language of ['zh-CN', 'en'] as const) expect(scanErrorSentences(end).citizen[language].length).toBeGreaterThan(3)
    }
    await bench.pass(TROUBLE_MS + 40_000)
    expect(driver.status().state).toBe(STATE_WHILE[incident])
    expect(DEVICE_STATE_SENTENCES['document-scanner'][driver.status().state].citizen['zh-CN'].length).toBeGreaterThan(3)

    bench.line.state = 'well'
    await until(bench, () => driver.status().state === 'ready', 'back')
    const again = scan(driver)
    await until(bench, () => again.result !== undefined, 'scanned again')
    expect(again.result?.ok).toBe(true)
    expect(readdirSync(bench.folder)).toEqual([])

    await Promise.all([driver.stop(), bench.pass(20_000)])
    await bench.pass(LONG_MS)
    expect(bench.clock.pending).toBe(0)
  })
})
