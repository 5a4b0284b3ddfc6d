import iconv from 'iconv-lite'
import type { GlyphBook, Glyph } from './glyphs.ts'

/** Which two-byte characters a printer's own font holds. Anything else is drawn by us. */
export type HanziZone = 'gbk' | 'gb2312'

/** How one character comes onto the paper. A cell is half a Chinese character (12 dots of a 24-dot font). */
export type CharacterForm =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly cells: 1 | 2 }
  /** Not in the printer's font: the whole line goes out as a picture. */
  | { readonly kind: 'drawn'; readonly glyph: Glyph; readonly cells: 1 | 2 }
  /** Nobody can print it. The receipt must not be printed: a name with a `?` or an empty box is a wrong name. */
  | { readonly kind: 'missing' }

/**
 * Makes text safe and canonical before it is encoded (rules of encoding, point 3): NFC; line ends become `\n`; other white
 * space becomes a plain space; control, format and zero-width characters and variation selectors are dropped, so that a name
 * can carry no printer command; U+00A5 becomes the full-width ￥ that GB 18030 has in its two-byte zone.
 */
export function cleanText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[\p{Cc}\p{Cf}\p{Variation_Selector}]/gu, (character) => (character === '\n' || character === '\t' ? character : ''))
    .replace(/[^\S\n\u3000]/gu, ' ')
    .replaceAll('\u00a5', '\uffe5')
}

/**
 * Decides for one code point of cleaned text. Encoded one at a time, because `gb18030` is only safe to send where it gives
 * one or two bytes; the digits inside a four-byte code would print as garbage (rules of encoding, point 2).
 */
export function characterForm(codePoint: number, zone: HanziZone, glyphs: GlyphBook): CharacterForm {
  if (codePoint >= 0x20 && codePoint <= 0x7e) return { kind: 'bytes', bytes: Uint8Array.of(codePoint), cells: 1 }
  if (codePoint > 0x7f && !isSurrogate(codePoint) && !isPrivateUse(codePoint)) {
    const bytes = iconv.encode(String.fromCodePoint(codePoint), 'gb18030')
    if (bytes.length === 2 && inPrinterFont(bytes[0] ?? 0, bytes[1] ?? 0, zone)) return { kind: 'bytes', bytes: Uint8Array.from(bytes), cells: 2 }
  }
  const glyph = isPrivateUse(codePoint) ? undefined : glyphs.find(codePoint)
  return glyph === undefined ? { kind: 'missing' } : { kind: 'drawn', glyph, cells: glyph.widthDots === 24 ? 2 : 1 }
}

function isSurrogate(codePoint: number): boolean {
  return codePoint >= 0xd800 && codePoint <= 0xdfff
}

function isPrivateUse(codePoint: number): boolean {
  return (codePoint >= 0xe000 && codePoint <= 0xf8ff) || codePoint >= 0xf0000
}

/** Second-byte ranges of the symbol rows of GB 2312-80; hanzi rows B0–F7 are whole but for the end of D7. */
const GB2312_SYMBOL_ROWS: Readonly<Record<number, readonly (readonly [number, number])[]>> = {
  0xa1: [[0xa1, 0xfe]],
  0xa2: [[0xb1, 0xe2], [0xe5, 0xee], [0xf1, 0xfc]],
  0xa3: [[0xa1, 0xfe]],
  0xa4: [[0xa1, 0xf3]],
  0xa5: [[0xa1, 0xf6]],
  0xa6: [[0xa1, 0xb8], [0xc1, 0xd8]],
  0xa7: [[0xa1, 0xc1], [0xd1, 0xf1]],
  0xa8: [[0xa1, 0xba], [0xc5, 0xe9]],
  0xa9: [[0xa4, 0xef]],
}

function inGb2312(lead: number, trail: number): boolean {
  if (lead >= 0xb0 && lead <= 0xf7) return trail >= 0xa1 && trail <= 0xfe && !(lead === 0xd7 && trail > 0xf9)
  return GB2312_SYMBOL_ROWS[lead]?.some(([from, to]) => trail >= from && trail <= to) ?? false
}

/**
 * GBK without its user-defined areas, and without what GB 18030 put later into free places of the two-byte zone (€, row FE,
 * vertical punctuation): fonts made for GBK are blank there.
 */
function inPrinterFont(lead: number, trail: number, zone: HanziZone): boolean {
  if (inGb2312(lead, trail)) return true
  if (zone === 'gb2312') return false
  if (trail < 0x40 || trail === 0x7f || trail > 0xfe) return false
  if (lead >= 0x81 && lead <= 0xa0) return true
  if (lead >= 0xaa && lead <= 0xfd) return trail <= 0xa0
  if (lead === 0xa8) return trail <= 0x95 || (trail >= 0xbb && trail <= 0xc0 && trail !== 0xbc && trail !== 0xbf)
  if (lead === 0xa9) return trail <= 0x88 || trail === 0x96
  return (lead === 0xa2 && trail >= 0xa1 && trail <= 0xaa) || (lead === 0xa6 && trail >= 0xe0 && trail <= 0xf5 && trail !== 0xec && trail !== 0xed && trail !== 0xf3)
}
