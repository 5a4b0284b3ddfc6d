import { ownValue } from '../json/pointer.ts'
import { ruleVariables } from '../rules/rule.ts'
import type { Rule } from '../rules/rule.ts'
import { packFault } from './pack-fault.ts'
import type { PackFault, Path } from './pack-fault.ts'
import type { Matter } from './schema.ts'

/** Rooms of the variables that a rule may look at where it stands. */
export type Room = 'answers' | 'identity' | 'form' | 'papers'

export interface PlacedRule {
  readonly rule: Rule
  readonly path: Path
  readonly mayRead: ReadonlySet<Room>
}

const IDENTITY_FACTS: ReadonlySet<string> = new Set(['age', 'sex', 'region', 'kind', 'cardExpired', 'birth'])
/** Only where papers are compared with the person: no list and no form needs more of a person than the facts above. */
const IDENTITY_FACTS_BESIDE_PAPERS: ReadonlySet<string> = new Set([...IDENTITY_FACTS, 'name', 'number'])

/** Variables that do not exist or are not known where the rule stands, and answers that nobody can give. `paper` judges a variable in `papers.`. */
export function placedRuleFaults(matter: Matter, { rule, path, mayRead }: PlacedRule, paper?: (inner: string) => readonly PackFault[]): readonly PackFault[] {
  return [...new Set(ruleVariables(rule))].flatMap((name) => variableFaults(matter, name, path, mayRead, paper)).concat(comparedAnswerFaults(matter, rule, path))
}

function variableFaults(matter: Matter, name: string, path: Path, mayRead: ReadonlySet<Room>, paper?: (inner: string) => readonly PackFault[]): readonly PackFault[] {
  if (name === 'today') return []
  const [room, ...rest] = name.split('.')
  const inner = rest.join('.')
  if (room !== 'answers' && room !== 'identity' && room !== 'form' && room !== 'papers') return [packFault(path, `规则里没有“${name}”这个变量；可用 answers.…、identity.…、form.…、papers.… 和 today。`, `Rules have no variable “${name}”; there are answers.…, identity.…, form.…, papers.… and today.`)]
  if (!mayRead.has(room)) return [packFault(path, `这里的规则不能看“${name}”：要到后面才知道。`, `This rule cannot look at “${name}”: it is known only later.`)]
  switch (room) {
    case 'answers': {
      const questions = new Set(matter.questions.map(({ id }) => id))
      return questions.has(inner) ? [] : [unknown(path, '问题', 'question', inner, questions)]
    }
    case 'identity': {
      const known = mayRead.has('papers') ? IDENTITY_FACTS_BESIDE_PAPERS : IDENTITY_FACTS
      return known.has(inner) ? [] : [unknown(path, '身份信息', 'identity fact', inner, known)]
    }
    case 'papers': return paper?.(inner) ?? []
    case 'form': {
      const field = rest.reduce<unknown>((schema, key) => ownValue(ownValue(schema, 'properties'), key), matter.form.schema)
      return field === undefined ? [packFault(path, `表单里没有字段“${inner}”。`, `The form has no field “${inner}”.`)] : []
    }
  }
}

/** A rule that compares an answer with something that nobody can answer is a slip of the pen. */
function comparedAnswerFaults(matter: Matter, rule: Rule, path: Path): readonly PackFault[] {
  if (rule === null || typeof rule !== 'object') return []
  if (Array.isArray(rule)) return (rule as readonly Rule[]).flatMap((part) => comparedAnswerFaults(matter, part, path))
  return Object.entries(rule).flatMap(([operator, operands]): readonly PackFault[] => {
    if (!Array.isArray(operands)) return comparedAnswerFaults(matter, operands, path)
    const parts = operands as readonly Rule[]
    if (!['==', '===', '!=', '!==', 'in'].includes(operator)) return comparedAnswerFaults(matter, parts, path)
    const name = parts.map((part) => (typeof part === 'object' && part !== null && !Array.isArray(part) && 'var' in part ? ruleVariables(part)[0] ?? '' : '')).find((variable) => variable.startsWith('answers.'))
    const question = matter.questions.find(({ id }) => `answers.${id}` === name)
    if (question === undefined) return []
    const options = new Set(question.options.map(({ value }) => value))
    return parts.flatMap((part) => (Array.isArray(part) ? (part as readonly Rule[]) : [part])).filter((value): value is string => typeof value === 'string' && !options.has(value)).map((value) => unknown(path, `问题“${question.id}”的选项`, `option of “${question.id}”`, value, options))
  })
}

export function unknown(path: Path, zh: string, en: string, found: string, known: ReadonlySet<string>): PackFault {
  const list = [...known].join(', ')
  return packFault(path, `没有${zh}“${found}”；有的是：${list === '' ? '（无）' : list}。`, `There is no ${en} “${found}”; there are: ${list === '' ? '(none)' : list}.`)
}
