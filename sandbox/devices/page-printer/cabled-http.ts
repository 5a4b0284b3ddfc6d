import type { Server as HttpServer } from 'node:http'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer } from 'node:net'
import { Duplex } from 'node:stream'
import type { CableDoor } from '../cable.ts'

/**
 * The TCP port of a device that speaks HTTP, as the door of a {@link Cable}: what the server says passes `outward`, what
 * clients say passes `inward`, byte for byte. There is one line, so one conversation at a time; the next one waits for its end.
 */
export class CabledHttp implements CableDoor {
  readonly #http: HttpServer
  readonly #outward: (bytes: Uint8Array) => void
  readonly #inward: (bytes: Uint8Array) => Uint8Array
  #port: number
  #server: Server | undefined
  readonly #waiting: Socket[] = []
  #active: Socket | undefined

  constructor(options: { readonly http: HttpServer; readonly port: number; readonly outward: (bytes: Uint8Array) => void; readonly inward: (bytes: Uint8Array) => Uint8Array }) {
    this.#http = options.http
    this.#port = options.port
    this.#outward = options.outward
    this.#inward = options.inward
  }

  /** 0 before the first opening when any free port was asked for; kept from then on. */
  get port(): number {
    return this.#port
  }

  async open(): Promise<void> {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy())
      socket.pause()
      this.#waiting.push(socket)
      this.#next()
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.#port, '127.0.0.1', resolve)
    })
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
  }

  async close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of this.#waiting.splice(0)) socket.destroy()
    this.#active?.resetAndDestroy()
    await closed
  }

  write(bytes: Uint8Array): void {
    this.#active?.write(bytes)
  }

  /** Cuts the conversation that is going on, as a printer that falls over does. */
  cut(): void {
    this.#active?.resetAndDestroy()
  }

  #next(): void {
    if (this.#active !== undefined) return
    const socket = this.#waiting.shift()
    if (socket === undefined) return
    if (socket.destroyed) return this.#next()
    this.#active = socket
    const inner = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        this.#outward(chunk)
        done()
      },
      // The client hangs up: only it knows when everything has arrived.
      final: (done) => done(),
    })
    inner.on('error', () => undefined)
    socket.on('data', (chunk) => inner.push(this.#inward(chunk)))
    socket.on('end', () => inner.push(null))
    socket.on('close', () => {
      inner.destroy()
      if (this.#active === socket) this.#active = undefined
      this.#next()
    })
    this.#http.emit('connection', inner)
    socket.resume()
  }
}
