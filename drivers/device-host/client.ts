import type { Clock } from '../../core/clock/clock.ts'
import type { DeviceConfig } from '../../core/config/kiosk-config.ts'
import type { CardReadError, CardReading, PageImage, PrintOutcome, ScanError } from '../../core/device/operations.ts'
import type { DeviceReport, DeviceStatus } from '../../core/device/status.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { Result } from '../../core/result/result.ts'
import { err, unreachable } from '../../core/result/result.ts'
import type { DeviceHost } from './contract.ts'
import type { DeviceLog } from './device-service.ts'
import type { HostChild, HostExit, SpawnHost } from './host-child.ts'
import type { FromHost, Operation, OperationProgress, OperationResult, ToHost } from './protocol.ts'
import { describeProtocolFault, fromHostSchema } from './protocol.ts'

export interface DeviceHostDependencies {
  readonly spawn: SpawnHost
  readonly clock: Clock
  readonly log: DeviceLog
  readonly devices: readonly DeviceConfig[]
}

/** A host that does not say `ready` in this time is killed. Loading native bindings on a busy old machine takes seconds. */
export const START_LIMIT_MS = 15_000
export const PING_EVERY_MS = 2_000
/** No pong for this long: the host hangs (native code that never returns) and is killed. */
export const PONG_LIMIT_MS = 8_000
const SECOND_LOOK_MS = 1_000
/** Waits between the end of one host and the start of the next; the last one stays. */
export const RESTART_DELAYS_MS = [250, 500, 1_000, 2_000, 5_000, 10_000, 30_000] as const
/** A host that has lived this long counts as healthy: the next end begins with the shortest wait again. */
export const HEALTHY_AFTER_MS = 60_000
/** A killed process whose end is not told (it hangs in the operating system) is left to its fate after this. */
export const KILL_LIMIT_MS = 5_000
/** The host closes its devices within 2 s; then it is killed. */
export const STOP_LIMIT_MS = 4_000
/** How much longer than its own time limit a reading may take before a living host counts as having forgotten it. */
export const READ_GRACE_MS = 15_000
/** Longest receipt with all waits for the printer's answer, and longest page with warm-up, with room to spare. */
export const PRINT_LIMIT_MS = 180_000
export const SCAN_LIMIT_MS = 180_000
/** After an abort the service finishes the reply in flight and then says `cancelled`. */
export const ABORT_LIMIT_MS = 10_000

/** Status code of every device while there is no host process. */
export const HOST_GONE = 'host-gone'

/** Why a call ended without an answer of its service. */
interface NoAnswer {
  /** The service had, or may have, begun: for a printer this is the line between "safe to retry" and "nobody knows". */
  readonly began: boolean
  readonly why: 'host-gone' | 'host-no-answer' | 'refused' | 'aborted'
  readonly code: string
}

type CallEnd = { readonly answer: OperationResult } | { readonly noAnswer: NoAnswer }

interface PendingCall {
  readonly onProgress: (progress: OperationProgress) => void
  readonly end: (end: CallEnd) => void
}

interface Life {
  readonly child: HostChild
  readonly startedAt: number
  /** `leaving`: told to stop, killed or found broken. What it still says about devices is no longer true. */
  state: 'starting' | 'up' | 'leaving'
  beat: number
  timers: { start?: unknown; ping?: unknown; pong?: unknown; healthy?: unknown; kill?: unknown }
}

/**
 * Starts the device host and keeps it alive. A host that dies, hangs or speaks nonsense is replaced after a capped back-off;
 * meanwhile every device is `offline` with code `host-gone` and every call ends as a value.
 */
export function connectDeviceHost(deps: DeviceHostDependencies): DeviceHost {
  const { clock, log } = deps
  const reports = new Map<string, DeviceReport>()
  const listeners = new Set<(report: DeviceReport) => void>()
  const calls = new Map<number, PendingCall>()
  let nextCallId = 1
  let life: Life | undefined
  let failures = 0
  let restart: unknown
  let stopped: Promise<void> | undefined
  let onStopped: (() => void) | undefined

  for (const device of deps.devices) setStatus(device.id as DeviceId, device.class, { state: 'starting', since: clock.now() })
  start()

  function setStatus(id: DeviceId, kind: DeviceReport['kind'], status: DeviceStatus): void {
    const report: DeviceReport = { id, kind, status }
    reports.set(id, report)
    for (const listener of listeners) listener(report)
  }

  function start(): void {
    const child = deps.spawn()
    const born: Life = { child, startedAt: clock.now(), state: 'starting', beat: 0, timers: {} }
    life = born
    log('device-host.starting', { pid: child.pid ?? 0, failures })
    limit(born, 'start', START_LIMIT_MS, 'start-too-slow')
    child.onMessage((raw) => {
      if (life === born) receive(born, raw)
    })
    child.onExit((exit) => {
      if (life === born) ended(born, exit)
    })
  }

  function receive(from: Life, raw: unknown): void {
    const parsed = fromHostSchema.safeParse(raw)
    if (!parsed.success) {
      log('device-host.protocol-fault', { code: describeProtocolFault(parsed.error) })
      replace(from, 'protocol-fault')
      return
    }
    const message: FromHost = parsed.data
    switch (message.type) {
      case 'ready':
        if (from.state === 'starting') becomeUp(from)
        return
      case 'pong':
        if (from.state !== 'up' || message.beat !== from.beat) return
        clock.clearTimeout(from.timers.pong)
        from.timers.ping = clock.setTimeout(() => ping(from), PING_EVERY_MS)
        return
      case 'report':
        // Only devices that we configured, and only from a host that we still trust.
        if (from.state === 'up' && reports.get(message.report.id)?.kind === message.report.kind) setStatus(message.report.id, message.report.kind, message.report.status)
        return
      case 'progress':
        calls.get(message.callId)?.onProgress(message.progress)
        return
      case 'result':
        calls.get(message.callId)?.end({ answer: message.result })
        return
      case 'log':
        log(message.event, message.fields)
        return
      case 'dying':
        log('device-host.dying', { code: message.code })
        return
      default:
        unreachable(message)
    }
  }

  function becomeUp(from: Life): void {
    from.state = 'up'
    clock.clearTimeout(from.timers.start)
    log('device-host.up', { pid: from.child.pid ?? 0, tookMs: clock.now() - from.startedAt })
    post(from, { type: 'configure', devices: [...deps.devices] })
    ping(from)
    from.timers.healthy = clock.setTimeout(() => {
      failures = 0
    }, HEALTHY_AFTER_MS)
  }

  /** One beat: ask, wait for the answer to this very question, rest, ask again. A hung host is not asked twice. */
  function ping(from: Life): void {
    from.beat += 1
    limit(from, 'pong', PONG_LIMIT_MS, 'hung')
    post(from, { type: 'ping', beat: from.beat })
  }

  /**
   * Kills the host after `ms`. The last second is waited for by itself: when it was this process that stood still, the
   * host's answer is already in the channel and is read before that second is over.
   */
  function limit(of: Life, timer: 'start' | 'pong', ms: number, why: string): void {
    of.timers[timer] = clock.setTimeout(() => {
      of.timers[timer] = clock.setTimeout(() => replace(of, why), SECOND_LOOK_MS)
    }, ms - SECOND_LOOK_MS)
  }

  function post(to: Life, message: ToHost): void {
    to.child.post(message)
  }

  /** A host that can no longer be trusted: its calls end now, its devices are offline now, and the process is killed. */
  function replace(broken: Life, why: string): void {
    if (broken.state === 'leaving') return
    log('device-host.killed', { code: why, pid: broken.child.pid ?? 0 })
    leave(broken)
    endAllCalls()
    broken.timers.kill = clock.setTimeout(() => {
      log('device-host.not-ending', { pid: broken.child.pid ?? 0 })
      if (life === broken) ended(broken, { code: null, signal: null, hint: 'not-ending' })
    }, KILL_LIMIT_MS)
    broken.child.kill()
  }

  function leave(leaving: Life): void {
    leaving.state = 'leaving'
    clearTimers(leaving)
    for (const report of [...reports.values()]) setStatus(report.id, report.kind, { state: 'offline', since: clock.now(), code: HOST_GONE })
  }

  function ended(gone: Life, exit: HostExit): void {
    if (gone.state !== 'leaving') leave(gone)
    clearTimers(gone)
    endAllCalls()
    life = undefined
    log('device-host.gone', { pid: gone.child.pid ?? 0, exitCode: exit.code ?? -1, signal: exit.signal ?? 'none', hint: exit.hint ?? 'none', livedMs: clock.now() - gone.startedAt })
    if (stopped !== undefined) {
      onStopped?.()
      return
    }
    const wait = RESTART_DELAYS_MS[Math.min(failures, RESTART_DELAYS_MS.length - 1)] ?? 30_000
    failures += 1
    restart = clock.setTimeout(start, wait)
  }

  function clearTimers(of: Life): void {
    for (const handle of Object.values(of.timers)) clock.clearTimeout(handle)
    of.timers = {}
  }

  function endAllCalls(): void {
    for (const call of [...calls.values()]) call.end({ noAnswer: { began: true, why: 'host-gone', code: HOST_GONE } })
  }

  function call(device: DeviceId, operation: Operation, limitMs: number, onProgress: (progress: OperationProgress) => void, signal?: AbortSignal): Promise<CallEnd> {
    if (signal?.aborted === true) return Promise.resolve({ noAnswer: { began: false, why: 'aborted', code: 'aborted' } })
    const to = life
    if (to === undefined || to.state !== 'up' || stopped !== undefined) return Promise.resolve({ noAnswer: { began: false, why: 'host-gone', code: HOST_GONE } })
    return new Promise((resolve) => {
      const callId = nextCallId++
      const giveUp = (why: 'host-no-answer' | 'aborted'): void => {
        log('device-host.no-answer', { device, operation: operation.kind, why })
        post(to, { type: 'abort', callId })
        end({ noAnswer: { began: true, why, code: 'host-no-answer' } })
      }
      let limit = clock.setTimeout(() => giveUp('host-no-answer'), limitMs)
      const onAbort = (): void => {
        post(to, { type: 'abort', callId })
        clock.clearTimeout(limit)
        limit = clock.setTimeout(() => giveUp('aborted'), ABORT_LIMIT_MS)
      }
      const end = (value: CallEnd): void => {
        if (!calls.delete(callId)) return
        clock.clearTimeout(limit)
        signal?.removeEventListener('abort', onAbort)
        resolve(value)
      }
      calls.set(callId, { onProgress, end })
      signal?.addEventListener('abort', onAbort)
      post(to, { type: 'call', callId, device, operation })
    })
  }

  function stop(): Promise<void> {
    stopped ??= new Promise<void>((resolve) => {
      clock.clearTimeout(restart)
      const leaving = life
      onStopped = () => {
        clock.clearTimeout(killAfter)
        clock.clearTimeout(giveUpAfter)
        resolve()
      }
      let giveUpAfter: unknown
      const killAfter =
        leaving === undefined
          ? undefined
          : clock.setTimeout(() => {
              leaving.child.kill()
              giveUpAfter = clock.setTimeout(() => resolve(), KILL_LIMIT_MS)
            }, STOP_LIMIT_MS)
      if (leaving === undefined) resolve()
      else if (leaving.state !== 'leaving') {
        // Calls in flight may still end with their true result; what has none when the process ends, ends then.
        post(leaving, { type: 'stop' })
        leave(leaving)
      }
    })
    return stopped
  }

  return {
    reports: () => [...reports.values()],
    onReport: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    readCard: async (device, options, onProgress, signal) => {
      const end = await call(
        device,
        { kind: 'read-card', timeoutMs: options.timeoutMs },
        options.timeoutMs + READ_GRACE_MS,
        (progress) => progress.kind === 'read-card' && onProgress(progress.progress),
        signal,
      )
      return cardReadingOf(end)
    },
    printReceipt: async (device, job, onSending) => {
      const end = await call(device, { kind: 'print-receipt', job }, PRINT_LIMIT_MS, (progress) => progress.kind === 'print-receipt' && onSending())
      return printOutcomeOf(end)
    },
    scanPage: async (device, options, onProgress, signal) => {
      const end = await call(
        device,
        { kind: 'scan-page', source: options.source },
        SCAN_LIMIT_MS,
        (progress) => progress.kind === 'scan-page' && onProgress(progress.progress),
        signal,
      )
      return pageImageOf(end)
    },
    stop,
  }
}

/** What an answer that is not the service's own means, in one shape for the three operations. */
function noAnswerOf(end: CallEnd, wanted: OperationResult['kind']): NoAnswer {
  if ('noAnswer' in end) return end.noAnswer
  if (end.answer.kind === 'failed') return { began: end.answer.began, why: 'refused', code: end.answer.code }
  return { began: true, why: 'refused', code: `answered-${end.answer.kind}-for-${wanted}` }
}

function cardReadingOf(end: CallEnd): Result<CardReading, CardReadError> {
  if ('answer' in end && end.answer.kind === 'read-card') return end.answer.result
  const { why, code } = noAnswerOf(end, 'read-card')
  switch (why) {
    case 'aborted':
      return err({ kind: 'cancelled' })
    case 'host-gone':
      return err({ kind: 'reader-gone', code })
    case 'host-no-answer':
    case 'refused':
      return err({ kind: 'reader-fault', code })
    default:
      return unreachable(why)
  }
}

/**
 * Only a job that surely never reached the printer's service is `not-started`. A job that was handed over is `unknown` even
 * when no `sending` came back: the bytes may be on the paper and the message lost with the process.
 */
function printOutcomeOf(end: CallEnd): PrintOutcome {
  if ('answer' in end && end.answer.kind === 'print-receipt') return end.answer.outcome
  const { began, why } = noAnswerOf(end, 'print-receipt')
  const obstacle = why === 'host-gone' ? 'link-lost' : why === 'host-no-answer' ? 'silent' : 'fault'
  return { kind: began ? 'unknown' : 'not-started', why: obstacle }
}

function pageImageOf(end: CallEnd): Result<PageImage, ScanError> {
  if ('answer' in end && end.answer.kind === 'scan-page') return end.answer.result
  const { why, code } = noAnswerOf(end, 'scan-page')
  switch (why) {
    case 'aborted':
      return err({ kind: 'cancelled' })
    case 'host-gone':
      return err({ kind: 'scanner-gone', code })
    case 'host-no-answer':
    case 'refused':
      return err({ kind: 'fault', code })
    default:
      return unreachable(why)
  }
}
