import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../../core/clock/simulated-clock.ts'
import type { PrintOutcome } from '../../../core/device/operations.ts'
import type { DeviceId } from '../../../core/ids.ts'
import type { PrintJob } from '../../../drivers/device-host/contract.ts'
import type { Database } from '../database/database.ts'
import { openDatabase } from '../database/database.ts'
import { createPrinting, PRINTING_MIGRATIONS } from './printing.ts'
import { PROCESS_ID_COUNT, processIdOf } from './process-id.ts'

const receipt = { number: '99010120250108000123H', blocks: [{ kind: 'title' as const, text: '收件回执' }] }
const printed: PrintOutcome = { kind: 'printed', proof: 'process-id' }

describe('the printing ledger', () => {
  let folder: string
  let database: Database
  let jobs: PrintJob[]
  let logged: unknown[]
  let outcome: PrintOutcome | Promise<PrintOutcome>

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kiosk-printing-'))
    const opened = await openDatabase({ file: join(folder, 'printing.db'), migrations: PRINTING_MIGRATIONS })
    if (!opened.ok) throw new Error(opened.error.kind)
    database = opened.value
    jobs = []
    logged = []
    outcome = printed
  })
  afterEach(async () => {
    await database.close()
    await rm(folder, { recursive: true })
  })

  const printing = () => createPrinting({
    database, clock: new SimulatedClock(), printer: 'printer' as DeviceId, log: (event, fields) => void logged.push([event, fields]),
    host: { printReceipt: async (_device, job) => {
      jobs.push(job)
      return outcome
    } },
  })

  it('gives each printing a process id of its own', async () => {
    const service = printing()
    await service.print(receipt)
    await service.print({ ...receipt, number: 'other' })
    expect(jobs.map((job) => job.attempt)).toEqual([1, 1])
    expect(new Set(jobs.map((job) => job.processId)).size).toBe(2)
  })

  it('marks the reprint of a stopped receipt as the second, behind a void stub', async () => {
    const service = printing()
    outcome = { kind: 'voided', why: 'no-paper' }
    await service.print(receipt)
    outcome = { kind: 'not-started', why: 'no-paper' }
    await service.print(receipt)
    outcome = printed
    expect(await service.print(receipt)).toEqual(printed)
    expect(jobs.map((job) => [job.attempt, job.voidStubFirst])).toEqual([[1, false], [2, true], [2, true]])
  })

  it('makes no second original of a printed receipt, nor of one that may have come out', async () => {
    const service = printing()
    await service.print(receipt)
    expect(await service.print(receipt)).toMatchObject({ kind: 'unknown' })
    outcome = { kind: 'unknown', why: 'silent' }
    await service.print({ ...receipt, number: 'other' })
    expect(await service.print({ ...receipt, number: 'other' })).toMatchObject({ kind: 'unknown' })
    expect(jobs).toHaveLength(2)
  })

  it('calls a receipt unknown when the kiosk died while it was being sent', async () => {
    outcome = new Promise(() => undefined)
    void printing().print(receipt)
    await expect.poll(() => jobs.length).toBe(1)
    const after = printing()
    expect(await after.recover()).toBe(1)
    outcome = printed
    expect(await after.print(receipt)).toMatchObject({ kind: 'unknown' })
    expect(jobs).toHaveLength(1)
  })

  it('prints a list of what is needed as often as wanted', async () => {
    const service = printing()
    expect(await service.print({ ...receipt, unlimited: true })).toEqual(printed)
    expect(await service.print({ ...receipt, unlimited: true })).toEqual(printed)
    expect(jobs.map((job) => job.attempt)).toEqual([1, 1])
  })

  it('says that nothing was started where there is no printer', async () => {
    const service = createPrinting({ database, clock: new SimulatedClock(), log: () => undefined, printer: undefined, host: { printReceipt: () => Promise.reject(new Error('never')) } })
    expect(await service.print(receipt)).toMatchObject({ kind: 'not-started' })
  })

  it('counts through all process ids before one comes again', () => {
    expect(processIdOf(0)).toBe('0000')
    expect(processIdOf(1)).not.toBe(processIdOf(0))
    expect(processIdOf(PROCESS_ID_COUNT)).toBe(processIdOf(0))
    expect(processIdOf(PROCESS_ID_COUNT - 1)).toMatch(/^[0-9A-Z]{4}$/)
  })

  it('writes how each print ended, without any number of a case', async () => {
    outcome = { kind: 'unknown', why: 'silent' }
    await printing().print(receipt)
    expect(logged).toEqual([['session.print', { result: 'unknown', why: 'silent', attempt: 1, tookMs: 0 }]])
  })

  it('prints nothing when its ledger cannot be written, and ends as a value', async () => {
    const service = printing()
    await database.run('DROP TABLE print_counter')
    expect(await service.print(receipt)).toEqual({ kind: 'not-started', why: 'fault' })
    expect(jobs).toEqual([])
    expect(logged).toMatchObject([['session.fault', { step: 'print-begin' }]])
  })

  it('tells the true outcome when only its last line cannot be written, and does not print again', async () => {
    const service = printing()
    outcome = database.run("CREATE TRIGGER full BEFORE UPDATE ON print_job BEGIN SELECT RAISE(FAIL, 'full'); END").then(() => printed)
    expect(await service.print(receipt)).toEqual(printed)
    expect(await service.print(receipt)).toEqual({ kind: 'unknown', why: 'busy' })
    expect(jobs).toHaveLength(1)
  })
})
