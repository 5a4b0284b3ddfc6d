import type { PageProblem } from '../document/page-look.ts'
import type { Identity } from '../identity/identity.ts'
import type { Signature } from '../kiosk-api/command.ts'
import type { ValueSource } from '../kiosk-api/snapshot.ts'
import type { Language, LocalText } from '../text/local-text.ts'

/** How a value of a scanned paper came about: only the first needs no second look by a person. */
export type FieldSource = 'read-sure' | 'read-unsure-confirmed' | 'typed'

/** What a clerk is asked to look at, because the terminal cannot decide it. It carries no value of the paper. */
export interface ReviewPoint {
  readonly material: string
  readonly check: string
  /** `differs`: the rule does not hold, and the matter leaves that to a person. */
  readonly finding: 'undecided' | 'differs'
  readonly question: LocalText
}

/** How one material of a case is given. Pages are named by id; their bytes stay in the session's page store. */
export type GivenMaterial =
  | { readonly way: 'card' }
  | { readonly way: 'generated' }
  | { readonly way: 'licence'; readonly licenceType: string; readonly reference: string; readonly name: LocalText; readonly detail: LocalText }
  | { readonly way: 'data-check'; readonly check: string; readonly reference: string; readonly detail: LocalText }
  | { readonly way: 'commitment'; readonly commitment: string; readonly at: number }
  | { readonly way: 'scan'; readonly document: string; readonly pages: readonly string[]; readonly fields: Readonly<Record<string, string>>; readonly sources: Readonly<Record<string, FieldSource>>; readonly doubts?: readonly PageProblem[]; readonly paper?: 'mixed' | 'not-recognised'; readonly bound?: string; readonly binding?: 'failed' }
  | { readonly way: 'later' }

/**
 * One citizen's application as it stands: what is pre-checked, reviewed, signed, kept and sent. Times are epoch
 * milliseconds on the terminal's clock; the receiving time is the backend's and is not here.
 */
export interface ApplicationDraft {
  /** One UUID, made when the matter is begun: the idempotency key of everything that is said about this application. */
  readonly id: string
  readonly matter: string
  readonly matterVersion: string
  readonly packVersion: string
  readonly language: Language
  readonly applicant: Omit<Identity, 'photo'>
  readonly answers: Readonly<Record<string, string>>
  readonly form: Readonly<Record<string, unknown>>
  readonly sources: Readonly<Record<string, ValueSource>>
  readonly materials: readonly { readonly material: string; readonly given: GivenMaterial | undefined }[]
  readonly reviewPoints: readonly ReviewPoint[]
  readonly consentAt: number
  readonly startedAt: number
  readonly signature: Signature | undefined
  readonly signedAt: number | undefined
}

/** What became of a submission. */
export type SubmissionOutcome =
  | {
      readonly kind: 'received'
      readonly caseNumber: string
      /** The backend's time of receipt, epoch milliseconds: evidence under 行政许可法 32. */
      readonly receivedAt: number
      readonly tolerated: readonly { readonly material: string; readonly until: string }[]
      readonly proof: IssuedProof | undefined
    }
  /** Durable on this terminal, not yet received by anybody. */
  | { readonly kind: 'kept'; readonly localNumber: string; readonly why: LocalText }
  | { readonly kind: 'refused'; readonly code: string; readonly sentence: LocalText; readonly localNumber: string | undefined }

/** 证明 that a matter of kind "at once" gives back: printed on the spot, checked by anyone with its code. */
export interface IssuedProof {
  readonly verificationCode: string
  readonly verifyUrl: string
  readonly lines: readonly { readonly label: LocalText; readonly value: LocalText }[]
}
