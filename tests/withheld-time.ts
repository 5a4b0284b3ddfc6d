import { readFileSync } from 'node:fs'

const NANOSECONDS_PER_MS = 1_000_000

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
