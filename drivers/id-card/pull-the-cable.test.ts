/**
 * For each state in which the reader's machine can stand, each thing that may happen to the cable: the right public state,
 * the right end of the reading in hand with its sentence, and back by itself when the cable is well again.
 */
import { describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { CardReadError, CardReading } from '../../core/device/operations.ts'
import { cardReadErrorSentences, DEVICE_STATE_SENTENCES } from '../../core/device/sentences.ts'
import type { DeviceState } from '../../core/device/status.ts'
import type { Result } from '../../core/result/result.ts'
import { cardReaderMachine } from './machine.ts'
import { createIdCardReader } from './service.ts'
import type { IdCardReader } from './service.ts'
import { readReply, reply, RESIDENT, residentText } from './testing/replies.ts'
import { ScriptedReader } from './testing/scripted-reader.ts'
import type { Answer } from './testing/scripted-reader.ts'

const OPEN_MS = 100
const SETTLE_MS = 1000
/** Into the state that the opening goes through, with every answer at 10 ms. */
const TO_PROBING_MS = OPEN_MS + SETTLE_MS
const TO_READY_MS = TO_PROBING_MS + 50
/** Longer than any back-off and the minute of a broken module together. */
const LONG_MS = 150_000

const FOUND = reply(0x9f, new Uint8Array(4))
const SELECTED = reply(0x90, new Uint8Array(8))
const CARD = readReply(residentText(RESIDENT))

interface Bench {
  readonly clock: SimulatedClock
  readonly device: ScriptedReader
  readonly reader: IdCardReader
}

interface Reading {
  result: Result<CardReading, CardReadError> | undefined
}

function build(clock = new SimulatedClock(), device = new ScriptedReader(clock)): Bench {
  device.openMs = OPEN_MS
  const reader = createIdCardReader(
    { id: 'card', class: 'id-card', address: { kind: 'tcp', host: '127.0.0.1', port: 1 }, additionalAddress: true },
    { clock, open: [device.line('test', SETTLE_MS)], log: () => undefined },
  )
  return { clock, device, reader }
}

/** A card lies there, and can be found as often as is asked. */
function cardLies({ device }: Bench): void {
  Object.assign(device.usual, { find: FOUND, select: SELECTED, read: CARD, 'more-addresses': reply(0x91) })
}

function ask({ reader }: Bench): Reading {
  const reading: Reading = { result: undefined }
  void reader.read({ timeoutMs: 10 * LONG_MS }, () => undefined, new AbortController().signal).then((result) => {
    reading.result = result
  })
  return reading
}

/** Takes half a second to come, so that the machine stands and waits for it. */
const slowly = (bytes: Uint8Array): Answer => [{ afterMs: 500, bytes }]

async function ready(bench: Bench): Promise<void> {
  bench.reader.start()
  await bench.clock.advance(TO_READY_MS)
}

async function readingAt(bench: Bench, step: 'find' | 'select' | 'read' | 'more-addresses', good: Uint8Array): Promise<Reading> {
  await ready(bench)
  cardLies(bench)
  bench.device.next[step] = [slowly(good)]
  const reading = ask(bench)
  await bench.clock.advance(100)
  return reading
}

async function broken(bench: Bench): Promise<void> {
  bench.device.usual['status'] = reply(0x66)
  bench.reader.start()
}

const FAULTS = ['unplug', 'silence', 'noise', 'late answer', 'host killed'] as const
type Fault = (typeof FAULTS)[number]
type End = 'ok' | CardReadError['kind'] | 'none'

interface Row {
  /** Brings the machine there; gives the reading in hand, if there is one. */
  readonly reach: (bench: Bench) => Promise<Reading | void>
  /** Public state after the fault, where it is not that of {@link USUAL}. */
  readonly state?: Partial<Record<Exclude<Fault, 'host killed'>, DeviceState>>
  /** End of the reading in hand, likewise. */
  readonly end?: Partial<Record<Fault, End>>
}

/** What happens nearly everywhere. */
const USUAL: { readonly state: Record<Exclude<Fault, 'host killed'>, DeviceState>; readonly end: Record<Fault, End> } = {
  state: { unplug: 'offline', silence: 'offline', noise: 'offline', 'late answer': 'ready' },
  end: { unplug: 'reader-gone', silence: 'reader-gone', noise: 'reader-gone', 'late answer': 'ok', 'host killed': 'reader-gone' },
}

const ROWS: Readonly<Record<string, Row>> = {
  // Nobody has started it: nothing that happens to the cable is noticed.
  closed: { reach: async () => undefined, state: { unplug: 'starting', silence: 'starting', noise: 'starting', 'late answer': 'starting' } },
  opening: {
    reach: async ({ reader, clock }) => {
      reader.start()
      await clock.advance(OPEN_MS / 2)
    },
  },
  settling: {
    reach: async ({ reader, clock }) => {
      reader.start()
      await clock.advance(OPEN_MS + SETTLE_MS / 2)
    },
  },
  'probing.status': {
    reach: async (bench) => {
      bench.device.next['status'] = [slowly(reply(0x90))]
      bench.reader.start()
      const reading = ask(bench)
      cardLies(bench)
      await bench.clock.advance(TO_PROBING_MS + 50)
      return reading
    },
    // The line is closed and opened again, and who waited has been told.
    end: { 'late answer': 'reader-gone' },
  },
  'probing.samNumber': {
    reach: async ({ device, reader, clock }) => {
      device.next['sam-number'] = ['silence']
      reader.start()
      await clock.advance(TO_PROBING_MS + 100)
    },
  },
  closing: {
    reach: async ({ device, reader, clock }) => {
      device.next['status'] = ['silence']
      device.closeMs = 200
      reader.start()
      await clock.advance(TO_PROBING_MS + 1050)
    },
  },
  backOff: {
    reach: async ({ device, reader, clock }) => {
      device.absent = { kind: 'not-found', detail: 'not yet' }
      reader.start()
      await clock.advance(OPEN_MS + 100)
      device.plug()
    },
  },
  'ready.idle': { reach: ready },
  'ready.heartbeat': {
    reach: async (bench) => {
      await ready(bench)
      bench.device.next['status'] = [slowly(reply(0x90))]
      await bench.clock.advance(45_100)
    },
  },
  'ready.seeking.finding': { reach: (bench) => readingAt(bench, 'find', FOUND) },
  'ready.seeking.looking': {
    reach: async (bench) => {
      await ready(bench)
      cardLies(bench)
      ask(bench)
      await bench.clock.advance(100)
      bench.device.next['find'] = [reply(0x80)]
      bench.device.next['select'] = [slowly(SELECTED)]
      const reading = ask(bench)
      await bench.clock.advance(100)
      return reading
    },
  },
  'ready.seeking.pausing': {
    reach: async (bench) => {
      await ready(bench)
      cardLies(bench)
      bench.device.next['find'] = [reply(0x80)]
      const reading = ask(bench)
      await bench.clock.advance(100)
      return reading
    },
  },
  'ready.selecting': { reach: (bench) => readingAt(bench, 'select', SELECTED) },
  'ready.reading': { reach: (bench) => readingAt(bench, 'read', CARD) },
  // The card has been read: nothing spoils that any more, but for the end of the host.
  'ready.extra': { reach: (bench) => readingAt(bench, 'more-addresses', reply(0x91)), end: { unplug: 'ok', silence: 'ok', noise: 'ok' } },
  'fault.resetting': {
    reach: async (bench) => {
      bench.device.next['reset'] = [slowly(reply(0x90))]
      await broken(bench)
      await bench.clock.advance(TO_PROBING_MS + 100)
    },
    state: { 'late answer': 'fault' },
  },
  'fault.recovering': {
    reach: async (bench) => {
      await broken(bench)
      await bench.clock.advance(TO_PROBING_MS + 200)
    },
    // The late answer is that of the probe, after which the line is opened again; the module is still broken then.
    state: { 'late answer': 'fault' },
  },
  'fault.outOfOrder': {
    reach: async (bench) => {
      await broken(bench)
      await bench.clock.advance(TO_PROBING_MS + 2000)
    },
    state: { 'late answer': 'fault' },
  },
}

/** Left at once by a transition that needs no event: nobody can stand in them. */
const TRANSIENT = ['ready.judging', 'fault.deciding']

type Node = { readonly states: Readonly<Record<string, Node>> }

function leavesOf(node: Node, path = ''): string[] {
  const inner = Object.entries(node.states)
  return inner.length === 0 ? [path] : inner.flatMap(([name, child]) => leavesOf(child, path === '' ? name : `${path}.${name}`))
}

async function strike({ device, clock }: Bench, fault: Exclude<Fault, 'host killed'>): Promise<void> {
  switch (fault) {
    case 'unplug':
      device.unplug()
      // An open that is under way, or a back-off, comes to its end.
      await clock.advance(5000)
      return
    case 'silence':
      device.cable = 'silent'
      break
    case 'noise':
      device.cable = 'noisy'
      break
    case 'late answer':
      device.lateOnceMs = 5000
  }
  await clock.advance(LONG_MS)
}

function expectEnd(reading: Reading | void, end: End): void {
  if (reading === undefined) return
  expect(reading.result === undefined ? 'none' : reading.result.ok ? 'ok' : reading.result.error.kind).toBe(end)
  if (reading.result?.ok === false) {
    const { citizen } = cardReadErrorSentences(reading.result.error)
    expect(citizen['zh-CN'].length).toBeGreaterThan(4)
    expect(citizen.en.length).toBeGreaterThan(10)
  }
}

async function isWellAgain(bench: Bench): Promise<void> {
  bench.device.plug()
  bench.device.cable = 'clean'
  bench.device.lateOnceMs = 0
  bench.device.closeMs = 0
  bench.device.usual['status'] = reply(0x90)
  if (bench.reader.place() === 'closed') bench.reader.start()
  await bench.clock.advance(LONG_MS)
  expect(bench.reader.status().state).toBe('ready')
  cardLies(bench)
  const reading = ask(bench)
  await bench.clock.advance(3000)
  expectEnd(reading, 'ok')
  await bench.reader.stop()
  bench.device.forget()
  expect(bench.clock.pending).toBe(0)
}

test('every state of the machine has its row', () => {
  expect(Object.keys(ROWS).toSorted()).toEqual(leavesOf(cardReaderMachine.root as unknown as Node).filter((leaf) => !TRANSIENT.includes(leaf)).toSorted())
})

describe.each(Object.entries(ROWS))('in %s', (place, { reach, state, end }) => {
  test.each(FAULTS.filter((fault) => fault !== 'host killed'))('%s', async (fault) => {
    const bench = build()
    const reading = await reach(bench)
    expect(bench.reader.place()).toBe(place)
    await strike(bench, fault)
    const expected = state?.[fault] ?? USUAL.state[fault]
    expect(bench.reader.status().state).toBe(expected)
    expect(DEVICE_STATE_SENTENCES['id-card'][expected].citizen['zh-CN'].length).toBeGreaterThan(1)
    expectEnd(reading, end?.[fault] ?? USUAL.end[fault])
    await isWellAgain(bench)
  })

  test('host killed', async () => {
    const bench = build()
    const reading = await reach(bench)
    expect(bench.reader.place()).toBe(place)
    const stopping = bench.reader.stop()
    await bench.clock.advance(1000)
    await stopping
    expectEnd(reading, USUAL.end['host killed'])
    // What the dead one asked may still be answered to its successor.
    await isWellAgain(build(bench.clock, bench.device))
  })
})
