import { isRecord } from '../json/pointer.ts'
import { applyOperator, isScalar, readVariable, truthy } from './evaluate.ts'
import type { Rule } from './rule.ts'

/**
 * The rule language where not everything is known: Kleene's three-valued logic. A variable that is absent, null or empty is
 * unknown, except an answer (a question that was not asked has no answer, and that is known). What is decided stays decided
 * when more becomes known, and agrees with `ruleHolds`. Defaults of `var` count for nothing: a default would be a guess.
 */
export type Decision = boolean | 'undecided'

/** The rule must have passed `findRuleFault`. */
export function decideRule(rule: Rule, facts: unknown): Decision {
  return truth(rule, facts)
}

const UNKNOWN = Symbol('unknown')

function truth(rule: unknown, facts: unknown): Decision {
  const step = stepOf(rule)
  switch (step?.operator) {
    case 'and': return step.operands.length === 0 ? false : all(step.operands.map((operand) => truth(operand, facts)))
    case 'or': return some(step.operands.map((operand) => truth(operand, facts)))
    case '!': return not(truth(step.operands[0], facts))
    case '!!': return truth(step.operands[0], facts)
    case 'if': return truthOfIf(step.operands, facts)
    default: return truthOfValue(value(rule, facts))
  }
}

/** Where the condition is unknown but both ways lead to the same, the same is known. */
function truthOfIf(operands: readonly unknown[], facts: unknown): Decision {
  const [condition, then, ...otherwise] = operands
  if (operands.length < 2) return operands.length === 0 ? false : truth(condition, facts)
  const decided = truth(condition, facts)
  if (decided === true) return truth(then, facts)
  const other = truthOfIf(otherwise, facts)
  if (decided === false) return other
  const one = truth(then, facts)
  return one === other ? one : 'undecided'
}

/** The value of a rule, or `UNKNOWN`. */
function value(rule: unknown, facts: unknown): unknown {
  if (Array.isArray(rule)) return rule.map((part) => value(part, facts))
  const step = stepOf(rule)
  if (step === undefined) return isRecord(rule) ? null : rule
  const { operator, operands } = step
  switch (operator) {
    case 'var': return variable(operands[0], facts)
    case 'missing': {
      const names = Array.isArray(operands[0]) ? (operands[0] as readonly unknown[]) : operands
      return names.some((name) => variable(name, facts) === UNKNOWN) ? UNKNOWN : applyOperator('missing', operands, facts)
    }
    case '!': case '!!': return fromDecision(truth(rule, facts))
    case 'if': {
      for (let index = 0; index + 1 < operands.length; index += 2) {
        const decided = truth(operands[index], facts)
        if (decided === 'undecided') return UNKNOWN
        if (decided) return value(operands[index + 1], facts)
      }
      return operands.length % 2 === 1 ? value(operands.at(-1), facts) : null
    }
    case 'and': case 'or': {
      let last: unknown = null
      for (const operand of operands) {
        last = value(operand, facts)
        if (last === UNKNOWN || truthy(last) === (operator === 'or')) return last
      }
      return last
    }
    case 'some': case 'all': case 'none': {
      const list = value(operands[0], facts)
      if (list === UNKNOWN) return UNKNOWN
      const decisions = (Array.isArray(list) ? (list as readonly unknown[]) : []).map((item) => truth(operands[1], item))
      if (operator === 'all') return decisions.length > 0 && fromDecision(all(decisions))
      return fromDecision(operator === 'some' ? some(decisions) : not(some(decisions)))
    }
    case 'in': {
      const [needle, hay] = operands.map((operand) => value(operand, facts))
      if (needle === UNKNOWN || hay === UNKNOWN) return UNKNOWN
      if (!Array.isArray(hay)) return applyOperator('in', [needle, hay], facts)
      const list = hay as readonly unknown[]
      if (!isScalar(needle) || list.includes(needle)) return isScalar(needle)
      return list.includes(UNKNOWN) ? UNKNOWN : false
    }
    default: {
      const values = operands.map((operand) => value(operand, facts))
      return values.includes(UNKNOWN) ? UNKNOWN : applyOperator(operator, values, facts)
    }
  }
}

function stepOf(rule: unknown): { readonly operator: string; readonly operands: readonly unknown[] } | undefined {
  if (!isRecord(rule)) return undefined
  const [step] = Object.entries(rule)
  if (step === undefined) return undefined
  const [operator, given] = step
  return { operator, operands: Array.isArray(given) ? given : [given] }
}

function variable(name: unknown, facts: unknown): unknown {
  if (facts === UNKNOWN) return UNKNOWN
  const found = readVariable(name, facts)
  if (found !== undefined && found !== null && found !== '') return found
  return typeof name === 'string' && name.startsWith('answers.') ? null : UNKNOWN
}

function truthOfValue(known: unknown): Decision {
  return known === UNKNOWN ? 'undecided' : truthy(known)
}

function fromDecision(decision: Decision): unknown {
  return decision === 'undecided' ? UNKNOWN : decision
}

function not(decision: Decision): Decision {
  return decision === 'undecided' ? decision : !decision
}

function all(decisions: readonly Decision[]): Decision {
  if (decisions.includes(false)) return false
  return decisions.includes('undecided') ? 'undecided' : true
}

function some(decisions: readonly Decision[]): Decision {
  if (decisions.includes(true)) return true
  return decisions.includes('undecided') ? 'undecided' : false
}
