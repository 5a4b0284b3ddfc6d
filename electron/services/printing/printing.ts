import type { Clock } from '../../../core/clock/clock.ts'
import type { PrintObstacle, PrintOutcome } from '../../../core/device/operations.ts'
import type { DeviceState } from '../../../core/device/status.ts'
import type { DeviceId } from '../../../core/ids.ts'
import type { Log } from '../../../core/log/events.ts'
import type { ReceiptDocument } from '../../../core/receipt/document.ts'
import { err, ok, type Result } from '../../../core/result/result.ts'
import type { DeviceHost } from '../../../drivers/device-host/contract.ts'
import type { Database } from '../database/database.ts'
import { faultCode } from '../fault-code.ts'
import { createLedger, PRINTING_MIGRATIONS, type PrintState } from './ledger.ts'
import { ReceiptMemory } from './receipt-memory.ts'

export { PRINTING_MIGRATIONS }

export interface PrintingDependencies {
  readonly database: Database
  readonly host: Pick<DeviceHost, 'printReceipt' | 'onTicket' | 'reports' | 'onReport'>
  readonly printer: DeviceId | undefined
  readonly clock: Clock
  readonly log: Log
}

/** A receipt of which nobody knows whether it came out. */
export interface UnknownPrint {
  readonly job: number
  /** Epoch milliseconds. */
  readonly at: number
  readonly attempt: number
  readonly why: PrintObstacle
  /** False when its content is no longer in memory: it must then be printed from the back office. */
  readonly canReprint: boolean
}

export type ReprintRefusal = 'no-such-job' | 'content-gone'

/** Something that staff should look at: a receipt of unknown end, one that nobody took, one that was stopped for good. */
export interface PrintAttention {
  readonly job: number
  readonly state: Extract<PrintState, 'unknown' | 'voided' | 'retracted' | 'left'>
}

export interface Printing {
  /** Called once at start-up, before anything is printed. Answers how many receipts nobody knows the end of. */
  recover(): Promise<number>
  /**
   * Prints once. A receipt that the printer stopped in the middle (and cleared) is printed once more, marked, when the
   * printer is ready again in time; until then the promise is open. The same document may be passed again only after
   * `not-started` or `voided`; anything else is refused as `unknown`.
   */
  print(document: ReceiptDocument): Promise<PrintOutcome>
  /** The citizen has left: what waits for the printer to be mended is not printed for whoever comes next. */
  nobodyWaits(): void
  unknownJobs(): Promise<readonly UnknownPrint[]>
  /** Staff have looked at the outlet and want it printed again: marked, behind a void stub, with the same number. */
  reprint(job: number): Promise<Result<PrintOutcome, ReprintRefusal>>
  onNeedsAttention(listener: (attention: PrintAttention) => void): () => void
  /** Ends timers and listeners, and overwrites what is in memory. */
  stop(): void
}

/** After a stop in the middle, paper is changed within this time or the citizen is told to go on without. */
export const REPRINT_WAIT_MS = 45_000
/** A printer that is just starting, or whose host is, is waited for before it is asked. */
export const PREFLIGHT_WAIT_MS = 3_000

const COMING: readonly DeviceState[] = ['starting', 'offline']
const ABLE: readonly DeviceState[] = ['ready', 'paper-low']

export function createPrinting({ database, host, printer, clock, log }: PrintingDependencies): Printing {
  const ledger = createLedger(database, () => clock.now())
  const memory = new ReceiptMemory(clock)
  const attentionListeners = new Set<(attention: PrintAttention) => void>()
  const waits = new Set<() => void>()
  /** Waits for a reprint, which end with the citizen's visit. */
  const reprintWaits = new Set<() => void>()
  /** How many visits have ended: what was asked for in one is not begun anew in the next. */
  let visitsEnded = 0
  let turn: Promise<unknown> = Promise.resolve()
  let ticketTurn: Promise<unknown> = Promise.resolve()

  const stopTickets = host.onTicket((device, { processId, fate }) => {
    if (device !== printer) return
    ticketTurn = ticketTurn.then(async () => {
      const entry = await ledger.ticketIs(processId, fate)
      if (entry !== undefined && (fate === 'retracted' || fate === 'left')) tell({ job: entry.id, state: fate })
    }).catch((error: unknown) => ledgerFault('ticket', error))
  })

  function tell(attention: PrintAttention): void {
    for (const listener of [...attentionListeners]) listener(attention)
  }

  function ledgerFault(step: string, error: unknown): void {
    log('session.fault', { step: `print-${step}`, code: faultCode(error) })
  }

  /** The printer's state as last reported; undefined where no report is known. */
  function printerState(): DeviceState | undefined {
    return host.reports().find((report) => report.id === printer)?.status.state
  }

  /** Resolves with true when the printer's state is as wanted, with false when the time is over or the wait was given up. */
  function until(holds: (state: DeviceState | undefined) => boolean, limitMs: number, group = waits): Promise<boolean> {
    if (holds(printerState())) return Promise.resolve(true)
    return new Promise((resolve) => {
      const finish = (result: boolean): void => {
        stopReports()
        clock.clearTimeout(limit)
        group.delete(giveUp)
        resolve(result)
      }
      const giveUp = (): void => finish(false)
      const stopReports = host.onReport(() => {
        if (holds(printerState())) finish(true)
      })
      const limit = clock.setTimeout(giveUp, limitMs)
      group.add(giveUp)
    })
  }

  function noReprint(error: unknown): undefined {
    ledgerFault('reprint', error)
    return undefined
  }

  interface Attempt {
    readonly job: number
    readonly attempt: number
    readonly outcome: PrintOutcome
  }

  /** One walk up the ladder. */
  async function attemptToPrint(device: DeviceId, document: ReceiptDocument, attempt: number, voidStubFirst: boolean): Promise<Attempt> {
    const began = clock.now()
    const cutFirst = await ledger.mayHang()
    const { id, processId } = await ledger.queue(document.number, attempt, document.unlimited === true)
    await ledger.step(id, 'queued', 'preflight')
    await until((state) => state === undefined || !COMING.includes(state), PREFLIGHT_WAIT_MS)
    // From here on a crash leaves `sending`, which nobody prints again by themselves. A printer that is out of service is
    // asked as well: the host refuses citizens, and prints for the staff who test it.
    await ledger.step(id, 'preflight', 'sending')
    const outcome = await host.printReceipt(device, { document, attempt, processId, voidStubFirst, ...(cutFirst && { cutFirst }) }, () => undefined)
    const why = outcome.kind === 'printed' ? undefined : outcome.why
    log('session.print', { result: outcome.kind, attempt, tookMs: clock.now() - began, ...(why !== undefined && { why }) })
    // Should the ledger fail now, the row stays `sending`, which nobody prints again: the safe side. The citizen hears the truth.
    await ledger.settle(id, outcome).catch((error: unknown) => ledgerFault('settle', error))
    if (outcome.kind === 'unknown' && document.unlimited !== true) {
      memory.keep(id, document)
      tell({ job: id, state: 'unknown' })
    }
    return { job: id, attempt, outcome }
  }

  async function printNow(document: ReceiptDocument, visit: number): Promise<PrintOutcome> {
    if (printer === undefined) return { kind: 'not-started', why: 'link-lost' }
    const before = document.unlimited === true ? [] : await ledger.attemptsOf(document.number)
    const last = before.at(-1)
    // A second original of a printed receipt, or of one that may have come out, is never made here.
    if (last !== undefined && last.state !== 'voided') return { kind: 'unknown', why: 'busy' }
    const attempt = (last?.attempt ?? 0) + 1
    const first = await attemptToPrint(printer, document, attempt, last !== undefined)
    if (first.outcome.kind !== 'voided' || document.unlimited === true) return first.outcome
    const second = attempt === 1 ? await onceMore(printer, document, visit).catch(noReprint) : undefined
    if (second === undefined || second.kind === 'voided' || second.kind === 'not-started') tell({ job: first.job, state: 'voided' })
    // A second try that printed nothing changes nothing: the first paper is void, and that is what has to be said.
    return second === undefined || second.kind === 'not-started' ? first.outcome : second
  }

  /** The one reprint that is made without being asked for, as soon as the printer is ready again. */
  async function onceMore(device: DeviceId, document: ReceiptDocument, visit: number): Promise<PrintOutcome | undefined> {
    const deadline = clock.now() + REPRINT_WAIT_MS
    const outcomes: PrintOutcome[] = []
    // The report of the stop may still be under way; a printer that is `busy` with it is not ready.
    // Who left while it was being sent does not come back for it.
    while (visit === visitsEnded && await until((state) => state !== undefined && ABLE.includes(state), deadline - clock.now(), reprintWaits)) {
      const { outcome } = await attemptToPrint(device, document, 2, true)
      outcomes.push(outcome)
      // Nothing was sent: the cover was open again, say. It is tried again when the printer says otherwise.
      if (outcome.kind !== 'not-started' || !(await until((state) => state === undefined || !ABLE.includes(state), Math.min(PREFLIGHT_WAIT_MS, deadline - clock.now()), reprintWaits))) break
    }
    return outcomes.at(-1)
  }

  async function reprintNow(job: number): Promise<Result<PrintOutcome, ReprintRefusal>> {
    const entry = await ledger.find(job)
    if (printer === undefined || entry === undefined || entry.state !== 'unknown' || entry.settled) return err('no-such-job')
    const document = memory.get(job)
    if (document === undefined) return err('content-gone')
    const last = (await ledger.attemptsOf(entry.number)).at(-1)
    const again = await attemptToPrint(printer, document, (last?.attempt ?? entry.attempt) + 1, true)
    if (again.outcome.kind === 'printed' || again.outcome.kind === 'unknown') {
      await ledger.settledBy(job, again.job).catch((error: unknown) => ledgerFault('reprint', error))
      memory.forget(job)
    }
    return ok(again.outcome)
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work)
    turn = mine.catch(() => undefined)
    return mine
  }

  return {
    recover: () => ledger.recover(),
    print(document) {
      const visit = visitsEnded
      return inTurn(async () => {
        try {
          return await printNow(document, visit)
        } catch (error) {
          // Without a ledger nothing is printed: a receipt that no disk knows of could come twice.
          ledgerFault('begin', error)
          return { kind: 'not-started', why: 'fault' }
        }
      })
    },
    nobodyWaits() {
      visitsEnded += 1
      for (const giveUp of [...reprintWaits]) giveUp()
    },
    async unknownJobs() {
      return (await ledger.unknown()).map((entry) => ({ job: entry.id, at: entry.at, attempt: entry.attempt, why: entry.why ?? 'fault', canReprint: memory.has(entry.id) }))
    },
    reprint: (job) => inTurn(async () => {
      try {
        return await reprintNow(job)
      } catch (error) {
        ledgerFault('begin', error)
        return ok({ kind: 'not-started', why: 'fault' })
      }
    }),
    onNeedsAttention(listener) {
      attentionListeners.add(listener)
      return () => {
        attentionListeners.delete(listener)
      }
    },
    stop() {
      stopTickets()
      for (const giveUp of [...waits, ...reprintWaits]) giveUp()
      memory.clear()
    },
  }
}
