import { FIELD_HINTS, FIELD_KEYBOARDS, UI_ELEMENTS, formControls, scopeToPointer } from '../form/controls.ts'
import { keywordFaults } from './form-schema-faults.ts'
import { isRecord, ownValue, valueAt } from '../json/pointer.ts'
import { packFault, shown } from './pack-fault.ts'
import type { PackFault, Path } from './pack-fault.ts'
import type { Matter } from './schema.ts'

/** What is wrong with a matter's form: its JSON Schema, its UI schema, and the texts that the two need. */
export function formFaults(matter: Matter, at: Path): readonly PackFault[] {
  const form = [...at, 'form']
  return [...schemaFaults(matter, [...form, 'schema']), ...uiFaults(matter, [...form, 'uischema']), ...textFaults(matter, form), ...ruleFieldFaults(matter, [...form, 'rules'])]
}

function schemaFaults(matter: Matter, at: Path): readonly PackFault[] {
  const { schema } = matter.form
  const faults = keywordFaults(schema, at)
  if (faults.length > 0) return faults
  return schema['type'] === 'object' && isRecord(schema['properties']) ? [] : [packFault(at, '表单的 JSON Schema 应是 type 为 object 且有 properties 的对象。', 'The JSON Schema of a form must be of type object and have properties.')]
}

/** Deeper screens than this cannot be laid out, and a check must end. */
const MAX_UI_DEPTH = 8
function uiFaults(matter: Matter, at: Path): readonly PackFault[] {
  const faults: PackFault[] = []
  const seen = new Set<string>()
  const scope = (value: unknown, path: Path): string | undefined => {
    const pointer = scopeToPointer(value)
    if (pointer === undefined || valueAt(matter.form.schema, String(value).slice(1)) === undefined) faults.push(packFault(path, `“${shown(value)}”在表单的 JSON Schema 里不存在。`, `“${shown(value)}” does not exist in the form's JSON Schema.`))
    return pointer
  }
  const condition = (value: unknown, path: Path): void => {
    const inner = ownValue(value, 'conditions')
    if (path.length > at.length + 6 * MAX_UI_DEPTH) faults.push(packFault(path, '条件嵌套太深。', 'The condition is nested too deeply.'))
    else if (Array.isArray(inner)) inner.forEach((one, index) => condition(one, [...path, 'conditions', index]))
    else {
      scope(ownValue(value, 'scope'), [...path, 'scope'])
      const schema = ownValue(value, 'schema')
      if (schema !== undefined) faults.push(...keywordFaults(schema, [...path, 'schema']))
    }
  }
  const walk = (element: unknown, path: Path): void => {
    if (path.length > at.length + 2 * MAX_UI_DEPTH) {
      faults.push(packFault(path, `界面元素嵌套超过 ${MAX_UI_DEPTH} 层。`, `Elements are nested more than ${MAX_UI_DEPTH} levels deep.`))
      return
    }
    const type = ownValue(element, 'type')
    if (!isRecord(element) || !UI_ELEMENTS.some((known) => known === type)) {
      faults.push(packFault([...path, 'type'], `没有界面元素“${shown(type)}”；可用：${UI_ELEMENTS.join(', ')}。`, `There is no element “${shown(type)}”; allowed are ${UI_ELEMENTS.join(', ')}.`))
      return
    }
    const rule = element['rule']
    if (rule !== undefined) {
      const effect = ownValue(rule, 'effect')
      if (!['SHOW', 'HIDE', 'ENABLE', 'DISABLE'].includes(shown(effect))) faults.push(packFault([...path, 'rule', 'effect'], `effect 不能是“${shown(effect)}”；可用：SHOW, HIDE, ENABLE, DISABLE。`, `effect cannot be “${shown(effect)}”; allowed are SHOW, HIDE, ENABLE, DISABLE.`))
      condition(ownValue(rule, 'condition'), [...path, 'rule', 'condition'])
    }
    if (type === 'Control') {
      const pointer = scope(element['scope'], [...path, 'scope'])
      if (pointer !== undefined && seen.has(pointer)) faults.push(packFault([...path, 'scope'], `字段“${pointer}”放了两次。`, `The field “${pointer}” is placed twice.`))
      if (pointer !== undefined) seen.add(pointer)
      const keyboard = ownValue(element['options'], 'keyboard')
      if (keyboard !== undefined && !FIELD_KEYBOARDS.some((known) => known === keyboard)) faults.push(packFault([...path, 'options', 'keyboard'], `没有键盘“${shown(keyboard)}”；可用：${FIELD_KEYBOARDS.join(', ')}。`, `There is no keyboard “${shown(keyboard)}”; allowed are ${FIELD_KEYBOARDS.join(', ')}.`))
      const hint = ownValue(element['options'], 'hint')
      if (hint !== undefined && !FIELD_HINTS.some((known) => known === hint)) faults.push(packFault([...path, 'options', 'hint'], `没有输入提示“${shown(hint)}”；可用：${FIELD_HINTS.join(', ')}。`, `There is no hint “${shown(hint)}”; allowed are ${FIELD_HINTS.join(', ')}.`))
      return
    }
    const elements = element['elements']
    if (!Array.isArray(elements) || elements.length === 0) faults.push(packFault([...path, 'elements'], '这里应有一个不空的 elements 列表。', 'There must be a list “elements” here that is not empty.'))
    else elements.forEach((inner: unknown, index) => walk(inner, [...path, 'elements', index]))
    if (type === 'Group') {
      const key = element['i18n']
      if (typeof key !== 'string' || matter.form.texts[`${key}.label`] === undefined) faults.push(packFault([...path, 'i18n'], `分组的标题“${shown(key)}.label”不在 texts 里。`, `The title “${shown(key)}.label” of this group is not among the texts.`))
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
    return [`${control.key}.label`, ...choices.map((choice) => `${control.key}.${shown(choice)}`)].filter((key) => texts[key] === undefined).map((key) => missing(path, key))
  })
}

function ruleFieldFaults(matter: Matter, at: Path): readonly PackFault[] {
  const pointers = new Set(formControls(matter.form).map(({ pointer }) => pointer))
  return matter.form.rules.flatMap((rule, index) => (pointers.has(rule.field) ? [] : [packFault([...at, index, 'field'], `界面上没有字段“${rule.field}”，提示不知该显示在哪里。`, `The screen has no field “${rule.field}” at which this could be said.`)]))
}
