import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { Clock } from '../../../core/clock/clock.ts'
import type { CableDoor } from '../cable.ts'

/** Where the virtual reader of pcscd (vpcd) listens for a card. */
export interface ReaderAddress {
  readonly host: string
  readonly port: number
}

const AGAIN_MS = 500
/**
 * A reader switches on a card that it has seen. pcscd looks for cards twice a second, and one that is put in before it has
 * seen the one before leave is never seen, though it is asked again and again whether it is there; the card is then put in
 * anew, as anybody would.
 */
const UNSEEN_MS = 3_000

export interface ContactListeners {
  readonly onData: (chunk: Uint8Array) => void
  /** The reader has taken the card, or is gone. */
  readonly onContact: () => void
}

/**
 * The contact between a card and its reader. While it is open it holds a connection to the reader, and tries again as long
 * as there is none, as a card that lies in a slot waits for its reader to be switched on.
 */
export class Contact implements CableDoor {
  readonly #address: ReaderAddress
  readonly #clock: Clock
  readonly #listeners: ContactListeners
  #socket: Socket | undefined
  #isOpen = false
  #again: unknown
  #unseen: unknown

  constructor(address: ReaderAddress, clock: Clock, listeners: ContactListeners) {
    this.#address = address
    this.#clock = clock
    this.#listeners = listeners
  }

  get isMade(): boolean {
    return this.#socket?.readyState === 'open'
  }

  async open(): Promise<void> {
    this.#isOpen = true
    this.#reach()
  }

  async close(): Promise<void> {
    this.#isOpen = false
    this.#clock.clearTimeout(this.#again)
    const socket = this.#socket
    this.#socket = undefined
    if (socket === undefined || socket.closed) return
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve())
      socket.destroy()
    })
  }

  write(bytes: Uint8Array): void {
    this.#socket?.write(bytes)
  }

  /** The reader has switched the card on: it has seen it. */
  seen(): void {
    this.#clock.clearTimeout(this.#unseen)
  }

  #reach(): void {
    const socket = connect({ ...this.#address, noDelay: true })
    this.#socket = socket
    this.#clock.clearTimeout(this.#unseen)
    const unseen = this.#clock.setTimeout(() => socket.destroy(), UNSEEN_MS)
    this.#unseen = unseen
    socket.on('connect', () => this.#listeners.onContact())
    socket.on('data', (chunk) => this.#listeners.onData(chunk))
    // What went wrong does not matter to a card; `close` follows.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#clock.clearTimeout(unseen)
      this.#listeners.onContact()
      if (this.#isOpen && this.#socket === socket) this.#again = this.#clock.setTimeout(() => this.#reach(), AGAIN_MS)
    })
  }
}
