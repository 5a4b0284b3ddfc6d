import type { SerialPort } from 'serialport'
import type { Clock } from '../../core/clock/clock.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import { TransportListeners } from './listeners.ts'
import { watchPresence } from './presence.ts'
import type { OpenTransport, Transport, TransportError } from './transport.ts'

export interface SerialSettings {
  readonly path: string
  readonly baud: number
  /** XON/XOFF is unsafe where 11 and 13 may be data (pictures); the configuration says it only for printers that need it. */
  readonly flow?: 'none' | 'rts-cts' | 'xon-xoff'
  readonly parity?: 'none' | 'odd' | 'even'
}

/**
 * Opens a serial port: 8 data bits, 1 stop bit, parity and flow control as configured (none, if not said), locked against a
 * second program. The native binding is loaded at the first opening, so that a terminal without serial devices never loads it.
 * A port whose node vanishes ends within a second, also when nothing is being said.
 */
export function serialOpener({ path, baud, flow = 'none', parity = 'none' }: SerialSettings, clock: Clock): OpenTransport {
  return async () => {
    try {
      const { SerialPort } = await import('serialport')
      const port = new SerialPort({ path, baudRate: baud, dataBits: 8, parity, stopBits: 1, rtscts: flow === 'rts-cts', xon: flow === 'xon-xoff', xoff: flow === 'xon-xoff', lock: true, autoOpen: false })
      // Listens before the port is open: a reader may speak at once, and an unheard `error` would end the process.
      const transport = new SerialTransport(port)
      return await new Promise<Result<Transport, TransportError>>((resolve) => {
        port.open((error) => {
          if (error === null) transport.watch(path, clock)
          resolve(error === null ? ok(transport) : err(serialOpenError(error)))
        })
      })
    } catch (error) {
      // No binding for this platform, or a path or speed that the binding refuses outright.
      return err({ kind: 'refused', detail: detailOf(error instanceof Error ? error : new Error(String(error))) })
    }
  }
}

class SerialTransport implements Transport {
  readonly #port: SerialPort
  readonly #listeners = new TransportListeners()
  /** Writes and flushes take turns: a flush throws away both directions and would cut a write that is under way. */
  #turn: Promise<unknown> = Promise.resolve()
  #stopWatching: () => void = () => undefined

  constructor(port: SerialPort) {
    this.#port = port
    port.on('data', (chunk: Uint8Array) => this.#listeners.data(chunk))
    port.on('error', (error) => this.#end({ kind: 'disconnected', detail: detailOf(error) }))
    // A port whose other end is gone may tell it by an empty read, which the stream turns into `end`.
    port.on('end', () => this.#end({ kind: 'disconnected', detail: 'serial-end' }))
    // The port gives null or the cause here; the stream under it, when it is destroyed, gives nothing.
    port.on('close', (error?: Error | null) => this.#end({ kind: 'disconnected', detail: error ? detailOf(error) : 'serial-close' }))
  }

  watch(path: string, clock: Clock): void {
    if (!this.#listeners.isOver) this.#stopWatching = watchPresence(path, clock, () => this.#end({ kind: 'disconnected', detail: 'serial-node-gone' }))
  }

  write(bytes: Uint8Array): Promise<Result<void, TransportError>> {
    return this.#inTurn(
      () =>
        new Promise<Result<void, TransportError>>((resolve) => {
          if (this.#listeners.isOver || !this.#port.isOpen) return resolve(err({ kind: 'disconnected', detail: 'serial-closed' }))
          const stopListening = this.#listeners.onEnd((error) => resolve(err(error)))
          const finish = (error: Error | null | undefined): void => {
            stopListening()
            resolve(error ? err({ kind: 'disconnected', detail: detailOf(error) }) : ok(undefined))
          }
          this.#port.write(Buffer.from(bytes), (error) => {
            if (error) return finish(error)
            this.#port.drain(finish)
          })
        }),
    )
  }

  discardInput(): Promise<void> {
    return this.#inTurn(() =>
      this.#listeners.discardDuring(async () => {
        if (this.#listeners.isOver || !this.#port.isOpen) return
        // A failing flush means a port that is going away; `close` or the next write tells it.
        await new Promise<void>((resolve) => this.#port.flush(() => resolve()))
        await new Promise((resolve) => setImmediate(resolve))
      }),
    )
  }

  onData(listener: (chunk: Uint8Array) => void): () => void {
    return this.#listeners.onData(listener)
  }

  onEnd(listener: (error: TransportError) => void): () => void {
    return this.#listeners.onEnd(listener)
  }

  async close(): Promise<void> {
    this.#listeners.silence()
    await this.#closePort()
  }

  #end(error: TransportError): void {
    this.#listeners.end(error)
    void this.#closePort()
  }

  #closePort(): Promise<void> {
    this.#stopWatching()
    return new Promise((resolve) => {
      if (this.#port.closing) {
        this.#port.once('close', () => resolve())
        return
      }
      if (!this.#port.isOpen) return resolve()
      this.#port.close(() => resolve())
    })
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work, work)
    this.#turn = mine
    return mine
  }
}

/** The binding names causes only in its English sentences, which differ between platforms. */
function serialOpenError(error: Error): TransportError {
  const message = error.message.toLowerCase()
  const detail = detailOf(error)
  if (message.includes('lock') || message.includes('busy')) return { kind: 'in-use', detail }
  if (message.includes('permission') || message.includes('access denied')) return { kind: 'no-permission', detail }
  if (message.includes('no such') || message.includes('not found') || message.includes('enoent')) return { kind: 'not-found', detail }
  return { kind: 'refused', detail }
}

/** A short code for the log; the binding's own sentence may hold a path and is cut. */
function detailOf(error: Error): string {
  return `serial:${error.message.replace(/\s+/g, ' ').slice(0, 60)}`
}
