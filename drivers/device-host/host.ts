import type { Clock } from '../../core/clock/clock.ts'
import type { DeviceConfig, DocumentScannerConfig, IdCardReaderConfig, ReceiptPrinterConfig } from '../../core/config/kiosk-config.ts'
import { unreachable } from '../../core/result/result.ts'
import type { AnyDeviceService, DocumentScannerService, IdCardReaderService, ReceiptPrinterService } from './contract.ts'
import type { DeviceLog } from './device-service.ts'
import type { FromHost, Operation, OperationProgress, OperationResult, ToHost } from './protocol.ts'
import { callEnvelopeSchema, describeProtocolFault, toHostSchema } from './protocol.ts'

/** What every driver is given by the host. */
export interface ServiceTools {
  readonly clock: Clock
  readonly log: DeviceLog
}

/** How a service is made from its part of the configuration; `main.ts` passes the real drivers, tests pass doubles. */
export interface ServiceFactories {
  readonly idCard: (config: IdCardReaderConfig, tools: ServiceTools) => IdCardReaderService
  readonly receiptPrinter: (config: ReceiptPrinterConfig, tools: ServiceTools) => ReceiptPrinterService
  readonly documentScanner: (config: DocumentScannerConfig, tools: ServiceTools) => DocumentScannerService
}

export interface HostDependencies {
  readonly clock: Clock
  readonly factories: ServiceFactories
  readonly post: (message: FromHost) => void
  /** Ends the process. */
  readonly exit: (code: number) => void
}

/** Exit codes of the host; the kiosk process logs them. */
export const HOST_EXIT = { stopped: 0, bug: 70, parentSilent: 71, badConfiguration: 78 } as const

/** The kiosk process pings every 2 s; one that has been silent for this long is gone or hung, and the devices are freed. */
export const PARENT_SILENCE_LIMIT_MS = 30_000

/** Closing a port may hang in a driver; the process ends after this time in any case. */
export const STOP_LIMIT_MS = 2_000

export interface Host {
  /** Takes one raw message of the kiosk process. */
  receive(raw: unknown): void
  /** Closes every device, at most {@link STOP_LIMIT_MS}, then exits. */
  stop(exitCode: number): Promise<void>
}

/**
 * The device host without its process: builds one service per configured device, tells each change of their status, and
 * routes calls to them. Posts `ready` at once and waits for `configure`.
 */
export function startHost(deps: HostDependencies): Host {
  const services = new Map<string, AnyDeviceService>()
  const calls = new Map<number, AbortController>()
  const listeners: (() => void)[] = []
  let configured = false
  let stopping: Promise<void> | undefined
  let silence: unknown

  const log: DeviceLog = (event, fields) => deps.post({ type: 'log', event: event.slice(0, 80), fields: { ...fields } })

  function watchParent(): void {
    deps.clock.clearTimeout(silence)
    silence = deps.clock.setTimeout(() => void stop(HOST_EXIT.parentSilent), PARENT_SILENCE_LIMIT_MS)
  }

  function configure(devices: readonly DeviceConfig[]): void {
    if (configured) {
      log('host.configured-twice', {})
      return
    }
    configured = true
    for (const device of devices) {
      const service = createService(device, deps.factories, { clock: deps.clock, log })
      services.set(service.id, service)
      const report = (): void => deps.post({ type: 'report', report: { id: service.id, kind: service.kind, status: service.status() } })
      listeners.push(service.onStatus(report))
      report()
      service.start()
    }
  }

  async function call(callId: number, device: string, operation: Operation): Promise<void> {
    const answer = (result: OperationResult): void => deps.post({ type: 'result', callId, result })
    const progress = (value: OperationProgress): void => {
      if (calls.has(callId)) deps.post({ type: 'progress', callId, progress: value })
    }
    const service = services.get(device)
    if (service === undefined || service.kind !== KIND_OF_OPERATION[operation.kind]) {
      answer({ kind: 'failed', began: false, code: 'no-such-device' })
      return
    }
    const abort = new AbortController()
    calls.set(callId, abort)
    try {
      const result = await perform(service, operation, progress, abort.signal)
      calls.delete(callId)
      answer(result)
    } catch (error) {
      // A service that throws has a bug. Its caller must hear so; what was thrown may quote a citizen and stays here.
      calls.delete(callId)
      log('host.service-threw', { device, code: codeOf(error) })
      answer({ kind: 'failed', began: true, code: 'service-threw' })
    }
  }

  function receive(raw: unknown): void {
    const parsed = toHostSchema.safeParse(raw)
    if (!parsed.success) {
      log('host.message-refused', { code: describeProtocolFault(parsed.error) })
      const envelope = callEnvelopeSchema.safeParse(raw)
      if (envelope.success) deps.post({ type: 'result', callId: envelope.data.callId, result: { kind: 'failed', began: false, code: 'bad-call' } })
      return
    }
    const message: ToHost = parsed.data
    switch (message.type) {
      case 'configure':
        configure(message.devices)
        return
      case 'ping':
        watchParent()
        deps.post({ type: 'pong', beat: message.beat })
        return
      case 'call':
        void call(message.callId, message.device, message.operation)
        return
      case 'abort':
        calls.get(message.callId)?.abort()
        return
      case 'stop':
        void stop(HOST_EXIT.stopped)
        return
      default:
        unreachable(message)
    }
  }

  function stop(exitCode: number): Promise<void> {
    stopping ??= (async () => {
      deps.clock.clearTimeout(silence)
      for (const abort of calls.values()) abort.abort()
      for (const unsubscribe of listeners) unsubscribe()
      const closing = Promise.allSettled([...services.values()].map(async (service) => service.stop()))
      let limit: unknown
      const limited = new Promise<void>((resolve) => {
        limit = deps.clock.setTimeout(() => resolve(), STOP_LIMIT_MS)
      })
      await Promise.race([closing, limited])
      deps.clock.clearTimeout(limit)
      deps.exit(exitCode)
    })()
    return stopping
  }

  watchParent()
  deps.post({ type: 'ready' })
  return { receive, stop }
}

const KIND_OF_OPERATION = { 'read-card': 'id-card', 'print-receipt': 'receipt-printer', 'scan-page': 'document-scanner' } as const

function createService(device: DeviceConfig, factories: ServiceFactories, tools: ServiceTools): AnyDeviceService {
  switch (device.class) {
    case 'id-card':
      return factories.idCard(device, tools)
    case 'receipt-printer':
      return factories.receiptPrinter(device, tools)
    case 'document-scanner':
      return factories.documentScanner(device, tools)
    default:
      return unreachable(device)
  }
}

async function perform(service: AnyDeviceService, operation: Operation, progress: (value: OperationProgress) => void, signal: AbortSignal): Promise<OperationResult> {
  if (service.kind === 'id-card' && operation.kind === 'read-card') {
    const result = await service.read({ timeoutMs: operation.timeoutMs }, (value) => progress({ kind: 'read-card', progress: value }), signal)
    return { kind: 'read-card', result }
  }
  if (service.kind === 'receipt-printer' && operation.kind === 'print-receipt') {
    const outcome = await service.print(operation.job, () => progress({ kind: 'print-receipt', progress: 'sending' }))
    return { kind: 'print-receipt', outcome }
  }
  if (service.kind === 'document-scanner' && operation.kind === 'scan-page') {
    const result = await service.scanPage({ source: operation.source }, (value) => progress({ kind: 'scan-page', progress: value }), signal)
    return { kind: 'scan-page', result }
  }
  return { kind: 'failed', began: false, code: 'no-such-device' }
}

/** The code of an exception (`ENOENT`, `ERR_…`, else its class), never its message. */
export function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') return error.code.slice(0, 60)
  return error instanceof Error ? error.name.slice(0, 60) : typeof error
}
