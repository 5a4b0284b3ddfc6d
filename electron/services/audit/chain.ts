import { createHash } from 'node:crypto'

/** One row of the journal of staff acts. It names staff, devices and our own numbers; nothing of a citizen ever stands here. */
export interface AuditRow {
  /** From 1, without gaps. */
  readonly number: number
  /** Epoch milliseconds. */
  readonly at: number
  /** Number of the staff member; `-` before anybody has signed in. */
  readonly staff: string
  readonly act: string
  readonly about: string
  readonly result: AuditResult
  /** Hash of the row before; of the first row 64 zeroes. */
  readonly previous: string
  /** SHA-256 over the canonical JSON of everything above, hexadecimal. */
  readonly hash: string
}
export type AuditResult = 'done' | 'refused' | 'failed'

/** What the chain comes to: how many rows, and the hash of the last. */
export interface ChainHead {
  readonly count: number
  readonly hash: string
}

/** What stands before the first row. */
export const CHAIN_BEGINNING: ChainHead = { count: 0, hash: '0'.repeat(64) }

export type AuditBreak =
  /** A row says something else than was hashed. */
  | { readonly kind: 'changed'; readonly row: number }
  /** A number is missing, or comes in the wrong order. */
  | { readonly kind: 'gap'; readonly row: number }
  /** A row does not follow the one before it. */
  | { readonly kind: 'not-linked'; readonly row: number }
  /** The sealed head knows of more rows than there are: the end was cut off. `row` is the first that is missing. */
  | { readonly kind: 'cut-off'; readonly row: number; readonly missing: number }
  /** The row that the sealed head names is another one now. */
  | { readonly kind: 'rewritten'; readonly row: number }
  /** More rows than the sealed head accounts for: written past this program. */
  | { readonly kind: 'not-sealed'; readonly row: number }
  | { readonly kind: 'head-missing'; readonly row: number }
  | { readonly kind: 'head-forged'; readonly row: number }

/** SHA-256 over the row as JSON with its names in alphabetical order and no blanks. */
export function hashOf(row: Omit<AuditRow, 'hash'>): string {
  const { about, act, at, number, previous, result, staff } = row
  return createHash('sha256').update(JSON.stringify({ about, act, at, number, previous, result, staff })).digest('hex')
}

/** Follows the chain through further rows. Answers where it stands after them, or the first row that breaks it. */
export function followChain(from: ChainHead, rows: readonly AuditRow[]): { readonly head: ChainHead } | { readonly broken: AuditBreak } {
  let head = from
  for (const row of rows) {
    if (row.number !== head.count + 1) return { broken: { kind: 'gap', row: head.count + 1 } }
    if (row.previous !== head.hash) return { broken: { kind: 'not-linked', row: row.number } }
    if (row.hash !== hashOf(row)) return { broken: { kind: 'changed', row: row.number } }
    head = { count: row.number, hash: row.hash }
  }
  return { head }
}
