import { describe, expect, it } from 'vitest'
import type { Quad } from './page-look.ts'
import { inOrder, isUsableQuad, LOOK_STAGES, mayUse, PAGE_PROBLEMS, weightOf } from './page-look.ts'
import { lookStageSentence, pageProblemQuestion, pageProblemSentence, pageProblemStaffSentence } from './page-sentences.ts'
import { quadSchema } from './quad-schema.ts'

const good: Quad = [{ x: 10, y: 10 }, { x: 90, y: 12 }, { x: 88, y: 95 }, { x: 9, y: 90 }]
const [a, b, c, d] = good
const picture = { width: 100, height: 100 }

describe('what a citizen may do with a picture', () => {
  it('soft problems let it through, hard ones stop it twice, and without a page it never goes', () => {
    const soft = PAGE_PROBLEMS.filter((problem) => weightOf(problem) === 'soft')
    expect(mayUse(soft, 0)).toBe('yes')
    for (const problem of PAGE_PROBLEMS.filter((one) => weightOf(one) === 'hard')) {
      expect([1, 2, 9].map((tries) => mayUse([problem, ...soft], tries))).toEqual(problem === 'no-page' ? ['no', 'no', 'no'] : ['no', 'all-the-same', 'all-the-same'])
    }
  })

  it('is told each problem once, worst first', () => {
    expect(inOrder(['too-small', 'cut-off', 'too-small', 'blurred'])).toEqual(['cut-off', 'blurred', 'too-small'])
  })

  it('is told in both languages what to change, and staff where to look', () => {
    for (const problem of PAGE_PROBLEMS) {
      for (const sentence of [pageProblemSentence(problem, 'camera'), pageProblemSentence(problem, 'glass'), pageProblemStaffSentence(problem)]) {
        expect(sentence['zh-CN']).toMatch(/。$/)
        expect(sentence.en).toMatch(/\.$/)
      }
      expect(pageProblemQuestion(problem).en).toMatch(/\?$/)
    }
    expect(new Set(LOOK_STAGES.map((stage) => lookStageSentence(stage).en)).size).toBe(LOOK_STAGES.length)
  })
})

describe('corners from the page', () => {
  it('must go round a paper inside of the picture', () => {
    expect(isUsableQuad(good, picture)).toBe(true)
    for (const bad of [[a, c, b, d], [a, d, c, b], [a, b, { x: 101, y: 90 }, d], [a, b, { x: 15, y: 15 }, d], [a, { x: 12, y: 10 }, { x: 12, y: 12 }, { x: 10, y: 12 }]] as unknown as Quad[]) expect(isUsableQuad(bad, picture), JSON.stringify(bad)).toBe(false)
  })

  it('are refused at the door when they cross, fold over, or are no numbers', () => {
    expect(quadSchema.safeParse(good).success).toBe(true)
    for (const bad of [[a, c, b, d], [a, b, c], [a, b, c, { x: -1, y: 90 }], [a, b, c, { x: Number.NaN, y: 90 }], [a, b, c, { x: 1e9, y: 90 }], [a, b, c, { ...d, z: 1 }]]) expect(quadSchema.safeParse(bad).success).toBe(false)
  })
})
