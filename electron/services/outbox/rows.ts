import type { CaseNumber, IdempotencyKey, LocalNumber } from '../../../core/ids.ts'
import type { FileRef, UploadManifest } from '../../../core/one-window/types.ts'
import type { Database, SqlRow, Statement } from '../database/database.ts'
import { GOES_BEHIND_AFTER_TRIES } from './back-off.ts'
import type { ApplicationState } from './schema.ts'

/** One application as the table holds it, without its sealed bytes. Times are epoch milliseconds. */
export interface ApplicationRow {
  readonly id: string
  readonly localNumber: LocalNumber
  readonly idempotencyKey: IdempotencyKey
  readonly createdAt: number
  readonly matter: string
  readonly state: ApplicationState
  readonly tries: number
  readonly nextAt: number
  readonly lastCode: string | undefined
  readonly caseNumber: CaseNumber | undefined
  readonly receivedAt: number | undefined
  readonly updatedAt: number
}

export interface AttachmentRow {
  readonly id: string
  readonly file: string
  readonly manifest: UploadManifest
  readonly uploadId: string | undefined
  readonly offset: number
  readonly state: 'waiting' | 'uploaded' | 'wiped'
}

export interface NewRow {
  readonly id: string
  readonly localNumber: LocalNumber
  readonly idempotencyKey: IdempotencyKey
  readonly matter: string
  readonly sealed: Uint8Array
  readonly wrappedKey: Uint8Array
  readonly attachments: readonly { readonly file: string; readonly manifest: UploadManifest }[]
  /** Refused and wiped row of the same key, which the mended application replaces. */
  readonly replaces: string | undefined
}

const COLUMNS = 'id, local_number, idempotency_key, created_at, matter, state, tries, next_at, last_code, case_number, received_at, updated_at'

/** Every statement of the outbox, with names. */
export class OutboxRows {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** One transaction: the application, its key and its attachments. The disk has them when it resolves. */
  async add(row: NewRow, nowMs: number, nextAt: number): Promise<void> {
    const statements: Statement[] = []
    if (row.replaces !== undefined) statements.push({ sql: "DELETE FROM application WHERE id = ? AND state = 'refused'", values: [row.replaces], mustChange: 1 })
    statements.push({
      sql: `INSERT INTO application(id, local_number, idempotency_key, created_at, generation, matter, sealed, wrapped_key, state, next_at, updated_at)
            VALUES (?, ?, ?, ?, 1, ?, ?, ?, 'ready', ?, ?)`,
      values: [row.id, row.localNumber, row.idempotencyKey, nowMs, row.matter, row.sealed, row.wrappedKey, nextAt, nowMs],
    })
    row.attachments.forEach(({ file, manifest }, position) => statements.push({
      sql: "INSERT INTO attachment(id, application_id, position, sha256, bytes, mime, purpose, file, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting')",
      values: [manifest.file.attachmentId, row.id, position, manifest.file.sha256, manifest.file.bytes, manifest.file.mime, manifest.purpose, file],
    }))
    await this.#database.transaction(statements)
  }

  async byKey(key: IdempotencyKey): Promise<ApplicationRow | undefined> {
    return applicationRow(await this.#database.one(`SELECT ${COLUMNS} FROM application WHERE idempotency_key = ?`, key))
  }

  async byLocalNumber(localNumber: LocalNumber): Promise<ApplicationRow | undefined> {
    return applicationRow(await this.#database.one(`SELECT ${COLUMNS} FROM application WHERE local_number = ?`, localNumber))
  }

  async list(): Promise<readonly ApplicationRow[]> {
    return (await this.#database.all(`SELECT ${COLUMNS} FROM application ORDER BY created_at, rowid`)).flatMap((row) => applicationRow(row) ?? [])
  }

  /** Oldest first; one that has failed often stands behind the others. */
  async waiting(): Promise<readonly ApplicationRow[]> {
    const rows = await this.#database.all(`SELECT ${COLUMNS} FROM application WHERE state = 'ready' ORDER BY tries >= ${GOES_BEHIND_AFTER_TRIES}, created_at, rowid`)
    return rows.flatMap((row) => applicationRow(row) ?? [])
  }

  async sealed(id: string): Promise<{ readonly sealed: Uint8Array; readonly wrappedKey: Uint8Array } | undefined> {
    const row = await this.#database.one('SELECT sealed, wrapped_key FROM application WHERE id = ?', id)
    return row?.['sealed'] instanceof Uint8Array && row['wrapped_key'] instanceof Uint8Array ? { sealed: row['sealed'], wrappedKey: row['wrapped_key'] } : undefined
  }

  async attachments(id: string): Promise<readonly AttachmentRow[]> {
    const rows = await this.#database.all('SELECT * FROM attachment WHERE application_id = ? ORDER BY position', id)
    return rows.map((row) => ({
      id: String(row['id']),
      file: String(row['file']),
      manifest: {
        file: { attachmentId: String(row['id']), sha256: String(row['sha256']), bytes: Number(row['bytes']), mime: String(row['mime']) as FileRef['mime'] },
        purpose: String(row['purpose']) as UploadManifest['purpose'],
      },
      uploadId: row['upload_id'] === null ? undefined : String(row['upload_id']),
      offset: Number(row['offset']),
      state: String(row['state']) as AttachmentRow['state'],
    }))
  }

  /** Names of the sealed files that a row still needs. */
  async neededFiles(): Promise<ReadonlySet<string>> {
    return new Set((await this.#database.all("SELECT file FROM attachment WHERE state <> 'wiped'")).map((row) => String(row['file'])))
  }

  async rememberUpload(applicationId: string, attachmentId: string, uploadId: string | undefined, offset: number, uploaded: boolean): Promise<void> {
    await this.#database.run('UPDATE attachment SET upload_id = ?, offset = ?, state = ? WHERE application_id = ? AND id = ?', uploadId ?? null, offset, uploaded ? 'uploaded' : 'waiting', applicationId, attachmentId)
  }

  async forgetUploads(applicationId: string): Promise<void> {
    await this.#database.run("UPDATE attachment SET upload_id = NULL, offset = 0, state = 'waiting' WHERE application_id = ?", applicationId)
  }

  async sending(id: string, nowMs: number): Promise<void> {
    await this.#database.run("UPDATE application SET state = 'sending', updated_at = ? WHERE id = ?", nowMs, id)
  }

  async later(id: string, tries: number, nextAt: number, code: string | undefined, nowMs: number): Promise<void> {
    await this.#database.run("UPDATE application SET state = 'ready', tries = ?, next_at = ?, last_code = coalesce(?, last_code), updated_at = ? WHERE id = ?", tries, nextAt, code ?? null, nowMs, id)
  }

  async hold(id: string, code: string, nowMs: number): Promise<void> {
    await this.#database.run("UPDATE application SET state = 'held', last_code = ?, updated_at = ? WHERE id = ?", code, nowMs, id)
  }

  /** Everything that waits is due now. Answers how many. */
  async allNow(nowMs: number): Promise<number> {
    return this.#database.run("UPDATE application SET next_at = ?, updated_at = ? WHERE state = 'ready'", nowMs, nowMs)
  }

  /** Staff let a held application be tried again. Answers whether there was one. */
  async release(localNumber: LocalNumber, nowMs: number): Promise<boolean> {
    return (await this.#database.run("UPDATE application SET state = 'ready', tries = 0, next_at = ?, updated_at = ? WHERE local_number = ? AND state = 'held'", nowMs, nowMs, localNumber)) === 1
  }

  /** Received: in the same transaction the data key and the sealed bytes are deleted. */
  async done(id: string, caseNumber: string, receivedAt: number, nowMs: number): Promise<void> {
    await this.#database.transaction([
      { sql: "UPDATE application SET state = 'done', sealed = NULL, wrapped_key = NULL, last_code = NULL, case_number = ?, received_at = ?, updated_at = ? WHERE id = ?", values: [caseNumber, receivedAt, nowMs, id], mustChange: 1 },
      WIPE_ATTACHMENTS(id),
    ])
  }

  /** Refused while its citizen stood there and was told: nothing of it is kept but the code. */
  async refused(id: string, code: string, nowMs: number): Promise<void> {
    await this.#database.transaction([
      { sql: "UPDATE application SET state = 'refused', sealed = NULL, wrapped_key = NULL, last_code = ?, updated_at = ? WHERE id = ?", values: [code, nowMs, id], mustChange: 1 },
      WIPE_ATTACHMENTS(id),
    ])
  }

  /** What a stopped program was about to send is sent again, with the same key and bytes. */
  async recover(nextAt: number, nowMs: number): Promise<number> {
    const [recovered] = await this.#database.transaction([
      { sql: "UPDATE application SET state = 'ready', updated_at = ? WHERE state = 'sending'", values: [nowMs] },
      { sql: "UPDATE application SET next_at = ?, updated_at = ? WHERE state = 'ready'", values: [nextAt, nowMs] },
    ])
    return recovered ?? 0
  }

  async recountAfterClockSetBack(nowMs: number, nextAt: number): Promise<void> {
    await this.#database.run("UPDATE application SET next_at = ?, updated_at = ? WHERE state = 'ready' AND updated_at > ?", nextAt, nowMs, nowMs)
  }

  async counts(): Promise<{ readonly waiting: number; readonly held: number; readonly oldest: number | undefined }> {
    const row = await this.#database.one("SELECT count(*) FILTER (WHERE state IN ('ready', 'sending')) AS waiting, count(*) FILTER (WHERE state = 'held') AS held, min(created_at) FILTER (WHERE state IN ('ready', 'sending')) AS oldest FROM application")
    return { waiting: Number(row?.['waiting'] ?? 0), held: Number(row?.['held'] ?? 0), oldest: row?.['oldest'] == null ? undefined : Number(row['oldest']) }
  }

  /** After this the WAL holds nothing of what was wiped. */
  checkpoint(): Promise<void> {
    return this.#database.checkpoint()
  }
}

const WIPE_ATTACHMENTS = (id: string): Statement => ({ sql: "UPDATE attachment SET state = 'wiped', upload_id = NULL, sha256 = '' WHERE application_id = ?", values: [id] })

function applicationRow(row: SqlRow | undefined): ApplicationRow | undefined {
  if (row === undefined) return undefined
  return {
    id: String(row['id']),
    localNumber: String(row['local_number']) as LocalNumber,
    idempotencyKey: String(row['idempotency_key']) as IdempotencyKey,
    createdAt: Number(row['created_at']),
    matter: String(row['matter']),
    state: String(row['state']) as ApplicationState,
    tries: Number(row['tries']),
    nextAt: Number(row['next_at']),
    lastCode: row['last_code'] == null ? undefined : String(row['last_code']),
    caseNumber: row['case_number'] == null ? undefined : (String(row['case_number']) as CaseNumber),
    receivedAt: row['received_at'] == null ? undefined : Number(row['received_at']),
    updatedAt: Number(row['updated_at']),
  }
}
