import type { LocalText } from '../text/local-text.ts'
import type { Gap, ProblemCode } from './types.ts'

/** Why a request to the one-window backend had no good answer. `code` fields are for staff and logs, never personal. */
export type OneWindowError =
  /** No connection, or it was cut before an answer came. Whether the backend did the work is not known. */
  | { readonly kind: 'unreachable'; readonly code: string }
  /** No answer in time. Whether the backend did the work is not known. */
  | { readonly kind: 'timeout'; readonly afterMs: number }
  /** 408, 425, 429 and 5xx: the backend asks for another try later. */
  | { readonly kind: 'server-error'; readonly status: number; readonly retryAfterMs?: number }
  /** The backend understood and said no; the same request will be refused again until something changes. */
  | { readonly kind: 'refused'; readonly status: number; readonly code: ProblemCode; readonly sentence: LocalText; readonly gaps?: readonly Gap[] }
  /** 401 and 403: the terminal's registration, key, clock or standing. Not the citizen's fault. */
  | { readonly kind: 'unauthorised'; readonly status: number; readonly code: ProblemCode; readonly sentence: LocalText }
  /** 409: the same key is still being worked on, or a piece was sent at another offset than the stored one. */
  | { readonly kind: 'conflict'; readonly code: ProblemCode; readonly sentence: LocalText; readonly retryAfterMs?: number }
  /** An answer that is not of the contract, for example from a proxy in between. */
  | { readonly kind: 'bad-answer'; readonly status: number; readonly where: string }

/** Short text for logs and the `last_code` column: kinds, statuses and stable codes, nothing of a citizen. */
export function errorCode(error: OneWindowError): string {
  switch (error.kind) {
    case 'unreachable': return `unreachable:${error.code}`
    case 'timeout': return 'timeout'
    case 'server-error': return `server-error:${error.status}`
    case 'refused': return `refused:${error.code}`
    case 'unauthorised': return `unauthorised:${error.code}`
    case 'conflict': return `conflict:${error.code}`
    case 'bad-answer': return `bad-answer:${error.status}:${error.where}`
  }
}
