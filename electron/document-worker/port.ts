import type { FromDocumentWorker, ToDocumentWorker } from '../../core/document/worker-protocol.ts'

/** The line to the process that started this one: Node's IPC channel (`fork`) or Electron's parent port (`utilityProcess`). */
export interface ParentPort {
  post(message: FromDocumentWorker): void
  onMessage(listener: (message: ToDocumentWorker) => void): void
  /** The other process is gone: nobody will end this one any more. */
  onGone(listener: () => void): void
}

/** The part of Electron's `process.parentPort` that is used here. */
interface ElectronParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void
  on(event: 'close', listener: () => void): void
}

/** Undefined when this process was started by hand. */
export function parentPort(): ParentPort | undefined {
  const electron = (process as unknown as { readonly parentPort?: ElectronParentPort }).parentPort
  if (electron !== undefined) {
    return {
      post: (message) => electron.postMessage(message),
      onMessage: (listener) => electron.on('message', (event) => listener(event.data as ToDocumentWorker)),
      onGone: (listener) => electron.on('close', listener),
    }
  }
  const send = process.send?.bind(process)
  if (send === undefined) return undefined
  return {
    post: (message) => void (process.connected && send(message)),
    onMessage: (listener) => process.on('message', (message) => listener(message as ToDocumentWorker)),
    onGone: (listener) => process.on('disconnect', listener),
  }
}
