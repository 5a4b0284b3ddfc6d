import type { PlacedCharacter, Row } from './characters.ts'
import { boxOf, printHeight, textOf } from './characters.ts'
import type { DocumentField, Region } from './document-kind.ts'
import type { Box } from './engine.ts'
import type { FindLabel, LabelPlace } from './labels.ts'
import { bestPlace, weakPlaces } from './labels.ts'

/** Marks that stand between label and value, or that rules of a table leave behind. */
const SEPARATORS = new Set([...":;|.,'\"“”‘’`_~、。·•-="])
/** A space wider than this part of the print height ends a value. */
const VALUE_GAP_HEIGHTS = 3
/** A stray piece this far behind a value is none of it. */
const STRAY_GAP_HEIGHTS = 0.9
const STRAY_SIGNS = 3
const STRAY_MEAN = 0.8
/** Print lower than this part of its label's height is no value. */
const SMALL_PRINT = 0.55
/** Printed lines of one value stand closer below each other than this part of the print height. */
const LINE_GAP_HEIGHTS = 1.15
/** A value beside a label of several lines, or of several lines beside a label of one, may stand this much higher or lower. */
const BESIDE_HEIGHTS = 1.3
const MOST_LINES = 8
/** Lines of one value begin below each other, but for this part of the print height. */
const LEVEL_HEIGHTS = 0.5

export interface PageSize {
  readonly width: number
  readonly height: number
}

/** Where a value was found; `guess`: its place is not certain, so the value can never be sure. */
export interface FoundPlace {
  readonly characters: readonly PlacedCharacter[]
  readonly by: 'label' | 'form' | 'guess'
}

/** A page with what was found on it so far. */
export interface LookedThrough {
  readonly rows: readonly Row[]
  readonly size: PageSize | undefined
  readonly find: FindLabel
  /** Places of all labels of the kind that end a value. */
  readonly borders: readonly LabelPlace[]
}

/** Other fields of the kind with the same label: at how many places it is expected, and behind which anchors theirs stand. */
export interface Namesakes {
  readonly expected: number
  readonly anchors: readonly string[]
}

/** The characters of a field: behind its label, else by its form, else at the region where it is always printed. */
export function placeOf(page: LookedThrough, field: DocumentField, labels: readonly LabelPlace[], { expected, anchors }: Namesakes): FoundPlace | undefined {
  const label = chosen(page, field, labels, anchors)
  const lines = label === undefined ? [] : linesAt(page, field, label)
  const all = trim(lines.flatMap(({ characters }) => characters))
  const behind = trim(withoutStrays(all))
  // What was left out may have been print after all.
  const isCertain = behind.length === all.length && label?.behindSpeck !== true && lines.every(({ behindSpeck }) => behindSpeck !== true) && (field.nth === undefined || labels.length >= expected)
  if (behind.length > 0) return { characters: behind, by: isCertain ? 'label' : 'guess' }
  const alone = field.alone === undefined ? undefined : charactersWithin(page.rows, page.size, field.region, field.alone)
  if (alone !== undefined) return { characters: alone, by: 'form' }
  const weak = label === undefined && field.after === undefined && field.nth === undefined ? field.labels.flatMap((name) => weakPlaces(page.rows, name, page.borders))[0] : undefined
  const behindWeak = weak === undefined ? [] : trim(linesAt(page, field, weak).flatMap(({ characters }) => characters))
  if (behindWeak.length > 0) return { characters: behindWeak, by: 'guess' }
  if (label !== undefined || field.labels.length === 0 || field.region === undefined || page.size === undefined) return undefined
  const there = trim(inRegion(page, field.region))
  return there.length === 0 ? undefined : { characters: there, by: 'guess' }
}

function chosen({ find }: LookedThrough, field: DocumentField, places: readonly LabelPlace[], othersAnchors: readonly string[]): LabelPlace | undefined {
  const inOrder = [...places].sort((a, b) => a.box.top - b.box.top || a.box.left - b.box.left)
  if (field.nth !== undefined) return inOrder[Math.min(field.nth, inOrder.length) - 1]
  if (field.after === undefined) return bestPlace(places)
  const anchor = bestPlace(field.after.flatMap((label) => find(label)))
  if (anchor === undefined) return undefined
  // Behind an anchor the first such label is meant: the next party has the same words, and behind its anchor they are its own.
  const first = inOrder.find((place) => isBehind(place, anchor))
  const isOthers = first !== undefined && othersAnchors.flatMap((label) => find(label)).some((other) => isBehind(other, anchor) && isBehind(first, other))
  return isOthers ? undefined : first
}

const isBehind = (place: LabelPlace, anchor: LabelPlace): boolean => place.row > anchor.row || (place.row === anchor.row && place.start >= anchor.end)

/** The text of a value that is found by its form alone. */
export function textWithin(rows: readonly Row[], size: PageSize | undefined, region: Region | undefined, form: string): string | undefined {
  const found = charactersWithin(rows, size, region, form)
  return found === undefined ? undefined : textOf(found)
}

/** The first stretch of a row, within the region, that fits the form. */
function charactersWithin(rows: readonly Row[], size: PageSize | undefined, region: Region | undefined, form: string): readonly PlacedCharacter[] | undefined {
  const pattern = new RegExp(form, 'u')
  for (const row of rows) {
    const inside = row.characters.filter(({ box }) => region === undefined || size === undefined || isWithin(box, size, region))
    const match = pattern.exec(textOf(inside))
    if (match === null) continue
    let at = 0
    return inside.filter((character) => {
      const start = at
      at += character.text.length
      return start >= match.index && start < match.index + match[0].length
    })
  }
  return undefined
}

function isWithin(box: Box, size: PageSize, region: Region): boolean {
  const x = (box.left + box.right) / 2 / size.width
  const y = (box.top + box.bottom) / 2 / size.height
  return x >= region.left && x <= region.right && y >= region.top && y <= region.bottom
}

function inRegion({ rows, size, borders }: LookedThrough, region: Region): PlacedCharacter[] {
  if (size === undefined) return []
  return rows.flatMap((row, index) =>
    row.characters.filter((character, at) => isWithin(character.box, size, region) && borders.every((border) => border.row !== index || at < border.start || at >= border.end)))
}

function linesAt(page: LookedThrough, field: DocumentField, label: LabelPlace): readonly Line[] {
  const lines = firstLines(page, field, label)
  return field.mayWrap && lines.length > 0 ? grown(page, label, lines) : lines
}

/** A printed line of a value. */
interface Line {
  readonly row: number
  readonly characters: readonly PlacedCharacter[]
  readonly box: Box
  /** A badly read sign before it was passed over; it may have been the label of another value. */
  readonly behindSpeck?: boolean
}

function lineOf(row: number, characters: readonly PlacedCharacter[]): Line | undefined {
  const box = boxOf(characters)
  return trim(characters).length === 0 || box === undefined ? undefined : { row, characters, box }
}

/** What stands in the row of the label; else what stands right of it a little higher and lower, as in the cells of a table. */
function firstLines(page: LookedThrough, field: DocumentField, label: LabelPlace): Line[] {
  const own = label.below === undefined ? lineOf(label.row, valueFrom(page, label.row, label.end)) : undefined
  if (own !== undefined) return [own]
  const height = label.below === undefined ? label.box.bottom - label.box.top : (label.box.bottom - label.box.top) / 2
  const reach = field.mayWrap ? BESIDE_HEIGHTS * height : 0.3 * height
  const middle = (label.box.top + label.box.bottom) / 2
  const parts = label.below === undefined ? [] : [label, label.below]
  const inRows = parts.flatMap(({ row, end }) => lineOf(row, valueFrom(page, row, end)) ?? [])
  const between = page.rows.flatMap((_, row) => (parts.some((part) => part.row === row) ? [] : (lineBeside(page, row, label, Infinity) ?? [])))
  const beside = [...inRows, ...between].filter(({ box }) => {
    const half = (label.box.bottom - label.box.top) / 2
    return Math.abs((box.top + box.bottom) / 2 - middle) < half + reach
  })
  // Only the column next to the label.
  const left = Math.min(...beside.map(({ box }) => box.left))
  const column = beside.filter(({ box }) => box.left - left < VALUE_GAP_HEIGHTS * height)
  return field.mayWrap ? column : column.sort((a, b) => Math.abs((a.box.top + a.box.bottom) / 2 - middle) - Math.abs((b.box.top + b.box.bottom) / 2 - middle)).slice(0, 1)
}

/**
 * The part of a row that stands right of the label and before `right`, unless it belongs to a label of its own. `above`: the
 * line of the value that it would go on.
 */
function lineBeside(page: LookedThrough, index: number, label: LabelPlace, right: number, above?: Line): Line | undefined {
  const row = page.rows[index]
  if (row === undefined) return undefined
  const height = printHeight(row.characters)
  const start = row.characters.findIndex(({ box }) => box.left >= label.box.right - 0.3 * height)
  const first = row.characters[start]
  if (first === undefined || first.box.left > right) return undefined
  // Text below or above the label is a label too, known or not; one badly read sign, before a line that is level with the one
  // above, may be what is left of a seal.
  const under = row.characters.slice(0, start).filter(({ box }) => box.right > label.box.left + 0.3 * height)
  const isLevel = above !== undefined && Math.abs(first.box.left - above.box.left) < LEVEL_HEIGHTS * height
  if (under.length > 0 && !(isLevel && under.length === 1 && isStray(under))) return undefined
  if (page.borders.some((border) => partsOf(border).some((part) => part.row === index && part.start <= start && part.end > start))) return undefined
  // Letters of a seal are smaller than the print of the paper.
  if (printHeight([first]) < SMALL_PRINT * (label.box.bottom - label.box.top) / (label.below === undefined ? 1 : 2)) return undefined
  const line = lineOf(index, valueFrom(page, index, start))
  return line === undefined || under.length === 0 ? line : { ...line, behindSpeck: true }
}

function partsOf(place: LabelPlace): readonly { readonly row: number; readonly start: number; readonly end: number }[] {
  return place.below === undefined ? [place] : [place, place.below]
}

/** With the printed lines above and below that belong to the same value. */
function grown(page: LookedThrough, label: LabelPlace, first: readonly Line[]): Line[] {
  const lines = [...first].sort((a, b) => a.box.top - b.box.top)
  for (let index = (lines.at(-1)?.row ?? 0) + 1; index < page.rows.length && lines.length < MOST_LINES; index++) {
    const last = lines.at(-1)
    const row = page.rows[index]
    if (last === undefined || row === undefined || row.box.top - last.box.bottom > 2 * LINE_GAP_HEIGHTS * (last.box.bottom - last.box.top)) break
    const next = lineBeside(page, index, label, last.box.right, last)
    if (next === undefined) {
      if (isInTheWay(row, label, last)) break
      continue
    }
    if (next.box.top - last.box.bottom > LINE_GAP_HEIGHTS * height(last)) break
    lines.push(next)
  }
  for (let index = (lines[0]?.row ?? 0) - 1; index >= 0 && lines.length < MOST_LINES; index--) {
    const top = lines[0]
    const row = page.rows[index]
    if (top === undefined || row === undefined || top.box.top - row.box.bottom > LINE_GAP_HEIGHTS * height(top)) break
    const above = lineBeside(page, index, label, top.box.right)
    if (above === undefined || above.box.bottom < label.box.top - BESIDE_HEIGHTS * height(top)) break
    // A line between two values belongs to the nearer one.
    const higher = page.rows[index - 1]
    if (higher !== undefined && above.box.top - higher.box.bottom < (top.box.top - above.box.bottom) * 1.25) break
    lines.unshift(above)
  }
  return lines
}

const height = (line: Line): number => Math.max(1, line.box.bottom - line.box.top)

/** Whether a row has print under the value, which then ends there. */
function isInTheWay(row: Row, label: LabelPlace, above: Line): boolean {
  return row.characters.some(({ box }) => box.right > label.box.left && box.left < above.box.right && box.top > above.box.top)
}

/** From `start` to the next label, a wide gap, or the end of the row. */
function valueFrom({ rows, borders }: LookedThrough, rowIndex: number, start: number): PlacedCharacter[] {
  const row = rows[rowIndex]
  if (row === undefined) return []
  const height = printHeight(row.characters)
  const end = borders
    .flatMap(partsOf)
    .filter((border) => border.row === rowIndex && border.start >= start)
    .reduce((nearest, border) => Math.min(nearest, border.start), row.characters.length)
  const value: PlacedCharacter[] = []
  let text = 0
  for (const character of row.characters.slice(start, end)) {
    const before = value.at(-1)
    const gap = before === undefined ? 0 : character.box.left - before.box.right
    if (text > 0 && gap > VALUE_GAP_HEIGHTS * height) break
    value.push(character)
    if (!SEPARATORS.has(character.text)) text++
  }
  return value
}

/** Without stray pieces before and behind the value. */
function withoutStrays(characters: readonly PlacedCharacter[]): readonly PlacedCharacter[] {
  const height = printHeight(characters)
  const isApart = (before: PlacedCharacter | undefined, next: PlacedCharacter | undefined): boolean =>
    before !== undefined && next !== undefined && before.piece !== next.piece && (next.box.left - before.box.right > STRAY_GAP_HEIGHTS * height || next.box.left < before.box.left)
  const pieceStarts = characters.flatMap((character, index) => (index === 0 || character.piece !== characters[index - 1]?.piece ? [index] : []))
  if (pieceStarts.length < 2) return characters
  const second = pieceStarts[1] ?? 0
  const last = pieceStarts.at(-1) ?? 0
  const from = isStray(characters.slice(0, second)) && isApart(characters[second - 1], characters[second]) ? second : 0
  const to = last > from && isStray(characters.slice(last)) && isApart(characters[last - 1], characters[last]) ? last : characters.length
  return characters.slice(from, to)
}

/** A few badly read signs: what is left of a seal or of a pattern behind the print. */
function isStray(characters: readonly PlacedCharacter[]): boolean {
  return characters.length <= STRAY_SIGNS && characters.reduce((sum, { confidence }) => sum + confidence, 0) < STRAY_MEAN * characters.length
}

/** Without the separators at both ends. */
export function trim<Character extends { readonly text: string }>(characters: readonly Character[]): Character[] {
  let from = 0
  let to = characters.length
  while (from < to && SEPARATORS.has(characters[from]?.text ?? '')) from++
  while (to > from && SEPARATORS.has(characters[to - 1]?.text ?? '')) to--
  return characters.slice(from, to)
}

