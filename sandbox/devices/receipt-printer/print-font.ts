import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { GlobalFonts } from '@napi-rs/canvas'

const PREFIX = 'Virtual Receipt Printer'

interface Slice {
  readonly file: string
  readonly ranges: readonly (readonly [number, number])[]
}

let slices: readonly Slice[] | undefined
const registered = new Set<number>()
const known = new Map<string, string>()

/**
 * Family in which the printer draws a character: the slice of the bundled Chinese web font that holds it, by the ranges in
 * the font's own style sheet. So pictures look the same on a machine without any fonts. Characters beyond the web font go to
 * whatever the machine has.
 */
export function printFontOf(character: string): string {
  const found = known.get(character)
  if (found !== undefined) return found
  slices ??= readSlices()
  const point = character.codePointAt(0) ?? 0
  const index = slices.findIndex(({ ranges }) => ranges.some(([from, to]) => point >= from && point <= to))
  const slice = slices[index]
  if (slice !== undefined && !registered.has(index)) {
    registered.add(index)
    GlobalFonts.registerFromPath(slice.file, `${PREFIX} ${index}`)
  }
  const family = slice === undefined ? 'sans-serif' : `"${PREFIX} ${index}"`
  known.set(character, family)
  return family
}

function readSlices(): readonly Slice[] {
  const folder = dirname(createRequire(import.meta.url).resolve('@fontsource-variable/noto-sans-sc/package.json'))
  const sheet = readFileSync(join(folder, 'index.css'), 'utf8')
  return [...sheet.matchAll(/url\(\.\/(files\/[^)]+\.woff2)\)[^;]*;\s*unicode-range:\s*([^;]+);/g)].map(([, file = '', ranges = '']) => ({
    file: join(folder, file),
    ranges: ranges.split(',').map((range) => {
      const [from = '', to = from] = range.trim().replace(/^U\+/i, '').split('-')
      return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const
    }),
  }))
}
