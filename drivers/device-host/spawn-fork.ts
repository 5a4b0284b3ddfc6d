import { fork } from 'node:child_process'
import type { Clock } from '../../core/clock/clock.ts'
import type { HostChild, HostExit, SpawnHost } from './host-child.ts'
import { systemClock } from './system-clock.ts'

/** After the process has ended, its last messages may still stand in the channel; they are waited for no longer than this. */
const LAST_MESSAGES_LIMIT_MS = 1_000

/**
 * Starts the device host with `child_process.fork`, for a kiosk process that is plain Node (the page host).
 * @param modulePath absolute path of `main.ts`, or of its built file
 */
export function forkHost(modulePath: string, clock: Clock = systemClock): SpawnHost {
  return () => {
    const child = fork(modulePath, [], {
      serialization: 'advanced',
      // Its error output may quote anything, so it is searched for a code and then forgotten.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // An inspector port of the parent must not be inherited by the process that holds the devices.
      execArgv: process.execArgv.filter((argument) => !argument.startsWith('--inspect')),
    })
    let hint: string | undefined
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      hint ??= /\b(?:ERR_[A-Z0-9_]+|MODULE_NOT_FOUND|SyntaxError|E[A-Z]{4,})\b/.exec(chunk)?.[0]
    })
    let ended = false
    const listeners: ((exit: HostExit) => void)[] = []
    const end = (exit: HostExit): void => {
      if (ended) return
      ended = true
      for (const listener of listeners) listener(exit)
    }
    child.on('error', (error: NodeJS.ErrnoException) => {
      // Also raised for a message that could not be sent; only a process that never came to life has no pid.
      if (child.pid === undefined) end({ code: null, signal: null, hint: error.code ?? error.name })
    })
    child.on('exit', (code, signal) => {
      const exit = (): void => end({ code, signal, ...(hint === undefined ? {} : { hint }) })
      if (!child.connected) return exit()
      // A result that was sent just before the end is a true result: read the channel empty first.
      const limit = clock.setTimeout(exit, LAST_MESSAGES_LIMIT_MS)
      child.once('disconnect', () => {
        clock.clearTimeout(limit)
        exit()
      })
    })
    return {
      pid: child.pid,
      post: (message) => {
        if (child.connected) child.send(message as object, () => undefined)
      },
      onMessage: (listener) => child.on('message', listener),
      onExit: (listener) => listeners.push(listener),
      kill: () => child.kill('SIGKILL'),
    } satisfies HostChild
  }
}
