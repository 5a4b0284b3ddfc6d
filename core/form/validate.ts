import { FORM_FORMATS } from './formats.ts'
import { formControls, isShown, shownData } from './controls.ts'
import type { FormControl } from './controls.ts'
import { compileSchema } from './schema-check.ts'
import type { SchemaError } from './schema-check.ts'
import { valueAt } from '../json/pointer.ts'
import type { JsonRecord } from '../json/pointer.ts'
import type { MatterForm } from '../matter-pack/schema.ts'
import { ruleHolds } from '../rules/rule.ts'
import type { RuleFacts } from '../rules/rule.ts'
import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'

/** Something that a form still lacks or says wrongly, with the field to go to. */
export interface FieldGap {
  readonly pointer: string
  readonly message: LocalText
}

/**
 * All gaps of a filled form at once, in the order of the screen, one for each field: first what the JSON Schema says, then the
 * cross-field rules. Fields that are not shown are neither asked for nor judged. Used by the kiosk and by the page alike.
 */
export function validateForm(form: MatterForm, data: JsonRecord, facts: Omit<RuleFacts, 'form'>): readonly FieldGap[] {
  const given = shownData(form, data)
  const controls = formControls(form)
  const shown = new Map(controls.filter((control) => isShown(control, data)).map((control) => [control.pointer, control]))
  const gaps = new Map<string, LocalText>()
  for (const error of compileSchema(form.schema)(given)) {
    const owner = ownerOf(error.pointer, shown)
    const pointer = owner?.pointer ?? error.pointer
    if (!gaps.has(pointer)) gaps.set(pointer, sentenceFor(form, owner, error, valueAt(given, error.pointer)))
  }
  for (const rule of form.rules) {
    if (!gaps.has(rule.field) && shown.has(rule.field) && ruleHolds(rule.when, { ...facts, form: given })) gaps.set(rule.field, rule.message)
  }
  const order = new Map(controls.map((control, index) => [control.pointer, index]))
  return [...gaps].map(([pointer, message]) => ({ pointer, message })).sort((a, b) => (order.get(a.pointer) ?? order.size) - (order.get(b.pointer) ?? order.size))
}

/** The control in which a value is filled in: its own, or that of the list or group around it. */
function ownerOf(pointer: string, controls: ReadonlyMap<string, FormControl>): FormControl | undefined {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const control = controls.get(at)
    if (control) return control
  }
  return undefined
}

/** `<field>.error.<keyword>`, else `<field>.error` of the pack, else a sentence of our own. */
function sentenceFor(form: MatterForm, control: FormControl | undefined, error: SchemaError, value: unknown): LocalText {
  const key = control?.key ?? error.pointer.slice(1).replaceAll('/', '.')
  const isMissing = error.keyword === 'required' || value === '' || error.keyword === 'minItems'
  const own = form.texts[`${key}.error.${isMissing ? 'required' : error.keyword}`]
  if (own) return own
  const label = form.texts[`${key}.label`] ?? text(key, key)
  const isChoice = control !== undefined && (Array.isArray(control.schema['enum']) || control.schema['type'] === 'array')
  if (isMissing) {
    return isChoice ? text(`请选择“${label['zh-CN']}”。`, `Please choose “${label.en}”.`) : text(`请填写“${label['zh-CN']}”。`, `Please fill in “${label.en}”.`)
  }
  const general = form.texts[`${key}.error`]
  if (general) return general
  switch (error.keyword) {
    case 'format': {
      const sentence = typeof value === 'string' ? FORM_FORMATS.get(String(error.expected))?.(value) : undefined
      return sentence ?? text(`“${label['zh-CN']}”的格式不对，请改一下。`, `“${label.en}” is not written as it should be. Please correct it.`)
    }
    case 'minLength': return text(`“${label['zh-CN']}”至少要 ${String(error.expected)} 个字。`, `“${label.en}” needs at least ${String(error.expected)} characters.`)
    case 'maxLength': return text(`“${label['zh-CN']}”最多 ${String(error.expected)} 个字。`, `“${label.en}” takes at most ${String(error.expected)} characters.`)
    case 'minimum': return text(`“${label['zh-CN']}”不能小于 ${String(error.expected)}。`, `“${label.en}” cannot be less than ${String(error.expected)}.`)
    case 'maximum': return text(`“${label['zh-CN']}”不能大于 ${String(error.expected)}。`, `“${label.en}” cannot be more than ${String(error.expected)}.`)
    case 'enum':
    case 'const': return text(`请从给出的选项里选“${label['zh-CN']}”。`, `Please choose “${label.en}” from the options.`)
    case 'maxItems': return text(`“${label['zh-CN']}”最多选 ${String(error.expected)} 项。`, `Choose at most ${String(error.expected)} for “${label.en}”.`)
    case 'uniqueItems': return text(`“${label['zh-CN']}”里有重复的选项。`, `“${label.en}” has the same choice twice.`)
    case 'additionalProperties': return text(`表里没有“${key}”这一栏。`, `This form has no field “${key}”.`)
    default: return text(`“${label['zh-CN']}”填得不对，请改一下。`, `“${label.en}” is not right. Please correct it.`)
  }
}
