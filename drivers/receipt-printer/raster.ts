import { GLYPH_HEIGHT_DOTS, type Glyph } from './glyphs.ts'

/** A black-and-white picture as printers take it: rows from the top, 1 = black, the leftmost dot in the highest bit. */
export interface Bitmap {
  readonly widthDots: number
  readonly heightDots: number
  readonly rowBytes: number
  readonly data: Uint8Array
}

export function blankBitmap(widthDots: number, heightDots: number): Bitmap {
  const rowBytes = Math.ceil(widthDots / 8)
  return { widthDots, heightDots, rowBytes, data: new Uint8Array(rowBytes * heightDots) }
}

export function setDot(bitmap: Bitmap, x: number, y: number): void {
  if (x < 0 || y < 0 || x >= bitmap.widthDots || y >= bitmap.heightDots) return
  const index = y * bitmap.rowBytes + (x >> 3)
  bitmap.data[index] = (bitmap.data[index] ?? 0) | (0x80 >> (x & 7))
}

/** Draws a glyph with its left upper corner at (x, y); `scale` repeats dots as the printer's own double size does. */
export function drawGlyph(bitmap: Bitmap, glyph: Glyph, x: number, y: number, scale: 1 | 2, bold: boolean): void {
  const rowBytes = Math.ceil(glyph.widthDots / 8)
  // Printers make bold by striking twice, one dot to the right.
  const strikes = bold ? 1 + scale : scale
  for (let row = 0; row < GLYPH_HEIGHT_DOTS; row++) {
    for (let column = 0; column < glyph.widthDots; column++) {
      if (((glyph.rows[row * rowBytes + (column >> 3)] ?? 0) & (0x80 >> (column & 7))) === 0) continue
      for (let dy = 0; dy < scale; dy++) for (let dx = 0; dx < strikes; dx++) setDot(bitmap, x + column * scale + dx, y + row * scale + dy)
    }
  }
}

/**
 * Printers obey `10 04`, `10 05` and `10 14` even inside a picture. Where a picture holds such a pair, one dot is added
 * beside the dot of the `10`, which makes it `18`: nobody sees the dot, and no new pair can come of it.
 */
export function closeRealTimeTrap(data: Uint8Array): Uint8Array {
  const safe = Uint8Array.from(data)
  for (let index = 0; index + 1 < safe.length; index++) if (isRealTimePair(safe[index], safe[index + 1])) safe[index] = 0x18
  return safe
}

export function isRealTimePair(first: number | undefined, second: number | undefined): boolean {
  return first === 0x10 && (second === 0x04 || second === 0x05 || second === 0x14)
}
