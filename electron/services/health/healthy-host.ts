import type { DeviceReport, DeviceState } from '../../../core/device/status.ts'
import type { DeviceId } from '../../../core/ids.ts'
import { paperMetres } from '../../../core/receipt/length.ts'
import { err } from '../../../core/result/result.ts'
import { OUT_OF_SERVICE_SENTENCES } from '../../../core/staff/sentences.ts'
import type { DeviceHost } from '../../../drivers/device-host/contract.ts'
import type { Health } from './health.ts'

/** States that count as a fault when a device goes into them. Low paper and a start are none. */
const FAULTS: ReadonlySet<DeviceState> = new Set(['offline', 'no-paper', 'no-toner', 'output-full', 'cover-open', 'jam', 'cutter-fault', 'fault'])

/** Code of an operation that was refused because staff took its device out of service. */
export const OUT_OF_SERVICE_CODE = 'out-of-service'

export interface HealthyHost extends DeviceHost {
  /** What the drivers say, without what staff have laid over it. */
  driverReports(): readonly DeviceReport[]
}

/**
 * The device host as the rest of the kiosk sees it: finished work and faults are counted, and a device that staff took out of
 * service says so and does nothing for citizens.
 * @param staffThere while staff are at the terminal no citizen is: then such a device works, so that it can be tested
 */
export function withHealth(host: DeviceHost, health: Health, staffThere: () => boolean): HealthyHost {
  const listeners = new Set<(report: DeviceReport) => void>()
  const states = new Map<string, DeviceState>(host.reports().map((report) => [report.id, report.status.state]))

  function overlaid(report: DeviceReport): DeviceReport {
    const out = health.outOfService(report.id)
    return out === undefined ? report : { ...report, status: { state: 'out-of-service', since: out.since }, reason: OUT_OF_SERVICE_SENTENCES[out.reason].device }
  }
  function tell(report: DeviceReport): void {
    for (const listener of [...listeners]) listener(overlaid(report))
  }
  const isRefused = (device: DeviceId): boolean => health.outOfService(device) !== undefined && !staffThere()

  host.onReport((report) => {
    const before = states.get(report.id)
    const { state } = report.status
    states.set(report.id, state)
    if (state !== before && FAULTS.has(state)) health.fault(report.id, state)
    tell(report)
  })
  const outBefore = new Map<string, string | undefined>()
  health.onChange((device) => {
    if (device === undefined) return
    const reason = health.outOfService(device)?.reason
    if (outBefore.get(device) === reason) return
    outBefore.set(device, reason)
    const report = host.reports().find((candidate) => candidate.id === device)
    if (report !== undefined) tell(report)
  })

  return {
    reports: () => host.reports().map(overlaid),
    driverReports: () => host.reports(),
    onReport: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onTicket: (listener) => host.onTicket(listener),
    restart: () => host.restart(),
    stop: () => host.stop(),

    async readCard(device, options, onProgress, signal) {
      if (isRefused(device)) return err({ kind: 'reader-gone', code: OUT_OF_SERVICE_CODE })
      const reading = await host.readCard(device, options, onProgress, signal)
      if (reading.ok) health.count(device, 'reads', 1)
      return reading
    },
    async readSocialCard(device, options, onProgress, signal) {
      if (isRefused(device)) return err({ kind: 'reader-gone', code: OUT_OF_SERVICE_CODE })
      const reading = await host.readSocialCard(device, options, onProgress, signal)
      if (reading.ok) health.count(device, 'reads', 1)
      return reading
    },
    async readCode(device, options, signal) {
      if (isRefused(device)) return err({ kind: 'scanner-gone', code: OUT_OF_SERVICE_CODE })
      const code = await host.readCode(device, options, signal)
      if (code.ok) health.count(device, 'codes', 1)
      return code
    },
    async printReceipt(device, job, onSending) {
      if (isRefused(device)) return { kind: 'not-started', why: 'fault' }
      const outcome = await host.printReceipt(device, job, onSending)
      // Paper was used as well when it stopped in the middle; a receipt counts only when the printer says so.
      if (outcome.kind !== 'not-started') {
        health.count(device, 'metres', paperMetres(job.document, job.voidStubFirst))
        health.count(device, 'cuts', job.voidStubFirst ? 2 : 1)
      }
      if (outcome.kind === 'printed') health.count(device, 'receipts', 1)
      return outcome
    },
    async printPages(device, job, onProgress) {
      if (isRefused(device)) return { kind: 'not-started', why: 'paused' }
      const outcome = await host.printPages(device, job, onProgress)
      if ((outcome.kind === 'printed' || outcome.kind === 'stopped') && outcome.pages > 0) health.count(device, 'pages', outcome.pages)
      return outcome
    },
    async scanPage(device, options, onProgress, signal) {
      if (isRefused(device)) return err({ kind: 'scanner-gone', code: OUT_OF_SERVICE_CODE })
      const page = await host.scanPage(device, options, onProgress, signal)
      if (page.ok) health.count(device, 'scans', 1)
      return page
    },
    scanBatch(device, onPage, onProgress, signal) {
      if (isRefused(device)) return Promise.resolve(err({ kind: 'scanner-gone', code: OUT_OF_SERVICE_CODE }))
      return host.scanBatch(device, (page) => {
        health.count(device, 'scans', 1)
        onPage(page)
      }, onProgress, signal)
    },
  }
}
