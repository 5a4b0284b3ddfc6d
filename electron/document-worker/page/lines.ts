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

/** In the order of their direction to the brighter side: those of one degree stand together. */
interface EdgePixels {
  readonly xs: Uint16Array
  readonly ys: Uint16Array
  /** Votes of each, by how clear it is. */
  readonly weights: Uint8Array
  /** Where those of each degree begin, 0 to 359, and where the last ones end. */
  readonly starts: Uint32Array
}

/** Brightness levels a pixel; averaging has taken the noise away, and white paper on a white desk gives little more. */
const FAINTEST_EDGE = 2.2
/** What the weights of the Sobel measure add up to on one side and the other. */
const SOBEL_SUM = 8
const FAINTEST_SQUARE = (FAINTEST_EDGE * SOBEL_SUM) ** 2
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
  const xs = new Uint16Array(width * height)
  const ys = new Uint16Array(width * height)
  const degrees = new Uint16Array(width * height)
  const weights = new Uint8Array(width * height)
  const slopes = planes.map(() => slopesFor(width))
  let count = 0
  for (let y = 1; y < height - 1; y++) {
    planes.forEach((plane, index) => measureSlopes(plane, y * width, width, slopes[index] as Slopes))
    const [first, second, third] = slopes as [Slopes, Slopes, Slopes]
    for (let x = 1; x < width - 1; x++) {
      const a = first.squares[x] as number
      const b = second.squares[x] as number
      const c = third.squares[x] as number
      const square = Math.max(a, b, c)
      if (square <= FAINTEST_SQUARE) continue
      const { across, down } = a === square ? first : b === square ? second : third
      xs[count] = x
      ys[count] = y
      weights[count] = weighing === 'equal' ? 1 : Math.min(MOST_VOTES, 1 + Math.floor(Math.sqrt(square) / (LEVELS_A_VOTE * SOBEL_SUM)))
      degrees[count] = (Math.round((Math.atan2(down[x] as number, across[x] as number) * 180) / Math.PI) + DEGREES) % DEGREES
      count++
    }
  }
  return byDegree({ xs, ys, weights, degrees, count })
}

/** As they were found, row by row. */
interface FoundPixels {
  readonly xs: Uint16Array
  readonly ys: Uint16Array
  readonly weights: Uint8Array
  readonly degrees: Uint16Array
  readonly count: number
}

/** Sorts by counting. */
function byDegree(found: FoundPixels): EdgePixels {
  const { count } = found
  const starts = new Uint32Array(DEGREES + 1)
  for (let pixel = 0; pixel < count; pixel++) {
    const after = (found.degrees[pixel] as number) + 1
    starts[after] = (starts[after] as number) + 1
  }
  for (let degree = 0; degree < DEGREES; degree++) starts[degree + 1] = (starts[degree + 1] as number) + (starts[degree] as number)
  const next = starts.slice()
  const xs = new Uint16Array(count)
  const ys = new Uint16Array(count)
  const weights = new Uint8Array(count)
  for (let pixel = 0; pixel < count; pixel++) {
    const degree = found.degrees[pixel] as number
    const to = next[degree] as number
    next[degree] = to + 1
    xs[to] = found.xs[pixel] as number
    ys[to] = found.ys[pixel] as number
    weights[to] = found.weights[pixel] as number
  }
  return { xs, ys, weights, starts }
}

/** Slopes of one plane along a row, in eighths of a level a pixel (Sobel), and their squared length. */
interface Slopes {
  readonly across: Int32Array
  readonly down: Int32Array
  readonly squares: Int32Array
  /** Sums and differences of the rows above and below, which neighbours share. */
  readonly sums: Int32Array
  readonly differences: Int32Array
}

function slopesFor(width: number): Slopes {
  const row = (): Int32Array => new Int32Array(width)
  return { across: row(), down: row(), squares: row(), sums: row(), differences: row() }
}

function measureSlopes(plane: Uint8Array, start: number, width: number, { across, down, squares, sums, differences }: Slopes): void {
  for (let x = 0, at = start; x < width; x++, at++) {
    const upper = plane[at - width] as number
    const lower = plane[at + width] as number
    sums[x] = upper + 2 * (plane[at] as number) + lower
    differences[x] = lower - upper
  }
  for (let x = 1; x < width - 1; x++) {
    const gx = (sums[x + 1] as number) - (sums[x - 1] as number)
    const gy = (differences[x - 1] as number) + 2 * (differences[x] as number) + (differences[x + 1] as number)
    across[x] = gx
    down[x] = gy
    squares[x] = gx * gx + gy * gy
  }
}

const COSINES = Float64Array.from({ length: DEGREES }, (_, degree) => Math.cos((degree * Math.PI) / 180))
const SINES = Float64Array.from({ length: DEGREES }, (_, degree) => Math.sin((degree * Math.PI) / 180))

function strongestLines({ xs, ys, weights, starts }: EdgePixels, { width, height }: Raster): readonly EdgeLine[] {
  const reach = Math.ceil(Math.hypot(width, height))
  const distances = 2 * reach + 1
  const votes = new Uint16Array(DEGREES * distances)
  for (let degree = 0; degree < DEGREES; degree++) {
    for (let spread = -VOTE_SPREAD_DEGREES; spread <= VOTE_SPREAD_DEGREES; spread++) {
      const normal = (degree + spread + DEGREES) % DEGREES
      const nx = COSINES[normal] as number
      const ny = SINES[normal] as number
      const middle = normal * distances + reach
      for (let pixel = starts[degree] as number, end = starts[degree + 1] as number; pixel < end; pixel++) {
        const at = middle + Math.round((xs[pixel] as number) * nx + (ys[pixel] as number) * ny)
        votes[at] = (votes[at] as number) + (weights[pixel] as number)
      }
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
function fitted(line: EdgeLine, { xs, ys, starts }: EdgePixels): EdgeLine {
  let now = line
  for (const reach of [FIT_REACH_PX, FIT_REACH_PX / 2]) {
    const direction = (Math.atan2(now.ny, now.nx) * 180) / Math.PI
    let weight = 0
    let sx = 0
    let sy = 0
    let sxx = 0
    let sxy = 0
    let syy = 0
    for (let turned = Math.ceil(direction - FIT_DEGREES); turned <= direction + FIT_DEGREES; turned++) {
      const degree = (turned + DEGREES) % DEGREES
      for (let pixel = starts[degree] as number, end = starts[degree + 1] as number; pixel < end; pixel++) {
        const x = xs[pixel] as number
        const y = ys[pixel] as number
        if (Math.abs(x * now.nx + y * now.ny - now.distance) > reach) continue
        weight++
        sx += x
        sy += y
        sxx += x * x
        sxy += x * y
        syy += y * y
      }
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
