import { readFileSync } from 'node:fs'

/**
 * Time of this thread apart from time that a busy machine gives to others, so that a test judges the code and never the
 * machine. A thread that is kept waiting by the system spends no processor time meanwhile.
 */
const BEAT_MS = 10
const NANOSECONDS_PER_MS = 1_000_000

export interface OwnTime {
  /** The longest time in which this thread was busy with one thing and heard nothing else. */
  readonly standstillMs: number
  /** How long it was ready to go on and was not let, all together. */
  readonly withheldMs: number
}

/** Watches this thread from now on, until the function that it gives is called. */
export function watchOwnTime(): () => OwnTime {
  let standstillMs = 0
  let withheldMs = 0
  let lastAt = performance.now()
  let last = process.threadCpuUsage()
  const beat = (): void => {
    const at = performance.now()
    const usage = process.threadCpuUsage()
    const busyMs = (usage.user - last.user + usage.system - last.system) / 1_000
    standstillMs = Math.max(standstillMs, busyMs)
    withheldMs += Math.max(0, at - lastAt - BEAT_MS - busyMs)
    lastAt = at
    last = usage
  }
  const beats = setInterval(beat, BEAT_MS)
  return () => {
    clearInterval(beats)
    beat()
    return { standstillMs, withheldMs }
  }
}

/**
 * For how long, since its start, the main thread of a process was ready to go on and was not let; in milliseconds. 0 where
 * the system does not tell (it does on Linux), and for a process that is gone.
 */
export function withheldFrom(pid: number | undefined): number {
  try {
    const [, waited] = readFileSync(`/proc/${pid ?? 0}/schedstat`, 'utf8').split(' ')
    return Number(waited) / NANOSECONDS_PER_MS
  } catch {
    return 0
  }
}
