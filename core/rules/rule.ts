import { z } from 'zod'
import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'
import { evaluate, truthy } from './evaluate.ts'

/**
 * The closed expression language of matter packs: JsonLogic (jsonlogic.com), cut down to operators that only compare,
 * combine and count, and three of our own: `months-before` ([date, months] → date), `same-text` ([a, b]: the same letters
 * and digits) and `contains-text` ([whole, part]). Nothing here loops without bound, writes, or reaches the platform.
 */
export const RULE_OPERATORS = ['var', '==', '===', '!=', '!==', '!', '!!', 'or', 'and', 'if', '>', '>=', '<', '<=', '+', '-', '*', '/', '%', 'min', 'max', 'in', 'missing', 'some', 'all', 'none', 'months-before', 'same-text', 'contains-text'] as const
export type RuleOperator = (typeof RULE_OPERATORS)[number]

export type Rule = boolean | number | string | null | readonly Rule[] | { readonly [operator: string]: Rule }

/** Bounds that keep the longest evaluation far under a millisecond; the rules of real matters use a tenth of them. */
const MAX_DEPTH = 20
const MAX_STEPS = 500
const MAX_LIST_DEPTH = 2

const OPERATORS: ReadonlySet<string> = new Set(RULE_OPERATORS)
const LIST_OPERATORS: ReadonlySet<string> = new Set(['some', 'all', 'none'])

type Path = readonly (string | number)[]
export interface RuleFault {
  readonly path: Path
  readonly message: string
  readonly sentence: LocalText
}

/** The first thing in `rule` that the language does not know, as a path and a sentence; `undefined` when all is well. */
export function findRuleFault(rule: unknown, path: Path = []): RuleFault | undefined {
  return walk(rule, path, 0, 0, { left: MAX_STEPS })
}

function fault(path: Path, zh: string, en: string): RuleFault {
  return { path, message: en, sentence: text(zh, en) }
}

function walk(rule: unknown, path: Path, depth: number, listDepth: number, steps: { left: number }): RuleFault | undefined {
  if (depth > MAX_DEPTH * 2) return fault(path, `规则嵌套超过 ${MAX_DEPTH} 层`, `the rule is nested more than ${MAX_DEPTH} levels deep`)
  if (--steps.left < 0) return fault(path, `规则超过 ${MAX_STEPS} 步`, `the rule has more than ${MAX_STEPS} steps`)
  if (rule === null || ['boolean', 'number', 'string'].includes(typeof rule)) return undefined
  if (Array.isArray(rule)) {
    for (const [index, part] of rule.entries()) {
      const found = walk(part, [...path, index], depth + 1, listDepth, steps)
      if (found) return found
    }
    return undefined
  }
  if (typeof rule !== 'object') return fault(path, `规则里不能有 ${typeof rule}`, `a rule cannot contain ${typeof rule}`)
  const entries = Object.entries(rule as Readonly<Record<string, unknown>>)
  const [entry] = entries
  if (entries.length !== 1 || entry === undefined) return fault(path, `规则的每一步只能有一个运算符，这里有 ${entries.length} 个`, `a rule step has exactly one operator, found ${entries.length}`)
  const [operator, operands] = entry
  const at = [...path, operator]
  if (!OPERATORS.has(operator)) {
    const allowed = RULE_OPERATORS.join(', ')
    return fault(at, `规则语言没有运算符“${operator}”；可用：${allowed}`, `"${operator}" is not an operator of the rule language; allowed are ${allowed}`)
  }
  if (operator === 'var' && ruleVariable(operands) === undefined) return fault(at, '变量名要直接写出', 'the name of a variable must be written out')
  if (operator === 'missing' && missingNames(operands) === undefined) return fault(at, '“missing”后面要直接写出变量名', 'the names after "missing" must be written out')
  const inList = LIST_OPERATORS.has(operator) ? listDepth + 1 : listDepth
  if (inList > MAX_LIST_DEPTH) return fault(at, `“${operator}”不能嵌套超过 ${MAX_LIST_DEPTH} 层`, `"${operator}" cannot be nested more than ${MAX_LIST_DEPTH} levels deep`)
  return walk(operands, at, depth + 1, inList, steps)
}

export const ruleSchema: z.ZodType<Rule> = z.unknown().superRefine((rule, ctx) => {
  const found = findRuleFault(rule)
  if (found) ctx.addIssue({ code: 'custom', path: [...found.path], message: found.message, params: { sentence: found.sentence } })
}).meta({ description: 'A JsonLogic expression of the closed rule language', type: ['boolean', 'number', 'string', 'object', 'array', 'null'] }) as z.ZodType<Rule>

function ruleVariable(operands: unknown): string | undefined {
  const name: unknown = Array.isArray(operands) ? operands[0] : operands
  if (typeof name !== 'string' || /(^|\.)(__proto__|constructor|prototype)(\.|$)/.test(name)) return undefined
  return name
}

function missingNames(operands: unknown): readonly string[] | undefined {
  const names: readonly unknown[] = Array.isArray(operands) ? operands : [operands]
  return names.every((name): name is string => ruleVariable(name) !== undefined && typeof name === 'string') ? names : undefined
}

/** Every variable that a rule reads, for example `answers.basis`. Names inside `some`/`all`/`none` are relative and left out. */
export function ruleVariables(rule: Rule): readonly string[] {
  if (rule === null || typeof rule !== 'object') return []
  if (isRuleArray(rule)) return rule.flatMap(ruleVariables)
  return Object.entries(rule).flatMap(([operator, operands]) => {
    if (operator === 'var') return [ruleVariable(operands) ?? ''].filter((name) => name !== '')
    if (operator === 'missing') return missingNames(operands) ?? []
    if (['some', 'all', 'none'].includes(operator)) return isRuleArray(operands) && operands[0] !== undefined ? ruleVariables(operands[0]) : []
    return ruleVariables(operands)
  })
}

function isRuleArray(rule: Rule): rule is readonly Rule[] {
  return Array.isArray(rule)
}

/** Whether the rule holds for these facts, in JsonLogic's sense of truth. The rule must have passed `findRuleFault`. */
export function ruleHolds(rule: Rule, facts: RuleFacts): boolean {
  return truthy(evaluate(rule, facts))
}

/** The value that the rule computes for these facts. */
export function evaluateRule(rule: Rule, facts: RuleFacts): unknown {
  return evaluate(rule, facts)
}

/**
 * What a rule may look at. `identity` is absent before the card is laid, so rules of situation questions must not need it.
 * `form` is empty before the form.
 */
export interface RuleFacts {
  readonly answers: Readonly<Record<string, string>>
  readonly identity?: { readonly age: number; readonly sex: string; readonly region: string; readonly kind: string; readonly cardExpired: boolean; /** `YYYY-MM-DD`, when known: lets a barrier say how long is left. */ readonly birth?: string }
  readonly form: Readonly<Record<string, unknown>>
  /** `YYYY-MM-DD` at the terminal. */
  readonly today: string
}
