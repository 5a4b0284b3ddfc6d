import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PageImage } from '../../core/device/operations.ts'
import type { EngineSettings } from '../../core/document/engine-settings.ts'
import { DEFAULT_ENGINE_SETTINGS } from '../../core/document/engine-settings.ts'
import { systemClock } from '../../drivers/device-host/system-clock.ts'
import { loadDemonstrationPages } from '../../sandbox/devices/scanner/pages.ts'
import { readDocumentKinds } from '../services/document-kinds.ts'
import type { DocumentReader } from '../services/documents.ts'
import { createDocumentReader } from '../services/documents.ts'
import { forkDocumentWorker } from './fork.ts'

/**
 * A document worker that is killed in the middle of a page leaves nothing of it: not in its temporary folder, not in its
 * working folder, not in the log. The picture is a canary: any run of its bytes, or any value of the paper, would be found.
 */
const LIMIT_MS = 120_000
const kinds = await readDocumentKinds(new URL('../../assets/ocr/kinds/', import.meta.url))
const lease = loadDemonstrationPages().find(({ id }) => id === 'lease')
if (lease === undefined) throw new Error('no lease')
const page: PageImage = { mime: 'image/jpeg', bytes: lease.jpeg, widthPx: 1654, heightPx: 2340, dpi: lease.dpi }

let root: string
let reader: DocumentReader | undefined
let kill: () => void = () => undefined
let isKilled: boolean
let log: string[]
const temporaryBefore = process.env['TMPDIR']

/** Looking needs no engine; a worker without one is up at once. */
const WITHOUT_ENGINE: EngineSettings = { engines: [], threads: 1 }
function start(settings: EngineSettings = DEFAULT_ENGINE_SETTINGS): DocumentReader {
  return createDocumentReader({
    kinds, clock: systemClock, deadlineMs: LIMIT_MS, settings,
    startWorker: () => {
      const worker = forkDocumentWorker(undefined, join(root, 'data'))
      kill = () => {
        isKilled = true
        worker.kill()
      }
      return worker
    },
    log: (event, fields) => log.push(`${event} ${JSON.stringify(fields)}`),
  })
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'leaves-nothing-'))
  for (const room of ['temporary', 'data']) mkdirSync(join(root, room))
  process.env['TMPDIR'] = join(root, 'temporary')
  log = []
  isKilled = false
  reader = undefined
})
afterEach(async () => {
  await reader?.stop()
  if (temporaryBefore === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = temporaryBefore
  rmSync(root, { recursive: true, force: true })
})

/** Runs of the picture from all over it, and every value that stands on the paper in the encodings that a program writes. */
function canaries(): readonly Buffer[] {
  const runs = [0.1, 0.3, 0.5, 0.7, 0.9].map((share) => Buffer.from(page.bytes.subarray(Math.floor(page.bytes.length * share)).subarray(0, 24)))
  return [...runs, ...Object.values(lease?.fields ?? {}).flatMap((value) => [Buffer.from(value, 'utf8'), Buffer.from(value, 'utf16le')])]
}

function files(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

function whereFound(): readonly string[] {
  return files(root).filter((file) => canaries().some((canary) => readFileSync(file).includes(canary)))
}

describe('a worker that is killed', () => {
  it.each(['finding', 'straightening', 'judging'] as const)('while it is %s leaves nothing of the page', { timeout: LIMIT_MS }, async (stage) => {
    const corners = [{ x: 10, y: 10 }, { x: 1640, y: 12 }, { x: 1642, y: 2330 }, { x: 12, y: 2328 }] as const
    const wish = { paper: 'a4', dpi: 300, source: 'camera', ...(stage === 'finding' ? {} : { corners }) } as const
    reader = start(WITHOUT_ENGINE)
    const seen = await reader.look(page, wish, (progress) => {
      if (progress.stage === stage) kill()
    }, new AbortController().signal)
    expect(isKilled).toBe(true)
    // The message of a stage may come together with the answer; whichever was first, nothing stays.
    if (!seen.ok) expect(seen.error).toEqual({ kind: 'reader-failed', code: 'exit-SIGKILL' })
    expect(whereFound()).toEqual([])
    expect(files(root)).toEqual([])
    for (const value of Object.values(lease.fields)) expect(log.join()).not.toContain(value)
  })

  it('while it reads leaves nothing of the page', { timeout: LIMIT_MS }, async () => {
    reader = start()
    const read = await reader.read(page, ['residence-lease'], ({ stage }) => {
      if (stage === 'recognising') kill()
    }, new AbortController().signal)
    expect(isKilled).toBe(true)
    if (!read.ok) expect(read.error).toEqual({ kind: 'reader-failed', code: 'exit-SIGKILL' })
    expect(whereFound()).toEqual([])
    expect(files(root)).toEqual([])
    for (const value of Object.values(lease.fields)) expect(log.join()).not.toContain(value)
  })

  it('would be found out: a page that was written down is seen', () => {
    writeFileSync(join(root, 'data', 'page.tmp'), page.bytes)
    writeFileSync(join(root, 'temporary', 'text.txt'), `x${Object.values(lease.fields)[0]}`)
    expect(whereFound()).toHaveLength(2)
  })
})
