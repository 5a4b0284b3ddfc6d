import type { Box } from '../../core/document/engine.ts'
import { desk, laySheet, turnedQuad } from './lay.ts'
import type { ColourPicture } from './picture.ts'
import { inColour } from './picture.ts'
import type { PaperState } from './states.ts'
import { bringInto } from './states.ts'

const MM_PER_INCH = 25.4
/** The glass is A4. */
const GLASS_MM = { width: 210, height: 297 }
/** A paper that covers this share of the glass is scanned as if it were the glass. */
const COVERS_THE_GLASS = 0.8
/** Nobody lays a card quite straight. */
const TILT_DEGREES = 1.4

export interface PaperOnGlass {
  readonly sheet: ColourPicture
  readonly dpi: number
  /** `undefined`: as it is. */
  readonly state: PaperState | undefined
  readonly seed: number
  /** Where values stand on the clean page; seals are set on these. */
  readonly values: readonly Box[]
}

/** What the scanner sees: the paper in its state, and about a small one the white lid. `dpi` is that of the scanner. */
export function onTheGlass({ sheet, dpi, state, seed, values }: PaperOnGlass, scannerDpi: number): { readonly picture: ColourPicture; readonly jpegQuality: number } {
  const { picture, jpegQuality } = state === undefined ? { picture: inColour(sheet), jpegQuality: 0.88 } : bringInto(state, sheet, { dpi, seed, values })
  const mm = { width: (picture.width / dpi) * MM_PER_INCH, height: (picture.height / dpi) * MM_PER_INCH }
  const coversIt = mm.width * mm.height >= COVERS_THE_GLASS * GLASS_MM.width * GLASS_MM.height
  if (coversIt && dpi === scannerDpi) return { picture, jpegQuality }
  const pixels = (millimetres: number): number => Math.round((millimetres * scannerDpi) / MM_PER_INCH)
  const upright = mm.width <= mm.height || !coversIt
  const glass = desk(pixels(upright ? GLASS_MM.width : GLASS_MM.height), pixels(upright ? GLASS_MM.height : GLASS_MM.width), 'lid', seed)
  const size = { width: pixels(mm.width), height: pixels(mm.height) }
  // Against the corner with the arrow, a little inwards.
  const margin = coversIt ? 0 : pixels(9)
  laySheet(glass, picture, turnedQuad(margin + size.width / 2, margin + size.height / 2, size.width, size.height, coversIt ? 0 : TILT_DEGREES), 0.2)
  return { picture: glass, jpegQuality }
}
