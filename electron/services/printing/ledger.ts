import type { PrintObstacle, PrintOutcome, TicketFate } from '../../../core/device/operations.ts'
import type { Database, SqlRow } from '../database/database.ts'
import { processIdOf } from './process-id.ts'

/** Each step of a receipt, as it stands on disk before the step is taken. */
export type PrintState = 'queued' | 'preflight' | 'sending' | PrintOutcome['kind'] | TicketFate

/**
 * The ladder of every receipt, on disk before the step that it names, so that no crash can turn one receipt into two:
 * `queued → preflight → sending → printed → presented → taken | retracted | left`, with the side exits `voided`, `unknown`
 * and `not-started`. `sending` stands on disk before the device host is asked. What a crash left in `sending` becomes
 * `unknown`: nobody knows, and only staff may print it again. Holds numbers and times, no content.
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
  `CREATE TABLE print_job_whole(
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    process_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'preflight', 'sending', 'printed', 'presented', 'taken', 'retracted', 'left', 'voided', 'unknown', 'not-started')),
    why TEXT,
    proof TEXT CHECK (proof IN ('process-id', 'in-order-status')),
    unlimited INTEGER NOT NULL DEFAULT 0 CHECK (unlimited IN (0, 1)),
    settled_by INTEGER REFERENCES print_job_whole(id),
    updated_at INTEGER NOT NULL
  ) STRICT;
  INSERT INTO print_job_whole(id, number, attempt, process_id, state, why, updated_at) SELECT id, number, attempt, process_id, state, why, updated_at FROM print_job;
  DROP TABLE print_job;
  ALTER TABLE print_job_whole RENAME TO print_job;
  CREATE INDEX print_job_by_number ON print_job(number, id);
  CREATE INDEX print_job_by_process_id ON print_job(process_id, id);
  CREATE INDEX print_job_unknown ON print_job(state) WHERE state = 'unknown';`,
]

/** One attempt to print one receipt. */
export interface PrintEntry {
  readonly id: number
  readonly number: string
  readonly attempt: number
  readonly state: PrintState
  readonly why: PrintObstacle | undefined
  readonly unlimited: boolean
  readonly settled: boolean
  /** Epoch milliseconds of the last change. */
  readonly at: number
}

/** What may follow what. A ticket's fate never comes before the printer's proof, and what is settled stays. */
const FATE_AFTER: Readonly<Record<TicketFate, readonly PrintState[]>> = {
  presented: ['printed'],
  taken: ['printed', 'presented', 'left'],
  retracted: ['printed', 'presented', 'left'],
  left: ['printed', 'presented'],
}
/** Unknown ends older than this are history, not work. */
const UNKNOWN_SHOWN_MS = 7 * 24 * 3_600_000
const UNKNOWN_SHOWN_AT_MOST = 50
const COLUMNS = 'id, number, attempt, state, why, unlimited, settled_by, updated_at'

export type Ledger = ReturnType<typeof createLedger>

/** The ladder's SQL in one place. Every promise resolves after COMMIT; rejections mean that nothing was written. */
export function createLedger(database: Database, now: () => number) {
  return {
    /** Answers how many receipts nobody knows the end of. What had not been handed to the printer is known to be nowhere. */
    async recover(): Promise<number> {
      const [, unknown] = await database.transaction([
        { sql: "UPDATE print_job SET state = 'not-started', why = 'link-lost', updated_at = ? WHERE state IN ('queued', 'preflight')", values: [now()] },
        { sql: "UPDATE print_job SET state = 'unknown', why = 'link-lost', updated_at = ? WHERE state = 'sending'", values: [now()] },
      ])
      return unknown ?? 0
    },

    /** Attempts of a number of which something is, was or may be on paper, oldest first. */
    async attemptsOf(number: string): Promise<readonly PrintEntry[]> {
      return (await database.all(`SELECT ${COLUMNS} FROM print_job WHERE number = ? AND unlimited = 0 AND state <> 'not-started' ORDER BY id`, number)).map(entryOf)
    },

    /** Whether the last attempt of all may hang in the printer, uncut. */
    async mayHang(): Promise<boolean> {
      const row = await database.one("SELECT state FROM print_job WHERE state NOT IN ('queued', 'preflight', 'not-started') ORDER BY id DESC LIMIT 1")
      return row?.['state'] === 'unknown' || row?.['state'] === 'voided' || row?.['state'] === 'sending'
    },

    async queue(number: string, attempt: number, unlimited: boolean): Promise<{ readonly id: number; readonly processId: string }> {
      const counter = await database.one('UPDATE print_counter SET value = value + 1 RETURNING value')
      const processId = processIdOf(Number(counter?.['value'] ?? 0))
      const row = await database.one("INSERT INTO print_job(number, attempt, process_id, state, unlimited, updated_at) VALUES (?, ?, ?, 'queued', ?, ?) RETURNING id", number, attempt, processId, unlimited ? 1 : 0, now())
      return { id: Number(row?.['id']), processId }
    },

    /** @throws when the row does not stand where it must: then the step may not be taken */
    async step(id: number, from: 'queued' | 'preflight', to: 'preflight' | 'sending'): Promise<void> {
      await database.transaction([{ sql: 'UPDATE print_job SET state = ?, updated_at = ? WHERE id = ? AND state = ?', values: [to, now(), id, from], mustChange: 1 }])
    },

    async settle(id: number, outcome: PrintOutcome): Promise<void> {
      const why = outcome.kind === 'printed' ? null : outcome.why
      const proof = outcome.kind === 'printed' ? outcome.proof : null
      await database.run("UPDATE print_job SET state = ?, why = ?, proof = ?, updated_at = ? WHERE id = ? AND state IN ('queued', 'preflight', 'sending')", outcome.kind, why, proof, now(), id)
    },

    /** Answers the row that changed. Process ids come round again after years; the newest row with it is meant. */
    async ticketIs(processId: string, fate: TicketFate): Promise<PrintEntry | undefined> {
      const row = await database.one(`SELECT ${COLUMNS} FROM print_job WHERE process_id = ? ORDER BY id DESC LIMIT 1`, processId)
      if (row === undefined) return undefined
      const entry = entryOf(row)
      if (!FATE_AFTER[fate].includes(entry.state)) return undefined
      await database.run('UPDATE print_job SET state = ?, updated_at = ? WHERE id = ?', fate, now(), entry.id)
      return { ...entry, state: fate }
    },

    async unknown(): Promise<readonly PrintEntry[]> {
      const rows = await database.all(`SELECT ${COLUMNS} FROM print_job WHERE state = 'unknown' AND unlimited = 0 AND settled_by IS NULL AND updated_at > ? ORDER BY id DESC LIMIT ?`, now() - UNKNOWN_SHOWN_MS, UNKNOWN_SHOWN_AT_MOST)
      return rows.map(entryOf)
    },

    async find(id: number): Promise<PrintEntry | undefined> {
      const row = await database.one(`SELECT ${COLUMNS} FROM print_job WHERE id = ?`, id)
      return row === undefined ? undefined : entryOf(row)
    },

    /** A later attempt took the place of one with an unknown end. */
    async settledBy(id: number, laterId: number): Promise<void> {
      await database.run('UPDATE print_job SET settled_by = ? WHERE id = ?', laterId, id)
    },
  }
}

function entryOf(row: SqlRow): PrintEntry {
  return {
    id: Number(row['id']),
    number: String(row['number']),
    attempt: Number(row['attempt']),
    // Both columns are held to these values by the table and by the only code that writes them.
    state: String(row['state']) as PrintState,
    why: row['why'] === null ? undefined : (String(row['why']) as PrintObstacle),
    unlimited: row['unlimited'] === 1,
    settled: row['settled_by'] !== null,
    at: Number(row['updated_at']),
  }
}
