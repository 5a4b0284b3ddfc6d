import type { PixelPage } from '../../../core/document/engine.ts'
import { median } from '../../../core/document/median.ts'
import type { Corner, PaperSize, Quad } from '../../../core/document/page-look.ts'
import { areaOf, isConvex, TRUSTED_CONFIDENCE } from '../../../core/document/page-look.ts'
import { hasSheetAcross } from './across.ts'
import { beyond } from './beyond.ts'
import type { EdgeLine } from './lines.ts'
import { borderLines, findLines } from './lines.ts'
import { between, crossing, holds, scaled } from './geometry.ts'
import type { Raster } from './raster.ts'
import { shrink, withoutPrint } from './raster.ts'
import { refined } from './refine.ts'
import { ratioError } from './straighten.ts'

/**
 * Finds the paper in a picture: the quadrilateral of long straight edges that is best borne out along its four sides. A
 * line that goes on beyond its corner is the desk's or the grain of the wood, not the paper's. Its confidence is what the
 * edges bear out, not how much the shape pleases: pictures without a page must stay below 0.5.
 */
export interface FoundPage {
  /** Corners in the delivered picture. */
  readonly quad: Quad
  /** 0 to 1. */
  readonly confidence: number
  /** Sides that are the picture's own end: the paper goes on outside. */
  readonly cutSides: number
  /** Another paper lies beside it. */
  readonly another: boolean
}

const LONGEST_PX = 640
/** Print up to the size of a title at this scale (A4 fills 450 pixels or more of the 640). */
const PRINT_REACH_PX = 5
/** A step in brightness is taken between strips on both sides of an edge: pixels from it, and levels of difference. */
interface Strips {
  readonly from: number
  readonly to: number
  readonly faintest: number
}
const WIDE: Strips = { from: 2, to: 5, faintest: 4 }
const NARROW: Strips = { from: 1, to: 2, faintest: 6 }
/** What the end of the picture counts as a side: possible, and never as good as an edge that is seen. */
const BORDER_SUPPORT = 0.4
/** Taken from the confidence for each end of a side that goes on or stops short, and for each side of the other brightness. */
const BEYOND_COSTS = 0.07
const SHORT_COSTS = 0.05
const MIXED_COSTS = 0.04
/** Dark on bright on all sides is rather a picture printed on a paper than a paper. */
const DARKER_THAN_ALL_ABOUT = 0.85
/** Below what is trusted. */
const MOST_OF_A_BAND = 0.4
/** Difference of the logarithms of two ratios of sides. */
const UNION_SHAPE = 0.15
/** From here on an outline is looked through for the edge of a sheet: half of another one makes it wider by more. */
const OVERLAP_SHAPE = 0.09
/** Of an outline about two papers that lie beside each other each has somewhat less than half. */
const SMALLEST_OF_TWO = 0.3
const LARGEST_OF_TWO = 0.6
/** Share of a side that is seen, where the side is not one paper's. */
const BROKEN_SIDE = 0.85
/** A strip of a centimetre makes an A4 wider by so much (difference of logarithms); a lean camera does not. */
const STRIP_SHAPE = 0.03
/** Beyond this it is two pages side by side, as of an open booklet. */
const WIDEST_STRIP_SHAPE = 0.5
const LARGEST_STRIP = 0.55
/** Of the sheet that lies on top all sides are seen. */
const UPPER_CONFIDENCE = 0.7
const UPPER_WEAKEST = 0.8
/** A side without a step is a line on a paper that goes on beyond it; the edges that lead on to the picture's end have one. */
const NO_STEP = 3
const CLEAR_STEP = 8
/** An outline along a streak of the desk, and that of the paper: their scores, their faintest sides, and what the streak may add. */
const NEARLY_AS_GOOD = 0.9
const MUCH_CLEARER = 2
const FAR_CLEARER_STEP = 40
const LEAST_WITHOUT_STREAK = 0.85
const SAME_CORNER_PX = 3
const SHARES_ALONG = [0.2, 0.35, 0.5, 0.65, 0.8]
const END_STRIP_PX = 4
/** Difference of the logarithms of two levels; light falls off slowly. */
const SAME_PAPER = 0.2
/** An outer one is larger by this at least; what is nearer is the same paper, found less well. */
const NESTED_AREA = 1.03
const SMALLEST_AREA_SHARE = 0.02

interface Candidate {
  readonly quad: Quad
  readonly score: number
  readonly confidence: number
  readonly weakest: number
  readonly cutSides: number
  readonly areaShare: number
  /** Sides at which the paper is darker than what lies about it while it is brighter at the others, or the other way round. */
  readonly mixed: number
  /** Mean step in brightness at each side that is seen, least first. */
  readonly steps: readonly number[]
}

export function findPage(page: PixelPage, paper: PaperSize): FoundPage | undefined {
  const print = shrink(page, LONGEST_PX)
  const plain = withoutPrint(print, PRINT_REACH_PX)
  // Print hides a dark edge on a dark desk; without it goes the thin shadow that alone parts white paper from a white desk.
  const lines = withoutDoubles([...findLines(plain, 'clear'), ...findLines(print, 'equal'), ...borderLines(print)], print).map((line) => new SupportedLine(line, plain, print))
  const candidates = quadsOf(lines, print, paper).sort((a, b) => b.score - a.score)
  const [first] = candidates
  if (first === undefined) return undefined
  const best = reachingOut(clearest(outermost(first, candidates, plain), candidates, plain), candidates, plain)
  const around = beyond(plain, best.quad)
  // Where two sides are guessed at the picture's end, the outline says nothing of what lies along it.
  const another = (around === 'sheet' && best.cutSides < 2) || (around !== 'same-sheet' && isOfTwo(best, paper)) || candidates.some((candidate) => isBeside(candidate, best) || isOneOfTwo(candidate, best, paper, plain) || showsAsOne(candidate, best, paper, plain))
  // Twice: a side that was a little off is measured where it truly lies the second time.
  const quad = refined(page, refined(page, scaled(best.quad, print.factor), print.factor), print.factor)
  const isWrongShape = best.cutSides === 0 && ratioError(quad, paper) > OVERLAP_SHAPE
  return { quad, confidence: best.confidence, cutSides: best.cutSides, another: another || (isWrongShape && hasSheetAcross(page, quad, paper)) }
}

/**
 * A frame printed on the paper is as straight as the paper: the outer of two nested ones is the paper. A shadow's outer end
 * is none: there the brightness goes the other way.
 */
function outermost(first: Candidate, candidates: readonly Candidate[], plain: Raster): Candidate {
  const outer = candidates.reduce((outer, candidate) => (candidate.score >= first.score * 0.9 && candidate.confidence >= first.confidence - 0.05 && candidate.weakest >= 0.6 && candidate.mixed <= first.mixed && faintestOf(candidate) >= faintestOf(first) * 0.6 && candidate.areaShare > outer.areaShare * NESTED_AREA && holds(candidate.quad, middleOf(outer.quad)) ? candidate : outer), first)
  if (beyond(plain, outer.quad) !== 'paper') return outer
  // The paper goes on all around: the best of those about it that end where the paper ends, be their edges less clear.
  return candidates.find((candidate) => candidate.confidence >= TRUSTED_CONFIDENCE && candidate.areaShare > outer.areaShare * NESTED_AREA && outer.quad.every((corner) => holds(candidate.quad, corner)) && beyond(plain, candidate.quad) !== 'paper') ?? outer
}

/**
 * A streak of a wooden desk, near a side or aslant from one of its ends, bears that side out less clearly than the paper's own
 * edge does: of two outlines that differ in one side and are nearly as good, the one whose edges are much clearer is the paper's.
 */
function clearest(best: Candidate, candidates: readonly Candidate[], plain: Raster): Candidate {
  if (best.cutSides > 0) return best
  return candidates.find((candidate) => candidate.score >= best.score * NEARLY_AS_GOOD && candidate.cutSides === 0 && isMuchClearer(candidate, best) && candidate.areaShare > best.areaShare * LEAST_WITHOUT_STREAK && haveCommonSide(candidate.quad, best.quad) && beyond(plain, candidate.quad) === 'desk') ?? best
}

/** By its faintest side; or, where the desk is plainly no paper, by the one in which they differ, since the others are the same. */
function isMuchClearer(one: Candidate, other: Candidate): boolean {
  const onDarkDesk = (one.steps[1] ?? 0) >= FAR_CLEARER_STEP
  return faintestOf(one) >= Math.max(CLEAR_STEP, faintestOf(other) * MUCH_CLEARER) || (onDarkDesk && sum(one.steps) - sum(other.steps) >= FAR_CLEARER_STEP)
}

const faintestOf = ({ steps }: Candidate): number => steps[0] ?? Infinity
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

function haveCommonSide(one: Quad, other: Quad): boolean {
  const same = one.map((corner, index) => between(corner, other[index] as Corner) <= SAME_CORNER_PX)
  return same.some((isSame, index) => isSame && same[(index + 1) % 4] === true)
}

/**
 * A paper that reaches out of the picture, and on which a line is printed right across: three of its edges with that line look
 * like a whole paper. The line has no step, and the three edges lead on to the picture's end, where there still is paper.
 */
function reachingOut(best: Candidate, candidates: readonly Candidate[], plain: Raster): Candidate {
  if (best.cutSides > 0 || faintestOf(best) > NO_STEP) return best
  return candidates.find((candidate) => candidate.cutSides === 1 && candidate.confidence >= TRUSTED_CONFIDENCE && faintestOf(candidate) >= CLEAR_STEP && candidate.areaShare > best.areaShare && overlap(best.quad, candidate.quad) > 0.97 && beyond(plain, candidate.quad) === 'desk' && isPaperAtEnd(plain, candidate.quad, best.quad)) ?? best
}

/** Whether the picture ends on what lies within `paper`: an open booklet ends before it, and its fold has no step either. */
function isPaperAtEnd({ width, height, planes }: Raster, outline: Quad, paper: Quad): boolean {
  const atEnd = outline.flatMap((corner, index): Corner[] => {
    const next = outline[(index + 1) % 4] as Corner
    const middle = { x: (corner.x + next.x) / 2, y: (corner.y + next.y) / 2 }
    const isEnd = Math.min(middle.x, middle.y, width - middle.x, height - middle.y) < 2
    return isEnd ? SHARES_ALONG.map((share) => inset({ x: corner.x + (next.x - corner.x) * share, y: corner.y + (next.y - corner.y) * share }, middleOf(outline))) : []
  })
  const within = SHARES_ALONG.flatMap((across) => SHARES_ALONG.map((down) => pointIn(paper, across, down)))
  const levelsAt = (points: readonly Corner[]): number[] => planes.map((plane) => median(points.map(({ x, y }) => plane[clamped(y, height) * width + clamped(x, width)] as number)))
  const [end, inner] = [levelsAt(atEnd), levelsAt(within)]
  return end.every((level, index) => Math.abs(Math.log(Math.max(1, level) / Math.max(1, inner[index] as number))) < SAME_PAPER)
}

/** A point a few pixels nearer to the middle. */
function inset({ x, y }: Corner, middle: Corner): Corner {
  const share = END_STRIP_PX / Math.max(1, Math.hypot(middle.x - x, middle.y - y))
  return { x: x + (middle.x - x) * share, y: y + (middle.y - y) * share }
}

/** A second paper that lies free of the first. */
function isBeside(candidate: Candidate, best: Candidate): boolean {
  return candidate.confidence >= TRUSTED_CONFIDENCE + 0.1 && faintestOf(candidate) >= faintestOf(best) * 0.5 && candidate.cutSides < 2
    && candidate.areaShare > best.areaShare * 0.35 && !holds(best.quad, middleOf(candidate.quad)) && !holds(candidate.quad, middleOf(best.quad)) && overlap(candidate.quad, best.quad) < 0.15
}

/** Two papers side by side, level with each other, have one outline: within it each lies alone on the desk. */
function isOneOfTwo(inner: Candidate, outline: Candidate, paper: PaperSize, plain: Raster): boolean {
  return paper !== 'free' && inner.cutSides === 0 && inner.confidence >= UPPER_CONFIDENCE && inner.weakest >= UPPER_WEAKEST && faintestOf(inner) >= faintestOf(outline) * 0.5
    && inner.areaShare > outline.areaShare * SMALLEST_OF_TWO && inner.areaShare < outline.areaShare * LARGEST_OF_TWO && ratioError(inner.quad, paper) < UNION_SHAPE / 2
    && overlap(inner.quad, outline.quad) > 0.95 && beyond(plain, inner.quad) === 'desk'
}

/** Two papers half on each other look like one of a wrong shape, one side of which breaks off where the upper one ends. */
function isOfTwo({ quad, weakest, cutSides }: Candidate, paper: PaperSize): boolean {
  return paper !== 'free' && cutSides === 0 && weakest < BROKEN_SIDE && ratioError(quad, paper) > UNION_SHAPE
}

/**
 * Two papers of which one shows as a strip along the other look like one that is too wide or too long: within its outline
 * lies one of the right shape, and beyond that one's edge the paper goes on.
 */
function showsAsOne(inner: Candidate, outline: Candidate, paper: PaperSize, plain: Raster): boolean {
  return paper !== 'free' && inner.cutSides === 0 && inner.confidence >= UPPER_CONFIDENCE && inner.weakest >= UPPER_WEAKEST
    && ratioError(outline.quad, paper) > STRIP_SHAPE && ratioError(outline.quad, paper) < WIDEST_STRIP_SHAPE && ratioError(inner.quad, paper) < ratioError(outline.quad, paper) - STRIP_SHAPE
    && inner.areaShare < outline.areaShare && inner.areaShare > outline.areaShare * LARGEST_STRIP && overlap(inner.quad, outline.quad) > 0.95
    && beyond(plain, inner.quad) === 'sheet'
}

/** A line that both copies show counts once. */
function withoutDoubles(lines: readonly EdgeLine[], { width, height }: Raster): readonly EdgeLine[] {
  const middle = { x: width / 2, y: height / 2 }
  return lines.filter((line, index) => !lines.slice(0, index).some((other) => other.nx * line.nx + other.ny * line.ny > 0.9995 && Math.abs(awayFrom(other, middle) - awayFrom(line, middle)) < 1))
}

/** A line with, pixel by pixel along it, whether the edge is there: any part of it is then judged at once. */
class SupportedLine {
  readonly line: EdgeLine
  /** Where along the line (from the foot of its normal) the counting begins. */
  readonly #from: number
  readonly #sums: Uint32Array
  /** Pixels of the line inside of the picture, summed in the same way. */
  readonly #inside: Uint32Array
  /** Brightness steps between the paper without its print and what lies beyond, summed in the same way. */
  readonly #steps: Float64Array

  constructor(line: EdgeLine, plain: Raster, print: Raster) {
    this.line = line
    const reach = Math.ceil(Math.hypot(plain.width, plain.height))
    this.#from = -reach
    this.#sums = new Uint32Array(2 * reach + 1)
    this.#inside = new Uint32Array(2 * reach + 1)
    this.#steps = new Float64Array(2 * reach + 1)
    for (let index = 1; index <= 2 * reach; index++) {
      const along = this.#from + index
      const x = line.nx * line.distance - line.ny * along
      const y = line.ny * line.distance + line.nx * along
      const isInside = x >= 0 && y >= 0 && x < plain.width && y < plain.height
      this.#inside[index] = (this.#inside[index - 1] as number) + (isInside ? 1 : 0)
      const step = isInside && line.kind === 'edge' ? stepAt(plain, line, x, y, WIDE) : 0
      const isSeen = step >= WIDE.faintest || (isInside && line.kind === 'edge' && stepAt(print, line, x, y, NARROW) >= NARROW.faintest)
      this.#sums[index] = (this.#sums[index - 1] as number) + (isSeen ? 1 : 0)
      this.#steps[index] = (this.#steps[index - 1] as number) + step
    }
  }

  along({ x, y }: Corner): number {
    return this.line.nx * y - this.line.ny * x
  }

  /** Share of the part between two places along the line on which the edge is seen, its mean step, and how much of it lies in the picture. */
  between(a: number, b: number): { readonly support: number; readonly step: number; readonly insideShare: number } {
    const first = this.#index(Math.min(a, b))
    const last = this.#index(Math.max(a, b))
    const inside = (this.#inside[last] as number) - (this.#inside[first] as number)
    if (this.line.kind === 'border') return { support: BORDER_SUPPORT, step: Infinity, insideShare: 1 }
    return { support: inside === 0 ? 0 : ((this.#sums[last] as number) - (this.#sums[first] as number)) / inside, step: inside === 0 ? 0 : ((this.#steps[last] as number) - (this.#steps[first] as number)) / inside, insideShare: inside / Math.max(1, Math.abs(b - a)) }
  }

  #index(along: number): number {
    return Math.min(Math.max(Math.round(along - this.#from), 0), this.#sums.length - 1)
  }
}

/** How much brighter one side is than the other, in the plane that shows it best. */
function stepAt({ width, height, planes }: Raster, { nx, ny }: EdgeLine, x: number, y: number, { from, to }: Strips): number {
  let most = 0
  for (const plane of planes) {
    let bright = 0
    let dark = 0
    for (let away = from; away <= to; away++) {
      bright += plane[clamped(y + ny * away, height) * width + clamped(x + nx * away, width)] as number
      dark += plane[clamped(y - ny * away, height) * width + clamped(x - nx * away, width)] as number
    }
    most = Math.max(most, (bright - dark) / (to - from + 1))
  }
  return most
}

const clamped = (value: number, size: number): number => Math.min(Math.max(Math.round(value), 0), size - 1)

type Pair = readonly [SupportedLine, SupportedLine]

function quadsOf(lines: readonly SupportedLine[], raster: Raster, paper: PaperSize): Candidate[] {
  const least = Math.min(raster.width, raster.height) * 0.08
  const pairs: Pair[] = []
  lines.forEach((first, index) => {
    for (const second of lines.slice(index + 1)) {
      const cosine = first.line.nx * second.line.nx + first.line.ny * second.line.ny
      if (Math.abs(cosine) < 0.85) continue
      const middle = { x: raster.width / 2, y: raster.height / 2 }
      const gap = Math.abs(awayFrom(first.line, middle) - Math.sign(cosine) * awayFrom(second.line, middle))
      if (gap >= least) pairs.push([first, second])
    }
  })
  const found: Candidate[] = []
  pairs.forEach((one, index) => {
    for (const other of pairs.slice(index + 1)) {
      if (Math.abs(one[0].line.nx * other[0].line.nx + one[0].line.ny * other[0].line.ny) > 0.5) continue
      const candidate = judged(one, other, raster, paper)
      if (candidate !== undefined) found.push(candidate)
    }
  })
  return found
}

const awayFrom = (line: EdgeLine, { x, y }: Corner): number => x * line.nx + y * line.ny - line.distance

/** Corners are taken in the order of the sides, then put in the order in which the eye reads them. */
function judged(one: Pair, other: Pair, raster: Raster, paper: PaperSize): Candidate | undefined {
  const ring = [one[0], other[0], one[1], other[1]] as const
  const corners: Corner[] = []
  for (let side = 0; side < 4; side++) {
    const corner = crossing((ring[side] as SupportedLine).line, (ring[(side + 1) % 4] as SupportedLine).line)
    if (corner === undefined || corner.x < -raster.width * 0.2 || corner.y < -raster.height * 0.2 || corner.x > raster.width * 1.2 || corner.y > raster.height * 1.2) return undefined
    corners.push(corner)
  }
  const supports: number[] = []
  // A side of the paper reaches to both of its corners, and no further.
  let beyond = 0
  let short = 0
  let cutSides = 0
  let outward = 0
  const steps: number[] = []
  const middle = middleOf(corners as unknown as Quad)
  for (let side = 0; side < 4; side++) {
    const line = ring[side] as SupportedLine
    const a = line.along(corners[(side + 3) % 4] as Corner)
    const b = line.along(corners[side] as Corner)
    const length = Math.abs(b - a)
    if (length < 12) return undefined
    const { support, step: contrast, insideShare } = line.between(a, b)
    if (insideShare < 0.4) return undefined
    if (line.line.kind === 'border') cutSides++
    else {
      if (support < 0.3) return undefined
      if (awayFrom(line.line, middle) < 0) outward++
      const step = Math.max(6, length * 0.08)
      const low = Math.min(a, b)
      const high = Math.max(a, b)
      const before = line.between(low - step - 3, low - 3)
      const after = line.between(high + 3, high + step + 3)
      beyond += (before.insideShare > 0.5 ? before.support : 0) + (after.insideShare > 0.5 ? after.support : 0)
      const head = line.between(low + 1, low + step + 1)
      const tail = line.between(high - step - 1, high - 1)
      short += (head.insideShare > 0.5 ? 1 - head.support : 0) + (tail.insideShare > 0.5 ? 1 - tail.support : 0)
    }
    supports.push(support)
    if (line.line.kind === 'edge') steps.push(contrast)
  }
  if (cutSides > 2) return undefined
  const quad = inReadingOrder(corners as unknown as Quad)
  if (!isConvex(quad)) return undefined
  const areaShare = areaOf(quad) / (raster.width * raster.height)
  if (areaShare < SMALLEST_AREA_SHARE) return undefined
  const weakest = Math.min(...supports)
  const mean = supports.reduce((sum, support) => sum + support, 0) / 4
  const mixed = Math.min(outward, 4 - cutSides - outward)
  // Two edges right across the picture are the desk's as likely as a paper's that reaches out on both sides.
  const isBand = cutSides === 2 && ring.every(({ line }, side) => line.kind === ring[(side + 2) % 4]?.line.kind)
  const confidence = Math.min(isBand ? MOST_OF_A_BAND : 1, Math.max(0, 0.5 * weakest + 0.5 * mean - beyond * BEYOND_COSTS - short * SHORT_COSTS - mixed * MIXED_COSTS))
  return { quad, confidence, weakest, cutSides, areaShare, mixed, steps: steps.sort((a, b) => a - b), score: confidence * ratioFit(quad, paper) * Math.min(1, areaShare / 0.5) ** 0.15 * (outward === 4 - cutSides ? DARKER_THAN_ALL_ABOUT : 1) }
}

/** 1 for the paper's own ratio, 0.85 for one that is far from it: a paper that is not the wanted one is still a paper. */
function ratioFit(quad: Quad, paper: PaperSize): number {
  const off = ratioError(quad, paper)
  return 1 - 0.15 * Math.min(1, Math.max(0, off - 0.06) / 0.3)
}

function middleOf(quad: Quad): Corner {
  return { x: quad.reduce((sum, { x }) => sum + x, 0) / 4, y: quad.reduce((sum, { y }) => sum + y, 0) / 4 }
}

/** Clockwise from the corner that is nearest to the picture's top left, in the paper's own measure. */
export function inReadingOrder(corners: Quad): Quad {
  const middle = middleOf(corners)
  const ring = [...corners].sort((a, b) => Math.atan2(a.y - middle.y, a.x - middle.x) - Math.atan2(b.y - middle.y, b.x - middle.x))
  let first = 0
  ring.forEach(({ x, y }, index) => {
    const best = ring[first] as Corner
    if (x + y < best.x + best.y) first = index
  })
  return [...ring.slice(first), ...ring.slice(0, first)] as unknown as Quad
}

/** Share of `a` that lies in `b`, on a grid of points. */
function overlap(a: Quad, b: Quad): number {
  let inside = 0
  const steps = 8
  for (let row = 0; row < steps; row++) {
    for (let column = 0; column < steps; column++) if (holds(b, pointIn(a, (column + 0.5) / steps, (row + 0.5) / steps))) inside++
  }
  return inside / (steps * steps)
}

/** The point at these shares of the way across and down. */
function pointIn([topLeft, topRight, bottomRight, bottomLeft]: Quad, u: number, v: number): Corner {
  return {
    x: (topLeft.x * (1 - u) + topRight.x * u) * (1 - v) + (bottomLeft.x * (1 - u) + bottomRight.x * u) * v,
    y: (topLeft.y * (1 - u) + topRight.y * u) * (1 - v) + (bottomLeft.y * (1 - u) + bottomRight.y * u) * v,
  }
}
