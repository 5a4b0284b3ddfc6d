import type { CardReadError } from '../../core/device/operations.ts'
import type { Identity } from '../../core/identity/identity.ts'
import type { Result } from '../../core/result/result.ts'
import { parseCardRecord } from './card-record.ts'
import type { ExchangeFailure, SamReply } from './link.ts'
import { blocksOf } from './sam.ts'

/** The three steps of every reading, and the look after one whether the card still lies there. */
export type Step = 'find' | 'select' | 'read'

/** What one step came to, in the words of the state machine. */
export type StepOutcome =
  | { readonly kind: 'found' }
  | { readonly kind: 'selected' }
  | { readonly kind: 'good'; readonly identity: Identity }
  /** Find: no card, or the one already read still lies there. */
  | { readonly kind: 'none' }
  /** Select: the card moved away. */
  | { readonly kind: 'moved' }
  | Trouble

export type Trouble =
  /** The card was there and reading it failed: one of its three tries is used up. */
  | { readonly kind: 'failed-try'; readonly code: string }
  /** The reader did not answer while looking for a card. */
  | { readonly kind: 'silent'; readonly code: string }
  | { readonly kind: 'out-of-order'; readonly code: string }
  /** Worth exactly one more try; then `then`. */
  | { readonly kind: 'once-more'; readonly then: CardReadError }
  | { readonly kind: 'end'; readonly error: CardReadError }
  | { readonly kind: 'fault'; readonly code: string }
  | { readonly kind: 'gone'; readonly code: string }

/** Status bytes and failures to outcomes: the table of classes in the protocol facts, section 5. */
export function outcomeOf(step: Step, result: Result<SamReply, ExchangeFailure>): StepOutcome {
  if (!result.ok) {
    const { kind, code } = result.error
    if (kind === 'gone') return { kind: 'gone', code }
    return step === 'find' ? { kind: 'silent', code } : { kind: 'failed-try', code }
  }
  const { verdict, code, data } = result.value
  switch (verdict) {
    case 'done':
      if (step === 'select') return { kind: 'selected' }
      return step === 'read' ? identityOutcome(data) : { kind: 'out-of-order', code }
    case 'card-found':
      return { kind: 'found' }
    case 'no-content':
      return { kind: 'out-of-order', code }
    case 'no-card':
      return step === 'find' ? { kind: 'none' } : { kind: 'moved' }
    case 'select-failed':
      return { kind: 'moved' }
    case 'read-failed':
    case 'try-again':
      return { kind: 'failed-try', code }
    case 'card-refuses-sam':
      return { kind: 'once-more', then: { kind: 'card-unreadable', code } }
    case 'card-not-genuine':
      return { kind: 'end', error: { kind: 'card-refused', code } }
    case 'wrong-card':
      return { kind: 'end', error: { kind: 'wrong-card', code } }
    case 'line-noise':
      return step === 'find' ? { kind: 'silent', code } : { kind: 'failed-try', code }
    case 'out-of-order':
      return { kind: 'out-of-order', code }
    case 'unrecognised':
      return { kind: 'once-more', then: { kind: 'reader-fault', code } }
    case 'wrong-length':
    case 'not-permitted':
    case 'unknown':
      return { kind: 'end', error: { kind: 'reader-fault', code } }
    case 'sam-broken':
      return { kind: 'fault', code }
  }
}

/** Takes the identity out of a good reply and overwrites the reply. */
function identityOutcome(data: Uint8Array): StepOutcome {
  const blocks = blocksOf(data)
  if (blocks === undefined) return { kind: 'failed-try', code: 'read-blocks' }
  const parsed = parseCardRecord(blocks.text, blocks.photo)
  data.fill(0)
  if (parsed.ok) return { kind: 'good', identity: parsed.value }
  const code = `record-${parsed.error.code}`
  switch (parsed.error.kind) {
    case 'incomplete':
      return { kind: 'failed-try', code }
    case 'unknown-kind':
      return { kind: 'end', error: { kind: 'wrong-card', code } }
    case 'inconsistent':
      return { kind: 'end', error: { kind: 'record-inconsistent', code } }
  }
}
