import type { Truth } from '../../../sandbox/papers/truth.ts'
import type { PageOutcome } from './messages.ts'
import { comparable, isIdentifying, scoreCharacters, share, standsIn } from './score.ts'

/** What one engine made of one page. */
export interface PageScore {
  readonly printed: number
  readonly wrongCharacters: number
  /** Fields whose every printed line stands in the whole text. */
  readonly inText: number
  readonly fields: number
  /** Fields that the product's extraction gave exactly, sure or not. */
  readonly exact: number
  readonly numbers: number
  readonly numbersExact: number
  readonly numbersInText: number
  /** Fields said to be sure with another value than printed, or that are not on the page at all. */
  readonly wrongButSure: readonly string[]
  /** Fields exact and sure: nothing to look at for the citizen but to confirm. */
  readonly sureExact: number
  /** Names of fields that were not given exactly. */
  readonly missed: readonly string[]
}

/** Scores a page; `outcome` is undefined for a program that gives text only. */
export function scorePage(truth: Truth, text: string, outcome: PageOutcome | undefined): PageScore {
  const characters = scoreCharacters(truth.lines.map((line) => line.text), text)
  const given = new Map(outcome?.fields.map((field) => [field.field, field]) ?? [])
  const wanted = new Map(truth.fields.map((field) => [field.id, field.value]))
  const isExact = (id: string, value: string): boolean => given.get(id)?.state !== 'missing' && comparable(given.get(id)?.value ?? '') === comparable(value)
  const numbers = truth.fields.filter(({ id }) => isIdentifying(id))
  const exact = truth.fields.filter(({ id, value }) => isExact(id, value))
  return {
    printed: characters.printed, wrongCharacters: characters.wrong,
    inText: truth.fields.filter(({ lines }) => standsIn(lines, text)).length,
    fields: truth.fields.length, exact: exact.length,
    numbers: numbers.length, numbersExact: numbers.filter(({ id, value }) => isExact(id, value)).length,
    numbersInText: numbers.filter(({ lines }) => standsIn(lines, text)).length,
    wrongButSure: [...given.values()].filter(({ field, value, state }) => state === 'sure' && comparable(value) !== comparable(wanted.get(field) ?? '')).map(({ field }) => field),
    sureExact: exact.filter(({ id }) => given.get(id)?.state === 'sure').length,
    missed: truth.fields.filter(({ id, value }) => !isExact(id, value)).map(({ id }) => id),
  }
}

export interface Rates {
  readonly pages: number
  readonly fields: number
  readonly characterErrorRate: number
  readonly fieldsInText: number
  readonly numbersInText: number
  readonly fieldsExact: number
  readonly numbersExact: number
  readonly wrongButSure: number
  readonly sureAndExact: number
}

/** Sums pages up to rates; every rate is over all fields, not the mean of the pages. */
export function ratesOf(scores: readonly PageScore[]): Rates {
  const sum = (of: (score: PageScore) => number): number => scores.reduce((total, score) => total + of(score), 0)
  const fields = sum((score) => score.fields)
  const numbers = sum((score) => score.numbers)
  return {
    pages: scores.length, fields,
    characterErrorRate: share(sum((score) => score.wrongCharacters), sum((score) => score.printed)),
    fieldsInText: share(sum((score) => score.inText), fields), numbersInText: share(sum((score) => score.numbersInText), numbers),
    fieldsExact: share(sum((score) => score.exact), fields), numbersExact: share(sum((score) => score.numbersExact), numbers),
    wrongButSure: share(sum((score) => score.wrongButSure.length), fields), sureAndExact: share(sum((score) => score.sureExact), fields),
  }
}
