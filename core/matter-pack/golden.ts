import { ageAt } from '../identity/dates.ts'
import type { RuleFacts } from '../rules/rule.ts'
import { packFault } from './pack-fault.ts'
import type { PackFault, Path } from './pack-fault.ts'
import type { GoldenCase, Matter, MatterPack } from './schema.ts'
import { resolveSituation } from './situation.ts'

/** The facts of a golden case: its answers, and the identity that it names. */
export function goldenFacts(golden: GoldenCase): RuleFacts {
  const { identity, answers, today } = golden
  const person = identity && { age: ageAt(identity.birth, today), birth: identity.birth, sex: identity.sex, region: identity.region, kind: 'resident', cardExpired: false }
  return { answers, today, form: {}, ...(person && { identity: person }) }
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
    return faults
  })
}
