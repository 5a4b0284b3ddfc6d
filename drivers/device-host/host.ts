import type { Clock } from '../../core/clock/clock.ts'
import type { CodeScannerConfig, DeviceConfig, DocumentScannerConfig, IdCardReaderConfig, PagePrinterConfig, ReceiptPrinterConfig, SocialCardConfig } from '../../core/config/kiosk-config.ts'
import type { DeviceDetails } from '../../core/device/status.ts'
import type { DeviceId } from '../../core/ids.ts'
import { unreachable } from '../../core/result/result.ts'
import type { HostedDeviceConfig } from './absent-driver.ts'
import { absentDriver, DRIVER_MISSING } from './absent-driver.ts'
import type { AnyDeviceService, CodeScannerService, DocumentScannerService, IdCardReaderService, PagePrinterService, ReceiptPrinterService, SocialCardService } from './contract.ts'
import type { DeviceLog } from './device-service.ts'
import { LogLimiter } from './log-limiter.ts'
import { perform } from './perform.ts'
import type { FromHost, Operation, OperationProgress, OperationResult, ToHost } from './protocol.ts'
import { CALL_ABORTED, callEnvelopeSchema, describeProtocolFault, LONGEST_DETAIL, MOST_DETAILS, toHostSchema } from './protocol.ts'
import { ReportPacer } from './report-pacer.ts'

/** What every driver is given by the host. */
export interface ServiceTools {
  readonly clock: Clock
  readonly log: DeviceLog
}

/** Makes a service at once, or after its driver has been loaded. A rejection means that the driver cannot be had here. */
export type ServiceFactory<Config, Service> = (config: Config, tools: ServiceTools) => Service | Promise<Service>

/** How a service is made from its part of the configuration; `main.ts` passes the real drivers, tests pass doubles. */
export interface ServiceFactories {
  readonly idCard: ServiceFactory<IdCardReaderConfig, IdCardReaderService>
  readonly codeScanner: ServiceFactory<CodeScannerConfig, CodeScannerService>
  readonly socialCard: ServiceFactory<SocialCardConfig, SocialCardService>
  readonly receiptPrinter: ServiceFactory<ReceiptPrinterConfig, ReceiptPrinterService>
  readonly pagePrinter: ServiceFactory<PagePrinterConfig, PagePrinterService>
  readonly documentScanner: ServiceFactory<DocumentScannerConfig, DocumentScannerService>
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
  /** Devices whose driver is being loaded; a call for one of them waits. */
  const loading = new Map<string, Promise<void>>()
  const calls = new Map<number, AbortController>()
  const listeners: (() => void)[] = []
  const limiter = new LogLimiter(deps.clock, (event, fields) => deps.post({ type: 'log', event: event.slice(0, 80), fields: { ...fields } }))
  const pacer = new ReportPacer(deps.clock, (report) => deps.post({ type: 'report', report }))
  let configured = false
  let stopping: Promise<void> | undefined
  let silence: unknown

  const log: DeviceLog = limiter.log

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
      // A document camera is opened by the page.
      if (device.class !== 'document-camera') open(device)
    }
  }

  function open(device: HostedDeviceConfig): void {
    const made = make(device)
    if (!(made instanceof Promise)) return adopt(device, made)
    pacer.push({ id: device.id as DeviceId, kind: device.class, status: { state: 'starting', since: deps.clock.now() } })
    const loaded = made.then(
      (service) => adopt(device, service),
      (error: unknown) => adopt(device, missing(device, error)),
    )
    loading.set(device.id, loaded.finally(() => loading.delete(device.id)))
  }

  function make(device: HostedDeviceConfig): AnyDeviceService | Promise<AnyDeviceService> {
    try {
      return createService(device, deps.factories, { clock: deps.clock, log })
    } catch (error) {
      return missing(device, error)
    }
  }

  function missing(device: HostedDeviceConfig, error: unknown): AnyDeviceService {
    log('host.driver-missing', { device: device.id, class: device.class, code: codeOf(error) })
    return absentDriver(device, deps.clock.now(), DRIVER_MISSING)
  }

  function adopt(device: HostedDeviceConfig, service: AnyDeviceService): void {
    if (stopping !== undefined) return
    services.set(device.id, service)
    const report = (): void => {
      const details = detailsOf(service)
      pacer.push({ id: service.id, kind: service.kind, status: service.status(), ...(details === undefined ? {} : { details }) })
    }
    listeners.push(service.onStatus(report))
    if (service.kind === 'receipt-printer') listeners.push(service.onTicket((ticket) => deps.post({ type: 'ticket', device: service.id, ticket })))
    report()
    service.start()
  }

  async function call(callId: number, device: string, operation: Operation): Promise<void> {
    const answer = (result: OperationResult): void => {
      calls.delete(callId)
      deps.post({ type: 'result', callId, result })
    }
    const progress = (value: OperationProgress): void => {
      if (calls.has(callId)) deps.post({ type: 'progress', callId, progress: value })
    }
    const abort = new AbortController()
    calls.set(callId, abort)
    const driver = loading.get(device)
    if (driver !== undefined) {
      await driver
      if (abort.signal.aborted) return answer({ kind: 'failed', began: false, code: CALL_ABORTED })
    }
    const service = services.get(device)
    if (service === undefined) return answer({ kind: 'failed', began: false, code: 'no-such-device' })
    try {
      answer(await perform(service, operation, progress, abort.signal))
    } catch (error) {
      // A service that throws has a bug. Its caller must hear so; what was thrown may quote a citizen and stays here.
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
      pacer.stop()
      const closing = Promise.allSettled([...services.values()].map(async (service) => service.stop()))
      let limit: unknown
      const limited = new Promise<void>((resolve) => {
        limit = deps.clock.setTimeout(() => resolve(), STOP_LIMIT_MS)
      })
      await Promise.race([closing, limited])
      deps.clock.clearTimeout(limit)
      limiter.stop()
      deps.exit(exitCode)
    })()
    return stopping
  }

  watchParent()
  deps.post({ type: 'ready' })
  return { receive, stop }
}

function createService(device: HostedDeviceConfig, factories: ServiceFactories, tools: ServiceTools): AnyDeviceService | Promise<AnyDeviceService> {
  switch (device.class) {
    case 'id-card':
      return factories.idCard(device, tools)
    case 'code-scanner':
      return factories.codeScanner(device, tools)
    case 'social-card':
      return factories.socialCard(device, tools)
    case 'receipt-printer':
      return factories.receiptPrinter(device, tools)
    case 'page-printer':
      return factories.pagePrinter(device, tools)
    case 'document-scanner':
      return factories.documentScanner(device, tools)
    default:
      return unreachable(device)
  }
}

/** What the device tells of itself, cut to what may cross: a device with a strange serial number is no reason to lose the host. */
function detailsOf(service: AnyDeviceService): DeviceDetails | undefined {
  const details = service.details?.()
  if (details === undefined) return undefined
  const bounded = Object.entries(details)
    .filter(([name, value]) => name !== '' && name.length <= 40 && (typeof value === 'string' || Number.isFinite(value)))
    .slice(0, MOST_DETAILS)
    .map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, LONGEST_DETAIL) : value] as const)
  return Object.fromEntries(bounded)
}

/** The code of an exception (`ENOENT`, `ERR_…`, else its class), never its message. */
export function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') return error.code.slice(0, 60)
  return error instanceof Error ? error.name.slice(0, 60) : typeof error
}
