import type { Corner, Quad } from '../../core/document/page-look.ts'

/**
 * A plane seen from another side: three rows of three numbers that lead a point of one picture to the other. Points are in
 * pixels; the corners of a picture of width w are at 0 and w, the middle of its first pixel at 0.5.
 */
export type Homography = readonly [number, number, number, number, number, number, number, number, number]

export const IDENTITY: Homography = [1, 0, 0, 0, 1, 0, 0, 0, 1]

export function mapPoint(h: Homography, { x, y }: Corner): Corner {
  const depth = h[6] * x + h[7] * y + h[8]
  return { x: (h[0] * x + h[1] * y + h[2]) / depth, y: (h[3] * x + h[4] * y + h[5]) / depth }
}

export const cornersOf = (width: number, height: number): Quad => [{ x: 0, y: 0 }, { x: width, y: 0 }, { x: width, y: height }, { x: 0, y: height }]

/** The homography that leads the four corners of `from` to those of `to`, in order. Three corners in one line have none. */
export function homographyBetween(from: Quad, to: Quad): Homography {
  const rows: number[][] = []
  for (const [index, { x, y }] of from.entries()) {
    const target = to[index] ?? { x: 0, y: 0 }
    rows.push([x, y, 1, 0, 0, 0, -target.x * x, -target.x * y, target.x], [0, 0, 0, x, y, 1, -target.y * x, -target.y * y, target.y])
  }
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = solve(rows)
  return [a, b, c, d, e, f, g, h, 1]
}

export function inverse(h: Homography): Homography {
  const [a, b, c, d, e, f, g, i, j] = h
  return [e * j - f * i, c * i - b * j, b * f - c * e, f * g - d * j, a * j - c * g, c * d - a * f, d * i - e * g, b * g - a * i, a * e - b * d]
}

/** Gauss with the largest pivot; each row ends with its right-hand side. */
function solve(rows: number[][]): number[] {
  const size = rows.length
  for (let column = 0; column < size; column++) {
    const largest = rows.slice(column).reduce((best, row, index) => (Math.abs(row[column] ?? 0) > Math.abs(rows[best]?.[column] ?? 0) ? column + index : best), column)
    const pivot = rows[largest] ?? []
    rows[largest] = rows[column] ?? []
    rows[column] = pivot
    for (const [index, row] of rows.entries()) {
      if (index === column) continue
      const factor = (row[column] ?? 0) / (pivot[column] ?? 1)
      for (let at = column; at <= size; at++) row[at] = (row[at] ?? 0) - factor * (pivot[at] ?? 0)
    }
  }
  return rows.map((row, index) => (row[size] ?? 0) / (row[index] ?? 1))
}
