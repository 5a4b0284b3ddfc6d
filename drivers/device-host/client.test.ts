import { beforeEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { DeviceConfig } from '../../core/config/kiosk-config.ts'
import type { DeviceId } from '../../core/ids.ts'
import { connectDeviceHost, HEALTHY_AFTER_MS, HOST_GONE, KILL_LIMIT_MS, PING_EVERY_MS, PONG_LIMIT_MS, PRINT_LIMIT_MS, RESTART_DELAYS_MS, START_LIMIT_MS, STOP_LIMIT_MS } from './client.ts'
import type { DeviceHost, PrintJob } from './contract.ts'
import type { HostChild, HostExit } from './host-child.ts'
import type { FromHost, ToHost } from './protocol.ts'
import { toHostSchema } from './protocol.ts'

const READER = 'reader' as DeviceId
const PRINTER = 'printer' as DeviceId
const SCANNER = 'scanner' as DeviceId

const devices: readonly DeviceConfig[] = [
  { id: 'reader', class: 'id-card', address: { kind: 'tcp', host: '127.0.0.1', port: 7001 }, additionalAddress: false },
  { id: 'printer', class: 'receipt-printer', address: { kind: 'tcp', host: '127.0.0.1', port: 7002 }, profile: 'sandbox' },
  { id: 'scanner', class: 'document-scanner', address: { kind: 'escl', url: 'http://127.0.0.1:7003/eSCL' }, dpi: 300, feeder: true },
]

const CODES = 'codes' as DeviceId
const SOCIAL = 'social' as DeviceId
const A4 = 'a4' as DeviceId

const job: PrintJob = { document: { number: '1', blocks: [{ kind: 'title', text: '回执' }] }, attempt: 1, processId: '0001', voidStubFirst: false }

/** A process that does what the test says: it answers pings until told to hang. */
class FakeChild implements HostChild {
  readonly pid = 4711
  readonly received: ToHost[] = []
  hung = false
  killed = false
  endsWhenKilled = true
  #message: (raw: unknown) => void = () => undefined
  #exit: (exit: HostExit) => void = () => undefined

  post(message: unknown): void {
    const parsed = toHostSchema.parse(structuredClone(message))
    this.received.push(parsed)
    if (parsed.type === 'ping' && !this.hung) this.say({ type: 'pong', beat: parsed.beat })
  }
  onMessage(listener: (raw: unknown) => void): void {
    this.#message = listener
  }
  onExit(listener: (exit: HostExit) => void): void {
    this.#exit = listener
  }
  kill(): void {
    this.killed = true
    if (this.endsWhenKilled) this.die({ code: null, signal: 'SIGKILL' })
  }
  say(message: FromHost): void {
    this.#message(structuredClone(message))
  }
  babble(raw: unknown): void {
    this.#message(raw)
  }
  die(exit: HostExit = { code: null, signal: 'SIGSEGV' }): void {
    this.#exit(exit)
  }
  /** The id of the last call that reached this process. */
  lastCall(): Extract<ToHost, { type: 'call' }> {
    const call = this.received.findLast((message) => message.type === 'call')
    if (call?.type !== 'call') throw new Error('no call reached the host')
    return call
  }
}

let clock: SimulatedClock
let children: FakeChild[]
let logged: { event: string; fields: Readonly<Record<string, string | number | boolean>> }[]
let host: DeviceHost

const child = (): FakeChild => {
  const last = children.at(-1)
  if (last === undefined) throw new Error('no process was started')
  return last
}
const states = (): string[] => host.reports().map((report) => `${report.id}:${report.status.state}${report.status.code === undefined ? '' : `(${report.status.code})`}`)
const allGone = ['reader', 'printer', 'scanner'].map((id) => `${id}:offline(${HOST_GONE})`)

function comeUp(): void {
  child().say({ type: 'ready' })
  for (const device of devices) child().say({ type: 'report', report: { id: device.id as DeviceId, kind: device.class, status: { state: 'ready', since: clock.now() } } })
}

beforeEach(() => {
  clock = new SimulatedClock()
  children = []
  logged = []
  host = connectDeviceHost({
    clock,
    devices,
    log: (event, fields) => logged.push({ event, fields }),
    spawn: () => {
      const next = new FakeChild()
      children.push(next)
      return next
    },
  })
})

describe('a healthy host', () => {
  it('is configured once it is ready, and its reports are passed on', () => {
    expect(states()).toEqual(['reader:starting', 'printer:starting', 'scanner:starting'])
    const heard: string[] = []
    const stopListening = host.onReport((report) => heard.push(`${report.id}:${report.status.state}`))
    comeUp()
    expect(child().received[0]).toEqual({ type: 'configure', devices })
    expect(heard).toEqual(['reader:ready', 'printer:ready', 'scanner:ready'])
    stopListening()
    child().say({ type: 'report', report: { id: PRINTER, kind: 'receipt-printer', status: { state: 'no-paper', since: clock.now(), code: 'x' } } })
    expect(states()).toEqual(['reader:ready', 'printer:no-paper(x)', 'scanner:ready'])
    expect(heard).toHaveLength(3)
  })

  it('is pinged for hours and never killed', async () => {
    comeUp()
    await clock.advance(3_600_000)
    expect(children).toHaveLength(1)
    expect(child().received.filter((message) => message.type === 'ping').length).toBeGreaterThan(1_000)
  })

  it('does not let a host invent devices', () => {
    comeUp()
    child().say({ type: 'report', report: { id: 'ghost' as DeviceId, kind: 'id-card', status: { state: 'ready', since: 0 } } })
    expect(host.reports()).toHaveLength(3)
  })

  it('reads a card: progress, then the answer', async () => {
    comeUp()
    const progress: string[] = []
    const reading = host.readCard(READER, { timeoutMs: 30_000 }, (value) => progress.push(value.kind), new AbortController().signal)
    const { callId, operation } = child().lastCall()
    expect(operation).toEqual({ kind: 'read-card', timeoutMs: 30_000 })
    child().say({ type: 'progress', callId, progress: { kind: 'read-card', progress: { kind: 'card-found' } } })
    child().say({ type: 'result', callId, result: { kind: 'read-card', result: { ok: false, error: { kind: 'wrong-card', code: '40' } } } })
    expect(await reading).toEqual({ ok: false, error: { kind: 'wrong-card', code: '40' } })
    expect(progress).toEqual(['card-found'])
  })

  it('passes an abort on and waits for the service to say cancelled', async () => {
    comeUp()
    const abort = new AbortController()
    const scan = host.scanPage(SCANNER, { source: 'platen' }, () => undefined, abort.signal)
    const { callId } = child().lastCall()
    abort.abort()
    expect(child().received.at(-1)).toEqual({ type: 'abort', callId })
    child().say({ type: 'result', callId, result: { kind: 'scan-page', result: { ok: false, error: { kind: 'cancelled' } } } })
    expect(await scan).toEqual({ ok: false, error: { kind: 'cancelled' } })
  })

  it('ends a reading as cancelled when the service forgets the abort', async () => {
    comeUp()
    const abort = new AbortController()
    const reading = host.readCard(READER, { timeoutMs: 30_000 }, () => undefined, abort.signal)
    abort.abort()
    await clock.advance(10_000)
    expect(await reading).toEqual({ ok: false, error: { kind: 'cancelled' } })
  })

  it('does not send a call whose signal is aborted already', async () => {
    comeUp()
    expect(await host.readCard(READER, { timeoutMs: 1 }, () => undefined, AbortSignal.abort())).toEqual({ ok: false, error: { kind: 'cancelled' } })
    expect(child().received.some((message) => message.type === 'call')).toBe(false)
  })

  it('says unknown when a printer service never answers though the host lives', async () => {
    comeUp()
    const print = host.printReceipt(PRINTER, job, () => undefined)
    await clock.advance(PRINT_LIMIT_MS)
    expect(await print).toEqual({ kind: 'unknown', why: 'silent' })
  })

  it('tells a call that never reached the printer from one that broke within it', async () => {
    comeUp()
    const refused = host.printReceipt(PRINTER, job, () => undefined)
    child().say({ type: 'result', callId: child().lastCall().callId, result: { kind: 'failed', began: false, code: 'bad-call' } })
    expect(await refused).toEqual({ kind: 'not-started', why: 'fault' })
    const broken = host.printReceipt(PRINTER, job, () => undefined)
    child().say({ type: 'result', callId: child().lastCall().callId, result: { kind: 'failed', began: true, code: 'service-threw' } })
    expect(await broken).toEqual({ kind: 'unknown', why: 'fault' })
  })
})

describe('every operation', () => {
  const signal = (): AbortSignal => new AbortController().signal
  const pages = { number: 'P-1', pdf: Uint8Array.of(37, 80, 68, 70), pages: 2 }
  const page = { mime: 'image/jpeg' as const, bytes: Uint8Array.of(1), widthPx: 1, heightPx: 1, dpi: 300 }
  const last = () => child().lastCall()

  it('reads a code, a social-security card, prints pages and scans a batch, each with what it says meanwhile', async () => {
    comeUp()
    const code = host.readCode(CODES, { timeoutMs: 5_000 }, signal())
    expect(last().operation).toEqual({ kind: 'read-code', timeoutMs: 5_000 })
    const scanned = { text: 'x', bytes: Uint8Array.of(120), aim: ']Q1', at: 1 }
    child().say({ type: 'result', callId: last().callId, result: { kind: 'read-code', result: { ok: true, value: scanned } } })
    expect(await code).toEqual({ ok: true, value: scanned })

    const said: string[] = []
    const card = host.readSocialCard(SOCIAL, { timeoutMs: 5_000 }, ({ kind }) => said.push(kind), signal())
    child().say({ type: 'progress', callId: last().callId, progress: { kind: 'read-social-card', progress: { kind: 'reading' } } })
    child().say({ type: 'result', callId: last().callId, result: { kind: 'read-social-card', result: { ok: false, error: { kind: 'card-pulled', code: '6F00' } } } })
    expect(await card).toEqual({ ok: false, error: { kind: 'card-pulled', code: '6F00' } })

    const print = host.printPages(A4, pages, (progress) => said.push(progress.kind))
    expect(last().operation).toEqual({ kind: 'print-pages', job: pages })
    child().say({ type: 'progress', callId: last().callId, progress: { kind: 'print-pages', progress: { kind: 'printing', page: 1 } } })
    child().say({ type: 'result', callId: last().callId, result: { kind: 'print-pages', outcome: { kind: 'printed', pages: 2 } } })
    expect(await print).toEqual({ kind: 'printed', pages: 2 })

    const kept: number[] = []
    const batch = host.scanBatch(SCANNER, ({ bytes }) => kept.push(bytes.length), ({ kind }) => said.push(kind), signal())
    child().say({ type: 'progress', callId: last().callId, progress: { kind: 'scan-batch', progress: { kind: 'scanning', percent: 50 } } })
    child().say({ type: 'progress', callId: last().callId, progress: { kind: 'batch-page', page } })
    child().die()
    // The page that was handed over stays good.
    expect(await batch).toEqual({ ok: false, error: { kind: 'scanner-gone', code: HOST_GONE } })
    expect(kept).toEqual([1])
    expect(said).toEqual(['reading', 'printing', 'scanning'])
  })

  it('ends as a value when the host dies: a page job that was handed over is unknown, one that was not is not', async () => {
    comeUp()
    const before = [host.readCode(CODES, { timeoutMs: 1 }, signal()), host.readSocialCard(SOCIAL, { timeoutMs: 1 }, () => undefined, signal()), host.printPages(A4, pages, () => undefined)]
    child().die()
    expect(await Promise.all(before)).toEqual([{ ok: false, error: { kind: 'scanner-gone', code: HOST_GONE } }, { ok: false, error: { kind: 'reader-gone', code: HOST_GONE } }, { kind: 'unknown', why: 'link-lost' }])
    expect(await host.printPages(A4, pages, () => undefined)).toEqual({ kind: 'not-started', why: 'link-lost' })
    expect(await host.readCode(CODES, { timeoutMs: 1 }, AbortSignal.abort())).toEqual({ ok: false, error: { kind: 'cancelled' } })
  })

  it('refuses a picture beyond its bound by replacing the host, not by holding it', async () => {
    comeUp()
    const scan = host.scanPage(SCANNER, { source: 'platen' }, () => undefined, signal())
    child().babble({ type: 'result', callId: last().callId, result: { kind: 'scan-page', result: { ok: true, value: { ...page, bytes: new Uint8Array(65 * 1024 * 1024) } } } })
    expect(await scan).toEqual({ ok: false, error: { kind: 'scanner-gone', code: HOST_GONE } })
    expect(logged.at(-2)?.fields['code']).toBe('protocol-fault')
  })

  it('passes on what became of a ticket, from printers only', () => {
    comeUp()
    const heard: string[] = []
    host.onTicket((device, { processId, fate }) => heard.push(`${device} ${processId} ${fate}`))
    child().say({ type: 'ticket', device: PRINTER, ticket: { processId: '0001', fate: 'taken' } })
    child().say({ type: 'ticket', device: SCANNER, ticket: { processId: '0001', fate: 'taken' } })
    child().say({ type: 'ticket', device: 'ghost' as DeviceId, ticket: { processId: '0001', fate: 'taken' } })
    expect(heard).toEqual(['printer 0001 taken'])
  })

  it('keeps what a device has told of itself while its host is away', () => {
    comeUp()
    child().say({ type: 'report', report: { id: READER, kind: 'id-card', status: { state: 'ready', since: 1 }, details: { samNumber: '5-3' } } })
    child().die()
    expect(host.reports()[0]).toMatchObject({ status: { state: 'offline' }, details: { samNumber: '5-3' } })
  })

  it('does not take out-of-service from a driver: only staff say so', () => {
    comeUp()
    child().babble({ type: 'report', report: { id: 'reader', kind: 'id-card', status: { state: 'out-of-service', since: 0 } } })
    expect(child().killed).toBe(true)
  })
})

describe('a restart that staff ask for', () => {
  it('lets the host end in order, keeps true results, and begins anew with the shortest wait', async () => {
    comeUp()
    const print = host.printReceipt(PRINTER, job, () => undefined)
    host.restart()
    expect(child().received.at(-1)).toEqual({ type: 'stop' })
    child().say({ type: 'result', callId: child().lastCall().callId, result: { kind: 'print-receipt', outcome: { kind: 'printed', proof: 'process-id' } } })
    expect(await print).toEqual({ kind: 'printed', proof: 'process-id' })
    child().die({ code: 0, signal: null })
    await clock.advance(RESTART_DELAYS_MS[0])
    expect(children).toHaveLength(2)
    comeUp()
    expect(states()).toEqual(['reader:ready', 'printer:ready', 'scanner:ready'])
  })

  it('kills a host that does not end, and does not wait out a long back-off', async () => {
    comeUp()
    host.restart()
    await clock.advance(STOP_LIMIT_MS)
    expect(children[0]?.killed).toBe(true)
    for (let death = 0; death < 8; death++) {
      await clock.advance(30_000)
      child().die()
    }
    const before = children.length
    host.restart()
    expect(children).toHaveLength(before + 1)
  })

  it('does nothing once the terminal stops', async () => {
    comeUp()
    const stopped = host.stop()
    child().die({ code: 0, signal: null })
    await stopped
    host.restart()
    expect(children).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })
})

describe('the host is killed', () => {
  it('ends what is in flight as values and reports every device as gone', async () => {
    comeUp()
    let sending = 0
    const reading = host.readCard(READER, { timeoutMs: 30_000 }, () => undefined, new AbortController().signal)
    const print = host.printReceipt(PRINTER, job, () => (sending += 1))
    child().say({ type: 'progress', callId: child().lastCall().callId, progress: { kind: 'print-receipt', progress: 'sending' } })
    const scan = host.scanPage(SCANNER, { source: 'feeder' }, () => undefined, new AbortController().signal)
    child().die()
    expect(await reading).toEqual({ ok: false, error: { kind: 'reader-gone', code: HOST_GONE } })
    expect(await print).toEqual({ kind: 'unknown', why: 'link-lost' })
    expect(await scan).toEqual({ ok: false, error: { kind: 'scanner-gone', code: HOST_GONE } })
    expect(sending).toBe(1)
    expect(states()).toEqual(allGone)
  })

  it('says not-started, never unknown, for a receipt asked for while the host is away', async () => {
    comeUp()
    child().die()
    expect(await host.printReceipt(PRINTER, job, () => undefined)).toEqual({ kind: 'not-started', why: 'link-lost' })
    expect(await host.readCard(READER, { timeoutMs: 1 }, () => undefined, new AbortController().signal)).toEqual({ ok: false, error: { kind: 'reader-gone', code: HOST_GONE } })
  })

  it('comes back by itself and works again', async () => {
    comeUp()
    child().die()
    await clock.advance(RESTART_DELAYS_MS[0])
    expect(children).toHaveLength(2)
    expect(states()).toEqual(allGone)
    comeUp()
    expect(states()).toEqual(['reader:ready', 'printer:ready', 'scanner:ready'])
    const print = host.printReceipt(PRINTER, job, () => undefined)
    child().say({ type: 'result', callId: child().lastCall().callId, result: { kind: 'print-receipt', outcome: { kind: 'printed', proof: 'process-id' } } })
    expect(await print).toEqual({ kind: 'printed', proof: 'process-id' })
  })

  it('is not believed after its end', async () => {
    comeUp()
    const dead = child()
    dead.die()
    dead.say({ type: 'report', report: { id: READER, kind: 'id-card', status: { state: 'ready', since: 0 } } })
    expect(states()).toEqual(allGone)
    await clock.advance(RESTART_DELAYS_MS[0])
    dead.die()
    await clock.advance(RESTART_DELAYS_MS[1])
    expect(children).toHaveLength(2)
  })

  it('waits 0.25, 0.5, 1, 2, 5, 10, 30, 30 s between one death and the next start', async () => {
    for (const wait of [250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 30_000]) {
      const before = children.length
      child().die({ code: 1, signal: null })
      await clock.advance(wait - 1)
      expect(children).toHaveLength(before)
      await clock.advance(1)
      expect(children).toHaveLength(before + 1)
    }
  })

  it('forgets old deaths after a minute of health, not before', async () => {
    for (const wait of [250, 500, 1_000]) {
      child().die()
      await clock.advance(wait)
    }
    comeUp()
    await clock.advance(HEALTHY_AFTER_MS - 1)
    child().die()
    await clock.advance(1_999)
    expect(children).toHaveLength(4)
    await clock.advance(1)
    expect(children).toHaveLength(5)
    comeUp()
    await clock.advance(HEALTHY_AFTER_MS)
    child().die()
    await clock.advance(RESTART_DELAYS_MS[0])
    expect(children).toHaveLength(6)
  })
})

describe('the host hangs', () => {
  it('is killed when a ping stays without answer, and replaced', async () => {
    comeUp()
    const reading = host.readCard(READER, { timeoutMs: 60_000 }, () => undefined, new AbortController().signal)
    const hung = child()
    hung.hung = true
    await clock.advance(PING_EVERY_MS + PONG_LIMIT_MS - 1)
    expect(hung.killed).toBe(false)
    await clock.advance(1)
    expect(hung.killed).toBe(true)
    expect(await reading).toEqual({ ok: false, error: { kind: 'reader-gone', code: HOST_GONE } })
    expect(logged).toContainEqual({ event: 'device-host.killed', fields: { code: 'hung', pid: 4711 } })
    await clock.advance(RESTART_DELAYS_MS[0])
    expect(children).toHaveLength(2)
  })

  it('is killed when it never says that it is ready', async () => {
    await clock.advance(START_LIMIT_MS)
    expect(children[0]?.killed).toBe(true)
    expect(states()).toEqual(allGone)
    await clock.advance(RESTART_DELAYS_MS[0])
    expect(children).toHaveLength(2)
  })

  it('is given up when even its end is not told, so that the terminal goes on', async () => {
    comeUp()
    child().hung = true
    child().endsWhenKilled = false
    await clock.advance(PING_EVERY_MS + PONG_LIMIT_MS)
    expect(states()).toEqual(allGone)
    await clock.advance(KILL_LIMIT_MS + RESTART_DELAYS_MS[0])
    expect(children).toHaveLength(2)
  })
})

describe('the host speaks nonsense', () => {
  it('is replaced, and the log names the place but not the value', () => {
    comeUp()
    child().babble({ type: 'report', report: { id: 'reader', kind: 'id-card', status: { state: '周桂兰', since: 0 } } })
    expect(child().killed).toBe(true)
    expect(logged).toContainEqual({ event: 'device-host.protocol-fault', fields: { code: 'report.status.state:invalid_value' } })
    expect(JSON.stringify(logged)).not.toContain('周')
  })
})

describe('stopping', () => {
  it('asks the host to end, waits for it, starts no other and leaves no timer', async () => {
    comeUp()
    const stopped = host.stop()
    expect(child().received.at(-1)).toEqual({ type: 'stop' })
    child().die({ code: 0, signal: null })
    await stopped
    expect(clock.pending).toBe(0)
    await clock.advance(60_000)
    expect(children).toHaveLength(1)
  })

  it('takes the true result of a receipt that ends while stopping', async () => {
    comeUp()
    const print = host.printReceipt(PRINTER, job, () => undefined)
    const stopped = host.stop()
    child().say({ type: 'result', callId: child().lastCall().callId, result: { kind: 'print-receipt', outcome: { kind: 'printed', proof: 'process-id' } } })
    child().die({ code: 0, signal: null })
    await stopped
    expect(await print).toEqual({ kind: 'printed', proof: 'process-id' })
  })

  it('kills a host that does not end', async () => {
    comeUp()
    child().endsWhenKilled = false
    let done = false
    void host.stop().then(() => (done = true))
    await clock.advance(STOP_LIMIT_MS)
    expect(child().killed).toBe(true)
    await clock.advance(KILL_LIMIT_MS)
    expect(done).toBe(true)
    expect(clock.pending).toBe(0)
  })

  it('cancels a restart that was waiting', async () => {
    comeUp()
    child().die()
    await host.stop()
    expect(clock.pending).toBe(0)
    await clock.advance(60_000)
    expect(children).toHaveLength(1)
  })
})
