import { describe, expect, test } from 'vitest'
import { checkPack } from './check.ts'
import { DEMONSTRATION_PACK } from './demonstration-pack.test-data.ts'
import { goldenFacts, goldenFindings } from './golden.ts'
import { resolveSituation } from './situation.ts'

const checked = checkPack(DEMONSTRATION_PACK)
if (!checked.ok) throw new Error('the demonstration pack has faults')
const pack = checked.value

describe.each(pack.matters.map((matter) => [matter.id, matter] as const))('golden cases of %s', (_id, matter) => {
  const situations = matter.golden.map((golden) => ({ golden, situation: resolveSituation(matter, goldenFacts(golden)) }))

  test('reach every answer, barrier, material and fee', () => {
    const options = matter.questions.flatMap((question) => question.options.map((option) => `${question.id}=${option.value}`))
    expect(new Set(situations.flatMap(({ golden, situation }) => situation.questions.map(({ id }) => `${id}=${golden.answers[id]}`)))).toEqual(new Set(options))
    expect(new Set(situations.flatMap(({ situation }) => (situation.barrier ? [situation.barrier.id] : [])))).toEqual(new Set(matter.barriers.map(({ id }) => id)))
    expect(new Set(situations.flatMap(({ golden }) => golden.expect.materials))).toEqual(new Set(matter.materials.map(({ id }) => id)))
    expect(new Set(situations.flatMap(({ situation }) => (situation.barrier ? [] : situation.fees.map(({ id }) => id))))).toEqual(new Set(matter.fees.map(({ id }) => id)))
  })

  test('reach every check of a paper: as a gap where it can be one, and left to a clerk', () => {
    const findings = matter.golden.map((golden) => goldenFindings(matter, golden))
    const checks = matter.materials.flatMap((material) => (material.checks ?? []).map((check) => ({ check, name: `${material.id}/${check.id}` })))
    expect(new Set(findings.flatMap(({ gap }) => gap))).toEqual(new Set(checks.filter(({ check }) => check.gap !== undefined).map(({ name }) => name)))
    expect(new Set(findings.flatMap(({ clerk }) => clerk))).toEqual(new Set(checks.map(({ name }) => name)))
  })

  test('exist for every path of answers that does not end at a barrier', () => {
    const covered = new Set(situations.map(({ golden, situation }) => JSON.stringify(situation.materials.map(({ id }) => id)) + String(situation.fees.length) + (golden.expect.barrier ?? '')))
    const walk = (answers: Record<string, string>): void => {
      const situation = resolveSituation(matter, { answers, form: {}, today: '2026-11-22' })
      if (situation.barrier) return
      if (situation.next === undefined) expect(covered, JSON.stringify(answers)).toContain(JSON.stringify(situation.materials.map(({ id }) => id)) + String(situation.fees.length))
      else for (const option of situation.next.options) walk({ ...answers, [situation.next.id]: option.value })
    }
    walk({})
  })
})

test('the elder card tells a person of 40 how long is left, to the month', () => {
  const matter = pack.matters.find(({ id }) => id === 'M12')
  const golden = matter?.golden.find(({ name }) => name === '年龄不到')
  expect(matter && golden && resolveSituation(matter, goldenFacts(golden)).barrier?.title).toEqual({ 'zh-CN': '还差19 年满 60 周岁', en: '19 years to go until you are 60' })
})

test('before the card is laid no barrier rests on the identity', () => {
  const matter = pack.matters.find(({ id }) => id === 'M12')
  expect(matter && resolveSituation(matter, { answers: { who: 'self', household: 'local', case: 'first' }, form: {}, today: '2026-11-22' }).barrier).toBeUndefined()
})
