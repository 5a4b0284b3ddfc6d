import fc from 'fast-check'
import jsonLogic from 'json-logic-js'
import { describe, expect, test } from 'vitest'
import { evaluate, truthy } from './evaluate.ts'
import { RULE_OPERATORS, evaluateRule, findRuleFault, ruleHolds, ruleSchema, ruleVariables } from './rule.ts'
import type { Rule, RuleFacts } from './rule.ts'

const facts: RuleFacts = { answers: { basis: 'home', who: 'self' }, identity: { age: 34, sex: 'male', region: '990101', kind: 'resident', cardExpired: false }, form: { kinds: ['a', 'b'], since: '2026-02-28' }, today: '2026-08-31' }

/** Rules of the language, mostly; now and then an operator or a name that it does not have. */
const { rule } = fc.letrec<{ rule: unknown }>((tie) => ({
  rule: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(true, false, null, 0, 1, 34, '', 'home', '2026-08-31'),
    fc.record({ var: fc.constantFrom<unknown>('answers.basis', 'identity.age', 'form.kinds', 'form', '', 'today', 'form.toString', 'answers.hasOwnProperty', 'form.kinds.length', ['form.no', 'else']) }),
    fc.tuple(fc.constantFrom<string>(...RULE_OPERATORS), fc.array(tie('rule'), { maxLength: 3 })).map(([operator, operands]) => ({ [operator]: operands })),
    fc.array(tie('rule'), { maxLength: 2 }),
  ),
}))

describe('findRuleFault', () => {
  test('never throws, whatever JSON it is given', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      findRuleFault(value)
      expect(ruleSchema.safeParse(value).success).toBe(findRuleFault(value) === undefined)
    }))
  })

  test('refuses a rule of a million levels without running out of stack', () => {
    let deep: unknown = true
    for (let level = 0; level < 1_000_000; level++) deep = { '!': deep }
    expect(findRuleFault(deep)?.message).toContain('nested more than 20')
  })

  test.each([
    [{ log: 'x' }, ['log'], '"log" is not an operator'],
    [{ and: [true, { map: [] }] }, ['and', 1, 'map'], '"map" is not an operator'],
    [{ '==': [1, 1], '!=': [1, 2] }, [], 'exactly one operator, found 2'],
    [{ var: { var: 'today' } }, ['var'], 'must be written out'],
    [{ var: 'form.constructor.name' }, ['var'], 'must be written out'],
    [{ missing: { var: 'form.kinds' } }, ['missing'], 'must be written out'],
    [{ some: [[1], { some: [[1], { some: [[1], true] }] }] }, ['some', 1, 'some', 1, 'some'], 'cannot be nested'],
    [{ or: Array.from({ length: 600 }, () => false) }, ['or', 498], 'more than 500 steps'],
    [JSON.parse('{"__proto__": [1]}'), ['__proto__'], 'is not an operator'],
  ])('says where %j is wrong', (given, path, sentence) => {
    const fault = findRuleFault(given)
    expect(fault?.path).toEqual(path)
    expect(fault?.message).toContain(sentence)
    expect(fault?.sentence['zh-CN']).not.toBe('')
  })
})

describe('evaluation', () => {
  test('a rule that was accepted never throws and never reaches a prototype, whatever the facts', () => {
    fc.assert(fc.property(rule, fc.jsonValue({ maxDepth: 4 }), (candidate, data) => {
      if (findRuleFault(candidate) !== undefined) return
      for (const given of [facts, data]) {
        const value = evaluate(candidate, given)
        expect(typeof value).not.toBe('function')
        expect(JSON.stringify(value)).toBeDefined()
      }
    }), { numRuns: 1000 })
  })

  test('objects without a prototype, and with hostile members, are only data', () => {
    const hostile = Object.assign(Object.create(null) as object, { valueOf: 1, toString: 2, indexOf: 3 })
    for (const operator of RULE_OPERATORS.filter((name) => name !== 'var' && name !== 'missing')) {
      expect(() => evaluate({ [operator]: [{ var: 'x' }, { var: 'x' }] }, { x: hostile })).not.toThrow()
    }
  })

  test('ends quickly for the largest rule that is accepted', () => {
    const many = Array.from({ length: 150 }, () => 1)
    const heavy = { some: [many, { some: [many, { '==': [1, 2] }] }] }
    expect(findRuleFault(heavy)).toBeUndefined()
    expect(evaluate(heavy, {})).toBe(false)
  })

  test('means what JsonLogic means', () => {
    const number = fc.integer({ min: -50, max: 50 })
    const word = fc.constantFrom('home', 'work', '', '7')
    const compare = fc.tuple(fc.constantFrom('==', '===', '!=', '!==', '<', '<=', '>', '>='), fc.oneof(fc.tuple(number, number), fc.tuple(word, word), fc.tuple(number, word))).map(([operator, operands]) => ({ [operator]: operands }))
    const count = fc.tuple(fc.constantFrom('+', '-', '*', 'min', 'max'), fc.tuple(number, number)).map(([operator, operands]) => ({ [operator]: operands }))
    const read = fc.constantFrom({ var: 'answers.basis' }, { var: ['form.nothing', 5] }, { in: ['a', { var: 'form.kinds' }] }, { missing: ['answers.who', 'answers.none'] }, { some: [{ var: 'form.kinds' }, { '==': [{ var: '' }, 'b'] }] }, { all: [{ var: 'form.nothing' }, true] }, { none: [{ var: 'form.kinds' }, { '==': [{ var: '' }, 'c'] }] })
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(compare, count, read, fc.tuple(fc.constantFrom('and', 'or', 'if', '!', '!!'), fc.array(tie('tree'), { minLength: 1, maxLength: 4 })).map(([operator, operands]) => ({ [operator]: operands }))),
    }))
    fc.assert(fc.property(tree, (candidate) => {
      expect(findRuleFault(candidate)).toBeUndefined()
      expect(evaluate(candidate, facts)).toEqual(jsonLogic.apply(candidate as Parameters<typeof jsonLogic.apply>[0], facts))
    }), { numRuns: 1000 })
  })

  test('what is not known is never before or after anything, so a rule on the identity waits for the card', () => {
    const { identity: _identity, ...before } = facts
    expect(ruleHolds({ '<': [{ var: 'identity.age' }, 60] }, before)).toBe(false)
    expect(ruleHolds({ '<': [{ var: 'identity.age' }, 60] }, facts)).toBe(true)
  })

  test.each([
    ['2026-08-31', 6, '2026-02-28'], ['2024-08-31', 6, '2024-02-29'], ['2026-01-15', 1, '2025-12-15'], ['2026-08-31', 0, '2026-08-31'], ['yesterday', 6, null], ['2026-08-31', 0.5, null],
  ])('months-before %s, %s is %s', (date, months, expected) => {
    expect(evaluateRule({ 'months-before': [date, months] }, facts)).toBe(expected)
  })

  test('an empty list is false, as in JsonLogic', () => {
    expect([truthy([]), truthy([0]), truthy('0'), truthy(0), truthy('')]).toEqual([false, true, true, false, false])
  })

  test('ruleVariables lists what a rule reads', () => {
    const given: Rule = { and: [{ '==': [{ var: 'answers.basis' }, 'home'] }, { some: [{ var: 'form.kinds' }, { var: 'x' }] }, { missing: ['form.phone'] }] }
    expect(ruleVariables(given)).toEqual(['answers.basis', 'form.kinds', 'form.phone'])
  })
})
