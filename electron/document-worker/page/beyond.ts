import type { Corner, Quad } from '../../../core/document/page-look.ts'
import { between } from './geometry.ts'
import type { Raster } from './raster.ts'

/**
 * What lies beyond the outline of a paper, judged place by place against the paper just within:
 *
 * - `desk`: all around it is something else, so the paper lies there alone;
 * - `paper`: all around it goes on as it is within, so the outline is a frame that is printed on a larger paper;
 * - `same-sheet`: one whole side goes on, level with its ends, as the other page of an open booklet or out of the picture;
 * - `sheet`: a part of the outline has paper beyond it and the rest has not, or the desk shows within a corner of it, so
 *   another sheet lies under it or on it.
 *
 * Two sheets of exactly the same place and shape are one to every camera.
 */
export type Beyond = 'desk' | 'paper' | 'same-sheet' | 'sheet'

/** Pixels of the small copy, along a side from one place to the next. */
const PLACE_PX = 2
/** Strips within and beyond are so many pixels from the outline: the shadow of a sheet that does not lie flat is nearer. */
const STRIP_FROM_PX = 6
const STRIP_TO_PX = 10
/** Near the corners a strip meets the neighbouring side. */
const ENDS_SHARE = 0.04
const FEWEST_PLACES = 40
/** The brightest strip of so large a share of the side, to each hand, is the paper there: print is darker, and light falls off slowly. */
const PAPER_NEAR_SHARE = 0.12
/** Of the outline at least so much has desk beyond it where two sheets lie: a quarter. */
const DESK_SHARE = 0.25
/** From here up nothing parts the two. */
const SAME_RATIO = 0.965
/** Less bright than this, compared with the paper, is no paper, however dark the desk. */
const DARKEST_PAPER = 0.78
/** Of the way from the desk to the paper: above it, it is paper. */
const NEARER_TO_PAPER = 0.55
const BRIGHTEST_PAPER = 1.15
/** Fingers and wood are coloured: the three channels part by more than this. */
const MOST_TINT = 0.12
/** Places that a stretch may leap over: dust, and print of the other sheet. */
const LEAP = 3
/** A stretch shorter than this share of its side is a dog-ear or a bright thing on the desk. */
const SHORTEST_STRETCH = 0.12
/** Of the step between paper and desk: what is less is none. */
const NO_STEP = 0.25
/** A strip of a centimetre leaves more of the desk within the corner. */
const BARE_CORNER = 0.05
const FAR_INTO_NOTCH = 0.75
const BARE_SIDE = 0.2
/** A page that faces the other goes on along the whole side, and no further. */
const WHOLE_SIDE = 0.85
/** Shares of a page at which it is looked for: far out, or less far where the picture ends. */
const PAGE_DEPTHS = [0.4, 0.2, 0.1, 0.05, 0.03]
const BESIDE_THE_END = 0.05

/** Means of a strip, one a plane. */
type Levels = readonly [number, number, number]

/** One side, with the means to look at any point within and beyond it. */
interface Side {
  readonly length: number
  /** Levels of the strip from `near` to `far` pixels beyond the outline (within it: negative), at a share of the side; undefined outside of the picture. */
  readonly levels: (share: number, near: number, far: number) => Levels | undefined
  readonly places: readonly Place[]
}

interface Place {
  readonly share: number
  /** The paper near the place. */
  readonly paper: Levels
  /** What lies beyond, and what lies within, against the paper; and what lies within against what lies beyond. */
  readonly likeness: Likeness
  readonly within: Likeness
  readonly step: Likeness
}

/** Brightness as a share of the paper's, and how far the shares of the three channels part. */
interface Likeness {
  readonly ratio: number
  readonly tint: number
}

/** `plain`: the small copy without its print. `quad`: the outline in its pixels. */
export function beyond(plain: Raster, quad: Quad): Beyond {
  const sides = quad.map((corner, index) => sideOf(plain, corner, quad[(index + 1) % 4] as Corner))
  const ratios = sides.flatMap(({ places }) => places.map(({ likeness }) => likeness.ratio)).sort((a, b) => a - b)
  if (ratios.length < FEWEST_PLACES) return 'desk'
  const desk = ratios[Math.floor(ratios.length * DESK_SHARE)] as number
  if (desk > SAME_RATIO) return 'paper'
  const least = Math.max(DARKEST_PAPER, desk + (1 - desk) * NEARER_TO_PAPER)
  const isPaper = ({ ratio, tint }: Likeness): boolean => ratio >= least && ratio < BRIGHTEST_PAPER && tint < MOST_TINT
  // Shadows darken both sides of an outline and leave the step between them.
  const isBare = ({ within, step }: Place): boolean => within.ratio < least && Math.abs(step.ratio - 1) < (1 - desk) * NO_STEP && step.tint < MOST_TINT
  if (hasBareCorner(sides, isBare, least)) return 'sheet'
  const stretches = sides.flatMap((side, index) => stretchesOf(side.places, isPaper).map(({ from, to }) => ({ index, from, to })))
  const [first] = stretches
  if (first === undefined) return 'desk'
  const isOne = stretches.length === 1 && first.to - first.from > WHOLE_SIDE
  return isOne && goesOn(sides[first.index] as Side, (sides[(first.index + 1) % 4] as Side).length, isPaper) ? 'same-sheet' : 'sheet'
}

function sideOf({ width, height, planes }: Raster, from: Corner, to: Corner): Side {
  const length = between(from, to)
  const ux = (to.x - from.x) / length
  const uy = (to.y - from.y) / length
  const levels = (share: number, near: number, far: number): Levels | undefined => {
    const sums: [number, number, number] = [0, 0, 0]
    for (let away = near; away <= far; away++) {
      // The outline is clockwise: outward is to the left of the way.
      const x = Math.round(from.x + ux * length * share + uy * away)
      const y = Math.round(from.y + uy * length * share - ux * away)
      if (x < 0 || y < 0 || x >= width || y >= height) return undefined
      for (let plane = 0; plane < 3; plane++) sums[plane] = (sums[plane] as number) + ((planes[plane] as Uint8Array)[y * width + x] as number)
    }
    const count = far - near + 1
    return [sums[0] / count, sums[1] / count, sums[2] / count]
  }
  const seen: { readonly share: number; readonly within: Levels; readonly outside: Levels }[] = []
  for (let share = ENDS_SHARE; share <= 1 - ENDS_SHARE; share += PLACE_PX / length) {
    const within = levels(share, -STRIP_TO_PX, -STRIP_FROM_PX)
    const outside = levels(share, STRIP_FROM_PX, STRIP_TO_PX)
    if (within !== undefined && outside !== undefined) seen.push({ share, within, outside })
  }
  const strips = seen.map(({ within }) => aboveBlack(within))
  const sums = strips.map(([red, green, blue]) => red + green + blue)
  const places = seen.map(({ share, within, outside }, index) => {
    const paper = brightest(strips, sums, index)
    return { share, paper, likeness: likeness(outside, paper), within: likeness(within, paper), step: likeness(within, aboveBlack(outside)) }
  })
  return { length, levels, places }
}

/** Fit to divide by. */
const aboveBlack = ([red, green, blue]: Levels): Levels => [Math.max(1, red), Math.max(1, green), Math.max(1, blue)]

/** The brightest of the strips near one. */
function brightest(strips: readonly Levels[], sums: readonly number[], index: number): Levels {
  const reach = Math.ceil(strips.length * PAPER_NEAR_SHARE)
  let best = index
  for (let at = Math.max(0, index - reach), end = Math.min(strips.length - 1, index + reach); at <= end; at++) if ((sums[at] as number) > (sums[best] as number)) best = at
  return strips[best] as Levels
}

function likeness(levels: Levels, paper: Levels): Likeness {
  const [red, green, blue] = [levels[0] / paper[0], levels[1] / paper[1], levels[2] / paper[2]]
  return { ratio: (red + green + blue) / 3, tint: Math.max(red, green, blue) - Math.min(red, green, blue) }
}

/** Stretches of a side beyond which there is paper, as shares of the side; short ones are left out. */
function stretchesOf(places: readonly Place[], isPaper: (likeness: Likeness) => boolean): readonly { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number; last: number }[] = []
  places.forEach(({ share, likeness: here }, index) => {
    if (!isPaper(here)) return
    const open = found.at(-1)
    if (open !== undefined && index - open.last <= LEAP) Object.assign(open, { to: share, last: index })
    else found.push({ from: share, to: share, last: index })
  })
  return found.filter(({ from, to }) => to - from >= SHORTEST_STRETCH)
}

/** Whether the desk shows within a corner: along both sides that meet there, or far along one. */
function hasBareCorner(sides: readonly Side[], isBare: (place: Place) => boolean, least: number): boolean {
  return sides.some((side, index) => {
    const before = sides[(index + 3) % 4] as Side
    const along = bareShare(side.places, isBare)
    const down = bareShare(before.places.toReversed(), isBare)
    if (Math.max(along, down) >= BARE_SIDE) return true
    return Math.min(along, down) >= BARE_CORNER && isNotched(side, along, down * before.length, least)
  })
}

/** A corner between two sheets is cut out square, a dog-ear aslant: there the paper goes on before the two ends meet. `down` in pixels. */
function isNotched({ levels, places }: Side, along: number, down: number, least: number): boolean {
  const depth = Math.round(down * FAR_INTO_NOTCH)
  const seen = levels(along * FAR_INTO_NOTCH, -depth - 1, -depth + 1)
  const [first] = places
  return seen !== undefined && first !== undefined && likeness(seen, first.paper).ratio < least
}

/** Share of the side, from the end at which the places begin, that is bare without a gap. */
function bareShare(places: readonly Place[], isBare: (place: Place) => boolean): number {
  const count = places.findIndex((place) => !isBare(place))
  const reached = places[(count === -1 ? places.length : count) - 1]
  const [first] = places
  return reached === undefined || first === undefined ? 0 : Math.abs(reached.share - first.share) + ENDS_SHARE
}

/** Whether what goes on beyond a side ends level with both of its ends and is as deep as a page (`across` pixels, more or less), or reaches out of the picture. */
function goesOn({ levels, places }: Side, across: number, isPaper: (likeness: Likeness) => boolean): boolean {
  const [first, last] = [places[0], places.at(-1)]
  const ends = [[-BESIDE_THE_END, first], [BESIDE_THE_END, first], [1 - BESIDE_THE_END, last], [1 + BESIDE_THE_END, last]] as const
  for (const share of PAGE_DEPTHS) {
    const depth = Math.round(across * share)
    const seen = ends.map(([at, place]) => ({ at: levels(at, depth, depth + 2), place }))
    if (seen.some(({ at }) => at === undefined)) continue
    const [before, head, tail, after] = seen.map(({ at, place }) => at !== undefined && place !== undefined && isPaper(likeness(at, place.paper)))
    return head === true && tail === true && before === false && after === false
  }
  return false
}
