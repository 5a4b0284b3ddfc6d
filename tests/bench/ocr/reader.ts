/**
 * A child process of the bench: holds one of the product's engines and reads pages the product's way, or looks at
 * photographs with the product's page finder. Speaks `messages.ts` over the channel to its parent.
 */
import { readFileSync } from 'node:fs'
import type { PageImage } from '../../../core/device/operations.ts'
import { rowsOf, textOf } from '../../../core/document/characters.ts'
import type { OcrEngine } from '../../../core/document/engine.ts'
import { extractDocument } from '../../../core/document/extract.ts'
import { openEngine } from '../../../electron/document-worker/engines/open-engine.ts'
import { lookAtPage } from '../../../electron/document-worker/page/look.ts'
import { decodeFast, encodeJpeg } from '../../../electron/document-worker/page/picture.ts'
import { readPage } from '../../../electron/document-worker/read-page.ts'
import { readDocumentKinds } from '../../../electron/services/document-kinds.ts'
import type { FromReader, PageJob, PageOutcome, PhotoJob, PhotoOutcome, ToReader } from './messages.ts'

const BYTES_PER_MB = 1_048_576
const KB_PER_MB = 1024
/** Made papers carry no day later than this. */
const TODAY = '2026-01-15'

const kinds = await readDocumentKinds(new URL('../../../assets/ocr/kinds/', import.meta.url))
const tell = (message: FromReader): void => void process.send?.(message)
let engine: OcrEngine | undefined

process.on('message', (message: ToReader) => void answer(message))
process.on('disconnect', () => process.exit(0))

async function answer(message: ToReader): Promise<void> {
  switch (message.kind) {
    case 'open': {
      const opened = await openEngine({ engines: [message.engine], threads: message.threads })
      if (opened.ok) engine = opened.value.engine
      // The process itself started this long ago: its start belongs to a cold page.
      tell(opened.ok ? { kind: 'ready', startMs: process.uptime() * 1000 } : { kind: 'unfit', reason: opened.error.kind })
      return
    }
    case 'page':
      if (engine !== undefined) tell({ kind: 'page', outcome: await page(engine, message.job) })
      return
    case 'photo':
      tell({ kind: 'photo', outcome: await photo(message.job) })
  }
}

async function page(reader: OcrEngine, job: PageJob): Promise<PageOutcome> {
  const bytes = new Uint8Array(readFileSync(job.file))
  const delivered: PageImage = { mime: 'image/jpeg', bytes, widthPx: 0, heightPx: 0, dpi: job.dpi }
  const wanted = kinds.filter(({ id }) => id === job.kind)
  const began = performance.now()
  const cpu = process.cpuUsage()
  const image = job.onDesk ? await straightened(delivered, job.kind) : delivered
  const lookMs = performance.now() - began
  const read = await readPage(reader, { page: image, kinds: wanted, all: kinds, today: TODAY }, () => undefined)
  const wallMs = performance.now() - began
  const used = process.cpuUsage(cpu)
  const peakMb = process.resourceUsage().maxRSS / KB_PER_MB
  const { text, kindOfAll } = job.wholeText ? await wholePage(reader, image) : { text: '', kindOfAll: '' }
  return {
    answer: read.ok ? read.value.kind : read.error.kind,
    fields: read.ok ? read.value.fields.map(({ field, value, state }) => ({ field, value, state })) : [],
    wallMs, cpuMs: (used.user + used.system) / 1000, lookMs, text, kindOfAll, rssMb: process.memoryUsage.rss() / BYTES_PER_MB, peakMb,
  }
}

/** As the product does with a camera picture: found, straightened, packed; as delivered where no paper is trusted. */
async function straightened(image: PageImage, kind: string): Promise<PageImage> {
  const pixels = await decodeFast(image)
  if (!pixels.ok) return image
  const paper = kinds.find(({ id }) => id === kind)?.paper ?? 'a4'
  const looked = lookAtPage(pixels.value, { paper, source: 'camera' })
  return looked.straightened === undefined ? image : encodeJpeg(looked.straightened.picture, looked.straightened.dpi)
}

async function wholePage(reader: OcrEngine, image: PageImage): Promise<{ readonly text: string; readonly kindOfAll: string }> {
  const pixels = await decodeFast(image)
  if (!pixels.ok) return { text: '', kindOfAll: pixels.error }
  const read = await reader.read(pixels.value, { dpi: image.dpi, extent: 'whole' }, () => undefined)
  reader.forget()
  if (!read.ok) return { text: '', kindOfAll: read.error.code }
  const found = extractDocument({ lines: read.value.lines, size: read.value }, kinds, kinds, reader.thresholds)
  return { text: rowsOf(read.value.lines).map((row) => textOf(row.characters)).join('\n'), kindOfAll: found.ok ? found.value.kind.id : found.error.kind }
}

async function photo(job: PhotoJob): Promise<PhotoOutcome> {
  const began = performance.now()
  const pixels = await decodeFast({ mime: 'image/jpeg', bytes: new Uint8Array(readFileSync(job.file)) })
  if (!pixels.ok) throw new Error(`${job.file}: ${pixels.error}`)
  const { look } = lookAtPage(pixels.value, { paper: job.paper, source: 'camera' })
  return { place: look.place.kind, ...(look.place.kind === 'found' ? { quad: look.place.quad } : {}), problems: look.problems, wallMs: performance.now() - began }
}
