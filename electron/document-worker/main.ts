/**
 * The document worker: a process of its own that turns page pictures into fields. It holds one citizen's pages in memory
 * only, writes nothing to disk, talks to nobody but its parent, and is killed when the session ends. It alone loads the
 * text engine, in this one thread.
 */
import type { OcrEngine } from '../../core/document/engine.ts'
import type { EngineSettings } from '../../core/document/engine-settings.ts'
import type { ToDocumentWorker } from '../../core/document/worker-protocol.ts'
import { EXIT_TOO_MUCH_MEMORY } from '../../core/document/worker-protocol.ts'
import { ok, unreachable } from '../../core/result/result.ts'
import { openEngine } from './engines/open-engine.ts'
import { decodeFast } from './page/picture.ts'
import { bound, lookedAt } from './page/requests.ts'
import type { ParentPort } from './port.ts'
import { parentPort } from './port.ts'
import { readPage } from './read-page.ts'

const MEMORY_LIMIT_MB = Number(process.env['DOCUMENT_WORKER_MEMORY_MB'] ?? 1536)
const MEMORY_CHECK_MS = 250
const EXIT_NO_PARENT = 64

const memoryMb = (): number => Math.round(process.memoryUsage.rss() / 1_048_576)

const port = parentPort()
if (port === undefined) {
  process.stderr.write('The document worker is started by the kiosk, not by hand.\n')
  process.exit(EXIT_NO_PARENT)
}
port.onGone(() => process.exit(0))
setInterval(() => {
  if (memoryMb() > MEMORY_LIMIT_MB) process.exit(EXIT_TOO_MUCH_MEMORY)
}, MEMORY_CHECK_MS).unref()

let engine: OcrEngine | undefined
port.onMessage((request) => handle(port, request))

async function open(parent: ParentPort, settings: EngineSettings): Promise<void> {
  const opened = await openEngine(settings)
  if (opened.ok) {
    engine = opened.value.engine
    parent.post({ kind: 'ready', engine: opened.value.name, passedOver: opened.value.passedOver })
  } else {
    parent.post({ kind: 'unfit', fault: opened.error })
  }
}

function handle(parent: ParentPort, request: ToDocumentWorker): void {
  switch (request.kind) {
    case 'open':
      return void open(parent, request.settings)
    case 'check':
      return void decodeFast(request.picture).then((picture) => parent.post({ kind: 'checked', id: request.id, result: picture.ok ? ok({ widthPx: picture.value.width, heightPx: picture.value.height }) : picture }))
    case 'look':
      return void lookedAt(request, (progress) => parent.post({ kind: 'look-progress', id: request.id, progress })).then((result) => parent.post({ kind: 'looked', id: request.id, result }))
    case 'bind':
      return void bound(request).then((result) => parent.post({ kind: 'bound', id: request.id, result }))
    case 'read': {
      const { id } = request
      // The parent reads only after `ready`.
      if (engine === undefined) return parent.post({ kind: 'done', id, result: { ok: false, error: { kind: 'reader-failed', code: 'not-open' } }, memoryMb: memoryMb() })
      return void readPage(engine, request, (progress) => parent.post({ kind: 'progress', id, progress }))
        .then((result) => parent.post({ kind: 'done', id, result, memoryMb: memoryMb() }))
        .catch(() => parent.post({ kind: 'done', id, result: { ok: false, error: { kind: 'reader-failed', code: 'exception' } }, memoryMb: memoryMb() }))
    }
    default:
      return unreachable(request)
  }
}
