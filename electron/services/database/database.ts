import { Worker } from 'node:worker_threads'
import { err, ok, type Result } from '../../../core/result/result.ts'
import { text, type LocalText } from '../../../core/text/local-text.ts'
import type { OpenFault, OpenOptions, SqlRow, SqlValue, Statement, WorkerAnswer, WorkerRequest } from './protocol.ts'

export type { OpenFault, SqlRow, SqlValue, Statement } from './protocol.ts'

export interface DatabaseOptions extends OpenOptions {
  /** Where the worker's code is; the bundler gives its own address, the sources need none. */
  readonly workerUrl?: URL
}

/**
 * One SQLite file behind a worker thread. A promise that resolves means that COMMIT has returned with `synchronous=FULL`:
 * the disk has it. Rejections are bugs (a broken constraint, a full disk): nothing of the transaction has happened.
 */
export interface Database {
  /** All or nothing; answers how many rows each statement changed. */
  transaction(statements: readonly Statement[]): Promise<readonly number[]>
  run(sql: string, ...values: readonly SqlValue[]): Promise<number>
  all(sql: string, ...values: readonly SqlValue[]): Promise<readonly SqlRow[]>
  one(sql: string, ...values: readonly SqlValue[]): Promise<SqlRow | undefined>
  /** `wal_checkpoint(TRUNCATE)`: what was deleted is then gone from the WAL as well. */
  checkpoint(): Promise<void>
  backup(file: string): Promise<void>
  close(): Promise<void>
}

/**
 * Opens (or makes) a file in the durable way: WAL, `synchronous=FULL`, foreign keys, all read back; the file is refused when
 * any differs, when SQLite is older than 3.51.3, or when the file was written by a newer program. Each service keeps a file
 * of its own, with its own migrations. The folder must exist on a local disk, with tight permissions.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Result<Database, OpenFault>> {
  const { workerUrl = new URL('./worker.ts', import.meta.url), file, migrations } = options
  const worker = new Worker(workerUrl)
  const waiting = new Map<number, { readonly resolve: (answer: WorkerAnswer) => void; readonly reject: (error: Error) => void }>()
  let lastId = 0
  let gone: Error | undefined

  const fail = (error: Error): void => {
    gone ??= error
    for (const { reject } of waiting.values()) reject(gone)
    waiting.clear()
  }
  worker.on('message', (answer: WorkerAnswer) => {
    waiting.get(answer.id)?.resolve(answer)
    waiting.delete(answer.id)
  })
  worker.on('error', (error) => fail(error instanceof Error ? error : new Error('the database worker failed')))
  worker.on('exit', () => fail(new Error('the database worker has ended')))

  type Asked = WorkerRequest extends infer Request ? (Request extends WorkerRequest ? Omit<Request, 'id'> : never) : never
  const post = (request: Asked): Promise<WorkerAnswer> => new Promise((resolve, reject) => {
    if (gone !== undefined) return reject(gone)
    const id = ++lastId
    waiting.set(id, { resolve, reject })
    worker.postMessage({ ...request, id })
  })
  const ask = async <T>(request: Asked): Promise<T> => {
    const answer = await post(request)
    if (!answer.ok) throw new Error(answer.message)
    return answer.value as T
  }

  const opened = await post({ kind: 'open', options: { file, migrations } })
  if (!opened.ok) {
    await worker.terminate()
    return err(opened.fault ?? { kind: 'cannot-open', detail: opened.message })
  }
  const all = (sql: string, ...values: readonly SqlValue[]): Promise<readonly SqlRow[]> => ask({ kind: 'all', statement: { sql, values } })
  return ok({
    transaction: (statements) => ask({ kind: 'transaction', statements }),
    run: async (sql, ...values) => (await ask<readonly number[]>({ kind: 'transaction', statements: [{ sql, values }] }))[0] ?? 0,
    all,
    one: async (sql, ...values) => (await all(sql, ...values))[0],
    checkpoint: () => ask({ kind: 'checkpoint' }),
    backup: (target) => ask({ kind: 'backup', file: target }),
    async close() {
      if (gone !== undefined) return
      await ask({ kind: 'close' })
      await worker.terminate()
    },
  })
}

/** What staff are told when a file cannot be used; the terminal then takes no submissions. */
export function openFaultSentence(fault: OpenFault): LocalText {
  switch (fault.kind) {
    case 'sqlite-too-old':
      return text(`SQLite 版本过旧（${fault.detail}），可能丢失数据，已拒绝启动。请更新终端软件。`, `SQLite is too old (${fault.detail}) and may lose data; not started. Update the terminal's software.`)
    case 'setting-refused':
      return text(`数据库不能以可靠方式打开（${fault.detail}）。检查数据文件夹是否在本地磁盘。`, `The database cannot be opened in the durable way (${fault.detail}). See that the data folder is on a local disk.`)
    case 'newer-file':
      return text(`数据库由更新的软件写成（${fault.detail}）。请装回较新的版本。`, `The database was written by newer software (${fault.detail}). Install the newer version again.`)
    case 'damaged':
      return text(`数据库文件损坏（${fault.detail}）。请勿删除，联系维护人员恢复备份。`, `The database file is damaged (${fault.detail}). Do not delete it; have maintenance restore the backup.`)
    case 'cannot-open':
      return text(`打不开数据库文件（${fault.detail}）。检查磁盘空间和权限。`, `The database file cannot be opened (${fault.detail}). Check disk space and permissions.`)
  }
}
