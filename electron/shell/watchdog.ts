import { execFile } from 'node:child_process'
import type { Clock } from '../../core/clock/clock.ts'
import type { Log } from '../../core/log/events.ts'

export interface WatchdogOptions {
  readonly clock: Clock
  readonly log: Log
  /** How long the supervisor waits for a sign of life before it ends us. */
  readonly limitMs: number
  /** Whether the page and the services have answered just now. */
  readonly alive: () => Promise<boolean>
  /** Tells the supervisor; rejects when it cannot be told. */
  readonly notify: (state: 'READY=1' | 'WATCHDOG=1' | 'STOPPING=1') => Promise<void>
}

export interface Watchdog {
  ready(): void
  stop(): void
}

/** Three signs of life within one limit, so that a late one does not end a healthy terminal. */
const SIGNS_PER_LIMIT = 3

/**
 * The heartbeat towards systemd. A sign is given only when it has been earned: when page and services do not answer, nothing
 * is said, and the supervisor ends and restarts the program.
 */
export function createWatchdog({ clock, log, limitMs, alive, notify }: WatchdogOptions): Watchdog {
  let timer: unknown
  let stopped = false
  let state = ''
  const tell = (now: string): void => {
    if (now !== state) log('shell.watchdog', { state: now })
    state = now
  }
  async function beat(): Promise<void> {
    const living = await alive().catch(() => false)
    if (stopped) return
    if (living) await notify('WATCHDOG=1').then(() => tell('alive'), () => tell('unheard'))
    else tell('withheld')
  }
  function schedule(): void {
    timer = clock.setTimeout(() => {
      schedule()
      void beat()
    }, limitMs / SIGNS_PER_LIMIT)
  }
  schedule()
  return {
    ready: () => void notify('READY=1').catch(() => tell('unheard')),
    stop: () => {
      stopped = true
      clock.clearTimeout(timer)
      void notify('STOPPING=1').catch(() => undefined)
    },
  }
}

/** The limit that systemd gave this process (`WatchdogSec=`), or undefined where nobody watches. Milliseconds. */
export function watchdogLimitMs(environment: Readonly<Record<string, string | undefined>>): number | undefined {
  const microseconds = Number(environment.WATCHDOG_USEC)
  return environment.NOTIFY_SOCKET !== undefined && Number.isFinite(microseconds) && microseconds > 0 ? microseconds / 1_000 : undefined
}

/** Through systemd's own program, because Node cannot send a datagram to a Unix socket. The unit needs `NotifyAccess=all`. */
export function systemdNotify(state: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile('systemd-notify', [state], { timeout: 5_000 }, (error) => (error === null ? resolve() : reject(new Error('systemd-notify failed', { cause: error }))))
  })
}
