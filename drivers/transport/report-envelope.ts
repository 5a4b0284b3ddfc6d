/** What one report that came from a HID device meant. */
export type Unwrapped =
  /** Bytes of the stream inside. `answer` is a report to send back at once, where the maker's protocol wants one. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly answer?: Uint8Array }
  /** The device is ready for the next piece of what is being sent. */
  | { readonly kind: 'ack' }
  /** The report broke the rules of the envelope; `code` is for the log. */
  | { readonly kind: 'error'; readonly code: string }

/**
 * How a maker packs a stream of bytes into HID reports of fixed size. Reports here are without the report id, which
 * belongs to the transport. An envelope may keep state from one report to the next; `reset` forgets it.
 */
export interface ReportEnvelope {
  readonly reportBytes: number
  /** Whether the sender waits for an `ack` after each report but the last. */
  readonly waitsForAck: boolean
  wrap(bytes: Uint8Array): readonly Uint8Array[]
  unwrap(report: Uint8Array): Unwrapped
  reset(): void
}
