import { FIELD_HINTS, FIELD_KEYBOARDS, UI_ELEMENTS, formControls, scopeToPointer } from '../form/controls.ts'
import { FORM_FORMATS } from '../form/formats.ts'
import { compileSchema } from '../form/schema-check.ts'
import { isRecord, ownValue, valueAt } from '../json/pointer.ts'
import { packFault } from './pack-fault.ts'
import type { PackFault, Path } from './pack-fault.ts'
import type { Matter } from './schema.ts'

/** What is wrong with a matter's form: its JSON Schema, its UI schema, and the texts that the two need. */
export function formFaults(matter: Matter, at: Path): readonly PackFault[] {
  const form = [...at, 'form']
  return [...schemaFaults(matter, [...form, 'schema']), ...uiFaults(matter, [...form, 'uischema']), ...textFaults(matter, form), ...ruleFieldFaults(matter, [...form, 'rules'])]
}

function schemaFaults(matter: Matter, at: Path): readonly PackFault[] {
  const faults: PackFault[] = []
  const { schema } = matter.form
  if (schema['type'] !== 'object' || !isRecord(schema['properties'])) faults.push(packFault(at, '表单的 JSON Schema 应是 type 为 object 且有 properties 的对象。', 'The JSON Schema of a form must be of type object and have properties.'))
  const walk = (value: unknown, path: Path): void => {
    if (Array.isArray(value)) return value.forEach((inner, index) => walk(inner, [...path, index]))
    if (!isRecord(value)) return
    for (const [key, inner] of Object.entries(value)) {
      // Under `properties` and the like the keys are names of fields, not keywords.
      const isKeyword = !['properties', '$defs', 'patternProperties', 'dependentSchemas'].includes(String(path.at(-1)))
      if (isKeyword && key === 'format' && typeof inner === 'string' && !FORM_FORMATS.has(inner)) faults.push(packFault([...path, key], `没有格式“${inner}”；可用：${[...FORM_FORMATS.keys()].join(', ')}。`, `There is no format “${inner}”; allowed are ${[...FORM_FORMATS.keys()].join(', ')}.`))
      if (isKeyword && key === 'pattern' && typeof inner === 'string') faults.push(...patternFaults(inner, [...path, key]))
      if (isKeyword && key === '$ref' && (typeof inner !== 'string' || !inner.startsWith('#/') || valueAt(schema, inner.slice(1)) === undefined)) faults.push(packFault([...path, key], '$ref 只能指到本表单里已有的定义。', '$ref can only point to a definition within this form.'))
      walk(inner, [...path, key])
    }
  }
  walk(schema, at)
  if (faults.length > 0) return faults
  try {
    compileSchema(schema)({})
    return []
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return [packFault(at, `表单的 JSON Schema 用不了：${detail}`, `The JSON Schema of the form cannot be used: ${detail}`)]
  }
}

/** Longer patterns, and a repetition of a repetition, can take a terminal minutes to decide on a single line of text. */
const MAX_PATTERN_CHARACTERS = 200
function patternFaults(pattern: string, at: Path): readonly PackFault[] {
  if (pattern.length > MAX_PATTERN_CHARACTERS || /[+*}][^()]*\)[+*{]/.test(pattern)) return [packFault(at, '这个正则表达式太复杂：不超过 200 个字符，且不能把重复再重复。', 'This pattern is too complex: 200 characters at most, and no repetition of a repetition.')]
  try {
    new RegExp(pattern, 'u')
    return []
  } catch {
    return [packFault(at, `“${pattern}”不是正则表达式。`, `“${pattern}” is not a regular expression.`)]
  }
}

function uiFaults(matter: Matter, at: Path): readonly PackFault[] {
  const faults: PackFault[] = []
  const seen = new Set<string>()
  const scope = (value: unknown, path: Path): string | undefined => {
    const pointer = scopeToPointer(value)
    if (pointer === undefined || valueAt(matter.form.schema, String(value).slice(1)) === undefined) faults.push(packFault(path, `“${String(value)}”在表单的 JSON Schema 里不存在。`, `“${String(value)}” does not exist in the form's JSON Schema.`))
    return pointer
  }
  const condition = (value: unknown, path: Path): void => {
    const inner = ownValue(value, 'conditions')
    if (Array.isArray(inner)) inner.forEach((one, index) => condition(one, [...path, 'conditions', index]))
    else scope(ownValue(value, 'scope'), [...path, 'scope'])
  }
  const walk = (element: unknown, path: Path): void => {
    const type = ownValue(element, 'type')
    if (!isRecord(element) || !UI_ELEMENTS.some((known) => known === type)) {
      faults.push(packFault([...path, 'type'], `没有界面元素“${String(type)}”；可用：${UI_ELEMENTS.join(', ')}。`, `There is no element “${String(type)}”; allowed are ${UI_ELEMENTS.join(', ')}.`))
      return
    }
    const rule = element['rule']
    if (rule !== undefined) {
      const effect = ownValue(rule, 'effect')
      if (!['SHOW', 'HIDE', 'ENABLE', 'DISABLE'].includes(String(effect))) faults.push(packFault([...path, 'rule', 'effect'], `effect 不能是“${String(effect)}”；可用：SHOW, HIDE, ENABLE, DISABLE。`, `effect cannot be “${String(effect)}”; allowed are SHOW, HIDE, ENABLE, DISABLE.`))
      condition(ownValue(rule, 'condition'), [...path, 'rule', 'condition'])
    }
    if (type === 'Control') {
      const pointer = scope(element['scope'], [...path, 'scope'])
      if (pointer !== undefined && seen.has(pointer)) faults.push(packFault([...path, 'scope'], `字段“${pointer}”放了两次。`, `The field “${pointer}” is placed twice.`))
      if (pointer !== undefined) seen.add(pointer)
      const keyboard = ownValue(element['options'], 'keyboard')
      if (keyboard !== undefined && !FIELD_KEYBOARDS.some((known) => known === keyboard)) faults.push(packFault([...path, 'options', 'keyboard'], `没有键盘“${String(keyboard)}”；可用：${FIELD_KEYBOARDS.join(', ')}。`, `There is no keyboard “${String(keyboard)}”; allowed are ${FIELD_KEYBOARDS.join(', ')}.`))
      const hint = ownValue(element['options'], 'hint')
      if (hint !== undefined && !FIELD_HINTS.some((known) => known === hint)) faults.push(packFault([...path, 'options', 'hint'], `没有输入提示“${String(hint)}”；可用：${FIELD_HINTS.join(', ')}。`, `There is no hint “${String(hint)}”; allowed are ${FIELD_HINTS.join(', ')}.`))
      return
    }
    const elements = element['elements']
    if (!Array.isArray(elements) || elements.length === 0) faults.push(packFault([...path, 'elements'], '这里应有一个不空的 elements 列表。', 'There must be a list “elements” here that is not empty.'))
    else elements.forEach((inner: unknown, index) => walk(inner, [...path, 'elements', index]))
    if (type === 'Group') {
      const key = element['i18n']
      if (typeof key !== 'string' || matter.form.texts[`${key}.label`] === undefined) faults.push(packFault([...path, 'i18n'], `分组的标题“${String(key)}.label”不在 texts 里。`, `The title “${String(key)}.label” of this group is not among the texts.`))
    }
  }
  walk(matter.form.uischema, at)
  const properties = matter.form.schema['properties']
  const reachable = new Set([...seen, ...matter.form.prefill.map(({ to }) => to)])
  for (const field of isRecord(properties) ? Object.keys(properties) : []) {
    if (![...reachable].some((pointer) => pointer === `/${field}` || pointer.startsWith(`/${field}/`))) faults.push(packFault([...at.slice(0, -1), 'schema', 'properties', field], `字段“${field}”既没有放到界面上，也没有预填，没有人能填它。`, `The field “${field}” is neither placed on the screen nor prefilled: nobody can fill it.`))
  }
  return faults
}

function textFaults(matter: Matter, form: Path): readonly PackFault[] {
  const { texts } = matter.form
  const missing = (path: Path, key: string): PackFault => packFault(path, `texts 里缺少“${key}”。`, `The texts lack “${key}”.`)
  return formControls(matter.form).flatMap((control) => {
    const path = [...form, 'uischema', ...control.at.split('/').slice(1)]
    const items = control.schema['items']
    const choices: readonly unknown[] = [control.schema['enum'], ownValue(items, 'enum')].flatMap((list) => (Array.isArray(list) ? (list as readonly unknown[]) : []))
    return [`${control.key}.label`, ...choices.map((choice) => `${control.key}.${String(choice)}`)].filter((key) => texts[key] === undefined).map((key) => missing(path, key))
  })
}

function ruleFieldFaults(matter: Matter, at: Path): readonly PackFault[] {
  const pointers = new Set(formControls(matter.form).map(({ pointer }) => pointer))
  return matter.form.rules.flatMap((rule, index) => (pointers.has(rule.field) ? [] : [packFault([...at, index, 'field'], `界面上没有字段“${rule.field}”，提示不知该显示在哪里。`, `The screen has no field “${rule.field}” at which this could be said.`)]))
}
