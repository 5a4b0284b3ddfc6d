import { createActor } from 'xstate'
import type { Clock } from '../../core/clock/clock.ts'
import type { IdCardReaderConfig } from '../../core/config/kiosk-config.ts'
import type { CardReadError, CardReading, CardReadProgress } from '../../core/device/operations.ts'
import type { DeviceDetails, DeviceStatus } from '../../core/device/status.ts'
import type { DeviceId } from '../../core/ids.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import type { IdCardReaderService } from '../device-host/contract.ts'
import type { DeviceLog } from '../device-host/device-service.ts'
import type { Transport } from '../transport/transport.ts'
import { SAM_DIALECT } from './dialect.ts'
import { CommandLink, newLinkCounters } from './link.ts'
import type { LinkCounters, LinkDependencies, ReaderLink } from './link.ts'
import { cardReaderMachine, publicStateOf } from './machine.ts'
import type { ReaderTools } from './machine.ts'
import { SAM_NUMBER_BYTES, samNumberText } from './sam.ts'
import { openerFor } from './openers.ts'
import type { ReaderLine } from './openers.ts'
import { StxLink } from './stx.ts'

export { openerFor }

export interface IdCardReaderDependencies {
  readonly clock: Clock
  readonly log: DeviceLog
  /** The ways to open the reader; without them, those that the configuration names (`openerFor`). */
  readonly open?: readonly ReaderLine[]
}

/** The service with what only the health page asks for. */
export interface IdCardReader extends IdCardReaderService {
  counters(): LinkCounters
  /** The device's own number, once it has said it. */
  samNumber(): string | undefined
  /** Where its state machine stands, such as `ready.seeking.pausing`. */
  place(): string
}

interface Waiting {
  readonly onProgress: (progress: CardReadProgress) => void
  readonly resolve: (result: Result<CardReading, CardReadError>) => void
}

/** An ID-card reader on a serial port, a TCP connection or a HID device. Nothing it logs tells anything about a card. */
export function createIdCardReader(config: IdCardReaderConfig, { clock, log, open = openerFor(config, clock) }: IdCardReaderDependencies): IdCardReader {
  const counters = newLinkCounters()
  const statusListeners = new Set<(status: DeviceStatus) => void>()
  const waiting = new Map<number, Waiting>()
  let status: DeviceStatus = { state: 'starting', since: clock.now() }
  let samNumber: string | undefined
  let link: ReaderLink | undefined
  let openings = 0
  let lastRequest = 0
  let stopped = false

  const tools: ReaderTools = {
    lines: open.length,
    readsMoreAddresses: config.additionalAddress,
    async open(index) {
      const line = open[index]
      if (line === undefined) return err({ code: 'no-line' })
      const opened = await line.open()
      if (!opened.ok) {
        log('card-reader.open-failed', { line: line.label, cause: opened.error.kind, detail: opened.error.detail })
        return err({ code: `${opened.error.kind}:${opened.error.detail}`.slice(0, 80) })
      }
      if (stopped) {
        await opened.value.close()
        return err({ code: 'stopped' })
      }
      openings += 1
      if (openings > 1) counters.reopenings += 1
      const mine: ReaderLink = linkOver(opened.value, line.speaks, {
        clock,
        log,
        timing: line.timing,
        counters,
        onEnd: (error) => {
          log('card-reader.line-ended', { line: line.label, cause: error.kind, detail: error.detail })
          // A line that ends while the next one is already in use says nothing about that one.
          if (link === mine) actor.send({ type: 'ENDED', code: `${error.kind}:${error.detail}`.slice(0, 80) })
        },
      })
      link = mine
      log('card-reader.opened', { line: line.label })
      return ok(undefined)
    },
    settleMs: (index) => open[index]?.settleMs ?? 0,
    exchange: (command) => link?.exchange(command) ?? Promise.resolve(err({ kind: 'gone', code: 'closed' })),
    async close() {
      const closing = link
      link = undefined
      await closing?.close()
    },
    identified(bytes) {
      // Readers of envelope E keep theirs to themselves.
      samNumber = bytes.length === SAM_NUMBER_BYTES ? samNumberText(bytes) : undefined
      log('card-reader.ready', { samNumber: samNumber ?? 'none' })
    },
    now: () => clock.now(),
  }

  const actor = createActor(cardReaderMachine, { input: { tools }, clock: { setTimeout: (fn, ms) => clock.setTimeout(fn, ms), clearTimeout: (id) => clock.clearTimeout(id) } })
  actor.on('progress', ({ id, progress }) => waiting.get(id)?.onProgress(progress))
  actor.on('finished', ({ id, result }) => {
    const request = waiting.get(id)
    if (request === undefined) return
    waiting.delete(id)
    if (result.ok) counters.reads += 1
    else if (result.error.kind !== 'cancelled') log('card-reader.reading-failed', { cause: result.error.kind, code: result.error.code })
    request.resolve(result)
  })
  actor.subscribe((snapshot) => {
    const state = publicStateOf(snapshot)
    const code = state === 'ready' || state === 'busy' ? undefined : snapshot.context.code
    if (state === status.state && code === status.code) return
    status = { state, since: state === status.state ? status.since : clock.now(), ...(code === undefined ? {} : { code }) }
    log('card-reader.status', { state, ...(code === undefined ? {} : { code }) })
    for (const listener of [...statusListeners]) listener(status)
  })
  actor.start()

  return {
    id: config.id as DeviceId,
    kind: 'id-card',
    start: () => actor.send({ type: 'START' }),
    async stop() {
      if (stopped) return
      stopped = true
      actor.stop()
      for (const request of waiting.values()) request.resolve(err({ kind: 'reader-gone', code: 'stopped' }))
      waiting.clear()
      await tools.close()
    },
    status: () => status,
    details: () => detailsOf(samNumber, counters),
    onStatus(listener) {
      statusListeners.add(listener)
      return () => {
        statusListeners.delete(listener)
      }
    },
    read({ timeoutMs }, onProgress, signal) {
      if (signal.aborted) return Promise.resolve(err({ kind: 'cancelled' }))
      if (stopped) return Promise.resolve(err({ kind: 'reader-gone', code: 'stopped' }))
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
    counters: () => ({ ...counters, timeouts: { ...counters.timeouts } }),
    samNumber: () => samNumber,
    place: () => placeOf(actor.getSnapshot().value),
  }
}

/** A state value of XState as a path. No state of this machine has parallel parts. */
function placeOf(value: object | string): string {
  if (typeof value === 'string') return value
  return Object.entries(value as Record<string, object | string>).map(([state, inner]) => `${state}.${placeOf(inner)}`).join()
}

/** For the health page: the device's own number and the counts of what went wrong on its line. */
function detailsOf(samNumber: string | undefined, counters: LinkCounters): DeviceDetails {
  const timeouts = Object.entries(counters.timeouts)
  return {
    ...(samNumber === undefined ? {} : { samNumber }),
    reads: counters.reads,
    timeouts: timeouts.reduce((sum, [, count]) => sum + count, 0),
    ...Object.fromEntries(timeouts.map(([step, count]) => [`timeouts-${step}`, count])),
    xorFailures: counters.xorFailures,
    discardedBytes: counters.discardedBytes,
    staleReplies: counters.staleReplies,
    reopenings: counters.reopenings,
  }
}

function linkOver(transport: Transport, speaks: ReaderLine['speaks'], dependencies: LinkDependencies): ReaderLink {
  return speaks === 'sam' ? new CommandLink(transport, SAM_DIALECT, dependencies) : new StxLink(transport, speaks, dependencies)
}
