import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { Clock } from '../../core/clock/clock.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import { TransportListeners } from './listeners.ts'
import type { OpenTransport, Transport, TransportError } from './transport.ts'

/** A device on the same network answers in milliseconds; after this it is not there. */
const CONNECT_LIMIT_MS = 3000
/** Lets the operating system find out about a cable that was pulled while nothing was being said. */
const KEEP_ALIVE_DELAY_MS = 10_000

/** Opens a TCP connection to a device or to a serial-to-network converter. */
export function tcpOpener(address: { readonly host: string; readonly port: number }, clock: Clock): OpenTransport {
  return () =>
    new Promise((resolve) => {
      const socket = connect({ host: address.host, port: address.port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS })
      const limit = clock.setTimeout(() => {
        socket.destroy()
        finish(err({ kind: 'timeout', detail: 'tcp-connect' }))
      }, CONNECT_LIMIT_MS)
      const onError = (error: Error): void => finish(err(tcpError(error)))
      const finish = (result: Result<Transport, TransportError>): void => {
        clock.clearTimeout(limit)
        // After a failed connect a late error must not reach the process; after success the transport listens itself.
        if (result.ok) socket.off('error', onError)
        resolve(result)
      }
      socket.on('error', onError)
      socket.once('connect', () => finish(ok(new TcpTransport(socket))))
    })
}

class TcpTransport implements Transport {
  readonly #socket: Socket
  readonly #listeners = new TransportListeners()

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk) => this.#listeners.data(chunk))
    socket.on('error', (error) => this.#end(tcpError(error)))
    socket.on('end', () => this.#end({ kind: 'disconnected', detail: 'tcp-end' }))
    socket.on('close', () => this.#end({ kind: 'disconnected', detail: 'tcp-close' }))
  }

  write(bytes: Uint8Array): Promise<Result<void, TransportError>> {
    return new Promise((resolve) => {
      if (this.#listeners.isOver) return resolve(err({ kind: 'disconnected', detail: 'tcp-closed' }))
      this.#socket.write(bytes, (error) => resolve(error ? err(tcpError(error)) : ok(undefined)))
    })
  }

  /** What the kernel already holds is delivered within one turn of the event loop and dropped there. */
  discardInput(): Promise<void> {
    return this.#listeners.discardDuring(() => new Promise((resolve) => setImmediate(resolve)))
  }

  onData(listener: (chunk: Uint8Array) => void): () => void {
    return this.#listeners.onData(listener)
  }

  onEnd(listener: (error: TransportError) => void): () => void {
    return this.#listeners.onEnd(listener)
  }

  async close(): Promise<void> {
    this.#listeners.silence()
    if (this.#socket.closed) return
    await new Promise<void>((resolve) => {
      this.#socket.once('close', () => resolve())
      this.#socket.destroy()
    })
  }

  #end(error: TransportError): void {
    this.#listeners.end(error)
    this.#socket.destroy()
  }
}

function tcpError(error: Error): TransportError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
  switch (code) {
    case 'ECONNREFUSED':
      return { kind: 'refused', detail: code }
    case 'ENOTFOUND':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return { kind: 'not-found', detail: code }
    case 'ETIMEDOUT':
      return { kind: 'timeout', detail: code }
    case 'EACCES':
    case 'EPERM':
      return { kind: 'no-permission', detail: code }
    default:
      return { kind: 'disconnected', detail: code }
  }
}
