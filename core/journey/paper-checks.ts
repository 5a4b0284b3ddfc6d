import type { FieldSource, GivenMaterial, ReviewPoint } from '../case/draft.ts'
import { pageProblemQuestion } from '../document/page-sentences.ts'
import type { Gap, ReadField } from '../kiosk-api/snapshot.ts'
import type { CheckFacts, CheckedWay, Finding, PaperFacts } from '../matter-pack/material-checks.ts'
import { PAGE_COUNT, findingsOf, problemOf } from '../matter-pack/material-checks.ts'
import type { Material } from '../matter-pack/schema.ts'
import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'
import type { JourneyContext, ScanState } from './context.ts'
import { factsOf, situationOf } from './context.ts'
import { givenOf } from './given.ts'

const OTHER_AMONG_THEM = text('几页中有一页看起来是别的文书，是不是误放？', 'One of the pages looks like another paper: was it laid by mistake?')
const NOT_BOUND = text('各页没能合成一个 PDF，是逐页交来的：页数齐不齐，顺序对不对？', 'The pages could not be put into one PDF and came one by one: are all there, and in order?')
const NOT_RECOGNISED = text('没有识别为所要求的文书，是不是这份材料？', 'It was not recognised as the paper that is asked for: is it that paper?')

/** What is wrong in the scanned papers, for the gap list: each with its remedy and the way to the paper. */
export function paperGaps(context: JourneyContext): readonly Gap[] {
  const facts = checkFactsOf(context)
  return findings(context, facts).flatMap(({ material, check, kind }): readonly Gap[] => {
    if (kind !== 'gap' || check.gap === undefined) return []
    const target = reopened(context, material.id) === undefined ? 'material' : 'paper'
    return [{ id: `check-${material.id}-${check.id}`, about: 'material', sentence: problemOf(check.gap.problem, facts), remedy: check.gap.remedy, target: { kind: target, material: material.id } }]
  })
}

/** What goes to a clerk with the application. */
export function reviewPointsOf(context: JourneyContext): readonly ReviewPoint[] {
  const undecided = findings(context, checkFactsOf(context))
    .filter(({ kind }) => kind === 'clerk')
    .map(({ material, check, why }): ReviewPoint => ({ material: material.id, check: check.id, finding: why, question: check.question }))
  return [...undecided, ...picturesToLookAt(context)]
}

/**
 * Pictures that were not good enough, or show another paper as far as the machine can tell, and that the citizen used all the
 * same; and pages that could not be bound.
 */
function picturesToLookAt(context: JourneyContext): readonly ReviewPoint[] {
  return situationOf(context).materials.flatMap(({ id }): readonly ReviewPoint[] => {
    const given = givenOf(context, id)
    if (given?.way !== 'scan') return []
    const flaws = (given.doubts ?? []).map((problem): ReviewPoint => ({ material: id, check: `picture-${problem}`, finding: 'undecided', question: pageProblemQuestion(problem) }))
    const of = (check: string, question: LocalText): ReviewPoint => ({ material: id, check, finding: 'undecided', question })
    return [
      ...flaws,
      ...(given.paper === 'not-recognised' ? [of('picture-not-recognised', NOT_RECOGNISED)] : []),
      ...(given.paper === 'mixed' ? [of('picture-other-paper', OTHER_AMONG_THEM)] : []),
      ...(given.binding === 'failed' ? [of('pages-not-bound', NOT_BOUND)] : []),
    ]
  })
}

function findings(context: JourneyContext, facts: CheckFacts): readonly (Finding & { readonly material: Material })[] {
  return situationOf(context).materials.flatMap((material) => {
    const way = checkedWay(givenOf(context, material.id))
    return way === undefined ? [] : findingsOf(material, way, facts).map((finding) => ({ ...finding, material }))
  })
}

/** Nothing is asked of a clerk where nothing is there yet, or where a register has answered. */
function checkedWay(given: GivenMaterial | undefined): CheckedWay | undefined {
  switch (given?.way) {
    case 'scan': return { kind: 'scan', document: given.document }
    case 'licence': case 'commitment': return { kind: 'otherwise' }
    case 'card': case 'generated': case 'data-check': case 'later': case undefined: return undefined
  }
}

function checkFactsOf(context: JourneyContext): CheckFacts {
  const { identity, ...facts } = factsOf(context)
  const papers = Object.fromEntries(situationOf(context).materials.flatMap(({ id }): (readonly [string, PaperFacts])[] => {
    const given = givenOf(context, id)
    return given?.way === 'scan' ? [[id, paperFacts(given)]] : []
  }))
  return { ...facts, papers, ...(identity && context.identity && { identity: { ...identity, name: context.identity.name, number: context.identity.number } }) }
}

/** Only what was read surely is known of a paper: what the citizen typed or waved through proves nothing about what stands there. */
function paperFacts(given: Extract<GivenMaterial, { way: 'scan' }>): PaperFacts {
  return { ...Object.fromEntries(Object.entries(given.fields).filter(([field]) => given.sources[field] === 'read-sure')), [PAGE_COUNT]: given.pages.length }
}

/** How each confirmed value came about. A value that stayed as it was keeps its source from an earlier confirming. */
export function fieldSources(fields: readonly ReadField[], confirmed: Readonly<Record<string, string>>, before: Readonly<Record<string, FieldSource>>): Readonly<Record<string, FieldSource>> {
  return Object.fromEntries(fields.flatMap((field): (readonly [string, FieldSource])[] => {
    const value = confirmed[field.id]
    if (value === undefined) return []
    if (value !== field.value.trim()) return [[field.id, 'typed']]
    return [[field.id, before[field.id] ?? (field.state === 'sure' ? 'read-sure' : 'read-unsure-confirmed')]]
  }))
}

/** The scan of a given material as it stood for confirming, with the values as confirmed; `undefined` when nothing was read. */
export function reopened(context: JourneyContext, material: string): ScanState | undefined {
  const given = context.given[material]
  const reading = context.readings[material]
  if (given?.way !== 'scan' || reading?.pages.every((page) => given.pages.includes(page)) !== true) return undefined
  const fields = reading.fields.map((field) => ({ ...field, value: given.fields[field.id] ?? '' }))
  return { material, document: given.document, pages: given.pages, stage: { ...reading, fields, redo: 'all' } }
}
