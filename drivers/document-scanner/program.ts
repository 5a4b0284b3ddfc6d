import { spawn } from 'node:child_process'

/** A program that runs beside us and is read while it runs. */
export interface RunningProgram {
  readonly pid: number | undefined
  readonly onOutput: (listener: (text: string) => void) => void
  readonly onErrorOutput: (listener: (text: string) => void) => void
  /** Called once. `code` is undefined when a signal ended it; `missing` names why it never began (`ENOENT`, `EACCES`). */
  readonly onEnd: (listener: (end: ProgramEnd) => void) => void
  readonly kill: (signal: 'SIGINT' | 'SIGKILL') => void
}

export type ProgramEnd = { readonly kind: 'exit'; readonly code: number } | { readonly kind: 'signal'; readonly signal: string } | { readonly kind: 'missing'; readonly code: string }

export type StartProgram = (program: string, args: readonly string[], environment: Readonly<Record<string, string>>) => RunningProgram

/** Starts a program without a shell: what stands in the configuration is a name and never a command line. */
export const startProgram: StartProgram = (program, args, environment) => {
  const child = spawn(program, [...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment }, shell: false, windowsHide: true })
  child.stdout.setEncoding('utf8')
  child.stderr.setEncoding('utf8')
  let ended: ProgramEnd | undefined
  const listeners: ((end: ProgramEnd) => void)[] = []
  const end = (how: ProgramEnd): void => {
    if (ended !== undefined) return
    ended = how
    for (const listener of listeners) listener(how)
  }
  child.on('error', (error: NodeJS.ErrnoException) => {
    // A signal that could not be sent is told here too; only a program that never began has no number.
    if (child.pid === undefined) end({ kind: 'missing', code: error.code ?? 'spawn' })
  })
  // `close` comes after everything it wrote has been read; a grandchild that keeps the pipe open must not hold us.
  child.on('close', (code, signal) => end(code === null ? { kind: 'signal', signal: signal ?? '' } : { kind: 'exit', code }))
  child.on('exit', (code, signal) => setImmediate(() => setImmediate(() => end(code === null ? { kind: 'signal', signal: signal ?? '' } : { kind: 'exit', code }))))
  return {
    pid: child.pid,
    onOutput: (listener) => void child.stdout.on('data', listener),
    onErrorOutput: (listener) => void child.stderr.on('data', listener),
    onEnd: (listener) => (ended === undefined ? void listeners.push(listener) : listener(ended)),
    kill: (signal) => void child.kill(signal),
  }
}
