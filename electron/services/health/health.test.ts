import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../../core/clock/simulated-clock.ts'
import type { DeviceReport, DeviceState } from '../../../core/device/status.ts'
import type { DeviceId } from '../../../core/ids.ts'
import { err, ok } from '../../../core/result/result.ts'
import type { DeviceHost } from '../../../drivers/device-host/contract.ts'
import type { Database } from '../database/database.ts'
import { openDatabase } from '../database/database.ts'
import type { Health } from './health.ts'
import { HEALTH_MIGRATIONS, openHealth } from './health.ts'
import { withHealth } from './healthy-host.ts'

const DAY = 86_400_000
const PRINTER = 'printer' as DeviceId
const SCANNER = 'scanner' as DeviceId
let folder: string
let database: Database
let clock: SimulatedClock
let faults: unknown[]

async function open(): Promise<Health> {
  const opened = await openDatabase({ file: join(folder, 'health.db'), migrations: HEALTH_MIGRATIONS })
  if (!opened.ok) throw new Error(opened.error.detail)
  database = opened.value
  return openHealth({ database, clock, log: (event, fields) => void faults.push([event, fields]) })
}
async function restarted(health: Health): Promise<Health> {
  await health.flush()
  await database.close()
  return open()
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-health-'))
  clock = new SimulatedClock()
  faults = []
})
afterEach(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})

describe('the memory of a terminal', () => {
  it('counts in all and for today by the date in China, through a restart', async () => {
    let health = await open()
    health.count(PRINTER, 'receipts', 1)
    health.count(PRINTER, 'receipts', 1)
    health.count('other', 'receipts', 5)
    health.fault(PRINTER, 'jam')
    health = await restarted(health)
    expect(health.counters(PRINTER)).toEqual([{ id: 'receipts', total: 2, today: 2 }])
    expect(health.faults(PRINTER)).toEqual([{ state: 'jam', count: 1, lastAt: clock.now() }])
    // 08:00 in China; 16 hours later it is the next day there, while it is not yet in UTC.
    await clock.advance(16 * 3_600_000)
    expect(health.counters(PRINTER)).toEqual([{ id: 'receipts', total: 2, today: 0 }])
  })

  it('tells what is left of a roll and when it ends, and begins anew with a new one', async () => {
    let health = await open()
    expect(health.consumable(PRINTER, 'roll')).toMatchObject({ amountLeft: undefined, left: undefined })
    await health.paperChanged(PRINTER, 80)
    health.count(PRINTER, 'metres', 10)
    await clock.advance(2 * DAY)
    health.count(PRINTER, 'metres', 10)
    health = await restarted(health)
    // 20 m in two days; 60 m are left.
    expect(health.consumable(PRINTER, 'roll')).toMatchObject({ amountLeft: 60, left: 0.75, runsOutAt: clock.now() + 6 * DAY })
    await clock.advance(20 * DAY)
    expect(health.consumable(PRINTER, 'roll')).toMatchObject({ amountLeft: 60, runsOutAt: undefined })
    await health.paperChanged(PRINTER, 50)
    health = await restarted(health)
    expect(health.consumable(PRINTER, 'roll')).toMatchObject({ amountLeft: 50, left: 1, loadedAt: clock.now() })
  })

  it('remembers tests, hours and what is out of service', async () => {
    let health = await open()
    await health.testEnded(PRINTER, false)
    await health.setHours({ open: '08:30', close: '17:00' })
    await health.setDeviceOut(PRINTER, 'cleaning')
    await health.setTerminalOut('moved')
    health = await restarted(health)
    expect([health.lastTest(PRINTER), health.hours(), health.outOfService(PRINTER), health.terminalOut()]).toEqual([
      { at: clock.now(), passed: false }, { open: '08:30', close: '17:00' }, { reason: 'cleaning', since: clock.now() }, { reason: 'moved', since: clock.now() },
    ])
    await health.setDeviceOut(PRINTER, undefined)
    await health.setTerminalOut(undefined)
    health = await restarted(health)
    expect([health.outOfService(PRINTER), health.terminalOut()]).toEqual([undefined, undefined])
  })

  it('goes on counting when the disk refuses, says so, and lets no decision take effect that was not stored', async () => {
    const health = await open()
    await database.run("CREATE TRIGGER full BEFORE INSERT ON counter BEGIN SELECT RAISE(FAIL, 'full'); END")
    await database.run("CREATE TRIGGER full2 BEFORE INSERT ON out_of_service BEGIN SELECT RAISE(FAIL, 'full'); END")
    health.count(PRINTER, 'cuts', 1)
    await health.flush()
    expect(health.counters(PRINTER)).toEqual([{ id: 'cuts', total: 1, today: 1 }])
    expect(faults).toMatchObject([['health.fault', { step: 'count' }]])
    await expect(health.setDeviceOut(PRINTER, 'cleaning')).rejects.toThrow()
    expect(health.outOfService(PRINTER)).toBeUndefined()
  })
})

describe('the device host with health laid over it', () => {
  const receipt = { number: '1', blocks: [{ kind: 'title' as const, text: '收件回执' }, { kind: 'qr' as const, data: 'x' }] }

  function fakeHost() {
    let listener: (report: DeviceReport) => void = () => undefined
    let report: DeviceReport = { id: PRINTER, kind: 'receipt-printer', status: { state: 'ready', since: 0 } }
    const calls: string[] = []
    const called = <T>(name: string, value: T): Promise<T> => {
      calls.push(name)
      return Promise.resolve(value)
    }
    const page = { mime: 'image/png' as const, bytes: Uint8Array.of(1), widthPx: 1, heightPx: 1, dpi: 300 }
    const host: DeviceHost = {
      reports: () => [report],
      onReport: (given) => {
        listener = given
        return () => undefined
      },
      onTicket: () => () => undefined,
      readCard: () => called('readCard', err({ kind: 'timeout', code: 'none' })),
      readSocialCard: () => called('readSocialCard', err({ kind: 'timeout' })),
      readCode: () => called('readCode', ok({ text: 'x', bytes: Uint8Array.of(), at: 0 })),
      printReceipt: (_device, job) => called('printReceipt', job.attempt === 1 ? { kind: 'printed', proof: 'process-id' } : { kind: 'unknown', why: 'silent' }),
      printPages: () => called('printPages', { kind: 'stopped', why: 'jam', pages: 2 }),
      scanPage: () => called('scanPage', ok(page)),
      scanBatch: (_device, onPage) => {
        onPage(page)
        onPage(page)
        return called('scanBatch', ok({ pages: 2 }))
      },
      restart: () => void calls.push('restart'),
      stop: () => Promise.resolve(),
    }
    return { host, calls, says: (state: DeviceState): void => {
      report = { ...report, status: { state, since: clock.now() } }
      listener(report)
    } }
  }
  const job = { document: receipt, attempt: 1, processId: '0001', voidStubFirst: false }
  const never = new AbortController().signal

  it('counts what was finished, and only that', async () => {
    const health = await open()
    const { host } = fakeHost()
    const healthy = withHealth(host, health, () => false)
    await healthy.printReceipt(PRINTER, job, () => undefined)
    await healthy.printReceipt(PRINTER, { ...job, attempt: 2, voidStubFirst: true }, () => undefined)
    const [metres, cuts, receipts] = health.counters(PRINTER)
    expect([cuts, receipts]).toEqual([{ id: 'cuts', total: 3, today: 3 }, { id: 'receipts', total: 1, today: 1 }])
    expect(metres?.total).toBeGreaterThan(0.1)
    expect(metres?.total).toBeLessThan(0.3)
    await healthy.scanPage(SCANNER, { source: 'platen' }, () => undefined, never)
    await healthy.scanBatch(SCANNER, () => undefined, () => undefined, never)
    expect(health.counters(SCANNER)).toEqual([{ id: 'scans', total: 3, today: 3 }])
    await healthy.printPages('a4' as DeviceId, { number: '1', pdf: Uint8Array.of(), pages: 3 }, () => undefined)
    expect(health.counters('a4')).toEqual([{ id: 'pages', total: 2, today: 2 }])
    await healthy.readCard('reader' as DeviceId, { timeoutMs: 1 }, () => undefined, never)
    expect(health.counters('reader')).toEqual([])
  })

  it('counts each change into a fault once', async () => {
    const health = await open()
    const { host, says } = fakeHost()
    withHealth(host, health, () => false)
    for (const state of ['busy', 'jam', 'jam', 'ready', 'paper-low', 'jam', 'offline', 'starting'] as const) says(state)
    expect(health.faults(PRINTER).map(({ state, count }) => [state, count])).toEqual([['jam', 2], ['offline', 1]])
  })

  it('says out of service with the reason, and refuses citizens but not staff', async () => {
    const health = await open()
    const { host, calls, says } = fakeHost()
    let staff = false
    const healthy = withHealth(host, health, () => staff)
    const told: DeviceReport[] = []
    healthy.onReport((report) => told.push(report))
    await health.setDeviceOut(PRINTER, 'cleaning')
    says('jam')
    expect(told.map((report) => report.status.state)).toEqual(['out-of-service', 'out-of-service'])
    expect(healthy.reports()[0]).toMatchObject({ status: { state: 'out-of-service', since: clock.now() }, reason: { en: 'being cleaned' } })
    expect(healthy.driverReports()[0]?.status.state).toBe('jam')
    expect(await healthy.printReceipt(PRINTER, job, () => undefined)).toEqual({ kind: 'not-started', why: 'fault' })
    expect(calls).toEqual([])
    staff = true
    expect(await healthy.printReceipt(PRINTER, job, () => undefined)).toMatchObject({ kind: 'printed' })
    staff = false
    await health.setDeviceOut(PRINTER, undefined)
    expect(told.at(-1)?.status.state).toBe('jam')
    expect(await healthy.printReceipt(PRINTER, job, () => undefined)).toMatchObject({ kind: 'printed' })
  })

  it('refuses every operation of a device that is out of service', async () => {
    const health = await open()
    const { host, calls } = fakeHost()
    const healthy = withHealth(host, health, () => false)
    await health.setDeviceOut(SCANNER, 'maintenance')
    const ends = [
      await healthy.readCard(SCANNER, { timeoutMs: 1 }, () => undefined, never), await healthy.readSocialCard(SCANNER, { timeoutMs: 1 }, () => undefined, never), await healthy.readCode(SCANNER, { timeoutMs: 1 }, never),
      await healthy.scanPage(SCANNER, { source: 'platen' }, () => undefined, never), await healthy.scanBatch(SCANNER, () => undefined, () => undefined, never), await healthy.printPages(SCANNER, { number: '1', pdf: Uint8Array.of(), pages: 1 }, () => undefined),
    ]
    expect(calls).toEqual([])
    expect(ends.map((end) => ('kind' in end ? end.kind : end.ok))).toEqual([false, false, false, false, false, 'not-started'])
  })
})
