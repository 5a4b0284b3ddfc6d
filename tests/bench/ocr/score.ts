import { normalise } from '../../../core/document/characters.ts'

/**
 * How well a text was read, whatever the order of its lines: each printed line counts by the best place for it anywhere in
 * what was read. So an engine is not punished for reading a table by columns, nor for marks that stand on no line.
 */

/** The form in which readings and truth are compared: no white space, one form of brackets and dots, capitals. */
export function comparable(text: string): string {
  return normalise(text).replaceAll(/[•・‧∙]/gu, '·').replaceAll('×', 'X').toUpperCase()
}

/** Edits (change, drop, add) between `line` and that part of `text` to which it is most alike. */
export function editsToBestPart(line: string, text: string): number {
  if (text.includes(line)) return 0
  const signs = [...line]
  const among = [...text]
  // The part may begin anywhere: the first row is all zero.
  let previous = new Uint16Array(among.length + 1)
  for (let i = 1; i <= signs.length; i++) {
    const current = new Uint16Array(among.length + 1)
    current[0] = i
    for (let j = 1; j <= among.length; j++) {
      const changed = (previous[j - 1] ?? 0) + (signs[i - 1] === among[j - 1] ? 0 : 1)
      current[j] = Math.min(changed, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1)
    }
    previous = current
  }
  return previous.reduce((least, edits) => Math.min(least, edits), signs.length)
}

export interface CharacterScore {
  readonly printed: number
  readonly wrong: number
}

/** Printed characters, and how many of them were read wrong or not at all. */
export function scoreCharacters(printedLines: readonly string[], read: string): CharacterScore {
  const text = comparable(read)
  let printed = 0
  let wrong = 0
  for (const printedLine of printedLines) {
    const line = comparable(printedLine)
    printed += [...line].length
    wrong += editsToBestPart(line, text)
  }
  return { printed, wrong }
}

/** Whether each printed line of a value stands in the text exactly. */
export function standsIn(valueLines: readonly string[], read: string): boolean {
  const text = comparable(read)
  return valueLines.every((line) => text.includes(comparable(line)))
}

/** Values that name a person, a firm, a paper or an account: one wrong sign and they name another. */
export function isIdentifying(fieldId: string): boolean {
  return /number|phone|creditCode|account$/i.test(fieldId)
}

/** The share of `part` in `whole`; of nothing, 0. */
export const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)
