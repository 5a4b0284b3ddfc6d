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
export const PAPER_SIZES = ['a4', 'a5', 'b6', 'household-page', 'id-card', 'free'] as const
export type PaperSize = (typeof PAPER_SIZES)[number]

/** Width and height in millimetres (ISO 216, GB/T 148 B6, pages of the household register 143 × 105, ISO/IEC 7810 ID-1). */
export const PAPER_MM: Readonly<Record<Exclude<PaperSize, 'free'>, { readonly width: number; readonly height: number }>> = {
  a4: { width: 210, height: 297 },
  a5: { width: 148, height: 210 },
  b6: { width: 125, height: 176 },
  'household-page': { width: 143, height: 105 },
  'id-card': { width: 85.6, height: 54 },
}

/** What took the picture: a camera above a desk, or a scanner (glass or feeder), on which a paper lies straight. */
export type PageSource = 'camera' | 'glass'

/**
 * What is wrong with a picture, worst first. Each has a sentence that says what to change (`page-sentences.ts`).
 */
export const PAGE_PROBLEMS = ['no-page', 'two-pages', 'cut-off', 'blank', 'covered', 'blurred', 'glare', 'too-dark', 'too-bright', 'too-small'] as const
export type PageProblem = (typeof PAGE_PROBLEMS)[number]

/** What is being done with the picture; `share` of the whole work that is done, 0 to 1, never falls. */
export const LOOK_STAGES = ['decoding', 'finding', 'straightening', 'judging'] as const
export type LookStage = (typeof LOOK_STAGES)[number]
export interface LookProgress {
  readonly stage: LookStage
  readonly share: number
}

/** From here up corners are trusted; below, the citizen sets them. */
export const TRUSTED_CONFIDENCE = 0.5

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

/**
 * How much a problem weighs. `hard`: what the paper says is not in the picture or cannot be read, so it is taken again.
 * `soft`: it is told, and the citizen may go on.
 */
export function weightOf(problem: PageProblem): 'hard' | 'soft' {
  switch (problem) {
    case 'no-page':
    case 'two-pages':
    case 'cut-off':
    case 'blank':
    case 'covered':
    case 'blurred':
    case 'glare':
      return 'hard'
    case 'too-dark':
    case 'too-bright':
    case 'too-small':
      return 'soft'
  }
}

/** After so many pictures of one paper that were stopped the citizen may use the last one all the same, and a clerk looks. */
const TRIES_BEFORE_ALL_THE_SAME = 2

/** What the citizen may do with a picture in hand. Without a page there is nothing to use; nobody is stuck with any other. */
export function mayUse(problems: readonly PageProblem[], tries: number): 'yes' | 'all-the-same' | 'no' {
  if (problems.every((problem) => weightOf(problem) === 'soft')) return 'yes'
  return tries >= TRIES_BEFORE_ALL_THE_SAME && !problems.includes('no-page') ? 'all-the-same' : 'no'
}

/** Each once, worst first. */
export function inOrder(problems: readonly PageProblem[]): readonly PageProblem[] {
  return PAGE_PROBLEMS.filter((problem) => problems.includes(problem))
}

/** Corners inside of a picture of this size that enclose an area without crossing or folding over, clockwise. */
export function isUsableQuad(quad: Quad, { width, height }: { readonly width: number; readonly height: number }): boolean {
  const isInside = quad.every(({ x, y }) => x >= 0 && y >= 0 && x <= width && y <= height)
  return isInside && isConvex(quad) && areaOf(quad) >= SMALLEST_AREA_SHARE * width * height
}

/** A card in a picture of A3 takes up 3 %; what is smaller than this is no paper. */
const SMALLEST_AREA_SHARE = 0.01

export function isConvex(quad: Quad): boolean {
  return quad.every((corner, index) => {
    const next = quad[(index + 1) % 4] as Corner
    const after = quad[(index + 2) % 4] as Corner
    return (next.x - corner.x) * (after.y - next.y) - (next.y - corner.y) * (after.x - next.x) > 0
  })
}

/** Area in square pixels; positive for corners in clockwise order as the eye sees them. */
export function areaOf(quad: Quad): number {
  return quad.reduce((sum, corner, index) => {
    const next = quad[(index + 1) % 4] as Corner
    return sum + corner.x * next.y - next.x * corner.y
  }, 0) / 2
}
