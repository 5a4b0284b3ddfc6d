import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EngineSettings, EngineState } from '../../core/document/engine-settings.ts'
import { DEFAULT_ENGINE_SETTINGS } from '../../core/document/engine-settings.ts'
import type { DocumentReading, ReadProgress } from '../../core/document/reading.ts'
import type { PageImage } from '../../core/device/operations.ts'
import { systemClock } from '../../drivers/device-host/system-clock.ts'
import { loadDemonstrationPages } from '../../sandbox/devices/scanner/pages.ts'
import type { DocumentReader } from '../services/documents.ts'
import { readDocumentKinds } from '../services/document-kinds.ts'
import { createDocumentReader } from '../services/documents.ts'
import { shippedModels } from './engines/models.ts'
import { forkDocumentWorker } from './fork.ts'

/** The true engine in its own process, on the pictures that the virtual scanner delivers. */
const kinds = await readDocumentKinds(new URL('../../assets/ocr/kinds/', import.meta.url))
const pages = new Map(loadDemonstrationPages().map((page) => [page.id, page]))
const allKinds = kinds.map(({ id }) => id)
/** Test machines are shared; the terminal's own limit is 10 s. */
const LIMIT_MS = 120_000

let temporary = ''
let reader: DocumentReader
let killWorker: () => void = () => undefined
const log: string[] = []

function newReader(settings: EngineSettings = DEFAULT_ENGINE_SETTINGS, onEngine: (state: EngineState) => void = () => undefined): DocumentReader {
  return createDocumentReader({
    kinds, clock: systemClock, deadlineMs: LIMIT_MS, settings, onEngine,
    startWorker: () => {
      const worker = forkDocumentWorker()
      killWorker = () => worker.kill()
      return worker
    },
    log: (event, fields) => log.push(`${event} ${JSON.stringify(fields)}`),
  })
}

beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), 'document-worker-test-'))
  process.env['TMPDIR'] = temporary
  reader = newReader()
})
afterAll(async () => {
  await reader.stop()
  delete process.env['TMPDIR']
  rmSync(temporary, { recursive: true, force: true })
})

function imageOf(id: string): PageImage {
  const page = pages.get(id)
  if (page === undefined) throw new Error(id)
  return { mime: 'image/jpeg', bytes: page.jpeg, widthPx: 1654, heightPx: 2340, dpi: page.dpi }
}

async function read(id: string, onProgress: (progress: ReadProgress) => void = () => undefined): Promise<DocumentReading> {
  const result = await reader.read(imageOf(id), allKinds, onProgress, new AbortController().signal)
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

const field = (reading: DocumentReading, id: string) => reading.fields.find((candidate) => candidate.field === id)

/** Files of a folder tree with their times; a file written by the worker would show. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && name !== '.git')
    .map((entry) => `${entry.name} ${entry.isFile() ? statSync(join(folder, entry.name)).size : ''}`)
}

describe('the document worker', () => {
  it('reads a lease under a red seal: parties, numbers, address, dates, rent', { timeout: LIMIT_MS }, async () => {
    const workingFolder = filesIn(process.cwd())
    const progress: ReadProgress[] = []
    const reading = await read('lease', (step) => progress.push(step))
    expect(reading.kind).toBe('residence-lease')
    const truth = pages.get('lease')?.fields ?? {}
    const values = Object.fromEntries(reading.fields.map(({ field: id, value }) => [id, value]))
    expect(values).toEqual(truth)
    for (const id of ['landlordNumber', 'tenantNumber', 'tenant', 'startDate', 'endDate', 'monthlyRent', 'address']) expect(`${id} ${field(reading, id)?.state}`).toBe(`${id} sure`)
    // Measured on the picture with a ruler: the tenant's number stands at 447–770 across and 627–658 down.
    const box = field(reading, 'tenantNumber')?.box
    expect(box?.left).toBeGreaterThan(435)
    expect(box?.right).toBeLessThan(785)
    expect(box?.top).toBeGreaterThan(610)
    expect(box?.bottom).toBeLessThan(675)

    expect(progress.map(({ share }) => share)).toEqual([...progress].map(({ share }) => share).sort((a, b) => a - b))
    expect(new Set(progress.map(({ stage }) => stage))).toEqual(new Set(['starting', 'decoding', 'preparing', 'recognising', 'finding-fields', 'checking-numbers']))
    expect(progress.filter(({ stage }) => stage === 'recognising').length).toBeGreaterThan(3)
    // Nothing of the page is left on disk or in the log.
    expect(readdirSync(temporary)).toEqual([])
    expect(filesIn(process.cwd()).filter((file) => !workingFolder.includes(file)).filter((file) => /traineddata|\.pgm|\.ppm|tess/i.test(file))).toEqual([])
    for (const value of Object.values(truth)) expect(log.join()).not.toContain(value)
  })

  it('is never sure of a number with one wrong digit', { timeout: LIMIT_MS }, async () => {
    const reading = await read('lease-wrong-number')
    expect(field(reading, 'tenantNumber')).toMatchObject({ state: 'unsure', why: 'check-failed' })
    expect(field(reading, 'landlordNumber')).toMatchObject({ state: 'sure', value: '990101195704300057' })
  })

  it('killed in mid-page, it leaves an error and a fresh process for the next page, which is blank', { timeout: LIMIT_MS }, async () => {
    let isKilled = false
    const killed = await reader.read(imageOf('lease'), allKinds, ({ stage, share }) => {
      if (stage !== 'recognising' || share <= 0.3) return
      isKilled = true
      killWorker()
    }, new AbortController().signal)
    expect(isKilled).toBe(true)
    // The message of a step may come together with the answer; whichever was first, the worker is dead.
    if (!killed.ok) expect(killed.error).toEqual({ kind: 'reader-failed', code: 'exit-SIGKILL' })
    expect(readdirSync(temporary)).toEqual([])
    expect(await reader.read(imageOf('blank'), allKinds, () => undefined, new AbortController().signal)).toEqual({ ok: false, error: { kind: 'blank-page' } })
    expect(readdirSync(temporary)).toEqual([])
  })

  it('ends itself when it grows beyond its memory limit', { timeout: LIMIT_MS }, async () => {
    process.env['DOCUMENT_WORKER_MEMORY_MB'] = '60'
    const small = newReader()
    try {
      expect(await small.read(imageOf('lease'), allKinds, () => undefined, new AbortController().signal)).toEqual({ ok: false, error: { kind: 'reader-failed', code: 'memory' } })
    } finally {
      delete process.env['DOCUMENT_WORKER_MEMORY_MB']
      await small.stop()
    }
  })

  it('says at its start that a model was altered, or is none that it can use; no other engine steps in', { timeout: LIMIT_MS }, async () => {
    const models = shippedModels()
    const states: EngineState[] = []
    const unusable = newReader({ engines: ['paddle-native', 'tesseract'], threads: 1, models: { ...models, recognition: models.detection } }, (state) => states.push(state))
    const altered = newReader({ engines: ['paddle-native', 'tesseract'], threads: 1, models: { ...models, recognition: { ...models.recognition, sha256: models.detection.sha256 } } }, (state) => states.push(state))
    try {
      expect(await altered.read(imageOf('lease'), allKinds, () => undefined, new AbortController().signal)).toEqual({ ok: false, error: { kind: 'reader-failed', code: 'start' } })
      expect(await unusable.read(imageOf('lease'), allKinds, () => undefined, new AbortController().signal)).toEqual({ ok: false, error: { kind: 'reader-failed', code: 'start' } })
      expect(states).toEqual([{ state: 'unfit', fault: { kind: 'model-altered', part: 'recognition' } }, { state: 'unfit', fault: { kind: 'model-unusable', part: 'recognition' } }])
    } finally {
      await altered.stop()
      await unusable.stop()
    }
  })

  it('refuses a picture that was cut off', { timeout: LIMIT_MS }, async () => {
    const page = imageOf('lease')
    const cut = { ...page, bytes: page.bytes.slice(0, 100_000) }
    expect(await reader.read(cut, allKinds, () => undefined, new AbortController().signal)).toEqual({ ok: false, error: { kind: 'picture-unreadable', code: 'jpeg-cut-off' } })
  })
})
