import { err, ok } from '../result/result.ts'
import type { Result } from '../result/result.ts'
import type { Row } from './characters.ts'
import { boxOf, printHeight, rowsOf, textOf } from './characters.ts'
import type { DocumentField, DocumentKind } from './document-kind.ts'
import type { EngineThresholds, RecognisedCharacter, RecognisedLine } from './engine.ts'
import type { FindLabel, LabelPlace } from './labels.ts'
import { bestPlace, labelFinder } from './labels.ts'
import type { FieldDoubt, FieldReading } from './reading.ts'
import { judgeValue, proofOf } from './value-rules.ts'

/** Marks that stand between label and value, or that rules of a table leave behind. */
const SEPARATORS = new Set([...":;|.,'\"“”‘’`_~、。·•-="])
/** A space wider than this part of the print height ends a value. */
const VALUE_GAP_HEIGHTS = 3
/** Inside a name or a word, a hole this wide is room for a character that the engine did not see. */
const HOLE_HEIGHTS = 0.75
/** How much of a kind's labels must stand on a page without a known title for the page to be of that kind. */
const SHARE_OF_LABELS = 0.5

/** A field with the characters that it was read from, so that doubtful ones can be read again. */
export interface FoundField {
  readonly field: DocumentField
  readonly reading: FieldReading
  readonly characters: readonly RecognisedCharacter[]
}

export interface FoundDocument {
  readonly kind: string
  readonly fields: readonly FoundField[]
}

/**
 * Finds the fields of the best fitting kind in what an engine recognised. `blank-page` when nothing was recognised,
 * `other-document` when the page fits none of the kinds.
 */
export function extractDocument(
  lines: readonly RecognisedLine[],
  kinds: readonly DocumentKind[],
  thresholds: EngineThresholds,
): Result<FoundDocument, { readonly kind: 'blank-page' } | { readonly kind: 'other-document' }> {
  const rows = rowsOf(lines)
  // Grain of the paper gives an engine a stray sign or two; a document has more.
  if (rows.reduce((sum, row) => sum + row.characters.length, 0) < 5) return err({ kind: 'blank-page' })
  const find = labelFinder(rows)
  const kind = kinds.map((candidate) => ({ candidate, fit: fitOf(find, candidate) })).sort((a, b) => b.fit - a.fit)[0]
  if (kind === undefined || kind.fit === 0) return err({ kind: 'other-document' })
  return ok({ kind: kind.candidate.id, fields: extractFields(rows, find, kind.candidate, thresholds) })
}

/** 0: not this kind. A title counts as much as all labels together. */
function fitOf(find: FindLabel, kind: DocumentKind): number {
  const labelled = kind.fields.filter((field) => field.labels.length > 0)
  const found = labelled.filter((field) => field.labels.some((label) => find(label).length > 0)).length
  const share = labelled.length === 0 ? 0 : found / labelled.length
  const titled = kind.titles.some((title) => find(title).some((place) => place.opensCell))
  return titled ? 1 + share : share >= SHARE_OF_LABELS ? share : 0
}

function extractFields(rows: readonly Row[], find: FindLabel, kind: DocumentKind, thresholds: EngineThresholds): FoundField[] {
  const places = [...kind.fields.flatMap((field) => [...field.labels, ...(field.after ?? [])]), ...kind.otherLabels].map((label) => ({ label, at: find(label) }))
  return kind.fields.map((field) => {
    // A label of the field itself may stand once more inside its value: 面积 | 房屋建筑面积86.50平方米.
    const borders = places.filter(({ label }) => !field.labels.includes(label)).flatMap(({ at }) => at)
    const characters = trim((field.labels.length === 0 ? byPattern(rows, field) : byLabel(rows, find, field, borders)) ?? [])
    return { field, characters, reading: judgeField(field, characters, thresholds) }
  })
}

/** The field as read from these characters; `missing` when there are none. Also judges a second reading of a place. */
export function judgeField(field: DocumentField, characters: readonly RecognisedCharacter[], thresholds: EngineThresholds): FieldReading {
  const value = trim(characters)
  const box = boxOf(value)
  if (value.length === 0 || box === undefined) return { field: field.id, value: '', state: 'missing', why: 'not-found', confidence: 0 }
  const judged = judgeValue(field.rule, textOf(value))
  const confidences = countingCharacters(field, value).map((character) => character.confidence)
  const minimum = Math.min(...confidences)
  const mean = confidences.reduce((a, b) => a + b, 0) / confidences.length
  // A value from a closed list is as good as proved: the engine would have to misread one choice as another.
  const threshold = thresholds[field.oneOf === undefined ? proofOf(field.rule) : 'numeric']
  const doubt: FieldDoubt | undefined =
    judged.doubt ??
    (field.oneOf !== undefined && !field.oneOf.includes(judged.value) ? 'not-a-choice' : undefined) ??
    (field.pattern !== undefined && !new RegExp(`^(?:${field.pattern})$`, 'u').test(judged.value) ? 'not-the-pattern' : undefined) ??
    (proofOf(field.rule) === 'text' && hasHole(value) ? 'characters-missing' : undefined) ??
    (minimum < threshold.minimum || mean < threshold.mean ? 'low-confidence' : undefined)
  const reading = { field: field.id, value: judged.value, box, confidence: minimum }
  return doubt === undefined ? { ...reading, state: 'sure' } : { ...reading, state: 'unsure', why: doubt }
}

/** In a number only its digits and letters count; 平方米 or a bracket read badly takes nothing from it. */
function countingCharacters(field: DocumentField, value: readonly RecognisedCharacter[]): readonly RecognisedCharacter[] {
  if (proofOf(field.rule) === 'text') return value
  const counting = value.filter((character) => /[\dA-Za-z.]/.test(character.text))
  return counting.length === 0 ? value : counting
}

/** A value that has no label: the first run of a row that fits the pattern. */
function byPattern(rows: readonly Row[], field: DocumentField): readonly RecognisedCharacter[] | undefined {
  const pattern = new RegExp(field.pattern ?? '(?!)', 'u')
  for (const row of rows) {
    const match = pattern.exec(textOf(row.characters))
    if (match === null) continue
    return charactersAt(row, match.index, match.index + match[0].length)
  }
  return undefined
}

/** The characters of a row that make up the given stretch of its text (UTF-16 units, as regular expressions count). */
function charactersAt(row: Row, from: number, to: number): RecognisedCharacter[] {
  let at = 0
  return row.characters.filter((character) => {
    const start = at
    at += character.text.length
    return start >= from && start < to
  })
}

function byLabel(rows: readonly Row[], find: FindLabel, field: DocumentField, borders: readonly LabelPlace[]): readonly RecognisedCharacter[] | undefined {
  const anchor = field.after === undefined ? undefined : bestPlace(field.after.flatMap((label) => find(label)))
  if (field.after !== undefined && anchor === undefined) return undefined
  const places = field.labels
    .flatMap((label) => find(label))
    .filter((place) => anchor === undefined || place.row > anchor.row || (place.row === anchor.row && place.start >= anchor.end))
  // Behind an anchor the first such label is meant (the next party has the same words); elsewhere the clearest one.
  const nearest = [...places].sort((a, b) => a.row - b.row || a.start - b.start)
  const place = anchor === undefined ? bestPlace(places) : nearest[0]
  const row = place === undefined ? undefined : rows[place.row]
  if (place === undefined || row === undefined) return undefined
  const value = valueFrom(row, place.row, place.end, borders)
  if (trim(value).length === 0) return undefined
  return field.mayWrap ? [...value, ...continuation(rows, place.row, value, borders)] : value
}

/** From `start` to the next label, a wide gap, or the end of the row. */
function valueFrom(row: Row, rowIndex: number, start: number, borders: readonly LabelPlace[]): RecognisedCharacter[] {
  const height = printHeight(row.characters)
  const end = borders
    .filter((border) => border.row === rowIndex && border.start >= start)
    .reduce((nearest, border) => Math.min(nearest, border.start), row.characters.length)
  const value: RecognisedCharacter[] = []
  let text = 0
  for (const character of row.characters.slice(start, end)) {
    const before = value.at(-1)
    if (text > 0 && before !== undefined && character.box.left - before.box.right > VALUE_GAP_HEIGHTS * height) break
    value.push(character)
    if (!SEPARATORS.has(character.text)) text++
  }
  return value
}

/** The next printed line of the same cell: same left edge, close below, no label of its own. */
function continuation(rows: readonly Row[], rowIndex: number, value: readonly RecognisedCharacter[], borders: readonly LabelPlace[]): RecognisedCharacter[] {
  const first = trim(value)[0]
  const next = rows[rowIndex + 1]
  const row = rows[rowIndex]
  if (first === undefined || next === undefined || row === undefined || row.characters.at(-1) !== value.at(-1)) return []
  const height = printHeight(row.characters)
  const start = next.characters.findIndex((character) => Math.abs(character.box.left - first.box.left) < 1.5 * height)
  if (start < 0 || next.box.top - row.box.bottom > height) return []
  if (borders.some((border) => border.row === rowIndex + 1 && border.start <= start && border.end > start)) return []
  return valueFrom(next, rowIndex + 1, start, borders)
}

function trim(characters: readonly RecognisedCharacter[]): RecognisedCharacter[] {
  let from = 0
  let to = characters.length
  while (from < to && SEPARATORS.has(characters[from]?.text ?? '')) from++
  while (to > from && SEPARATORS.has(characters[to - 1]?.text ?? '')) to--
  return characters.slice(from, to)
}

function hasHole(characters: readonly RecognisedCharacter[]): boolean {
  const height = printHeight(characters)
  return characters.some((character, index) => {
    const before = characters[index - 1]
    // Brackets and digits are narrower than the space that they are given.
    return before !== undefined && isHan(before) && isHan(character) && character.box.top < before.box.bottom && character.box.left - before.box.right > HOLE_HEIGHTS * height
  })
}

function isHan(character: RecognisedCharacter): boolean {
  return /\p{Script=Han}/u.test(character.text)
}
