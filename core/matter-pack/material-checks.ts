import { maskName, maskNumber } from '../identity/masking.ts'
import type { Decision } from '../rules/decide.ts'
import { decideRule } from '../rules/decide.ts'
import { readVariable } from '../rules/evaluate.ts'
import type { RuleFacts } from '../rules/rule.ts'
import { ruleHolds } from '../rules/rule.ts'
import { dateText } from '../text/phrases.ts'
import { LANGUAGES } from '../text/local-text.ts'
import type { Language, LocalText } from '../text/local-text.ts'
import type { Material, MaterialCheck } from './schema.ts'

/** How many pages of the material were scanned: a variable beside the fields of its papers. */
export const PAGE_COUNT = 'pageCount'

/** What is known of one scanned paper: its surely read fields by id, and `pageCount`. What is not sure is left out. */
export type PaperFacts = Readonly<Record<string, string | number>>

/** What the checks of a material may look at: beside all that other rules see, the person's name and number, and the papers. */
export interface CheckFacts extends RuleFacts {
  readonly identity?: NonNullable<RuleFacts['identity']> & { readonly name?: string; readonly number?: string }
  /** Material → what was read of it. */
  readonly papers: Readonly<Record<string, PaperFacts>>
}

/** A material as its checks see it: scanned, or something else stands in its place (licence, commitment). */
export type CheckedWay = { readonly kind: 'scan'; readonly document: string } | { readonly kind: 'otherwise' }

export interface Finding {
  readonly check: MaterialCheck
  /** `gap`: the citizen mends it. `clerk`: a person looks at it; nothing is held against the citizen. */
  readonly kind: 'gap' | 'clerk'
  readonly why: 'differs' | 'undecided'
}

/** What the checks of a material find. A check that holds finds nothing. */
export function findingsOf(material: Pick<Material, 'checks'>, way: CheckedWay, facts: CheckFacts): readonly Finding[] {
  return (material.checks ?? []).flatMap((check): readonly Finding[] => {
    if (check.document !== undefined && (way.kind !== 'scan' || way.document !== check.document)) return []
    if (check.when !== undefined && !ruleHolds(check.when, facts)) return []
    const finding = findingOf(check, decideRule(check.rule, facts))
    return finding === undefined ? [] : [finding]
  })
}

function findingOf(check: MaterialCheck, decision: Decision): Finding | undefined {
  switch (decision) {
    case true: return undefined
    case false: return { check, kind: check.gap === undefined ? 'clerk' : 'gap', why: 'differs' }
    case 'undecided': return { check, kind: 'clerk', why: 'undecided' }
  }
}

export const PLACEHOLDER_FORMS = ['name', 'number', 'date'] as const
export type PlaceholderForm = (typeof PLACEHOLDER_FORMS)[number]
const PLACEHOLDER = /\{([^{}|]*)(?:\|([^{}|]*))?\}/g

/** The `{variable|form}` in a sentence, in order. */
export function placeholdersIn(sentence: string): readonly { readonly variable: string; readonly form: string | undefined }[] {
  return [...sentence.matchAll(PLACEHOLDER)].map(([, variable = '', form]) => ({ variable, form }))
}

/** The problem in words, with its values. Names and numbers are masked; where two of them differ in a sign or two, those are shown. */
export function problemOf(problem: LocalText, facts: CheckFacts): LocalText {
  const filled = (language: Language): string => {
    const found = placeholdersIn(problem[language]).map(({ variable, form }) => ({ form, value: valueOf(variable, facts) }))
    return problem[language].replaceAll(PLACEHOLDER, (_whole, variable: string, form: string | undefined) => {
      const value = valueOf(variable, facts)
      if (value === '') return '—'
      if (form === 'date') return dateText(value)[language]
      if (form !== 'name' && form !== 'number') return value
      return masked(value, form, found.find((other) => other.form === form && other.value !== value)?.value ?? value)
    })
  }
  const [zh, en] = LANGUAGES.map(filled)
  return { 'zh-CN': zh ?? '', en: en ?? '' }
}

function valueOf(variable: string, facts: CheckFacts): string {
  const value = readVariable(variable, facts)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** More differences than these are another person's name or number, of which nothing need be shown. */
const MOST_SHOWN_DIFFERENCES = 2

function masked(value: string, form: 'name' | 'number', other: string): string {
  const hidden = [...(form === 'name' ? maskName(value) : maskNumber(value))]
  const [own, against] = [[...value], [...other]]
  const differing = own.flatMap((character, index) => (character === against[index] ? [] : [index]))
  if (own.length !== against.length || differing.length > MOST_SHOWN_DIFFERENCES) return hidden.join('')
  return hidden.map((character, index) => (differing.includes(index) ? (own[index] ?? character) : character)).join('')
}
