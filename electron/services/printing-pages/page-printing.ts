import type { Clock } from '../../../core/clock/clock.ts'
import type { PagePrintOutcome } from '../../../core/device/operations.ts'
import type { DeviceId } from '../../../core/ids.ts'
import type { Log } from '../../../core/log/events.ts'
import type { OneWindowClient } from '../../../core/one-window/client.ts'
import type { OneWindowError } from '../../../core/one-window/errors.ts'
import type { Result } from '../../../core/result/result.ts'
import { err, ok } from '../../../core/result/result.ts'
import type { DeviceHost } from '../../../drivers/device-host/contract.ts'
import type { Database } from '../database/database.ts'
import { faultCode } from '../fault-code.ts'

/**
 * The ladder of every document on A4, on disk before the step that it names: `fetching → sending → printed | stopped | unknown |
 * not-started`, and `not-fetched` where the backend gave no document. What a crash left in `sending` becomes `unknown`.
 * `subject` is the case; `number` is the document's own and goes to the printer as the name of the job. No content is kept.
 */
export const PAGE_PRINTING_MIGRATIONS: readonly string[] = [
  `CREATE TABLE page_job(
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,
    number TEXT NOT NULL UNIQUE,
    attempt INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('fetching', 'not-fetched', 'sending', 'printed', 'stopped', 'unknown', 'not-started')),
    why TEXT,
    pages INTEGER,
    updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX page_job_by_subject ON page_job(subject, id);`,
]

export interface PagePrintingDependencies {
  readonly database: Database
  readonly host: Pick<DeviceHost, 'printPages' | 'reports'>
  readonly printer: DeviceId
  readonly client: Pick<OneWindowClient, 'fetchProofDocument'>
  readonly clock: Clock
  readonly log: Log
  /** A new random UUID each time: a number that no printer has seen, also when the ledger was lost. */
  readonly newId: () => string
}

export interface ProofToPrint {
  readonly caseNumber: string
  readonly verificationCode: string
}

export interface PagePrinting {
  /** Called once at start-up, before anything is printed. Answers how many documents nobody knows the end of. */
  recover(): Promise<number>
  /**
   * Fetches the sealed proof and prints it, once: again only while nothing of it, or a part that the printer itself gave up,
   * can be out. After `printed` or `unknown` it answers `unknown` and touches neither backend nor printer. Never rejects.
   */
  printProof(proof: ProofToPrint, signal: AbortSignal): Promise<Result<PagePrintOutcome, OneWindowError>>
}

/** States after which another print of the same document makes no second one. */
const MAY_FOLLOW: readonly unknown[] = ['fetching', 'not-fetched', 'not-started', 'stopped']

export function createPagePrinting({ database, host, printer, client, clock, log, newId }: PagePrintingDependencies): PagePrinting {
  let turn: Promise<unknown> = Promise.resolve()

  function fault(step: string, error: unknown): void {
    log('session.fault', { step: `print-pages-${step}`, code: faultCode(error) })
  }

  async function settle(id: number, state: string, why: string | null, pages: number | null): Promise<void> {
    // Should the ledger fail now, the row stays `sending`, which nobody prints again: the safe side.
    await database.run('UPDATE page_job SET state = ?, why = ?, pages = ?, updated_at = ? WHERE id = ?', state, why, pages, clock.now(), id).catch((error: unknown) => fault('settle', error))
  }

  async function printOne({ caseNumber, verificationCode }: ProofToPrint, signal: AbortSignal): Promise<Result<PagePrintOutcome, OneWindowError>> {
    const before = await database.all('SELECT state FROM page_job WHERE subject = ? ORDER BY id', caseNumber)
    if (before.some(({ state }) => !MAY_FOLLOW.includes(state))) return ok({ kind: 'unknown', why: 'busy' })
    if (host.reports().find(({ id }) => id === printer)?.status.state === 'out-of-service') return ok({ kind: 'not-started', why: 'fault' })
    const began = clock.now()
    const attempt = before.length + 1
    const number = newId()
    const row = await database.one('INSERT INTO page_job(subject, number, attempt, state, updated_at) VALUES (?, ?, ?, ?, ?) RETURNING id', caseNumber, number, attempt, 'fetching', clock.now())
    const id = Number(row?.['id'])
    const document = await client.fetchProofDocument(verificationCode, { signal })
    if (!document.ok) {
      log('session.print-pages', { result: 'not-fetched', why: document.error.kind, attempt, tookMs: clock.now() - began })
      await settle(id, 'not-fetched', document.error.kind, null)
      return document
    }
    const { pdf, pages } = document.value
    try {
      // Everybody has left meanwhile: a proof is for the one who asked for it.
      if (signal.aborted) {
        await settle(id, 'not-started', 'cancelled', null)
        return err({ kind: 'unreachable', code: 'aborted' })
      }
      await database.run('UPDATE page_job SET state = ?, updated_at = ? WHERE id = ?', 'sending', clock.now(), id)
      const outcome = await host.printPages(printer, { number, pdf, pages }, () => undefined)
      const why = outcome.kind === 'printed' ? undefined : outcome.why
      const out = 'pages' in outcome ? outcome.pages : undefined
      log('session.print-pages', { result: outcome.kind, attempt, tookMs: clock.now() - began, ...(why !== undefined && { why }), ...(out !== undefined && { pages: out }) })
      await settle(id, outcome.kind, why ?? null, out ?? null)
      return ok(outcome)
    } finally {
      pdf.fill(0)
    }
  }

  return {
    recover: () => database.run("UPDATE page_job SET state = 'unknown', why = 'link-lost', updated_at = ? WHERE state = 'sending'", clock.now()),
    printProof: (proof, signal) => {
      const mine = turn.then(() => printOne(proof, signal)).catch((error: unknown): Result<PagePrintOutcome, OneWindowError> => {
        // Without a ledger nothing is printed: a document that no disk knows of could come twice.
        fault('begin', error)
        return ok({ kind: 'not-started', why: 'fault' })
      })
      turn = mine
      return mine
    },
  }
}
