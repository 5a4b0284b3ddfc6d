import type { StateValue } from 'xstate'
import type { ScanSource } from '../device/scan-sources.ts'
import { cardReadErrorSentences } from '../device/sentences.ts'
import { maskName, maskNumber } from '../identity/masking.ts'
import type { ChecklistItem, IdentifyView, MaterialsView, MatterSummary, OutcomeView, ScreenView, SessionView, StepId, Availability } from '../kiosk-api/snapshot.ts'
import type { Material } from '../matter-pack/schema.ts'
import { text } from '../text/local-text.ts'
import { isRetryable } from './card.ts'
import { checklistQr } from './checklist.ts'
import { reviewPointsOf } from './paper-checks.ts'
import type { JourneyContext } from './context.ts'
import { barrierOf, materialOf, matterOf, situationOf } from './context.ts'
import { EVALUATION_DETAILS } from './evaluation.ts'
import { fieldsFromPapers } from './gaps.ts'
import { materialState, waysOf } from './materials.ts'
import { declarationOf, reviewSections } from './review.ts'
import { lostByBack } from './scan.ts'

/** What the terminal can do at this moment; it changes while a session runs. */
export interface World {
  readonly canPrint: boolean
  readonly canScan: boolean
  readonly scanSources: readonly ScanSource[]
  readonly online: boolean
  readonly matters: readonly MatterSummary[]
  availability(matter: string): Availability
}

/** Names of the states of the chart's `flow` region. */
export type FlowState = 'matters' | 'guide' | 'question' | 'judging' | 'barrier' | 'checklist' | 'identify' | 'consent' | 'form' | 'judgingForm' | 'materials' | 'commitment' | 'scan' | 'gaps' | 'review' | 'sign' | 'submitting' | 'outcome' | 'evaluation' | 'farewell'

/** The chart's state as the projection needs it. */
export interface JourneyPosition {
  readonly flow: FlowState
  readonly inner: string | undefined
  readonly warning: boolean
  readonly pageLost: boolean
}

/** `undefined` when the journey has ended. */
export function positionOf(value: StateValue): JourneyPosition | undefined {
  if (typeof value === 'string' || typeof value['open'] !== 'object') return undefined
  const { flow, presence, page } = value['open']
  const [name, inner] = typeof flow === 'string' ? [flow, undefined] : (Object.entries(flow ?? {})[0] ?? ['matters', undefined])
  return {
    flow: name as FlowState,
    inner: typeof inner === 'string' ? inner : undefined,
    warning: presence === 'warning',
    pageLost: typeof page === 'object',
  }
}

/** The screen for a position. Nothing about the citizen is in it but what this very screen must show. */
export function screenOf(context: JourneyContext, position: JourneyPosition, world: World): ScreenView {
  if (position.pageLost) return { kind: 'resume', progress: context.card.progress, problem: cardProblem(context)?.sentence }
  switch (position.flow) {
    case 'matters': {
      const { lifeEvents, departments } = context.pack
      return { kind: 'matters', lifeEvents, departments: departments.map(({ id, name }) => ({ id, name })), matters: world.matters }
    }
    case 'guide': {
      const matter = matterOf(context)
      return { kind: 'guide', guide: matter.guide, place: matter.place, availability: world.availability(matter.id), hasQuestions: situationOf(context).questions.length > 0 }
    }
    case 'question': case 'judging': {
      const { questions } = situationOf(context)
      const question = questions[Math.min(context.position, questions.length - 1)]
      if (question === undefined) return checklistScreen(context, world)
      return { kind: 'question', question, answer: context.answers[question.id], position: Math.min(context.position, questions.length - 1) + 1, total: questions.length }
    }
    case 'barrier': {
      const barrier = barrierOf(context)
      return barrier === undefined ? checklistScreen(context, world) : { kind: 'barrier', barrier }
    }
    case 'checklist': return checklistScreen(context, world)
    case 'identify': return { kind: 'identify', progress: context.card.progress, problem: cardProblem(context) }
    case 'consent': {
      const { identity } = context
      const name = identity === undefined ? '' : identity.name === '' ? (identity.englishName ?? '') : identity.name
      return { kind: 'consent', consent: matterOf(context).consent, maskedName: maskName(name), maskedNumber: maskNumber(identity?.number ?? '') }
    }
    case 'form': case 'judgingForm': {
      const { title, schema, uischema, texts } = matterOf(context).form
      const form = context.form
      return { kind: 'form', form: { title, schema, uischema, texts }, data: form?.data ?? {}, sources: form?.sources ?? {}, locked: form?.locked ?? [], gaps: form?.gaps ?? [], fromPapers: Object.fromEntries(fieldsFromPapers(context)), focus: form?.focus }
    }
    case 'materials': return materialsScreen(context, world)
    case 'commitment': {
      const commitment = matterOf(context).commitments.find((candidate) => candidate.id === context.commitment?.commitment)
      const material = situationOf(context).materials.find((candidate) => candidate.id === context.commitment?.material)
      if (commitment === undefined || material === undefined) return materialsScreen(context, world)
      return { kind: 'commitment', material: material.name, commitment }
    }
    case 'scan': {
      const { scan } = context
      const material = situationOf(context).materials.find((candidate) => candidate.id === scan?.material)
      const document = material?.documents.find((candidate) => candidate.id === scan?.document)
      if (scan === undefined || material === undefined || document === undefined) return materialsScreen(context, world)
      return { kind: 'scan', material: material.name, document: document.name, requirement: material.requirement, sources: world.scanSources, lostByBack: lostByBack(scan, context.given), stage: scan.stage }
    }
    case 'gaps': return { kind: 'gaps', state: position.inner === 'found' ? 'found' : 'checking', gaps: position.inner === 'found' ? context.gaps : [], unchecked: context.unchecked }
    case 'review': return {
      kind: 'review',
      title: matterOf(context).name,
      sections: reviewSections(context),
      forClerk: reviewPointsOf(context).map(({ material, question }) => ({ material: materialOf(context, material)?.name ?? question, question })),
      declaration: declarationOf(context),
      needsSignature: matterOf(context).flow === 'application',
      offline: !world.online,
    }
    case 'sign': return { kind: 'sign', declaration: declarationOf(context) }
    case 'submitting': return { kind: 'submitting', step: context.submitStep, since: context.submitSince }
    case 'outcome': return outcomeScreen(context)
    case 'evaluation': return { kind: 'evaluation', details: EVALUATION_DETAILS }
    case 'farewell': return {
      kind: 'farewell',
      takeCard: context.identity !== undefined,
      takePaper: context.paperTaken,
      takeOriginals: Object.values(context.given).some((given) => given.way === 'scan'),
      endsAt: context.farewellEndsAt,
      number: numberOf(context),
    }
  }
}

function numberOf(context: JourneyContext): string | undefined {
  switch (context.outcome?.kind) {
    case 'received': return context.outcome.caseNumber
    case 'kept': case 'refused': return context.outcome.localNumber
    case undefined: return undefined
  }
}

function checklistScreen(context: JourneyContext, world: World): ScreenView {
  const matter = matterOf(context)
  const situation = situationOf(context)
  return {
    kind: 'checklist',
    answers: situation.questions.flatMap((question) => {
      const option = question.options.find((candidate) => candidate.value === context.answers[question.id])
      return option === undefined ? [] : [{ question: question.text, answer: option.text }]
    }),
    items: situation.materials.map((material) => checklistItem(context, material)),
    fees: situation.fees.map(({ name, amountFen, basis }) => ({ name, amountFen, basis })),
    promised: situation.promised,
    place: matter.place,
    qr: checklistQr(context),
    canPrint: world.canPrint,
    printing: context.checklistPrinting,
  }
}

function checklistItem(context: JourneyContext, material: Material): ChecklistItem {
  return {
    id: material.id,
    name: material.name,
    core: material.core,
    requirement: material.requirement,
    originals: material.originals,
    copies: material.copies,
    documents: material.documents.map((document) => document.name),
    substitutes: material.substitutes.map((substitute) => ({
      kind: substitute.kind,
      name: substitute.kind === 'commitment' ? (matterOf(context).commitments.find((candidate) => candidate.id === substitute.commitment)?.title ?? text('告知承诺', 'Commitment')) : substitute.name,
    })),
    tolerance: material.tolerance,
  }
}

function materialsScreen(context: JourneyContext, world: World): MaterialsView {
  return {
    kind: 'materials',
    items: situationOf(context).materials.map((material) => ({
      id: material.id,
      name: material.name,
      core: material.core,
      requirement: material.requirement,
      ways: waysOf(context, material, world.canScan),
      status: materialState(context, material),
    })),
    focus: context.focusMaterial,
  }
}

function cardProblem(context: JourneyContext): IdentifyView['problem'] {
  const { error } = context.card
  if (error === undefined) return undefined
  if (error.kind === 'expired') {
    return { sentence: text('这张身份证已过有效期，本机不能用它办理。请带新证再来，或到人工窗口。', 'This card is no longer valid, so it cannot be used here. Please come back with your new card, or go to the counter.'), staffSentence: text('卡片不在有效期内', 'Card outside its period of validity'), canRetry: true }
  }
  if (error.kind === 'other-person') {
    return { sentence: text('这不是刚才那张身份证。请放上刚才用的那一张。', 'This is not the card used before. Please lay the same card again.'), staffSentence: text('恢复会话时卡片不一致', 'Another card was laid while resuming'), canRetry: true }
  }
  const sentences = cardReadErrorSentences(error)
  return { sentence: sentences.citizen, staffSentence: sentences.staff, canRetry: isRetryable(error) }
}

function outcomeScreen(context: JourneyContext): OutcomeView {
  const { outcome } = context
  if (outcome === undefined) throw new Error('no outcome yet')
  const common = { kind: 'outcome' as const, printing: context.printing, proofPrinting: context.proofPrinting }
  switch (outcome.kind) {
    case 'received': {
      const materials = situationOf(context).materials
      return {
        ...common,
        qr: outcome.proof?.verifyUrl ?? outcome.caseNumber,
        outcome: {
          kind: 'received',
          caseNumber: outcome.caseNumber,
          receivedAt: outcome.receivedAt,
          promised: situationOf(context).promised,
          tolerated: outcome.tolerated.map(({ material, until }) => ({ name: materials.find((candidate) => candidate.id === material)?.name ?? text(material, material), until })),
          proof: outcome.proof && { verificationCode: outcome.proof.verificationCode, lines: outcome.proof.lines },
        },
      }
    }
    case 'kept': return { ...common, outcome, qr: outcome.localNumber }
    case 'refused': return { ...common, outcome, qr: undefined }
  }
}

const STEP_OF: Readonly<Record<FlowState, StepId>> = {
  matters: 'understand', guide: 'understand', question: 'understand', judging: 'understand', barrier: 'understand', checklist: 'understand',
  identify: 'identify', consent: 'identify',
  form: 'fill', judgingForm: 'fill',
  materials: 'materials', commitment: 'materials', scan: 'materials',
  gaps: 'check', review: 'check', sign: 'check',
  submitting: 'finish', outcome: 'finish', evaluation: 'finish', farewell: 'finish',
}

/** What every screen of a session shows around itself. */
export function sessionOf(context: JourneyContext, position: JourneyPosition): SessionView {
  const since = context.touchedAt
  const matter = context.pack.matters.find((candidate) => candidate.id === context.matterId)
  const department = context.pack.departments.find((candidate) => candidate.id === matter?.department)
  const timing = context.display.care ? context.pack.timings.care : context.pack.timings.standard
  const steps: readonly StepId[] = matter?.flow === 'proof' ? ['understand', 'identify', 'fill', 'check', 'finish'] : ['understand', 'identify', 'fill', 'materials', 'check', 'finish']
  const current = steps.indexOf(STEP_OF[position.flow])
  return {
    warnAt: since + timing.warnAfterS * 1000,
    endAt: since + (timing.warnAfterS + timing.endAfterWarningS) * 1000,
    warning: position.warning,
    identified: context.identity !== undefined,
    matter: matter && { id: matter.id, name: matter.name, shortName: matter.shortName, department: department?.name ?? matter.name, phone: department?.phone ?? context.terminal.phone, flow: matter.flow },
    steps: steps.map((id, index) => ({ id, state: index < current ? 'done' : index === current ? 'current' : 'ahead' })),
  }
}
