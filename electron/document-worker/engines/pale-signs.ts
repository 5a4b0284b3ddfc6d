import type { LineInput } from './crop.ts'
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
/** Dots and dashes are so small that blur alone makes them pale. */
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u

/**
 * The characters with the confidence of pale ones lowered in proportion: the net names a scrap of a seal with 0.9, and only its
 * ink tells that it does not belong to the line. Nothing is dropped, because a person can see what it is.
 */
export function doubtingPale(line: LineInput, characters: readonly DecodedCharacter[], columnsPerStep: number): DecodedCharacter[] {
  const inks = characters.map(({ from, to }) => contrastAround(line, ((from + to + 1) / 2) * columnsPerStep))
  const usual = [...inks].sort((a, b) => a - b)[Math.floor(inks.length / 2)] ?? 0
  return characters.map((character, index) => {
    const ratio = usual === 0 ? 1 : (inks[index] as number) / usual
    return ratio < PALE && LETTER_OR_DIGIT.test(character.text) ? { ...character, confidence: character.confidence * ratio } : character
  })
}

/** How much darker ink is than paper in the columns of a sign, 0 to 2. */
function contrastAround({ data, width, used }: LineInput, middle: number): number {
  const from = Math.max(0, Math.round(middle - HALF_SIGN_PX))
  const to = Math.min(used, Math.round(middle + HALF_SIGN_PX))
  const values = new Float32Array(LINE_HEIGHT_PX * Math.max(0, to - from))
  for (let y = 0, at = 0; y < LINE_HEIGHT_PX; y++) for (let x = from; x < to; x++) values[at++] = data[y * width + x] as number
  values.sort()
  return (values[Math.floor(values.length * PAPER_SHARE)] ?? 0) - (values[Math.floor(values.length * INK_SHARE)] ?? 0)
}
