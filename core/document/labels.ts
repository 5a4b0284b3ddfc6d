import type { Row } from './characters.ts'
import { boxOf, normalise, printHeight } from './characters.ts'
import type { Box } from './engine.ts'

/** A label found on the page: row, and the characters `start` (inclusive) to `end` (exclusive) of it. */
export interface LabelPlace {
  readonly row: number
  readonly start: number
  readonly end: number
  /** The second half of a label that a narrow cell broke into two lines. */
  readonly below?: { readonly row: number; readonly start: number; readonly end: number }
  readonly box: Box
  /** Characters read otherwise than printed. */
  readonly mistakes: number
  /** Nothing stands before it in its cell. */
  readonly opensCell: boolean
  /** But for a badly read sign, which may be a part of another label: what is found by this is only a proposal. */
  readonly behindSpeck?: boolean
  readonly beforeColon: boolean
}

/** A space wider than this part of the print height parts two cells. */
const CELL_GAP_HEIGHTS = 0.9
/** Where the engine itself saw two pieces of print, less is enough. */
const CUT_GAP_HEIGHTS = 0.25
const COLON_LIKE = ':;'
/** A sign that was read with less than this may be a speck or a piece of a seal in the gap before a label. */
const SPECK = 0.5
/** The halves of a broken label stand closer below each other than this part of the print height. */
const BROKEN_GAP_HEIGHTS = 1

/**
 * All places where a label may stand. A label counts where it opens a cell or is followed by a colon; the same words in
 * running text do not. One mistake is allowed for every four characters, only where no place is right to the letter.
 */
export type FindLabel = (label: string) => readonly LabelPlace[]

/** A row with its letters taken out once: every label of every kind is looked for in it. */
interface RowText {
  readonly row: Row
  readonly letters: readonly string[]
  readonly text: string
}

/** A finder for one page; it remembers, because fields share labels. */
export function labelFinder(rows: readonly Row[]): FindLabel {
  const found = new Map<string, readonly LabelPlace[]>()
  const texts = rows.map((row): RowText => {
    const letters = row.characters.map(({ text }) => text)
    return { row, letters, text: letters.join('') }
  })
  return (label) => {
    const known = found.get(label)
    if (known !== undefined) return known
    const places = findLabel(texts, [...normalise(label)])
    found.set(label, places)
    return places
  }
}

function findLabel(rows: readonly RowText[], wanted: readonly string[]): LabelPlace[] {
  for (const form of withFewerBrackets(wanted)) {
    const exact = rows.flatMap((row, index) => placesIn(row, index, form, 0))
    if (exact.length > 0) return exact
  }
  const broken = brokenPlaces(rows, wanted)
  if (broken.length > 0) return broken
  const allowed = Math.floor(wanted.length / 4)
  return allowed === 0 ? [] : rows.flatMap((row, index) => placesIn(row, index, wanted, allowed))
}

/** The label as it is, and as it is read where a seal or a pattern swallows its brackets: 承租人乙方 for 承租人(乙方). */
function withFewerBrackets(label: readonly string[]): readonly (readonly string[])[] {
  const without = (brackets: string): readonly string[] => label.filter((letter) => !brackets.includes(letter))
  return [label, without('('), without(')'), without('()')].filter((form, index) => index === 0 || form.length < label.length)
}

/** The best place first: fewest mistakes, opening a cell, before a colon, then the longer label, then from the top. */
export function bestPlace(places: readonly LabelPlace[]): LabelPlace | undefined {
  const rank = (place: LabelPlace): number => place.mistakes * 4 + (place.behindSpeck ? 4 : 0) - (place.opensCell ? 2 : 0) - (place.beforeColon ? 1 : 0)
  const length = (place: LabelPlace): number => place.end - place.start
  return [...places].sort((a, b) => rank(a) - rank(b) || length(b) - length(a) || a.row - b.row || a.start - b.start)[0]
}

/**
 * Where a short label may stand of which one sign was misread or not read at all: 往址 for 住址, 型 for a widely spaced 类型.
 * Too weak to trust; a value found by it is only a proposal. Empty when more than one place comes into question.
 */
export function weakPlaces(rows: readonly Row[], label: string, taken: readonly LabelPlace[]): LabelPlace[] {
  const wanted = [...normalise(label)]
  if (wanted.length < 2 || wanted.length > 3) return []
  const isTaken = (row: number, start: number, end: number): boolean => taken.some((place) => place.row === row && place.start < end && place.end > start)
  const found = rows.flatMap((row, index) => row.characters.flatMap((character, start): LabelPlace[] => {
    if (!opensCell(row, start)) return []
    const letters = row.characters.slice(start, start + wanted.length).map(({ text }) => text)
    const opensPiece = row.characters[start - 1]?.piece !== character.piece
    const inOnePiece = row.characters.slice(start, start + wanted.length).every(({ piece }) => piece === character.piece)
    const [last, next] = [row.characters[start + wanted.length - 1], row.characters[start + wanted.length]]
    const endsApart = last === undefined || next === undefined || next.box.left - last.box.right > CUT_GAP_HEIGHTS * printHeight(row.characters)
    const whole = inOnePiece && endsApart && letters.length === wanted.length && wanted.filter((letter, at) => letters[at] !== letter).length === 1
    const isPrinted = (rest: readonly string[]): boolean => opensPiece && rest.every((letter, at) => letters[at] === letter)
    // The beginning of a label must stand alone: many words begin with 户.
    const part = isPrinted(wanted.slice(1)) || (isPrinted(wanted.slice(0, -1)) && character.piece.characters.length === wanted.length - 1)
    const end = start + (whole ? wanted.length : wanted.length - 1)
    const box = boxOf(row.characters.slice(start, end))
    if ((!whole && !part) || box === undefined || isTaken(index, start, end)) return []
    return [{ row: index, start, end, box, mistakes: 1, opensCell: true, beforeColon: false }]
  }))
  return found.length === 1 ? found : []
}

/** Each stretch of the page once, as the label that fits it best: 身份证号 and 身份证件号 are near enough to be found at one place. */
export function distinct(places: readonly LabelPlace[]): LabelPlace[] {
  const best = [...places].sort((a, b) => a.mistakes - b.mistakes || b.end - b.start - (a.end - a.start))
  return best.filter((place, index) => best.slice(0, index).every((other) => other.row !== place.row || other.start >= place.end || other.end <= place.start))
}

/** Without the places where a longer label begins with this one: 联系人 in 联系人电话. */
export function standingAlone(places: readonly LabelPlace[], others: readonly LabelPlace[]): LabelPlace[] {
  return places.filter((place) => others.every((other) => other.row !== place.row || other.start !== place.start || other.end <= place.end || other.mistakes > place.mistakes))
}

function placesIn({ row, letters, text }: RowText, index: number, wanted: readonly string[], allowed: number): LabelPlace[] {
  const found: LabelPlace[] = []
  if (allowed === 0 && !text.includes(wanted.join(''))) return found
  const belongs = letters.map((letter) => (wanted.includes(letter) ? 1 : 0))
  for (let start = 0; start < letters.length; start++) {
    // Cheap before dear: most stretches share too few signs with the label to be it.
    const shared = belongs.slice(start, start + wanted.length + allowed).reduce<number>((sum, one) => sum + one, 0)
    if (shared < wanted.length - allowed) continue
    let best: { end: number; mistakes: number } | undefined
    for (let length = Math.max(1, wanted.length - allowed); length <= wanted.length + allowed; length++) {
      if (start + length > letters.length) break
      const mistakes = distance(letters.slice(start, start + length), wanted)
      if (mistakes <= allowed && (best === undefined || mistakes < best.mistakes)) best = { end: start + length, mistakes }
    }
    const box = best === undefined ? undefined : boxOf(row.characters.slice(start, best.end))
    if (best === undefined || box === undefined) continue
    const opensPlainly = opensCell(row, start)
    const behindSpeck = !opensPlainly && opensBehindSpeck(row, start)
    const opens = opensPlainly || behindSpeck
    const beforeColon = COLON_LIKE.includes(letters[best.end] ?? '\n')
    if (opens || beforeColon) found.push({ row: index, start, end: best.end, box, mistakes: best.mistakes, opensCell: opens, beforeColon, ...(behindSpeck && !beforeColon && { behindSpeck }) })
  }
  return found
}

/** A label that a narrow cell of a table broke: 公民身份 with 证件编号 below it. */
function brokenPlaces(rows: readonly RowText[], wanted: readonly string[]): LabelPlace[] {
  const found: LabelPlace[] = []
  for (let cut = 2; cut <= wanted.length - 2; cut++) {
    for (const [index, row] of rows.entries()) {
      for (const above of placesIn(row, index, wanted.slice(0, cut), 0).filter(({ opensCell: opens }) => opens)) {
        const height = above.box.bottom - above.box.top
        for (const [belowIndex, belowRow] of rows.entries()) {
          if (belowIndex <= index || belowRow.row.box.top - above.box.bottom > BROKEN_GAP_HEIGHTS * height) continue
          const below = placesIn(belowRow, belowIndex, wanted.slice(cut), 0).find(({ box, opensCell: opens }) => opens && box.left < above.box.right && box.right > above.box.left && box.top - above.box.bottom < BROKEN_GAP_HEIGHTS * height && box.top > above.box.top)
          if (below === undefined) continue
          const box = { left: Math.min(above.box.left, below.box.left), top: above.box.top, right: Math.max(above.box.right, below.box.right), bottom: below.box.bottom }
          found.push({ row: index, start: above.start, end: above.end, below: { row: belowIndex, start: below.start, end: below.end }, box, mistakes: 0, opensCell: true, beforeColon: below.beforeColon })
        }
      }
    }
  }
  return found
}

/** Whether the character at `position` is the first of its row, or stands behind a gap, a rule of a table, or a cut of the engine. */
export function opensCell(row: Row, position: number): boolean {
  return standsApart(row, position, position - 1)
}

/** The same, if the one sign before it is a speck. */
function opensBehindSpeck(row: Row, position: number): boolean {
  return (row.characters[position - 1]?.confidence ?? 1) < SPECK && standsApart(row, position, position - 2)
}

function standsApart(row: Row, position: number, behind: number): boolean {
  const own = row.characters[position]
  const before = row.characters[behind]
  if (own === undefined || before === undefined) return true
  const gap = (own.box.left - before.box.right) / printHeight(row.characters)
  return '|,.\'"'.includes(before.text) || gap > (own.piece === before.piece ? CELL_GAP_HEIGHTS : CUT_GAP_HEIGHTS)
}

/** Edits (change, drop, add) that turn one into the other (Levenshtein). */
function distance(a: readonly string[], b: readonly string[]): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
