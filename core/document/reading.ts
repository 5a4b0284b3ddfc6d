import type { Box } from './engine.ts'

/** Why a value is not sure. Every code has a sentence in `sentences.ts`. */
export const FIELD_DOUBTS = [
  'not-found',
  'check-failed',
  /** One sign was changed so that the check character fits. */
  'repaired',
  'no-such-region',
  'wrong-length',
  'not-a-date',
  'not-an-amount',
  'not-a-phone',
  'not-a-name',
  'not-a-nation',
  'not-a-place',
  'not-a-choice',
  'not-the-pattern',
  'low-confidence',
  /** Read well, but nothing certain says that it is this value. */
  'guessed-place',
  'characters-missing',
  /** Of a name: as long as what is left where a character was dropped, or as what comes out where a stray one stands before it. */
  'name-length',
  'readings-differ',
  /** Not read; it follows from the ID number on the same paper. */
  'told-by-number',
  /** Read on a page that nothing but a label of this value speaks for. */
  'untitled-page',
  /** The pages surely say different things of another field, and not each of those pages says this. */
  'pages-disagree',
  /** Two values of the paper do not fit together. */
  'values-disagree',
  'date-in-future',
] as const
export type FieldDoubt = (typeof FIELD_DOUBTS)[number]

/**
 * One value as the machine read it. `sure` only when its rule holds and the engine was confident; the citizen confirms
 * every field all the same. `value` of an unsure field is a proposal to correct, never to be taken over in silence; it is
 * empty when nothing was found. `box` is in pixels of the scanned picture. `confidence` is that of the worst character.
 */
export interface FieldReading {
  readonly field: string
  readonly value: string
  readonly state: 'sure' | 'unsure' | 'missing'
  readonly why?: FieldDoubt
  readonly box?: Box
  /** Printed lines that the value takes up, where it is more than one. */
  readonly lines?: number
  readonly confidence: number
}

export interface DocumentReading {
  /** Which of the kinds asked for this paper is. */
  readonly kind: string
  readonly fields: readonly FieldReading[]
  /** A further page, for which nothing but a label of its speaks (`further-page.ts`); absent where the kind was recognised. */
  readonly standing?: 'further-page'
}

/** Text was read, but it is none of the papers asked for. `found` is the kind that it is, where that is plain. */
export interface OtherDocument {
  readonly kind: 'other-document'
  readonly found?: string
}

/** Why a page gave no reading at all. `code` is for staff; it never holds what stands on the page. */
export type DocumentReadError =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'blank-page' }
  | OtherDocument
  | { readonly kind: 'picture-unreadable'; readonly code: string }
  | { readonly kind: 'too-slow' }
  | { readonly kind: 'reader-failed'; readonly code: string }

export const READ_STAGES = ['starting', 'decoding', 'preparing', 'recognising', 'finding-fields', 'checking-numbers'] as const
export type ReadStage = (typeof READ_STAGES)[number]
/** `share` of the whole work that is done, 0 to 1; it never falls. */
export interface ReadProgress {
  readonly stage: ReadStage
  readonly share: number
}
