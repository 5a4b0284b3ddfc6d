import { type FormControl, formControls, isShown } from '../../../core/form/controls.ts'
import { type JsonRecord, isRecord } from '../../../core/json/pointer.ts'
import type { FormView } from '../../../core/kiosk-api/snapshot.ts'

type FormDocument = Pick<FormView['form'], 'schema' | 'uischema'>

/** One page of a form: a part of the UI schema, with the fields that are seen on it now. */
export interface FormPage {
  readonly uischema: JsonRecord
  readonly pointers: readonly string[]
}

/** A page holds one small group, or several as long as there are no more fields than this; in care mode always one. */
export const FIELDS_ON_A_PAGE = 5

/**
 * Parts a form into pages at the groups of its UI schema, leaving out groups of which nothing is shown with these data. A form
 * without groups is one page.
 */
export function formPages(form: FormDocument, data: JsonRecord, care: boolean): readonly FormPage[] {
  const shown = (uischema: JsonRecord): readonly string[] =>
    formControls({ schema: form.schema, uischema })
      .filter((control: FormControl) => isShown(control, data))
      .map(({ pointer }) => pointer)
  const elements = form.uischema['elements']
  const groups = Array.isArray(elements) ? elements.filter(isRecord) : []
  if (groups.length === 0 || !groups.every((element) => element['type'] === 'Group')) return [{ uischema: form.uischema, pointers: shown(form.uischema) }]
  const pages: { groups: JsonRecord[]; pointers: string[] }[] = []
  for (const group of groups) {
    const pointers = shown(group)
    if (pointers.length === 0) continue
    const last = pages.at(-1)
    if (!care && last !== undefined && last.pointers.length + pointers.length <= FIELDS_ON_A_PAGE) {
      last.groups.push(group)
      last.pointers.push(...pointers)
    } else pages.push({ groups: [group], pointers: [...pointers] })
  }
  return pages.map(({ groups: elementsOfPage, pointers }) => ({ uischema: { type: 'VerticalLayout', elements: elementsOfPage }, pointers }))
}

/**
 * What the form shows after the kiosk sent its data anew: the kiosk's value, except where the citizen has typed on since the
 * kiosk's last word.
 */
export function mergeIncoming(local: JsonRecord, before: JsonRecord, incoming: JsonRecord): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...incoming }
  for (const key of new Set([...Object.keys(local), ...Object.keys(before)])) {
    if (JSON.stringify(local[key]) === JSON.stringify(before[key])) continue
    if (local[key] === undefined) delete merged[key]
    else merged[key] = local[key]
  }
  return merged
}
