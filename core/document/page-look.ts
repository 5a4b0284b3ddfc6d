/**
 * The first look at a page picture, before any text is read: where the paper lies in it and whether the picture is good
 * enough for an archive and for reading. All found at once, so that the citizen puts everything right in one go.
 */

/** A point in pixels of the delivered picture; fractions are kept. */
export interface Corner {
  readonly x: number
  readonly y: number
}

/** Corners of the paper as the eye sees it in the delivered picture: top left, top right, bottom right, bottom left. */
export type Quad = readonly [Corner, Corner, Corner, Corner]

/** Papers whose size is known; the straightened picture gets its ratio. `free`: as the corners give it. */
export const PAPER_SIZES = ['a4', 'a5', 'b6', 'id-card', 'free'] as const
export type PaperSize = (typeof PAPER_SIZES)[number]

/** Width and height in millimetres, upright (ISO 216, JIS/GB B6, ISO/IEC 7810 ID-1). */
export const PAPER_MM: Readonly<Record<Exclude<PaperSize, 'free'>, { readonly width: number; readonly height: number }>> = {
  a4: { width: 210, height: 297 },
  a5: { width: 148, height: 210 },
  b6: { width: 125, height: 176 },
  'id-card': { width: 85.6, height: 54 },
}

/** What is wrong with a picture. Each has a sentence that says what to change (`sentences.ts`). */
export const PAGE_PROBLEMS = ['no-page', 'two-pages', 'cut-off', 'too-small', 'blurred', 'too-dark', 'too-bright', 'glare', 'covered', 'blank'] as const
export type PageProblem = (typeof PAGE_PROBLEMS)[number]

/** Where the paper is known to lie: corners that were found and are trusted, the whole picture (flatbed, feeder), or not known. */
export type PagePlace =
  | { readonly kind: 'found'; readonly quad: Quad; readonly confidence: number }
  | { readonly kind: 'whole-picture' }
  /** A guess to start the corner editor from. */
  | { readonly kind: 'unsure'; readonly guess: Quad; readonly confidence: number }

export interface PageLook {
  readonly place: PagePlace
  /** Worst first; empty for a good picture. */
  readonly problems: readonly PageProblem[]
}
