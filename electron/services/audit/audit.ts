import { join } from 'node:path'
import type { Clock } from '../../../core/clock/clock.ts'
import type { Database, SqlRow } from '../database/database.ts'
import type { TerminalKey } from '../one-window/terminal-key.ts'
import type { AuditBreak, AuditResult, AuditRow, ChainHead } from './chain.ts'
import { CHAIN_BEGINNING, followChain, hashOf } from './chain.ts'
import type { ReadHead } from './sealed-head.ts'
import { readSealedHead, sealHead, SEALED_HEAD_FILE } from './sealed-head.ts'

/** File name of the journal in the database room. */
export const AUDIT_FILE = 'audit.db'

export const AUDIT_MIGRATIONS: readonly string[] = [
  `CREATE TABLE audit(
    number INTEGER PRIMARY KEY CHECK (number > 0),
    at INTEGER NOT NULL,
    staff TEXT NOT NULL,
    act TEXT NOT NULL,
    about TEXT NOT NULL,
    result TEXT NOT NULL CHECK (result IN ('done', 'refused', 'failed')),
    previous TEXT NOT NULL CHECK (length(previous) = 64),
    hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64)
  ) STRICT;
  CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit journal is append-only'); END;
  CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit journal is append-only'); END;`,
]

export interface AuditEntry {
  readonly staff: string
  readonly act: string
  /** Device, reason, local number and the like; never anything of a citizen. */
  readonly about: string
  readonly result: AuditResult
}

export type AuditVerdict =
  | { readonly whole: true; readonly count: number; readonly hash: string }
  | { readonly whole: false; readonly broken: AuditBreak; readonly count: number }

/** The append-only, hash-chained journal of everything that staff did. */
export interface Audit {
  /** Resolves when the disk has row and sealed head. Rejects when it could not be written: then the act must not take effect. */
  append(entry: AuditEntry): Promise<AuditRow>
  /** Reads every row and the sealed head. */
  verify(): Promise<AuditVerdict>
  /** Newest first. */
  latest(limit: number): Promise<readonly AuditRow[]>
  count(): Promise<number>
}

export interface AuditOptions {
  /** Opened with `AUDIT_MIGRATIONS`. */
  readonly database: Database
  /** Where the sealed head lives: the key room. */
  readonly keys: string
  readonly key: TerminalKey
  readonly clock: Clock
}

/**
 * Opens the journal. A damaged one is opened as well and goes on from its last row: what happens now must be written down, and
 * `verify` goes on to say that it is broken.
 */
export async function openAudit({ database, keys, key, clock }: AuditOptions): Promise<Audit> {
  const headFile = join(keys, SEALED_HEAD_FILE)
  let line: Promise<unknown> = Promise.resolve()
  const rowsAfter = async (number: number): Promise<readonly AuditRow[]> => (await database.all('SELECT * FROM audit WHERE number > ? ORDER BY number LIMIT ?', number, ROWS_AT_A_TIME)).map(auditRow)
  const verifyNow = async (): Promise<AuditVerdict> => verifyRows(rowsAfter, () => readSealedHead(headFile, key.publicKey))
  /** A break that was there when this program started is never sealed over. */
  let maySeal = true
  /** A row that the disk took without its seal. A second one would look as if written past this program. */
  let unsealed: ChainHead | undefined

  async function seal(to: ChainHead): Promise<void> {
    if (!maySeal) return
    unsealed = to
    await sealHead(headFile, to, key)
    unsealed = undefined
  }

  async function lastRow(): Promise<ChainHead> {
    const last = await database.one('SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1')
    return last === undefined ? CHAIN_BEGINNING : { count: Number(last['number']), hash: String(last['hash']) }
  }

  async function appendOne(entry: AuditEntry): Promise<AuditRow> {
    if (unsealed !== undefined) await seal(unsealed)
    const { count, hash: previous } = await lastRow()
    const content = { number: count + 1, at: clock.now(), staff: entry.staff, act: entry.act, about: entry.about, result: entry.result, previous }
    const row: AuditRow = { ...content, hash: hashOf(content) }
    await database.run('INSERT INTO audit(number, at, staff, act, about, result, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)', row.number, row.at, row.staff, row.act, row.about, row.result, row.previous, row.hash)
    await seal({ count: row.number, hash: row.hash })
    return row
  }

  const opening = await verifyNow()
  if (opening.whole) await sealHead(headFile, { count: opening.count, hash: opening.hash }, key)
  else if (opening.broken.kind === 'head-missing' && opening.count === 0) await sealHead(headFile, CHAIN_BEGINNING, key)
  else maySeal = false

  return {
    append: (entry) => {
      const mine = line.then(() => appendOne(entry))
      line = mine.catch(() => undefined)
      return mine
    },
    verify: () => {
      // In line with the rows: between a row and its seal the two differ for a moment.
      const mine = line.then(verifyNow)
      line = mine.catch(() => undefined)
      return mine
    },
    latest: async (limit) => (await database.all('SELECT * FROM audit ORDER BY number DESC LIMIT ?', limit)).map(auditRow),
    count: async () => Number((await database.one('SELECT count(*) AS count FROM audit'))?.['count'] ?? 0),
  }
}

const ROWS_AT_A_TIME = 1000

/**
 * Judges a journal, whoever reads it. One row more than the seal knows is whole: the power may go between a row and its seal.
 * @param rowsAfter up to any number of rows after the given one, in order; none at the end
 */
export async function verifyRows(rowsAfter: (number: number) => Promise<readonly AuditRow[]>, readHead: () => Promise<ReadHead>): Promise<AuditVerdict> {
  // Before the rows: one that is written meanwhile makes the journal longer than the seal, never shorter.
  const sealed = await readHead()
  let head = CHAIN_BEGINNING
  let hashAtSeal: string | undefined = sealed.kind === 'head' && sealed.head.count === 0 ? CHAIN_BEGINNING.hash : undefined
  const count = async (): Promise<number> => {
    let total = head.count
    for (let rows = await rowsAfter(total); rows.length > 0; rows = await rowsAfter(total)) total = rows.at(-1)?.number ?? total + 1
    return total
  }
  for (;;) {
    const rows = await rowsAfter(head.count)
    if (rows.length === 0) break
    const followed = followChain(head, rows)
    if ('broken' in followed) return { whole: false, broken: followed.broken, count: await count() }
    if (sealed.kind === 'head') hashAtSeal ??= rows.find((row) => row.number === sealed.head.count)?.hash
    head = followed.head
  }
  const broken = judgeSeal(head, sealed, hashAtSeal)
  return broken === undefined ? { whole: true, ...head } : { whole: false, broken, count: head.count }
}

function judgeSeal(head: ChainHead, sealed: ReadHead, hashAtSeal: string | undefined): AuditBreak | undefined {
  if (sealed.kind === 'missing') return { kind: 'head-missing', row: head.count }
  if (sealed.kind === 'forged') return { kind: 'head-forged', row: head.count }
  const { count, hash } = sealed.head
  if (count > head.count) return { kind: 'cut-off', row: head.count + 1, missing: count - head.count }
  if (hashAtSeal !== hash) return { kind: 'rewritten', row: count }
  if (head.count > count + 1) return { kind: 'not-sealed', row: count + 1 }
  return undefined
}

/** A row of the table, whoever reads the file. */
export function auditRow(row: SqlRow): AuditRow {
  return {
    number: Number(row['number']), at: Number(row['at']), staff: String(row['staff']), act: String(row['act']), about: String(row['about']),
    result: String(row['result']) as AuditResult, previous: String(row['previous']), hash: String(row['hash']),
  }
}
