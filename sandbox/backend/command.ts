import { z } from 'zod'
import type { CaseState } from '../../core/one-window/types.ts'

/** What the bench may ask of the backend. A count of 0 switches the fault off; `on` keeps it until it is switched off. */
export const backendCommandSchema = z.discriminatedUnion('kind', [
  /** Each answer takes this much longer. The request counts as running meanwhile. */
  z.strictObject({ kind: z.literal('slow'), ms: z.int().min(0).max(120_000) }),
  z.strictObject({ kind: z.literal('fail-5xx'), times: z.union([z.int().min(0).max(1000), z.literal('on')]), retryAfterSeconds: z.int().min(0).max(3600).optional() }),
  /** The next submissions are committed, then the connection is cut instead of answering: the case exists, the answer is lost. */
  z.strictObject({ kind: z.literal('drop-after-commit'), times: z.int().min(0).max(1000) }),
  /** Every connection of the contract is cut at once. The viewer stays reachable. */
  z.strictObject({ kind: z.literal('offline'), on: z.boolean() }),
  z.strictObject({ kind: z.literal('set-case-state'), caseNumber: z.string(), state: z.enum(['received', 'accepted', 'correction-needed', 'in-progress', 'special-procedure', 'done', 'refused', 'withdrawn'] as const satisfies readonly CaseState[]) }),
  z.strictObject({ kind: z.literal('suspend-terminal'), terminalId: z.string(), on: z.boolean() }),
  z.strictObject({ kind: z.literal('expire-registration'), terminalId: z.string() }),
  /** Forgets what was registered, as when a platform is rebuilt: the terminal must enrol again. */
  z.strictObject({ kind: z.literal('forget-terminal'), terminalId: z.string() }),
  z.strictObject({ kind: z.literal('add-enrolment-code'), code: z.string().min(8).max(64) }),
])
export type BackendCommand = z.infer<typeof backendCommandSchema>

/** What the bench shows of the backend: plain JSON. Times are epoch milliseconds. */
export interface BackendState {
  readonly running: boolean
  readonly url: string | undefined
  readonly faults: {
    readonly slowMs: number
    readonly fail5xx: number | 'on'
    readonly dropAfterCommit: number
    readonly offline: boolean
  }
  readonly terminals: readonly { readonly id: string; readonly registeredAt: number; readonly expiresAt: number; readonly suspended: boolean; readonly heartbeatAt: number | undefined }[]
  readonly cases: readonly { readonly number: string; readonly matter: string; readonly state: CaseState; readonly receivedAt: number; readonly packVersion: string; readonly materials: number }[]
  readonly uploads: readonly { readonly id: string; readonly bytes: number; readonly offset: number; readonly complete: boolean; readonly caseNumber: string | undefined }[]
  readonly evaluations: readonly { readonly caseNumber: string; readonly grade: number }[]
}
