import { beforeEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { DeviceConfig } from '../../core/config/kiosk-config.ts'
import type { CardReadError, CardReading, PrintOutcome } from '../../core/device/operations.ts'
import type { DeviceDetails, DeviceStatus } from '../../core/device/status.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { Result } from '../../core/result/result.ts'
import type { DocumentScannerService, IdCardReaderService, ReceiptPrinterService, Ticket } from './contract.ts'
import type { Host, ServiceFactories } from './host.ts'
import { HOST_EXIT, PARENT_SILENCE_LIMIT_MS, startHost, STOP_LIMIT_MS } from './host.ts'
import type { FromHost } from './protocol.ts'
import { fromHostSchema } from './protocol.ts'

const devices: readonly DeviceConfig[] = [
  { id: 'reader', class: 'id-card', address: { kind: 'tcp', host: '127.0.0.1', port: 7001 }, additionalAddress: false },
  { id: 'printer', class: 'receipt-printer', address: { kind: 'tcp', host: '127.0.0.1', port: 7002 }, profile: 'sandbox' },
]
const SCANNER: DeviceConfig = { id: 'scanner', class: 'document-scanner', address: { kind: 'escl', url: 'http://127.0.0.1:7003/eSCL' }, dpi: 300, feeder: true }
const SOCIAL: DeviceConfig = { id: 'social', class: 'social-card', address: { kind: 'pcsc' } }
const CAMERA: DeviceConfig = { id: 'camera', class: 'document-camera', address: { kind: 'camera' } }
const job = { document: { number: '1', blocks: [] }, attempt: 1, processId: '0001', voidStubFirst: false }

let clock: SimulatedClock
let said: FromHost[]
let exits: number[]
let host: Host
let setStatus: (status: DeviceStatus) => void
let finishReading: (result: Result<CardReading, CardReadError>) => void
let onPrint: (onSending: () => void) => Promise<PrintOutcome>
let closing: () => Promise<void>
let tellTicket: (ticket: Ticket) => void
let details: DeviceDetails | undefined
let makeScanner: ServiceFactories['documentScanner']

beforeEach(() => {
  clock = new SimulatedClock()
  said = []
  exits = []
  closing = () => Promise.resolve()
  details = undefined
  makeScanner = () => {
    throw new Error('not configured')
  }
  onPrint = () => Promise.resolve({ kind: 'printed', proof: 'process-id' })
  const reader = (config: { readonly id: string }): IdCardReaderService => {
    let status: DeviceStatus = { state: 'starting', since: clock.now() }
    const listeners = new Set<(status: DeviceStatus) => void>()
    setStatus = (next) => {
      status = next
      for (const listener of listeners) listener(next)
    }
    return {
      id: config.id as DeviceId,
      kind: 'id-card',
      start: () => undefined,
      stop: () => closing(),
      status: () => status,
      onStatus: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      read: (_options, onProgress, signal) =>
        new Promise((resolve) => {
          onProgress({ kind: 'waiting' })
          finishReading = resolve
          signal.addEventListener('abort', () => resolve({ ok: false, error: { kind: 'cancelled' } }))
        }),
    }
  }
  const printer = (config: { readonly id: string }): ReceiptPrinterService => ({
    id: config.id as DeviceId,
    kind: 'receipt-printer',
    start: () => undefined,
    stop: () => Promise.resolve(),
    status: () => ({ state: 'ready', since: clock.now() }),
    onStatus: () => () => undefined,
    print: (_job, onSending) => onPrint(onSending),
    onTicket: (listener) => {
      tellTicket = listener
      return () => undefined
    },
    details: () => details ?? {},
  })
  const notConfigured = (): never => {
    throw new Error('not configured')
  }
  host = startHost({
    clock,
    factories: {
      idCard: reader,
      receiptPrinter: printer,
      documentScanner: (config, tools) => makeScanner(config, tools),
      codeScanner: notConfigured,
      socialCard: () => Promise.reject(Object.assign(new Error('no libpcsclite on 周桂兰'), { code: 'ERR_DLOPEN_FAILED' })),
      pagePrinter: notConfigured,
    },
    // What the kiosk process would refuse must not be said in the first place.
    post: (message) => said.push(fromHostSchema.parse(structuredClone(message))),
    exit: (code) => exits.push(code),
  })
})

const results = (): FromHost[] => said.filter((message) => message.type === 'result')

describe('the device host', () => {
  it('says ready, and after the configuration the state of each device, then each change', () => {
    expect(said).toEqual([{ type: 'ready' }])
    host.receive({ type: 'configure', devices })
    setStatus({ state: 'ready', since: 5 })
    expect(said.slice(1).map((message) => (message.type === 'report' ? `${message.report.id}:${message.report.status.state}` : message.type))).toEqual(['reader:starting', 'printer:ready', 'reader:ready'])
  })

  it('routes a call, its progress, its abort and its answer', async () => {
    host.receive({ type: 'configure', devices })
    host.receive({ type: 'call', callId: 1, device: 'reader', operation: { kind: 'read-card', timeoutMs: 1_000 } })
    expect(said.at(-1)).toEqual({ type: 'progress', callId: 1, progress: { kind: 'read-card', progress: { kind: 'waiting' } } })
    host.receive({ type: 'abort', callId: 1 })
    await clock.advance(0)
    expect(results()).toEqual([{ type: 'result', callId: 1, result: { kind: 'read-card', result: { ok: false, error: { kind: 'cancelled' } } } }])
  })

  it('carries a whole reading with the bytes of the photo', async () => {
    host.receive({ type: 'configure', devices })
    host.receive({ type: 'call', callId: 7, device: 'reader', operation: { kind: 'read-card', timeoutMs: 1_000 } })
    const value: CardReading = {
      kind: 'resident', name: '周桂兰', sex: 'female', nationCode: '01', birth: '1958-03-12', address: '演示市演示区演示路1号',
      number: '990101195803120027' as CardReading['number'], issuer: '演示市公安局', validFrom: '2015-01-01', validTo: 'long-term',
      photo: { format: 'wlt', bytes: new Uint8Array(1024).fill(7) },
    }
    finishReading({ ok: true, value })
    await clock.advance(0)
    expect(results()).toEqual([{ type: 'result', callId: 7, result: { kind: 'read-card', result: { ok: true, value } } }])
  })

  it('answers a call for a device that it does not have, or of another class', async () => {
    host.receive({ type: 'configure', devices })
    host.receive({ type: 'call', callId: 1, device: 'nobody', operation: { kind: 'read-card', timeoutMs: 1 } })
    host.receive({ type: 'call', callId: 2, device: 'printer', operation: { kind: 'read-card', timeoutMs: 1 } })
    await clock.advance(0)
    expect(results().map((message) => message.type === 'result' && message.result)).toEqual(Array(2).fill({ kind: 'failed', began: false, code: 'no-such-device' }))
  })

  it('answers a malformed call instead of leaving its caller to wait', () => {
    host.receive({ type: 'call', callId: 3, device: 'printer', operation: { kind: 'print-receipt', job: { ...job, processId: '过程' } } })
    expect(said.at(-1)).toEqual({ type: 'result', callId: 3, result: { kind: 'failed', began: false, code: 'bad-call' } })
    expect(JSON.stringify(said)).not.toContain('过程')
  })

  it('tells the caller when a service throws, and keeps the words to itself', async () => {
    host.receive({ type: 'configure', devices })
    onPrint = () => Promise.reject(new TypeError('cannot print 周桂兰'))
    host.receive({ type: 'call', callId: 4, device: 'printer', operation: { kind: 'print-receipt', job } })
    await clock.advance(0)
    expect(results()).toEqual([{ type: 'result', callId: 4, result: { kind: 'failed', began: true, code: 'service-threw' } }])
    expect(said).toContainEqual({ type: 'log', event: 'host.service-threw', fields: { device: 'printer', code: 'TypeError' } })
    expect(JSON.stringify(said)).not.toContain('周')
  })

  it('ends by itself when the kiosk process has been silent for 30 s, and not while it pings', async () => {
    host.receive({ type: 'configure', devices })
    for (let beat = 1; beat <= 10; beat++) {
      await clock.advance(PARENT_SILENCE_LIMIT_MS - 1)
      host.receive({ type: 'ping', beat })
      expect(said.at(-1)).toEqual({ type: 'pong', beat })
    }
    expect(exits).toEqual([])
    await clock.advance(PARENT_SILENCE_LIMIT_MS)
    expect(exits).toEqual([HOST_EXIT.parentSilent])
  })

  it('tells what a device says of itself with each report, cut to what may cross', () => {
    details = { serial: 'x'.repeat(500), cuts: 7, strange: Number.NaN, ...Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`n${index}`, index])) }
    host.receive({ type: 'configure', devices })
    const report = said.find((message) => message.type === 'report' && message.report.id === 'printer')
    if (report?.type !== 'report') throw new Error('no report')
    expect(report.report.details).toMatchObject({ serial: 'x'.repeat(200), cuts: 7 })
    expect(Object.keys(report.report.details ?? {})).toHaveLength(40)
    expect(report.report.details).not.toHaveProperty('strange')
  })

  it('passes on what became of a ticket', () => {
    host.receive({ type: 'configure', devices })
    tellTicket({ processId: '0001', fate: 'taken' })
    expect(said.at(-1)).toEqual({ type: 'ticket', device: 'printer', ticket: { processId: '0001', fate: 'taken' } })
  })

  it('hands over the pages of a feeder one by one, before the result', async () => {
    const page = { mime: 'image/jpeg' as const, bytes: Uint8Array.of(1, 2), widthPx: 10, heightPx: 20, dpi: 300 }
    makeScanner = (config): DocumentScannerService => ({
      id: config.id as DeviceId,
      kind: 'document-scanner',
      start: () => undefined,
      stop: () => Promise.resolve(),
      status: () => ({ state: 'ready', since: 0 }),
      onStatus: () => () => undefined,
      scanPage: () => Promise.resolve({ ok: true, value: page }),
      scanBatch: (onPage, onProgress) => {
        onProgress({ kind: 'scanning', percent: 40 })
        onPage(page)
        onPage(page)
        return Promise.resolve({ ok: true, value: { pages: 2 } })
      },
    })
    host.receive({ type: 'configure', devices: [SCANNER] })
    host.receive({ type: 'call', callId: 1, device: 'scanner', operation: { kind: 'scan-batch' } })
    await clock.advance(0)
    expect(said.slice(2).map((message) => (message.type === 'progress' ? message.progress.kind : message.type))).toEqual(['scan-batch', 'batch-page', 'batch-page', 'result'])
  })

  it('goes on without a device whose driver cannot be had: it is a fault that says so', async () => {
    host.receive({ type: 'configure', devices: [...devices, SOCIAL, SCANNER, CAMERA] })
    await clock.advance(0)
    const last = new Map(said.flatMap((message) => (message.type === 'report' ? [[message.report.id as string, message.report.status] as const] : [])))
    expect([...last].map(([id, status]) => `${id}:${status.state}:${status.code ?? ''}`)).toEqual(['reader:starting:', 'printer:ready:', 'social:fault:driver-missing', 'scanner:fault:driver-missing'])
    host.receive({ type: 'call', callId: 1, device: 'social', operation: { kind: 'read-social-card', timeoutMs: 1_000 } })
    host.receive({ type: 'call', callId: 2, device: 'scanner', operation: { kind: 'scan-batch' } })
    await clock.advance(0)
    expect(results().map((message) => message.type === 'result' && message.result)).toEqual([
      { kind: 'read-social-card', result: { ok: false, error: { kind: 'reader-fault', code: 'driver-missing' } } },
      { kind: 'scan-batch', result: { ok: false, error: { kind: 'fault', code: 'driver-missing' } } },
    ])
    expect(said).toContainEqual({ type: 'log', event: 'host.driver-missing', fields: { device: 'social', class: 'social-card', code: 'ERR_DLOPEN_FAILED' } })
    expect(JSON.stringify(said)).not.toContain('周')
  })

  it('lets a call wait for a driver that is being loaded, and answers one that was given up meanwhile', async () => {
    const loaded = Promise.withResolvers<DocumentScannerService>()
    makeScanner = () => loaded.promise
    host.receive({ type: 'configure', devices: [SCANNER] })
    host.receive({ type: 'call', callId: 1, device: 'scanner', operation: { kind: 'scan-page', source: 'platen' } })
    host.receive({ type: 'call', callId: 2, device: 'scanner', operation: { kind: 'scan-page', source: 'platen' } })
    host.receive({ type: 'abort', callId: 2 })
    await clock.advance(0)
    expect(results()).toEqual([])
    loaded.reject(new Error('broken'))
    await clock.advance(0)
    expect(results().map((message) => message.type === 'result' && message.result)).toEqual([
      { kind: 'failed', began: false, code: 'aborted' },
      { kind: 'scan-page', result: { ok: false, error: { kind: 'fault', code: 'driver-missing' } } },
    ])
  })

  it('follows a plug with a loose contact without flooding: a few changes at once, then the newest', async () => {
    host.receive({ type: 'configure', devices })
    const before = said.length
    for (let i = 0; i < 1_000; i++) setStatus({ state: i % 2 === 0 ? 'offline' : 'ready', since: i })
    expect(said.length - before).toBeLessThanOrEqual(10)
    await clock.advance(300)
    expect(said.length - before).toBeLessThanOrEqual(11)
    const last = said.at(-1)
    expect(last?.type === 'report' && last.report.status).toEqual({ state: 'ready', since: 999 })
  })

  it('closes its devices before it ends, and ends although one does not close', async () => {
    host.receive({ type: 'configure', devices })
    closing = () => new Promise(() => undefined)
    host.receive({ type: 'stop' })
    await clock.advance(STOP_LIMIT_MS - 1)
    expect(exits).toEqual([])
    await clock.advance(1)
    expect(exits).toEqual([HOST_EXIT.stopped])
    expect(clock.pending).toBe(0)
  })

  it('ends at once when every device has closed, and leaves no timer', async () => {
    host.receive({ type: 'configure', devices })
    await host.stop(HOST_EXIT.stopped)
    expect(exits).toEqual([HOST_EXIT.stopped])
    expect(clock.pending).toBe(0)
  })
})
