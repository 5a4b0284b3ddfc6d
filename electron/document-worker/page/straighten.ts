import type { PixelPage } from '../../../core/document/engine.ts'
import type { PaperSize, Quad } from '../../../core/document/page-look.ts'
import { PAPER_MM } from '../../../core/document/page-look.ts'
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
 * The paper alone, straight, at the size that it has: pixels are mixed bilinearly from the delivered picture. A paper of
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

function warped(page: PixelPage, quad: Quad, width: number, height: number): PixelPage {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, one = 1] = homography([{ x: 0, y: 0 }, { x: width, y: 0 }, { x: width, y: height }, { x: 0, y: height }], quad)
  const { channels, data } = page
  const kept = channels === 1 ? 1 : 3
  const result = new Uint8Array(width * height * kept)
  const row = page.width * channels
  const lastX = page.width - 1.001
  const lastY = page.height - 1.001
  let to = 0
  for (let y = 0; y < height; y++) {
    const v = y + 0.5
    for (let x = 0; x < width; x++) {
      const u = x + 0.5
      const depth = g * u + h * v + one
      const fromX = Math.min(Math.max((a * u + b * v + c) / depth - 0.5, 0), lastX)
      const fromY = Math.min(Math.max((d * u + e * v + f) / depth - 0.5, 0), lastY)
      const left = fromX | 0
      const top = fromY | 0
      const fx = fromX - left
      const fy = fromY - top
      const at = top * row + left * channels
      for (let channel = 0; channel < kept; channel++) {
        const upper = (data[at + channel] as number) * (1 - fx) + (data[at + channel + channels] as number) * fx
        const lower = (data[at + channel + row] as number) * (1 - fx) + (data[at + channel + row + channels] as number) * fx
        result[to++] = upper * (1 - fy) + lower * fy + 0.5
      }
    }
  }
  return { width, height, channels: kept, data: result }
}
