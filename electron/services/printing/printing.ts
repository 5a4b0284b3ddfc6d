import type { Clock } from '../../../core/clock/clock.ts'
import type { PrintOutcome } from '../../../core/device/operations.ts'
import type { DeviceId } from '../../../core/ids.ts'
import type { ReceiptDocument } from '../../../core/receipt/document.ts'
import type { DeviceHost } from '../../../drivers/device-host/contract.ts'
import type { Log } from '../../../core/log/events.ts'
import type { Database } from '../database/database.ts'
import { faultCode } from '../fault-code.ts'
import { processIdOf } from './process-id.ts'

/**
 * The ladder of every receipt, on disk before the step that it names, so that no crash can turn one receipt into two:
 * `sending → printed | voided | unknown`, and `not-started` when the preflight refused. `sending` stands
 * on disk before the device host is asked. A number that is found in
 * `sending` at start-up becomes `unknown`: nobody knows, and only staff may print it again.
 */
export const PRINTING_MIGRATIONS: readonly string[] = [
  `CREATE TABLE print_counter(only INTEGER PRIMARY KEY CHECK (only = 1), value INTEGER NOT NULL) STRICT;
  INSERT INTO print_counter VALUES (1, 0);
  CREATE TABLE print_job(
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    process_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('sending', 'printed', 'voided', 'unknown', 'not-started')),
    why TEXT,
    updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX print_job_by_number ON print_job(number, id);`,
]

export interface PrintingDependencies {
  readonly database: Database
  readonly host: Pick<DeviceHost, 'printReceipt'>
  readonly printer: DeviceId | undefined
  readonly clock: Clock
  readonly log: Log
}

export interface Printing {
  /** Called once at start-up, before anything is printed. Answers how many receipts nobody knows the end of. */
  recover(): Promise<number>
  /** Prints once. The same document may be passed again only after `not-started` or `voided`; anything else is refused as `unknown`. */
  print(document: ReceiptDocument): Promise<PrintOutcome>
}

export function createPrinting({ database, host, printer, clock, log }: PrintingDependencies): Printing {
  let turn: Promise<unknown> = Promise.resolve()

  async function settle(id: number, state: string, why: string | null): Promise<void> {
    await database.run('UPDATE print_job SET state = ?, why = ?, updated_at = ? WHERE id = ?', state, why, clock.now(), id)
  }

  async function printOne(document: ReceiptDocument): Promise<PrintOutcome> {
    if (printer === undefined) return { kind: 'not-started', why: 'link-lost' }
    const before = document.unlimited === true ? [] : await database.all('SELECT state, attempt FROM print_job WHERE number = ? AND state <> ? ORDER BY id', document.number, 'not-started')
    const last = before.at(-1)
    // A second original of a printed receipt, or of one that may have come out, is never made here.
    if (last !== undefined && last['state'] !== 'voided') return { kind: 'unknown', why: 'busy' }
    const attempt = before.length + 1
    const began = clock.now()
    const counter = await database.one('UPDATE print_counter SET value = value + 1 RETURNING value')
    const processId = processIdOf(Number(counter?.['value'] ?? 0))
    const row = await database.one('INSERT INTO print_job(number, attempt, process_id, state, updated_at) VALUES (?, ?, ?, ?, ?) RETURNING id', document.number, attempt, processId, 'sending', clock.now())
    const id = Number(row?.['id'])
    const outcome = await host.printReceipt(printer, { document, attempt, processId, voidStubFirst: last !== undefined }, () => undefined)
    const why = outcome.kind === 'printed' ? undefined : outcome.why
    log('session.print', { result: outcome.kind, attempt, tookMs: clock.now() - began, ...(why !== undefined && { why }) })
    // Should the ledger fail now, the row stays `sending`, which nobody prints again: the safe side. The citizen hears the truth.
    await settle(id, outcome.kind, why ?? null).catch((error: unknown) => ledgerFault('settle', error))
    return outcome
  }

  function ledgerFault(step: string, error: unknown): void {
    log('session.fault', { step: `print-${step}`, code: faultCode(error) })
  }

  /** Without a ledger nothing is printed: a receipt that no disk knows of could come twice. */
  async function printOrSay(document: ReceiptDocument): Promise<PrintOutcome> {
    try {
      return await printOne(document)
    } catch (error) {
      ledgerFault('begin', error)
      return { kind: 'not-started', why: 'fault' }
    }
  }

  return {
    recover: () => database.run("UPDATE print_job SET state = 'unknown', why = 'link-lost', updated_at = ? WHERE state = 'sending'", clock.now()),
    print: (document) => {
      const mine = turn.then(() => printOrSay(document))
      turn = mine.catch(() => undefined)
      return mine
    },
  }
}
