import { compileSchema } from './schema-check.ts'
import { isRecord, ownValue, valueAt, withValueAt } from '../json/pointer.ts'
import type { JsonRecord } from '../json/pointer.ts'
import type { MatterForm } from '../matter-pack/schema.ts'

/** Which keys the on-screen keyboard shows for a field. */
export const FIELD_KEYBOARDS = ['pinyin', 'digits', 'phone', 'latin', 'date', 'id-number'] as const
export const FIELD_HINTS = ['name', 'address'] as const
export const UI_ELEMENTS = ['VerticalLayout', 'HorizontalLayout', 'Group', 'Control'] as const

/** One field as the UI schema places it. */
export interface FormControl {
  /** JSON pointer of its value in the form's data. */
  readonly pointer: string
  /** Prefix of its texts: `<key>.label` and so on. */
  readonly key: string
  readonly group: string | undefined
  readonly schema: JsonRecord
  readonly options: JsonRecord
  /** Rules of this control and of all that it stands in. */
  readonly rules: readonly JsonRecord[]
  /** Place in the UI schema itself, for faults. */
  readonly at: string
}

/** `#/properties/address/properties/street` → `/address/street`; `undefined` when it is no scope of a property. */
export function scopeToPointer(scope: unknown): string | undefined {
  if (typeof scope !== 'string') return undefined
  const match = /^#((?:\/properties\/[^/]+)+)$/.exec(scope)
  return match?.[1]?.replaceAll(/\/properties\//g, '/')
}

/** Every control of the form in the order of the screen. */
export function formControls(form: Pick<MatterForm, 'schema' | 'uischema'>): readonly FormControl[] {
  const controls: FormControl[] = []
  const walk = (element: unknown, at: string, group: string | undefined, rules: readonly JsonRecord[]): void => {
    if (!isRecord(element)) return
    const own = isRecord(element['rule']) ? [...rules, element['rule']] : rules
    if (element['type'] === 'Control') {
      const pointer = scopeToPointer(element['scope'])
      if (pointer === undefined) return
      const schema = valueAt(form.schema, String(element['scope']).slice(1))
      const key = typeof element['i18n'] === 'string' ? element['i18n'] : pointer.slice(1).replaceAll('/', '.')
      controls.push({ pointer, key, group, schema: isRecord(schema) ? schema : {}, options: isRecord(element['options']) ? element['options'] : {}, rules: own, at })
    }
    const inGroup = element['type'] === 'Group' && typeof element['i18n'] === 'string' ? element['i18n'] : group
    const elements = element['elements']
    if (Array.isArray(elements)) elements.forEach((inner: unknown, index) => walk(inner, `${at}/elements/${index}`, inGroup, own))
  }
  walk(form.uischema, '', undefined, [])
  return controls
}

/** Whether the citizen sees this field with these data: JSON Forms' SHOW and HIDE rules of it and of all that it stands in. */
export function isShown(control: FormControl, data: JsonRecord): boolean {
  return control.rules.every((rule) => {
    const effect = rule['effect']
    if (effect !== 'SHOW' && effect !== 'HIDE') return true
    return conditionHolds(rule['condition'], data) === (effect === 'SHOW')
  })
}

function conditionHolds(condition: unknown, data: JsonRecord): boolean {
  if (!isRecord(condition)) return false
  const inner = condition['conditions']
  if (Array.isArray(inner)) return condition['type'] === 'OR' ? inner.some((one) => conditionHolds(one, data)) : inner.every((one) => conditionHolds(one, data))
  const pointer = scopeToPointer(condition['scope'])
  const value = pointer === undefined ? data : valueAt(data, pointer)
  if (value === undefined && condition['failWhenUndefined'] === true) return false
  if ('expectedValue' in condition) return value === condition['expectedValue']
  return compileSchema(ownValue(condition, 'schema'))(value).length === 0
}

/** The data without the fields that are not shown: what was typed before another choice hid it is not submitted. */
export function shownData(form: Pick<MatterForm, 'schema' | 'uischema'>, data: JsonRecord): JsonRecord {
  return formControls(form).reduce<JsonRecord>((kept, control) => (isShown(control, data) ? kept : withValueAt(kept, control.pointer, undefined)), data)
}
