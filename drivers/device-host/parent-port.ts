/** The host's side of its channel, with the difference between Electron's `utilityProcess` and `child_process.fork` hidden. */
export interface ParentPort {
  /** `sent` is called when the message has left, or cannot leave any more. */
  post(message: unknown, sent?: () => void): void
  onMessage(listener: (raw: unknown) => void): void
  /** Called once when the kiosk process has gone away without a word. */
  onClose(listener: () => void): void
}

/** What Electron puts on `process` inside a utility process; declared here because drivers do not know Electron. */
interface ElectronParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void
  on(event: 'close', listener: () => void): void
}

/** The channel to the process that started us, or undefined when nobody did (started by hand). */
export function openParentPort(target: NodeJS.Process = process): ParentPort | undefined {
  const electronPort = (target as NodeJS.Process & { readonly parentPort?: ElectronParentPort }).parentPort
  if (electronPort !== undefined && electronPort !== null) {
    return {
      post: (message, sent) => {
        electronPort.postMessage(message)
        sent?.()
      },
      onMessage: (listener) => electronPort.on('message', (event) => listener(event.data)),
      // Electron ends its utility processes with itself; the event is the second belt.
      onClose: (listener) => electronPort.on('close', listener),
    }
  }
  if (target.send === undefined) return undefined
  return {
    // The callback takes the error of a channel that is closing; without it Node would raise it as an exception.
    post: (message, sent) => {
      if (target.connected) target.send?.(message, undefined, undefined, () => sent?.())
      else sent?.()
    },
    onMessage: (listener) => target.on('message', listener),
    onClose: (listener) => target.once('disconnect', listener),
  }
}
