/**
 * The document worker: a process of its own that turns page pictures into fields. It holds one citizen's pages in memory
 * only, writes nothing to disk, talks to nobody but its parent, and is killed when the session ends.
 */
import { decodePicture } from '../../core/document/decode-picture.ts'
import { EXIT_TOO_MUCH_MEMORY } from '../../core/document/worker-protocol.ts'
import { ok } from '../../core/result/result.ts'
import { parentPort } from './port.ts'
import { readPage } from './read-page.ts'
import { openTesseractEngine } from './tesseract-engine.ts'

const MEMORY_LIMIT_MB = Number(process.env['DOCUMENT_WORKER_MEMORY_MB'] ?? 1536)
const MEMORY_CHECK_MS = 250
const EXIT_NO_PARENT = 64
const EXIT_UNFIT = 70

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

try {
  const engine = await openTesseractEngine()
  port.onMessage((request) => {
    if (request.kind === 'check') {
      const picture = decodePicture(request.picture)
      port.post({ kind: 'checked', id: request.id, result: picture.ok ? ok({ widthPx: picture.value.width, heightPx: picture.value.height }) : picture })
      return
    }
    void readPage(engine, request.page, request.kinds, (progress) => port.post({ kind: 'progress', id: request.id, progress }))
      .then((result) => port.post({ kind: 'done', id: request.id, result, memoryMb: memoryMb() }))
      .catch(() => port.post({ kind: 'done', id: request.id, result: { ok: false, error: { kind: 'reader-failed', code: 'exception' } }, memoryMb: memoryMb() }))
  })
  port.post({ kind: 'ready', engine: engine.name })
} catch {
  port.post({ kind: 'unfit', code: 'engine-open' })
  process.exitCode = EXIT_UNFIT
}
