import { afterEach, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { CodeReadError, ScannedCode } from '../../core/device/operations.ts'
import type { Result } from '../../core/result/result.ts'
import type { CodeDecoder, DecodedCode } from './decoder.ts'
import { PosDecoder } from './pos.ts'
import { createCodeScanner } from './service.ts'
import type { CodeScanner } from './service.ts'
import { reportsOf } from './testing/reports.ts'
import { StreamDecoder } from './stream.ts'
import { ScriptedScanner } from './testing/scripted-scanner.ts'

/** An opaque token as the demonstration platform would make one. */
const TOKEN = 'YCYM-20260115-7QK2M9'

let bench: Bench | undefined
afterEach(async () => {
  await bench?.scanner.stop()
  bench = undefined
})

interface Reading {
  result: Result<ScannedCode, CodeReadError> | undefined
  cancel(): void
}

interface Bench {
  readonly clock: SimulatedClock
  readonly device: ScriptedScanner
  readonly scanner: CodeScanner
  readonly states: string[]
  readonly log: string[]
  read(timeoutMs?: number): Reading
}

function lay(line: (device: ScriptedScanner) => ReturnType<ScriptedScanner['line']> = (device) => device.line()): Bench {
  const clock = new SimulatedClock()
  const device = new ScriptedScanner(clock)
  const log: string[] = []
  const scanner = createCodeScanner(
    { id: 'code', class: 'code-scanner', address: { kind: 'tcp', host: '127.0.0.1', port: 1, terminator: 'cr' } },
    { clock, open: line(device), log: (event, fields) => log.push(`${event} ${JSON.stringify(fields)}`) },
  )
  const states: string[] = []
  scanner.onStatus(({ state }) => states.push(state))
  bench = {
    clock, device, scanner, states, log,
    read(timeoutMs = 30_000) {
      const abort = new AbortController()
      const reading: Reading = { result: undefined, cancel: () => abort.abort() }
      void scanner.readCode({ timeoutMs }, abort.signal).then((result) => {
        reading.result = result
      })
      return reading
    },
  }
  return bench
}

async function ready(line?: Parameters<typeof lay>[0]): Promise<Bench> {
  const made = lay(line)
  made.scanner.start()
  await made.clock.advance(0)
  expect(made.scanner.status().state).toBe('ready')
  return made
}

const textOf = (reading: Reading): string | undefined => (reading.result?.ok ? reading.result.value.text : undefined)
const errorOf = (reading: Reading): CodeReadError | undefined => (reading.result?.ok === false ? reading.result.error : undefined)

describe('a code is shown', () => {
  test('to a scanner that ends it with a terminator', async () => {
    const made = await ready()
    const reading = made.read()
    made.device.say(`${TOKEN}\r`)
    await made.clock.advance(0)
    expect(reading.result).toEqual({ ok: true, value: { text: TOKEN, bytes: new TextEncoder().encode(TOKEN), at: made.clock.now() } })
    expect(made.states).toEqual(['ready', 'busy', 'ready'])
  })

  test('to a scanner without a terminator: 100 ms of silence end it, not less', async () => {
    const made = await ready()
    const reading = made.read()
    made.device.say(TOKEN.slice(0, 5))
    await made.clock.advance(99)
    made.device.say(TOKEN.slice(5))
    await made.clock.advance(99)
    expect(reading.result).toBeUndefined()
    await made.clock.advance(1)
    expect(textOf(reading)).toBe(TOKEN)
  })

  test('to a HID-POS scanner, in two reports, with its AIM identifier', async () => {
    const made = await ready((device) => device.line(() => new PosDecoder('standard')))
    const reading = made.read()
    const long = TOKEN.repeat(4)
    for (const report of reportsOf(new TextEncoder().encode(long))) made.device.say(Uint8Array.of(report.length, ...report))
    await made.clock.advance(0)
    expect(reading.result).toMatchObject({ ok: true, value: { text: long, aim: ']Q1' } })
  })

  test('half a HID message, then 500 ms: given up, and the next code is read', async () => {
    const made = await ready((device) => device.line(() => new PosDecoder('standard')))
    const reading = made.read()
    const [first = new Uint8Array()] = reportsOf(new TextEncoder().encode(TOKEN.repeat(4)))
    made.device.say(Uint8Array.of(first.length, ...first))
    await made.clock.advance(500)
    for (const report of reportsOf(new TextEncoder().encode(TOKEN))) made.device.say(Uint8Array.of(report.length, ...report))
    await made.clock.advance(0)
    expect(textOf(reading)).toBe(TOKEN)
    expect(made.scanner.counters().halves).toBe(1)
  })

  test('what is not UTF-8 keeps every byte as a character', async () => {
    const made = await ready()
    const reading = made.read()
    made.device.say(Uint8Array.of(0xc9, 0xe7, 0xb1, 0xa3, 0x0d))
    await made.clock.advance(0)
    expect(textOf(reading)).toBe('Éç±£')
  })

  test('nothing of it is in the log', async () => {
    const made = await ready()
    made.device.say(`${TOKEN}\r`)
    made.read()
    made.device.say(`${TOKEN}\r`)
    await made.clock.advance(5000)
    expect(made.log.join('\n')).toContain('code-scanner.code')
    expect(made.log.join('\n')).not.toContain('YCYM')
  })

  test('what came over the wire is overwritten', async () => {
    const made = await ready()
    made.read()
    made.device.say(`${TOKEN}\r`)
    made.device.say(`${TOKEN}\r`)
    await made.clock.advance(0)
    expect(made.device.delivered.every((chunk) => chunk.every((byte) => byte === 0))).toBe(true)
  })
})

test('a code that nobody gets is overwritten; one that is handed over is not', async () => {
  const made: DecodedCode[] = []
  const decoder = (): CodeDecoder => {
    const inner = new StreamDecoder('cr')
    return {
      silenceMs: inner.silenceMs, isWaiting: false, isNoisy: false, counters: inner.counters,
      push: (chunk) => {
        const codes = inner.push(chunk)
        made.push(...codes)
        return codes
      },
      silence: () => [], reset: () => undefined,
    }
  }
  const bench = await ready((device) => device.line(decoder))
  bench.device.say('UNASKED\r')
  bench.read()
  bench.device.say('TAKEN\r')
  await bench.clock.advance(0)
  bench.read()
  bench.device.say('TAKEN\r')
  await bench.clock.advance(0)
  expect(made.map(({ bytes }) => bytes.every((byte) => byte === 0))).toEqual([true, false, true])
})

describe('the same code again', () => {
  test('within three seconds of its delivery it is the same showing, also for the next request', async () => {
    const made = await ready()
    const first = made.read()
    made.device.say(`${TOKEN}\r`)
    await made.clock.advance(1000)
    expect(textOf(first)).toBe(TOKEN)
    const second = made.read()
    made.device.say(`${TOKEN}\r`)
    await made.clock.advance(1999)
    made.device.say(`${TOKEN}\r`)
    await made.clock.advance(0)
    expect(second.result).toBeUndefined()
    expect(made.scanner.counters().repeats).toBe(2)
    await made.clock.advance(1)
    made.device.say(`${TOKEN}\r`)
    await made.clock.advance(0)
    expect(textOf(second)).toBe(TOKEN)
  })

  test('another code is not held up', async () => {
    const made = await ready()
    made.read()
    made.device.say(`${TOKEN}\r`)
    await made.clock.advance(10)
    const second = made.read()
    made.device.say('ANOTHER\r')
    await made.clock.advance(0)
    expect(textOf(second)).toBe('ANOTHER')
  })

  test('a code that nobody waited for is dropped, and taken when it is shown again', async () => {
    const made = await ready()
    made.device.say(`${TOKEN}\r`)
    await made.clock.advance(500)
    expect(made.scanner.counters().unasked).toBe(1)
    const reading = made.read()
    await made.clock.advance(500)
    expect(reading.result).toBeUndefined()
    made.device.say(`${TOKEN}\r`)
    await made.clock.advance(0)
    expect(textOf(reading)).toBe(TOKEN)
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
    expect(made.scanner.status().state).toBe('ready')
  })

  test('a second request ends the first as cancelled, and has its own limit', async () => {
    const made = await ready()
    const first = made.read(10_000)
    await made.clock.advance(8000)
    const second = made.read(10_000)
    await made.clock.advance(8000)
    expect(errorOf(first)).toEqual({ kind: 'cancelled' })
    expect(second.result).toBeUndefined()
    await made.clock.advance(2000)
    expect(errorOf(second)).toEqual({ kind: 'timeout' })
  })

  test('cancelled: answered at once', async () => {
    const made = await ready()
    const reading = made.read()
    reading.cancel()
    await made.clock.advance(0)
    expect(errorOf(reading)).toEqual({ kind: 'cancelled' })
    expect(made.scanner.status().state).toBe('ready')
  })

  test('cancelled before it began', async () => {
    const made = await ready()
    const abort = new AbortController()
    abort.abort()
    expect(await made.scanner.readCode({ timeoutMs: 1000 }, abort.signal)).toEqual({ ok: false, error: { kind: 'cancelled' } })
    expect(made.states).toEqual(['ready'])
  })
})

describe('the scanner goes and comes', () => {
  test('back-off 1, 2, 5, 10, 30, 30 s; offline without flicker; a request meanwhile is answered at once', async () => {
    const made = lay()
    made.device.absent = { kind: 'not-found', detail: 'nothing' }
    made.scanner.start()
    await made.clock.advance(0)
    for (const [waitMs, opens] of [[999, 1], [1, 2], [1999, 2], [1, 3], [5000, 4], [10_000, 5], [29_999, 5], [1, 6], [30_000, 7]] as const) {
      await made.clock.advance(waitMs)
      expect(made.device.opens).toBe(opens)
    }
    expect(made.states).toEqual(['offline'])
    const reading = made.read()
    await made.clock.advance(0)
    expect(errorOf(reading)).toEqual({ kind: 'scanner-gone', code: 'not-found:nothing' })
  })

  test('a scanner that vanished without a word is missed within ten seconds', async () => {
    const made = await ready()
    const reading = made.read()
    made.device.present = async () => false
    await made.clock.advance(9999)
    expect(made.scanner.status().state).toBe('busy')
    await made.clock.advance(1)
    expect(made.scanner.status()).toMatchObject({ state: 'offline', code: 'not-attached' })
    expect(errorOf(reading)).toEqual({ kind: 'scanner-gone', code: 'not-attached' })
    made.device.plug()
    await made.clock.advance(1000)
    expect(made.scanner.status().state).toBe('ready')
    expect(made.scanner.counters().reopenings).toBe(1)
  })

  test('a look that hangs counts as missing', async () => {
    const made = await ready()
    made.device.present = () => new Promise(() => undefined)
    await made.clock.advance(15_000)
    expect(made.scanner.status()).toMatchObject({ state: 'offline', code: 'presence-timeout' })
  })

  test('half a code before the cable was pulled is not joined with what comes after', async () => {
    const made = await ready()
    made.device.say('HALF-')
    made.device.unplug()
    await made.clock.advance(0)
    made.device.plug()
    await made.clock.advance(1000)
    const reading = made.read()
    made.device.say(`${TOKEN}\r`)
    await made.clock.advance(0)
    expect(textOf(reading)).toBe(TOKEN)
  })

  test('noise for five seconds is a fault until the line is quiet', async () => {
    const made = await ready()
    const reading = made.read()
    for (let step = 0; step < 101; step++) {
      made.device.say(Uint8Array.of(0, 1, 2, 0x0d))
      await made.clock.advance(50)
    }
    expect(made.scanner.status()).toMatchObject({ state: 'fault', code: 'noise' })
    expect(errorOf(reading)).toEqual({ kind: 'fault', code: 'noise' })
    await made.clock.advance(100)
    expect(made.scanner.status().state).toBe('ready')
    expect(made.scanner.counters().noises).toBe(1)
  })

  test('under noise that does not end it is opened anew each minute', async () => {
    const made = await ready()
    for (let step = 0; step < 1320; step++) {
      made.device.say(Uint8Array.of(0))
      await made.clock.advance(50)
    }
    expect(made.device.opens).toBe(2)
  })

  test('stopping leaves no timer and answers who waits', async () => {
    const made = await ready()
    const reading = made.read()
    made.device.say('half')
    await made.scanner.stop()
    await made.clock.advance(0)
    expect(errorOf(reading)).toEqual({ kind: 'scanner-gone', code: 'stopped' })
    expect(made.clock.pending).toBe(0)
  })
})

test('a scanner that types is ready and never delivers: the page does', async () => {
  const clock = new SimulatedClock()
  const scanner = createCodeScanner({ id: 'code', class: 'code-scanner', address: { kind: 'keyboard' } }, { clock, log: () => undefined })
  scanner.start()
  await clock.advance(60_000)
  expect(scanner.status().state).toBe('ready')
  const reading = scanner.readCode({ timeoutMs: 1000 }, new AbortController().signal)
  await clock.advance(1000)
  expect(await reading).toEqual({ ok: false, error: { kind: 'timeout' } })
  await scanner.stop()
  expect(clock.pending).toBe(0)
})
