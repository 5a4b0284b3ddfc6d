import type { GivenMaterial } from '../case/draft.ts'
import type { JourneyContext } from './context.ts'
import { situationOf } from './context.ts'

/** How a material is given; the card itself and papers that the terminal makes need nothing from the citizen. */
export function givenOf(context: JourneyContext, materialId: string): GivenMaterial | undefined {
  const given = context.given[materialId]
  if (given !== undefined) return given
  const material = situationOf(context).materials.find((candidate) => candidate.id === materialId)
  if (material?.obtain.includes('card') === true) return { way: 'card' }
  if (material?.obtain.includes('generated') === true) return { way: 'generated' }
  return undefined
}
