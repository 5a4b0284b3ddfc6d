import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { text } from '../text/local-text.ts'
import { DEMONSTRATION_PACK } from './demonstration-pack.test-data.ts'
import { checkPack } from './check.ts'
import { goldenFacts } from './golden.ts'
import type { CheckFacts, Finding, PaperFacts } from './material-checks.ts'
import { PAGE_COUNT, findingsOf, problemOf } from './material-checks.ts'
import type { Material, MaterialCheck } from './schema.ts'
import { resolveSituation } from './situation.ts'

const words = text('问', 'question')
const gap = { problem: text('是“{papers.lease.tenant|name}”，卡上是“{identity.name|name}”', 'it is “{papers.lease.tenant|name}”, the card says “{identity.name|name}”'), remedy: words }
const check = (rest: Partial<MaterialCheck> = {}): MaterialCheck => ({ id: 'tenant', rule: { 'same-text': [{ var: 'papers.lease.tenant' }, { var: 'identity.name' }] }, question: words, gap, ...rest })
const facts = (tenant: string | undefined, name = '陈志远'): CheckFacts => ({
  answers: {}, form: {}, today: '2026-11-22', identity: { age: 36, sex: 'male', region: '990101', kind: 'resident', cardExpired: false, name },
  papers: { lease: { [PAGE_COUNT]: 1, ...(tenant !== undefined && { tenant }) } },
})
const scan = { kind: 'scan', document: 'lease' } as const
const found = (checks: readonly MaterialCheck[], way: Parameters<typeof findingsOf>[1], given: CheckFacts): readonly string[] => findingsOf({ checks: [...checks] }, way, given).map(({ kind, why }) => `${kind} ${why}`)

describe('a check of a paper', () => {
  test('that holds finds nothing', () => expect(found([check()], scan, facts('陈 志远'))).toEqual([]))
  test('that does not hold is a gap', () => expect(found([check()], scan, facts('林晓雯'))).toEqual(['gap differs']))
  test('that does not hold, where the pack names no gap, is for a clerk', () => expect(found([check({ gap: undefined })], scan, facts('林晓雯'))).toEqual(['clerk differs']))
  test('that cannot be decided is for a clerk, never a gap', () => expect(found([check()], scan, facts(undefined))).toEqual(['clerk undecided']))
  test('of a paper in whose place something else stands is for a clerk', () => expect(found([check()], { kind: 'otherwise' }, { ...facts(undefined), papers: {} })).toEqual(['clerk undecided']))
  test('of one document says nothing of another', () => {
    expect(found([check({ document: 'lease' })], { kind: 'scan', document: 'letter' }, facts('林晓雯'))).toEqual([])
    expect(found([check({ document: 'lease' })], { kind: 'otherwise' }, facts(undefined))).toEqual([])
  })
  test('for another situation says nothing', () => expect(found([check({ when: { '==': [{ var: 'answers.who' }, 'self'] } })], scan, facts('林晓雯'))).toEqual([]))
})

describe('the problem in words', () => {
  const zh = (tenant: string, name: string): string => problemOf(gap.problem, facts(tenant, name))['zh-CN']

  test('masks names', () => expect(zh('欧阳明月', '陈志远')).toBe('是“欧**月”，卡上是“陈*远”'))
  test('shows the sign in which two names differ, or nobody could see what is wrong', () => {
    expect(zh('陈致远', '陈志远')).toBe('是“陈致远”，卡上是“陈志远”')
    expect(zh('陈志运', '陈志远')).toBe('是“陈*运”，卡上是“陈*远”')
  })
  test('shows no more of another person', () => expect(zh('林晓雯', '陈志远')).toBe('是“林*雯”，卡上是“陈*远”'))
  test('masks a number but for the digit that differs', () => {
    const number = text('{papers.lease.number|number} {identity.number|number}', '{papers.lease.number|number}')
    const given = (own: string): CheckFacts => ({ ...facts('x'), identity: { ...facts('x').identity!, number: own }, papers: { lease: { number: '990101199011060014' } } })
    expect(problemOf(number, given('990101199011050014'))['zh-CN']).toBe('9************6***4 9************5***4')
    expect(problemOf(number, given('990101195803120027'))['zh-CN']).toBe('9****************4 9****************7')
  })
  test('says dates as people do, other values as they are, and a dash for what is not known', () => {
    const given: CheckFacts = { ...facts('x'), papers: { lease: { endDate: '2025-03-01', pageCount: 1 } } }
    expect(problemOf(text('到 {papers.lease.endDate|date}，{papers.lease.pageCount} 页，{papers.lease.none}', 'until {papers.lease.endDate|date}'), given)).toEqual({ 'zh-CN': '到 2025年3月1日，1 页，—', en: 'until 1 March 2025' })
  })
})

const checked = checkPack(DEMONSTRATION_PACK)
if (!checked.ok) throw new Error('the demonstration pack has faults')
/** Every scanned paper of the demonstration's golden cases, with all that was read from it. */
const scanned = checked.value.matters.flatMap((matter) => matter.golden.flatMap((golden) => resolveSituation(matter, goldenFacts(golden)).materials.flatMap((material) => {
  const given = golden.papers?.[material.id]
  return given === undefined || typeof given === 'string' ? [] : [{ material, document: given.document, facts: goldenFacts(golden) }]
})))

test('whatever of a paper is not read: a check that was fine or a gap stays so, or goes to a clerk', () => {
  expect(scanned.length).toBeGreaterThan(20)
  const verdicts = (material: Material, document: string, given: CheckFacts): ReadonlyMap<string, Finding> => new Map(findingsOf(material, { kind: 'scan', document }, given).map((finding) => [finding.check.id, finding]))
  fc.assert(fc.property(fc.constantFrom(...scanned), fc.infiniteStream(fc.boolean()), ({ material, document, facts: full }, chance) => {
    const keep = ([field]: readonly [string, unknown]): boolean => field === PAGE_COUNT || chance.next().value === true
    const papers = Object.fromEntries(Object.entries(full.papers).map(([id, paper]): [string, PaperFacts] => [id, Object.fromEntries(Object.entries(paper).filter(keep))]))
    const [before, after] = [verdicts(material, document, full), verdicts(material, document, { ...full, papers })]
    for (const { id } of material.checks ?? []) {
      const [was, is] = [before.get(id), after.get(id)]
      if (is?.why === 'undecided') expect(is.kind).toBe('clerk')
      else expect(is).toEqual(was)
    }
  }), { numRuns: 500 })
})
