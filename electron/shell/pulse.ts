import type { Clock } from '../../core/clock/clock.ts'
import { CHANNELS } from './channels.ts'
import type { ShellContents } from './electron-api.ts'

const PING_INTERVAL_MS = 5_000
/** Facts on durability, section 7: a page that does not answer for this long is given up. */
export const UNRESPONSIVE_MS = 15_000
/** Loading, parsing and the first layout on slow hardware. */
export const LOADING_LIMIT_MS = 30_000

export interface Pulse {
  /** A page begins to load: it has time until its first answer. */
  loading(): void
  /** The page has answered a ping. */
  answered(): void
  /** How long it is since the page last answered, whatever has been done about it since. */
  silentMs(): number
  stop(): void
}

/**
 * Asks the page's process at intervals whether it still turns. Chromium itself only notices a hung page when somebody
 * touches it; a terminal should be well again before the next citizen comes.
 */
export function createPulse(clock: Clock, current: () => ShellContents | undefined, onSilent: () => void): Pulse {
  let heardAt = clock.now()
  let waitingSince = heardAt
  let limitMs = LOADING_LIMIT_MS
  let timer: unknown

  function beat(): void {
    timer = clock.setTimeout(beat, PING_INTERVAL_MS)
    const contents = current()
    if (contents === undefined || contents.isDestroyed()) return
    if (clock.now() - waitingSince >= limitMs) {
      waitingSince = clock.now()
      limitMs = LOADING_LIMIT_MS
      onSilent()
    } else contents.send(CHANNELS.ping)
  }
  beat()

  return {
    loading: () => {
      waitingSince = clock.now()
      limitMs = LOADING_LIMIT_MS
    },
    answered: () => {
      heardAt = clock.now()
      waitingSince = heardAt
      limitMs = UNRESPONSIVE_MS
    },
    silentMs: () => clock.now() - heardAt,
    stop: () => clock.clearTimeout(timer),
  }
}
