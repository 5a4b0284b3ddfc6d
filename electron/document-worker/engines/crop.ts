import type { GreyPage } from '../prepare.ts'
import type { Rectangle } from './rectangle.ts'
import { pointIn } from './rectangle.ts'

/** A line of text as the recognition net takes it: three equal planes of 48 rows, −1 black to 1 white, padded to the right. */
export interface LineInput {
  readonly data: Float32Array
  readonly width: number
  /** Columns that show the line; behind them is padding. */
  readonly used: number
}

export const LINE_HEIGHT_PX = 48
/** Columns of one time step of the net. One step of padding is enough; without any it misses a sign that stands at the end. */
const STEP_PX = 8
/** A line of 80 signs is about 3000 wide; what is wider is a rule or a fault, and would eat memory. */
const WIDEST_PX = 4800
/** Samples per side of an output pixel, so that shrinking averages instead of skipping. */
const MOST_SAMPLES = 4

/** Cuts a line out of the full picture, turned level, at the height of the net, its beginning `lengthPx` only when given. */
export function cutLine(page: GreyPage, rectangle: Rectangle, lengthPx: number = rectangle.length): LineInput {
  const scale = Math.max(rectangle.height, 1) / LINE_HEIGHT_PX
  const used = Math.min(WIDEST_PX, Math.max(1, Math.round(Math.min(lengthPx, rectangle.length) / scale)))
  const width = (Math.ceil(used / STEP_PX) + 1) * STEP_PX
  const data = new Float32Array(3 * LINE_HEIGHT_PX * width)
  sample(page, rectangle, scale, used, (x, y, value) => {
    data[y * width + x] = value / 127.5 - 1
  })
  const plane = LINE_HEIGHT_PX * width
  data.copyWithin(plane, 0, plane)
  data.copyWithin(2 * plane, 0, plane)
  return { data, width, used }
}

/** The beginning of a line in a picture of the given size, for the net that tells upright from upside-down. */
export function cutThumbnail(page: GreyPage, rectangle: Rectangle, width: number): LineInput {
  const whole = cutLine(page, rectangle, (width * rectangle.height) / LINE_HEIGHT_PX)
  const data = new Float32Array(3 * LINE_HEIGHT_PX * width)
  const columns = Math.min(width, whole.used)
  for (let row = 0; row < 3 * LINE_HEIGHT_PX; row++) data.set(whole.data.subarray(row * whole.width, row * whole.width + columns), row * width)
  return { data, width, used: columns }
}

function sample(page: GreyPage, rectangle: Rectangle, scale: number, columns: number, put: (x: number, y: number, value: number) => void): void {
  const samples = Math.min(MOST_SAMPLES, Math.max(1, Math.ceil(scale - 0.2)))
  const { width, height, data } = page
  const cos = Math.cos(rectangle.angle)
  const sin = Math.sin(rectangle.angle)
  const step = scale / samples
  const parts = samples * samples
  const rightmost = width - 1
  const lowest = height - 1
  for (let y = 0; y < LINE_HEIGHT_PX; y++) {
    for (let x = 0; x < columns; x++) {
      let sum = 0
      for (let sy = 0; sy < samples; sy++) {
        const start = pointIn(rectangle, x * scale + step / 2, y * scale + (sy + 0.5) * step)
        let px = start.x - 0.5
        let py = start.y - 0.5
        for (let sx = 0; sx < samples; sx++, px += cos * step, py += sin * step) {
          const cx = px < 0 ? 0 : px > rightmost ? rightmost : px
          const cy = py < 0 ? 0 : py > lowest ? lowest : py
          const x0 = cx | 0
          const y0 = cy | 0
          const fx = cx - x0
          const fy = cy - y0
          const at = y0 * width + x0
          const right = x0 < rightmost ? 1 : 0
          const below = y0 < lowest ? width : 0
          const upper = (data[at] as number) * (1 - fx) + (data[at + right] as number) * fx
          const lower = (data[at + below] as number) * (1 - fx) + (data[at + below + right] as number) * fx
          sum += upper * (1 - fy) + lower * fy
        }
      }
      put(x, y, sum / parts)
    }
  }
}
