import { createHash } from 'node:crypto'
import { closeSync, constants, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import type { Store } from './store.ts'

/** An unfinished upload is kept for a week: longer than a hall's weekend without network. */
export const UPLOAD_LIFE_MS = 7 * 86_400_000

/**
 * Writes a piece at its place and returns only when the disk has it. The offset in the database is the truth: what a crash
 * left behind it in the file is overwritten by the piece that comes again.
 */
export function pieceStored(store: Store, uploadId: string, offset: number, piece: Uint8Array): void {
  const file = openSync(store.filePath(uploadId), constants.O_WRONLY | constants.O_CREAT, 0o600)
  try {
    for (let written = 0; written < piece.length;) written += writeSync(file, piece, written, piece.length - written, offset + written)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** SHA-256 of the stored file, hexadecimal. */
export function sha256OfUpload(store: Store, uploadId: string): string {
  return createHash('sha256').update(readFileSync(store.filePath(uploadId))).digest('hex')
}

export function removeUploadFile(store: Store, uploadId: string): void {
  rmSync(store.filePath(uploadId), { force: true })
}
