import type { Signature } from '../kiosk-api/command.ts'

/** A touch by mistake is shorter; the shortest signatures are several times longer. Share of the box's width. */
const LEAST_SHARE_OF_WIDTH = 0.05

/** Whether the strokes leave a visible signature inside their box; a dot, or lines outside of it, do not count. */
export function hasInk({ width, height, strokes }: Signature): boolean {
  let length = 0
  for (const stroke of strokes) {
    stroke.forEach((point, index) => {
      const before = stroke[index - 1]
      const inside = point.x >= 0 && point.x <= width && point.y >= 0 && point.y <= height
      if (before !== undefined && inside) length += Math.hypot(point.x - before.x, point.y - before.y)
    })
  }
  return length >= width * LEAST_SHARE_OF_WIDTH
}
