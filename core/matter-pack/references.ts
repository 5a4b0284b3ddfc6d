import { compileSchema } from '../form/schema-check.ts'
import { ownValue } from '../json/pointer.ts'
import { ruleVariables } from '../rules/rule.ts'
import type { Rule } from '../rules/rule.ts'
import type { LocalText } from '../text/local-text.ts'
import { formFaults } from './form-faults.ts'
import { materialCheckFaults } from './material-check-faults.ts'
import type { DocumentKindFields } from './material-check-faults.ts'
import { packFault, shown } from './pack-fault.ts'
import type { PackFault, Path } from './pack-fault.ts'
import type { Matter } from './schema.ts'
import { isVagueName } from './vague-names.ts'
import { placedRuleFaults, unknown } from './variable-faults.ts'
import type { PlacedRule } from './variable-faults.ts'
import { WAIT_PLACEHOLDER } from './wait.ts'

export interface CheckContext {
  readonly departments: ReadonlySet<string>
  readonly lifeEvents: ReadonlySet<string>
  readonly documentKinds: DocumentKindFields | undefined
}

export type { DocumentKindFields } from './material-check-faults.ts'

/** What the header and the list of matters say twice. */
export function headerFaults(pack: Readonly<Record<string, unknown>>): readonly PackFault[] {
  return ['departments', 'lifeEvents', 'matters'].flatMap((key) => {
    const list: readonly unknown[] = Array.isArray(pack[key]) ? pack[key] : []
    return duplicates(list.map((entry) => ownValue(entry, 'id')), [key], 'id')
  })
}

/** Everything inside one matter that refers to what does not exist, loops, is said twice, is vague, or contradicts itself. */
export function matterFaults(matter: Matter, at: Path, context: CheckContext): readonly PackFault[] {
  const form = formFaults(matter, at)
  return [
    ...headFaults(matter, at, context),
    ...duplicateFaults(matter, at),
    ...questionFaults(matter, at),
    ...ruleFaults(matter, at),
    ...barrierFaults(matter, at),
    ...materialFaults(matter, at, context),
    ...materialCheckFaults(matter, at, context.documentKinds),
    ...form,
    // Values can only be tried against a form whose own schema is sound.
    ...(form.length === 0 ? prefillFaults(matter, at) : []),
  ]
}

function headFaults(matter: Matter, at: Path, context: CheckContext): readonly PackFault[] {
  const faults: PackFault[] = []
  if (!context.departments.has(matter.department)) faults.push(unknown([...at, 'department'], '部门', 'department', matter.department, context.departments))
  matter.lifeEvents.forEach((event, index) => {
    if (!context.lifeEvents.has(event)) faults.push(unknown([...at, 'lifeEvents', index], '人生事件', 'life event', event, context.lifeEvents))
  })
  if (matter.taskCode.slice(19) !== matter.catalogCode) faults.push(packFault([...at, 'taskCode'], `实施编码的后 12 位应是基本编码 ${matter.catalogCode}。`, `The last 12 characters of the implementation code must be the basic code ${matter.catalogCode}.`))
  if (!matter.taskHandleItem.startsWith(matter.taskCode)) faults.push(packFault([...at, 'taskHandleItem'], '业务办理项编码应以实施编码开头。', 'The handling code must begin with the implementation code.'))
  if (matter.catalogCode.slice(2, 4) !== matter.taskType) faults.push(packFault([...at, 'taskType'], `事项类型 ${matter.taskType} 与基本编码第 3、4 位 ${matter.catalogCode.slice(2, 4)} 不一致。`, `The kind ${matter.taskType} differs from characters 3 and 4 of the basic code, ${matter.catalogCode.slice(2, 4)}.`))
  const atOnce = matter.guide.timeLimit.promised === 'at-once'
  if (atOnce !== (matter.projectType === '1')) faults.push(packFault([...at, 'projectType'], '即办件（1）的承诺时限应是 at-once，承诺件（2）应有天数。', 'A matter done at once (1) promises "at-once"; a matter with a promise (2) names days.'))
  if ((matter.flow === 'proof') !== (matter.result.kind === 'proof')) faults.push(packFault([...at, 'result', 'kind'], `流程是 ${matter.flow}，结果应是 ${matter.flow === 'proof' ? 'proof' : 'receipt'}。`, `The flow is ${matter.flow}, so the result must be ${matter.flow === 'proof' ? 'proof' : 'receipt'}.`))
  return faults
}

function duplicateFaults(matter: Matter, at: Path): readonly PackFault[] {
  const ids = (key: string, list: readonly { readonly id: string }[]): readonly PackFault[] => duplicates(list.map(({ id }) => id), [...at, key], 'id')
  return [
    ...ids('questions', matter.questions), ...ids('barriers', matter.barriers), ...ids('materials', matter.materials), ...ids('commitments', matter.commitments), ...ids('fees', matter.fees),
    ...duplicates(matter.form.rules.map(({ id }) => id), [...at, 'form', 'rules'], 'id'),
    ...matter.questions.flatMap((question, index) => duplicates(question.options.map(({ value }) => value), [...at, 'questions', index, 'options'], 'value')),
    ...matter.materials.flatMap((material, index) => duplicates(material.documents.map(({ id }) => id), [...at, 'materials', index, 'documents'], 'id')),
    ...matter.materials.flatMap((material, index) => duplicates((material.checks ?? []).map(({ id }) => id), [...at, 'materials', index, 'checks'], 'id')),
    ...duplicates(matter.golden.map(({ name }) => name), [...at, 'golden'], 'name'),
  ]
}

function duplicates(values: readonly unknown[], at: Path, key: string): readonly PackFault[] {
  const seen = new Set<unknown>()
  return values.flatMap((value, index) => {
    if (value === undefined || !seen.has(value)) {
      seen.add(value)
      return []
    }
    return [packFault([...at, index, key], `“${shown(value)}”用了两次，请各用各的。`, `“${shown(value)}” is used twice; give each its own.`)]
  })
}

/** A question's condition may look at earlier questions only; that alone rules out loops among questions. */
function questionFaults(matter: Matter, at: Path): readonly PackFault[] {
  const place = new Map(matter.questions.map((question, index) => [question.id, index]))
  return matter.questions.flatMap((question, index) => (question.when === undefined ? [] : ruleVariables(question.when).flatMap((name) => {
    const path = [...at, 'questions', index, 'when']
    if (!name.startsWith('answers.')) return name === 'today' ? [] : [packFault(path, `问题“${question.id}”出现与否只能看前面的回答，不能看“${name}”：那时还没有读卡和填表。`, `Whether “${question.id}” is asked can depend on earlier answers only, not on “${name}”: the card is not yet read and the form not yet filled.`)]
    const other = place.get(name.slice('answers.'.length))
    if (other === undefined || other < index) return []
    return [packFault(path, other === index ? `问题“${question.id}”要先回答它自己，成了循环。` : `问题“${question.id}”要看后面才问的“${name.slice('answers.'.length)}”，成了循环。`, other === index ? `The question “${question.id}” depends on its own answer: a loop.` : `The question “${question.id}” depends on “${name.slice('answers.'.length)}”, which is asked later: a loop.`)]
  })))
}

function ruleFaults(matter: Matter, at: Path): readonly PackFault[] {
  const situation = new Set(['answers', 'identity'] as const)
  const withWhen = (list: readonly { readonly when?: Rule | undefined }[], key: string): readonly PlacedRule[] => list.flatMap(({ when }, index) => (when === undefined ? [] : [{ rule: when, path: [...at, key, index, 'when'], mayRead: situation }]))
  const rules: readonly PlacedRule[] = [
    ...matter.questions.flatMap(({ when }, index) => (when === undefined ? [] : [{ rule: when, path: [...at, 'questions', index, 'when'], mayRead: new Set(['answers', 'identity', 'form'] as const) }])),
    ...withWhen(matter.barriers, 'barriers'), ...withWhen(matter.materials, 'materials'), ...withWhen(matter.fees, 'fees'), ...withWhen(matter.limits, 'limits'),
    ...matter.form.prefill.flatMap(({ when }, index) => (when === undefined ? [] : [{ rule: when, path: [...at, 'form', 'prefill', index, 'when'], mayRead: new Set(['answers'] as const) }])),
    ...matter.form.rules.map(({ when }, index) => ({ rule: when, path: [...at, 'form', 'rules', index, 'when'], mayRead: new Set(['answers', 'identity', 'form'] as const) })),
  ]
  return rules.flatMap((placed) => placedRuleFaults(matter, placed))
}

function barrierFaults(matter: Matter, at: Path): readonly PackFault[] {
  return matter.barriers.flatMap((barrier, index) => {
    const says = [barrier.title, barrier.advice].some((text) => text['zh-CN'].includes(WAIT_PLACEHOLDER))
    const saysInEnglish = [barrier.title, barrier.advice].some((text) => text.en.includes(WAIT_PLACEHOLDER))
    const should = barrier.untilAge !== undefined
    return says === should && saysInEnglish === should ? [] : [packFault([...at, 'barriers', index], `“${WAIT_PLACEHOLDER}”和 untilAge 要同时写，中英文都要。`, `“${WAIT_PLACEHOLDER}” and untilAge go together, in both languages.`)]
  })
}

function materialFaults(matter: Matter, at: Path, context: CheckContext): readonly PackFault[] {
  const ids = new Set(matter.materials.map(({ id }) => id))
  const commitments = new Set(matter.commitments.map(({ id }) => id))
  const faults: PackFault[] = []
  matter.materials.forEach((material, index) => {
    const path = [...at, 'materials', index]
    const vague = (name: LocalText, where: Path): void => {
      if (isVagueName(name)) faults.push(packFault(where, `“${name['zh-CN']}”没有说清要什么材料。请写出材料的具体名称。`, `“${name.en}” does not say which paper is meant. Name the paper.`))
    }
    vague(material.name, [...path, 'name'])
    material.documents.forEach((document, documentIndex) => {
      vague(document.name, [...path, 'documents', documentIndex, 'name'])
      if (document.kind !== undefined && context.documentKinds && !Object.hasOwn(context.documentKinds, document.kind)) faults.push(unknown([...path, 'documents', documentIndex, 'kind'], '可识别的文书种类', 'readable document kind', document.kind, new Set(Object.keys(context.documentKinds))))
    })
    material.substitutes.forEach((substitute, substituteIndex) => {
      if (substitute.kind === 'commitment' && !commitments.has(substitute.commitment)) faults.push(unknown([...path, 'substitutes', substituteIndex, 'commitment'], '承诺书', 'commitment', substitute.commitment, commitments))
    })
    if (material.core && material.tolerance !== undefined) faults.push(packFault([...path, 'tolerance'], '主审要件缺了就不能收件，不能容缺。', 'Without a core material the case is not taken, so it cannot be tolerated as missing.'))
    if (material.producedBy !== undefined && !ids.has(material.producedBy)) faults.push(unknown([...path, 'producedBy'], '材料', 'material', material.producedBy, ids))
    const readable = material.documents.flatMap(({ kind }) => (kind === undefined ? [] : (context.documentKinds?.[kind] ?? [])))
    material.fills?.forEach((fill, fillIndex) => {
      const where = [...path, 'fills', fillIndex]
      if (fieldSchema(matter, fill.to) === undefined) faults.push(packFault([...where, 'to'], `表单里没有字段“${fill.to}”。`, `The form has no field “${fill.to}”.`))
      if (context.documentKinds && !readable.includes(fill.from)) faults.push(unknown([...where, 'from'], '文书字段', 'field of these document kinds', fill.from, new Set(readable)))
    })
    if (material.fills && !material.documents.some(({ kind }) => kind !== undefined)) faults.push(packFault([...path, 'fills'], '没有一种可识别的文书，填不进表单。', 'None of the documents can be read, so nothing can be filled from them.'))
  })
  return [...faults, ...loopFaults(matter, at)]
}

function loopFaults(matter: Matter, at: Path): readonly PackFault[] {
  const producer = new Map(matter.materials.map(({ id, producedBy }) => [id, producedBy]))
  return matter.materials.flatMap((material, index) => {
    const seen: string[] = [material.id]
    for (let next = producer.get(material.id); next !== undefined; next = producer.get(next)) {
      if (next === material.id) return [packFault([...at, 'materials', index, 'producedBy'], `材料互相等待，成了循环：${[...seen, next].join(' → ')}。`, `These materials wait for each other, a loop: ${[...seen, next].join(' → ')}.`)]
      if (seen.includes(next)) return []
      seen.push(next)
    }
    return []
  })
}

function prefillFaults(matter: Matter, at: Path): readonly PackFault[] {
  const questions = new Map(matter.questions.map((question) => [question.id, question]))
  return matter.form.prefill.flatMap(({ to, from }, index): readonly PackFault[] => {
    const path = [...at, 'form', 'prefill', index]
    const schema = fieldSchema(matter, to)
    if (schema === undefined) return [packFault([...path, 'to'], `表单里没有字段“${to}”。`, `The form has no field “${to}”.`)]
    if (from.kind !== 'answer') return []
    const question = questions.get(from.question)
    if (question === undefined) return [unknown([...path, 'from', 'question'], '问题', 'question', from.question, new Set(questions.keys()))]
    const options = new Set(question.options.map(({ value }) => value))
    const strange = Object.keys(from.map ?? {}).filter((value) => !options.has(value)).map((value) => unknown([...path, 'from', 'map', value], `问题“${question.id}”的选项`, `option of “${question.id}”`, value, options))
    const misfits = [...options].filter((option) => compileSchema(schema)(from.map?.[option] ?? option).length > 0)
    return [...strange, ...misfits.map((option) => packFault([...path, 'from'], `回答“${option}”填不进字段“${to}”。`, `The answer “${option}” does not fit the field “${to}”.`))]
  })
}

export function fieldSchema(matter: Pick<Matter, 'form'>, pointer: string): unknown {
  return pointer.split('/').slice(1).reduce<unknown>((schema, key) => ownValue(ownValue(schema, 'properties'), key), matter.form.schema)
}
