import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../../core/clock/simulated-clock.ts'
import type { PrintOutcome } from '../../../core/device/operations.ts'
import type { DeviceReport, DeviceState } from '../../../core/device/status.ts'
import type { DeviceId } from '../../../core/ids.ts'
import type { PrintJob, Ticket } from '../../../drivers/device-host/contract.ts'
import type { Database } from '../database/database.ts'
import { openDatabase } from '../database/database.ts'
import { createPrinting, PRINTING_MIGRATIONS, REPRINT_WAIT_MS, type PrintAttention } from './printing.ts'
import { REMEMBERED_MS } from './receipt-memory.ts'
import { PROCESS_ID_COUNT, processIdOf } from './process-id.ts'

const receipt = { number: '99010120250108000123H', blocks: [{ kind: 'title' as const, text: '收件回执' }] }
const printed: PrintOutcome = { kind: 'printed', proof: 'process-id' }

describe('the printing ledger', () => {
  let folder: string
  let database: Database
  let jobs: PrintJob[]
  let logged: unknown[]
  let outcome: PrintOutcome | Promise<PrintOutcome>
  let whilePrinting: (() => PrintOutcome) | undefined
  let clock: SimulatedClock
  let state: DeviceState | undefined
  let tellTicket: (ticket: Ticket, device?: string) => void
  let reportListeners: Set<(report: DeviceReport) => void>
  let statesBeforeSending: string[]

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kiosk-printing-'))
    const opened = await openDatabase({ file: join(folder, 'printing.db'), migrations: PRINTING_MIGRATIONS })
    if (!opened.ok) throw new Error(opened.error.kind)
    database = opened.value
    jobs = []
    logged = []
    outcome = printed
    clock = new SimulatedClock()
    state = undefined
    whilePrinting = undefined
    reportListeners = new Set()
    statesBeforeSending = []
  })
  afterEach(async () => {
    await database.close()
    await rm(folder, { recursive: true })
  })

  const report = (now: DeviceState): DeviceReport => ({ id: 'printer' as DeviceId, kind: 'receipt-printer', status: { state: now, since: 0 } })
  const printerIs = (now: DeviceState): void => {
    state = now
    for (const listener of [...reportListeners]) listener(report(now))
  }
  const rows = async () => (await database.all('SELECT state FROM print_job ORDER BY id')).map((row) => row['state'])
  const printing = () => createPrinting({
    database, clock, printer: 'printer' as DeviceId, log: (event, fields) => void logged.push([event, fields]),
    host: {
      printReceipt: async (_device, job) => {
        jobs.push(job)
        statesBeforeSending.push(String((await database.one('SELECT state FROM print_job WHERE process_id = ?', job.processId))?.['state']))
        return whilePrinting?.() ?? outcome
      },
      onTicket: (listener) => {
        tellTicket = (ticket, device = 'printer') => listener(device as DeviceId, ticket)
        return () => undefined
      },
      reports: () => (state === undefined ? [] : [report(state)]),
      onReport: (listener) => {
        reportListeners.add(listener)
        return () => void reportListeners.delete(listener)
      },
    },
  })
  /** Real database, simulated time: lets the disk answer, then moves the clock. */
  const passing = async (ms: number): Promise<void> => {
    await database.one('SELECT 1')
    await clock.advance(ms)
    await database.one('SELECT 1')
  }

  it('gives each printing a process id of its own', async () => {
    const service = printing()
    await service.print(receipt)
    await service.print({ ...receipt, number: 'other' })
    expect(jobs.map((job) => job.attempt)).toEqual([1, 1])
    expect(new Set(jobs.map((job) => job.processId)).size).toBe(2)
  })

  it('says on disk that a receipt is being sent before the device host hears of it', async () => {
    await printing().print(receipt)
    expect(statesBeforeSending).toEqual(['sending'])
    expect(await rows()).toEqual(['printed'])
  })

  it('prints a stopped receipt once more by itself when the printer is ready again: marked, behind a void stub', async () => {
    const service = printing()
    printerIs('ready')
    whilePrinting = () => {
      printerIs('no-paper')
      whilePrinting = () => printed
      return { kind: 'voided', why: 'no-paper' }
    }
    const ended = service.print(receipt)
    await expect.poll(() => reportListeners.size).toBe(1)
    expect(await rows()).toEqual(['voided'])
    printerIs('ready')
    expect(await ended).toEqual(printed)
    expect(jobs.map((job) => [job.attempt, job.voidStubFirst, job.document.number])).toEqual([[1, false, receipt.number], [2, true, receipt.number]])
    expect(await rows()).toEqual(['voided', 'printed'])
  })

  it('prints again by itself once at most', async () => {
    const service = printing()
    const attention: PrintAttention[] = []
    service.onNeedsAttention((one) => attention.push(one))
    printerIs('ready')
    outcome = { kind: 'voided', why: 'cover-open' }
    expect(await service.print(receipt)).toEqual({ kind: 'voided', why: 'cover-open' })
    expect(jobs.map((job) => job.attempt)).toEqual([1, 2])
    expect(attention).toEqual([{ job: 1, state: 'voided' }])
    // A citizen who asks again gets a third paper, marked as such, and no fourth by itself.
    await service.print(receipt)
    expect(jobs.map((job) => job.attempt)).toEqual([1, 2, 3])
  })

  it('does not wait for ever for the printer, nor for a citizen who has left', async () => {
    const service = printing()
    printerIs('no-paper')
    outcome = { kind: 'voided', why: 'no-paper' }
    const ended: unknown[] = []
    void service.print(receipt).then((value) => ended.push(value))
    await expect.poll(() => reportListeners.size).toBe(1)
    await passing(REPRINT_WAIT_MS - 1)
    expect(ended).toEqual([])
    await passing(1)
    expect(ended).toEqual([{ kind: 'voided', why: 'no-paper' }])

    const other = service.print({ ...receipt, number: 'other' })
    await expect.poll(() => reportListeners.size).toBe(1)
    service.nobodyWaits()
    expect(await other).toEqual({ kind: 'voided', why: 'no-paper' })
    printerIs('ready')
    expect(jobs).toHaveLength(2)
    expect(clock.pending).toBe(0)
  })

  it('does not begin to wait for a citizen who left while the receipt was being sent', async () => {
    const service = printing()
    printerIs('no-paper')
    whilePrinting = () => {
      service.nobodyWaits()
      return { kind: 'voided', why: 'no-paper' }
    }
    expect(await service.print(receipt)).toEqual({ kind: 'voided', why: 'no-paper' })
    printerIs('ready')
    expect(jobs).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('leaves it to the host who may print on a printer that is out of service: staff test it before it goes back', async () => {
    const service = printing()
    printerIs('out-of-service')
    expect(await service.print(receipt)).toEqual(printed)
    outcome = { kind: 'not-started', why: 'fault' }
    expect(await service.print({ ...receipt, number: 'other' })).toEqual({ kind: 'not-started', why: 'fault' })
    expect(await rows()).toEqual(['printed', 'not-started'])
  })

  it('waits a moment for a printer that is just starting', async () => {
    const service = printing()
    printerIs('starting')
    const ended = service.print(receipt)
    await expect.poll(() => reportListeners.size).toBe(1)
    expect([await rows(), jobs]).toEqual([['preflight'], []])
    printerIs('ready')
    expect(await ended).toEqual(printed)
  })

  it('follows what becomes of a ticket, and believes no fate without the printer’s proof', async () => {
    const service = printing()
    const attention: PrintAttention[] = []
    service.onNeedsAttention((one) => attention.push(one))
    await service.print(receipt)
    await service.print({ ...receipt, number: 'two' })
    outcome = { kind: 'unknown', why: 'silent' }
    await service.print({ ...receipt, number: 'three' })
    const [one, two, three] = jobs.map((job) => job.processId)
    tellTicket({ processId: one ?? '', fate: 'presented' })
    tellTicket({ processId: one ?? '', fate: 'taken' })
    tellTicket({ processId: one ?? '', fate: 'left' })
    tellTicket({ processId: two ?? '', fate: 'presented' })
    tellTicket({ processId: two ?? '', fate: 'retracted' }, 'another')
    tellTicket({ processId: three ?? '', fate: 'presented' })
    await expect.poll(rows).toEqual(['taken', 'presented', 'unknown'])
    tellTicket({ processId: two ?? '', fate: 'retracted' })
    await expect.poll(rows).toEqual(['taken', 'retracted', 'unknown'])
    await expect.poll(() => attention).toEqual([{ job: 3, state: 'unknown' }, { job: 2, state: 'retracted' }])
    expect(await service.print(receipt)).toMatchObject({ kind: 'unknown' })
  })

  it('lets staff print a receipt of unknown end once more, marked, as long as its content is in memory', async () => {
    const service = printing()
    outcome = { kind: 'unknown', why: 'silent' }
    await service.print(receipt)
    expect(await service.unknownJobs()).toEqual([{ job: 1, at: clock.now(), attempt: 1, why: 'silent', canReprint: true }])
    outcome = { kind: 'not-started', why: 'cover-open' }
    expect(await service.reprint(1)).toEqual({ ok: true, value: { kind: 'not-started', why: 'cover-open' } })
    outcome = printed
    expect(await service.reprint(1)).toEqual({ ok: true, value: printed })
    expect(jobs.map((job) => [job.attempt, job.voidStubFirst])).toEqual([[1, false], [2, true], [2, true]])
    expect(await service.unknownJobs()).toEqual([])
    expect(await service.reprint(1)).toEqual({ ok: false, error: 'no-such-job' })
    expect(await service.reprint(99)).toEqual({ ok: false, error: 'no-such-job' })
  })

  it('forgets the content after a while and at a restart, but not that nobody knows', async () => {
    const service = printing()
    outcome = { kind: 'unknown', why: 'silent' }
    await service.print(receipt)
    await service.print({ ...receipt, number: 'two' })
    await clock.advance(REMEMBERED_MS)
    expect((await service.unknownJobs()).map(({ canReprint }) => canReprint)).toEqual([false, false])
    expect(await service.reprint(1)).toEqual({ ok: false, error: 'content-gone' })
    expect(await printing().unknownJobs()).toHaveLength(2)
    expect(jobs).toHaveLength(2)
    service.stop()
    expect(clock.pending).toBe(0)
  })

  it('reads the ledger of the version before', async () => {
    await database.close()
    const file = join(folder, 'old.db')
    const old = await openDatabase({ file, migrations: PRINTING_MIGRATIONS.slice(0, 1) })
    if (!old.ok) throw new Error(old.error.kind)
    for (const [number, was] of [['a', 'printed'], ['b', 'sending'], ['c', 'voided']] as const) await old.value.run('INSERT INTO print_job(number, attempt, process_id, state, updated_at) VALUES (?, 1, ?, ?, ?)', number, `000${number}`, was, clock.now())
    await old.value.close()
    const opened = await openDatabase({ file, migrations: PRINTING_MIGRATIONS })
    if (!opened.ok) throw new Error(opened.error.kind)
    database = opened.value
    const service = printing()
    expect(await service.recover()).toBe(1)
    expect(await rows()).toEqual(['printed', 'unknown', 'voided'])
    expect(await service.print({ ...receipt, number: 'a' })).toMatchObject({ kind: 'unknown' })
    await service.print({ ...receipt, number: 'c' })
    expect(jobs.map((job) => job.attempt)).toEqual([2])
    expect((await service.unknownJobs()).map(({ canReprint }) => canReprint)).toEqual([false])
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
    const service = createPrinting({ database, clock: new SimulatedClock(), log: () => undefined, printer: undefined, host: { printReceipt: () => Promise.reject(new Error('never')), onTicket: () => () => undefined, reports: () => [], onReport: () => () => undefined } })
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
    outcome = database.run("CREATE TRIGGER full BEFORE UPDATE ON print_job WHEN NEW.state = 'printed' BEGIN SELECT RAISE(FAIL, 'full'); END").then(() => printed)
    expect(await service.print(receipt)).toEqual(printed)
    expect(await service.print(receipt)).toEqual({ kind: 'unknown', why: 'busy' })
    expect(jobs).toHaveLength(1)
  })
})
