import type { Quad } from '../../../core/document/page-look.ts'
import { between } from './geometry.ts'

/** Mean distance of the corners from where they truly are, as a share of the picture's longer side. `truth` may begin at any corner. */
export function cornerError(found: Quad, truth: Quad, picture: { readonly width: number; readonly height: number }): number {
  const errors = [0, 1, 2, 3].map((turn) => found.reduce((sum, corner, index) => sum + between(corner, truth[(index + turn) % 4] as Quad[0]), 0) / 4)
  return Math.min(...errors) / Math.max(picture.width, picture.height)
}
