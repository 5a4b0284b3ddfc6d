import { createServer, type Server, type Socket } from 'node:net'

/** Where the virtual printer can be reached. Port 0 takes a free one; `path` is the printer's end of a pair of terminals. */
export type PrinterDoorAddress = { readonly kind: 'tcp'; readonly host: string; readonly port: number } | { readonly kind: 'serial'; readonly path: string } | { readonly kind: 'memory'; readonly line: MemoryLine }

export interface PrinterDoor {
  open(): Promise<void>
  close(): Promise<void>
  write(bytes: Uint8Array): void
  rename?(path: string): void
  /** The TCP port in use, once open. */
  readonly port: number | undefined
}

export interface DoorEvents {
  readonly onBytes: (bytes: Uint8Array) => void
  /** A host has connected anew: automatic status is off again, as after power-up of the interface. */
  readonly onConnect: () => void
}

export function openDoor(address: PrinterDoorAddress, events: DoorEvents): PrinterDoor {
  switch (address.kind) {
    case 'tcp':
      return new TcpDoor(address, events)
    case 'serial':
      return new SerialDoor(address.path, events)
    case 'memory':
      return address.line.door(events)
  }
}

/** One connection at a time, as most printers do it: a second one waits until the first has closed. */
class TcpDoor implements PrinterDoor {
  readonly #address: { readonly host: string; readonly port: number }
  readonly #events: DoorEvents
  readonly #waiting: Socket[] = []
  #server: Server | undefined
  #current: Socket | undefined
  /** Kept over unplug and plug: a printer that is plugged in again has its old address. */
  #port: number | undefined

  constructor(address: { readonly host: string; readonly port: number }, events: DoorEvents) {
    this.#address = address
    this.#events = events
  }

  get port(): number | undefined {
    return this.#port
  }

  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      const server = createServer((socket) => this.#admit(socket))
      server.once('error', reject)
      server.listen(this.#port ?? this.#address.port, this.#address.host, () => {
        const bound = server.address()
        this.#port = typeof bound === 'object' && bound !== null ? bound.port : this.#address.port
        this.#server = server
        resolve()
      })
    })
  }

  async close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    const sockets = [...(this.#current === undefined ? [] : [this.#current]), ...this.#waiting]
    this.#current = undefined
    this.#waiting.length = 0
    for (const socket of sockets) socket.destroy()
    if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()))
  }

  write(bytes: Uint8Array): void {
    this.#current?.write(bytes)
  }

  #admit(socket: Socket): void {
    socket.on('error', () => undefined)
    socket.setNoDelay(true)
    socket.pause()
    if (this.#current !== undefined) {
      this.#waiting.push(socket)
      socket.once('close', () => {
        const index = this.#waiting.indexOf(socket)
        if (index >= 0) this.#waiting.splice(index, 1)
      })
      return
    }
    this.#serve(socket)
  }

  #serve(socket: Socket): void {
    this.#current = socket
    this.#events.onConnect()
    socket.on('data', (bytes) => this.#events.onBytes(bytes))
    socket.once('close', () => {
      if (this.#current !== socket) return
      this.#current = undefined
      const next = this.#waiting.shift()
      if (next !== undefined) this.#serve(next)
    })
    socket.resume()
  }
}

class SerialDoor implements PrinterDoor {
  #path: string
  readonly #events: DoorEvents
  readonly port = undefined
  #send: ((bytes: Uint8Array) => void) | undefined
  #close: (() => Promise<void>) | undefined

  constructor(path: string, events: DoorEvents) {
    this.#path = path
    this.#events = events
  }

  async open(): Promise<void> {
    const { SerialPort } = await import('serialport')
    const port = new SerialPort({ path: this.#path, baudRate: 115200, autoOpen: false, lock: false })
    port.on('error', () => undefined)
    port.on('data', (bytes: Uint8Array) => this.#events.onBytes(bytes))
    await new Promise<void>((resolve, reject) => port.open((error) => (error === null ? resolve() : reject(error))))
    this.#events.onConnect()
    this.#send = (bytes) => void port.write(Buffer.from(bytes))
    this.#close = () => new Promise((resolve) => (port.isOpen ? port.close(() => resolve()) : resolve()))
  }

  async close(): Promise<void> {
    this.#send = undefined
    await this.#close?.()
    this.#close = undefined
  }

  write(bytes: Uint8Array): void {
    this.#send?.(bytes)
  }

  rename(path: string): void {
    this.#path = path
  }
}

/** What a host at the other end of a {@link MemoryLine} listens to. */
export interface MemoryHost {
  readonly onBytes: (bytes: Uint8Array) => void
  readonly onEnd: () => void
}

/** A line inside one program, for tests on a simulated clock: no socket, no port, no time of its own. */
export class MemoryLine {
  #events: DoorEvents | undefined
  #host: MemoryHost | undefined
  #isOpen = false

  door(events: DoorEvents): PrinterDoor {
    this.#events = events
    return {
      port: undefined,
      open: async () => {
        this.#isOpen = true
      },
      close: async () => {
        this.#isOpen = false
        const host = this.#host
        this.#host = undefined
        host?.onEnd()
      },
      write: (bytes) => this.#host?.onBytes(bytes),
    }
  }

  /** Undefined while the printer's end is unplugged. Who comes last holds the line. */
  connect(host: MemoryHost): { readonly write: (bytes: Uint8Array) => boolean; readonly close: () => void } | undefined {
    if (!this.#isOpen) return undefined
    this.#host?.onEnd()
    this.#host = host
    this.#events?.onConnect()
    return {
      write: (bytes) => {
        if (this.#host !== host) return false
        this.#events?.onBytes(bytes)
        return true
      },
      close: () => {
        if (this.#host === host) this.#host = undefined
      },
    }
  }
}
