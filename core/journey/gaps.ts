import { validateForm } from '../form/validate.ts'
import { valueAt } from '../json/pointer.ts'
import type { Gap } from '../kiosk-api/snapshot.ts'
import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'
import type { FormState, JourneyContext } from './context.ts'
import { factsOf, matterOf, situationOf } from './context.ts'
import { givenOf } from './given.ts'
import { paperGaps } from './paper-checks.ts'

/** What is wrong in the form, field by field, by its schema and its cross-field rules. */
export function formGaps(context: JourneyContext): FormState['gaps'] {
  return validateForm(matterOf(context).form, context.form?.data ?? {}, factsOf(context))
}

/** Empty fields that a paper of this situation can still fill, each with the material whose scan fills it. */
export function fieldsFromPapers(context: JourneyContext): ReadonlyMap<string, LocalText> {
  const open = situationOf(context).materials.filter((material) => material.obtain.includes('scan') && givenOf(context, material.id) === undefined)
  const data = context.form?.data ?? {}
  return new Map(open.flatMap((material) => (material.fills ?? []).map((fill) => [fill.to, material.name] as const)).filter(([pointer]) => isEmpty(valueAt(data, pointer))))
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

/** The gaps that must be closed before the materials: those that no paper will close. The rest is told with all other gaps. */
export function blockingFormGaps(context: JourneyContext): FormState['gaps'] {
  const later = fieldsFromPapers(context)
  return formGaps(context).filter((gap) => !later.has(gap.pointer))
}

/** 一次性告知: everything that this terminal itself can see is missing or wrong, all together. */
export function localGaps(context: JourneyContext): readonly Gap[] {
  const inForm = formGaps(context).map((gap, index): Gap => ({
    id: `form-${index}`,
    about: 'form',
    sentence: gap.message,
    remedy: text('回到表单改好这一项', 'Go back to the form and correct this'),
    target: { kind: 'field', pointer: gap.pointer },
  }))
  const inMaterials = situationOf(context)
    .materials.filter((material) => givenOf(context, material.id) === undefined)
    .map((material): Gap => ({
      id: `material-${material.id}`,
      about: 'material',
      sentence: join(text('还缺：', 'Still missing: '), material.name),
      remedy: material.tolerance
        ? text('现在提供，或选择以后补交', 'Give it now, or choose to hand it in later')
        : text('请选一种方式提供', 'Please choose one of the ways to give it'),
      target: { kind: 'material', material: material.id },
    }))
  return [...inForm, ...inMaterials, ...paperGaps(context)]
}

export function join(first: LocalText, second: LocalText): LocalText {
  return text(first['zh-CN'] + second['zh-CN'], first.en + second.en)
}
