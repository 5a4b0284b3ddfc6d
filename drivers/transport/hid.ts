import type { Clock } from '../../core/clock/clock.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import { TransportListeners } from './listeners.ts'
import type { ReportEnvelope } from './report-envelope.ts'
import type { OpenTransport, Transport, TransportError } from './transport.ts'

/** How long one `read` waits; also the longest time that a drain has to wait for the read in flight. */
const READ_SLICE_MS = 20
/** While draining, a read that brings nothing within this time has shown that the queue is empty. */
const DRAIN_SLICE_MS = 5
/** A reader that floods us must not keep a drain going for ever. */
const DRAIN_LIMIT_REPORTS = 256
/** Longest wait for the device's word that it is ready for the next report. */
const ACK_LIMIT_MS = 1000

/** The part of node-hid's `HIDAsync` that is used here. */
export interface HidHandle {
  read(timeoutMs: number): Promise<Uint8Array | undefined>
  write(report: Buffer): Promise<number>
  close(): Promise<void>
  on(event: 'error', listener: (error: Error) => void): unknown
}

export interface HidLibrary {
  list(vendorId: number, productId: number): Promise<readonly { readonly path?: string | undefined; readonly serialNumber?: string | undefined }[]>
  open(path: string): Promise<HidHandle>
}

export interface HidAddress {
  readonly vendorId: number
  readonly productId: number
  readonly serialNumber?: string
  /** 0 when the device does not number its reports. */
  readonly reportId: number
}

/** Opens a HID device as a stream of bytes behind an envelope. The native binding is loaded at the first opening. */
export function hidOpener(address: HidAddress, envelope: () => ReportEnvelope, clock: Clock, library: () => Promise<HidLibrary> = loadNodeHid): OpenTransport {
  return async () => {
    try {
      const hid = await library()
      const devices = await hid.list(address.vendorId, address.productId)
      const device = devices.find(({ path, serialNumber }) => path !== undefined && (address.serialNumber === undefined || address.serialNumber === serialNumber))
      if (device?.path === undefined) return err({ kind: 'not-found', detail: 'hid-not-listed' })
      return ok(new HidTransport(await hid.open(device.path), address.reportId, envelope(), clock))
    } catch (error) {
      return err(hidError(error))
    }
  }
}

async function loadNodeHid(): Promise<HidLibrary> {
  const { devicesAsync, HIDAsync } = await import('node-hid')
  return { list: (vendorId, productId) => devicesAsync(vendorId, productId), open: (path) => HIDAsync.open(path) }
}

class HidTransport implements Transport {
  readonly #handle: HidHandle
  readonly #reportId: number
  readonly #envelope: ReportEnvelope
  readonly #clock: Clock
  readonly #listeners = new TransportListeners()
  /** Those who wait until the queue of the operating system has been read empty. */
  #drains: (() => void)[] = []
  #onAck: (() => void) | undefined
  #closed: Promise<void> | undefined

  constructor(handle: HidHandle, reportId: number, envelope: ReportEnvelope, clock: Clock) {
    this.#handle = handle
    this.#reportId = reportId
    this.#envelope = envelope
    this.#clock = clock
    // Unplugging is told here or by a rejected call; without a listener it would end the process.
    handle.on('error', (error) => this.#end(hidError(error)))
    void this.#pump()
  }

  async write(bytes: Uint8Array): Promise<Result<void, TransportError>> {
    if (this.#listeners.isOver) return err({ kind: 'disconnected', detail: 'hid-closed' })
    const reports = this.#envelope.wrap(bytes)
    for (const [index, report] of reports.entries()) {
      const acknowledged = this.#envelope.waitsForAck && index < reports.length - 1 ? this.#nextAck() : Promise.resolve(true)
      const written = await this.#writeReport(report)
      if (!written.ok) return written
      if (!(await acknowledged)) return err({ kind: 'timeout', detail: 'hid-ack' })
    }
    return ok(undefined)
  }

  async discardInput(): Promise<void> {
    this.#envelope.reset()
    if (this.#listeners.isOver) return
    await new Promise<void>((resolve) => this.#drains.push(resolve))
  }

  onData(listener: (chunk: Uint8Array) => void): () => void {
    return this.#listeners.onData(listener)
  }

  onEnd(listener: (error: TransportError) => void): () => void {
    return this.#listeners.onEnd(listener)
  }

  async close(): Promise<void> {
    this.#listeners.silence()
    await this.#closeHandle()
  }

  /** The one reader: `read` and a `data` listener cannot be mixed, and a drain needs short reads. */
  async #pump(): Promise<void> {
    let drained = 0
    while (!this.#listeners.isOver) {
      const draining = this.#drains.length > 0
      let report: Uint8Array | undefined
      try {
        report = await this.#handle.read(draining ? DRAIN_SLICE_MS : READ_SLICE_MS)
      } catch (error) {
        this.#end(hidError(error))
        break
      }
      if (this.#drains.length > 0) {
        drained += 1
        if (report === undefined || report.length === 0 || drained > DRAIN_LIMIT_REPORTS) {
          drained = 0
          this.#releaseDrains()
        }
      } else if (report !== undefined && report.length > 0) {
        this.#receive(report)
      }
    }
    this.#releaseDrains()
  }

  #releaseDrains(): void {
    const waiting = this.#drains
    this.#drains = []
    for (const resolve of waiting) resolve()
  }

  #receive(raw: Uint8Array): void {
    let report = raw
    if (this.#reportId !== 0) {
      // With numbered reports the first byte is the number; others belong to other functions of the device.
      if (raw[0] !== this.#reportId) return
      report = raw.subarray(1)
    }
    const unwrapped = this.#envelope.unwrap(report)
    switch (unwrapped.kind) {
      case 'bytes':
        this.#listeners.data(unwrapped.bytes)
        if (unwrapped.answer !== undefined) void this.#writeReport(unwrapped.answer)
        return
      case 'ack':
        this.#onAck?.()
        return
      case 'error':
        // A broken envelope counts as silence: the step's own limit ends it, and the next request drains.
        this.#envelope.reset()
    }
  }

  /** The id always goes first, 00 when the device numbers nothing, and the report is always full. */
  async #writeReport(report: Uint8Array): Promise<Result<void, TransportError>> {
    const whole = Buffer.alloc(1 + this.#envelope.reportBytes)
    whole[0] = this.#reportId
    whole.set(report, 1)
    try {
      await this.#handle.write(whole)
      return ok(undefined)
    } catch (error) {
      const cause = hidError(error)
      this.#end(cause)
      return err(cause)
    }
  }

  #nextAck(): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (acknowledged: boolean): void => {
        this.#clock.clearTimeout(limit)
        this.#onAck = undefined
        stopListening()
        resolve(acknowledged)
      }
      const limit = this.#clock.setTimeout(() => finish(false), ACK_LIMIT_MS)
      const stopListening = this.#listeners.onEnd(() => finish(false))
      this.#onAck = () => finish(true)
    })
  }

  #end(error: TransportError): void {
    this.#listeners.end(error)
    void this.#closeHandle()
  }

  #closeHandle(): Promise<void> {
    // Closing a device that was pulled out may fail; it is gone either way.
    this.#closed ??= this.#handle.close().catch(() => undefined)
    return this.#closed
  }
}

function hidError(error: unknown): TransportError {
  const message = error instanceof Error ? error.message : String(error)
  const detail = `hid:${message.slice(0, 60)}`
  if (/permission|access/i.test(message)) return { kind: 'no-permission', detail }
  if (/cannot open|not open/i.test(message)) return { kind: 'refused', detail }
  return { kind: 'disconnected', detail }
}
