import type { Clock } from '../../core/clock/clock.ts'
import type { Log } from '../../core/log/events.ts'

/** Failures further back than this are forgotten (facts on durability, section 7). */
export const MEMORY_MS = 10 * 60_000
/** In the midst of a process's death Chromium is still taking it apart; the step is made a moment later. */
export const PAUSE_MS = 500
/** The rung above a new window: with this many failures within the memory, only a new program helps. */
const FAILURES_UNTIL_RESTART = 5
const GRAPHICS_FAILURES_UNTIL_OFF = 2

/** What a step of the ladder does; each is called once per failure at most. */
export interface RecoverySteps {
  reload(): void
  renewWindow(): void
  /** Ends the program so that it is started again. */
  restart(): void
  /** The same, and the next start draws without the graphics card. */
  restartWithoutGraphics(): void
}

export interface Recovery {
  /** The page's process is gone, hangs, or the page did not load. */
  screenFailed(): void
  /** The graphics process is gone; Chromium starts it again by itself a few times. */
  graphicsFailed(): void
  /** No step is made any more: the program is ending. */
  stop(): void
}

/**
 * The recovery ladder: first failure of the screen, load the page again; more within ten minutes, a new window; still more,
 * a new program. Twice within ten minutes without graphics process: a new program that draws in software. What becomes of a
 * session is not decided here: the session service sees a new page and treats the old one as lost.
 */
export function createRecovery(clock: Clock, log: Log, steps: RecoverySteps): Recovery {
  let screenFailures: number[] = []
  let graphicsFailures: number[] = []
  let pending: unknown
  let ended = false

  function after(step: () => void): void {
    clock.clearTimeout(pending)
    pending = clock.setTimeout(() => {
      if (!ended) step()
    }, PAUSE_MS)
  }
  function lastly(step: () => void): void {
    after(() => {
      ended = true
      step()
    })
  }
  const recent = (times: readonly number[]): number[] => [...times.filter((time) => clock.now() - time < MEMORY_MS), clock.now()]

  return {
    screenFailed: () => {
      if (ended) return
      screenFailures = recent(screenFailures)
      const times = screenFailures.length
      if (times >= FAILURES_UNTIL_RESTART) {
        log('screen.restarted', { how: 'program', times })
        lastly(() => steps.restart())
      } else if (times >= 2) {
        log('screen.restarted', { how: 'new-window', times })
        after(() => steps.renewWindow())
      } else {
        log('screen.restarted', { how: 'reload', times })
        after(() => steps.reload())
      }
    },
    graphicsFailed: () => {
      if (ended) return
      graphicsFailures = recent(graphicsFailures)
      const times = graphicsFailures.length
      if (times < GRAPHICS_FAILURES_UNTIL_OFF) return
      log('screen.restarted', { how: 'program-without-graphics', times })
      lastly(() => steps.restartWithoutGraphics())
    },
    stop: () => {
      ended = true
      clock.clearTimeout(pending)
    },
  }
}
