/**
 * A rectangle at any angle. `angle` (radians, clockwise in a picture whose y runs down) is the direction in which its text is
 * read; `length` runs along it, `height` across. Plain plane geometry; no picture is touched here.
 */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly length: number
  readonly height: number
  readonly angle: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** The corner points of the hull, counter-clockwise in a y-down picture (Andrew's monotone chain). */
export function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y)
  if (sorted.length < 3) return sorted
  const half = (all: readonly Point[]): Point[] => {
    const chain: Point[] = []
    for (const point of all) {
      while (chain.length >= 2 && cross(chain.at(-2) as Point, chain.at(-1) as Point, point) <= 0) chain.pop()
      chain.push(point)
    }
    chain.pop()
    return chain
  }
  return [...half(sorted), ...half([...sorted].reverse())]
}

const cross = (o: Point, a: Point, b: Point): number => (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x)

/** The smallest rectangle around the points: one of its sides lies on a side of the hull. `angle` is within ±45°. */
export function smallestRectangle(hull: readonly Point[]): Rectangle {
  let best = rectangleAt(hull, 0)
  for (let i = 0; i < hull.length; i++) {
    const from = hull[i] as Point
    const to = hull[(i + 1) % hull.length] as Point
    if (from.x === to.x && from.y === to.y) continue
    const candidate = rectangleAt(hull, withinAnEighth(Math.atan2(to.y - from.y, to.x - from.x)))
    if (candidate.length * candidate.height < best.length * best.height - 1e-9) best = candidate
  }
  return best
}

/** The rectangle around the points whose text runs at `angle`. */
export function rectangleAt(points: readonly Point[], angle: number): Rectangle {
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  let left = Infinity
  let right = -Infinity
  let top = Infinity
  let bottom = -Infinity
  for (const { x, y } of points) {
    const along = x * cos + y * sin
    const across = y * cos - x * sin
    left = Math.min(left, along)
    right = Math.max(right, along)
    top = Math.min(top, across)
    bottom = Math.max(bottom, across)
  }
  if (points.length === 0) return { x: 0, y: 0, length: 0, height: 0, angle }
  const along = (left + right) / 2
  const across = (top + bottom) / 2
  return { x: along * cos - across * sin, y: along * sin + across * cos, length: right - left, height: bottom - top, angle }
}

/**
 * Undoes the shrinking that the detection net was trained to: outwards by area × ratio / circumference on every side (for a
 * rectangle plain widening equals the polygon offset).
 */
export function grown(rectangle: Rectangle, ratio: number): Rectangle {
  const circumference = 2 * (rectangle.length + rectangle.height)
  const by = circumference === 0 ? 0 : (rectangle.length * rectangle.height * ratio) / circumference
  return { ...rectangle, length: rectangle.length + 2 * by, height: rectangle.height + 2 * by }
}

/** The same rectangle in a picture that is so many times as wide and as high. */
export function scaled(rectangle: Rectangle, across: number, down: number): Rectangle {
  const cos = Math.cos(rectangle.angle)
  const sin = Math.sin(rectangle.angle)
  return {
    x: rectangle.x * across,
    y: rectangle.y * down,
    length: rectangle.length * Math.hypot(cos * across, sin * down),
    height: rectangle.height * Math.hypot(sin * across, cos * down),
    angle: Math.atan2(sin * down, cos * across),
  }
}

/** The rectangle read from top to bottom instead of from left to right. */
export function readSideways(rectangle: Rectangle): Rectangle {
  return { ...rectangle, length: rectangle.height, height: rectangle.length, angle: rectangle.angle + Math.PI / 2 }
}

/** A point of the rectangle: `along` from its beginning, `across` from its top, both in pixels. */
export function pointIn(rectangle: Rectangle, along: number, across: number): Point {
  const cos = Math.cos(rectangle.angle)
  const sin = Math.sin(rectangle.angle)
  const a = along - rectangle.length / 2
  const b = across - rectangle.height / 2
  return { x: rectangle.x + a * cos - b * sin, y: rectangle.y + a * sin + b * cos }
}

function withinAnEighth(angle: number): number {
  const quarter = Math.PI / 2
  return angle - Math.round(angle / quarter) * quarter
}
