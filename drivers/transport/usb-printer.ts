import { constants, promises } from 'node:fs'
import { delay, type Clock } from '../../core/clock/clock.ts'
import { err, ok, type Result } from '../../core/result/result.ts'
import { TransportListeners } from './listeners.ts'
import type { OpenTransport, Transport, TransportError } from './transport.ts'

/** An idle printer has nothing to read; it is asked again after this (facts on links, 5.2: every 25–50 ms). */
export const READ_POLL_MS = 30
/** A printer that takes no more bytes now (paper moving, buffer full) is offered the rest after this. */
export const WRITE_RETRY_MS = 20
const READ_BYTES = 4096
/** Answers that came before anyone asked: more than this is no printer. */
const STALE_READS_AT_MOST = 64

/** The part of a file handle that the transport needs; tests give their own. */
export interface DeviceFile {
  read(buffer: Uint8Array, offset: number, length: number, position: null): Promise<{ readonly bytesRead: number }>
  write(buffer: Uint8Array, offset: number, length: number, position: null): Promise<{ readonly bytesWritten: number }>
  close(): Promise<void>
}
export type OpenDeviceFile = (path: string, flags: number) => Promise<DeviceFile>

/**
 * Opens a printer by its node of the kernel's printer class driver (`/dev/usb/lp0`). The node is opened without blocking:
 * a blocking read there holds a thread of the pool for ever and keeps the whole process from ending.
 */
export function usbPrinterOpener(address: { readonly path: string }, clock: Clock, openFile: OpenDeviceFile = (path, flags) => promises.open(path, flags)): OpenTransport {
  return async () => {
    try {
      return ok(new UsbPrinterTransport(await openFile(address.path, constants.O_RDWR | constants.O_NONBLOCK), clock))
    } catch (error) {
      return err(openError(codeOf(error)))
    }
  }
}

class UsbPrinterTransport implements Transport {
  readonly #file: DeviceFile
  readonly #clock: Clock
  readonly #listeners = new TransportListeners()
  readonly #over = new AbortController()
  readonly #buffer = new Uint8Array(READ_BYTES)
  #writes: Promise<unknown> = Promise.resolve()
  #reading: Promise<void>
  #closed: Promise<void> | undefined

  constructor(file: DeviceFile, clock: Clock) {
    this.#file = file
    this.#clock = clock
    this.#reading = this.#readOn()
  }

  write(bytes: Uint8Array): Promise<Result<void, TransportError>> {
    const mine = this.#writes.then(() => this.#writeAll(bytes))
    this.#writes = mine
    return mine
  }

  /** What the kernel holds is read and thrown away. */
  async discardInput(): Promise<void> {
    await this.#listeners.discardDuring(() => this.#pause(READ_POLL_MS))
  }

  onData(listener: (chunk: Uint8Array) => void): () => void {
    return this.#listeners.onData(listener)
  }

  onEnd(listener: (error: TransportError) => void): () => void {
    return this.#listeners.onEnd(listener)
  }

  async close(): Promise<void> {
    this.#listeners.silence()
    await this.#closeFile()
  }

  async #writeAll(bytes: Uint8Array): Promise<Result<void, TransportError>> {
    let at = 0
    while (at < bytes.length) {
      if (this.#over.signal.aborted) return err({ kind: 'disconnected', detail: 'usb-printer:closed' })
      try {
        const { bytesWritten } = await this.#file.write(bytes, at, bytes.length - at, null)
        at += bytesWritten
        if (bytesWritten === 0) await this.#pause(WRITE_RETRY_MS)
      } catch (error) {
        const code = codeOf(error)
        if (code !== 'EAGAIN' && code !== 'EINTR') return err(this.#end(code))
        await this.#pause(WRITE_RETRY_MS)
      }
    }
    return ok(undefined)
  }

  async #readOn(): Promise<void> {
    // Whoever opened it has attached their listeners before the first bytes are handed over.
    await Promise.resolve()
    let readsInARow = 0
    while (!this.#over.signal.aborted) {
      try {
        const { bytesRead } = await this.#file.read(this.#buffer, 0, READ_BYTES, null)
        if (bytesRead > 0) {
          this.#listeners.data(this.#buffer.slice(0, bytesRead))
          // A device that never stops talking must not keep everything else from its turn.
          if (++readsInARow < STALE_READS_AT_MOST) continue
        }
      } catch (error) {
        const code = codeOf(error)
        if (code !== 'EAGAIN' && code !== 'EINTR') {
          this.#end(code)
          return
        }
      }
      readsInARow = 0
      await this.#pause(READ_POLL_MS)
    }
  }

  #end(code: string): TransportError {
    const error: TransportError = { kind: 'disconnected', detail: `usb-printer:${code}` }
    this.#listeners.end(error)
    void this.#closeFile()
    return error
  }

  #closeFile(): Promise<void> {
    this.#over.abort(new Error('closed'))
    // A read in flight ends at once, because the file does not block; the descriptor is closed after it, never under it.
    this.#closed ??= this.#reading.then(() => this.#file.close()).catch(() => undefined)
    return this.#closed
  }

  #pause(ms: number): Promise<void> {
    return delay(this.#clock, ms, this.#over.signal).catch(() => undefined)
  }
}

function openError(code: string): TransportError {
  const detail = `usb-printer:${code}`
  switch (code) {
    case 'ENOENT':
    case 'ENODEV':
    case 'ENXIO':
      return { kind: 'not-found', detail }
    case 'EBUSY':
      return { kind: 'in-use', detail }
    case 'EACCES':
    case 'EPERM':
      return { kind: 'no-permission', detail }
    default:
      return { kind: 'refused', detail }
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
}
