/**
 * For each state in which the reader's machine can stand, each thing that may happen between the kiosk and the card: the
 * right public state, the right end of the reading in hand with its sentence, and back by itself when all is well again.
 */
import { describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { SocialCard, SocialCardError } from '../../core/device/operations.ts'
import { DEVICE_STATE_SENTENCES, socialCardErrorSentences } from '../../core/device/sentences.ts'
import type { DeviceState } from '../../core/device/status.ts'
import type { Result } from '../../core/result/result.ts'
import { CardApplication } from '../../sandbox/devices/social-card/card-application.ts'
import { SOCIAL_CARDS } from '../../sandbox/devices/social-card/cards.ts'
import { socialCardMachine } from './machine.ts'
import { createSocialCardReader } from './service.ts'
import type { SocialCardReader } from './service.ts'
import { ScriptedPcsc } from './testing/scripted-pcsc.ts'
import type { ScriptedCard } from './testing/scripted-pcsc.ts'

/** Each call to the service takes so long, so that the machine stands and waits for it. */
const CALL_MS = 100
/** Establishing and listing. */
const TO_READY_MS = 2 * CALL_MS
const PAGE_LIMIT_MS = 60_000
/** Longer than any back-off, the minute of a fault and the page's limit together. */
const LONG_MS = 150_000

interface Bench {
  readonly clock: SimulatedClock
  readonly pcsc: ScriptedPcsc
  readonly reader: SocialCardReader
}

interface Reading {
  result: Result<SocialCard, SocialCardError> | undefined
}

function build(clock = new SimulatedClock(), pcsc = new ScriptedPcsc(clock)): Bench {
  const reader = createSocialCardReader({ id: 'social', class: 'social-card', address: { kind: 'pcsc' } }, { clock, open: pcsc.place(), log: () => undefined })
  slow(pcsc)
  return { clock, pcsc, reader }
}

function slow({ takesMs }: ScriptedPcsc): void {
  Object.assign(takesMs, { establish: CALL_MS, readers: CALL_MS, state: CALL_MS, connect: CALL_MS, transmit: CALL_MS, disconnect: CALL_MS })
}

const goodCard = (): CardApplication => new CardApplication(SOCIAL_CARDS['he-jianguo'].content)
/** What a worn contact makes of a card: an answer, but not one that means anything. */
const noisyCard: ScriptedCard = { reset: () => undefined, answer: () => Uint8Array.of(0x61) }

function ask({ reader }: Bench): Reading {
  const reading: Reading = { result: undefined }
  void reader.read({ timeoutMs: PAGE_LIMIT_MS }, () => undefined, new AbortController().signal).then((result) => {
    reading.result = result
  })
  return reading
}

async function ready({ reader, clock }: Bench): Promise<void> {
  reader.start()
  await clock.advance(TO_READY_MS + 2 * CALL_MS)
}

/**
 * `silence`: calls to the service do not come back. `noise`: the card answers nonsense. `late answer`: the calls come back
 * after their limit. `host killed`: the service is stopped and made anew.
 */
const FAULTS = ['unplug', 'silence', 'noise', 'late answer', 'host killed'] as const
type Fault = (typeof FAULTS)[number]
type End = 'ok' | SocialCardError['kind'] | 'none'

interface Row {
  /** Brings the machine there; gives the reading in hand, if there is one. */
  readonly reach: (bench: Bench) => Promise<Reading | void>
  readonly state?: Partial<Record<Exclude<Fault, 'host killed'>, DeviceState>>
  readonly end?: Partial<Record<Fault, End>>
}

/**
 * What happens nearly everywhere. A call that hangs is a fault for a minute, then the reader is away until the call is
 * back; a card that talks nonsense is the card's matter, and the reader stays well.
 */
const USUAL: { readonly state: Record<Exclude<Fault, 'host killed'>, DeviceState>; readonly end: Record<Fault, End> } = {
  state: { unplug: 'offline', silence: 'offline', noise: 'ready', 'late answer': 'ready' },
  end: { unplug: 'reader-gone', silence: 'reader-fault', noise: 'card-unreadable', 'late answer': 'reader-fault', 'host killed': 'reader-gone' },
}

const ROWS: Readonly<Record<string, Row>> = {
  // Nobody has started it: nothing that happens is noticed.
  closed: { reach: async () => undefined, state: { unplug: 'starting', silence: 'starting', noise: 'starting', 'late answer': 'starting' } },
  opening: {
    reach: async (bench) => {
      bench.reader.start()
      const reading = ask(bench)
      bench.pcsc.put(goodCard())
      await bench.clock.advance(CALL_MS / 2)
      return reading
    },
    // It has never been there: away, not broken.
    end: { silence: 'reader-gone', 'late answer': 'reader-gone' },
  },
  backOff: {
    reach: async ({ pcsc, reader, clock }) => {
      pcsc.fail('establish', 'no-service')
      reader.start()
      await clock.advance(CALL_MS + 100)
      delete pcsc.failing.establish
    },
  },
  'ready.idle': { reach: ready },
  'ready.looking': {
    reach: async ({ reader, clock }) => {
      reader.start()
      await clock.advance(TO_READY_MS + CALL_MS / 2)
    },
  },
  'ready.waiting.polling': {
    reach: async (bench) => {
      await ready(bench)
      const reading = ask(bench)
      bench.pcsc.put(goodCard())
      await bench.clock.advance(CALL_MS / 2)
      return reading
    },
  },
  'ready.waiting.pausing': {
    reach: async (bench) => {
      await ready(bench)
      const reading = ask(bench)
      await bench.clock.advance(CALL_MS + 50)
      bench.pcsc.put(goodCard())
      return reading
    },
  },
  'ready.reading': {
    reach: async (bench) => {
      await ready(bench)
      bench.pcsc.put(goodCard())
      const reading = ask(bench)
      await bench.clock.advance(6 * CALL_MS + 50)
      return reading
    },
    // The card that is being read is a good one; it is the next one that talks nonsense, and the good one was pulled.
    end: { noise: 'card-pulled' },
  },
  fault: {
    reach: async ({ pcsc, reader, clock }) => {
      pcsc.fail('establish', 'not-installed', 'koffi-missing')
      reader.start()
      await clock.advance(CALL_MS + 50)
      delete pcsc.failing.establish
    },
  },
}

/** Left at once by a transition that needs no event: nobody can stand in them. */
const TRANSIENT = ['ready.judging', 'ready.waiting.seeing']

type Node = { readonly states: Readonly<Record<string, Node>> }

function leavesOf(node: Node, path = ''): string[] {
  const inner = Object.entries(node.states)
  return inner.length === 0 ? [path] : inner.flatMap(([name, child]) => leavesOf(child, path === '' ? name : `${path}.${name}`))
}

async function strike({ pcsc, clock }: Bench, fault: Exclude<Fault, 'host killed'>): Promise<void> {
  switch (fault) {
    case 'unplug':
      pcsc.unplug()
      // A fault looks again after a minute.
      return clock.advance(61_000)
    case 'silence':
      for (const call of ['establish', 'readers', 'state', 'connect', 'transmit'] as const) pcsc.takesMs[call] = Infinity
      return clock.advance(LONG_MS)
    case 'noise':
      pcsc.put(noisyCard)
      return clock.advance(LONG_MS)
    case 'late answer':
      for (const call of ['establish', 'readers', 'state', 'connect', 'transmit'] as const) pcsc.takesMs[call] = 8_000
      await clock.advance(15_000)
      slow(pcsc)
      return clock.advance(LONG_MS)
  }
}

function expectEnd(reading: Reading | void, end: End): void {
  if (reading === undefined) return
  expect(reading.result === undefined ? 'none' : reading.result.ok ? 'ok' : reading.result.error.kind).toBe(end)
  if (reading.result?.ok === false) {
    const { citizen } = socialCardErrorSentences(reading.result.error)
    expect(citizen['zh-CN'].length).toBeGreaterThan(4)
    expect(citizen.en.length).toBeGreaterThan(10)
  }
}

async function isWellAgain(bench: Bench): Promise<void> {
  bench.pcsc.plug()
  slow(bench.pcsc)
  if (bench.reader.places().includes('closed')) bench.reader.start()
  await bench.clock.advance(LONG_MS)
  expect(bench.reader.status().state).toBe('ready')
  const reading = ask(bench)
  bench.pcsc.take()
  await bench.clock.advance(1000)
  bench.pcsc.put(goodCard())
  await bench.clock.advance(10_000)
  expect(reading.result).toMatchObject({ ok: true, value: { name: '何建国' } })
  await bench.reader.stop()
  await bench.clock.advance(1000)
  expect(bench.clock.pending).toBe(0)
  expect(bench.pcsc.open).toBe(0)
  expect(bench.pcsc.powered).toBe(0)
}

test('every state of the machine has its row', () => {
  expect(Object.keys(ROWS).toSorted()).toEqual(leavesOf(socialCardMachine.root as unknown as Node).filter((leaf) => !TRANSIENT.includes(leaf)).toSorted())
})

describe.each(Object.entries(ROWS))('in %s', (place, { reach, state, end }) => {
  test.each(FAULTS.filter((fault) => fault !== 'host killed'))('%s', async (fault) => {
    const bench = build()
    const reading = await reach(bench)
    expect(bench.reader.places()).toEqual([place])
    await strike(bench, fault)
    const expected = state?.[fault] ?? USUAL.state[fault]
    expect(bench.reader.status().state).toBe(expected)
    expect(DEVICE_STATE_SENTENCES['social-card'][expected].citizen['zh-CN'].length).toBeGreaterThan(1)
    expectEnd(reading, end?.[fault] ?? USUAL.end[fault])
    await isWellAgain(bench)
  })

  test('host killed', async () => {
    const bench = build()
    const reading = await reach(bench)
    expect(bench.reader.places()).toEqual([place])
    const stopping = bench.reader.stop()
    await bench.clock.advance(1000)
    await stopping
    expectEnd(reading, USUAL.end['host killed'])
    expect(bench.pcsc.powered).toBe(0)
    await isWellAgain(build(bench.clock, bench.pcsc))
  })
})
