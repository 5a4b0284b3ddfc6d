import type { Box, RecognisedCharacter, RecognisedLine } from './engine.ts'
import { median } from './median.ts'

/** Kinds of one mark that printers and engines use without difference. */
const SAME_MARK: Readonly<Record<string, string>> = {
  '〈': '(', '《': '(', '〔': '(', '【': '(', '[': '(', '{': '(',
  '〉': ')', '》': ')', '〕': ')', '】': ')', ']': ')', '}': ')',
  '﹣': '-', '–': '-', '—': '-', '−': '-', '‐': '-',
  '︰': ':', '∶': ':',
  // The stroke 丶 is a part of signs and none of its own in any text.
  '丶': '、',
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

/** A character of a row, with the piece of print that the engine cut it from. */
export interface PlacedCharacter extends RecognisedCharacter {
  readonly piece: RecognisedLine
}

/** A printed line of the page over its whole width: the pieces that the engine cut, joined from left to right. */
export interface Row {
  /** Of the print, without the air that engines add around it. */
  readonly box: Box
  readonly characters: readonly PlacedCharacter[]
}

/** Pieces belong to one row when they share more than this part of the lower one's height. */
const SHARED_HEIGHT = 0.5
/** A piece this many times higher than another is no print of the same row: a seal, or writing from top to bottom. */
const HEIGHT_RATIO = 2.5
/** Pieces of one row stand side by side; more than this part of the narrower one on top of the other is another row. */
const SHARED_WIDTH = 0.5
/** Two signs that lie on top of each other by more than this are one sign, read twice. */
const DOUBLED_WIDTH = 0.3
const CLEAR = 0.9
const MOST_CUT_SIGNS = 2

interface Piece {
  readonly line: RecognisedLine
  readonly box: Box
}

/** Joins what stands side by side; rows from the top. */
export function rowsOf(lines: readonly RecognisedLine[]): Row[] {
  const rows: { box: Box; pieces: Piece[] }[] = []
  const all = lines.filter(({ characters }) => characters.length > 0).map((line): Piece => ({ line, box: printBox(line) }))
  const pieces = all.filter((piece) => !all.some((other) => isCutOf(piece, other)))
  for (const piece of pieces.sort((a, b) => middle(a.box) - middle(b.box))) {
    const row = rows
      .map((candidate) => ({ candidate, shared: Math.max(...candidate.pieces.map(({ box }) => sharedHeight(box, piece.box))) }))
      .filter(({ candidate, shared }) => shared > SHARED_HEIGHT && candidate.pieces.every(({ box }) => sharedWidth(box, piece.box) < SHARED_WIDTH))
      .sort((a, b) => b.shared - a.shared)[0]?.candidate
    if (row === undefined) rows.push({ box: piece.box, pieces: [piece] })
    else {
      row.pieces.push(piece)
      row.box = around(row.box, piece.box)
    }
  }
  return rows.map(({ box, pieces: joined }) => ({
    box,
    characters: withoutDoubles(joined.sort((a, b) => a.box.left - b.box.left).flatMap(({ line }) => normaliseCharacters(line.characters).map((character) => ({ ...character, piece: line })))),
  })).sort((a, b) => middle(a.box) - middle(b.box))
}

/** Engines also cut out the end of an underline with a part of the sign behind it: that sign is read badly there, and well where it stands. */
function isCutOf(one: Piece, other: Piece): boolean {
  const { characters } = one.line
  return characters.length <= MOST_CUT_SIGNS && characters.length < other.line.characters.length && characters.every(({ confidence }) => confidence < CLEAR)
    && sharedHeight(one.box, other.box) > SHARED_HEIGHT && sharedWidth(one.box, other.box) >= SHARED_WIDTH
}

/**
 * A sign on which two pieces overlap is read twice; where one of them cut through it, as another sign, and badly. Two clear
 * readings that differ both stay: there something is printed over something else.
 */
function withoutDoubles(characters: readonly PlacedCharacter[]): PlacedCharacter[] {
  const isWorse = (one: PlacedCharacter, other: PlacedCharacter | undefined): boolean =>
    other !== undefined && one.piece !== other.piece && sharedWidth(one.box, other.box) > DOUBLED_WIDTH && one.confidence < other.confidence && (one.text === other.text || one.confidence < CLEAR)
  return characters.filter((character, index) => !isWorse(character, characters[index - 1]) && !isWorse(character, characters[index + 1]))
}

/** The print of a line: its characters' median top and bottom, over the whole width that the engine found. */
function printBox(line: RecognisedLine): Box {
  return lineBoxOf(line.characters) ?? line.box
}

export function around(a: Box, b: Box): Box {
  return { left: Math.min(a.left, b.left), top: Math.min(a.top, b.top), right: Math.max(a.right, b.right), bottom: Math.max(a.bottom, b.bottom) }
}

/** The upright box around all of them; undefined for none. */
export function boxOf(characters: readonly RecognisedCharacter[]): Box | undefined {
  return characters.map((character) => character.box).reduce<Box | undefined>((all, box) => (all === undefined ? box : around(all, box)), undefined)
}

/** The box of one printed line, from the median top and bottom: one sign with a far too tall box does not spread it. */
export function lineBoxOf(characters: readonly RecognisedCharacter[]): Box | undefined {
  const whole = boxOf(characters)
  if (whole === undefined) return undefined
  return { ...whole, top: median(characters.map(({ box }) => box.top)), bottom: median(characters.map(({ box }) => box.bottom)) }
}

export function textOf(characters: readonly RecognisedCharacter[]): string {
  return characters.map((character) => character.text).join('')
}

/** Height of print in a row: the median of its characters, so that one tall bracket or low comma does not count. */
export function printHeight(characters: readonly RecognisedCharacter[]): number {
  return Math.max(1, median(characters.map(({ box }) => box.bottom - box.top)))
}

function middle(box: Box): number {
  return (box.top + box.bottom) / 2
}

function sharedHeight(a: Box, b: Box): number {
  const heights = [a.bottom - a.top, b.bottom - b.top].sort((one, other) => one - other)
  const [lower = 0, higher = 0] = heights
  if (higher > HEIGHT_RATIO * Math.max(1, lower)) return 0
  return (Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)) / Math.max(1, lower)
}

function sharedWidth(a: Box, b: Box): number {
  return (Math.min(a.right, b.right) - Math.max(a.left, b.left)) / Math.max(1, Math.min(a.right - a.left, b.right - b.left))
}
