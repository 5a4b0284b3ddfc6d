import { createActor } from 'xstate'
import type { Clock } from '../../core/clock/clock.ts'
import type { DocumentScannerConfig } from '../../core/config/kiosk-config.ts'
import type { ScanError } from '../../core/device/operations.ts'
import type { DeviceStatus } from '../../core/device/status.ts'
import type { DeviceId } from '../../core/ids.ts'
import { err, unreachable } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import type { DocumentScannerService } from '../device-host/contract.ts'
import type { DeviceLog } from '../device-host/device-service.ts'
import { createEsclLink } from './escl-link.ts'
import type { Fetch } from './http.ts'
import type { ScannerLink } from './link.ts'
import { scannerMachine } from './machine.ts'
import type { PageChecker } from './page-checker.ts'
import { threadPageChecker } from './page-checker.ts'
import type { StartProgram } from './program.ts'
import { startProgram } from './program.ts'
import { createSaneLink } from './sane-link.ts'

export interface DocumentScannerDeps {
  readonly clock: Clock
  readonly log: DeviceLog
  readonly fetch?: Fetch
  readonly startProgram?: StartProgram
  readonly openChecker?: () => PageChecker
  /** Where pages of `scanimage` lie while they are read; left out: the user's own folder in memory, else the temporary folder. */
  readonly pageFolder?: string
}

/**
 * A document scanner, by its address: eSCL over the network, or any scanner that SANE knows through `scanimage`. A page
 * counts only when its picture decodes to the last line.
 */
export function createDocumentScanner(config: DocumentScannerConfig, deps: DocumentScannerDeps): DocumentScannerService {
  const { clock, log } = deps
  const link = linkOf(config, deps)
  const listeners = new Set<(status: DeviceStatus) => void>()
  let status: DeviceStatus = { state: 'starting', since: clock.now() }
  let scanning = false

  const watcher = createActor(scannerMachine, {
    input: { look: (signal) => link.look(signal), pollMs: () => link.pollMs() },
    clock: { setTimeout: (fn, ms) => clock.setTimeout(fn, ms), clearTimeout: (handle) => clock.clearTimeout(handle) },
  })
  watcher.subscribe(({ context }) => {
    if (context.state === status.state && context.code === status.code) return
    status = { state: context.state, since: context.state === status.state ? status.since : clock.now(), ...(context.code === undefined ? {} : { code: context.code }) }
    log('scanner-state', { state: status.state, code: status.code ?? '' })
    for (const listener of [...listeners]) listener(status)
  })

  /** One scan at a time; the scanner is not looked at meanwhile. */
  async function alone<T>(what: string, work: () => Promise<Result<T, ScanError>>, counts: (value: T) => Readonly<Record<string, number>>): Promise<Result<T, ScanError>> {
    if (scanning) return err({ kind: 'busy', code: 'already-scanning' })
    scanning = true
    watcher.send({ type: 'SCAN_BEGINS' })
    const began = clock.now()
    let trouble: ReturnType<ScannerLink['troubleAfter']>
    try {
      const result = await work()
      if (!result.ok) trouble = link.troubleAfter(result.error)
      log('scan', { source: what, outcome: result.ok ? 'page' : result.error.kind, code: !result.ok && 'code' in result.error ? result.error.code : '', ...(result.ok ? counts(result.value) : {}), ms: clock.now() - began })
      return result
    } finally {
      scanning = false
      if (watcher.getSnapshot().status === 'active') watcher.send({ type: 'SCAN_ENDS', ...(trouble === undefined ? {} : { trouble }) })
    }
  }

  const noFeeder = (): Promise<Result<never, ScanError>> => Promise.resolve(err({ kind: 'fault', code: 'no-feeder' }))
  return {
    id: config.id as DeviceId,
    kind: 'document-scanner',
    start: () => void watcher.start(),
    async stop() {
      watcher.stop()
      await link.stop()
    },
    status: () => status,
    onStatus(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    scanPage: ({ source }, onProgress, signal) =>
      source === 'feeder' && !config.feeder ? noFeeder() : alone(source, () => link.scanPage(source, onProgress, signal), ({ bytes }) => ({ bytes: bytes.length })),
    scanBatch: (onPage, onProgress, signal) => (config.feeder ? alone('batch', () => link.scanBatch(onPage, onProgress, signal), ({ pages }) => ({ pages })) : noFeeder()),
  }
}

function linkOf(config: DocumentScannerConfig, { clock, log, fetch = globalThis.fetch, startProgram: start = startProgram, openChecker = () => threadPageChecker(clock), pageFolder }: DocumentScannerDeps): ScannerLink {
  switch (config.address.kind) {
    case 'escl':
      return createEsclLink({ url: config.address.url, dpi: config.dpi, clock, fetch, openChecker })
    case 'sane':
      return createSaneLink({ address: config.address, dpi: config.dpi, clock, log, start, openChecker, pageFolder })
    default:
      return unreachable(config.address)
  }
}
