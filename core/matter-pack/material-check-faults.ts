import { ruleVariables } from '../rules/rule.ts'
import type { Rule } from '../rules/rule.ts'
import { LANGUAGES } from '../text/local-text.ts'
import { PAGE_COUNT, PLACEHOLDER_FORMS, placeholdersIn } from './material-checks.ts'
import { packFault } from './pack-fault.ts'
import type { PackFault, Path } from './pack-fault.ts'
import type { Material, MaterialCheck, Matter } from './schema.ts'
import { placedRuleFaults, unknown } from './variable-faults.ts'
import type { Room } from './variable-faults.ts'

/** Document kind → the fields that can be read from it. */
export type DocumentKindFields = Readonly<Record<string, readonly string[]>>

const BEFORE_PAPERS: ReadonlySet<Room> = new Set(['answers', 'identity', 'form'])
const WITH_PAPERS: ReadonlySet<Room> = new Set([...BEFORE_PAPERS, 'papers'])

/** Everything in the checks of a matter's materials that refers to what does not exist, can never be decided, or says what it must not. */
export function materialCheckFaults(matter: Matter, at: Path, kinds: DocumentKindFields | undefined): readonly PackFault[] {
  return matter.materials.flatMap((material, index) => (material.checks ?? []).flatMap((check, checkIndex) => checkFaults(matter, material, check, [...at, 'materials', index, 'checks', checkIndex], kinds)))
}

function checkFaults(matter: Matter, material: Material, check: MaterialCheck, path: Path, kinds: DocumentKindFields | undefined): readonly PackFault[] {
  const documents = new Set(material.documents.map(({ id }) => id))
  if (check.document !== undefined && !documents.has(check.document)) return [unknown([...path, 'document'], '文书', 'document of this material', check.document, documents)]
  const rulePath = [...path, 'rule']
  const variables = ruleVariables(check.rule)
  const paper = (inner: string): readonly PackFault[] => paperFaults(matter, material, check, inner, rulePath, kinds)
  return [
    ...(check.when === undefined ? [] : placedRuleFaults(matter, { rule: check.when, path: [...path, 'when'], mayRead: BEFORE_PAPERS })),
    ...placedRuleFaults(matter, { rule: check.rule, path: rulePath, mayRead: WITH_PAPERS }, paper),
    ...(variables.some((name) => name.startsWith(`papers.${material.id}.`)) ? [] : [packFault(rulePath, `这条规则没有看这份材料（papers.${material.id}.…）；只看表单的规则写到 form.rules。`, `This rule looks at nothing of its material (papers.${material.id}.…); a rule on the form alone belongs in form.rules.`)]),
    ...(hasDefault(check.rule) ? [packFault(rulePath, '这里的变量不能带默认值：没读到的不能猜。', 'A variable has no default here: what was not read must not be guessed.')] : []),
    ...(check.gap !== undefined && uses(check.rule, 'contains-text') ? [packFault([...path, 'gap'], '同一个地址有多种写法，用 contains-text 对不上不能算缺项；去掉 gap，交工作人员看。', 'One address is written in many ways, so what contains-text does not find is no gap; leave gap out, and a clerk looks.')] : []),
    ...sentenceFaults(check, variables, path),
  ]
}

/** `<material>.<field>`: the field must be readable from every document that the check can meet, or the check could never be decided. */
function paperFaults(matter: Matter, own: Material, check: MaterialCheck, inner: string, path: Path, kinds: DocumentKindFields | undefined): readonly PackFault[] {
  const [id = '', ...rest] = inner.split('.')
  const field = rest.join('.')
  const material = matter.materials.find((candidate) => candidate.id === id)
  if (material === undefined) return [unknown(path, '材料', 'material', id, new Set(matter.materials.map((candidate) => candidate.id)))]
  if (!material.obtain.includes('scan')) return [packFault(path, `材料“${id}”不用扫描，读不到内容。`, `The material “${id}” is not scanned, so nothing is read from it.`)]
  if (field === PAGE_COUNT) return []
  const met = material.documents.filter((document) => material !== own || check.document === undefined || document.id === check.document)
  const readable = met.flatMap(({ id: document, kind }) => (kind === undefined ? [] : [{ document, kind }]))
  if (readable.length === 0) return [packFault(path, `材料“${id}”的这些文书没有一种可识别，读不到“${field}”。`, `None of these documents of “${id}” can be read, so there is no “${field}”.`)]
  return readable.flatMap(({ document, kind }) => {
    const fields = kinds?.[kind]
    return fields === undefined || fields.includes(field) ? [] : [unknown(path, `“${document}”的字段`, `field of “${document}”`, field, new Set([...fields, PAGE_COUNT]))]
  })
}

function sentenceFaults({ question, gap }: MaterialCheck, variables: readonly string[], path: Path): readonly PackFault[] {
  const faults: PackFault[] = []
  for (const language of LANGUAGES) {
    if (placeholdersIn(question[language]).length > 0) faults.push(packFault([...path, 'question', language], '给工作人员的问题里不能带填写的值。', 'A question for a clerk carries no values.'))
    for (const { variable, form } of placeholdersIn(gap?.problem[language] ?? '')) {
      const where = [...path, 'gap', 'problem', language]
      if (!variables.includes(variable)) faults.push(unknown(where, '这条规则的变量', 'variable of this rule', variable, new Set(variables)))
      else if (form !== undefined && !(PLACEHOLDER_FORMS as readonly string[]).includes(form)) faults.push(unknown(where, '写法', 'form', form, new Set(PLACEHOLDER_FORMS)))
      else if ((variable === 'identity.name' && form !== 'name') || (variable === 'identity.number' && form !== 'number')) faults.push(packFault(where, `“${variable}”要打码：写成 {${variable}|${variable === 'identity.name' ? 'name' : 'number'}}。`, `“${variable}” is masked: write {${variable}|${variable === 'identity.name' ? 'name' : 'number'}}.`))
    }
  }
  return faults
}

function uses(rule: Rule, operator: string): boolean {
  return steps(rule).some(([name]) => name === operator)
}

function hasDefault(rule: Rule): boolean {
  return steps(rule).some(([name, operands]) => name === 'var' && Array.isArray(operands) && operands.length > 1)
}

function steps(rule: Rule): readonly (readonly [string, Rule])[] {
  if (rule === null || typeof rule !== 'object') return []
  if (Array.isArray(rule)) return (rule as readonly Rule[]).flatMap(steps)
  return Object.entries(rule as Readonly<Record<string, Rule>>).flatMap(([operator, operands]) => [[operator, operands] as const, ...steps(operands)])
}
