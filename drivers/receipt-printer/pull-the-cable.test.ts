import { describe, expect, it } from 'vitest'
import type { StateValue } from 'xstate'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { PrintOutcome } from '../../core/device/operations.ts'
import { DEVICE_STATE_SENTENCES, printSentences } from '../../core/device/sentences.ts'
import type { PrintJob, ReceiptPrinterService } from '../device-host/contract.ts'
import { lazyGlyphBook, printerAssetsFolder, readPrinterProfile } from './assets.ts'
import { createPrinterMachine } from './machine.ts'
import type { ReceiptPrinterProfile } from './profile.ts'
import { receiptPrinterOn } from './service.ts'
import { ScriptedPrinter } from './testing/scripted-printer.ts'

/**
 * Each state of the printer's machine × each thing that can happen to a cable. The states are taken from the machine itself:
 * one that no scenario reaches fails the first test.
 */
const folder = printerAssetsFolder()
const glyphs = lazyGlyphBook(folder)
function profileNamed(name: string): ReceiptPrinterProfile {
  const profile = readPrinterProfile(folder, name)
  if (!profile.ok) throw new Error(profile.error.kind)
  return profile.value
}

const OURS = 'k7Q2'
const JOB: PrintJob = { document: { number: 'A-1', blocks: [{ kind: 'title', text: '回执' }] }, attempt: 1, processId: OURS, voidStubFirst: false }
const PAPER_OUT: [number, number, number, number] = [0x1a, 0x32, 0x12, 0x72]
const NORMAL: [number, number, number, number] = [0x12, 0x12, 0x12, 0x12]

/** Leaves of the machine in which it can stand still. */
function statesOfMachine(): string[] {
  const machine = createPrinterMachine({ profile: profileNamed('escpos-80'), clock: new SimulatedClock(), open: new ScriptedPrinter().open, log: () => undefined, device: 'receipt', onTicket: () => undefined })
  const leaves: string[] = []
  const visit = (node: (typeof machine)['root'], path: string): void => {
    const children = Object.values(node.states)
    for (const child of children) visit(child, path === '' ? child.key : `${path}.${child.key}`)
    // Left again in the same moment when its last way out has no condition.
    const isPassedThrough = node.always?.some((transition) => transition.guard === undefined) === true
    if (children.length === 0 && !isPassedThrough) leaves.push(path)
  }
  visit(machine.root, '')
  return leaves.sort()
}

function leavesOf(value: StateValue, path = ''): string[] {
  if (typeof value === 'string') return [path === '' ? value : `${path}.${value}`]
  return Object.entries(value).flatMap(([key, child]) => (child === undefined ? [] : leavesOf(child, path === '' ? key : `${path}.${key}`)))
}

interface Stage {
  readonly clock: SimulatedClock
  readonly printer: ScriptedPrinter
  service: ReceiptPrinterService
  /** Prints unless the fault has come before. */
  readonly print: () => void
  readonly wasHit: () => boolean
}

interface Scenario {
  readonly profile: ReceiptPrinterProfile
  /** How the printer answers when nothing is wrong. */
  readonly answers?: [number, number, number, number]
  readonly play: (stage: Stage) => Promise<void>
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'a receipt is printed': {
    profile: profileNamed('escpos-80'),
    play: async ({ clock, printer, print }) => {
      await clock.advance(3_000)
      print()
      await clock.advance(700)
      printer.saysProcessId(OURS)
      await clock.advance(2_000)
    },
  },
  'a port that is missing at first': {
    profile: profileNamed('escpos-80'),
    play: async ({ clock, printer, wasHit }) => {
      await clock.advance(100)
      printer.isPulled()
      printer.openResult = { kind: 'not-found', detail: 'missing' }
      await clock.advance(1_000)
      if (!wasHit()) printer.openResult = undefined
      await clock.advance(4_000)
    },
  },
  'paper ends in the middle and is changed': {
    profile: profileNamed('escpos-80'),
    play: async ({ clock, printer, print, wasHit }) => {
      await clock.advance(100)
      print()
      await clock.advance(0)
      if (!wasHit()) printer.answers = [...PAPER_OUT]
      await clock.advance(3_000)
      if (!wasHit()) printer.answers = [...NORMAL]
      await clock.advance(5_000)
    },
  },
  'a printer without process id': {
    profile: profileNamed('escpos-80-basic'),
    play: async ({ clock, printer, print }) => {
      await clock.advance(2_000)
      print()
      await clock.advance(2_000)
      printer.says(0x00)
      await clock.advance(6_000)
    },
  },
  'paper ends in a printer that clears without a word': {
    profile: profileNamed('snbc-bt-ur056'),
    answers: [0x12, 0x12, 0x12, 0x1e],
    play: async ({ clock, printer, print, wasHit }) => {
      await clock.advance(100)
      print()
      await clock.advance(2_000)
      if (!wasHit()) printer.answers = [0x1a, 0x32, 0x12, 0x12]
      await clock.advance(3_000)
      if (!wasHit()) printer.answers = [0x12, 0x12, 0x12, 0x1e]
      await clock.advance(5_000)
    },
  },
  'a ticket that nobody takes': {
    profile: profileNamed('pyramid-reliance'),
    play: async ({ clock, printer, print }) => {
      await clock.advance(100)
      print()
      await clock.advance(2_000)
      printer.says(0x00)
      printer.full = [0x20, 0, 0, 0]
      await clock.advance(27_000)
      printer.full = [0, 0, 0, 0]
      await clock.advance(2_000)
    },
  },
  'a service that was stopped': {
    profile: profileNamed('escpos-80'),
    play: async ({ clock, service }) => {
      await clock.advance(1_000)
      await service.stop()
      await clock.advance(100)
    },
  },
}

const FAULTS = ['unplug', 'silence', 'noise', 'late answer', 'host killed'] as const
type Fault = (typeof FAULTS)[number]
const FAULT_LASTS_MS = 25_000
const HEALS_WITHIN_MS = 20_000

interface Played {
  readonly visited: ReadonlySet<string>
  readonly outcomes: readonly PrintOutcome[]
  /** Whether bytes of the receipt had gone out, and whether its end was known, when the fault came. */
  readonly atFault: { readonly sent: boolean; readonly ended: boolean; readonly asked: boolean } | undefined
  readonly statusDuring: string
  readonly statusAfter: string
  readonly timersLeft: number
}

async function play(scenario: Scenario, hit?: { readonly state: string; readonly fault: Fault }): Promise<Played> {
  const clock = new SimulatedClock()
  const printer = new ScriptedPrinter()
  if (scenario.answers !== undefined) printer.answers = [...scenario.answers]
  const visited = new Set<string>()
  const outcomes: PrintOutcome[] = []
  let sendings = 0
  let asked = false
  /** Before it is started, no cable is of any concern to it. */
  let isStarted = false
  let atFault: Played['atFault']
  let killed: Promise<void> | undefined

  const make = (): ReceiptPrinterService => receiptPrinterOn({ id: 'receipt', class: 'receipt-printer', address: { kind: 'tcp', host: 'x', port: 1 }, profile: 'p' }, scenario.profile, {
    clock, open: printer.open, log: () => undefined, glyphs,
    onState: (value) => {
      if (!isStarted) return
      for (const leaf of leavesOf(value)) {
        visited.add(leaf)
        if (leaf !== hit?.state || atFault !== undefined) continue
        atFault = { sent: sendings > 0, ended: outcomes.length > 0, asked }
        const { fault } = hit
        queueMicrotask(() => strike(fault))
      }
    },
  })
  const stage: Stage = {
    clock, printer, service: make(), wasHit: () => atFault !== undefined,
    print: () => {
      if (atFault !== undefined) return
      asked = true
      void stage.service.print(JOB, () => (sendings += 1)).then((outcome) => outcomes.push(outcome))
    },
  }
  function strike(fault: Fault): void {
    switch (fault) {
      case 'unplug':
        printer.openResult = { kind: 'not-found', detail: 'pulled' }
        printer.isPulled()
        return
      case 'silence':
        printer.isMute = true
        return
      case 'noise':
        // Bytes of every kind, but no answer that any printer gives.
        printer.says(...Array.from({ length: 300 }, (_, index) => 0x80 | ((index * 89) & 0x7f)))
        return
      case 'late answer':
        printer.isHolding = true
        clock.setTimeout(() => printer.letGo(), 1_300)
        return
      case 'host killed':
        killed = stage.service.stop()
    }
  }

  isStarted = true
  stage.service.start()
  await scenario.play(stage)
  await clock.advance(hit === undefined ? 0 : FAULT_LASTS_MS)
  await killed
  const visitedInPlay = new Set(visited)
  const statusDuring = stage.service.status().state
  // The cable is back, the printer is well.
  printer.openResult = undefined
  printer.isMute = false
  printer.answers = [...(scenario.answers ?? NORMAL)]
  printer.full = [0, 0, 0, 0]
  if (stage.service.status().code === 'stopped') {
    stage.service = make()
    stage.service.start()
  }
  await clock.advance(HEALS_WITHIN_MS)
  const statusAfter = stage.service.status().state
  await stage.service.stop()
  await clock.advance(10_000)
  return { visited: visitedInPlay, outcomes, atFault, statusDuring, statusAfter, timersLeft: clock.pending }
}

const STATES = statesOfMachine()
const scenarioOf = new Map<string, string>()
for (const [name, scenario] of Object.entries(SCENARIOS)) for (const state of (await play(scenario)).visited) if (!scenarioOf.has(state)) scenarioOf.set(state, name)

it('every state of the machine has a scenario that reaches it', () => {
  expect([...scenarioOf.keys()].sort()).toEqual(STATES)
})

describe.each(STATES)('in %s', (state) => {
  it.each(FAULTS)('%s', async (fault) => {
    const scenario = SCENARIOS[scenarioOf.get(state) ?? '']
    if (scenario === undefined) throw new Error(`no scenario reaches ${state}`)
    const { outcomes, atFault, statusDuring, statusAfter, timersLeft } = await play(scenario, { state, fault })
    if (atFault === undefined) throw new Error(`${state} was not reached`)
    const { sent, ended, asked } = atFault

    // One outcome for one print, by how far it had come; each has its sentence.
    expect(outcomes).toHaveLength(asked ? 1 : 0)
    for (const outcome of outcomes) {
      const lost = fault === 'unplug' || fault === 'silence' || fault === 'host killed'
      if (!ended && sent) expect(lost ? ['unknown'] : ['unknown', 'voided', 'printed']).toContain(outcome.kind)
      if (!ended && !sent && lost) expect(outcome.kind).toBe('not-started')
      expect(printSentences(outcome).citizen['zh-CN']).not.toBe('')
      expect(printSentences(outcome).citizen.en).not.toBe('')
    }
    // What everybody sees meanwhile …
    if (fault === 'unplug' || fault === 'silence' || fault === 'host killed') expect(statusDuring).toBe('offline')
    expect(DEVICE_STATE_SENTENCES['receipt-printer'][statusDuring as 'offline'].citizen['zh-CN']).not.toBe('')
    // … and that it comes back by itself.
    expect(statusAfter).toBe('ready')
    expect(timersLeft).toBe(0)
  })
})
