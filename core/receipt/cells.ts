/**
 * Laying text out in cells, the unit of a receipt's width (58 mm = 32 cells, 80 mm = 48). How wide a character is depends
 * on the bytes that a printer gets for it, so the caller says it; a Chinese character is two cells in every printer.
 */
export type CellsOf = (codePoint: number) => number

/** Characters that may not begin a line (避头). */
const CLOSING = new Set('，。、；：！？）》〉」』】〕”’…％‰℃,.;:!?)]}%')
/** Characters that may not end a line (避尾). */
const OPENING = new Set('（《〈「『【〔“‘([{￥$')

export function cellsOfText(text: string, cellsOf: CellsOf): number {
  let cells = 0
  for (const character of text) cells += cellsOf(character.codePointAt(0) ?? 0)
  return cells
}

/**
 * Breaks one paragraph into lines of at most `width` cells. Breaks fall between code points, never inside one; a run of
 * ASCII letters and digits stays whole when a line can hold it; no line begins with closing or ends with opening
 * punctuation as long as the width allows. An empty paragraph is one empty line.
 */
export function wrapByCells(paragraph: string, width: number, cellsOf: CellsOf): string[] {
  const lines: string[] = []
  let line = ''
  let used = 0
  const flush = (): void => {
    lines.push(line.replace(/ +$/, ''))
    line = ''
    used = 0
  }
  for (const unit of unbreakableUnits(paragraph)) {
    const cells = cellsOfText(unit, cellsOf)
    if (used > 0 && used + cells > width) {
      if (unit === ' ') continue
      flush()
    }
    if (unit === ' ' && used === 0 && lines.length > 0) continue
    if (cells <= width) {
      line += unit
      used += cells
      continue
    }
    for (const character of unit) {
      const own = cellsOf(character.codePointAt(0) ?? 0)
      if (used > 0 && used + own > width) flush()
      line += character
      used += own
    }
  }
  if (used > 0 || lines.length === 0) flush()
  return lines
}

/** Cuts a paragraph where a line may end: words of ASCII, single characters, punctuation bound to its neighbour. */
function unbreakableUnits(paragraph: string): string[] {
  const units: string[] = []
  let bindNext = false
  let inWord = false
  for (const character of paragraph) {
    const isWord: boolean = /[0-9A-Za-z_./:@#&=+\-*]/.test(character) && !CLOSING.has(character)
    const isWordInner: boolean = isWord || (inWord && /[.:,]/.test(character))
    const joins = bindNext || (units.length > 0 && CLOSING.has(character) && units.at(-1) !== ' ') || (inWord && isWordInner)
    if (joins) units[units.length - 1] = (units.at(-1) ?? '') + character
    else units.push(character)
    bindNext = OPENING.has(character)
    inWord = isWordInner
  }
  return units
}
