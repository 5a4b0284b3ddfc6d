/**
 * Draws the 24-dot glyph book that receipt printers get their rare characters from: `assets/printers/glyphs-24.bin`.
 *
 * A developer runs this by hand when the fonts change; the result is checked in, so a terminal needs no font and no drawing
 * library. Noto Sans Mono CJK SC (Debian `fonts-noto-cjk`, SIL OFL 1.1) gives every character that it has; Hanazono Mincho
 * (Debian `fonts-hanazono`, Hanazono licence or OFL) gives the rest of the ideographs of GB 18030-2022 level 3.
 *
 *   node tools/receipt-glyphs.ts NotoSansCJK-Regular.ttc HanaMinA.ttf HanaMinB.ttf
 *
 * The format is told in drivers/receipt-printer/glyphs.ts.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { brotliCompressSync, constants } from 'node:zlib'
import { createCanvas, GlobalFonts } from '@napi-rs/canvas'

const HEIGHT_DOTS = 24
const BASELINE_DOTS = 21
const OUTPUT = new URL('../assets/printers/glyphs-24.bin', import.meta.url)

interface Face {
  readonly family: string
  readonly has: ReadonlySet<number>
  /** Ink (0–255) from which a dot is black; thin mincho strokes need a lower one to survive. */
  readonly threshold: number
}

/** Code points of a TrueType or OpenType file (or of the first face in a collection) by its cmap, formats 4 and 12. */
function codePointsOf(path: string): Set<number> {
  const file = readFileSync(path)
  const base = file.toString('latin1', 0, 4) === 'ttcf' ? file.readUInt32BE(12) : 0
  const found = new Set<number>()
  for (let table = 0; table < file.readUInt16BE(base + 4); table++) {
    const record = base + 12 + table * 16
    if (file.toString('latin1', record, record + 4) !== 'cmap') continue
    const cmap = file.readUInt32BE(record + 8)
    for (let index = 0; index < file.readUInt16BE(cmap + 2); index++) {
      const at = cmap + file.readUInt32BE(cmap + 4 + index * 8 + 4)
      const format = file.readUInt16BE(at)
      if (format === 12) {
        for (let group = 0; group < file.readUInt32BE(at + 12); group++) {
          const start = file.readUInt32BE(at + 16 + group * 12)
          const end = file.readUInt32BE(at + 20 + group * 12)
          for (let codePoint = start; codePoint <= end; codePoint++) found.add(codePoint)
        }
      } else if (format === 4) {
        const segments = file.readUInt16BE(at + 6) / 2
        for (let segment = 0; segment < segments; segment++) {
          const end = file.readUInt16BE(at + 14 + segment * 2)
          const start = file.readUInt16BE(at + 16 + segments * 2 + segment * 2)
          for (let codePoint = start; codePoint <= end && codePoint !== 0xffff; codePoint++) found.add(codePoint)
        }
      }
    }
  }
  return found
}

const [notoPath, ...hanazonoPaths] = process.argv.slice(2)
if (notoPath === undefined || hanazonoPaths.length === 0) {
  console.error('usage: node tools/receipt-glyphs.ts NotoSansCJK-Regular.ttc HanaMinA.ttf HanaMinB.ttf')
  process.exit(2)
}
GlobalFonts.registerFromPath(notoPath)
const faces: Face[] = [{ family: '"Noto Sans Mono CJK SC"', has: codePointsOf(notoPath), threshold: 112 }]
for (const path of hanazonoPaths) {
  const family = `Hanazono${faces.length}`
  GlobalFonts.registerFromPath(path, family)
  faces.push({ family, has: codePointsOf(path), threshold: 78 })
}

/** Half-width ranges (12 dots) and full-width ranges (24 dots), each from–to. */
const NARROW: readonly (readonly [number, number])[] = [[0x20, 0x7e], [0xa1, 0x17f], [0x1cd, 0x1dc], [0x1e00, 0x1eff]]
const WIDE: readonly (readonly [number, number])[] = [
  [0x2b0, 0x2ff], [0x391, 0x3c9], [0x401, 0x451], [0x2010, 0x203f], [0x20a0, 0x20c0], [0x2100, 0x23ff], [0x2460, 0x27bf], [0x2e80, 0x2fdf],
  [0x2ff0, 0x303f], [0x3041, 0x312f], [0x31c0, 0x31e3], [0x3200, 0x33ff], [0x3400, 0x4dbf], [0x4e00, 0x9fff], [0xf900, 0xfaff], [0xfe30, 0xfe6f],
  [0xff01, 0xff5e], [0xffe0, 0xffe6], [0x1f100, 0x1f1ff], [0x20000, 0x2a6df], [0x2a700, 0x2b739], [0x2b740, 0x2b81d], [0x2b820, 0x2cea1],
  [0x2ceb0, 0x2ebe0], [0x2f800, 0x2fa1d],
]

function draw(codePoint: number, widthDots: 12 | 24): Uint8Array | undefined {
  const face = faces.find((candidate) => candidate.has.has(codePoint))
  if (face === undefined) return undefined
  const canvas = createCanvas(widthDots, HEIGHT_DOTS)
  const context = canvas.getContext('2d')
  context.fillStyle = '#fff'
  context.fillRect(0, 0, widthDots, HEIGHT_DOTS)
  context.fillStyle = '#000'
  context.font = `${HEIGHT_DOTS}px ${face.family}`
  const character = String.fromCodePoint(codePoint)
  const advance = context.measureText(character).width
  if (widthDots === 12 && advance > 12.5) context.setTransform(12 / advance, 0, 0, 1, 0, 0)
  context.fillText(character, widthDots === 24 && advance < 23 ? (24 - advance) / 2 : 0, BASELINE_DOTS)
  const pixels = context.getImageData(0, 0, widthDots, HEIGHT_DOTS).data
  // A thin stroke that falls between two dots leaves both grey: then less ink is enough.
  for (const threshold of [face.threshold, face.threshold / 2]) {
    const rows = dotsOf(pixels, widthDots, threshold)
    if (rows.some((byte) => byte !== 0) || codePoint === 0x20 || codePoint === 0x3000) return rows
  }
  // An empty picture of anything but a space is a hole in the font, not a character.
  return undefined
}

function dotsOf(pixels: Uint8ClampedArray, widthDots: number, threshold: number): Uint8Array {
  const rowBytes = Math.ceil(widthDots / 8)
  const rows = new Uint8Array(rowBytes * HEIGHT_DOTS)
  for (let y = 0; y < HEIGHT_DOTS; y++) {
    for (let x = 0; x < widthDots; x++) {
      if (255 - (pixels[(y * widthDots + x) * 4] ?? 255) <= threshold) continue
      rows[y * rowBytes + (x >> 3)] = (rows[y * rowBytes + (x >> 3)] ?? 0) | (0x80 >> (x & 7))
    }
  }
  return rows
}

interface Run { readonly first: number; readonly widthDots: 12 | 24; readonly glyphs: Uint8Array[] }
const runs: Run[] = []
let total = 0
for (const [widthDots, ranges] of [[12, NARROW], [24, WIDE]] as const) {
  for (const [from, to] of ranges) {
    let run: Run | undefined
    for (let codePoint = from; codePoint <= to; codePoint++) {
      const rows = draw(codePoint, widthDots)
      if (rows === undefined) {
        run = undefined
        continue
      }
      if (run === undefined) runs.push((run = { first: codePoint, widthDots, glyphs: [] }))
      run.glyphs.push(rows)
      total += 1
    }
  }
}
runs.sort((a, b) => a.first - b.first)

const header = Buffer.alloc(8 + runs.length * 8)
header.write('GB24', 0, 'latin1')
header.writeUInt32BE(runs.length, 4)
runs.forEach((run, index) => {
  header.writeUInt32BE(run.first, 8 + index * 8)
  header.writeUInt16BE(run.glyphs.length, 12 + index * 8)
  header.writeUInt16BE(run.widthDots, 14 + index * 8)
})
const plain = Buffer.concat([header, ...runs.flatMap((run) => run.glyphs)])
const packed = brotliCompressSync(plain, {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
})
writeFileSync(OUTPUT, packed)
console.log(`${total} glyphs in ${runs.length} runs, ${plain.length} bytes plain, ${packed.length} bytes packed`)
