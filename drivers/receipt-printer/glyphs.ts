import { brotliDecompressSync } from 'node:zlib'

/** One character in dots: 24 high, 12 or 24 wide, rows from the top, the leftmost dot in the highest bit. */
export interface Glyph {
  readonly widthDots: 12 | 24
  readonly rows: Uint8Array
}

/** The characters that this terminal can draw by itself when a printer's own font lacks them. */
export interface GlyphBook {
  find(codePoint: number): Glyph | undefined
}

export const GLYPH_HEIGHT_DOTS = 24

/**
 * Reads `assets/printers/glyphs-24.bin` as tools/receipt-glyphs.ts writes it: Brotli over `GB24`, the number of runs
 * (32 bits, big-endian as all), for each run its first code point (32), its count (16) and its width in dots (16), then all
 * glyphs, each 24 rows of ⌈width ÷ 8⌉ bytes. Throws when the file is damaged: it is part of the program, not input.
 */
export function readGlyphBook(packed: Uint8Array): GlyphBook {
  const plain = brotliDecompressSync(packed)
  if (plain.toString('latin1', 0, 4) !== 'GB24') throw new Error('the glyph book of the receipt printers is damaged')
  const runCount = plain.readUInt32BE(4)
  const runs: { readonly first: number; readonly count: number; readonly widthDots: 12 | 24; readonly at: number }[] = []
  let at = 8 + runCount * 8
  for (let index = 0; index < runCount; index++) {
    const widthDots = plain.readUInt16BE(14 + index * 8) === 12 ? 12 : 24
    const run = { first: plain.readUInt32BE(8 + index * 8), count: plain.readUInt16BE(12 + index * 8), widthDots, at } as const
    runs.push(run)
    at += run.count * glyphBytes(widthDots)
  }
  if (at !== plain.length) throw new Error('the glyph book of the receipt printers is cut off')
  return {
    find(codePoint) {
      let low = 0
      let high = runs.length - 1
      while (low <= high) {
        const middle = (low + high) >> 1
        const run = runs[middle]
        if (run === undefined) return undefined
        if (codePoint < run.first) high = middle - 1
        else if (codePoint >= run.first + run.count) low = middle + 1
        else {
          const size = glyphBytes(run.widthDots)
          const start = run.at + (codePoint - run.first) * size
          return { widthDots: run.widthDots, rows: plain.subarray(start, start + size) }
        }
      }
      return undefined
    },
  }
}

function glyphBytes(widthDots: 12 | 24): number {
  return Math.ceil(widthDots / 8) * GLYPH_HEIGHT_DOTS
}
