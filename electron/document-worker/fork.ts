import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { DocumentWorkerHandle, FromDocumentWorker } from '../../core/document/worker-protocol.ts'

/** Environment that the worker gets: enough to start, nothing that could lead it elsewhere. */
const PASSED_ON = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'DOCUMENT_WORKER_MEMORY_MB'] as const

/**
 * Starts the document worker as a child process of Node. `entry` is the built entry file when there is one. The worker's
 * own words on stderr are not passed on: an engine may print what it reads. It writes nothing, wherever its working folder
 * is; tests look there.
 */
export function forkDocumentWorker(entry: string = fileURLToPath(new URL('main.ts', import.meta.url)), workingFolder?: string): DocumentWorkerHandle {
  const env = Object.fromEntries(PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])))
  const child = fork(entry, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: ['--no-warnings'], env, ...(workingFolder !== undefined && { cwd: workingFolder }) })
  let exited = false
  const exit = new Promise<string>((resolve) => {
    const end = (code: string): void => {
      exited = true
      resolve(code)
    }
    child.once('exit', (code, signal) => end(signal ?? String(code)))
    child.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'spawn'))
  })
  return {
    post: (message) => {
      // The callback takes the error of a channel that closed in this moment; `exit` tells the rest.
      if (!exited && child.connected) child.send(message, () => undefined)
    },
    onMessage: (listener) => child.on('message', (message) => listener(message as FromDocumentWorker)),
    onExit: (listener) => void exit.then(listener),
    kill: () => void child.kill('SIGKILL'),
  }
}
