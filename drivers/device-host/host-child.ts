/** The end of a device host process, as the platform told it. */
export interface HostExit {
  readonly code: number | null
  readonly signal: string | null
  /** A code found in the last words on its error output (`ERR_MODULE_NOT_FOUND`), where the platform gives us that. */
  readonly hint?: string
}

/** One child process with a channel, whatever the platform calls it (`child_process.fork`, Electron's `utilityProcess`). */
export interface HostChild {
  readonly pid: number | undefined
  /** Structured clone of a plain value; does nothing when the channel is closed. */
  post(message: unknown): void
  onMessage(listener: (raw: unknown) => void): void
  /** Called once, also when the process could not be started at all. */
  onExit(listener: (exit: HostExit) => void): void
  /** SIGKILL or its equal: the process may be hung in native code and must not be asked politely. */
  kill(): void
}

/** Starts one device host. Throws only for a bug: a start that fails is an exit. */
export type SpawnHost = () => HostChild
