import type { Quad } from '../../core/document/page-look.ts'
import { seededRandom } from '../devices/seeded-random.ts'
import type { Homography } from './homography.ts'
import { cornersOf, homographyBetween, inverse } from './homography.ts'
import type { ColourPicture } from './picture.ts'
import { colourPicture } from './picture.ts'

/** What lies under the paper. */
export const DESKS = ['dark', 'wood', 'grey', 'white', 'lid'] as const
export type Desk = (typeof DESKS)[number]

/** Two tones between which a desk changes, and how much its fibres run along x. */
const LOOK: Readonly<Record<Desk, { readonly tone: readonly [number, number, number]; readonly change: number; readonly grain: number; readonly fibre: number }>> = {
  dark: { tone: [44, 43, 46], change: 10, grain: 5, fibre: 1 },
  wood: { tone: [128, 92, 60], change: 30, grain: 10, fibre: 14 },
  grey: { tone: [122, 124, 126], change: 10, grain: 5, fibre: 1 },
  white: { tone: [226, 225, 221], change: 7, grain: 3, fibre: 1 },
  /** The white lid of a flatbed. */
  lid: { tone: [247, 247, 245], change: 2, grain: 1, fibre: 1 },
}

/** An empty desk. */
export function desk(width: number, height: number, kind: Desk, seed: number): ColourPicture {
  const { tone, change, grain, fibre } = LOOK[kind]
  const random = seededRandom(seed)
  const cell = 96
  const columns = Math.ceil(width / cell / fibre) + 2
  const rows = Math.ceil((height / cell) * Math.sqrt(fibre)) + 2
  const field = Float32Array.from({ length: columns * rows }, () => random() * 2 - 1)
  const picture = colourPicture(width, height)
  const fine = Float32Array.from({ length: 1024 }, () => (random() * 2 - 1) * grain)
  let state = (seed | 1) >>> 0
  for (let y = 0; y < height; y++) {
    const fy = (y / cell) * Math.sqrt(fibre)
    const row = Math.floor(fy)
    for (let x = 0; x < width; x++) {
      const fx = x / cell / fibre
      const column = Math.floor(fx)
      const at = row * columns + column
      const u = fx - column
      const v = fy - row
      const slow = ((field[at] ?? 0) * (1 - u) + (field[at + 1] ?? 0) * u) * (1 - v) + ((field[at + columns] ?? 0) * (1 - u) + (field[at + columns + 1] ?? 0) * u) * v
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      const value = slow * change + (fine[state & 1023] ?? 0)
      const to = (y * width + x) * 3
      for (let channel = 0; channel < 3; channel++) picture.data[to + channel] = Math.min(255, Math.max(0, (tone[channel] ?? 0) + value))
    }
  }
  return picture
}

/**
 * Lays a sheet on a picture so that its corners come to `quad` (top left, top right, bottom right, bottom left of the sheet
 * itself); `quad` may reach beyond the picture. The sheet throws a thin shadow. Gives the way from sheet to picture.
 */
export function laySheet(onto: ColourPicture, sheet: ColourPicture, quad: Quad, shadow = 0.35): Homography {
  const toPicture = homographyBetween(cornersOf(sheet.width, sheet.height), quad)
  const [a, b, c, d, e, f, g, h, i] = inverse(toPicture)
  const spread = Math.max(onto.width, onto.height) / 160
  const left = Math.max(0, Math.floor(Math.min(...quad.map(({ x }) => x)) - spread))
  const right = Math.min(onto.width, Math.ceil(Math.max(...quad.map(({ x }) => x)) + spread))
  const top = Math.max(0, Math.floor(Math.min(...quad.map(({ y }) => y)) - spread))
  const bottom = Math.min(onto.height, Math.ceil(Math.max(...quad.map(({ y }) => y)) + spread))
  // Sheet pixels for one pixel of the picture, so that the shadow and the soft edge can be measured on the sheet.
  const scale = sheet.width / Math.hypot(quad[1].x - quad[0].x, quad[1].y - quad[0].y)
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const depth = g * (x + 0.5) + h * (y + 0.5) + i
      const u = (a * (x + 0.5) + b * (y + 0.5) + c) / depth
      const v = (d * (x + 0.5) + e * (y + 0.5) + f) / depth
      const inside = Math.min(u, v, sheet.width - u, sheet.height - v) / scale
      const to = (y * onto.width + x) * 3
      if (inside < 0.5) {
        // The shadow falls to the lower right of the edge and gets lighter outwards.
        const away = Math.max(0, -Math.min(u - spread * scale * 0.3, v - spread * scale * 0.3, sheet.width - u, sheet.height - v)) / scale
        const dark = shadow * Math.max(0, 1 - away / spread) ** 2
        for (let channel = 0; channel < 3; channel++) onto.data[to + channel] = (onto.data[to + channel] ?? 0) * (1 - dark)
      }
      if (inside > -0.5) blend(onto.data, to, sheet, u - 0.5, v - 0.5, Math.min(1, inside + 0.5))
    }
  }
  return toPicture
}

/** Mixes the sheet's colour at a place between its pixels (bilinear) into one pixel. */
function blend(data: Uint8Array, to: number, sheet: ColourPicture, u: number, v: number, share: number): void {
  const x0 = Math.min(Math.max(Math.floor(u), 0), sheet.width - 1)
  const y0 = Math.min(Math.max(Math.floor(v), 0), sheet.height - 1)
  const x1 = Math.min(x0 + 1, sheet.width - 1)
  const y1 = Math.min(y0 + 1, sheet.height - 1)
  const fx = Math.min(Math.max(u - x0, 0), 1)
  const fy = Math.min(Math.max(v - y0, 0), 1)
  for (let channel = 0; channel < 3; channel++) {
    const upper = (sheet.data[(y0 * sheet.width + x0) * 3 + channel] ?? 0) * (1 - fx) + (sheet.data[(y0 * sheet.width + x1) * 3 + channel] ?? 0) * fx
    const lower = (sheet.data[(y1 * sheet.width + x0) * 3 + channel] ?? 0) * (1 - fx) + (sheet.data[(y1 * sheet.width + x1) * 3 + channel] ?? 0) * fx
    data[to + channel] = (data[to + channel] ?? 0) * (1 - share) + (upper * (1 - fy) + lower * fy) * share
  }
}

/** The corners of an upright sheet, its middle at (x, y), turned clockwise by `degrees`. */
export function turnedQuad(x: number, y: number, width: number, height: number, degrees: number): Quad {
  const radians = (degrees * Math.PI) / 180
  const corner = (dx: number, dy: number): { readonly x: number; readonly y: number } => ({ x: x + dx * Math.cos(radians) - dy * Math.sin(radians), y: y + dx * Math.sin(radians) + dy * Math.cos(radians) })
  return [corner(-width / 2, -height / 2), corner(width / 2, -height / 2), corner(width / 2, height / 2), corner(-width / 2, height / 2)]
}
