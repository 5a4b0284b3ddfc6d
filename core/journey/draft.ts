import type { ApplicationDraft, GivenMaterial } from '../case/draft.ts'
import { shownData } from '../form/controls.ts'
import { answersInForce } from '../matter-pack/situation.ts'
import type { JourneyContext } from './context.ts'
import { factsOf, matterOf, situationOf } from './context.ts'

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
    consentAt,
    startedAt: context.startedAt,
    signature: context.signature,
    signedAt: context.signedAt,
  }
}

/** How a material is given; the card itself and papers that the terminal makes need nothing from the citizen. */
export function givenOf(context: JourneyContext, materialId: string): GivenMaterial | undefined {
  const given = context.given[materialId]
  if (given !== undefined) return given
  const material = situationOf(context).materials.find((candidate) => candidate.id === materialId)
  if (material?.obtain.includes('card') === true) return { way: 'card' }
  if (material?.obtain.includes('generated') === true) return { way: 'generated' }
  return undefined
}
