import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const SCHEMA = `
CREATE TABLE IF NOT EXISTS enrolment_code(code TEXT PRIMARY KEY, terminal_id TEXT, public_key TEXT) STRICT;
CREATE TABLE IF NOT EXISTS terminal(
  id TEXT PRIMARY KEY, public_key TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, software TEXT NOT NULL,
  registered_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, suspended INTEGER NOT NULL DEFAULT 0,
  heartbeat_at INTEGER, heartbeat TEXT) STRICT;
CREATE TABLE IF NOT EXISTS nonce(terminal_id TEXT NOT NULL, nonce TEXT NOT NULL, seen_at INTEGER NOT NULL, PRIMARY KEY(terminal_id, nonce)) STRICT;
CREATE TABLE IF NOT EXISTS answered(
  terminal_id TEXT NOT NULL, idempotency_key TEXT NOT NULL, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, headers TEXT NOT NULL,
  body TEXT, answered_at INTEGER NOT NULL, PRIMARY KEY(terminal_id, idempotency_key)) STRICT;
CREATE TABLE IF NOT EXISTS session(
  id TEXT PRIMARY KEY, terminal_id TEXT NOT NULL, person TEXT NOT NULL, person_number TEXT NOT NULL, opened_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL, ended_at INTEGER) STRICT;
CREATE TABLE IF NOT EXISTS draft(
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session(id), matter TEXT NOT NULL, pack TEXT NOT NULL, answers TEXT NOT NULL,
  form TEXT NOT NULL, updated_at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS upload(
  id TEXT PRIMARY KEY, terminal_id TEXT NOT NULL, attachment_id TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,
  mime TEXT NOT NULL, purpose TEXT NOT NULL, offset INTEGER NOT NULL, complete INTEGER NOT NULL, gone INTEGER NOT NULL,
  case_number TEXT, expires_at INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS upload_by_attachment ON upload(terminal_id, attachment_id);
CREATE TABLE IF NOT EXISTS licence_fetch(
  ref TEXT PRIMARY KEY, terminal_id TEXT NOT NULL, person_number TEXT NOT NULL, type TEXT NOT NULL, purpose TEXT NOT NULL,
  matter TEXT NOT NULL, consent TEXT NOT NULL, found INTEGER NOT NULL, fetched_at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS data_check(
  ref TEXT PRIMARY KEY, terminal_id TEXT NOT NULL, person_number TEXT NOT NULL, kind TEXT NOT NULL, matter TEXT NOT NULL,
  consent TEXT NOT NULL, outcome TEXT NOT NULL, checked_at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS commitment(
  ref TEXT PRIMARY KEY, terminal_id TEXT NOT NULL, person_number TEXT NOT NULL, matter TEXT NOT NULL, material_id TEXT NOT NULL,
  text TEXT NOT NULL, recorded_at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS running_number(day TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS accepted_case(
  number TEXT PRIMARY KEY, terminal_id TEXT NOT NULL, matter_id TEXT NOT NULL, applicant_number TEXT NOT NULL, submission TEXT NOT NULL,
  fingerprint TEXT NOT NULL, state TEXT NOT NULL, received_at INTEGER NOT NULL, promise TEXT NOT NULL, tolerated TEXT NOT NULL,
  proof TEXT, proof_code TEXT UNIQUE) STRICT;
CREATE TABLE IF NOT EXISTS timeline(
  id INTEGER PRIMARY KEY, case_number TEXT NOT NULL REFERENCES accepted_case(number), at INTEGER NOT NULL, state TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS evaluation(
  case_number TEXT PRIMARY KEY REFERENCES accepted_case(number), grade INTEGER NOT NULL, details TEXT NOT NULL, words TEXT,
  recorded_at INTEGER NOT NULL) STRICT;
`

type Value = string | number | null
type Row = Record<string, Value>

/** The backend's file: cases, uploads and everything else, kept across restarts in one folder. */
export class Store {
  readonly filesFolder: string
  readonly #database: DatabaseSync

  constructor(folder: string) {
    this.filesFolder = join(folder, 'files')
    mkdirSync(this.filesFolder, { recursive: true, mode: 0o700 })
    chmodSync(folder, 0o700)
    this.#database = new DatabaseSync(join(folder, 'one-window.db'))
    this.#database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON')
    this.#database.exec(SCHEMA)
  }

  run(sql: string, ...values: readonly Value[]): number {
    return Number(this.#database.prepare(sql).run(...values).changes)
  }

  one(sql: string, ...values: readonly Value[]): Row | undefined {
    return this.#database.prepare(sql).get(...values) as Row | undefined
  }

  all(sql: string, ...values: readonly Value[]): readonly Row[] {
    return this.#database.prepare(sql).all(...values) as Row[]
  }

  /** Everything inside happens or nothing does. */
  transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.#database.exec('COMMIT')
      return result
    } catch (error) {
      this.#database.exec('ROLLBACK')
      throw error
    }
  }

  filePath(uploadId: string): string {
    return join(this.filesFolder, uploadId)
  }

  close(): void {
    this.#database.close()
  }
}
