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

/** `percent` of the page in hand, from scanners that tell it. */
export type ScanProgress = { readonly kind: 'starting' } | { readonly kind: 'scanning'; readonly percent?: number } | { readonly kind: 'receiving'; readonly bytes: number }

// --- Feeder with several pages ----------------------------------------------------------------------------------------

/** How a feeder job ended: pages that decode whole were handed over one by one before. */
export interface ScannedBatch {
  readonly pages: number
}

// --- Tickets of a printer with a presenter ----------------------------------------------------------------------------

/** What became of a printed receipt, told by a printer that has a sensor at its output. Others never say more than `printed`. */
export type TicketFate = 'presented' | 'taken' | 'retracted' | 'left'

// --- Codes (QR, bar codes) --------------------------------------------------------------------------------------------

/** An opaque token for the issuing service: never parsed, opened, or logged by the kiosk. */
export interface ScannedCode {
  readonly text: string
  readonly bytes: Uint8Array
  /** AIM identifier such as `]Q1`, when the scanner tells it. */
  readonly aim?: string
  /** Epoch milliseconds. */
  readonly at: number
}

export type CodeReadError =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'scanner-gone'; readonly code: string }
  | { readonly kind: 'fault'; readonly code: string }

// --- Social-security cards --------------------------------------------------------------------------------------------

/** What a social-security card (社保卡) tells without its PIN. */
export interface SocialCard {
  /** Region that issued it, six digits. */
  readonly region: string
  readonly version: string
  readonly cardNumber: string
  /** 社会保障号码. */
  readonly number: string
  readonly name: string
  /** `YYYY-MM-DD`. */
  readonly issued: string
  readonly validTo: string
}

export type SocialCardError =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'reader-gone'; readonly code: string }
  | { readonly kind: 'reader-fault'; readonly code: string }
  /** No social-security application on this card (bank card, ID card, SIM …). */
  | { readonly kind: 'wrong-card'; readonly code: string }
  /** The card was pulled out in the middle. */
  | { readonly kind: 'card-pulled'; readonly code: string }
  | { readonly kind: 'card-unreadable'; readonly code: string }

export type SocialCardProgress = { readonly kind: 'waiting' } | { readonly kind: 'reading' }

// --- Pages (A4) -------------------------------------------------------------------------------------------------------

/**
 * How printing a document on paper ended. `printed` is said only when the job is `completed` and the printer's own count of
 * impressions equals the pages.
 */
export type PagePrintOutcome =
  | { readonly kind: 'printed'; readonly pages: number }
  /** Nothing was sent, or the printer refused the job as a whole: trying again later is safe. */
  | { readonly kind: 'not-started'; readonly why: PagePrintObstacle }
  /** The printer ended the job itself before all pages were out. */
  | { readonly kind: 'stopped'; readonly why: PagePrintObstacle; readonly pages: number }
  /** Sending had begun and the end is not known. Nobody may print it again by themselves. */
  | { readonly kind: 'unknown'; readonly why: PagePrintObstacle }

export type PagePrintObstacle = 'no-paper' | 'wrong-paper' | 'jam' | 'cover-open' | 'no-toner' | 'output-full' | 'paused' | 'busy' | 'fault' | 'silent' | 'link-lost' | 'format-refused'

export type PagePrintProgress = { readonly kind: 'sending' } | { readonly kind: 'printing'; readonly page: number } | { readonly kind: 'waiting'; readonly why: PagePrintObstacle }
