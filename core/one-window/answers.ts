import { z } from 'zod'
import { localTextSchema } from '../text/local-text.ts'
import { parseCaseNumber } from './case-number.ts'
import type {
  CaseList, CaseReceipt, CaseView, CatalogueVersion, CommitmentMade, DataChecked, Draft, EvaluationRecorded, GapList, HeartbeatAnswer,
  LicenceFetched, Problem, Proof, Session, TerminalRegistered, Upload,
} from './types.ts'

/**
 * Answers are checked on arrival, for the fields that we use; fields that a newer backend adds are dropped. Each schema
 * `satisfies` the generated type, so the compiler sees when the contract and this file drift apart.
 */
const id = z.uuid()
const time = z.iso.datetime({ offset: true })
const date = z.iso.date()
const caseNumber = z.string().refine((value) => parseCaseNumber(value) !== undefined, 'not a case number')

const PROBLEM_CODES = [
  'malformed', 'idempotency-key-missing', 'digest-mismatch', 'signature-invalid', 'request-time-out-of-window', 'nonce-replayed',
  'terminal-unknown', 'registration-expired', 'terminal-suspended', 'terminal-mismatch', 'enrolment-code-unknown', 'enrolment-code-used',
  'not-found', 'session-ended', 'still-running', 'offset-mismatch', 'upload-gone', 'too-large', 'idempotency-key-reused',
  'upload-content-differs', 'upload-missing', 'evidence-unknown', 'commitment-not-allowed', 'identity-refused', 'gaps-remain',
  'case-conflict', 'matter-not-offered', 'already-evaluated', 'too-many-requests', 'internal', 'unavailable',
] as const satisfies readonly Problem['code'][]

export const gapSchema = z.object({
  code: z.string().regex(/^[a-z0-9-]+$/),
  target: z.object({ kind: z.enum(['applicant', 'answer', 'field', 'material', 'matter']), id: z.string().optional() }),
  sentence: localTextSchema,
  remedy: localTextSchema,
  caseNumber: caseNumber.optional(),
})

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(PROBLEM_CODES),
  sentence: localTextSchema,
  where: z.string().optional(),
  gaps: z.array(gapSchema).optional(),
}) satisfies z.ZodType<Problem>

export const terminalRegisteredSchema = z.object({
  terminalId: z.string(), registeredAt: time, expiresAt: time, heartbeatSeconds: z.int().min(5).max(3600),
}) satisfies z.ZodType<TerminalRegistered>

export const heartbeatAnswerSchema = z.object({
  time, catalogueVersion: z.string(), nextSeconds: z.int().min(5).max(3600),
}) satisfies z.ZodType<HeartbeatAnswer>

export const catalogueVersionSchema = z.object({
  version: z.string(),
  matters: z.array(z.object({ id: z.string(), name: localTextSchema, open: z.boolean() })),
}) satisfies z.ZodType<CatalogueVersion>

export const sessionSchema = z.object({ sessionId: id, openedAt: time, expiresAt: time }) satisfies z.ZodType<Session>

const matterRef = z.object({
  id: z.string(), name: localTextSchema, taskCode: z.string(), catalogCode: z.string().optional(), taskHandleItem: z.string().optional(),
})

export const draftSchema = z.object({
  draftId: id, sessionId: id, matter: matterRef, pack: z.object({ id: z.string(), version: z.string() }),
  answers: z.record(z.string(), z.unknown()), form: z.record(z.string(), z.unknown()), updatedAt: time,
}) satisfies z.ZodType<Draft>

export const uploadSchema = z.object({
  uploadId: id, offset: z.int().min(0), bytes: z.int().min(1), expiresAt: time,
}) satisfies z.ZodType<Upload>

export const licenceFetchedSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('found'),
    licence: z.object({
      licenceRef: id, type: z.string(), name: localTextSchema, identifier: z.string(), number: z.string(), holder: z.string(),
      issuer: z.string(), issuedOn: date, validTo: date.optional(),
      fields: z.array(z.object({ id: z.string(), label: localTextSchema, value: z.string() })),
    }),
  }),
  z.object({ outcome: z.enum(['none', 'expired']), sentence: localTextSchema }),
]) satisfies z.ZodType<LicenceFetched>

export const dataCheckedSchema = z.object({
  outcome: z.enum(['passed', 'failed', 'unknown']), checkRef: id, checkedAt: time, sentence: localTextSchema,
  findings: z.array(z.object({ label: localTextSchema, value: z.string() })),
}) satisfies z.ZodType<DataChecked>

export const commitmentMadeSchema = z.object({ commitmentRef: id, recordedAt: time }) satisfies z.ZodType<CommitmentMade>

export const gapListSchema = z.object({ checkedAt: time, gaps: z.array(gapSchema) }) satisfies z.ZodType<GapList>

const caseState = z.enum(['received', 'accepted', 'correction-needed', 'in-progress', 'special-procedure', 'done', 'refused', 'withdrawn'])
const promise = z.object({ unit: z.enum(['at-once', 'working-day', 'calendar-day']), days: z.int().min(1).optional() })
const insuranceKind = z.enum(['pension', 'medical', 'unemployment', 'work-injury', 'maternity'])

export const proofSchema = z.object({
  kind: z.literal('social-insurance-contributions'), title: localTextSchema, verificationCode: z.string().min(8), verifyUrl: z.url({ protocol: /^https?$/ }), issuer: localTextSchema,
  issuedAt: time, holder: z.object({ name: z.string(), numberMasked: z.string() }),
  rows: z.array(z.object({ kind: insuranceKind, from: z.string(), to: z.string(), months: z.int().min(1), employer: z.string() })),
  totals: z.array(z.object({ kind: insuranceKind, months: z.int().min(0) })),
}) satisfies z.ZodType<Proof>

export const caseReceiptSchema = z.object({
  caseNumber, receivedAt: time, state: caseState, promise,
  tolerated: z.array(z.object({ materialId: z.string(), until: date })), proof: proofSchema.optional(),
}) satisfies z.ZodType<CaseReceipt>

export const caseViewSchema = z.object({
  caseNumber, matter: matterRef, packVersion: z.string(), state: caseState, receivedAt: time, promise,
  timeline: z.array(z.object({ at: time, state: caseState, sentence: localTextSchema })),
  materials: z.array(z.object({
    id: z.string(), name: localTextSchema, how: z.enum(['card', 'licence', 'data-check', 'scan', 'commitment', 'generated', 'later', 'paper']),
    files: z.int().min(0), toleranceUntil: date.optional(),
  })),
}) satisfies z.ZodType<CaseView>

export const caseListSchema = z.object({ cases: z.array(caseViewSchema) }) satisfies z.ZodType<CaseList>

export const evaluationRecordedSchema = z.object({ recordedAt: time }) satisfies z.ZodType<EvaluationRecorded>
