import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../../core/clock/simulated-clock.ts'
import type { PagePrintOutcome } from '../../../core/device/operations.ts'
import type { DeviceReport } from '../../../core/device/status.ts'
import type { DeviceId } from '../../../core/ids.ts'
import type { OneWindowClient } from '../../../core/one-window/client.ts'
import { err, ok } from '../../../core/result/result.ts'
import type { PagePrintJob } from '../../../drivers/device-host/contract.ts'
import type { Database } from '../database/database.ts'
import { openDatabase } from '../database/database.ts'
import { createPagePrinting, PAGE_PRINTING_MIGRATIONS } from './page-printing.ts'

const proof = { caseNumber: '99010120250108000123H', verificationCode: 'AAAA-BBBB-CCCC-DDDD' }
const printed: PagePrintOutcome = { kind: 'printed', pages: 2 }

describe('the ledger of documents on A4', () => {
  let folder: string
  let database: Database
  let jobs: { readonly number: string; readonly text: string; readonly pages: number }[]
  let handed: Uint8Array[]
  let fetches: number
  let logged: unknown[]
  let reports: DeviceReport[]
  let outcome: PagePrintOutcome | Promise<PagePrintOutcome>
  let answer: () => ReturnType<OneWindowClient['fetchProofDocument']>

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kiosk-pages-'))
    const opened = await openDatabase({ file: join(folder, 'pages.db'), migrations: PAGE_PRINTING_MIGRATIONS })
    if (!opened.ok) throw new Error(opened.error.kind)
    database = opened.value
    jobs = []
    handed = []
    fetches = 0
    logged = []
    reports = []
    outcome = printed
    answer = () => Promise.resolve(ok({ pdf: new TextEncoder().encode('%PDF-proof'), pages: 2 }))
  })
  afterEach(async () => {
    await database.close()
    await rm(folder, { recursive: true })
  })

  let ids = 0
  const printing = () => createPagePrinting({
    database, clock: new SimulatedClock(), printer: 'pages' as DeviceId, log: (event, fields) => void logged.push([event, fields]), newId: () => `id-${++ids}`,
    client: { fetchProofDocument: () => (fetches++, answer()) },
    host: {
      reports: () => reports,
      printPages: async (_device, job: PagePrintJob) => {
        jobs.push({ number: job.number, text: new TextDecoder().decode(job.pdf), pages: job.pages })
        handed.push(job.pdf)
        return outcome
      },
    },
  })
  const still = new AbortController().signal

  it('fetches the document, prints it under a number of its own, and forgets its bytes', async () => {
    expect(await printing().printProof(proof, still)).toEqual(ok(printed))
    expect(jobs).toMatchObject([{ text: '%PDF-proof', pages: 2 }])
    expect(jobs[0]?.number).not.toContain(proof.caseNumber)
    expect(handed[0]?.every((byte) => byte === 0)).toBe(true)
    expect(logged).toEqual([['session.print-pages', { result: 'printed', attempt: 1, tookMs: 0, pages: 2 }]])
  })

  it('prints no second one after printed, and none after an end that nobody knows', async () => {
    const service = printing()
    await service.printProof(proof, still)
    expect(await service.printProof(proof, still)).toMatchObject({ value: { kind: 'unknown' } })
    outcome = { kind: 'unknown', why: 'silent' }
    await service.printProof({ ...proof, caseNumber: 'other' }, still)
    expect(await service.printProof({ ...proof, caseNumber: 'other' }, still)).toMatchObject({ value: { kind: 'unknown' } })
    expect(jobs).toHaveLength(2)
    expect(fetches).toBe(2)
  })

  it.each([{ kind: 'not-started', why: 'no-paper' }, { kind: 'stopped', why: 'jam', pages: 1 }] as const)('prints again after $kind, under a new number', async (first) => {
    const service = printing()
    outcome = first
    await service.printProof(proof, still)
    outcome = printed
    expect(await service.printProof(proof, still)).toEqual(ok(printed))
    expect(new Set(jobs.map(({ number }) => number)).size).toBe(2)
  })

  it('tells why the document could not be had, and may be asked again', async () => {
    answer = () => Promise.resolve(err({ kind: 'timeout', afterMs: 10_000 }))
    const service = printing()
    expect(await service.printProof(proof, still)).toEqual(err({ kind: 'timeout', afterMs: 10_000 }))
    expect(jobs).toEqual([])
    answer = () => Promise.resolve(ok({ pdf: new TextEncoder().encode('%PDF-proof'), pages: 1 }))
    outcome = { kind: 'printed', pages: 1 }
    expect(await service.printProof(proof, still)).toEqual(ok(outcome))
  })

  it('prints nothing for somebody who left while the document was on its way', async () => {
    const leaving = new AbortController()
    answer = async () => {
      leaving.abort()
      return ok({ pdf: new TextEncoder().encode('%PDF-proof'), pages: 1 })
    }
    expect((await printing().printProof(proof, leaving.signal)).ok).toBe(false)
    expect(jobs).toEqual([])
  })

  it('calls a document unknown when the kiosk died while it was being sent', async () => {
    outcome = new Promise(() => undefined)
    void printing().printProof(proof, still)
    await expect.poll(() => jobs.length).toBe(1)
    const after = printing()
    expect(await after.recover()).toBe(1)
    outcome = printed
    expect(await after.printProof(proof, still)).toMatchObject({ value: { kind: 'unknown' } })
    expect(jobs).toHaveLength(1)
  })

  it('is printed when the kiosk died before anything was sent', async () => {
    answer = () => new Promise(() => undefined)
    void printing().printProof(proof, still)
    await expect.poll(() => fetches).toBe(1)
    const after = printing()
    expect(await after.recover()).toBe(0)
    answer = () => Promise.resolve(ok({ pdf: new Uint8Array(1), pages: 2 }))
    expect(await after.printProof(proof, still)).toEqual(ok(printed))
  })

  it('asks neither backend nor printer while the printer is out of service', async () => {
    reports = [{ id: 'pages' as DeviceId, kind: 'page-printer', status: { state: 'out-of-service', since: 0 } }]
    expect(await printing().printProof(proof, still)).toEqual(ok({ kind: 'not-started', why: 'fault' }))
    expect([fetches, jobs.length]).toEqual([0, 0])
  })

  it('prints nothing when its ledger cannot be written, and ends as a value', async () => {
    const service = printing()
    await database.run('DROP TABLE page_job')
    expect(await service.printProof(proof, still)).toEqual(ok({ kind: 'not-started', why: 'fault' }))
    expect(jobs).toEqual([])
    expect(logged).toMatchObject([['session.fault', { step: 'print-pages-begin' }]])
  })
})
