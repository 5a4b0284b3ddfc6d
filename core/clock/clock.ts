/**
 * The only source of time in `core` and `drivers`. Everything that waits takes a `Clock`, so that each timer can be tested
 * on a `SimulatedClock`. The shape of `setTimeout`/`clearTimeout` is the one that XState takes as its `clock` option.
 */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number
  setTimeout(fn: (...args: unknown[]) => void, ms: number): unknown
  clearTimeout(handle: unknown): void
}

/** Resolves after `ms` milliseconds of the given clock; rejects with the signal's reason as soon as it is aborted. */
export function delay(clock: Clock, ms: number, signal?: AbortSignalLike): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortReason(signal))
    const onAbort = (): void => {
      clock.clearTimeout(handle)
      reject(abortReason(signal))
    }
    const handle = clock.setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', onAbort)
  })
}

/** The part of the platform's `AbortSignal` that `core` needs; `core` itself has no platform. */
export interface AbortSignalLike {
  readonly aborted: boolean
  readonly reason?: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

function abortReason(signal: AbortSignalLike | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new Error('aborted')
}
