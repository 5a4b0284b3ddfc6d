import type { Clock } from '../../../core/clock/clock.ts'
import type { DeviceConfig } from '../../../core/config/kiosk-config.ts'
import type { CodeReadError, ScannedCode } from '../../../core/device/operations.ts'
import { err, ok } from '../../../core/result/result.ts'
import type { Result } from '../../../core/result/result.ts'
import type { DeviceHost } from '../../../drivers/device-host/contract.ts'

/** As at the other kinds of scanner: the same text within this time of its delivery is the same showing. */
const SAME_CODE_MS = 3000

/**
 * The codes of a scanner that types into the page. They come with the command `code-typed` and not from the device host,
 * whose scanner in keyboard mode only says that it is ready.
 */
export interface TypedCodes {
  /** The page heard a code. A code that nobody waits for is dropped, and so is the same one again. */
  offer(text: string): 'taken' | 'dropped'
  /** Waits for the next code, with the same answers as `readCode` of the device host; a second call ends the first as `cancelled`. */
  readCode(options: { readonly timeoutMs: number }, signal: AbortSignal): Promise<Result<ScannedCode, CodeReadError>>
  /** The session was wiped: nobody waits any longer, and the last code is forgotten. */
  wipe(): void
}

export function createTypedCodes(clock: Clock): TypedCodes {
  let finish: ((result: Result<ScannedCode, CodeReadError>) => void) | undefined
  let last: { readonly text: string; readonly forget: unknown } | undefined

  function forgetLast(): void {
    clock.clearTimeout(last?.forget)
    last = undefined
  }

  return {
    offer(text) {
      if (finish === undefined || text === last?.text) return 'dropped'
      forgetLast()
      last = { text, forget: clock.setTimeout(forgetLast, SAME_CODE_MS) }
      finish(ok({ text, bytes: new TextEncoder().encode(text), at: clock.now() }))
      return 'taken'
    },
    readCode({ timeoutMs }, signal) {
      finish?.(err({ kind: 'cancelled' }))
      if (signal.aborted) return Promise.resolve(err({ kind: 'cancelled' }))
      return new Promise((resolve) => {
        const end = (result: Result<ScannedCode, CodeReadError>): void => {
          clock.clearTimeout(limit)
          signal.removeEventListener('abort', onAbort)
          finish = undefined
          resolve(result)
        }
        const onAbort = (): void => end(err({ kind: 'cancelled' }))
        const limit = clock.setTimeout(() => end(err({ kind: 'timeout' })), timeoutMs)
        signal.addEventListener('abort', onAbort, { once: true })
        finish = end
      })
    },
    wipe() {
      finish?.(err({ kind: 'cancelled' }))
      forgetLast()
    },
  }
}

/** The device host, with the codes of a scanner in keyboard mode coming from the page. */
export function withTypedCodes(host: DeviceHost, codes: Pick<TypedCodes, 'readCode'>, devices: readonly DeviceConfig[]): DeviceHost {
  const typing = new Set<string>(devices.filter((device) => device.class === 'code-scanner' && device.address.kind === 'keyboard').map(({ id }) => id))
  return { ...host, readCode: (device, options, signal) => (typing.has(device) ? codes.readCode(options, signal) : host.readCode(device, options, signal)) }
}
