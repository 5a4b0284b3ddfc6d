import type { DocumentWorkerHandle, FromDocumentWorker } from '../../core/document/worker-protocol.ts'
import type { ElectronApi } from './electron-api.ts'

/** Name of the process in Electron's own lists. */
export const DOCUMENT_WORKER_NAME = 'Kiosk document worker'

/** As in the page host: enough to start, nothing that could lead it elsewhere. */
const PASSED_ON = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'DOCUMENT_WORKER_MEMORY_MB'] as const

/**
 * Starts document workers as Electron utility processes. Their output is not passed on: an engine may print what it reads.
 * @param entry absolute path of the built worker
 */
export function utilityDocumentWorker(utilityProcess: ElectronApi['utilityProcess'], entry: string, killHard: (pid: number) => void = (pid) => process.kill(pid, 'SIGKILL')): () => DocumentWorkerHandle {
  return () => {
    const env = Object.fromEntries(PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])))
    const child = utilityProcess.fork(entry, [], { serviceName: DOCUMENT_WORKER_NAME, stdio: 'ignore', env })
    let ended = false
    const exit = new Promise<string>((resolve) => {
      child.once('exit', (code) => {
        ended = true
        resolve(String(code))
      })
    })
    return {
      post: (message) => {
        if (!ended) child.postMessage(message)
      },
      onMessage: (listener) => child.on('message', (message: unknown) => listener(message as FromDocumentWorker)),
      onExit: (listener) => void exit.then(listener),
      kill: () => {
        if (ended) return
        const { pid } = child
        child.kill()
        // Electron asks politely; a worker deep in recognition does not hear it.
        try {
          if (pid !== undefined) killHard(pid)
        } catch {
          // It has ended between the two.
        }
      },
    }
  }
}
