/** What SQLite stores in a STRICT table. Integers that we store fit into a double (milliseconds, byte counts). */
export type SqlValue = string | number | null | Uint8Array
export type SqlRow = Readonly<Record<string, SqlValue>>

export interface Statement {
  readonly sql: string
  readonly values: readonly SqlValue[]
  /** The transaction is rolled back when the statement changed another number of rows. */
  readonly mustChange?: number
}

export interface OpenOptions {
  readonly file: string
  /** One entry per version: entry 0 takes the file from version 0 to 1. Entries are only ever added. */
  readonly migrations: readonly string[]
}

/** Why the database did not open. `detail` names settings and versions, never data. */
export interface OpenFault {
  readonly kind: 'sqlite-too-old' | 'setting-refused' | 'newer-file' | 'damaged' | 'cannot-open'
  readonly detail: string
}

export type WorkerRequest =
  | { readonly id: number; readonly kind: 'open'; readonly options: OpenOptions }
  | { readonly id: number; readonly kind: 'transaction'; readonly statements: readonly Statement[] }
  | { readonly id: number; readonly kind: 'all'; readonly statement: Statement }
  | { readonly id: number; readonly kind: 'checkpoint' }
  | { readonly id: number; readonly kind: 'backup'; readonly file: string }
  | { readonly id: number; readonly kind: 'close' }

export type WorkerAnswer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly fault?: OpenFault; readonly message: string }
