import type { PixelPage } from '../../../core/document/engine.ts'
import type { LookStage, PageLook, PageProblem, PageSource, PaperSize, Quad } from '../../../core/document/page-look.ts'
import { areaOf, inOrder, TRUSTED_CONFIDENCE } from '../../../core/document/page-look.ts'
import type { FoundPage } from './find-page.ts'
import { findPage } from './find-page.ts'
import type { PageFigures } from './quality.ts'
import { measurePage, printOutside, problemsOf } from './quality.ts'
import { shrink } from './raster.ts'
import { effectiveDpi, ratioError, straighten } from './straighten.ts'
import type { Straightened } from './straighten.ts'

export interface LookWish {
  readonly paper: PaperSize
  readonly source: PageSource
  /** Resolution of the delivered picture where the scanner knows it; a camera does not. */
  readonly dpi?: number
  /** Corners that the citizen has set: they are taken as they are. */
  readonly corners?: Quad
  /** Resolution of the straightened picture. */
  readonly targetDpi?: number
  readonly onStage?: (stage: LookStage) => void
}

export interface LookedAt {
  readonly look: PageLook
  /** The paper alone; absent where nobody knows yet where it lies. */
  readonly straightened: Straightened | undefined
  /** For measuring the gate; absent without a straightened page. */
  readonly figures: PageFigures | undefined
}

/** Below 200 small print is lost; corners may be a hair off. */
const LEAST_DPI = 195
/** A scanner that names no resolution: what certificates are scanned at. */
const USUAL_SCAN_DPI = 300
/** On the glass only what is clearly smaller than the glass is cut out; else the whole glass is the page. */
const SMALL_ON_GLASS_SHARE = 0.7
/** Difference of the logarithms of two ratios of sides. */
const RATIO_SLACK = 0.08
/** A lean camera shortens one pair of sides by less than this (difference of logarithms, as above). */
const OTHER_SHAPE = 0.22
/** Wood has half as much blue as red; of coloured papers hardly any has so much less of one. */
const LEAST_WOOD_TINT = 0.25
const WOOD_PX = 64
/** Dust and the lid's scratches. */
const PRINT_ABOUT_A_CARD_SHARE = 0.01

/** Finds the paper, straightens it and judges it: everything that is known before a letter is read. */
export function lookAtPage(picture: PixelPage, wish: LookWish): LookedAt {
  if (wish.corners !== undefined) {
    const found: FoundPage = { quad: wish.corners, confidence: 1, cutSides: 0, another: false }
    return judged(picture, found, wish)
  }
  wish.onStage?.('finding')
  const found = findPage(picture, wish.paper)
  if (wish.source === 'glass') {
    const dpi = wish.dpi ?? USUAL_SCAN_DPI
    return found !== undefined && liesAlone(found, picture, wish.paper, dpi) ? judged(picture, found, wish) : whole(picture, dpi, wish)
  }
  if (found === undefined) return { look: { place: { kind: 'unsure', guess: inset(picture), confidence: 0 }, problems: ['no-page'] }, straightened: undefined, figures: undefined }
  if (found.confidence < TRUSTED_CONFIDENCE) {
    // The corner editor begins from what was found; whether a page is there at all, the citizen sees.
    const isCut = found.cutSides > 0 && !isWood(picture, found.quad, wish.paper)
    return { look: { place: { kind: 'unsure', guess: inside(found.quad, picture), confidence: found.confidence }, problems: [isCut ? 'cut-off' : 'no-page'] }, straightened: undefined, figures: undefined }
  }
  return judged(picture, found, wish)
}

/** Two streaks of a wooden desk look like the edges of a paper that reaches out of the picture; between them is grain, softer than print, and of the colour of wood. */
function isWood(picture: PixelPage, quad: Quad, paper: PaperSize): boolean {
  const { picture: inner, dpi } = straighten(picture, quad, paper, LEAST_DPI)
  const levels = shrink(inner, WOOD_PX).planes.map((plane) => plane.reduce((sum, level) => sum + level, 0))
  const tint = 1 - Math.min(...levels) / Math.max(1, ...levels)
  return tint > LEAST_WOOD_TINT && problemsOf(measurePage(inner, dpi)).some((problem) => problem === 'blank' || problem === 'blurred')
}

/**
 * A small paper on a large glass, and not a portrait or a frame printed on a large paper: it has the wanted shape, and
 * nothing is printed about it.
 */
function liesAlone(found: FoundPage, picture: PixelPage, paper: PaperSize, dpi: number): boolean {
  if (found.confidence < TRUSTED_CONFIDENCE || found.cutSides > 0) return false
  if (areaOf(found.quad) > SMALL_ON_GLASS_SHARE * picture.width * picture.height) return false
  return ratioError(found.quad, paper) < RATIO_SLACK && printOutside(picture, found.quad, dpi) < PRINT_ABOUT_A_CARD_SHARE
}

function whole(picture: PixelPage, dpi: number, wish: LookWish): LookedAt {
  wish.onStage?.('judging')
  const figures = measurePage(picture, dpi)
  // A glass that is blurred or dark is the scanner's fault and is told; skin and glare are not looked for under a lid.
  const problems = problemsOf(figures).filter((problem) => problem === 'blank' || problem === 'blurred' || problem === 'too-dark')
  return { look: { place: { kind: 'whole-picture' }, problems: inOrder(dpi < LEAST_DPI ? [...problems, 'too-small'] : problems) }, straightened: { picture, dpi }, figures }
}

function judged(picture: PixelPage, found: FoundPage, wish: LookWish): LookedAt {
  wish.onStage?.('straightening')
  // A paper of another shape is not stretched to the wanted one: it may be the wrong paper, and the reading says so.
  const paper = ratioError(found.quad, wish.paper) > OTHER_SHAPE ? 'free' : wish.paper
  const straightened = straighten(picture, found.quad, paper, wish.targetDpi)
  wish.onStage?.('judging')
  const figures = measurePage(straightened.picture, straightened.dpi)
  // Between two papers, and at a guessed end, the outline holds some of the desk, and wood has the colour of a finger.
  const holdsDesk = found.another || found.cutSides > 1
  const problems: PageProblem[] = problemsOf(figures).filter((problem) => !(holdsDesk && problem === 'covered'))
  if (found.another) problems.push('two-pages')
  const isCut = found.cutSides > 0 || reachesOut(found.quad, picture)
  if (isCut) problems.push('cut-off')
  // Of a paper that is not whole nobody knows how large it lies in the picture.
  const dpi = isCut ? undefined : effectiveDpi(found.quad, paper)
  if (dpi !== undefined && dpi < LEAST_DPI) problems.push('too-small')
  return { look: { place: { kind: 'found', quad: found.quad, confidence: found.confidence }, problems: inOrder(problems) }, straightened, figures }
}

/** A corner outside of the picture by more than the finder's own error. */
function reachesOut(quad: Quad, { width, height }: PixelPage): boolean {
  const slack = Math.max(width, height) * 0.003
  return quad.some(({ x, y }) => x < -slack || y < -slack || x > width + slack || y > height + slack)
}

function inside(quad: Quad, { width, height }: PixelPage): Quad {
  return quad.map(({ x, y }) => ({ x: Math.min(Math.max(x, 0), width), y: Math.min(Math.max(y, 0), height) })) as unknown as Quad
}

/** Where the corner editor begins when nothing was found. */
function inset({ width, height }: PixelPage): Quad {
  return [{ x: width * 0.15, y: height * 0.15 }, { x: width * 0.85, y: height * 0.15 }, { x: width * 0.85, y: height * 0.85 }, { x: width * 0.15, y: height * 0.85 }]
}
