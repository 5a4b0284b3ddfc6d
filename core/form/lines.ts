import { formControls, isShown } from './controls.ts'
import { valueAt } from '../json/pointer.ts'
import type { JsonRecord } from '../json/pointer.ts'
import type { MatterForm } from '../matter-pack/schema.ts'
import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'

export interface FormSection {
  readonly title: LocalText
  readonly lines: readonly { readonly pointer: string; readonly label: LocalText; readonly value: LocalText }[]
}

/** The filled form in words, section by section, as it is shown for review and archived. Empty fields are left out. */
export function formSections(form: MatterForm, data: JsonRecord): readonly FormSection[] {
  const sections: { key: string | undefined; title: LocalText; lines: { pointer: string; label: LocalText; value: LocalText }[] }[] = []
  for (const control of formControls(form)) {
    const value = valueAt(data, control.pointer)
    if (!isShown(control, data) || value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)) continue
    const title = (control.group === undefined ? undefined : form.texts[`${control.group}.label`]) ?? form.title
    let section = sections.at(-1)
    if (section === undefined || section.key !== control.group) sections.push((section = { key: control.group, title, lines: [] }))
    section.lines.push({ pointer: control.pointer, label: form.texts[`${control.key}.label`] ?? text(control.key, control.key), value: inWords(form, control.key, value) })
  }
  return sections.map(({ title, lines }) => ({ title, lines }))
}

function inWords(form: MatterForm, key: string, value: unknown): LocalText {
  if (Array.isArray(value)) {
    const parts = value.map((one) => inWords(form, key, one))
    return text(parts.map((part) => part['zh-CN']).join('、'), parts.map((part) => part.en).join(', '))
  }
  if (typeof value === 'boolean') return form.texts[`${key}.${String(value)}`] ?? (value ? text('是', 'Yes') : text('否', 'No'))
  const plain = String(value)
  return form.texts[`${key}.${plain}`] ?? text(plain, plain)
}
