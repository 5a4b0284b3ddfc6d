import { err, ok } from '../../../core/result/result.ts'
import type { Result } from '../../../core/result/result.ts'
import type { SimulatedClock } from '../../../core/clock/simulated-clock.ts'
import type { PcscError, PcscErrorKind, PcscReaderState, PcscSession } from '../../transport/pcsc.ts'
import type { ReaderPlace } from '../openers.ts'

export interface ScriptedCard {
  reset(): void
  answer(apdu: Uint8Array): Uint8Array
}

type Call = 'establish' | 'readers' | 'state' | 'connect' | 'transmit' | 'disconnect'

/** A PC/SC service with one reader that exists only in memory, on a simulated clock. */
export class ScriptedPcsc {
  /** Every command that reached a card, as it was sent. */
  readonly sent: Uint8Array[] = []
  /** Every answer that was handed over, as its receiver left it. */
  readonly answers: Uint8Array[] = []
  readonly calls: Call[] = []
  readers = ['Sandbox Reader 00 00']
  /** While set, the call fails with it. */
  readonly failing: Partial<Record<Call, PcscError>> = {}
  /** While set, the call takes so long; `Infinity` never comes back until `letGo`. */
  readonly takesMs: Partial<Record<Call, number>> = {}
  mute = false
  /** Sessions that were opened and not released. */
  open = 0
  powered = 0
  readonly #clock: SimulatedClock
  #card: ScriptedCard | undefined
  #events = 0
  #stuck: (() => void)[] = []

  constructor(clock: SimulatedClock) {
    this.#clock = clock
  }

  place(): ReaderPlace {
    return {
      label: 'test',
      choose: (names) => names[0],
      open: () =>
        this.#call('establish', () => {
          this.open += 1
          return ok(this.#session())
        }),
    }
  }

  put(card: ScriptedCard): void {
    this.#card = card
    this.#events += 1
  }

  take(): void {
    this.#card = undefined
    this.#events += 1
  }

  fail(call: Call, kind: PcscErrorKind, code: string = kind): void {
    this.failing[call] = { kind, code }
  }

  /** The reader is unplugged: everything about it fails. */
  unplug(): void {
    this.readers = []
    for (const call of ['state', 'connect', 'transmit'] as const) this.fail(call, 'reader-gone')
  }

  plug(): void {
    this.readers = ['Sandbox Reader 00 00']
    for (const call of Object.keys(this.failing) as Call[]) delete this.failing[call]
    for (const call of Object.keys(this.takesMs) as Call[]) delete this.takesMs[call]
    this.letGo()
  }

  /** Calls that would never have come back come back now. */
  letGo(): void {
    const stuck = this.#stuck
    this.#stuck = []
    for (const resolve of stuck) resolve()
  }

  #session(): PcscSession {
    let isOpen = true
    let powered = 0
    const power = (change: 1 | -1): void => {
      powered += change
      this.powered += change
    }
    return {
      readers: () => this.#call('readers', () => ok(this.readers)),
      state: () => this.#call<PcscReaderState>('state', () => ok({ card: this.#card === undefined ? 'absent' : this.mute ? 'mute' : 'present', events: this.#events })),
      connect: () =>
        this.#call('connect', () => {
          const card = this.#card
          if (card === undefined) return err({ kind: 'no-card', code: 'no-card' })
          card.reset()
          power(1)
          return ok({
            protocol: 'T0' as const,
            transmit: (apdu) => {
              this.sent.push(apdu.slice())
              return this.#call('transmit', () => {
                if (this.#card !== card) return err({ kind: 'card-gone', code: 'card-gone' })
                const answer = Uint8Array.from(card.answer(apdu))
                this.answers.push(answer)
                return ok(answer)
              })
            },
            disconnect: async () => {
              await this.#call('disconnect', () => ok(undefined))
              if (powered > 0) power(-1)
            },
          })
        }),
      release: async () => {
        if (isOpen) this.open -= 1
        // The service lets go of the cards of a session that ends.
        while (powered > 0) power(-1)
        isOpen = false
      },
    }
  }

  async #call<T>(call: Call, work: () => Result<T, PcscError>): Promise<Result<T, PcscError>> {
    this.calls.push(call)
    const ms = this.takesMs[call]
    if (ms === Infinity) await new Promise<void>((resolve) => this.#stuck.push(resolve))
    else if (ms !== undefined) await new Promise<void>((resolve) => this.#clock.setTimeout(() => resolve(), ms))
    const failure = this.failing[call]
    return failure === undefined ? work() : err(failure)
  }
}
