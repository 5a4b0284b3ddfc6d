import type { Clock } from '../../core/clock/clock.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import type { PcscCard, PcscError } from '../transport/pcsc.ts'
import { answerOf, apduOf, followUp, isHarmless } from './apdu.ts'
import type { CardCommand } from './apdu.ts'

/** A card answers within milliseconds; a reader that waits for a dead card gives up long before. */
export const ANSWER_LIMIT_MS = 5_000
/** No record here is longer than one answer; a card that never ends is broken. */
const MOST_FOLLOW_UPS = 8
const MOST_DATA_BYTES = 1024

export interface CardReply {
  /** SW1 SW2 of the last answer. */
  readonly status: number
  /** The caller overwrites it when it is done. */
  readonly data: Uint8Array
}

export type CardFailure =
  | PcscError
  /** No answer came within the limit: the call is still out, and so nothing else can be asked. */
  | { readonly kind: 'silent'; readonly code: string }
  /** What came is no answer of a card. */
  | { readonly kind: 'nonsense'; readonly code: string }

/** Who waits for the service: on which clock, and until when at all. */
export interface Waiter {
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** One command after the other to a connected card, each with its whole answer. */
export class CardLink {
  readonly #card: PcscCard
  readonly #waiter: Waiter

  constructor(card: PcscCard, waiter: Waiter) {
    this.#card = card
    this.#waiter = waiter
  }

  async exchange(command: CardCommand): Promise<Result<CardReply, CardFailure>> {
    let apdu = apduOf(command)
    let data = new Uint8Array(0)
    for (let step = 0; step <= MOST_FOLLOW_UPS; step++) {
      const sent = await this.#transmit(apdu)
      if (!sent.ok) {
        data.fill(0)
        return sent
      }
      const answer = answerOf(sent.value)
      if (answer === undefined || data.length + answer.data.length > MOST_DATA_BYTES) break
      const next = followUp(apdu, answer)
      if (next === undefined || next.keep) data = joined(data, answer.data)
      sent.value.fill(0)
      if (next === undefined) return ok({ status: answer.status, data })
      apdu = next.apdu
    }
    data.fill(0)
    return err({ kind: 'nonsense', code: `${command.kind}-nonsense` })
  }

  disconnect(): Promise<void> {
    return this.#card.disconnect()
  }

  #transmit(apdu: Uint8Array): Promise<Result<Uint8Array, CardFailure>> {
    if (!isHarmless(apdu)) throw new Error('a command that only reads was expected')
    return withLimit(this.#waiter, ANSWER_LIMIT_MS, this.#card.transmit(apdu), 'card-silent', (answer) => answer.fill(0))
  }
}

/** The answer, or `silent` when it does not come in time or nobody waits for it any more; `onLate` is given the late one. */
export function withLimit<T, E>(
  { clock, signal }: Waiter,
  limitMs: number,
  answer: Promise<Result<T, E>>,
  code: string,
  onLate: (value: T) => void = () => undefined,
): Promise<Result<T, E | { readonly kind: 'silent'; readonly code: string }>> {
  return new Promise((resolve) => {
    let late = false
    const giveUp = (): void => {
      late = true
      clock.clearTimeout(limit)
      signal.removeEventListener('abort', giveUp)
      resolve(err({ kind: 'silent', code }))
    }
    const limit = clock.setTimeout(giveUp, limitMs)
    signal.addEventListener('abort', giveUp)
    if (signal.aborted) giveUp()
    void answer.then((result) => {
      clock.clearTimeout(limit)
      signal.removeEventListener('abort', giveUp)
      if (late && result.ok) onLate(result.value)
      resolve(result)
    })
  })
}

function joined(before: Uint8Array, more: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(before.length + more.length)
  whole.set(before)
  whole.set(more, before.length)
  before.fill(0)
  return whole
}
