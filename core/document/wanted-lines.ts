import { normalise, rowsOf } from './characters.ts'
import type { DocumentKind } from './document-kind.ts'
import type { Box, RecognisedLine } from './engine.ts'
import { labelFinder } from './labels.ts'

/** Lines below a label within this many of its heights may be the rest of its value. */
const WRAP_REACH_HEIGHTS = 4.5
/** A line stands beside a label when their middles differ by less than this part of the label's height. */
const BESIDE_HEIGHTS = 1.5

/**
 * Which lines, of those where an engine read only the head (positions in `lines`), must be read to their end to find the
 * fields of these kinds: lines with a label, what stands beside one, what may be the rest of a value, and digits where a
 * value has no label. All of them when no label is known yet: then the paper is not what it should be, or read badly.
 */
export function wantedLines(lines: readonly RecognisedLine[], kinds: readonly DocumentKind[]): readonly number[] {
  const heads = lines.flatMap((line, index) => (line.extent === 'head' ? [index] : []))
  if (heads.length === 0) return []
  const find = labelFinder(rowsOf(lines))
  const fields = kinds.flatMap((kind) => kind.fields)
  const placed = fields.map((field) => ({ field, at: [...field.labels, ...(field.after ?? [])].flatMap((label) => find(normalise(label))) }))
  if (placed.every(({ at }) => at.length === 0)) return heads
  const someAlone = fields.some(({ alone }) => alone !== undefined)
  return heads.filter((index) => {
    const line = lines[index]
    if (line === undefined) return false
    return placed.some(({ field, at }) => at.some(({ box }) => isAt(box, line.box) || (field.mayWrap && isBelow(box, line.box))))
      || (someAlone && line.characters.some(({ text }) => /\d/.test(text)))
  })
}

/** The line holds the label, or stands to its right. */
function isAt(label: Box, line: Box): boolean {
  const height = label.bottom - label.top
  return Math.abs((label.top + label.bottom - line.top - line.bottom) / 2) < BESIDE_HEIGHTS * height && line.right > label.right
}

function isBelow(label: Box, line: Box): boolean {
  const height = label.bottom - label.top
  return line.top > label.top && line.top - label.bottom < WRAP_REACH_HEIGHTS * height && line.right > label.right
}
