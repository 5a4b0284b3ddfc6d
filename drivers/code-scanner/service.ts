import { createActor } from 'xstate'
import type { StateValue } from 'xstate'
import type { Clock } from '../../core/clock/clock.ts'
import type { CodeScannerConfig } from '../../core/config/kiosk-config.ts'
import type { CodeReadError, ScannedCode } from '../../core/device/operations.ts'
import type { DeviceStatus } from '../../core/device/status.ts'
import type { DeviceId } from '../../core/ids.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import type { CodeScannerService } from '../device-host/contract.ts'
import type { DeviceLog } from '../device-host/device-service.ts'
import type { DecodedCode, DecoderCounters } from './decoder.ts'
import { ScannerLink } from './link.ts'
import { codeScannerMachine, publicStateOf } from './machine.ts'
import type { ScannerTools } from './machine.ts'
import { openerFor } from './openers.ts'
import type { ScannerLine } from './openers.ts'
import { LastDelivered } from './repeats.ts'

export { openerFor }

export interface CodeScannerDependencies {
  readonly clock: Clock
  readonly log: DeviceLog
  /** The way to open the scanner; without it, the one that the configuration names (`openerFor`). */
  readonly open?: ScannerLine
}

/** Counts for the health page, over the life of the driver. */
export interface ScannerCounters extends DecoderCounters {
  readonly delivered: number
  /** The same code again within three seconds. */
  readonly repeats: number
  /** Codes that nobody waited for. */
  readonly unasked: number
  readonly reopenings: number
}

/** The service with what only the health page asks for. */
export interface CodeScanner extends CodeScannerService {
  counters(): ScannerCounters
  /** Where its machine stands, for those who look for a fault: one place, or one for each of its sides. */
  places(): readonly string[]
}

/**
 * A code scanner: HID-POS, serial, TCP, or one that types into the page (which is attached here and never delivers). What
 * a code says is never logged; of what is not handed over nothing stays.
 */
export function createCodeScanner(config: CodeScannerConfig, { clock, log, open: line = openerFor(config, clock) }: CodeScannerDependencies): CodeScanner {
  const counters = { delivered: 0, repeats: 0, unasked: 0, reopenings: 0, noises: 0, overlong: 0, halves: 0 }
  const statusListeners = new Set<(status: DeviceStatus) => void>()
  const waiting = new Map<number, (result: Result<ScannedCode, CodeReadError>) => void>()
  const last = new LastDelivered()
  let status: DeviceStatus = { state: 'starting', since: clock.now() }
  let link: ScannerLink | undefined
  let openings = 0
  let lastRequest = 0
  let stopped = false

  const tools: ScannerTools = {
    async open() {
      const opened = await line.open()
      if (!opened.ok) {
        log('code-scanner.open-failed', { line: line.label, cause: opened.error.kind, detail: opened.error.detail })
        return err({ code: `${opened.error.kind}:${opened.error.detail}`.slice(0, 80) })
      }
      if (stopped) {
        await opened.value.close()
        return err({ code: 'stopped' })
      }
      openings += 1
      if (openings > 1) counters.reopenings += 1
      const mine: ScannerLink = new ScannerLink(opened.value, line.decoder(), clock, {
        onCode: (code) => actor.send({ type: 'CODE', code: scanned(code, clock.now()) }),
        onNoise: () => actor.send({ type: 'NOISE' }),
        onQuiet: () => actor.send({ type: 'QUIET' }),
        onEnd: (error) => {
          log('code-scanner.line-ended', { line: line.label, cause: error.kind, detail: error.detail })
          // A line that ends while the next one is already in use says nothing about that one.
          if (link === mine) actor.send({ type: 'ENDED', code: `${error.kind}:${error.detail}`.slice(0, 80) })
        },
      })
      link = mine
      log('code-scanner.opened', { line: line.label })
      return ok(undefined)
    },
    async close() {
      const closing = link
      link = undefined
      if (closing === undefined) return
      keepCounts(closing)
      await closing.close()
    },
    present: async () => (await line.present?.()) ?? true,
    isRepeat: (code) => last.isRepeat(code.bytes, code.at),
    delivered(code) {
      last.note(code.bytes, code.at)
      counters.delivered += 1
    },
    drop(code, why) {
      code.bytes.fill(0)
      counters[why === 'repeat' ? 'repeats' : 'unasked'] += 1
      log('code-scanner.dropped', { why })
    },
    now: () => clock.now(),
  }

  /** A decoder lives as long as its line; its counts go on. */
  function keepCounts({ decoder }: ScannerLink): void {
    counters.noises += decoder.counters.noises
    counters.overlong += decoder.counters.overlong
    counters.halves += decoder.counters.halves
  }

  const actor = createActor(codeScannerMachine, { input: { tools }, clock: { setTimeout: (fn, ms) => clock.setTimeout(fn, ms), clearTimeout: (id) => clock.clearTimeout(id) } })
  actor.on('finished', ({ id, result }) => {
    const resolve = waiting.get(id)
    if (resolve === undefined) return
    waiting.delete(id)
    if (result.ok) log('code-scanner.code', { line: line.label, bytes: result.value.bytes.length, ...(result.value.aim === undefined ? {} : { aim: result.value.aim }) })
    else if (result.error.kind === 'scanner-gone' || result.error.kind === 'fault') log('code-scanner.reading-failed', { cause: result.error.kind, code: result.error.code })
    resolve(result)
  })
  actor.subscribe((snapshot) => {
    const state = publicStateOf(snapshot)
    const code = state === 'ready' || state === 'busy' ? undefined : snapshot.context.code
    if (state === status.state && code === status.code) return
    status = { state, since: state === status.state ? status.since : clock.now(), ...(code === undefined ? {} : { code }) }
    log('code-scanner.status', { state, ...(code === undefined ? {} : { code }) })
    for (const listener of [...statusListeners]) listener(status)
  })
  actor.start()

  const total = (): ScannerCounters => {
    const now = link?.decoder.counters
    return { ...counters, noises: counters.noises + (now?.noises ?? 0), overlong: counters.overlong + (now?.overlong ?? 0), halves: counters.halves + (now?.halves ?? 0) }
  }

  return {
    id: config.id as DeviceId,
    kind: 'code-scanner',
    start: () => actor.send({ type: 'START' }),
    async stop() {
      if (stopped) return
      stopped = true
      actor.stop()
      for (const resolve of waiting.values()) resolve(err({ kind: 'scanner-gone', code: 'stopped' }))
      waiting.clear()
      await tools.close()
    },
    status: () => status,
    details: () => ({ line: line.label, ...total() }),
    onStatus(listener) {
      statusListeners.add(listener)
      return () => {
        statusListeners.delete(listener)
      }
    },
    readCode({ timeoutMs }, signal) {
      if (signal.aborted) return Promise.resolve(err({ kind: 'cancelled' }))
      if (stopped) return Promise.resolve(err({ kind: 'scanner-gone', code: 'stopped' }))
      const id = ++lastRequest
      return new Promise((resolve) => {
        const onAbort = (): void => actor.send({ type: 'CANCEL', id })
        signal.addEventListener('abort', onAbort, { once: true })
        waiting.set(id, (result) => {
          signal.removeEventListener('abort', onAbort)
          resolve(result)
        })
        actor.send({ type: 'READ', request: { id, deadline: clock.now() + timeoutMs } })
      })
    },
    counters: total,
    places: () => placesOf(actor.getSnapshot().value),
  }
}

/** UTF-8 where it is; else one character for each byte, so that nothing is lost or guessed. `bytes` goes to the caller. */
function scanned({ bytes, aim }: DecodedCode, at: number): ScannedCode {
  return { text: textOf(bytes), bytes, at, ...(aim === undefined ? {} : { aim }) }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  }
}

function placesOf(value: StateValue, path = ''): string[] {
  const below = (name: string): string => (path === '' ? name : `${path}.${name}`)
  return typeof value === 'string' ? [below(value)] : Object.entries(value).flatMap(([name, inner]) => (inner === undefined ? [] : placesOf(inner, below(name))))
}
