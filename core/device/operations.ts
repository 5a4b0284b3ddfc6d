import type { Identity } from '../identity/identity.ts'

/** What may go wrong while a card is read. `code` (SW bytes, step) is for staff; it never holds what the card says. */
export type CardReadError =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'reader-gone'; readonly code: string }
  | { readonly kind: 'reader-fault'; readonly code: string }
  /** Three tries failed: "lift the card and lay it again". */
  | { readonly kind: 'lift-and-lay-again'; readonly code: string }
  /** A bank card, transport card, or unknown kind of card. */
  | { readonly kind: 'wrong-card'; readonly code: string }
  /** SW3 32 / 33: possibly not genuine. No retry storm; staff help. */
  | { readonly kind: 'card-refused'; readonly code: string }
  | { readonly kind: 'card-unreadable'; readonly code: string }
  /** The text on the card contradicts itself (check digit, birth date, sex). */
  | { readonly kind: 'record-inconsistent'; readonly code: string }
  | { readonly kind: 'timeout'; readonly code: string }

export type CardReadProgress = { readonly kind: 'waiting' } | { readonly kind: 'card-found' } | { readonly kind: 'reading' } | { readonly kind: 'retrying'; readonly attempt: number } | { readonly kind: 'lift-card' }

/** A good reading. An expired card is a business answer, judged by the session, not a reading error. */
export type CardReading = Identity

/**
 * How an attempt to print ended. `printed` is only said after the printer's own answer: its process id, or the weaker
 * in-order status answer on models without one.
 */
export type PrintOutcome =
  | { readonly kind: 'printed'; readonly proof: 'process-id' | 'in-order-status' }
  /** Nothing was sent: the preflight found the printer unfit. Trying again later is safe. */
  | { readonly kind: 'not-started'; readonly why: PrintObstacle }
  /** Stopped in the middle; the printer confirmed that its buffers were cleared. A marked reprint is safe. */
  | { readonly kind: 'voided'; readonly why: PrintObstacle }
  /** Sending had begun and no answer came. Nobody may reprint by themselves; the citizen is asked to look. */
  | { readonly kind: 'unknown'; readonly why: PrintObstacle }

export type PrintObstacle = 'no-paper' | 'paper-too-short' | 'cover-open' | 'jam' | 'cutter-fault' | 'fault' | 'silent' | 'link-lost' | 'busy' | 'glyph-missing'

/** One page picture as the scanner delivered it, decoded whole before it counts. */
export interface PageImage {
  readonly mime: 'image/jpeg' | 'image/png'
  readonly bytes: Uint8Array
  readonly widthPx: number
  readonly heightPx: number
  readonly dpi: number
}

export type ScanError =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'scanner-gone'; readonly code: string }
  | { readonly kind: 'busy'; readonly code: string }
  | { readonly kind: 'feeder-empty' }
  | { readonly kind: 'jam' }
  | { readonly kind: 'cover-open' }
  /** The picture was empty, cut off or does not decode. */
  | { readonly kind: 'bad-image'; readonly code: string }
  | { readonly kind: 'fault'; readonly code: string }

export type ScanProgress = { readonly kind: 'starting' } | { readonly kind: 'scanning' } | { readonly kind: 'receiving'; readonly bytes: number }
