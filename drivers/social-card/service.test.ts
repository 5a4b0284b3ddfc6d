import { afterEach, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { SocialCard, SocialCardError, SocialCardProgress } from '../../core/device/operations.ts'
import type { Result } from '../../core/result/result.ts'
import { CardApplication } from '../../sandbox/devices/social-card/card-application.ts'
import { SOCIAL_CARDS } from '../../sandbox/devices/social-card/cards.ts'
import { openerFor } from './openers.ts'
import { createSocialCardReader } from './service.ts'
import type { SocialCardReader } from './service.ts'
import { ScriptedPcsc } from './testing/scripted-pcsc.ts'

let bench: Bench | undefined
afterEach(async () => {
  await bench?.reader.stop()
  bench = undefined
})

interface Reading {
  readonly progress: SocialCardProgress['kind'][]
  result: Result<SocialCard, SocialCardError> | undefined
  cancel(): void
}

interface Bench {
  readonly clock: SimulatedClock
  readonly pcsc: ScriptedPcsc
  readonly reader: SocialCardReader
  readonly states: string[]
  readonly log: string[]
  read(timeoutMs?: number): Reading
}

function lay(): Bench {
  const clock = new SimulatedClock()
  const pcsc = new ScriptedPcsc(clock)
  const log: string[] = []
  const reader = createSocialCardReader({ id: 'social', class: 'social-card', address: { kind: 'pcsc' } }, { clock, open: pcsc.place(), log: (event, fields) => log.push(`${event} ${JSON.stringify(fields)}`) })
  const states: string[] = []
  reader.onStatus(({ state }) => states.push(state))
  bench = {
    clock, pcsc, reader, states, log,
    read(timeoutMs = 30_000) {
      const abort = new AbortController()
      const reading: Reading = { progress: [], result: undefined, cancel: () => abort.abort() }
      void reader.read({ timeoutMs }, ({ kind }) => reading.progress.push(kind), abort.signal).then((result) => {
        reading.result = result
      })
      return reading
    },
  }
  return bench
}

async function ready(): Promise<Bench> {
  const made = lay()
  made.reader.start()
  await made.clock.advance(0)
  expect(made.reader.status().state).toBe('ready')
  return made
}

const card = (key: keyof typeof SOCIAL_CARDS = 'zhou-guilan'): CardApplication => new CardApplication(SOCIAL_CARDS[key].content)
const errorOf = (reading: Reading): SocialCardError | undefined => (reading.result?.ok === false ? reading.result.error : undefined)
const nameOf = (reading: Reading): string | undefined => (reading.result?.ok ? reading.result.value.name : undefined)

describe('a card is put in', () => {
  test('while it is waited for: read, told, and the power taken from it', async () => {
    const made = await ready()
    const reading = made.read()
    await made.clock.advance(1000)
    made.pcsc.put(card())
    await made.clock.advance(400)
    expect(nameOf(reading)).toBe('周桂兰')
    expect(reading.progress).toEqual(['waiting', 'reading'])
    expect(made.states).toEqual(['ready', 'busy', 'ready'])
    expect(made.pcsc.powered).toBe(0)
  })

  test('before the page asked: read at once', async () => {
    const made = await ready()
    made.pcsc.put(card())
    await made.clock.advance(10_000)
    expect(made.pcsc.sent).toEqual([])
    const reading = made.read()
    await made.clock.advance(0)
    expect(nameOf(reading)).toBe('周桂兰')
  })

  test('the card that was read before and still lies there is not read for the next one', async () => {
    const made = await ready()
    made.pcsc.put(card())
    made.read()
    await made.clock.advance(0)
    const next = made.read()
    await made.clock.advance(20_000)
    expect(next.result).toBeUndefined()
    made.pcsc.take()
    made.pcsc.put(card('he-jianguo'))
    await made.clock.advance(300)
    expect(nameOf(next)).toBe('何建国')
  })

  test('nor after the reader was unplugged and came back with it', async () => {
    const made = await ready()
    made.pcsc.put(card())
    made.read()
    await made.clock.advance(0)
    made.pcsc.unplug()
    await made.clock.advance(5000)
    expect(made.reader.status().state).toBe('offline')
    made.pcsc.plug()
    await made.clock.advance(5000)
    const next = made.read()
    await made.clock.advance(5000)
    expect(next.result).toBeUndefined()
    made.pcsc.take()
    await made.clock.advance(300)
    made.pcsc.put(card('he-jianguo'))
    await made.clock.advance(300)
    expect(nameOf(next)).toBe('何建国')
  })

  test('nothing of it is in the log', async () => {
    const made = await ready()
    made.pcsc.put(card())
    made.read()
    await made.clock.advance(1000)
    const log = made.log.join('\n')
    expect(log).toContain('social-card.status')
    for (const secret of ['周桂兰', '990101', 'D0000']) expect(log).not.toContain(secret)
  })

  test('what the card said is overwritten', async () => {
    const made = await ready()
    made.pcsc.put(card())
    const reading = made.read()
    await made.clock.advance(0)
    expect(reading.result?.ok).toBe(true)
    expect(made.pcsc.answers.length).toBeGreaterThan(10)
    expect(made.pcsc.answers.every((answer) => answer.every((byte) => byte === 0))).toBe(true)
  })
})

describe('a card that is not right', () => {
  test('another card: said at once, without another try', async () => {
    const made = await ready()
    made.pcsc.put(card('bank-card'))
    const reading = made.read()
    await made.clock.advance(0)
    expect(errorOf(reading)).toEqual({ kind: 'wrong-card', code: 'environment-SW6A82' })
    expect(made.pcsc.sent).toHaveLength(1)
  })

  test('upside down: three looks, then unreadable', async () => {
    const made = await ready()
    made.pcsc.mute = true
    made.pcsc.put(card())
    const reading = made.read()
    await made.clock.advance(599)
    expect(reading.result).toBeUndefined()
    await made.clock.advance(1)
    expect(errorOf(reading)).toEqual({ kind: 'card-unreadable', code: 'card-mute' })
  })

  test('bad contact: three tries, then unreadable; the same card may be tried again', async () => {
    const made = await ready()
    made.pcsc.put(card())
    made.pcsc.fail('transmit', 'communication', 'pcsc-transmit-80100016')
    const reading = made.read()
    await made.clock.advance(1000)
    expect(errorOf(reading)).toEqual({ kind: 'card-unreadable', code: 'pcsc-transmit-80100016' })
    expect(made.pcsc.calls.filter((call) => call === 'connect')).toHaveLength(3)
    expect(made.pcsc.powered).toBe(0)
    made.pcsc.plug()
    const again = made.read()
    await made.clock.advance(0)
    expect(nameOf(again)).toBe('周桂兰')
  })

  test('pulled in the middle', async () => {
    const made = await ready()
    made.pcsc.takesMs.transmit = 100
    made.pcsc.put(card())
    const reading = made.read()
    await made.clock.advance(450)
    made.pcsc.take()
    await made.clock.advance(100)
    expect(errorOf(reading)).toEqual({ kind: 'card-pulled', code: 'card-gone' })
    expect(made.reader.status().state).toBe('ready')
  })

  test('pulled in the middle, which the reader calls bad contact: the empty slot tells', async () => {
    const made = await ready()
    made.pcsc.put(card())
    made.pcsc.fail('transmit', 'communication', 'pcsc-transmit-80100016')
    const reading = made.read()
    await made.clock.advance(100)
    made.pcsc.take()
    await made.clock.advance(300)
    expect(errorOf(reading)).toEqual({ kind: 'card-pulled', code: 'pcsc-transmit-80100016' })
  })

  test('a record that says nonsense: unreadable, never half a person', async () => {
    const made = await ready()
    const good = card()
    made.pcsc.put({ reset: () => good.reset(), answer: (apdu) => (apdu[1] === 0xb2 && apdu[2] === 2 && apdu[4] !== 0 ? Buffer.from('09009000', 'hex') : good.answer(apdu)) })
    const reading = made.read()
    await made.clock.advance(0)
    expect(errorOf(reading)).toEqual({ kind: 'card-unreadable', code: 'record-name' })
  })
})

describe('who waits', () => {
  test('the page\'s limit ends it', async () => {
    const made = await ready()
    const reading = made.read(10_000)
    await made.clock.advance(9999)
    expect(reading.result).toBeUndefined()
    await made.clock.advance(1)
    expect(errorOf(reading)).toEqual({ kind: 'timeout' })
    expect(made.reader.status().state).toBe('ready')
  })

  test('cancelled in the middle of a reading: answered at once; the next one waits for the card to be let go', async () => {
    const made = await ready()
    made.pcsc.takesMs.transmit = 100
    made.pcsc.put(card())
    const first = made.read()
    await made.clock.advance(250)
    first.cancel()
    await made.clock.advance(0)
    expect(errorOf(first)).toEqual({ kind: 'cancelled' })
    const second = made.read()
    await made.clock.advance(6000)
    expect(nameOf(second)).toBe('周桂兰')
    expect(made.pcsc.powered).toBe(0)
  })

  test('a second request ends the first as cancelled', async () => {
    const made = await ready()
    const first = made.read()
    const second = made.read()
    await made.clock.advance(0)
    expect(errorOf(first)).toEqual({ kind: 'cancelled' })
    made.pcsc.put(card())
    await made.clock.advance(300)
    expect(nameOf(second)).toBe('周桂兰')
  })

  test('cancelled before it began', async () => {
    const made = await ready()
    const abort = new AbortController()
    abort.abort()
    expect(await made.reader.read({ timeoutMs: 1000 }, () => undefined, abort.signal)).toEqual({ ok: false, error: { kind: 'cancelled' } })
  })
})

describe('the reader and its service', () => {
  test('back-off 1, 2, 5, 10, 30, 30 s while there is no service; offline without flicker, no session left open', async () => {
    const made = lay()
    made.pcsc.fail('establish', 'no-service', 'pcsc-establish-8010001d')
    made.reader.start()
    await made.clock.advance(0)
    const opens = (): number => made.pcsc.calls.filter((call) => call === 'establish').length
    for (const [waitMs, count] of [[999, 1], [1, 2], [1999, 2], [1, 3], [5000, 4], [10_000, 5], [29_999, 5], [1, 6], [30_000, 7]] as const) {
      await made.clock.advance(waitMs)
      expect(opens()).toBe(count)
    }
    expect(made.states).toEqual(['offline'])
    const reading = made.read()
    await made.clock.advance(0)
    expect(errorOf(reading)).toEqual({ kind: 'reader-gone', code: 'pcsc-establish-8010001d' })
    expect(made.pcsc.open).toBe(0)
  })

  test('a service without a reader is offline until one is plugged in', async () => {
    const made = lay()
    made.pcsc.readers = []
    made.reader.start()
    await made.clock.advance(0)
    expect(made.reader.status()).toMatchObject({ state: 'offline', code: 'no-reader' })
    expect(made.pcsc.open).toBe(0)
    made.pcsc.plug()
    await made.clock.advance(1000)
    expect(made.reader.status().state).toBe('ready')
    expect(made.reader.readerName()).toBe('Sandbox Reader 00 00')
  })

  test('a reader that is unplugged while nobody is there is missed within five seconds, and comes back by itself', async () => {
    const made = await ready()
    made.pcsc.unplug()
    await made.clock.advance(5000)
    expect(made.reader.status()).toMatchObject({ state: 'offline', code: 'reader-gone' })
    made.pcsc.plug()
    await made.clock.advance(5000)
    expect(made.reader.status().state).toBe('ready')
    expect(made.pcsc.open).toBe(1)
    expect(made.reader.counters().reopenings).toBe(1)
  })

  test('without its binding the driver is a fault with a code, looked at again each minute', async () => {
    const made = lay()
    made.pcsc.fail('establish', 'not-installed', 'koffi-missing')
    made.reader.start()
    await made.clock.advance(0)
    expect(made.reader.status()).toMatchObject({ state: 'fault', code: 'koffi-missing' })
    const reading = made.read()
    await made.clock.advance(0)
    expect(errorOf(reading)).toEqual({ kind: 'reader-fault', code: 'koffi-missing' })
    made.pcsc.plug()
    await made.clock.advance(60_000)
    expect(made.reader.status().state).toBe('ready')
  })

  test('a call that never comes back: a fault after five seconds, no second session until it does, then well again', async () => {
    const made = await ready()
    made.pcsc.takesMs.transmit = Infinity
    made.pcsc.put(card())
    const reading = made.read()
    await made.clock.advance(5000)
    expect(errorOf(reading)).toEqual({ kind: 'reader-fault', code: 'card-silent' })
    expect(made.reader.status()).toMatchObject({ state: 'fault', code: 'card-silent' })
    await made.clock.advance(60_000)
    expect(made.reader.status()).toMatchObject({ state: 'offline', code: 'call-still-out' })
    expect(made.pcsc.calls.filter((call) => call === 'establish')).toHaveLength(1)
    made.pcsc.plug()
    await made.clock.advance(30_000)
    expect(made.reader.status().state).toBe('ready')
    expect(made.pcsc.answers.every((answer) => answer.every((byte) => byte === 0))).toBe(true)
  })

  test('a service that answers too late: what it gave is given back', async () => {
    const made = lay()
    made.pcsc.takesMs.establish = 6000
    made.reader.start()
    await made.clock.advance(5000)
    expect(made.reader.status()).toMatchObject({ state: 'offline', code: 'service-silent' })
    await made.clock.advance(1000)
    expect(made.pcsc.open).toBe(0)
  })

  test('stopping leaves no timer, no session, and answers who waits', async () => {
    const made = await ready()
    made.pcsc.takesMs.transmit = Infinity
    made.pcsc.put(card())
    const reading = made.read()
    await made.clock.advance(10)
    await made.reader.stop()
    await made.clock.advance(0)
    expect(errorOf(reading)).toEqual({ kind: 'reader-gone', code: 'stopped' })
    expect(made.clock.pending).toBe(0)
    made.pcsc.letGo()
    await made.clock.advance(0)
    expect(made.pcsc.open).toBe(0)
  })
})

test('the reader is chosen by a part of its name, else it is the first one', () => {
  const readers = ['ACME Keypad 00 00', 'Vendor ICC Slot 01 00']
  const choose = (reader?: string): string | undefined => openerFor({ id: 'social', class: 'social-card', address: { kind: 'pcsc', ...(reader === undefined ? {} : { reader }) } }).choose(readers)
  expect([choose(), choose('icc slot'), choose('other')]).toEqual([readers[0], readers[1], undefined])
})
