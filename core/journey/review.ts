import { formSections } from '../form/lines.ts'
import type { ReviewLine, ReviewView } from '../kiosk-api/snapshot.ts'
import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'
import type { JourneyContext } from './context.ts'
import { matterOf, situationOf } from './context.ts'
import { givenOf } from './given.ts'
import { materialState } from './materials.ts'

/** The filled application as it will be archived: situation, form, materials; each line with its way back. */
export function reviewSections(context: JourneyContext): ReviewView['sections'] {
  const situation = situationOf(context)
  const answers = situation.questions.flatMap((question): ReviewLine[] => {
    const option = question.options.find((candidate) => candidate.value === context.answers[question.id])
    return option === undefined ? [] : [{ label: question.text, value: option.text, source: 'answer', change: { kind: 'questions' } }]
  })
  const materials = situation.materials.map((material): ReviewLine => {
    const state = materialState(context, material)
    const way = givenOf(context, material.id)?.way
    return {
      label: material.name,
      value: state.state === 'given' ? state.detail : text('未提供', 'Not given'),
      source: way === 'scan' ? 'scan' : way === 'licence' ? 'licence' : way === 'card' ? 'id-card' : undefined,
      change: way === 'card' || way === 'generated' ? undefined : { kind: 'material', material: material.id },
    }
  })
  return [
    ...(answers.length > 0 ? [{ title: text('您的情况', 'Your situation'), lines: answers }] : []),
    ...formSections(matterOf(context).form, context.form?.data ?? {}).map((section) => ({
      title: section.title,
      lines: section.lines.map(({ pointer, label, value }): ReviewLine => ({
        label,
        value,
        source: context.form?.sources[pointer],
        change: context.form?.locked.includes(pointer) === true ? undefined : { kind: 'field', pointer },
      })),
    })),
    ...(matterOf(context).flow === 'application' ? [{ title: text('材料', 'Materials'), lines: materials }] : []),
  ]
}

/** 申请人声明, signed by hand or confirmed by touch. */
export function declarationOf(context: JourneyContext): LocalText {
  return matterOf(context).flow === 'proof'
    ? text('我申请出具上述证明，只用于本人填写的用途。', 'I ask for this proof, for the purpose that I have given only.')
    : text('以上内容和材料由本人提供或同意调取，真实、完整。如有不实，我愿承担相应责任。', 'What stands above was given by me or fetched with my consent, and is true and complete. I answer for it if it is not.')
}
