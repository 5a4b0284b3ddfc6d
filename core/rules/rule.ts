import jsonLogic from 'json-logic-js'
import { z } from 'zod'

/**
 * The closed expression language of matter packs: JsonLogic (jsonlogic.com), cut down to operators that only compare,
 * combine and count. Nothing here loops without bound, writes, or reaches the platform.
 */
export const RULE_OPERATORS = ['var', '==', '===', '!=', '!==', '!', '!!', 'or', 'and', 'if', '>', '>=', '<', '<=', '+', '-', '*', '/', '%', 'min', 'max', 'in', 'missing', 'some', 'all', 'none'] as const
export type RuleOperator = (typeof RULE_OPERATORS)[number]

export type Rule = boolean | number | string | null | readonly Rule[] | { readonly [operator: string]: Rule }

const MAX_DEPTH = 20
const OPERATORS: ReadonlySet<string> = new Set(RULE_OPERATORS)

/** The first thing in `rule` that the language does not know, as a path and a sentence; `undefined` when all is well. */
export function findRuleFault(rule: unknown, path: readonly (string | number)[] = []): { readonly path: readonly (string | number)[]; readonly message: string } | undefined {
  if (path.length > MAX_DEPTH * 2) return { path, message: `the rule is nested more than ${MAX_DEPTH} levels deep` }
  if (rule === null || ['boolean', 'number', 'string'].includes(typeof rule)) return undefined
  if (Array.isArray(rule)) {
    for (const [index, part] of rule.entries()) {
      const fault = findRuleFault(part, [...path, index])
      if (fault) return fault
    }
    return undefined
  }
  if (typeof rule !== 'object') return { path, message: `a rule cannot contain ${typeof rule}` }
  const entries = Object.entries(rule)
  const [entry] = entries
  if (entries.length !== 1 || entry === undefined) return { path, message: `a rule step has exactly one operator, found ${entries.length}` }
  const [operator, operands] = entry
  if (!OPERATORS.has(operator)) return { path: [...path, operator], message: `"${operator}" is not an operator of the rule language; allowed are ${RULE_OPERATORS.join(', ')}` }
  if (operator === 'var' && ruleVariable(operands) === undefined) return { path: [...path, operator], message: 'the name of a variable must be written out' }
  return findRuleFault(operands as unknown, [...path, operator])
}

export const ruleSchema = z.custom<Rule>().superRefine((rule, ctx) => {
  const fault = findRuleFault(rule)
  if (fault) ctx.addIssue({ code: 'custom', path: [...fault.path], message: fault.message })
}).meta({ description: 'A JsonLogic expression of the closed rule language', type: ['boolean', 'number', 'string', 'object', 'array', 'null'] })

function ruleVariable(operands: unknown): string | undefined {
  const name: unknown = Array.isArray(operands) ? operands[0] : operands
  if (typeof name !== 'string' || /(^|\.)(__proto__|constructor|prototype)(\.|$)/.test(name)) return undefined
  return name
}

/** Every variable that a rule reads, for example `answers.basis`. Names inside `some`/`all`/`none` are relative and left out. */
export function ruleVariables(rule: Rule): readonly string[] {
  if (rule === null || typeof rule !== 'object') return []
  if (isRuleArray(rule)) return rule.flatMap(ruleVariables)
  return Object.entries(rule).flatMap(([operator, operands]) => {
    if (operator === 'var') return [ruleVariable(operands) ?? ''].filter((name) => name !== '')
    if (operator === 'missing') return (Array.isArray(operands) ? operands : [operands]).filter((name): name is string => typeof name === 'string')
    if (['some', 'all', 'none'].includes(operator)) return isRuleArray(operands) && operands[0] !== undefined ? ruleVariables(operands[0]) : []
    return ruleVariables(operands)
  })
}

function isRuleArray(rule: Rule): rule is readonly Rule[] {
  return Array.isArray(rule)
}

/** Whether the rule holds for these facts, in JsonLogic's sense of truth. The rule must have passed `findRuleFault`. */
export function ruleHolds(rule: Rule, facts: RuleFacts): boolean {
  return jsonLogic.truthy(jsonLogic.apply(rule as Parameters<typeof jsonLogic.apply>[0], facts))
}

/** The value that the rule computes for these facts. */
export function evaluateRule(rule: Rule, facts: RuleFacts): unknown {
  return jsonLogic.apply(rule as Parameters<typeof jsonLogic.apply>[0], facts) as unknown
}

/**
 * What a rule may look at. `identity` is absent before the card is laid, so rules of situation questions must not need it.
 * `form` is empty before the form.
 */
export interface RuleFacts {
  readonly answers: Readonly<Record<string, string>>
  readonly identity?: { readonly age: number; readonly sex: string; readonly region: string; readonly kind: string; readonly cardExpired: boolean }
  readonly form: Readonly<Record<string, unknown>>
  /** `YYYY-MM-DD` at the terminal. */
  readonly today: string
}
