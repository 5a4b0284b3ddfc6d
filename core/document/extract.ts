import { err, ok } from '../result/result.ts'
import type { Result } from '../result/result.ts'
import type { PlacedCharacter } from './characters.ts'
import { rowsOf } from './characters.ts'
import { crossChecked } from './cross-checks.ts'
import type { DocumentField, DocumentKind } from './document-kind.ts'
import type { EngineThresholds, RecognisedLine } from './engine.ts'
import { judgeField } from './judge-field.ts'
import { detectKind } from './kind-detection.ts'
import { distinct, labelFinder, standingAlone } from './labels.ts'
import type { FieldReading, OtherDocument } from './reading.ts'
import type { LookedThrough, PageSize } from './value-places.ts'
import { placeOf } from './value-places.ts'
import { proofOf } from './value-rules.ts'

/** Grain of the paper gives an engine a stray sign or two; a document has more. */
const FEWEST_CHARACTERS = 5

/** A field with the characters that it was read from, so that doubtful ones can be read again. */
export interface FoundField {
  readonly field: DocumentField
  readonly reading: FieldReading
  readonly characters: readonly PlacedCharacter[]
}

export interface FoundDocument {
  readonly kind: DocumentKind
  readonly fields: readonly FoundField[]
}

/** What an engine read, and the size of the picture in which its boxes lie. */
export interface RecognisedPage {
  readonly lines: readonly RecognisedLine[]
  readonly size?: PageSize
}

/**
 * Finds the fields of that one of the wanted kinds which fits what an engine recognised. `blank-page` when nothing was
 * recognised, `other-document` when the page is none of the wanted kinds; it is named where it is one of `all`. Checks of
 * values against each other come later (`checkedTogether`), after doubtful ones have been read again.
 */
export function extractDocument(
  { lines, size }: RecognisedPage,
  wanted: readonly DocumentKind[],
  all: readonly DocumentKind[],
  thresholds: EngineThresholds,
): Result<FoundDocument, { readonly kind: 'blank-page' } | OtherDocument> {
  const rows = rowsOf(lines)
  if (rows.reduce((sum, row) => sum + row.characters.length, 0) < FEWEST_CHARACTERS) return err({ kind: 'blank-page' })
  const find = labelFinder(rows)
  const detected = detectKind(find, rows, size, wanted, all)
  if (detected.kind === 'other') return err({ kind: 'other-document', ...(detected.found === undefined ? {} : { found: detected.found.id }) })
  return ok({ kind: detected.is, fields: extractFields({ rows, size, find, borders: [] }, detected.is, thresholds) })
}

/** The readings of a document, each against the others and against the calendar (`today`, `YYYY-MM-DD`). */
export function checkedTogether(kind: DocumentKind, readings: readonly FieldReading[], today: string | undefined): FieldReading[] {
  return crossChecked(readings, kind.checks, today)
}

function extractFields(page: LookedThrough, kind: DocumentKind, thresholds: EngineThresholds): FoundField[] {
  const { find } = page
  const all = [...new Set([...kind.fields.flatMap((field) => [...field.labels, ...(field.after ?? [])]), ...kind.otherLabels])]
  const everywhere = all.flatMap((label) => find(label))
  const places = all.map((label) => ({ label, at: standingAlone(find(label), everywhere) }))
  return kind.fields.map((field) => {
    const own = new Set(field.labels)
    // A label of the field itself may stand once more inside its value: 面积 | 房屋建筑面积86.50平方米.
    const borders = places.filter(({ label }) => !own.has(label) || field.nth !== undefined).flatMap(({ at }) => at)
    const labels = distinct(places.filter(({ label }) => own.has(label)).flatMap(({ at }) => at))
    const namesakes = kind.fields.filter((other) => other.labels.some((label) => own.has(label)))
    const anchors = namesakes.flatMap(({ after = [] }) => after).filter((label) => !field.after?.includes(label))
    const found = placeOf({ ...page, borders }, field, labels, { expected: Math.max(...namesakes.map(({ nth }) => nth ?? 1)), anchors })
    const characters = found?.characters ?? []
    const reading = judgeField(field, characters, thresholds)
    // A value that nothing but its place or its order speaks for is shown, never taken.
    const guessed = found?.by === 'guess' && reading.state === 'sure' && proofOf(field.rule) !== 'checked'
    return { field, characters, reading: guessed ? { ...reading, state: 'unsure', why: 'guessed-place' } : reading }
  })
}
