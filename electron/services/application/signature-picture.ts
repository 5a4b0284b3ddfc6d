import { encode } from 'fast-png'
import type { Signature } from '../../../core/kiosk-api/command.ts'

/** Width of the archived picture; 600 px over the usual 60 mm of a signature field are about 250 dpi. */
const WIDTH_PX = 600
const PEN_RADIUS_PX = 2.2
const WHITE = 255

/** The ink as an 8-bit grey PNG, black on white, with soft edges. The strokes themselves are not sent. */
export function signaturePng(signature: Signature): Uint8Array {
  const scale = WIDTH_PX / signature.width
  const height = Math.max(1, Math.round(signature.height * scale))
  const picture = new Uint8Array(WIDTH_PX * height).fill(WHITE)
  for (const stroke of signature.strokes) {
    const points = stroke.map(({ x, y }) => ({ x: x * scale, y: y * scale }))
    points.forEach((point, index) => drawSegment(picture, WIDTH_PX, height, points[index - 1] ?? point, point))
  }
  return encode({ width: WIDTH_PX, height, data: picture, channels: 1, depth: 8 })
}

interface Point {
  readonly x: number
  readonly y: number
}

/** Darkens every pixel near the segment by its distance, so that lines have no steps. */
function drawSegment(picture: Uint8Array, width: number, height: number, from: Point, to: Point): void {
  const reach = PEN_RADIUS_PX + 1
  const [left, right] = [Math.max(0, Math.floor(Math.min(from.x, to.x) - reach)), Math.min(width - 1, Math.ceil(Math.max(from.x, to.x) + reach))]
  const [top, bottom] = [Math.max(0, Math.floor(Math.min(from.y, to.y) - reach)), Math.min(height - 1, Math.ceil(Math.max(from.y, to.y) + reach))]
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const ink = Math.min(1, Math.max(0, PEN_RADIUS_PX + 0.5 - distance({ x, y }, from, to)))
      const at = y * width + x
      picture[at] = Math.min(picture[at] ?? WHITE, Math.round(WHITE * (1 - ink)))
    }
  }
}

function distance(point: Point, from: Point, to: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = dx * dx + dy * dy
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((point.x - from.x) * dx + (point.y - from.y) * dy) / length))
  return Math.hypot(point.x - from.x - along * dx, point.y - from.y - along * dy)
}
