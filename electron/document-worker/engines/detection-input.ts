import type { GreyPage } from '../prepare.ts'

/** The page as the detection net takes it: three equal planes, normalised, both sides multiples of 32. */
export interface DetectionInput {
  readonly data: Float32Array
  readonly width: number
  readonly height: number
}

/** The net halves its picture five times. */
const SIDE_MULTIPLE = 32
/** Mean and deviation of the pictures that the net was trained on (ImageNet), per plane. */
const PLANES = [{ mean: 0.485, deviation: 0.229 }, { mean: 0.456, deviation: 0.224 }, { mean: 0.406, deviation: 0.225 }] as const

/** Shrinks the page so that its longer side is at most `longestPx`; never enlarges but to the next multiple of 32. */
export function detectionInput(page: GreyPage, longestPx: number): DetectionInput {
  const scale = Math.min(1, longestPx / Math.max(page.width, page.height))
  const side = (px: number): number => Math.max(SIDE_MULTIPLE, Math.round((px * scale) / SIDE_MULTIPLE) * SIDE_MULTIPLE)
  const width = side(page.width)
  const height = side(page.height)
  const small = averaged(page, width, height)
  const size = width * height
  const data = new Float32Array(3 * size)
  PLANES.forEach(({ mean, deviation }, plane) => {
    const factor = 1 / (255 * deviation)
    const shift = mean / deviation
    const offset = plane * size
    for (let i = 0; i < size; i++) data[offset + i] = (small[i] as number) * factor - shift
  })
  return { data, width, height }
}

/** Each pixel becomes the average of the ground that it covers, by columns first and rows after. */
export function averaged(page: GreyPage, width: number, height: number): Float32Array {
  const across = coverage(page.width, width)
  const down = coverage(page.height, height)
  const result = new Float32Array(width * height)
  // Numbers of full size: in small ones each step of a sum would be rounded, a fifth of the time.
  const { width: columns, data } = page
  const column = new Float64Array(columns)
  for (let y = 0; y < height; y++) {
    column.fill(0)
    for (let part = down.starts[y] as number; part < (down.starts[y + 1] as number); part++) {
      const weight = down.weights[part] as number
      const row = (down.sources[part] as number) * columns
      for (let x = 0; x < columns; x++) column[x] = (column[x] as number) + (data[row + x] as number) * weight
    }
    for (let x = 0, part = 0; x < width; x++) {
      let sum = 0
      for (const end = across.starts[x + 1] as number; part < end; part++) sum += (column[across.sources[part] as number] as number) * (across.weights[part] as number)
      result[y * width + x] = sum
    }
  }
  return result
}

/** For each of `to` pixels: which of `from` pixels it covers, and with what share of it. */
function coverage(from: number, to: number): { readonly starts: Int32Array; readonly sources: Int32Array; readonly weights: Float64Array } {
  const ratio = from / to
  const starts = new Int32Array(to + 1)
  const sources: number[] = []
  const weights: number[] = []
  for (let i = 0; i < to; i++) {
    const begin = i * ratio
    const end = begin + ratio
    for (let source = Math.floor(begin); source < Math.min(from, Math.ceil(end - 1e-6)); source++) {
      const covered = Math.min(end, source + 1) - Math.max(begin, source)
      if (covered <= 0) continue
      sources.push(source)
      weights.push(covered / ratio)
    }
    starts[i + 1] = sources.length
  }
  return { starts, sources: Int32Array.from(sources), weights: Float64Array.from(weights) }
}
