import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { PagePrintOutcome } from '../../core/device/operations.ts'
import { DEVICE_STATE_SENTENCES, pagePrintSentences } from '../../core/device/sentences.ts'
import type { PagePrinterService } from '../device-host/contract.ts'
import { HELD_UP_LIMIT_MS, pagePrinterMachine } from './machine.ts'
import { createPagePrinter } from './service.ts'
import type { Line } from './testing/scripted-printer.ts'
import { ScriptedPrinter } from './testing/scripted-printer.ts'

const FAULTS = ['unplugged', 'silent', 'noise', 'late', 'host killed'] as const
type Fault = (typeof FAULTS)[number]

/** Longer than every limit of the machine together, so that whatever is in flight has ended. */
const LONG_MS = 300_000
/** Longer than the longest wait before a printer that was gone is asked again, and its answer. */
const COMES_BACK_WITHIN_MS = 20_000

class Bench {
  readonly clock = new SimulatedClock()
  readonly printer = new ScriptedPrinter(this.clock)
  readonly outcomes: PagePrintOutcome[] = []
  service: PagePrinterService = this.#made()

  #made(): PagePrinterService {
    return createPagePrinter({ id: 'pages', class: 'page-printer', address: { kind: 'ipp', url: 'ipp://printer/ipp/print' }, via: 'printer', duplex: false }, { clock: this.clock, post: this.printer.post, log: () => undefined })
  }

  async begin(): Promise<void> {
    this.service.start()
    await this.clock.advance(0)
  }

  async print(number = 'N-1'): Promise<void> {
    void this.service.print({ number, pdf: Uint8Array.of(1), pages: 2 }, () => undefined).then((outcome) => this.outcomes.push(outcome))
    await this.clock.advance(0)
  }

  /** The process dies with everything in it; another one begins anew. */
  async kill(): Promise<void> {
    await this.service.stop()
    await this.clock.advance(0)
    expect(this.clock.pending).toBe(0)
    this.printer.letGo()
    this.service = this.#made()
    await this.begin()
  }
}

/** How far an operation is when the fault comes. `after`: something of the document may be at the printer. */
type Operation = 'none' | 'before' | 'after'

/** How each state of the machine is reached, and what is in flight there. */
const STATES: Readonly<Record<string, { readonly operation: Operation; readonly reach: (bench: Bench) => Promise<void> }>> = {
  stopped: { operation: 'none', reach: async () => undefined },
  looking: { operation: 'none', reach: async (bench) => { bench.printer.hold = 'getPrinterAttributes'; await bench.begin() } },
  resting: { operation: 'none', reach: async (bench) => { await bench.begin() } },
  takingBack: {
    operation: 'none',
    reach: async (bench) => {
      await bench.begin()
      await bench.print()
      bench.printer.becomes('unplugged')
      await bench.clock.advance(60_000)
      bench.outcomes.length = 0
      bench.printer.becomes('well')
      bench.printer.hold = 'getJobs'
      await bench.clock.advance(COMES_BACK_WITHIN_MS)
      expect(bench.printer.asked.at(-1)).toBe('getJobs')
    },
  },
  preflight: { operation: 'before', reach: async (bench) => { await bench.begin(); bench.printer.hold = 'getPrinterAttributes'; await bench.print() } },
  waitingForTurn: { operation: 'before', reach: async (bench) => { await bench.begin(); bench.printer.otherJobs = 1; await bench.print() } },
  recognising: { operation: 'before', reach: async (bench) => { await bench.begin(); bench.printer.hold = 'getJobs'; await bench.print() } },
  sending: { operation: 'after', reach: async (bench) => { await bench.begin(); bench.printer.hold = 'printJob'; await bench.print() } },
  searching: {
    operation: 'after',
    reach: async (bench) => {
      await bench.begin()
      bench.printer.printAnswer = 'dropped'
      await bench.print()
      bench.printer.hold = 'getJobs'
      await bench.clock.advance(700)
      expect(bench.printer.asked.at(-1)).toBe('getJobs')
    },
  },
  searchingAgain: { operation: 'after', reach: async (bench) => { await bench.begin(); bench.printer.printAnswer = 'dropped'; await bench.print() } },
  following: { operation: 'after', reach: async (bench) => { await bench.begin(); bench.printer.hold = 'getJobAttributes'; await bench.print() } },
  betweenLooks: { operation: 'after', reach: async (bench) => { await bench.begin(); await bench.print() } },
  cancelling: {
    operation: 'after',
    reach: async (bench) => {
      await bench.begin()
      await bench.print()
      bench.printer.reasons = ['media-jam-error']
      bench.printer.hold = 'cancelJob'
      await bench.clock.advance(HELD_UP_LIMIT_MS + 1_500)
      expect(bench.printer.asked.at(-1)).toBe('cancelJob')
      bench.printer.reasons = ['none']
    },
  },
}

const machine = pagePrinterMachine({ work: {} as never, clock: new SimulatedClock(), duplex: false, note: () => undefined })

describe('pull the cable', () => {
  it('has a row for every state of the machine in which it can stand', () => {
    const standing = Object.entries(machine.config.states ?? {}).filter(([, state]) => !('always' in (state as object))).map(([name]) => name)
    expect(Object.keys(STATES).toSorted()).toEqual(standing.toSorted())
  })

  describe.each(Object.entries(STATES))('%s', (state, { operation, reach }) => {
    it.each(FAULTS)('%s', async (fault) => {
      const bench = new Bench()
      await reach(bench)
      const started = state !== 'stopped'
      const before = bench.printer.printJobs

      if (fault === 'host killed') await bench.kill()
      else bench.printer.becomes(fault satisfies Line)
      await bench.clock.advance(LONG_MS)

      // The public state is true.
      const publicState = bench.service.status().state
      expect(publicState).toBe(publicStateIn(fault, started, bench))
      expect(DEVICE_STATE_SENTENCES['page-printer'][publicState].citizen['zh-CN'].length).toBeGreaterThan(0)

      // The operation in flight has ended, as what it is, with a sentence for the citizen.
      expect(bench.outcomes.map(({ kind }) => kind)).toEqual(endsIn(operation))
      for (const outcome of bench.outcomes) expect(pagePrintSentences(outcome).citizen.en.length).toBeGreaterThan(0)
      // Nothing was sent by the fault, and never twice.
      expect(bench.printer.printJobs).toBe(before)

      // The cable is back: so is the printer, by itself.
      bench.printer.becomes('well')
      bench.printer.otherJobs = 0
      for (const job of bench.printer.jobs) if (fault === 'host killed' && job.state < 7) job.state = 9
      if (!started && fault !== 'host killed') await bench.begin()
      await bench.clock.advance(COMES_BACK_WITHIN_MS)
      expect(bench.service.status().state).toBe('ready')
      expect(bench.printer.printJobs).toBe(before)
      // What had been given up does not lie in the printer for the next person.
      expect(bench.printer.jobs.every((job) => job.state >= 7)).toBe(true)

      await bench.service.stop()
      await bench.clock.advance(0)
      expect(bench.clock.pending).toBe(0)
    })
  })
})

function publicStateIn(fault: Fault, started: boolean, bench: Bench): string {
  // A new process finds the printer well, or at work on what the old one left there.
  if (fault === 'host killed') return bench.printer.otherJobs > 0 || bench.printer.jobs.some((job) => job.state < 7) ? 'busy' : 'ready'
  if (!started) return 'starting'
  return fault === 'noise' ? 'fault' : 'offline'
}

function endsIn(operation: Operation): readonly PagePrintOutcome['kind'][] {
  switch (operation) {
    case 'none': return []
    case 'before': return ['not-started']
    case 'after': return ['unknown']
  }
}
