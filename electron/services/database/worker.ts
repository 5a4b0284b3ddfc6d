import { parentPort } from 'node:worker_threads'
import type { WorkerAnswer, WorkerRequest } from './protocol.ts'
import { OpenRefused, SqliteFile } from './sqlite-file.ts'

/** The thread that owns the file: `node:sqlite` is synchronous and an fsync may take long on a cheap disk. */
const port = parentPort
if (port === null) throw new Error('runs only as a worker thread')

let file: SqliteFile | undefined
let last: Promise<void> = Promise.resolve()

port.on('message', (request: WorkerRequest) => {
  // One after the other, in the order of asking, also where a backup takes time.
  last = last.then(async () => {
    port.postMessage(await answerTo(request))
  })
})

async function answerTo(request: WorkerRequest): Promise<WorkerAnswer> {
  try {
    return { id: request.id, ok: true, value: await work(request) }
  } catch (error) {
    return { id: request.id, ok: false, message: error instanceof Error ? error.message : 'error', ...(error instanceof OpenRefused && { fault: error.fault }) }
  }
}

async function work(request: WorkerRequest): Promise<unknown> {
  if (request.kind === 'open') {
    file = new SqliteFile(request.options)
    return undefined
  }
  if (file === undefined) throw new Error('the database is not open')
  switch (request.kind) {
    case 'transaction': return file.transaction(request.statements)
    case 'all': return file.all(request.statement)
    case 'checkpoint': return file.checkpoint()
    case 'backup': return file.backup(request.file)
    case 'close':
      file.close()
      file = undefined
      return undefined
  }
}
