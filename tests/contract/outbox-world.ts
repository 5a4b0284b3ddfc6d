import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../core/clock/clock.ts'
import type { Log, LogEventId } from '../../core/log/events.ts'
import type { OneWindowClient } from '../../core/one-window/client.ts'
import { ok, type Result } from '../../core/result/result.ts'
import { openDatabase, type Database } from '../../electron/services/database/database.ts'
import { openFileKeyStore } from '../../electron/services/outbox/key-store.ts'
import { createOutbox, OUTBOX_MIGRATIONS, type Outbox, type OutboxOptions } from '../../electron/services/outbox/outbox.ts'

export interface OutboxWorld {
  readonly outbox: Outbox
  readonly database: Database
  readonly events: LogEventId[]
  close(): Promise<void>
}

/** A terminal's outbox in a folder; the same folder again is the same terminal after a restart. */
export async function openOutbox(folder: string, client: OutboxOptions['client'], clock: Clock, overrides: Partial<OutboxOptions> = {}): Promise<OutboxWorld> {
  for (const name of ['database', 'keys']) mkdirSync(join(folder, name), { recursive: true, mode: 0o700 })
  const database = await openDatabase({ file: join(folder, 'database', 'outbox.db'), migrations: OUTBOX_MIGRATIONS })
  if (!database.ok) throw new Error(database.error.detail)
  const keyStore = await openFileKeyStore(join(folder, 'keys'))
  if (!keyStore.ok) throw new Error(keyStore.error.kind)
  const events: LogEventId[] = []
  const log: Log = (event) => events.push(event)
  const outbox = await createOutbox({
    folder: join(folder, 'attachments'), database: database.value, keyStore: keyStore.value, client, clock, log,
    renew: (): Promise<Result<unknown, unknown>> => Promise.resolve(ok(undefined)), random: Math.random, startSpreadMs: 0, ...overrides,
  })
  return {
    outbox, database: database.value, events,
    async close() {
      await outbox.stop()
      await database.value.close()
    },
  }
}

/** Counts what goes out, and can do something before or instead of a call. */
export function watched(client: OneWindowClient): OneWindowClient & { readonly pieces: { readonly offset: number; readonly bytes: number }[]; readonly submitted: string[] } {
  const pieces: { offset: number; bytes: number }[] = []
  const submitted: string[] = []
  return {
    ...client, pieces, submitted,
    putUploadPiece(uploadId, offset, piece, options) {
      pieces.push({ offset, bytes: piece.length })
      return client.putUploadPiece(uploadId, offset, piece, options)
    },
    submitCase(frozen, key, options) {
      submitted.push(`${key} ${frozen}`)
      return client.submitCase(frozen, key, options)
    },
  }
}
