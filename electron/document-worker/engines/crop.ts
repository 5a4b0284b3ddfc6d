import type { GreyPage } from '../prepare.ts'
import type { Rectangle } from './rectangle.ts'
import { pointIn } from './rectangle.ts'
import type { Tensor } from './runtime.ts'

/** A line of text cut out, level and 48 rows high: one plane, −1 black to 1 white, rows from the top. */
export interface LinePicture {
  readonly data: Float32Array
  readonly width: number
}

export const LINE_HEIGHT_PX = 48
/** Columns of one time step of the net. One step of padding is enough; without any it misses a sign that stands at the end. */
const STEP_PX = 8
/** A line of 80 signs is about 3000 wide; what is wider is a rule or a fault, and would eat memory. */
const WIDEST_PX = 4800
/** Samples per side of an output pixel, so that shrinking averages instead of skipping. */
const MOST_SAMPLES = 4

/** Cuts a line out of the full picture, turned level, at the height of the net, its beginning `lengthPx` only when given. */
export function cutLine(page: GreyPage, rectangle: Rectangle, lengthPx: number = rectangle.length): LinePicture {
  const scale = Math.max(rectangle.height, 1) / LINE_HEIGHT_PX
  const width = Math.min(WIDEST_PX, Math.max(1, Math.round(Math.min(lengthPx, rectangle.length) / scale)))
  return { data: sampled(page, rectangle, scale, width), width }
}

/** Columns that a line needs in the recognition net: whole time steps, and one of padding. */
export function widthInNet({ width }: LinePicture): number {
  return (Math.ceil(width / STEP_PX) + 1) * STEP_PX
}

/** Lines as the nets take them: one picture each of three equal planes, `width` columns, padded to the right with zeros; what is wider is cut off. */
export function lineTensor(lines: readonly LinePicture[], width: number): Tensor {
  const plane = LINE_HEIGHT_PX * width
  const data = new Float32Array(lines.length * 3 * plane)
  for (const [index, line] of lines.entries()) {
    const first = index * 3 * plane
    const columns = Math.min(width, line.width)
    for (let y = 0; y < LINE_HEIGHT_PX; y++) data.set(line.data.subarray(y * line.width, y * line.width + columns), first + y * width)
    data.copyWithin(first + plane, first, first + plane)
    data.copyWithin(first + 2 * plane, first, first + plane)
  }
  return { data, dimensions: [lines.length, 3, LINE_HEIGHT_PX, width] }
}

/** The pixels of the line, each the mean of its samples between the four pixels around them. */
function sampled(page: GreyPage, rectangle: Rectangle, scale: number, columns: number): Float32Array {
  const result = new Float32Array(LINE_HEIGHT_PX * columns)
  const samples = Math.min(MOST_SAMPLES, Math.max(1, Math.ceil(scale - 0.2)))
  const { width, height, data } = page
  const step = scale / samples
  // From sample to sample along the line, and from row to row of samples across it.
  const alongX = Math.cos(rectangle.angle) * step
  const alongY = Math.sin(rectangle.angle) * step
  const first = pointIn(rectangle, step / 2, step / 2)
  const rightmost = width - 1
  const lowest = height - 1
  const share = 1 / (samples * samples * 127.5)
  for (let row = 0; row < LINE_HEIGHT_PX * samples; row++) {
    const y = Math.floor(row / samples) * columns
    let px = first.x - 0.5 - row * alongY
    let py = first.y - 0.5 + row * alongX
    for (let x = y; x < y + columns; x++) {
      let sum = 0
      for (let sample = 0; sample < samples; sample++, px += alongX, py += alongY) {
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
      result[x] = (result[x] as number) + sum * share
    }
  }
  for (let i = 0; i < result.length; i++) result[i] = (result[i] as number) - 1
  return result
}
