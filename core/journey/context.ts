import type { GivenMaterial, SubmissionOutcome } from '../case/draft.ts'
import type { CardReadError, CardReading, CardReadProgress } from '../device/operations.ts'
import type { Signature } from '../kiosk-api/command.ts'
import type { Quad } from '../document/page-look.ts'
import type { LookedPage, Problem } from './ports.ts'
import type { ConfirmStageView, DisplaySettings, Gap, PrintingView, ReadField, ScanView, ValueSource } from '../kiosk-api/snapshot.ts'
import type { Barrier, Material, Matter, MatterPack } from '../matter-pack/schema.ts'
import type { Situation } from '../matter-pack/situation.ts'
import { resolveSituation } from '../matter-pack/situation.ts'
import type { RuleFacts } from '../rules/rule.ts'
import type { LocalText } from '../text/local-text.ts'
import { ageAt, validityOn } from '../identity/dates.ts'

/** The terminal's own facts that stand on papers and screens. */
export interface JourneyTerminal {
  readonly id: string
  readonly name: LocalText
  readonly hall: LocalText
  readonly demonstration: boolean
  readonly phone: string
}

/** What is fixed when a session begins. The pack of a session never changes under it. */
export interface JourneyInput {
  readonly pack: MatterPack
  readonly terminal: JourneyTerminal
  readonly display: DisplaySettings
  readonly today: string
  readonly startedAt: number
}

export interface FormState {
  readonly data: Readonly<Record<string, unknown>>
  readonly sources: Readonly<Record<string, ValueSource>>
  readonly locked: readonly string[]
  /** The answers that it was prefilled from. */
  readonly answers: Readonly<Record<string, string>>
  readonly gaps: readonly { readonly pointer: string; readonly message: LocalText }[]
  readonly focus: string | undefined
}

export interface ScanState {
  readonly material: string
  readonly document: string
  readonly stage: ScanView['stage']
  /** Every page of this paper so far, in order, as it will be given. */
  readonly pages: readonly string[]
  /** The untouched pictures, kept until the step is accepted. */
  readonly originals?: readonly string[]
  /** What was found in each of them that has been looked at, in their order. */
  readonly looks?: readonly LookedPage[]
  /** Untouched picture of the page that the next one takes the place of; without it the next one comes behind the others. */
  readonly retakes?: string
  /** Untouched picture of the page that came last, or was changed last. */
  readonly newest?: string
  /**
   * The paper as it was before the pictures that are being looked at came, or before corners were set: it comes back, with the
   * page that was to be taken again, where one of them cannot be opened or is not waited for.
   */
  readonly before?: ScanState | undefined
  /** Untouched pictures that came out of the feeder together. */
  readonly batches?: readonly (readonly string[])[]
  /** All pages in one PDF, where the material is handed in as one. */
  readonly bound?: string
  /** Why they could not be put into one PDF: they go in one by one. */
  readonly unbound?: Problem
  /** Set by the citizen in the corner editor, for one picture. */
  readonly corners?: { readonly of: string; readonly quad: Quad }
  /** Why the feeder stopped before its last sheet. */
  readonly stopped?: Problem | undefined
  /** How many pictures of this paper were not good enough. */
  readonly tries?: number
}

/** Everything a session knows. Dropping the actor that holds it, and the page store, is the wipe. */
export interface JourneyContext extends JourneyInput {
  /** When somebody last touched the screen, epoch milliseconds. */
  readonly touchedAt: number
  readonly matterId: string | undefined
  readonly draftId: string | undefined
  readonly answers: Readonly<Record<string, string>>
  /** Index of the question on screen among those that the situation asks. */
  readonly position: number
  readonly identity: CardReading | undefined
  readonly card: { readonly progress: CardReadProgress; readonly error: CardReadError | { readonly kind: 'expired' } | { readonly kind: 'other-person' } | undefined }
  readonly consentAt: number | undefined
  readonly declined: boolean
  readonly form: FormState | undefined
  readonly given: Readonly<Record<string, GivenMaterial>>
  /** Materials that are being fetched or checked, or whose last try failed. */
  readonly trying: Readonly<Record<string, { readonly state: 'working' } | { readonly state: 'failed'; readonly sentence: LocalText }>>
  readonly request: { readonly material: string; readonly kind: 'licence' | 'data-check'; readonly code: string } | undefined
  readonly focusMaterial: string | undefined
  readonly commitment: { readonly material: string; readonly commitment: string } | undefined
  readonly scan: ScanState | undefined
  /** What was read of each scanned material, as it stood for confirming: so that it can be corrected later. */
  readonly readings: Readonly<Record<string, ConfirmStageView>>
  readonly gaps: readonly Gap[]
  readonly unchecked: LocalText | undefined
  readonly signature: Signature | undefined
  readonly signedAt: number | undefined
  readonly submitStep: 'keeping' | 'sending'
  readonly submitSince: number
  readonly outcome: SubmissionOutcome | undefined
  readonly printing: PrintingView
  readonly proofPrinting: PrintingView
  readonly checklistPrinting: PrintingView
  readonly paperTaken: boolean
  readonly farewellEndsAt: number
}

export function newContext(input: JourneyInput): JourneyContext {
  return {
    ...input,
    touchedAt: input.startedAt,
    matterId: undefined,
    draftId: undefined,
    answers: {},
    position: 0,
    identity: undefined,
    card: { progress: { kind: 'waiting' }, error: undefined },
    consentAt: undefined,
    declined: false,
    form: undefined,
    given: {},
    trying: {},
    request: undefined,
    focusMaterial: undefined,
    commitment: undefined,
    scan: undefined,
    readings: {},
    gaps: [],
    unchecked: undefined,
    signature: undefined,
    signedAt: undefined,
    submitStep: 'keeping',
    submitSince: 0,
    outcome: undefined,
    printing: { state: 'none' },
    proofPrinting: { state: 'none' },
    checklistPrinting: { state: 'none' },
    paperTaken: false,
    farewellEndsAt: 0,
  }
}

/** The matter of this session. Only called in states behind `choose-matter`. */
export function matterOf(context: JourneyContext): Matter {
  const matter = context.pack.matters.find((candidate) => candidate.id === context.matterId)
  if (matter === undefined) throw new Error('no matter chosen')
  return matter
}

export function factsOf(context: JourneyContext): RuleFacts {
  const { identity } = context
  return {
    answers: context.answers,
    form: context.form?.data ?? {},
    today: context.today,
    ...(identity && {
      identity: {
        age: ageAt(identity.birth, context.today),
        birth: identity.birth,
        sex: identity.sex,
        region: /^\d{6}/.test(identity.number) ? identity.number.slice(0, 6) : '',
        kind: identity.kind,
        cardExpired: validityOn(identity, context.today) !== 'valid',
      },
    }),
  }
}

export function situationOf(context: JourneyContext): Situation {
  return resolveSituation(matterOf(context), factsOf(context))
}

/** The barrier on screen: one of the matter's own, or the way without consent. */
export function barrierOf(context: JourneyContext): Barrier | undefined {
  if (context.declined) {
    const { consent } = matterOf(context)
    return { id: 'consent-declined', kind: 'to-counter', when: true, title: { 'zh-CN': '不同意也可以办', en: 'You can still do this without agreeing' }, advice: consent.alternative }
  }
  return situationOf(context).barrier
}

export function materialOf(context: JourneyContext, id: string): Material | undefined {
  return situationOf(context).materials.find((material) => material.id === id)
}

/** Fields of a read paper after the citizen has confirmed them: id → value, empty values left out. */
export function confirmedFields(fields: readonly ReadField[], values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(fields.map((field): [string, string] => [field.id, (values[field.id] ?? (field.state === 'sure' ? field.value : '')).trim()]).filter(([, value]) => value !== ''))
}
