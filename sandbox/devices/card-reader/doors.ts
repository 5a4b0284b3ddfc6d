import { closeSync, constants, openSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { ReadStream, WriteStream } from 'node:tty'

/** Where the reader is plugged in. */
export type DoorAddress = { readonly kind: 'tcp'; readonly host: string; readonly port: number } | { readonly kind: 'serial'; readonly path: string }

/** The way of the bytes in and out of a virtual device; opened and closed as a cable is plugged and pulled. */
export interface Door {
  /** With a port of 0 the address tells the port only after the first opening, and keeps it. */
  readonly address: DoorAddress
  readonly connections: number
  open(): Promise<void>
  close(): Promise<void>
  write(bytes: Uint8Array): void
  /** A serial line that is found at another path from its next opening on. */
  rename?(path: string): void
}

export interface DoorListeners {
  readonly onData: (chunk: Uint8Array) => void
  /** Someone came or went. */
  readonly onConnections: () => void
}

export function openDoor(address: DoorAddress, listeners: DoorListeners): Door {
  return address.kind === 'tcp' ? new TcpDoor(address.host, address.port, listeners) : new SerialDoor(address.path, listeners)
}

class TcpDoor implements Door {
  readonly #host: string
  #port: number
  readonly #listeners: DoorListeners
  #server: Server | undefined
  readonly #sockets = new Set<Socket>()

  constructor(host: string, port: number, listeners: DoorListeners) {
    this.#host = host
    this.#port = port
    this.#listeners = listeners
  }

  get address(): DoorAddress {
    return { kind: 'tcp', host: this.#host, port: this.#port }
  }

  get connections(): number {
    return this.#sockets.size
  }

  async open(): Promise<void> {
    const server = createServer({ noDelay: true }, (socket) => {
      // A reader has one plug: who comes last holds it.
      for (const earlier of this.#sockets) earlier.destroy()
      this.#sockets.add(socket)
      socket.on('data', (chunk) => this.#listeners.onData(chunk))
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        this.#sockets.delete(socket)
        this.#listeners.onConnections()
      })
      this.#listeners.onConnections()
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.#port, this.#host, () => {
        server.off('error', reject)
        resolve()
      })
    })
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
  }

  async close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  write(bytes: Uint8Array): void {
    for (const socket of this.#sockets) socket.write(bytes)
  }
}

/** One end of a pair of pseudo-terminals, or a real port with a cross-over cable. */
class SerialDoor implements Door {
  #path: string
  readonly #listeners: DoorListeners
  #input: ReadStream | undefined
  #output: WriteStream | undefined

  constructor(path: string, listeners: DoorListeners) {
    this.#path = path
    this.#listeners = listeners
  }

  get address(): DoorAddress {
    return { kind: 'serial', path: this.#path }
  }

  /** A serial line does not tell whether someone listens: open counts as one. */
  get connections(): number {
    return this.#input === undefined ? 0 : 1
  }

  async open(): Promise<void> {
    const input = openedOnce(this.#descriptor(), (descriptor) => new ReadStream(descriptor))
    // Raw: no echo, no line editing, every byte as it is.
    input.setRawMode(true)
    input.on('data', (chunk: Uint8Array) => this.#listeners.onData(chunk))
    const output = openedOnce(this.#descriptor(), (descriptor) => new WriteStream(descriptor))
    // The other end is gone: bytes go nowhere until the door is opened again.
    input.on('error', () => void this.close())
    output.on('error', () => void this.close())
    input.on('end', () => void this.close())
    this.#input = input
    this.#output = output
    this.#listeners.onConnections()
  }

  async close(): Promise<void> {
    const streams = [this.#input, this.#output].filter((stream) => stream !== undefined)
    this.#input = undefined
    this.#output = undefined
    await Promise.all(
      streams.map(
        (stream) =>
          new Promise<void>((resolve) => {
            if (stream.closed) return resolve()
            stream.once('close', () => resolve())
            stream.destroy()
          }),
      ),
    )
    if (streams.length > 0) this.#listeners.onConnections()
  }

  write(bytes: Uint8Array): void {
    this.#output?.write(bytes)
  }

  rename(path: string): void {
    this.#path = path
  }

  /** Not blocking: a port without its other end must not hold up the whole program. */
  #descriptor(): number {
    return openSync(this.#path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK)
  }
}

/** A terminal's stream opens the terminal once more for itself, and leaves the descriptor that it was given open for ever. */
function openedOnce<Stream extends object>(descriptor: number, streamOf: (descriptor: number) => Stream): Stream {
  const stream = streamOf(descriptor)
  const { _handle: own } = stream as { readonly _handle?: { readonly fd?: number } }
  if (own?.fd !== undefined && own.fd !== descriptor) closeSync(descriptor)
  return stream
}
