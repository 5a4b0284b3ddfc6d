import type { Rule, RuleFacts } from '../rules/rule.ts'
import { ruleHolds, ruleVariables } from '../rules/rule.ts'
import { withWait } from './wait.ts'
import type { Barrier, DayLimit, Fee, Material, Matter, Question } from './schema.ts'

/** What a citizen's situation means for a matter: the questions that remain, or the exact list. */
export interface Situation {
  /** Questions to ask in this situation, in order, whether answered or not. */
  readonly questions: readonly Question[]
  /** The first question without a valid answer. */
  readonly next: Question | undefined
  /** Its texts are ready to show: `{wait}` is filled in. */
  readonly barrier: Barrier | undefined
  readonly materials: readonly Material[]
  readonly fees: readonly Fee[]
  readonly promised: DayLimit | 'at-once'
}

function holds(rule: Rule | undefined, facts: RuleFacts): boolean {
  if (rule === undefined) return true
  if (facts.identity === undefined && ruleVariables(rule).some((name) => name === 'identity' || name.startsWith('identity.'))) return false
  return ruleHolds(rule, facts)
}

/**
 * Works out a citizen's situation. Answers to questions that this situation does not ask are ignored, so going back and
 * answering otherwise never leaves a stale answer in force. Rules that need the identity wait until the card is laid.
 */
export function resolveSituation(matter: Matter, given: RuleFacts): Situation {
  const questions: Question[] = []
  const answers: Record<string, string> = {}
  let next: Question | undefined
  const facts: RuleFacts = { ...given, answers }
  for (const question of matter.questions) {
    if (next !== undefined || !holds(question.when, facts)) continue
    questions.push(question)
    const answer = given.answers[question.id]
    if (answer !== undefined && question.options.some((option) => option.value === answer)) answers[question.id] = answer
    else next = question
  }
  const barrier = matter.barriers.find((candidate) => holds(candidate.when, facts))
  return {
    questions,
    next,
    barrier: barrier && withWait(barrier, facts),
    materials: matter.materials.filter((material) => holds(material.when, facts)),
    fees: matter.fees.filter((fee) => holds(fee.when, facts)),
    promised: matter.limits.find((limit) => holds(limit.when, facts))?.promised ?? matter.guide.timeLimit.promised,
  }
}

/** Only the answers that the situation asks for; what is submitted and shown in the review. */
export function answersInForce(matter: Matter, facts: RuleFacts): Readonly<Record<string, string>> {
  const asked = new Set(resolveSituation(matter, facts).questions.map((question) => question.id))
  return Object.fromEntries(Object.entries(facts.answers).filter(([question]) => asked.has(question)))
}
