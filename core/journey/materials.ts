import type { WayChoice } from '../kiosk-api/command.ts'
import type { MaterialState, MaterialWay } from '../kiosk-api/snapshot.ts'
import type { Material } from '../matter-pack/schema.ts'
import { text } from '../text/local-text.ts'
import type { JourneyContext } from './context.ts'
import { matterOf, situationOf } from './context.ts'
import { givenOf } from './given.ts'

/** Every way in which this material can be given, the ones that spare the citizen most first. */
export function waysOf(context: JourneyContext, material: Material, canScan: boolean): readonly MaterialWay[] {
  const commitments = matterOf(context).commitments
  const ways: MaterialWay[] = []
  if (material.obtain.includes('card')) ways.push({ kind: 'card' })
  if (material.obtain.includes('generated')) ways.push({ kind: 'generated' })
  for (const substitute of material.substitutes) {
    if (substitute.kind === 'commitment') {
      const commitment = commitments.find((candidate) => candidate.id === substitute.commitment)
      if (commitment !== undefined) ways.push({ kind: 'commitment', commitment: commitment.id, name: commitment.title })
    } else ways.push(substitute)
  }
  if (material.obtain.includes('scan')) for (const document of material.documents) ways.push({ kind: 'scan', document: document.id, name: document.name, available: canScan })
  if (material.tolerance !== undefined) ways.push({ kind: 'later', limit: material.tolerance.limit, how: material.tolerance.how })
  return ways
}

/** Whether the way that a command names is one that the matter offers for this material in this situation. */
export function isConfirmable(context: JourneyContext, materialId: string, way: WayChoice): boolean {
  const material = situationOf(context).materials.find((candidate) => candidate.id === materialId)
  if (material === undefined) return false
  return waysOf(context, material, true).some((offered) => {
    switch (way.kind) {
      case 'licence': return offered.kind === 'licence' && offered.licenceType === way.licenceType
      case 'data-check': return offered.kind === 'data-check' && offered.check === way.check
      case 'commitment': return offered.kind === 'commitment' && offered.commitment === way.commitment
      case 'scan': return offered.kind === 'scan' && offered.document === way.document
      case 'later': return offered.kind === 'later'
    }
  })
}

export function materialState(context: JourneyContext, material: Material): MaterialState {
  const trying = context.trying[material.id]
  if (trying !== undefined) return trying
  const given = givenOf(context, material.id)
  if (given === undefined) return { state: 'missing' }
  switch (given.way) {
    case 'card': return { state: 'given', way: 'card', detail: text('已读身份证', 'Read from your ID card') }
    case 'generated': return { state: 'given', way: 'generated', detail: text('由本机按您填写的内容生成', 'Made by this terminal from what you filled in') }
    case 'licence': case 'data-check': return { state: 'given', way: given.way, detail: given.detail }
    case 'commitment': return { state: 'given', way: 'commitment', detail: text('已作出书面承诺', 'You have given your commitment') }
    case 'scan': return { state: 'given', way: 'scan', detail: text(`已扫描 ${given.pages.length} 页`, given.pages.length === 1 ? '1 page scanned' : `${given.pages.length} pages scanned`) }
    case 'later': return { state: 'given', way: 'later', detail: text('以后补交', 'To be handed in later') }
  }
}
