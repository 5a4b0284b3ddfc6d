import type { ApplicationDraft } from '../case/draft.ts'
import { shownData } from '../form/controls.ts'
import { answersInForce } from '../matter-pack/situation.ts'
import type { JourneyContext } from './context.ts'
import { factsOf, matterOf, situationOf } from './context.ts'
import { givenOf } from './given.ts'
import { reviewPointsOf } from './paper-checks.ts'

/** The application as it stands. Only called once the citizen has been identified and has consented. */
export function draftOf(context: JourneyContext): ApplicationDraft {
  const { identity, draftId, consentAt, form } = context
  if (identity === undefined || draftId === undefined || consentAt === undefined) throw new Error('no application yet')
  const { photo: _photo, ...applicant } = identity
  const matter = matterOf(context)
  return {
    id: draftId,
    matter: matter.id,
    matterVersion: matter.version,
    packVersion: context.pack.version,
    language: context.display.language,
    applicant,
    answers: answersInForce(matter, factsOf(context)),
    form: shownData(matter.form, form?.data ?? {}),
    sources: form?.sources ?? {},
    materials: situationOf(context).materials.map((material) => ({ material: material.id, given: givenOf(context, material.id) })),
    reviewPoints: reviewPointsOf(context),
    consentAt,
    startedAt: context.startedAt,
    signature: context.signature,
    signedAt: context.signedAt,
  }
}
