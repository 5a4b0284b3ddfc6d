import { boxOf, printHeight, textOf } from './characters.ts'
import type { PlacedCharacter } from './characters.ts'
import type { DocumentField } from './document-kind.ts'
import type { EngineThresholds, RecognisedCharacter } from './engine.ts'
import type { FieldDoubt, FieldReading } from './reading.ts'
import { trim } from './value-places.ts'
import { judgeValue, proofOf } from './value-rules.ts'

/** Inside a name or a word, a hole this wide is room for a character that the engine did not see. */
const HOLE_HEIGHTS = 0.75
/** A number is only repaired where the engine gave a sign less than this. */
const REPAIRABLE_BELOW = 0.95

/** The field as read from these characters; `missing` when there are none. Also judges a second reading of a place. */
export function judgeField(field: DocumentField, characters: readonly (RecognisedCharacter | PlacedCharacter)[], thresholds: EngineThresholds): FieldReading {
  const value = trim(characters)
  const box = boxOf(value)
  if (value.length === 0 || box === undefined) return { field: field.id, value: '', state: 'missing', why: 'not-found', confidence: 0 }
  const judged = judgeValue(field.rule, textOf(value), (at) => (characterAt(value, at)?.confidence ?? 1) < REPAIRABLE_BELOW)
  const confidences = countingCharacters(field, value).map((character) => character.confidence)
  const minimum = Math.min(...confidences)
  const mean = confidences.reduce((a, b) => a + b, 0) / confidences.length
  // A value from a closed list is as good as proved: the engine would have to misread one choice as another.
  const threshold = thresholds[field.oneOf === undefined ? proofOf(field.rule) : 'numeric']
  const doubt: FieldDoubt | undefined =
    judged.doubt ??
    (field.oneOf !== undefined && !field.oneOf.includes(judged.value) ? 'not-a-choice' : undefined) ??
    (field.pattern !== undefined && !new RegExp(`^(?:${field.pattern})$`, 'u').test(judged.value) ? 'not-the-pattern' : undefined) ??
    (proofOf(field.rule) === 'text' && (hasHole(value) || hasDropped(value, thresholds.widest)) ? 'characters-missing' : undefined) ??
    (minimum < threshold.minimum || mean < threshold.mean ? 'low-confidence' : undefined)
  const reading = { field: field.id, value: judged.value, box, confidence: minimum }
  return doubt === undefined ? { ...reading, state: 'sure' } : { ...reading, state: 'unsure', why: doubt }
}

/** The character at a place of the text (UTF-16 units). */
function characterAt(characters: readonly RecognisedCharacter[], at: number): RecognisedCharacter | undefined {
  let end = 0
  return characters.find(({ text }) => (end += text.length) > at)
}

/** In a number only its digits and letters count; 平方米 or a bracket read badly takes nothing from it. */
function countingCharacters(field: DocumentField, value: readonly RecognisedCharacter[]): readonly RecognisedCharacter[] {
  if (proofOf(field.rule) === 'text') return value
  const counting = value.filter((character) => /[\dA-Za-z.]/.test(character.text))
  return counting.length === 0 ? value : counting
}

function hasHole(characters: readonly RecognisedCharacter[]): boolean {
  const height = printHeight(characters)
  return characters.some((character, index) => {
    const before = characters[index - 1]
    // Brackets and digits are narrower than the space that they are given.
    return before !== undefined && isHan(before) && isHan(character) && character.box.top < before.box.bottom && character.box.left - before.box.right > HOLE_HEIGHTS * height
  })
}

/** Whether a piece of print that holds nothing but Chinese characters is wider than so many of them. */
function hasDropped(characters: readonly (RecognisedCharacter | PlacedCharacter)[], widest: EngineThresholds['widest']): boolean {
  if (widest === undefined) return false
  const pieces = new Set(characters.flatMap((character) => ('piece' in character ? [character.piece] : [])))
  return [...pieces].some(({ box, characters: all }) => {
    const ratio = (box.right - box.left) / Math.max(1, box.bottom - box.top)
    return all.every(isHan) && ratio > widest.perCharacter * all.length + widest.air
  })
}

function isHan(character: RecognisedCharacter): boolean {
  return /\p{Script=Han}/u.test(character.text)
}
