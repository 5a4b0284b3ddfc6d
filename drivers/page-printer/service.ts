import { createActor } from 'xstate'
import type { Clock } from '../../core/clock/clock.ts'
import type { PagePrinterConfig } from '../../core/config/kiosk-config.ts'
import type { PagePrintOutcome } from '../../core/device/operations.ts'
import type { DeviceDetails, DeviceStatus } from '../../core/device/status.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { PagePrinterService } from '../device-host/contract.ts'
import type { DeviceLog } from '../device-host/device-service.ts'
import { createIppClient } from './client.ts'
import type { Post } from './http.ts'
import { postOverHttp } from './http.ts'
import type { PagePrinterContext } from './machine.ts'
import { pagePrinterMachine } from './machine.ts'
import { stateOfObstacle } from './sight.ts'
import { workAtPrinter, workThroughCups } from './work.ts'

export interface PagePrinterDeps {
  readonly clock: Clock
  readonly log: DeviceLog
  /** How bytes reach the printer; left out: over HTTP. */
  readonly post?: Post
}

/**
 * A page printer that speaks IPP, or a queue of CUPS before one. `printed` is said only when the job is completed and the
 * printer's own count of sides equals the pages of the document; a job whose end is not known is never sent again.
 */
export function createPagePrinter(config: PagePrinterConfig, { clock, log, post = postOverHttp }: PagePrinterDeps): PagePrinterService {
  const clientOf = (address: string) => createIppClient(address, { post, clock })
  const atAddress = clientOf(config.address.url)
  const work = config.via === 'cups' ? workThroughCups(atAddress, clientOf, config.duplex) : workAtPrinter(atAddress, config.duplex)
  const machine = pagePrinterMachine({ work, clock, duplex: config.duplex, note: log })
  const actor = createActor(machine, { clock: { setTimeout: (fn, ms) => clock.setTimeout(fn, ms), clearTimeout: (handle) => clock.clearTimeout(handle) } })
  const listeners = new Set<(status: DeviceStatus) => void>()
  let status: DeviceStatus = { state: 'starting', since: clock.now() }
  let details: DeviceDetails = {}
  let started = false
  const counts = { jobs: 0, pages: 0, notPrinted: 0 }

  actor.subscribe(({ context, value }) => {
    const { sight } = context
    if (sight !== undefined) {
      details = {
        ...(sight.makeAndModel !== undefined && { model: sight.makeAndModel }),
        ...(sight.impressions !== undefined && { impressions: sight.impressions }),
      }
    }
    const next = value === 'stopped' && started ? { state: 'offline' as const, code: 'stopped' } : publicState(context)
    if (next.state === status.state && next.code === status.code) return
    status = { state: next.state, since: next.state === status.state ? status.since : clock.now(), ...(next.code !== undefined && { code: next.code }) }
    log('page-printer-state', { state: status.state, code: status.code ?? '' })
    for (const listener of [...listeners]) listener(status)
  })
  // Rests in `stopped` until it is started; from now on no call is lost.
  actor.start()

  return {
    id: config.id as DeviceId,
    kind: 'page-printer',
    start: () => {
      started = true
      actor.send({ type: 'START' })
    },
    stop: async () => {
      actor.send({ type: 'STOP' })
    },
    status: () => status,
    details: () => ({ ...details, ...counts }),
    onStatus: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    print: async (job, onProgress) => {
      const outcome = await new Promise<PagePrintOutcome>((resolve) => actor.send({ type: 'PRINT', request: { job, onProgress, resolve } }))
      counts.jobs += 1
      if (outcome.kind === 'printed') counts.pages += outcome.pages
      else counts.notPrinted += 1
      return outcome
    },
  }
}

/** The small public state: who is gone is offline, what stands in the way comes before the work in hand. */
export function publicState({ sight, silence, request }: PagePrinterContext): { readonly state: DeviceStatus['state']; readonly code?: string } {
  if (silence !== undefined) return silence.why === 'fault' ? { state: 'fault', code: silence.code } : { state: 'offline', code: silence.code }
  if (sight === undefined) return { state: 'starting' }
  const obstacle = sight.obstacles[0]
  if (obstacle !== undefined) return stateOfObstacle(obstacle)
  if (request !== undefined || sight.state === 'processing' || sight.queued > 0) return { state: 'busy' }
  const toner = sight.tonerLow ? { code: 'toner-low' } : {}
  return sight.paperLow ? { state: 'paper-low', ...toner } : { state: 'ready', ...toner }
}
