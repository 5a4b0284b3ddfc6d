import { ageAt } from '../identity/dates.ts'
import type { CheckFacts, CheckedWay, Finding } from './material-checks.ts'
import { PAGE_COUNT, findingsOf } from './material-checks.ts'
import { packFault } from './pack-fault.ts'
import type { PackFault, Path } from './pack-fault.ts'
import type { GoldenCase, Matter, MatterPack } from './schema.ts'
import { resolveSituation } from './situation.ts'
import { unknown } from './variable-faults.ts'

/** The facts of a golden case: its answers, its form, the identity that it names, and what was read from its papers. */
export function goldenFacts(golden: GoldenCase): CheckFacts {
  const { identity, answers, today, form = {} } = golden
  const papers = Object.fromEntries(Object.entries(golden.papers ?? {}).flatMap(([material, given]) => (typeof given === 'string' ? [] : [[material, { ...given.read, [PAGE_COUNT]: given.pageCount }]])))
  const named = { ...(identity?.name !== undefined && { name: identity.name }), ...(identity?.number !== undefined && { number: identity.number }) }
  const person = identity && { ...named, age: ageAt(identity.birth, today), birth: identity.birth, sex: identity.sex, region: identity.region, kind: 'resident', cardExpired: false }
  return { answers, today, form, papers, ...(person && { identity: person }) }
}

/** What the checks find in a golden case, as `<material>/<check>`. */
export function goldenFindings(matter: Matter, golden: GoldenCase): Readonly<Record<Finding['kind'], readonly string[]>> {
  const facts = goldenFacts(golden)
  const found = resolveSituation(matter, facts).materials.flatMap((material) => {
    const way = wayOf(golden.papers?.[material.id])
    return way === undefined ? [] : findingsOf(material, way, facts).map(({ check, kind }) => ({ kind, name: `${material.id}/${check.id}` }))
  })
  const names = (kind: Finding['kind']): readonly string[] => found.filter((one) => one.kind === kind).map(({ name }) => name)
  return { gap: names('gap'), clerk: names('clerk') }
}

function wayOf(given: NonNullable<GoldenCase['papers']>[string] | undefined): CheckedWay | undefined {
  if (given === undefined || given === 'later' || given === 'data-check') return undefined
  return typeof given === 'string' ? { kind: 'otherwise' } : { kind: 'scan', document: given.document }
}

/** Every golden case of the pack, exactly: what is asked, what stops, the list in its order, fees and promise. */
export function runGoldenCases(pack: Pick<MatterPack, 'matters'>): readonly PackFault[] {
  return pack.matters.flatMap((matter, index) => runMatterCases(matter, ['matters', index]))
}

/**
 * The golden cases of one matter. A case that ends at a barrier has no list: it expects no materials and no fees. A case that
 * expects no barrier must have answered every question that its situation asks.
 */
export function runMatterCases(matter: Matter, at: Path): readonly PackFault[] {
  return matter.golden.flatMap((golden, index) => {
    const path = [...at, 'golden', index]
    const situation = resolveSituation(matter, goldenFacts(golden))
    const barrier = situation.barrier?.id
    const { expect } = golden
    const faults: PackFault[] = []
    const differs = (key: keyof GoldenCase['expect'], what: { readonly zh: string; readonly en: string }, expected: string, found: string): void => {
      if (expected !== found) faults.push(packFault([...path, 'expect', key], `情形示例“${golden.name}”：${what.zh}应为 ${expected}，实际为 ${found}。`, `Golden case “${golden.name}”: ${what.en} should be ${expected}, but is ${found}.`))
    }
    const list = (ids: readonly string[]): string => (ids.length === 0 ? '∅' : ids.join(', '))
    if (expect.questions) differs('questions', { zh: '所问的问题', en: 'the questions asked' }, list(expect.questions), list(situation.questions.map(({ id }) => id)))
    differs('barrier', { zh: '拦下的情形', en: 'the barrier' }, expect.barrier ?? '∅', barrier ?? '∅')
    if (barrier === undefined && situation.next !== undefined) faults.push(packFault([...path, 'answers'], `情形示例“${golden.name}”：没有回答“${situation.next.id}”。`, `Golden case “${golden.name}”: the question “${situation.next.id}” is not answered.`))
    differs('materials', { zh: '材料', en: 'the materials' }, list(expect.materials), list(barrier === undefined ? situation.materials.map(({ id }) => id) : []))
    differs('feesFen', { zh: '费用（分）', en: 'the fees in fen' }, String(expect.feesFen), String(barrier === undefined ? situation.fees.reduce((sum, fee) => sum + fee.amountFen, 0) : 0))
    differs('promised', { zh: '承诺时限', en: 'the promised time' }, String(expect.promised), String(situation.promised === 'at-once' ? 'at-once' : situation.promised.days))
    const needed = new Set(situation.materials.map(({ id }) => id))
    for (const [id, given] of Object.entries(golden.papers ?? {})) {
      const documents = new Set(matter.materials.find((material) => material.id === id)?.documents.map((document) => document.id))
      if (!needed.has(id)) faults.push(unknown([...path, 'papers', id], '这个情形要的材料', 'material of this situation', id, needed))
      else if (typeof given !== 'string' && !documents.has(given.document)) faults.push(unknown([...path, 'papers', id, 'document'], '文书', 'document of this material', given.document, documents))
    }
    const findings = goldenFindings(matter, golden)
    differs('gaps', { zh: '读出的缺项', en: 'the gaps in the papers' }, list(expect.gaps ?? []), list(findings.gap))
    differs('clerk', { zh: '交工作人员看的', en: 'what is left to a clerk' }, list(expect.clerk ?? []), list(findings.clerk))
    return faults
  })
}
