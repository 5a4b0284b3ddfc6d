import type { Corner, Quad } from '../../../core/document/page-look.ts'

export const CORNER_NAMES = ['topLeft', 'topRight', 'bottomRight', 'bottomLeft'] as const

/** The same corners with one of them at another place, kept inside of the picture. */
export function moved(quad: Quad, which: number, { x, y }: Corner, picture: { readonly width: number; readonly height: number }): Quad {
  const place = { x: Math.min(Math.max(x, 0), picture.width), y: Math.min(Math.max(y, 0), picture.height) }
  return quad.map((corner, index) => (index === which ? place : corner)) as unknown as Quad
}

/** How large a picture is drawn to fit a box whole. */
export function fitted(picture: { readonly width: number; readonly height: number }, box: { readonly width: number; readonly height: number }): number {
  return Math.max(0, Math.min(box.width / picture.width, box.height / picture.height))
}

/** On which side of a corner the magnifier stands: towards the middle of the picture, so that neither it nor the corner is cut off or under the hand. */
export function magnifierSide({ x, y }: Corner, picture: { readonly width: number; readonly height: number }): { readonly across: -1 | 1; readonly down: -1 | 1 } {
  return { across: x < picture.width / 2 ? 1 : -1, down: y < picture.height / 2 ? 1 : -1 }
}
