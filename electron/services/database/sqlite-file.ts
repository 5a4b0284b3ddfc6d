import { chmodSync } from 'node:fs'
import { backup, DatabaseSync, type StatementSync } from 'node:sqlite'
import type { OpenFault, OpenOptions, SqlRow, Statement } from './protocol.ts'

/** Older libraries can lose data when a WAL is reset at the wrong moment; fixed in this version. */
const OLDEST_SQLITE = [3, 51, 3] as const
/** Another process (a backup, a curious technician) may hold the file for a moment. */
const BUSY_TIMEOUT_MS = 5_000

/** What must read back after it was set: durability rests on these (facts on durability, 5.1). */
const SETTINGS: readonly (readonly [pragma: string, set: string, expected: string | number])[] = [
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  ['foreign_keys', 'ON', 1],
  // Freed pages are overwritten with zeroes, so that a wiped row leaves nothing in the file.
  ['secure_delete', 'ON', 1],
]

export class OpenRefused extends Error {
  readonly fault: OpenFault
  constructor(fault: OpenFault) {
    super(`${fault.kind}: ${fault.detail}`)
    this.fault = fault
  }
}

/** One SQLite file, opened the durable way. Synchronous: lives in the database worker only. */
export class SqliteFile {
  readonly #database: DatabaseSync
  readonly #prepared = new Map<string, StatementSync>()

  /** @throws OpenRefused when the file cannot be had in the durable way */
  constructor(options: OpenOptions) {
    if (!isAtLeast(process.versions.sqlite ?? '0', OLDEST_SQLITE)) {
      throw new OpenRefused({ kind: 'sqlite-too-old', detail: `${process.versions.sqlite ?? 'none'} < ${OLDEST_SQLITE.join('.')}` })
    }
    try {
      this.#database = new DatabaseSync(options.file, { timeout: BUSY_TIMEOUT_MS })
      chmodSync(options.file, 0o600)
    } catch (error) {
      throw new OpenRefused({ kind: 'cannot-open', detail: errorName(error) })
    }
    try {
      for (const [pragma, set, expected] of SETTINGS) {
        this.#database.exec(`PRAGMA ${pragma}=${set}`)
        const read = Object.values(this.#database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]
        if (read !== expected) throw new OpenRefused({ kind: 'setting-refused', detail: `${pragma}=${String(read)}` })
      }
      const check = Object.values(this.#database.prepare('PRAGMA quick_check(1)').get() ?? {})[0]
      if (check !== 'ok') throw new OpenRefused({ kind: 'damaged', detail: 'quick_check' })
      this.#migrate(options.migrations)
    } catch (error) {
      this.#database.close()
      throw error instanceof OpenRefused ? error : new OpenRefused({ kind: 'damaged', detail: errorName(error) })
    }
  }

  /** All statements in one transaction; answers how many rows each changed. Returns only after COMMIT has. */
  transaction(statements: readonly Statement[]): readonly number[] {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      const changes = statements.map((statement) => {
        const changed = Number(this.#prepare(statement.sql).run(...statement.values).changes)
        if (statement.mustChange !== undefined && changed !== statement.mustChange) throw new Error(`a statement changed ${changed} rows instead of ${statement.mustChange}`)
        return changed
      })
      this.#database.exec('COMMIT')
      return changes
    } catch (error) {
      this.#database.exec('ROLLBACK')
      throw error
    }
  }

  all(statement: Statement): readonly SqlRow[] {
    return this.#prepare(statement.sql).all(...statement.values) as SqlRow[]
  }

  /** Moves everything from the WAL into the file and cuts the WAL to nothing. */
  checkpoint(): void {
    const row = this.#database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { readonly busy?: number } | undefined
    if (row?.busy !== 0) throw new Error('the checkpoint was kept from finishing')
  }

  /** A consistent copy. Copying the file itself would not be one. */
  async backup(file: string): Promise<void> {
    await backup(this.#database, file)
  }

  close(): void {
    this.#prepared.clear()
    this.#database.close()
  }

  #prepare(sql: string): StatementSync {
    const known = this.#prepared.get(sql)
    if (known !== undefined) return known
    const made = this.#database.prepare(sql)
    this.#prepared.set(sql, made)
    return made
  }

  /** All missing versions in one transaction: after a crash the file is at the old version or at the new, never between. */
  #migrate(migrations: readonly string[]): void {
    const version = Number(Object.values(this.#database.prepare('PRAGMA user_version').get() ?? {})[0])
    if (version > migrations.length) throw new OpenRefused({ kind: 'newer-file', detail: `version ${version}, known ${migrations.length}` })
    if (version === migrations.length) return
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      for (const migration of migrations.slice(version)) this.#database.exec(migration)
      this.#database.exec(`PRAGMA user_version=${migrations.length}`)
      this.#database.exec('COMMIT')
    } catch (error) {
      this.#database.exec('ROLLBACK')
      throw error
    }
  }
}

export function isAtLeast(version: string, wanted: readonly number[]): boolean {
  const parts = version.split('.').map(Number)
  for (const [index, minimum] of wanted.entries()) {
    const part = parts[index] ?? 0
    if (part !== minimum) return part > minimum
  }
  return true
}

/** System errors by their code; a message could quote a path. */
function errorName(error: unknown): string {
  const code = (error as { readonly code?: unknown }).code
  return typeof code === 'string' ? code : 'error'
}
