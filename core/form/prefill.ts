import { compileSchema } from './schema-check.ts'
import { formControls } from './controls.ts'
import { valueAt, withValueAt } from '../json/pointer.ts'
import type { JsonRecord } from '../json/pointer.ts'
import { nationLabel } from '../identity/codes.ts'
import { currentAddress } from '../identity/identity.ts'
import type { Identity } from '../identity/identity.ts'
import type { Material, MatterForm } from '../matter-pack/schema.ts'
import { ruleHolds } from '../rules/rule.ts'

/** Where a value of the form came from; shown beside it. */
export type ValueSource = 'id-card' | 'licence' | 'scan' | 'answer' | 'today' | 'typed'

export interface FilledForm {
  readonly data: JsonRecord
  /** JSON pointer → where its value came from. */
  readonly sources: Readonly<Record<string, ValueSource>>
  /** JSON pointers that stay as they are: the card, or an answer on which the list of materials rests, is their evidence. */
  readonly locked: readonly string[]
}

export interface PrefillFrom {
  readonly identity: Identity | undefined
  readonly answers: Readonly<Record<string, string>>
  /** `YYYY-MM-DD` at the terminal. */
  readonly today: string
}

/** The form as it is first shown. A later entry for the same field fills it only when no earlier one did. */
export function prefillForm(form: MatterForm, { identity, answers, today }: PrefillFrom): FilledForm {
  let data: JsonRecord = {}
  const sources: Record<string, ValueSource> = {}
  const locked: string[] = []
  for (const { to, from, when, locked: lock } of form.prefill) {
    if (sources[to] !== undefined) continue
    if (when !== undefined && !ruleHolds(when, { answers, form: {}, today })) continue
    let value: unknown
    let source: ValueSource
    switch (from.kind) {
      case 'identity': [value, source] = [identity && identityValue(identity, from.field), 'id-card']; break
      case 'answer': {
        const answer = answers[from.question]
        ;[value, source] = [answer === undefined ? undefined : (from.map?.[answer] ?? answer), 'answer']
        break
      }
      case 'today': [value, source] = [today, 'today']; break
    }
    if (value === undefined || value === '') continue
    data = withValueAt(data, to, value)
    sources[to] = source
    if (lock) locked.push(to)
  }
  // Defaults of the schema last: they stand for no knowledge about this citizen.
  for (const control of formControls(form)) {
    if (control.schema['default'] !== undefined && valueAt(data, control.pointer) === undefined) data = withValueAt(data, control.pointer, control.schema['default'])
  }
  return { data, sources, locked }
}

/**
 * The form after the citizen has answered the questions otherwise: everything that was prefilled is prefilled anew, and what the
 * citizen wrote or scanned is laid over it, except where the new answers lock the field.
 */
export function prefillAgain(form: MatterForm, before: FilledForm, from: PrefillFrom): FilledForm {
  const filled = prefillForm(form, from)
  let data: JsonRecord = filled.data
  const sources: Record<string, ValueSource> = { ...filled.sources }
  for (const { pointer } of formControls(form)) {
    const source = before.sources[pointer]
    if (source === undefined || !OF_THE_CITIZEN.includes(source) || filled.locked.includes(pointer)) continue
    data = withValueAt(data, pointer, valueAt(before.data, pointer))
    sources[pointer] = source
  }
  return { data, sources, locked: filled.locked }
}

const OF_THE_CITIZEN: readonly ValueSource[] = ['typed', 'scan', 'licence']

function identityValue(identity: Identity, field: 'name' | 'number' | 'sex' | 'birth' | 'nation' | 'address'): string | undefined {
  switch (field) {
    case 'sex': return identity.sex === 'male' || identity.sex === 'female' ? identity.sex : undefined
    case 'nation': return identity.nationCode === undefined ? undefined : nationLabel(identity.nationCode)['zh-CN']
    case 'address': return currentAddress(identity)
    default: return identity[field]
  }
}

/** What a citizen typed, laid over the form. Locked fields keep their value; a field that changed is now `typed`. */
export function applyTyped(form: MatterForm, before: FilledForm, typed: JsonRecord): FilledForm {
  let data: JsonRecord = before.data
  const sources: Record<string, ValueSource> = { ...before.sources }
  for (const { pointer } of formControls(form)) {
    if (before.locked.includes(pointer)) continue
    const [old, now] = [valueAt(before.data, pointer), valueAt(typed, pointer)]
    if (JSON.stringify(old) === JSON.stringify(now)) continue
    data = withValueAt(data, pointer, now)
    if (now === undefined || now === '') delete sources[pointer]
    else sources[pointer] = 'typed'
  }
  return { data, sources, locked: before.locked }
}

/** A field as it was read from paper, after the citizen confirmed it or the check rules judged it. */
export interface ScannedField {
  readonly value: string
  /** `unsure`: a check rule failed or the reading is weak. Never filled in silently. */
  readonly state: 'sure' | 'unsure'
}

export interface ScanApplied extends FilledForm {
  /** Fields that the paper might fill, but whose reading is not to be trusted: the citizen types them. */
  readonly unsure: readonly string[]
  /** Fields in which the paper says something else than what stands there; nothing was overwritten. */
  readonly conflicts: readonly { readonly pointer: string; readonly present: string; readonly scanned: string }[]
}

/** Fills the form from a read paper, by the material's `fills`: empty fields only, only what was read surely and fits its schema. */
export function applyScan(form: MatterForm, before: FilledForm, material: Pick<Material, 'fills'>, fields: Readonly<Record<string, ScannedField>>): ScanApplied {
  let data: JsonRecord = before.data
  const sources: Record<string, ValueSource> = { ...before.sources }
  const unsure = new Set<string>()
  const conflicts: { pointer: string; present: string; scanned: string }[] = []
  const controls = new Map(formControls(form).map((control) => [control.pointer, control]))
  for (const { from, to } of material.fills ?? []) {
    const field = Object.hasOwn(fields, from) ? fields[from] : undefined
    const control = controls.get(to)
    if (field === undefined || control === undefined || field.value === '') continue
    const value = ofType(field.value, control.schema['type'])
    const standing = valueAt(data, to)
    const present = typeof standing === 'string' || typeof standing === 'number' ? String(standing) : undefined
    if (present !== undefined && present !== '' && sources[to] !== undefined && sources[to] !== 'scan') {
      if (squeeze(present) !== squeeze(field.value)) conflicts.push({ pointer: to, present, scanned: field.value })
    } else if (field.state === 'unsure' || compileSchema(control.schema)(value).length > 0) unsure.add(to)
    else {
      data = withValueAt(data, to, value)
      sources[to] = 'scan'
      unsure.delete(to)
    }
  }
  return { data, sources, locked: before.locked, unsure: [...unsure], conflicts }
}

function ofType(value: string, type: unknown): string | number {
  return (type === 'number' || type === 'integer') && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value
}

/** Spaces and full-width forms do not make two writings different. */
function squeeze(value: string): string {
  return value.normalize('NFKC').replaceAll(/\s/g, '').toUpperCase()
}
