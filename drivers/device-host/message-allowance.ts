import type { Clock } from '../../core/clock/clock.ts'

/** What may have piled up while the kiosk process itself stood still for some seconds. */
export const MESSAGE_BURST = 5_000
/** Far more than seven busy devices say. */
export const MESSAGES_PER_SECOND = 1_000

/** How many messages one host may send: a host that floods the channel would otherwise stop the screen. */
export class MessageAllowance {
  readonly #clock: Clock
  #tokens = MESSAGE_BURST
  #at: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#at = clock.now()
  }

  /** Takes one message; false when there are too many. */
  take(): boolean {
    if (this.#tokens < 1) {
      const now = this.#clock.now()
      // A clock that was set back says nothing of the time that has passed: an honest host must not be killed for it.
      this.#tokens = now < this.#at ? MESSAGE_BURST : Math.min(MESSAGE_BURST, ((now - this.#at) * MESSAGES_PER_SECOND) / 1000)
      this.#at = now
      if (this.#tokens < 1) return false
    }
    this.#tokens -= 1
    return true
  }
}
