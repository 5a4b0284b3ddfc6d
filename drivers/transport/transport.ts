import type { Result } from '../../core/result/result.ts'

/** Why a transport could not be opened or has ended. `detail` is for staff and logs. */
export type TransportError =
  | { readonly kind: 'not-found'; readonly detail: string }
  | { readonly kind: 'in-use'; readonly detail: string }
  | { readonly kind: 'no-permission'; readonly detail: string }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'timeout'; readonly detail: string }
  | { readonly kind: 'disconnected'; readonly detail: string }

/** An open two-way stream of bytes: a serial port, a TCP connection, or a HID device behind an envelope. */
export interface Transport {
  /** Resolves when the operating system has taken the bytes; this proves nothing about the device. */
  write(bytes: Uint8Array): Promise<Result<void, TransportError>>
  /** Throws away what the driver has received and not yet handed over. */
  discardInput(): Promise<void>
  /** Chunk borders mean nothing. Returns the function that stops listening. */
  onData(listener: (chunk: Uint8Array) => void): () => void
  /** Called once, when the other end is gone or the port has failed; not after `close()`. */
  onEnd(listener: (error: TransportError) => void): () => void
  close(): Promise<void>
}

/** Opens a transport; configuration (address, speed, envelope) is bound when the opener is made. */
export type OpenTransport = () => Promise<Result<Transport, TransportError>>
