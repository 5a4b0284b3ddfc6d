import type { PixelPage } from '../../../core/document/engine.ts'
import type { PaperSize, Quad } from '../../../core/document/page-look.ts'
import { PAPER_MM } from '../../../core/document/page-look.ts'
import type { Raster } from './raster.ts'
import { shrink } from './raster.ts'
import { straighten } from './straighten.ts'

/**
 * Two sheets half on each other, level with each other, have one outline with four good sides. What parts them is the edge of
 * the upper one, which runs across the outline from end to end, also through the margins. A small step in brightness at most of
 * its places is proof; sheets alone show a tenth of it.
 */
const LONGEST_PX = 1000
/** Means of strips on both sides: from so many pixels beside the edge to so many. The shadow of a flat sheet is as wide. */
const STRIP_FROM_PX = 1
const STRIP_TO_PX = 4
/** Sum of three channels. */
const LEAST_STEP = 9
const LEAST_SHARE = 0.72
/** A table ends before the margins; two sheets are not quite level. */
const MARGIN_SHARE = 0.1
const LEAST_IN_MARGIN = 0.6
const ROW_PX = 4
const MOST_DEGREES = 4
const SLOPE_STEP_PX = 2
/** Of the outline, as a share: a page that covers less than half is not the upper one, and half of it is the fold of a booklet. */
const LEAST_PART = 0.53
const MOST_PART = 0.97
/** Difference of the logarithms of two ratios of sides: the part is a sheet of the wanted paper. */
const PART_SHAPE = 0.06

/** Whether a sheet of this paper lies at one end of the outline, with its edge across it. */
export function hasSheetAcross(page: PixelPage, outline: Quad, paper: PaperSize): boolean {
  if (paper === 'free') return false
  const straight = shrink(straighten(page, outline, 'free').picture, LONGEST_PX)
  return [straight, onItsSide(straight)].some((raster) => hasEdge(raster, partsOf(raster, paper)))
}

/** Where the edge can run, as ranges of the width: so that what is left of it or right of it is a whole sheet. */
function partsOf({ width, height }: Raster, paper: Exclude<PaperSize, 'free'>): readonly (readonly [from: number, to: number])[] {
  const mm = PAPER_MM[paper]
  return [mm.width / mm.height, mm.height / mm.width].flatMap((ratio): (readonly [number, number])[] => {
    const part = (height * ratio) / width
    const [least, most] = [Math.max(LEAST_PART, part * Math.exp(-PART_SHAPE)), Math.min(MOST_PART, part * Math.exp(PART_SHAPE))]
    return least > most ? [] : [[width * least, width * most], [width * (1 - most), width * (1 - least)]]
  })
}

function hasEdge({ width, height, planes }: Raster, ranges: readonly (readonly [from: number, to: number])[]): boolean {
  if (ranges.length === 0) return false
  const rows = Array.from({ length: Math.floor((height - 2 * ROW_PX) / ROW_PX) }, (_, index) => (index + 1) * ROW_PX)
  const sums = rows.map((y) => summed(planes, y * width, width))
  const lean = Math.round((Math.tan((MOST_DEGREES * Math.PI) / 180) * height) / 2)
  const strip = STRIP_TO_PX - STRIP_FROM_PX + 1
  for (const [from, to] of ranges) {
    for (let middle = Math.ceil(from); middle <= to; middle++) {
      for (let shift = -lean; shift <= lean; shift += SLOPE_STEP_PX) {
        const brighter: boolean[] = []
        const darker: boolean[] = []
        rows.forEach((y, index) => {
          const x = Math.round(middle + (shift * (2 * y - height)) / height)
          const row = sums[index] as Uint32Array
          if (x < STRIP_TO_PX || x + STRIP_TO_PX >= width) return
          const left = (row[x - STRIP_FROM_PX + 1] as number) - (row[x - STRIP_TO_PX] as number)
          const right = (row[x + STRIP_TO_PX + 1] as number) - (row[x + STRIP_FROM_PX] as number)
          brighter.push(right - left >= LEAST_STEP * strip)
          darker.push(left - right >= LEAST_STEP * strip)
        })
        if (goesThrough(brighter) || goesThrough(darker)) return true
      }
    }
  }
  return false
}

/** Nearly everywhere, and in both margins. */
function goesThrough(seen: readonly boolean[]): boolean {
  if (shareOf(seen) < LEAST_SHARE) return false
  const margin = Math.ceil(seen.length * MARGIN_SHARE)
  return shareOf(seen.slice(0, margin)) >= LEAST_IN_MARGIN && shareOf(seen.slice(-margin)) >= LEAST_IN_MARGIN
}

const shareOf = (seen: readonly boolean[]): number => seen.filter((isSeen) => isSeen).length / Math.max(1, seen.length)

/** Sums of the three channels along a row, up to each pixel. */
function summed(planes: Raster['planes'], start: number, width: number): Uint32Array {
  const sums = new Uint32Array(width + 1)
  for (let x = 0; x < width; x++) sums[x + 1] = (sums[x] as number) + (planes[0][start + x] as number) + (planes[1][start + x] as number) + (planes[2][start + x] as number)
  return sums
}

function onItsSide({ width, height, planes, factor }: Raster): Raster {
  const turn = (plane: Uint8Array): Uint8Array => {
    const result = new Uint8Array(plane.length)
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) result[x * height + y] = plane[y * width + x] as number
    return result
  }
  return { width: height, height: width, planes: [turn(planes[0]), turn(planes[1]), turn(planes[2])], factor }
}
