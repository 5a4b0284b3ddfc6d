import { createActor } from 'xstate'
import type { StateValue } from 'xstate'
import type { Clock } from '../../core/clock/clock.ts'
import type { SocialCardConfig } from '../../core/config/kiosk-config.ts'
import type { SocialCard, SocialCardError, SocialCardProgress } from '../../core/device/operations.ts'
import type { DeviceStatus } from '../../core/device/status.ts'
import type { DeviceId } from '../../core/ids.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import type { SocialCardService } from '../device-host/contract.ts'
import type { DeviceLog } from '../device-host/device-service.ts'
import type { PcscSession } from '../transport/pcsc.ts'
import { CardLink, withLimit } from './link.ts'
import { publicStateOf, socialCardMachine } from './machine.ts'
import type { SocialCardTools } from './machine.ts'
import { openerFor } from './openers.ts'
import type { ReaderPlace } from './openers.ts'
import { readSocialCard, troubleOf } from './reading.ts'
import type { ReadOutcome } from './reading.ts'

export { openerFor }

/** Longest wait for the service, and for a reader to switch a card on. */
export const SERVICE_LIMIT_MS = 5_000

export interface SocialCardDependencies {
  readonly clock: Clock
  readonly log: DeviceLog
  /** The way to reach the reader; without it, the one that the configuration names (`openerFor`). */
  readonly open?: ReaderPlace
}

/** Counts for the health page, over the life of the driver. */
export interface SocialCardCounters {
  readonly reads: number
  /** Tries that did not give a card. */
  readonly failedTries: number
  readonly timeouts: number
  readonly reopenings: number
}

/** The service with what only the health page asks for. */
export interface SocialCardReader extends SocialCardService {
  counters(): SocialCardCounters
  /** The reader's name, once one is attached. */
  readerName(): string | undefined
  /** Where its machine stands, for those who look for a fault: one place, or one for each of its sides. */
  places(): readonly string[]
}

interface Waiting {
  readonly onProgress: (progress: SocialCardProgress) => void
  readonly resolve: (result: Result<SocialCard, SocialCardError>) => void
}

/** A reader of social-security cards over PC/SC. It reads only what needs no PIN; nothing of a card is logged. */
export function createSocialCardReader(config: SocialCardConfig, { clock, log, open: place = openerFor(config) }: SocialCardDependencies): SocialCardReader {
  const counters = { reads: 0, failedTries: 0, timeouts: 0, reopenings: 0 }
  const statusListeners = new Set<(status: DeviceStatus) => void>()
  const waiting = new Map<number, Waiting>()
  let status: DeviceStatus = { state: 'starting', since: clock.now() }
  let held: { readonly session: PcscSession; readonly reader: string; readonly number: number } | undefined
  let readerName: string | undefined
  let openings = 0
  let lastRequest = 0
  const stopping = new AbortController()
  const waiter = { clock, signal: stopping.signal }
  /** Calls to the service that have not come back. While there is one, no other session is opened: each would cost a thread. */
  let out = 0
  /** Readings take turns: one that nobody waits for any more still ends, and lets go of its card. */
  let readingTurn: Promise<unknown> = Promise.resolve()

  function counted<T>(call: Promise<T>): Promise<T> {
    out += 1
    const back = (): void => {
      out -= 1
    }
    call.then(back, back)
    return call
  }

  function limited<T, E>(call: Promise<Result<T, E>>, code: string, onLate?: (value: T) => void): Promise<Result<T, E | { readonly kind: 'silent'; readonly code: string }>> {
    return withLimit(waiter, SERVICE_LIMIT_MS, counted(call), code, onLate)
  }

  const tools: SocialCardTools = {
    async open() {
      if (out > 0) return err({ kind: 'absent', code: 'call-still-out' })
      const established = await limited(place.open(), 'service-silent', (late) => void counted(late.release()))
      if (!established.ok) {
        const { kind, code } = established.error
        log('social-card.open-failed', { cause: kind, code })
        return err({ kind: kind === 'not-installed' ? 'not-installed' : 'absent', code })
      }
      const session = established.value
      const readers = await limited(session.readers(), 'service-silent')
      const reader = readers.ok ? place.choose(readers.value) : undefined
      if (stopping.signal.aborted || reader === undefined) {
        void counted(session.release())
        const code = stopping.signal.aborted ? 'stopped' : readers.ok ? 'no-reader' : readers.error.code
        log('social-card.open-failed', { cause: 'no-reader', code })
        return err({ kind: 'absent', code })
      }
      openings += 1
      if (openings > 1) counters.reopenings += 1
      held = { session, reader, number: openings }
      readerName = reader
      log('social-card.opened', { opening: openings })
      return ok(undefined)
    },
    async look() {
      const now = held
      if (now === undefined) return err({ kind: 'reader-gone', code: 'closed' })
      const state = await limited(now.session.state(now.reader), 'reader-silent')
      if (state.ok) return ok({ ...state.value, session: now.number })
      if (state.error.kind === 'silent') counters.timeouts += 1
      return state
    },
    read() {
      const mine = readingTurn.then(readOnce)
      readingTurn = mine
      return mine
    },
    async close() {
      const closing = held
      held = undefined
      // Not waited for: a session whose call does not come back never ends.
      if (closing !== undefined) void counted(closing.session.release())
    },
    now: () => clock.now(),
  }

  async function readOnce(): Promise<ReadOutcome> {
    const now = held
    if (now === undefined) return { kind: 'gone', code: 'closed' }
    const connected = await limited(now.session.connect(now.reader), 'connect-silent', (late) => void counted(late.disconnect()))
    const outcome = connected.ok ? await readConnected(new CardLink({ ...connected.value, transmit: (apdu) => counted(connected.value.transmit(apdu)) }, waiter)) : troubleOf(connected.error)
    if (outcome.kind === 'silent') counters.timeouts += 1
    if (outcome.kind === 'good') counters.reads += 1
    else counters.failedTries += 1
    return outcome
  }

  async function readConnected(link: CardLink): Promise<ReadOutcome> {
    const outcome = await readSocialCard((command) => link.exchange(command))
    // Behind a call that is still out nothing would come back either.
    if (outcome.kind !== 'silent') await limited(link.disconnect().then(() => ok(undefined)), 'disconnect-silent')
    return outcome
  }

  const actor = createActor(socialCardMachine, { input: { tools }, clock: { setTimeout: (fn, ms) => clock.setTimeout(fn, ms), clearTimeout: (id) => clock.clearTimeout(id) } })
  actor.on('progress', ({ id, progress }) => waiting.get(id)?.onProgress(progress))
  actor.on('finished', ({ id, result }) => {
    const request = waiting.get(id)
    if (request === undefined) return
    waiting.delete(id)
    if (!result.ok && 'code' in result.error) log('social-card.reading-failed', { cause: result.error.kind, code: result.error.code })
    request.resolve(result)
  })
  actor.subscribe((snapshot) => {
    const state = publicStateOf(snapshot)
    const code = state === 'ready' || state === 'busy' ? undefined : snapshot.context.code
    if (state === status.state && code === status.code) return
    status = { state, since: state === status.state ? status.since : clock.now(), ...(code === undefined ? {} : { code }) }
    log('social-card.status', { state, ...(code === undefined ? {} : { code }) })
    for (const listener of [...statusListeners]) listener(status)
  })
  actor.start()

  return {
    id: config.id as DeviceId,
    kind: 'social-card',
    start: () => actor.send({ type: 'START' }),
    async stop() {
      if (stopping.signal.aborted) return
      actor.stop()
      stopping.abort()
      for (const request of waiting.values()) request.resolve(err({ kind: 'reader-gone', code: 'stopped' }))
      waiting.clear()
      await tools.close()
    },
    status: () => status,
    details: () => ({ ...(readerName === undefined ? {} : { reader: readerName.slice(0, 80) }), ...counters }),
    onStatus(listener) {
      statusListeners.add(listener)
      return () => {
        statusListeners.delete(listener)
      }
    },
    read({ timeoutMs }, onProgress, signal) {
      if (signal.aborted) return Promise.resolve(err({ kind: 'cancelled' }))
      if (stopping.signal.aborted) return Promise.resolve(err({ kind: 'reader-gone', code: 'stopped' }))
      const id = ++lastRequest
      return new Promise((resolve) => {
        const onAbort = (): void => actor.send({ type: 'CANCEL', id })
        signal.addEventListener('abort', onAbort, { once: true })
        waiting.set(id, {
          onProgress,
          resolve: (result) => {
            signal.removeEventListener('abort', onAbort)
            resolve(result)
          },
        })
        actor.send({ type: 'READ', request: { id, deadline: clock.now() + timeoutMs } })
      })
    },
    counters: () => ({ ...counters }),
    readerName: () => readerName,
    places: () => placesOf(actor.getSnapshot().value),
  }
}

function placesOf(value: StateValue, path = ''): string[] {
  const below = (name: string): string => (path === '' ? name : `${path}.${name}`)
  return typeof value === 'string' ? [below(value)] : Object.entries(value).flatMap(([name, inner]) => (inner === undefined ? [] : placesOf(inner, below(name))))
}
