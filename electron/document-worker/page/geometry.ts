import type { Corner, Quad } from '../../../core/document/page-look.ts'

/** A straight line as `x * nx + y * ny = distance`, with a normal of length one. */
export interface Line {
  readonly nx: number
  readonly ny: number
  readonly distance: number
}

export const between = (a: Corner, b: Corner): number => Math.hypot(a.x - b.x, a.y - b.y)

/** Undefined for lines that are nearly parallel. */
export function crossing(a: Line, b: Line): Corner | undefined {
  const determinant = a.nx * b.ny - a.ny * b.nx
  if (Math.abs(determinant) < 0.05) return undefined
  return { x: (a.distance * b.ny - b.distance * a.ny) / determinant, y: (a.nx * b.distance - b.nx * a.distance) / determinant }
}

/** Whether the point lies in a clockwise quadrilateral. */
export function holds(quad: Quad, { x, y }: Corner): boolean {
  return quad.every((corner, index) => {
    const next = quad[(index + 1) % 4] as Corner
    return (next.x - corner.x) * (y - corner.y) - (next.y - corner.y) * (x - corner.x) >= 0
  })
}

export function scaled(quad: Quad, factor: number): Quad {
  return quad.map(({ x, y }) => ({ x: x * factor, y: y * factor })) as unknown as Quad
}

/** A mapping of the plane that keeps lines straight: nine numbers, rows of a 3 × 3 matrix whose last is 1. */
export type Homography = Float64Array

/** The mapping that takes `from` to `to`, corner by corner. Corners must be those of two convex quadrilaterals. */
export function homography(from: Quad, to: Quad): Homography {
  const rows: number[][] = []
  for (let index = 0; index < 4; index++) {
    const { x, y } = from[index] as Corner
    const { x: u, y: v } = to[index] as Corner
    rows.push([x, y, 1, 0, 0, 0, -u * x, -u * y, u], [0, 0, 0, x, y, 1, -v * x, -v * y, v])
  }
  return Float64Array.from([...solved(rows), 1])
}

export function mapped(h: Homography, x: number, y: number): Corner {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, i = 0, j = 0] = h
  const depth = g * x + i * y + j
  return { x: (a * x + b * y + c) / depth, y: (d * x + e * y + f) / depth }
}

/** Gauss–Jordan with row exchange; each row carries its right-hand side as last number. */
function solved(rows: number[][]): number[] {
  const size = rows.length
  for (let column = 0; column < size; column++) {
    let best = column
    for (let row = column + 1; row < size; row++) if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[best]?.[column] ?? 0)) best = row
    ;[rows[column], rows[best]] = [rows[best] as number[], rows[column] as number[]]
    const pivot = rows[column] as number[]
    const divisor = pivot[column] as number
    for (let index = 0; index <= size; index++) pivot[index] = (pivot[index] as number) / divisor
    rows.forEach((row, index) => {
      const factor = row[column] as number
      if (index === column || factor === 0) return
      for (let at = 0; at <= size; at++) row[at] = (row[at] as number) - factor * (pivot[at] as number)
    })
  }
  return rows.map((row) => row[size] as number)
}
