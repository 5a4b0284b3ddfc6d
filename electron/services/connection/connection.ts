import type { Clock } from '../../../core/clock/clock.ts'
import type { NetworkState } from '../../../core/device/capabilities.ts'
import type { OneWindowClient } from '../../../core/one-window/client.ts'
import type { Heartbeat } from '../../../core/one-window/types.ts'
import type { Registration } from '../one-window/registration.ts'

/** While the backend answers, a beat each half minute is enough; while it does not, a citizen may be waiting for it. */
export const BEAT_ONLINE_MS = 30_000
export const BEAT_OFFLINE_MS = 3_000

export interface ConnectionDependencies {
  readonly client: Pick<OneWindowClient, 'sendHeartbeat'>
  readonly registration: Registration
  readonly heartbeat: () => Heartbeat
  readonly clock: Clock
  /** Only codes: the state and, when offline, why. */
  readonly onChange: (state: NetworkState, code: string | undefined) => void
}

/**
 * Whether the one-window backend can be worked with: proved by its own signed-in answer to a heartbeat, never by what the
 * operating system thinks of the cable.
 */
export interface Connection {
  state(): NetworkState
  /** Epoch milliseconds of the last beat that was answered. */
  lastAnswerAt(): number | undefined
  /** Enrols when needed, then beats until `stop`. */
  start(): void
  /** A call of another service found the backend reachable or not: worth a beat now. */
  doubt(): void
  stop(): void
}

export function createConnection({ client, registration, heartbeat, clock, onChange }: ConnectionDependencies): Connection {
  let state: NetworkState = 'offline'
  let lastAnswerAt: number | undefined
  let timer: unknown
  let beating = false
  let stopped = false

  function become(next: NetworkState, code?: string): void {
    if (next === state) return
    state = next
    onChange(next, code)
  }

  async function beat(): Promise<void> {
    if (beating || stopped) return
    beating = true
    clock.clearTimeout(timer)
    // A fault of this machine (a full disk while the registration is written) is no reason to stop beating.
    const code = await attempt().catch(() => 'fault')
    beating = false
    if (stopped) return
    if (code === undefined) lastAnswerAt = clock.now()
    become(code === undefined ? 'online' : 'offline', code)
    timer = clock.setTimeout(() => void beat(), state === 'online' ? BEAT_ONLINE_MS : BEAT_OFFLINE_MS)
  }

  /** `undefined`: the backend knows us and answers; else a code of what stands in the way. */
  async function attempt(): Promise<string | undefined> {
    const standing = await registration.ensure()
    if (!standing.ok) return standing.error.kind
    const answer = await client.sendHeartbeat(heartbeat())
    if (answer.ok) return undefined
    if (answer.error.kind !== 'unauthorised') return answer.error.kind
    const renewed = await registration.renew()
    if (!renewed.ok) return renewed.error.kind
    const again = await client.sendHeartbeat(heartbeat())
    return again.ok ? undefined : again.error.kind
  }

  return {
    state: () => state,
    lastAnswerAt: () => lastAnswerAt,
    start: () => void beat(),
    doubt: () => void beat(),
    stop: () => {
      stopped = true
      clock.clearTimeout(timer)
    },
  }
}
