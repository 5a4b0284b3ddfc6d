import { median } from '../../../core/document/median.ts'
import type { Point, Rectangle } from './rectangle.ts'
import { convexHull, grown, readSideways, rectangleAt, scaled, smallestRectangle } from './rectangle.ts'

/** What the detection net answers: for each pixel of its input the probability that it lies in the middle of a line of text. */
export interface ProbabilityMap {
  readonly width: number
  readonly height: number
  readonly data: Float32Array
}

/** A pixel counts as text above this. */
const TEXT_PROBABILITY = 0.3
/** And as text that nothing hangs on to above this. */
const CLEAR_PROBABILITY = 0.6
/** A rectangle whose pixels are text with less than this on average is none. */
const LEAST_MEAN = 0.5
const SHORTEST_SIDE_PX = 2
/** The net marks the inner part of a line; a line is this much larger (area × ratio / circumference on each side). */
const GROWTH_RATIO = 1.6
/** Noise could make a component of every second pixel; a page has no more lines than this. */
const MOST_BOXES = 1000
/** From this ratio on a rectangle knows its own direction; shorter ones take that of the page. */
const LONG_RATIO = 3
/** A rectangle that is this much higher than wide, and higher than two lines, is a line read from top to bottom. */
const UPRIGHT_RATIO = 1.5
const UPRIGHT_LINES = 2

/**
 * The lines of text in a probability map, in pixels of a picture that is `across` times as wide and `down` times as high.
 * Connected pixels (8 neighbours) become the smallest rectangle around them, grown to the size of the print. In no order.
 */
export function findBoxes(map: ProbabilityMap, across: number, down: number): Rectangle[] {
  const hulls = components(map, TEXT_PROBABILITY).map(convexHull)
  const free = hulls.map(smallestRectangle)
  const tilt = commonTilt(free)
  const all = hulls.map((hull, index) => settled(hull, free[index] as Rectangle, tilt)).filter(isLargeEnough)
  const isText = (rectangle: Rectangle): boolean => meanInside(map, rectangle) >= LEAST_MEAN
  const lines = all.filter(isText)
  const height = median(lines.map(heightOf))
  // A line that hangs together with the ring of a seal is no rectangle; its own pixels are the clearer ones.
  const joined = all.filter((rectangle) => !lines.includes(rectangle) && rectangle.length >= LONG_RATIO * height)
  const clear = joined.length === 0 ? [] : components(map, CLEAR_PROBABILITY).map(convexHull).map((hull) => settled(hull, smallestRectangle(hull), tilt))
  const freed = clear.filter((rectangle) => isLargeEnough(rectangle) && joined.some((other) => holdsMiddle(other, rectangle)) && !lines.some((line) => holdsMiddle(line, rectangle)) && isText(rectangle))
  const found = [...lines, ...freed].map((rectangle) => scaled(grown(rectangle, GROWTH_RATIO), across, down))
  const lineHeight = median(found.map(heightOf))
  return found.map((rectangle) => (rectangle.height >= UPRIGHT_RATIO * rectangle.length && rectangle.height > UPRIGHT_LINES * lineHeight ? readSideways(rectangle) : rectangle))
}

/** A long one as it is, a short one in the direction of the page. */
function settled(hull: readonly Point[], own: Rectangle, tilt: number): Rectangle {
  const isLong = Math.max(own.length, own.height) >= LONG_RATIO * Math.min(own.length, own.height)
  return isLong ? own : rectangleAt(hull, tilt)
}

const heightOf = ({ length, height }: Rectangle): number => Math.min(length, height)
const isLargeEnough = (rectangle: Rectangle): boolean => heightOf(rectangle) >= SHORTEST_SIDE_PX

function holdsMiddle({ x, y, length, height, angle }: Rectangle, inner: Rectangle): boolean {
  const dx = inner.x - x
  const dy = inner.y - y
  return Math.abs(dx * Math.cos(angle) + dy * Math.sin(angle)) <= length / 2 && Math.abs(dy * Math.cos(angle) - dx * Math.sin(angle)) <= height / 2
}

/** The direction of the page's lines, radians: the median over long rectangles; 0 where there are none. */
export function commonTilt(rectangles: readonly Rectangle[]): number {
  return median(rectangles.filter(({ length, height }) => length >= LONG_RATIO * height && height > 0).map(({ angle }) => angle))
}

/** Per connected component its outline points: the outer corners of the first and last pixel of each of its rows. */
function components({ width, height, data }: ProbabilityMap, threshold: number): Point[][] {
  const open = new Uint8Array(width * height)
  for (let i = 0; i < open.length; i++) open[i] = (data[i] as number) > threshold ? 1 : 0
  const stack = new Int32Array(width * height)
  const found: { readonly points: Point[]; readonly size: number }[] = []
  const first = new Int32Array(height)
  const last = new Int32Array(height)
  for (let seed = 0; seed < open.length; seed++) {
    if (open[seed] === 0) continue
    let size = 0
    let depth = 0
    let bottom = 0
    const top = Math.floor(seed / width)
    first.fill(width, top)
    last.fill(-1, top)
    stack[depth++] = seed
    open[seed] = 0
    while (depth > 0) {
      const at = stack[--depth] as number
      const y = Math.floor(at / width)
      const x = at - y * width
      size++
      if (x < (first[y] as number)) first[y] = x
      if (x > (last[y] as number)) last[y] = x
      if (y > bottom) bottom = y
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const next = ny * width + nx
          if (open[next] === 1) {
            open[next] = 0
            stack[depth++] = next
          }
        }
      }
    }
    if (size < SHORTEST_SIDE_PX * SHORTEST_SIDE_PX) continue
    const points: Point[] = []
    for (let y = top; y <= bottom; y++) {
      const left = first[y] as number
      const right = (last[y] as number) + 1
      points.push({ x: left, y }, { x: left, y: y + 1 }, { x: right, y }, { x: right, y: y + 1 })
    }
    found.push({ points, size })
  }
  return found.sort((a, b) => b.size - a.size).slice(0, MOST_BOXES).map(({ points }) => points)
}

function meanInside({ width, height, data }: ProbabilityMap, rectangle: Rectangle): number {
  const cos = Math.cos(rectangle.angle)
  const sin = Math.sin(rectangle.angle)
  const reach = (a: number, b: number): number => (Math.abs(a) * rectangle.length + Math.abs(b) * rectangle.height) / 2
  const fromY = Math.max(0, Math.floor(rectangle.y - reach(sin, cos)))
  const toY = Math.min(height - 1, Math.ceil(rectangle.y + reach(sin, cos)))
  const fromX = Math.max(0, Math.floor(rectangle.x - reach(cos, sin)))
  const toX = Math.min(width - 1, Math.ceil(rectangle.x + reach(cos, sin)))
  let sum = 0
  let count = 0
  for (let y = fromY; y <= toY; y++) {
    const dy = y + 0.5 - rectangle.y
    for (let x = fromX; x <= toX; x++) {
      const dx = x + 0.5 - rectangle.x
      if (Math.abs(dx * cos + dy * sin) > rectangle.length / 2 || Math.abs(dy * cos - dx * sin) > rectangle.height / 2) continue
      sum += data[y * width + x] as number
      count++
    }
  }
  return count === 0 ? 0 : sum / count
}
