/**
 * For each state in which the scanner's machine can stand, each thing that may happen to the cable: the right public state,
 * the right end of the waiting in hand with its sentence, and back by itself when the cable is well again.
 */
import { describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { CodeReadError, ScannedCode } from '../../core/device/operations.ts'
import { codeReadErrorSentences, DEVICE_STATE_SENTENCES } from '../../core/device/sentences.ts'
import type { DeviceState } from '../../core/device/status.ts'
import type { Result } from '../../core/result/result.ts'
import { codeScannerMachine } from './machine.ts'
import { createCodeScanner } from './service.ts'
import type { CodeScanner } from './service.ts'
import { ScriptedScanner } from './testing/scripted-scanner.ts'

const OPEN_MS = 100
const PAGE_LIMIT_MS = 20_000
/** Longer than the limit of noise, shorter than the minute after which a faulty line is opened anew. */
const NOISE_MS = 10_000
/** Longer than any back-off and the minute of a fault together. */
const LONG_MS = 150_000
const NOISE = Uint8Array.of(0x00, 0x7f, 0x0d, 0x01)

interface Bench {
  readonly clock: SimulatedClock
  readonly device: ScriptedScanner
  readonly scanner: CodeScanner
}

interface Reading {
  result: Result<ScannedCode, CodeReadError> | undefined
}

function build(clock = new SimulatedClock(), device = new ScriptedScanner(clock)): Bench {
  device.openMs = OPEN_MS
  const scanner = createCodeScanner({ id: 'code', class: 'code-scanner', address: { kind: 'tcp', host: '127.0.0.1', port: 1, terminator: 'cr' } }, { clock, open: device.line(), log: () => undefined })
  return { clock, device, scanner }
}

function ask({ scanner }: Bench): Reading {
  const reading: Reading = { result: undefined }
  void scanner.readCode({ timeoutMs: PAGE_LIMIT_MS }, new AbortController().signal).then((result) => {
    reading.result = result
  })
  return reading
}

async function ready({ scanner, clock }: Bench): Promise<void> {
  scanner.start()
  await clock.advance(OPEN_MS)
}

async function makeNoise({ device, clock }: Bench, forMs: number): Promise<void> {
  for (let passed = 0; passed < forMs; passed += 50) {
    device.say(NOISE)
    await clock.advance(50)
  }
}

async function faulty(bench: Bench): Promise<void> {
  await ready(bench)
  await makeNoise(bench, 5050)
}

const FAULTS = ['unplug', 'silence', 'noise', 'late answer', 'host killed'] as const
type Fault = (typeof FAULTS)[number]
type End = 'ok' | CodeReadError['kind'] | 'none'

interface Row {
  /** Brings the machine there; gives the waiting in hand, if there is one. */
  readonly reach: (bench: Bench) => Promise<Reading | void>
  /** Public state after the fault, where it is not that of {@link USUAL}. */
  readonly state?: Partial<Record<Exclude<Fault, 'host killed'>, DeviceState>>
}

/** What happens nearly everywhere. A scanner that says nothing is well: nobody may have shown a code. */
const USUAL: { readonly state: Record<Exclude<Fault, 'host killed'>, DeviceState>; readonly end: Record<Fault, End> } = {
  state: { unplug: 'offline', silence: 'ready', noise: 'fault', 'late answer': 'ready' },
  end: { unplug: 'scanner-gone', silence: 'timeout', noise: 'fault', 'late answer': 'timeout', 'host killed': 'scanner-gone' },
}

const ROWS: Readonly<Record<string, Row>> = {
  // Nobody has started it: nothing that happens to the cable is noticed.
  closed: { reach: async () => undefined, state: { unplug: 'starting', silence: 'starting', noise: 'starting', 'late answer': 'starting' } },
  opening: {
    reach: async (bench) => {
      bench.scanner.start()
      const reading = ask(bench)
      await bench.clock.advance(OPEN_MS / 2)
      return reading
    },
  },
  backOff: {
    reach: async ({ device, scanner, clock }) => {
      device.absent = { kind: 'not-found', detail: 'not yet' }
      scanner.start()
      await clock.advance(OPEN_MS + 100)
      device.plug()
    },
  },
  'ready.request.idle': { reach: ready },
  'ready.request.waiting': {
    reach: async (bench) => {
      await ready(bench)
      return ask(bench)
    },
  },
  'ready.line.clean': { reach: ready },
  'ready.line.checking': {
    reach: async (bench) => {
      await ready(bench)
      bench.device.presentMs = 1000
      await bench.clock.advance(9_000)
      const reading = ask(bench)
      await bench.clock.advance(1_100)
      return reading
    },
  },
  'ready.line.noisy': {
    reach: async (bench) => {
      await ready(bench)
      const reading = ask(bench)
      bench.device.say(NOISE)
      return reading
    },
  },
  fault: { reach: faulty },
  reopening: {
    reach: async (bench) => {
      await faulty(bench)
      bench.device.closeMs = 200
      await makeNoise(bench, 60_000)
    },
  },
}

type Node = { readonly states: Readonly<Record<string, Node>> }

function leavesOf(node: Node, path = ''): string[] {
  const inner = Object.entries(node.states)
  return inner.length === 0 ? [path] : inner.flatMap(([name, child]) => leavesOf(child, path === '' ? name : `${path}.${name}`))
}

async function strike(bench: Bench, fault: Exclude<Fault, 'host killed'>): Promise<void> {
  switch (fault) {
    case 'unplug':
      bench.device.unplug()
      // An open that is under way, or a back-off, comes to its end.
      return bench.clock.advance(2000)
    case 'silence':
      return bench.clock.advance(LONG_MS)
    case 'noise':
      return makeNoise(bench, NOISE_MS)
    case 'late answer':
      await bench.clock.advance(PAGE_LIMIT_MS)
      bench.device.say('LATE-CODE\r')
      return bench.clock.advance(LONG_MS)
  }
}

function expectEnd(reading: Reading | void, end: End): void {
  if (reading === undefined) return
  expect(reading.result === undefined ? 'none' : reading.result.ok ? 'ok' : reading.result.error.kind).toBe(end)
  if (reading.result?.ok === false) {
    const { citizen } = codeReadErrorSentences(reading.result.error)
    expect(citizen['zh-CN'].length).toBeGreaterThan(4)
    expect(citizen.en.length).toBeGreaterThan(10)
  }
}

async function isWellAgain(bench: Bench): Promise<void> {
  bench.device.plug()
  if (bench.scanner.places().includes('closed')) bench.scanner.start()
  await bench.clock.advance(LONG_MS)
  expect(bench.scanner.status().state).toBe('ready')
  const reading = ask(bench)
  bench.device.say('GOOD-CODE\r')
  await bench.clock.advance(0)
  expect(reading.result).toMatchObject({ ok: true, value: { text: 'GOOD-CODE' } })
  await bench.scanner.stop()
  expect(bench.clock.pending).toBe(0)
}

test('every state of the machine has its row', () => {
  expect(Object.keys(ROWS).toSorted()).toEqual(leavesOf(codeScannerMachine.root as unknown as Node).toSorted())
})

describe.each(Object.entries(ROWS))('in %s', (place, { reach, state }) => {
  test.each(FAULTS.filter((fault) => fault !== 'host killed'))('%s', async (fault) => {
    const bench = build()
    const reading = await reach(bench)
    expect(bench.scanner.places()).toContain(place)
    await strike(bench, fault)
    const expected = state?.[fault] ?? USUAL.state[fault]
    expect(bench.scanner.status().state).toBe(expected)
    expect(DEVICE_STATE_SENTENCES['code-scanner'][expected].citizen['zh-CN'].length).toBeGreaterThan(1)
    expectEnd(reading, USUAL.end[fault])
    await isWellAgain(bench)
  })

  test('host killed', async () => {
    const bench = build()
    const reading = await reach(bench)
    expect(bench.scanner.places()).toContain(place)
    const stopping = bench.scanner.stop()
    await bench.clock.advance(1000)
    await stopping
    expectEnd(reading, USUAL.end['host killed'])
    await isWellAgain(build(bench.clock, bench.device))
  })
})
