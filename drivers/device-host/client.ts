import type { Clock } from '../../core/clock/clock.ts'
import type { DeviceConfig } from '../../core/config/kiosk-config.ts'
import type { CardReadError, CardReading, CodeReadError, PageImage, PagePrintOutcome, PrintOutcome, ScanError, ScannedBatch, ScannedCode, SocialCard, SocialCardError } from '../../core/device/operations.ts'
import type { DeviceDetails, DeviceReport, DeviceStatus } from '../../core/device/status.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { Result } from '../../core/result/result.ts'
import { err, unreachable } from '../../core/result/result.ts'
import type { DeviceHost, Ticket } from './contract.ts'
import type { DeviceLog } from './device-service.ts'
import type { HostChild, HostExit, SpawnHost } from './host-child.ts'
import { LogLimiter } from './log-limiter.ts'
import { MessageAllowance } from './message-allowance.ts'
import type { FromHost, Operation, OperationProgress, OperationResult, ToHost } from './protocol.ts'
import { CALL_ABORTED, describeProtocolFault, fromHostSchema } from './protocol.ts'

export interface DeviceHostDependencies {
  readonly spawn: SpawnHost
  readonly clock: Clock
  readonly log: DeviceLog
  /** All devices of the configuration; document cameras belong to the page and are left out here. */
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
/** Fifty pages through a slow feeder, or fifty pages out of a small A4 unit. */
export const BATCH_LIMIT_MS = 900_000
export const PAGES_LIMIT_MS = 900_000
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
  /** Killed for what it did: nothing it says is even looked at, so that it cannot keep this process busy. */
  distrusted: boolean
  beat: number
  timers: { start?: unknown; ping?: unknown; pong?: unknown; healthy?: unknown; kill?: unknown }
}

/**
 * Starts the device host and keeps it alive. A host that dies, hangs or speaks nonsense is replaced after a capped back-off;
 * meanwhile every device is `offline` with code `host-gone` and every call ends as a value.
 */
export function connectDeviceHost(deps: DeviceHostDependencies): DeviceHost {
  const { clock } = deps
  const limiter = new LogLimiter(clock, deps.log)
  const log = limiter.log
  const hosted = deps.devices.filter((device) => device.class !== 'document-camera')
  const reports = new Map<string, DeviceReport>()
  const listeners = new Set<(report: DeviceReport) => void>()
  const ticketListeners = new Set<(device: DeviceId, ticket: Ticket) => void>()
  const calls = new Map<number, PendingCall>()
  let nextCallId = 1
  let life: Life | undefined
  let failures = 0
  let restartTimer: unknown
  let stopped: Promise<void> | undefined
  let onStopped: (() => void) | undefined

  for (const device of hosted) setStatus(device.id as DeviceId, device.class, { state: 'starting', since: clock.now() })
  start()

  /** What a device has told of itself stays true when it is away. */
  function setStatus(id: DeviceId, kind: DeviceReport['kind'], status: DeviceStatus, details: DeviceDetails | undefined = reports.get(id)?.details): void {
    const report: DeviceReport = { id, kind, status, ...(details === undefined ? {} : { details }) }
    reports.set(id, report)
    for (const listener of listeners) listener(report)
  }

  function start(): void {
    const child = deps.spawn()
    const born: Life = { child, startedAt: clock.now(), state: 'starting', distrusted: false, beat: 0, timers: {} }
    life = born
    log('device-host.starting', { pid: child.pid ?? 0, failures })
    limit(born, 'start', START_LIMIT_MS, 'start-too-slow')
    const allowance = new MessageAllowance(clock)
    child.onMessage((raw) => {
      if (life !== born || born.distrusted) return
      if (allowance.take()) receive(born, raw)
      else replace(born, 'flood')
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
        if (from.state === 'up' && reports.get(message.report.id)?.kind === message.report.kind) setStatus(message.report.id, message.report.kind, message.report.status, message.report.details)
        return
      case 'ticket':
        if (reports.get(message.device)?.kind === 'receipt-printer') for (const listener of ticketListeners) listener(message.device, message.ticket)
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
    post(from, { type: 'configure', devices: [...hosted] })
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
    if (broken.distrusted) return
    broken.distrusted = true
    log('device-host.killed', { code: why, pid: broken.child.pid ?? 0 })
    leave(broken)
    endAllCalls()
    kill(broken)
  }

  function kill(broken: Life): void {
    clock.clearTimeout(broken.timers.kill)
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
    restartTimer = clock.setTimeout(start, wait)
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

  /** As `stop`, and then a new one at once: what staff asked for is no failure of the host. */
  function restart(): void {
    if (stopped !== undefined) return
    failures = 0
    const leaving = life
    if (leaving === undefined) {
      clock.clearTimeout(restartTimer)
      start()
      return
    }
    if (leaving.state === 'leaving') return
    log('device-host.restart', { pid: leaving.child.pid ?? 0 })
    post(leaving, { type: 'stop' })
    leave(leaving)
    leaving.timers.kill = clock.setTimeout(() => kill(leaving), STOP_LIMIT_MS)
  }

  function stop(): Promise<void> {
    stopped ??= new Promise<void>((resolve) => {
      clock.clearTimeout(restartTimer)
      const leaving = life
      onStopped = () => {
        clock.clearTimeout(killAfter)
        clock.clearTimeout(giveUpAfter)
        limiter.stop()
        resolve()
      }
      let giveUpAfter: unknown
      const killAfter =
        leaving === undefined
          ? undefined
          : clock.setTimeout(() => {
              leaving.child.kill()
              giveUpAfter = clock.setTimeout(() => onStopped?.(), KILL_LIMIT_MS)
            }, STOP_LIMIT_MS)
      if (leaving === undefined) onStopped()
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
      return scanOf(end, 'scan-page')
    },
    scanBatch: async (device, onPage, onProgress, signal) => {
      const end = await call(
        device,
        { kind: 'scan-batch' },
        BATCH_LIMIT_MS,
        (progress) => {
          if (progress.kind === 'batch-page') onPage(progress.page)
          if (progress.kind === 'scan-batch') onProgress(progress.progress)
        },
        signal,
      )
      return scanOf(end, 'scan-batch')
    },
    readCode: async (device, options, signal) => codeOf(await call(device, { kind: 'read-code', timeoutMs: options.timeoutMs }, options.timeoutMs + READ_GRACE_MS, () => undefined, signal)),
    readSocialCard: async (device, options, onProgress, signal) => {
      const end = await call(
        device,
        { kind: 'read-social-card', timeoutMs: options.timeoutMs },
        options.timeoutMs + READ_GRACE_MS,
        (progress) => progress.kind === 'read-social-card' && onProgress(progress.progress),
        signal,
      )
      return socialCardOf(end)
    },
    printPages: async (device, job, onProgress) => {
      const end = await call(device, { kind: 'print-pages', job }, PAGES_LIMIT_MS, (progress) => progress.kind === 'print-pages' && onProgress(progress.progress))
      return pagePrintOf(end)
    },
    onTicket: (listener) => {
      ticketListeners.add(listener)
      return () => ticketListeners.delete(listener)
    },
    restart,
    stop,
  }
}

/** What an answer that is not the service's own means, in one shape for all operations. */
function noAnswerOf(end: CallEnd, wanted: OperationResult['kind']): NoAnswer {
  if ('noAnswer' in end) return end.noAnswer
  if (end.answer.kind === 'failed') return { began: end.answer.began, why: end.answer.code === CALL_ABORTED ? 'aborted' : 'refused', code: end.answer.code }
  return { began: true, why: 'refused', code: `answered-${end.answer.kind}-for-${wanted}` }
}

/** The three ends of a reading or a scan that no service told: given up, the device lost with the host, or a fault. */
function lostAs<Gone extends string, Fault extends string>({ why, code }: NoAnswer, gone: Gone, fault: Fault): { readonly kind: 'cancelled' } | { readonly kind: Gone; readonly code: string } | { readonly kind: Fault; readonly code: string } {
  switch (why) {
    case 'aborted':
      return { kind: 'cancelled' }
    case 'host-gone':
      return { kind: gone, code }
    case 'host-no-answer':
    case 'refused':
      return { kind: fault, code }
    default:
      return unreachable(why)
  }
}

function cardReadingOf(end: CallEnd): Result<CardReading, CardReadError> {
  if ('answer' in end && end.answer.kind === 'read-card') return end.answer.result
  return err(lostAs(noAnswerOf(end, 'read-card'), 'reader-gone', 'reader-fault'))
}

function codeOf(end: CallEnd): Result<ScannedCode, CodeReadError> {
  if ('answer' in end && end.answer.kind === 'read-code') return end.answer.result
  return err(lostAs(noAnswerOf(end, 'read-code'), 'scanner-gone', 'fault'))
}

function socialCardOf(end: CallEnd): Result<SocialCard, SocialCardError> {
  if ('answer' in end && end.answer.kind === 'read-social-card') return end.answer.result
  return err(lostAs(noAnswerOf(end, 'read-social-card'), 'reader-gone', 'reader-fault'))
}

function scanOf(end: CallEnd, kind: 'scan-page'): Result<PageImage, ScanError>
function scanOf(end: CallEnd, kind: 'scan-batch'): Result<ScannedBatch, ScanError>
function scanOf(end: CallEnd, kind: 'scan-page' | 'scan-batch'): Result<PageImage | ScannedBatch, ScanError> {
  if ('answer' in end && (end.answer.kind === 'scan-page' || end.answer.kind === 'scan-batch') && end.answer.kind === kind) return end.answer.result
  return err(lostAs(noAnswerOf(end, kind), 'scanner-gone', 'fault'))
}

/**
 * Only a job that surely never reached the printer's service is `not-started`. A job that was handed over is `unknown` even
 * when no `sending` came back: the bytes may be on the paper and the message lost with the process.
 */
function printOutcomeOf(end: CallEnd): PrintOutcome {
  if ('answer' in end && end.answer.kind === 'print-receipt') return end.answer.outcome
  const { began, why } = noAnswerOf(end, 'print-receipt')
  return { kind: began ? 'unknown' : 'not-started', why: obstacleOf(why) }
}

/** As for receipts. */
function pagePrintOf(end: CallEnd): PagePrintOutcome {
  if ('answer' in end && end.answer.kind === 'print-pages') return end.answer.outcome
  const { began, why } = noAnswerOf(end, 'print-pages')
  return { kind: began ? 'unknown' : 'not-started', why: obstacleOf(why) }
}

function obstacleOf(why: NoAnswer['why']): 'link-lost' | 'silent' | 'fault' {
  return why === 'host-gone' ? 'link-lost' : why === 'host-no-answer' ? 'silent' : 'fault'
}
