import type { PixelPage } from '../../../core/document/engine.ts'
import type { PaperSize, Quad } from '../../../core/document/page-look.ts'
import { PAPER_MM } from '../../../core/document/page-look.ts'
import type { FourChannelPage } from './four-channels.ts'
import { inFourChannels, wordsOf } from './four-channels.ts'
import { between, homography } from './geometry.ts'

export const MM_PER_INCH = 25.4
/** A paper whose size nobody knows is not drawn larger than this. */
const LONGEST_FREE_PX = 3_508

/** Resolution of the straightened picture: certificates are kept at 300 dpi. */
export const ARCHIVE_DPI = 300

export interface Straightened {
  readonly picture: PixelPage
  readonly dpi: number
}

/** Millimetres of the paper as it lies in the picture: upright or on its side, as the corners say. Undefined for `free`. */
function paperAsItLies(quad: Quad, paper: PaperSize): { readonly width: number; readonly height: number } | undefined {
  if (paper === 'free') return undefined
  const { width, height } = PAPER_MM[paper]
  const { across, down } = sidesOf(quad)
  return across > down === width > height ? { width, height } : { width: height, height: width }
}

/** Mean lengths of the two pairs of sides, in pixels. */
function sidesOf([topLeft, topRight, bottomRight, bottomLeft]: Quad): { readonly across: number; readonly down: number } {
  return {
    across: (between(topLeft, topRight) + between(bottomLeft, bottomRight)) / 2,
    down: (between(topLeft, bottomLeft) + between(topRight, bottomRight)) / 2,
  }
}

/** How far the shape is from the paper's, as the difference of the logarithms of the ratios of their sides; 0 for `free`. */
export function ratioError(quad: Quad, paper: PaperSize): number {
  if (paper === 'free') return 0
  const { across, down } = sidesOf(quad)
  const { width, height } = PAPER_MM[paper]
  return Math.abs(Math.log(Math.max(across, down) / Math.min(across, down)) - Math.log(Math.max(width, height) / Math.min(width, height)))
}

/** How finely the camera saw the paper: the worse of both directions. Undefined for a paper of unknown size. */
export function effectiveDpi(quad: Quad, paper: PaperSize): number | undefined {
  const mm = paperAsItLies(quad, paper)
  if (mm === undefined) return undefined
  const { across, down } = sidesOf(quad)
  return Math.min(across / mm.width, down / mm.height) * MM_PER_INCH
}

/**
 * The paper alone, straight, at the size that it has, in four channels: pixels are mixed bilinearly from the delivered picture. A paper of
 * unknown size keeps the ratio of its sides and the pixels that it has, and says 300 dpi.
 */
export function straighten(page: PixelPage, quad: Quad, paper: PaperSize, dpi = ARCHIVE_DPI): Straightened {
  const mm = paperAsItLies(quad, paper)
  const { across, down } = sidesOf(quad)
  const shrink = Math.min(1, LONGEST_FREE_PX / Math.max(across, down))
  const width = Math.max(1, Math.round(mm === undefined ? across * shrink : (mm.width / MM_PER_INCH) * dpi))
  const height = Math.max(1, Math.round(mm === undefined ? down * shrink : (mm.height / MM_PER_INCH) * dpi))
  return { picture: warped(page, quad, width, height), dpi }
}

/** Exact places are computed every so many pixels of a row; between them a straight line is off by a hundredth of a pixel at most. */
const SPAN_PX = 16
/** Places between pixels are kept as whole numbers of this part of a pixel. */
const PARTS = 4096
const PART_BITS = 12
/** Weights of neighbouring pixels are whole numbers that add up to this. */
const WEIGHT_BITS = 8
const WHOLE = 1 << WEIGHT_BITS
/** Two of the four bytes of a pixel with room between them: both are weighted in one multiplication. */
const EVERY_OTHER_BYTE = 0x00ff00ff
const HALF_OF_BOTH = 0x00800080

/** The quadrilateral drawn into a rectangle. A pixel is at most a level or two from what exact arithmetic would give. */
function warped(page: PixelPage, quad: Quad, width: number, height: number): FourChannelPage {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, one = 1] = homography([{ x: 0, y: 0 }, { x: width, y: 0 }, { x: width, y: height }, { x: 0, y: height }], quad)
  const source = wordsOf(inFourChannels(page))
  const result = new Uint32Array(width * height)
  // The last place that still has a neighbour to its right and below.
  const lastX = Math.max(0, (page.width - 1) * PARTS - 1)
  const lastY = Math.max(0, (page.height - 1) * PARTS - 1)
  let to = 0
  for (let y = 0; y < height; y++) {
    const v = y + 0.5
    const rowX = b * v + c
    const rowY = e * v + f
    const rowDepth = h * v + one
    const first = PARTS / (g * 0.5 + rowDepth)
    let nextX = ((a * 0.5 + rowX) * first - PARTS / 2) | 0
    let nextY = ((d * 0.5 + rowY) * first - PARTS / 2) | 0
    for (let x = 0; x < width; x += SPAN_PX) {
      const u = x + SPAN_PX + 0.5
      const near = PARTS / (g * u + rowDepth)
      let fromX = nextX
      let fromY = nextY
      nextX = ((a * u + rowX) * near - PARTS / 2) | 0
      nextY = ((d * u + rowY) * near - PARTS / 2) | 0
      const stepX = Math.round((nextX - fromX) / SPAN_PX)
      const stepY = Math.round((nextY - fromY) / SPAN_PX)
      for (const end = Math.min(to + SPAN_PX, to + width - x); to < end; to++) {
        result[to] = mixed(source, page.width, Math.min(Math.max(fromX, 0), lastX), Math.min(Math.max(fromY, 0), lastY))
        fromX += stepX
        fromY += stepY
      }
    }
  }
  return { width, height, channels: 4, data: new Uint8Array(result.buffer) }
}

/** The pixel at a place between four pixels; `x` and `y` in parts of a pixel. */
function mixed(source: Uint32Array, width: number, x: number, y: number): number {
  const at = Math.imul(y >> PART_BITS, width) + (x >> PART_BITS)
  const topLeft = source[at] as number
  const topRight = source[at + 1] as number
  const bottomLeft = source[at + width] as number
  const bottomRight = source[at + width + 1] as number
  const right = (x >> (PART_BITS - WEIGHT_BITS)) & (WHOLE - 1)
  const lower = (y >> (PART_BITS - WEIGHT_BITS)) & (WHOLE - 1)
  const both = (Math.imul(right, lower) + WHOLE / 2) >> WEIGHT_BITS
  const onlyRight = right - both
  const onlyLower = lower - both
  const neither = WHOLE - right - onlyLower
  const even = Math.imul(topLeft & EVERY_OTHER_BYTE, neither) + Math.imul(topRight & EVERY_OTHER_BYTE, onlyRight)
    + Math.imul(bottomLeft & EVERY_OTHER_BYTE, onlyLower) + Math.imul(bottomRight & EVERY_OTHER_BYTE, both) + HALF_OF_BOTH
  const odd = Math.imul((topLeft >>> 8) & EVERY_OTHER_BYTE, neither) + Math.imul((topRight >>> 8) & EVERY_OTHER_BYTE, onlyRight)
    + Math.imul((bottomLeft >>> 8) & EVERY_OTHER_BYTE, onlyLower) + Math.imul((bottomRight >>> 8) & EVERY_OTHER_BYTE, both) + HALF_OF_BOTH
  return ((even >>> 8) & EVERY_OTHER_BYTE) | (odd & ~EVERY_OTHER_BYTE)
}
