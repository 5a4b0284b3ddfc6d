import type { LinePicture } from './crop.ts'
import { LINE_HEIGHT_PX } from './crop.ts'
import type { DecodedCharacter } from './ctc.ts'

/** Half of the columns that are looked at around the middle of a sign: those of a narrow one. */
const HALF_SIGN_PX = 9
/** The darkest part of a sign is its ink, the brightest its paper, as shares of its pixels. */
const INK_SHARE = 0.02
const PAPER_SHARE = 0.9
/**
 * Ink with less contrast than this part of the line's is no print of the line: what is left of a red seal in the red channel
 * has a fifth of black ink's, also where a seal stands beside a value and looks like one more sign.
 */
const PALE = 0.4
const WHITE = 255
const GREYS = WHITE + 1
/** Dots and dashes are so small that blur alone makes them pale. */
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u

/**
 * The characters with the confidence of pale ones lowered in proportion: the net names a scrap of a seal with 0.9, and only its
 * ink tells that it does not belong to the line. Nothing is dropped, because a person can see what it is.
 */
export function doubtingPale(line: LinePicture, characters: readonly DecodedCharacter[], columnsPerStep: number): DecodedCharacter[] {
  const inks = characters.map(({ from, to }) => contrastAround(line, ((from + to + 1) / 2) * columnsPerStep))
  const usual = [...inks].sort((a, b) => a - b)[Math.floor(inks.length / 2)] ?? 0
  return characters.map((character, index) => {
    const ratio = usual === 0 ? 1 : (inks[index] as number) / usual
    return ratio < PALE && LETTER_OR_DIGIT.test(character.text) ? { ...character, confidence: character.confidence * ratio } : character
  })
}

/** How much darker ink is than paper in the columns of a sign, 0 to 255. */
function contrastAround({ data, width }: LinePicture, middle: number): number {
  const from = Math.max(0, Math.round(middle - HALF_SIGN_PX))
  const to = Math.min(width, Math.round(middle + HALF_SIGN_PX))
  const counts = new Uint16Array(GREYS)
  for (let y = 0; y < LINE_HEIGHT_PX; y++) {
    for (let at = y * width + from; at < y * width + to; at++) {
      const grey = Math.round(((data[at] as number) + 1) * WHITE / 2)
      counts[grey] = (counts[grey] as number) + 1
    }
  }
  const total = LINE_HEIGHT_PX * Math.max(0, to - from)
  return greyAt(counts, total * PAPER_SHARE) - greyAt(counts, total * INK_SHARE)
}

/** The grey below or at which so many of the counted pixels are. */
function greyAt(counts: Uint16Array, pixels: number): number {
  let below = 0
  for (let grey = 0; grey < GREYS; grey++) {
    below += counts[grey] as number
    if (below > pixels) return grey
  }
  return WHITE
}
