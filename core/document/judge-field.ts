import { surnameLengthOf } from '../identity/surnames.ts'
import { boxOf, printHeight, textOf } from './characters.ts'
import type { PlacedCharacter } from './characters.ts'
import type { DocumentField } from './document-kind.ts'
import type { EngineThresholds, RecognisedCharacter } from './engine.ts'
import type { FieldDoubt, FieldReading } from './reading.ts'
import { trim } from './value-places.ts'
import { judgeValue, likeDigits, proofOf } from './value-rules.ts'

/** Inside a name or a word, a hole this wide is room for a character that the engine did not see. */
const HOLE_HEIGHTS = 0.75
/**
 * From the middle of the last character to the end of its piece of print there are 0.6 to 0.95 of the distance between two
 * characters; where the last character was dropped without a trace (rare ones are), 1.6 and more.
 */
const ROOM_AT_END = 1.3
/** A piece that holds a single character is about 1.8 times as wide as that is high, with the air around it. */
const WIDEST_SINGLE = 2.05
/** What is left of most names when a character is dropped without a trace. */
const SHORT_NAME = 2
const USUAL_NAME = 3
/** A number is only repaired where the engine gave a sign less than this. */
const REPAIRABLE_BELOW = 0.95

/** The field as read from these characters; `missing` when there are none. Also judges a second reading of a place. */
export function judgeField(field: DocumentField, characters: readonly (RecognisedCharacter | PlacedCharacter)[], thresholds: EngineThresholds): FieldReading {
  const value = trim(characters)
  const box = boxOf(value)
  if (value.length === 0 || box === undefined) return { field: field.id, value: '', state: 'missing', why: 'not-found', confidence: 0 }
  const judged = judgeValue(field.rule, textOf(value), (at) => (characterAt(value, at)?.confidence ?? 1) < REPAIRABLE_BELOW)
  const form = field.pattern === undefined ? undefined : inForm(judged.value, new RegExp(`^(?:${field.pattern})$`, 'u'))
  const confidences = countingCharacters(field, value).map((character) => character.confidence)
  const minimum = Math.min(...confidences)
  const mean = confidences.reduce((a, b) => a + b, 0) / confidences.length
  // A value from a closed list is as good as proved: the engine would have to misread one choice as another.
  const threshold = field.rule === 'name' && thresholds.name !== undefined ? thresholds.name : thresholds[field.oneOf === undefined ? proofOf(field.rule) : 'numeric']
  const doubt: FieldDoubt | undefined =
    judged.doubt ??
    (field.oneOf !== undefined && !field.oneOf.includes(judged.value) ? 'not-a-choice' : undefined) ??
    (form?.fits === false ? 'not-the-pattern' : undefined) ??
    (proofOf(field.rule) === 'text' && field.oneOf === undefined && (hasHole(value) || hasRoom(value, field.rule === 'name')) ? 'characters-missing' : undefined) ??
    (minimum < threshold.minimum || mean < threshold.mean ? 'low-confidence' : undefined) ??
    (field.rule === 'name' && hasDoubtfulLength(judged.value) ? 'name-length' : undefined)
  const lines = linesOf(value)
  const reading = { field: field.id, value: form?.value ?? judged.value, box, ...(lines === 1 ? {} : { lines }), confidence: minimum }
  return doubt === undefined ? { ...reading, state: 'sure' } : { ...reading, state: 'unsure', why: doubt }
}

/** Thin marks that engines miss between digits. */
const THIN_MARKS = ['-', '(', ')', '/', '.']

/**
 * A value that lacks one thin mark of its form is proposed with it, where only one place comes into question; one with
 * letters where its form has digits, with those digits.
 */
function inForm(value: string, pattern: RegExp): { readonly value: string; readonly fits: boolean } {
  if (pattern.test(value)) return { value, fits: true }
  // No form has a small letter.
  const digits = likeDigits(value).replaceAll('q', '9')
  if (pattern.test(digits)) return { value: digits, fits: false }
  const mended = new Set(THIN_MARKS.flatMap((mark) => Array.from({ length: value.length + 1 }, (_, at) => `${value.slice(0, at)}${mark}${value.slice(at)}`)).filter((candidate) => pattern.test(candidate)))
  return { value: mended.size === 1 ? ([...mended][0] ?? value) : value, fits: false }
}

function linesOf(characters: readonly RecognisedCharacter[]): number {
  return 1 + characters.filter(({ box }, index) => {
    const before = characters[index - 1]?.box
    return before !== undefined && box.left < before.left && box.top > (before.top + before.bottom) / 2
  }).length
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

/**
 * Whether a piece of print goes on behind its last Chinese character far enough for another one; for a name also whether it
 * begins so far before its first (engines often begin a piece at the rule of a table before it).
 */
function hasRoom(value: readonly (RecognisedCharacter | PlacedCharacter)[], isName: boolean): boolean {
  return value.some((character) => {
    if (!('piece' in character) || !isHan(character)) return false
    const { box, characters } = character.piece
    if (characters.length === 1) return box.right - box.left > WIDEST_SINGLE * printHeight(characters)
    const own = characters.findIndex((other) => other.box.left === character.box.left)
    const centre = middle(character)
    const limit = ROOM_AT_END * distanceOf(characters)
    return (isName && own === 0 && centre - box.left > limit) || (own === characters.length - 1 && box.right - centre > limit)
  })
}

/**
 * Most names have three characters, so two may be what is left of them: a rare one is often dropped together with its room.
 * A sign that is no surname before one that is (委魏庆洁), or any before a name of three (方陈志远), may be a speck or the end of
 * a label.
 */
function hasDoubtfulLength(name: string): boolean {
  const characters = [...name]
  if (characters.length === SHORT_NAME) return true
  const own = surnameLengthOf(name)
  return surnameLengthOf(characters.slice(1).join('')) > 0 && (own === 0 || (own === 1 && characters.length > USUAL_NAME))
}

/**
 * The distance between the middles of two Chinese characters that stand together (labels are often spaced out); at least
 * about their height, for they stand in squares.
 */
function distanceOf(characters: readonly RecognisedCharacter[]): number {
  const distances = characters.flatMap((character, index) => {
    const before = characters[index - 1]
    return before !== undefined && isHan(before) && isHan(character) ? [middle(character) - middle(before)] : []
  })
  return Math.max(0.95 * printHeight(characters), distances.length === 0 ? 0 : Math.min(...distances))
}

const middle = ({ box }: RecognisedCharacter): number => (box.left + box.right) / 2

function isHan(character: RecognisedCharacter): boolean {
  return /\p{Script=Han}/u.test(character.text)
}
