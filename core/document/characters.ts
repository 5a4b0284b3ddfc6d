import type { Box, RecognisedCharacter, RecognisedLine } from './engine.ts'

/** Kinds of one mark that printers and engines use without difference. */
const SAME_MARK: Readonly<Record<string, string>> = {
  '〈': '(', '《': '(', '〔': '(', '【': '(', '[': '(', '{': '(',
  '〉': ')', '》': ')', '〕': ')', '】': ')', ']': ')', '}': ')',
  '﹣': '-', '–': '-', '—': '-', '−': '-', '‐': '-',
  '︰': ':', '∶': ':',
}

/** NFKC, no white space, one form of brackets, dashes and colons: the form in which readings and labels are compared. */
export function normalise(text: string): string {
  let result = ''
  for (const character of text.normalize('NFKC')) {
    if (/\s/u.test(character)) continue
    result += SAME_MARK[character] ?? character
  }
  return result
}

/** The characters of a line in normal form, each with its place; a sign that NFKC takes apart shares one place. */
export function normaliseCharacters(characters: readonly RecognisedCharacter[]): RecognisedCharacter[] {
  return characters.flatMap((character) => [...normalise(character.text)].map((text) => ({ ...character, text })))
}

/** A printed line of the page over its whole width: the pieces that the engine cut, joined from left to right. */
export interface Row {
  readonly box: Box
  readonly characters: readonly RecognisedCharacter[]
}

/** Pieces belong to one row when they share more than this part of the lower one's height. */
const SHARED_HEIGHT = 0.5

/** Joins what stands side by side; rows from the top. */
export function rowsOf(lines: readonly RecognisedLine[]): Row[] {
  const rows: { box: Box; pieces: RecognisedLine[] }[] = []
  for (const line of [...lines].sort((a, b) => middle(a.box) - middle(b.box))) {
    if (line.characters.length === 0) continue
    const row = rows.find(({ pieces }) => pieces.some((piece) => sharedHeight(piece.box, line.box) > SHARED_HEIGHT))
    if (row === undefined) rows.push({ box: line.box, pieces: [line] })
    else {
      row.pieces.push(line)
      row.box = around(row.box, line.box)
    }
  }
  return rows.map(({ box, pieces }) => ({
    box,
    characters: normaliseCharacters([...pieces].sort((a, b) => a.box.left - b.box.left).flatMap((piece) => piece.characters)),
  }))
}

export function around(a: Box, b: Box): Box {
  return { left: Math.min(a.left, b.left), top: Math.min(a.top, b.top), right: Math.max(a.right, b.right), bottom: Math.max(a.bottom, b.bottom) }
}

export function boxOf(characters: readonly RecognisedCharacter[]): Box | undefined {
  return characters.map((character) => character.box).reduce<Box | undefined>((all, box) => (all === undefined ? box : around(all, box)), undefined)
}

/** The box of one printed line, from the median top and bottom: one sign with a far too tall box does not spread it. */
export function lineBoxOf(characters: readonly RecognisedCharacter[]): Box | undefined {
  const whole = boxOf(characters)
  if (whole === undefined) return undefined
  const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
  return { ...whole, top: median(characters.map(({ box }) => box.top)), bottom: median(characters.map(({ box }) => box.bottom)) }
}

export function textOf(characters: readonly RecognisedCharacter[]): string {
  return characters.map((character) => character.text).join('')
}

/** Height of print in a row: the median of its characters, so that one tall bracket or low comma does not count. */
export function printHeight(characters: readonly RecognisedCharacter[]): number {
  const heights = characters.map(({ box }) => box.bottom - box.top).sort((a, b) => a - b)
  return Math.max(1, heights[Math.floor(heights.length / 2)] ?? 1)
}

function middle(box: Box): number {
  return (box.top + box.bottom) / 2
}

function sharedHeight(a: Box, b: Box): number {
  const shared = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
  return shared / Math.max(1, Math.min(a.bottom - a.top, b.bottom - b.top))
}
