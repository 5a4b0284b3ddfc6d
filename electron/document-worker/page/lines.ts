import type { Line } from './geometry.ts'
import type { Raster } from './raster.ts'

/**
 * Long straight edges of a small picture. Each has a direction: its normal points to the brighter side. Found by letting
 * every edge pixel vote for the lines that run through it along its own direction (Hough, directed by the gradient).
 */
export interface EdgeLine extends Line {
  /** `border`: the picture's own end, behind which the paper may go on. */
  readonly kind: 'edge' | 'border'
}

interface EdgePixels {
  readonly xs: Uint16Array
  readonly ys: Uint16Array
  /** Direction to the brighter side, degrees from 0 to 359. */
  readonly degrees: Uint16Array
  /** Votes of each, by how clear it is. */
  readonly weights: Uint8Array
  readonly count: number
}

/** Brightness levels a pixel; averaging has taken the noise away, and white paper on a white desk gives little more. */
const FAINTEST_EDGE = 2.2
const DEGREES = 360
/** An edge pixel knows its own direction no better than this. */
const VOTE_SPREAD_DEGREES = 2
const APART_DEGREES = 5
const APART_PX = 5
const MOST_LINES = 22
/** Brightness levels of a step for which an edge pixel gets one more vote. */
const LEVELS_A_VOTE = 8
const MOST_VOTES = 5
/** A line shorter than this share of the picture's shorter side is no side of a paper. */
const SHORTEST_SHARE = 0.1
const FIT_REACH_PX = 2.5
const FIT_DEGREES = 12

/** `clear`: a clear edge counts more than a faint one, so that the grain of wood does not crowd out a small paper. */
export function findLines(raster: Raster, weighing: 'clear' | 'equal'): readonly EdgeLine[] {
  const pixels = edgePixels(raster, weighing)
  return strongestLines(pixels, raster).map((line) => fitted(line, pixels))
}

/** The picture's four ends, normals inward. */
export function borderLines({ width, height }: Raster): readonly EdgeLine[] {
  return [
    { kind: 'border', nx: 1, ny: 0, distance: 0 },
    { kind: 'border', nx: -1, ny: 0, distance: -width },
    { kind: 'border', nx: 0, ny: 1, distance: 0 },
    { kind: 'border', nx: 0, ny: -1, distance: -height },
  ]
}

function edgePixels({ width, height, planes }: Raster, weighing: 'clear' | 'equal'): EdgePixels {
  const xs: number[] = []
  const ys: number[] = []
  const degrees: number[] = []
  const weights: number[] = []
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x
      let strength = FAINTEST_EDGE * FAINTEST_EDGE
      let across = 0
      let down = 0
      for (const plane of planes) {
        const upper = at - width
        const lower = at + width
        const gx = ((plane[upper + 1] as number) + 2 * (plane[at + 1] as number) + (plane[lower + 1] as number) - (plane[upper - 1] as number) - 2 * (plane[at - 1] as number) - (plane[lower - 1] as number)) / 8
        const gy = ((plane[lower - 1] as number) + 2 * (plane[lower] as number) + (plane[lower + 1] as number) - (plane[upper - 1] as number) - 2 * (plane[upper] as number) - (plane[upper + 1] as number)) / 8
        const here = gx * gx + gy * gy
        if (here > strength) {
          strength = here
          across = gx
          down = gy
        }
      }
      if (across === 0 && down === 0) continue
      xs.push(x)
      ys.push(y)
      weights.push(weighing === 'equal' ? 1 : Math.min(MOST_VOTES, 1 + Math.floor(Math.sqrt(strength) / LEVELS_A_VOTE)))
      degrees.push((Math.round((Math.atan2(down, across) * 180) / Math.PI) + DEGREES) % DEGREES)
    }
  }
  return { xs: Uint16Array.from(xs), ys: Uint16Array.from(ys), degrees: Uint16Array.from(degrees), weights: Uint8Array.from(weights), count: xs.length }
}

const COSINES = Float64Array.from({ length: DEGREES }, (_, degree) => Math.cos((degree * Math.PI) / 180))
const SINES = Float64Array.from({ length: DEGREES }, (_, degree) => Math.sin((degree * Math.PI) / 180))

function strongestLines({ xs, ys, degrees, weights, count }: EdgePixels, { width, height }: Raster): readonly EdgeLine[] {
  const reach = Math.ceil(Math.hypot(width, height))
  const distances = 2 * reach + 1
  const votes = new Uint16Array(DEGREES * distances)
  for (let pixel = 0; pixel < count; pixel++) {
    for (let spread = -VOTE_SPREAD_DEGREES; spread <= VOTE_SPREAD_DEGREES; spread++) {
      const degree = ((degrees[pixel] as number) + spread + DEGREES) % DEGREES
      const distance = Math.round((xs[pixel] as number) * (COSINES[degree] as number) + (ys[pixel] as number) * (SINES[degree] as number)) + reach
      const at = degree * distances + distance
      votes[at] = (votes[at] as number) + (weights[pixel] as number)
    }
  }
  const fewest = Math.min(width, height) * SHORTEST_SHARE
  const peaks: { readonly at: number; readonly votes: number }[] = []
  for (let at = 1; at < votes.length - 1; at++) {
    const here = votes[at] as number
    if (here >= fewest && here >= (votes[at - 1] as number) && here > (votes[at + 1] as number)) peaks.push({ at, votes: here })
  }
  peaks.sort((a, b) => b.votes - a.votes)
  const kept: { readonly degree: number; readonly distance: number }[] = []
  for (const peak of peaks) {
    if (kept.length === MOST_LINES) break
    const degree = Math.floor(peak.at / distances)
    const distance = (peak.at % distances) - reach
    const isNear = kept.some((other) => {
      const turn = Math.abs(other.degree - degree)
      return Math.min(turn, DEGREES - turn) <= APART_DEGREES && Math.abs(middleDistance(other, width, height) - middleDistance({ degree, distance }, width, height)) <= APART_PX
    })
    if (!isNear) kept.push({ degree, distance })
  }
  return kept.map(({ degree, distance }) => ({ kind: 'edge', nx: COSINES[degree] as number, ny: SINES[degree] as number, distance }))
}

/** Distance of the line from the picture's middle: lines of different direction are compared where they are in the picture. */
function middleDistance({ degree, distance }: { readonly degree: number; readonly distance: number }, width: number, height: number): number {
  return distance - (width / 2) * (COSINES[degree] as number) - (height / 2) * (SINES[degree] as number)
}

/** The line laid through its own edge pixels by least squares, twice: degrees and whole pixels are too coarse for a corner. */
function fitted(line: EdgeLine, { xs, ys, degrees, count }: EdgePixels): EdgeLine {
  let now = line
  for (const reach of [FIT_REACH_PX, FIT_REACH_PX / 2]) {
    const direction = (Math.atan2(now.ny, now.nx) * 180) / Math.PI
    let weight = 0
    let sx = 0
    let sy = 0
    let sxx = 0
    let sxy = 0
    let syy = 0
    for (let pixel = 0; pixel < count; pixel++) {
      const x = xs[pixel] as number
      const y = ys[pixel] as number
      if (Math.abs(x * now.nx + y * now.ny - now.distance) > reach) continue
      const turn = Math.abs((degrees[pixel] as number) - direction) % DEGREES
      if (Math.min(turn, DEGREES - turn) > FIT_DEGREES) continue
      weight++
      sx += x
      sy += y
      sxx += x * x
      sxy += x * y
      syy += y * y
    }
    if (weight < 8) return now
    const mx = sx / weight
    const my = sy / weight
    const angle = 0.5 * Math.atan2(2 * (sxy / weight - mx * my), sxx / weight - mx * mx - (syy / weight - my * my))
    let nx = -Math.sin(angle)
    let ny = Math.cos(angle)
    if (nx * now.nx + ny * now.ny < 0) {
      nx = -nx
      ny = -ny
    }
    now = { ...now, nx, ny, distance: nx * mx + ny * my }
  }
  return now
}
