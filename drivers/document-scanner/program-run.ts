import type { Clock } from '../../core/clock/clock.ts'
import type { RunningProgram } from './program.ts'

/** SIGINT lets `scanimage` cancel and remove its file; it took 0.34 s. SIGTERM would leave the scanner busy. */
export const STOP_LIMIT_MS = 5_000
/**
 * Longest clearing up after a program's last word: a feeder puts out its sheet, a carriage goes home. Some never come to an
 * end: drivers that read in a thread of their own end it wherever it stands, and one that stood in the allocator leaves
 * that locked for ever.
 */
export const CLEARING_LIMIT_MS = 15_000
/** A program that hangs in the kernel does not end even then; nobody waits for it any longer. */
const GONE_LIMIT_MS = 2_000
const LAST_WORDS_CHARACTERS = 2_000

export interface ProgramRun {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Longest run without a line of output between. */
  readonly limitMs: number
  readonly silenceLimitMs: number
  readonly onStart?: (pid: number) => void
  readonly onOutput?: (text: string) => void
  readonly onErrorOutput?: (text: string) => void
  /** Whether the end of its error output tells how the run ended: from then on the program has only to clear up. */
  readonly isLastWord?: (lastWords: string) => boolean
}

/** `lastWords`: the end of its error output; for judging, never for the log. `silent`: it had to be ended. */
export type ProgramRunEnd =
  | { readonly kind: 'exit'; readonly code: number; readonly lastWords: string }
  | { readonly kind: 'missing'; readonly code: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'silent'; readonly lastWords: string }

/** A signal that ended a program counts as the shell would count it. */
const SIGNAL_CODES: Readonly<Record<string, number>> = { SIGABRT: 134, SIGSEGV: 139, SIGKILL: 137, SIGTERM: 143, SIGINT: 130 }

/** Runs a program to its end, with a limit on silence; cancels it with SIGINT and ends it when that is not heeded. Never throws. */
export function runProgram(begin: () => RunningProgram, { clock, signal, limitMs, silenceLimitMs, onStart, onOutput, onErrorOutput, isLastWord = () => false }: ProgramRun): Promise<ProgramRunEnd> {
  if (signal.aborted) return Promise.resolve({ kind: 'cancelled' })
  return new Promise((resolve) => {
    const program = begin()
    let lastWords = ''
    let stoppedFor: 'cancelled' | 'silent' | undefined
    let silence: unknown
    let kill: unknown
    const stopped = (why: 'cancelled' | 'silent'): ProgramRunEnd => (why === 'cancelled' ? { kind: why } : { kind: why, lastWords })

    const finish = (end: ProgramRunEnd): void => {
      for (const timer of [silence, limit, kill]) clock.clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      resolve(end)
    }
    const stop = (why: 'cancelled' | 'silent'): void => {
      if (stoppedFor !== undefined) return
      stoppedFor = why
      kill = clock.setTimeout(() => {
        kill = clock.setTimeout(() => finish(stopped(why)), GONE_LIMIT_MS)
        program.kill('SIGKILL')
      }, STOP_LIMIT_MS)
      program.kill('SIGINT')
    }
    const onAbort = (): void => stop('cancelled')
    const heard = (): void => {
      clock.clearTimeout(silence)
      silence = clock.setTimeout(() => stop('silent'), isLastWord(lastWords) ? CLEARING_LIMIT_MS : silenceLimitMs)
    }
    let limit: unknown = clock.setTimeout(() => stop('silent'), limitMs)

    signal.addEventListener('abort', onAbort, { once: true })
    heard()
    program.onOutput((text) => {
      heard()
      clock.clearTimeout(limit)
      if (stoppedFor === undefined) limit = clock.setTimeout(() => stop('silent'), limitMs)
      onOutput?.(text)
    })
    program.onErrorOutput((text) => {
      lastWords = (lastWords + text).slice(-LAST_WORDS_CHARACTERS)
      heard()
      onErrorOutput?.(text)
    })
    program.onEnd((end) => {
      if (end.kind === 'missing') return finish(end)
      if (stoppedFor !== undefined) return finish(stopped(stoppedFor))
      finish({ kind: 'exit', code: end.kind === 'exit' ? end.code : (SIGNAL_CODES[end.signal] ?? 128), lastWords })
    })
    if (program.pid !== undefined) onStart?.(program.pid)
  })
}
