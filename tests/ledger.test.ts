import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { afterAll, expect, it } from 'vitest'
import type { Clock } from '../core/clock/clock.ts'
import { SimulatedClock } from '../core/clock/simulated-clock.ts'
import type { PrintOutcome } from '../core/device/operations.ts'
import type { DeviceReport } from '../core/device/status.ts'
import type { DeviceId } from '../core/ids.ts'
import type { ReceiptDocument } from '../core/receipt/document.ts'
import { err, ok } from '../core/result/result.ts'
import type { DeviceHost, PrintJob, ReceiptPrinterService, Ticket } from '../drivers/device-host/contract.ts'
import { lazyGlyphBook, printerAssetsFolder, readPrinterProfile } from '../drivers/receipt-printer/assets.ts'
import { receiptPrinterOn } from '../drivers/receipt-printer/service.ts'
import { TransportListeners } from '../drivers/transport/listeners.ts'
import type { OpenTransport } from '../drivers/transport/transport.ts'
import type { Database, SqlRow, SqlValue, Statement } from '../electron/services/database/database.ts'
import { createPrinting, PRINTING_MIGRATIONS, type Printing } from '../electron/services/printing/printing.ts'
import type { PrintedReceipt, PrinterCommand } from '../sandbox/devices/receipt-printer/bench-commands.ts'
import { MemoryLine } from '../sandbox/devices/receipt-printer/doors.ts'
import type { PrinterModel } from '../sandbox/devices/receipt-printer/models.ts'
import { VirtualReceiptPrinter } from '../sandbox/devices/receipt-printer/printer.ts'
import { seededRandom } from '../sandbox/devices/seeded-random.ts'

/**
 * Ten thousand receipts through the true ledger, the true driver and a printer that obeys bytes, while paper ends, covers
 * open, cables are pulled and either process is killed. The judge is the paper: nothing is lost, nothing is doubled without
 * its mark, and the ledger claims nothing that the paper does not show. Simulated time, seeded chance. The SQL and the file
 * are the terminal's own; only `synchronous` is off, because it is processes that die here, never the operating system.
 */
const RECEIPTS = Number(process.env['LEDGER_RECEIPTS'] ?? 10_000)
const SEED = Number(process.env['LEDGER_SEED'] ?? 20_260_101)
const PRINTER = 'receipt' as DeviceId
const FAST_MM_PER_SECOND = 1_500

/** Which model of the virtual printer belongs to which profile. */
const MODELS: readonly { readonly profile: string; readonly model: PrinterModel; readonly share: number }[] = [
  { profile: 'escpos-80', model: 'standard', share: 0.6 },
  { profile: 'escpos-80-basic', model: 'standard', share: 0.1 },
  { profile: 'pyramid-reliance', model: 'reliance', share: 0.15 },
  { profile: 'snbc-bt-ur056', model: 'ur056', share: 0.15 },
]

const folder = mkdtempSync(join(tmpdir(), 'kiosk-ledger-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What dies with a process: its timers, its connections, and everything that it would still have done. */
class Process {
  readonly #clock: SimulatedClock
  readonly #timers = new Set<unknown>()
  readonly #atDeath: (() => void)[] = []
  isDead = false

  constructor(clock: SimulatedClock) {
    this.#clock = clock
  }

  readonly clock: Clock = {
    // Whole milliseconds, as the clock of the machine has them.
    now: () => Math.floor(this.#clock.now()),
    setTimeout: (fn, ms) => {
      if (this.isDead) return undefined
      const timer = this.#clock.setTimeout(() => {
        this.#timers.delete(timer)
        fn()
      }, ms)
      this.#timers.add(timer)
      return timer
    },
    clearTimeout: (timer) => {
      this.#timers.delete(timer)
      this.#clock.clearTimeout(timer)
    },
  }

  atDeath(then: () => void): void {
    this.#atDeath.push(then)
  }

  kill(): void {
    if (this.isDead) return
    this.isDead = true
    for (const timer of this.#timers) this.#clock.clearTimeout(timer)
    for (const then of this.#atDeath) then()
  }
}

/** The printing file, opened in this thread. A statement of a dead process neither happens nor answers. */
class LedgerFile {
  readonly #sqlite: DatabaseSync
  readonly #prepared = new Map<string, StatementSync>()

  constructor(file: string) {
    this.#sqlite = new DatabaseSync(file)
    this.#sqlite.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON')
    for (const migration of PRINTING_MIGRATIONS) this.#sqlite.exec(migration)
  }

  all(sql: string, ...values: readonly SqlValue[]): readonly SqlRow[] {
    return this.#prepare(sql).all(...values) as SqlRow[]
  }

  openFor(owner: Process): Database {
    const answer = <T>(work: () => T): Promise<T> => {
      if (owner.isDead) return new Promise(() => undefined)
      try {
        return Promise.resolve(work())
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : new Error('sqlite'))
      }
    }
    const transaction = (statements: readonly Statement[]): readonly number[] => {
      this.#sqlite.exec('BEGIN IMMEDIATE')
      try {
        const changes = statements.map(({ sql, values, mustChange }) => {
          const changed = Number(this.#prepare(sql).run(...values).changes)
          if (mustChange !== undefined && changed !== mustChange) throw new Error('rows')
          return changed
        })
        this.#sqlite.exec('COMMIT')
        return changes
      } catch (error) {
        this.#sqlite.exec('ROLLBACK')
        throw error
      }
    }
    return {
      transaction: (statements) => answer(() => transaction(statements)),
      run: (sql, ...values) => answer(() => transaction([{ sql, values }])[0] ?? 0),
      all: (sql, ...values) => answer(() => this.all(sql, ...values)),
      one: (sql, ...values) => answer(() => this.all(sql, ...values)[0]),
      checkpoint: () => Promise.resolve(),
      backup: () => Promise.resolve(),
      close: () => Promise.resolve(),
    }
  }

  close(): void {
    this.#sqlite.close()
  }

  #prepare(sql: string): StatementSync {
    const known = this.#prepared.get(sql)
    if (known !== undefined) return known
    const made = this.#sqlite.prepare(sql)
    this.#prepared.set(sql, made)
    return made
  }
}

const assets = printerAssetsFolder()
const glyphs = lazyGlyphBook(assets)

/** The device host as the kiosk process sees it: it may be dead, and comes back after a quarter of a second. */
class Hosts {
  readonly #clock: SimulatedClock
  readonly #line: MemoryLine
  readonly #profile: string
  readonly #listeners = new Set<(report: DeviceReport) => void>()
  readonly #tickets = new Set<(device: DeviceId, ticket: Ticket) => void>()
  readonly #inFlight = new Set<(outcome: PrintOutcome) => void>()
  #process: Process | undefined
  #service: ReceiptPrinterService | undefined

  constructor(clock: SimulatedClock, line: MemoryLine, profile: string) {
    this.#clock = clock
    this.#line = line
    this.#profile = profile
  }

  start(): void {
    if (this.#process?.isDead === false) return
    const profile = readPrinterProfile(assets, this.#profile)
    if (!profile.ok) throw new Error(profile.error.kind)
    const own = new Process(this.#clock)
    const service = receiptPrinterOn({ id: PRINTER, class: 'receipt-printer', address: { kind: 'tcp', host: 'memory', port: 1 }, profile: this.#profile }, profile.value, { clock: own.clock, open: this.#opener(own), log: () => undefined, glyphs })
    service.onStatus(() => {
      if (!own.isDead) this.#report()
    })
    service.onTicket((ticket) => {
      if (!own.isDead) for (const listener of [...this.#tickets]) listener(PRINTER, ticket)
    })
    this.#process = own
    this.#service = service
    service.start()
  }

  kill(): void {
    this.#process?.kill()
    this.#service = undefined
    for (const end of [...this.#inFlight]) end({ kind: 'unknown', why: 'link-lost' })
    this.#inFlight.clear()
    this.#report()
    this.#clock.setTimeout(() => this.start(), 250)
  }

  /** What a kiosk process holds of it; a dead one hears nothing more. */
  seenBy(kiosk: Process): Pick<DeviceHost, 'printReceipt' | 'onTicket' | 'reports' | 'onReport'> {
    const listen = <T>(set: Set<T>, listener: T): (() => void) => {
      set.add(listener)
      kiosk.atDeath(() => set.delete(listener))
      return () => set.delete(listener)
    }
    return {
      reports: () => [this.#now()],
      onReport: (listener) => listen(this.#listeners, listener),
      onTicket: (listener) => listen(this.#tickets, listener),
      printReceipt: (_device, job, onSending) => this.#print(job, onSending, kiosk),
    }
  }

  #print(job: PrintJob, onSending: () => void, kiosk: Process): Promise<PrintOutcome> {
    const service = this.#service
    const own = this.#process
    if (service === undefined || own === undefined || kiosk.isDead) return Promise.resolve({ kind: 'not-started', why: 'link-lost' })
    return new Promise((resolve) => {
      const end = (outcome: PrintOutcome): void => {
        this.#inFlight.delete(end)
        if (!kiosk.isDead) resolve(outcome)
      }
      this.#inFlight.add(end)
      void service.print(job, onSending).then((outcome) => {
        if (!own.isDead) end(outcome)
      })
    })
  }

  #now(): DeviceReport {
    return { id: PRINTER, kind: 'receipt-printer', status: this.#service?.status() ?? { state: 'offline', since: this.#clock.now(), code: 'host-gone' } }
  }

  #report(): void {
    for (const listener of [...this.#listeners]) listener(this.#now())
  }

  #opener(own: Process): OpenTransport {
    return () => {
      if (own.isDead) return new Promise(() => undefined)
      const listeners = new TransportListeners()
      const connection = this.#line.connect({
        onBytes: (bytes) => {
          if (!own.isDead) listeners.data(bytes)
        },
        onEnd: () => {
          if (!own.isDead) listeners.end({ kind: 'disconnected', detail: 'pulled' })
        },
      })
      if (connection === undefined) return Promise.resolve(err({ kind: 'not-found', detail: 'unplugged' }))
      own.atDeath(() => connection.close())
      return Promise.resolve(ok({
        write: (bytes: Uint8Array) => {
          if (own.isDead) return new Promise<never>(() => undefined)
          return Promise.resolve(connection.write(bytes) ? ok(undefined) : err({ kind: 'disconnected' as const, detail: 'pulled' }))
        },
        discardInput: () => Promise.resolve(),
        onData: (listener: (chunk: Uint8Array) => void) => listeners.onData(listener),
        onEnd: (listener: Parameters<TransportListeners['onEnd']>[0]) => listeners.onEnd(listener),
        close: () => {
          listeners.silence()
          connection.close()
          return Promise.resolve()
        },
      }))
    }
  }
}

const TITLE = 'RECEIPT'
const LAST_LINE = 'END OF RECEIPT'
const documentOf = (number: string): ReceiptDocument => ({
  number,
  blocks: [{ kind: 'title', text: TITLE }, { kind: 'text', text: `NUMBER ${number}` }, { kind: 'text', text: 'ALPHA' }, { kind: 'text', text: 'BRAVO' }, { kind: 'text', text: LAST_LINE }],
})

interface Paper {
  readonly number: string
  readonly attempt: number
  readonly isWhole: boolean
}

/** The one of the models with automatic status. */
const TELLS_BY_ITSELF = 'escpos-80'

/** Reads a strip of paper as a person would. Void stubs are no receipts. */
function readPaper({ lines, complete }: PrintedReceipt): Paper | undefined {
  if (lines.some((line) => line.includes('作'))) return undefined
  const number = lines.find((line) => line.startsWith('NUMBER '))?.slice('NUMBER '.length)
  if (number === undefined) return undefined
  const mark = lines.map((line) => /第(\d+)次打印/.exec(line)?.[1]).find((found) => found !== undefined)
  return { number, attempt: mark === undefined ? 1 : Number(mark), isWhole: complete && lines.includes(TITLE) && lines.includes(LAST_LINE) }
}

interface Row {
  readonly attempt: number
  readonly state: string
}

interface Tally {
  readonly printed: number
  readonly voided: number
  readonly unknown: number
  readonly notStarted: number
  readonly reprints: number
  readonly wholeButVoid: number
  readonly kills: number
  readonly mistakes: readonly string[]
}

async function run(profile: string, model: PrinterModel, receipts: number, seed: number): Promise<Tally> {
  const random = seededRandom(seed)
  const chance = (p: number): boolean => random() < p
  const upTo = (n: number): number => Math.floor(random() * n)
  const clock = new SimulatedClock()
  const line = new MemoryLine()
  const papers: Paper[] = []
  const printer = new VirtualReceiptPrinter({
    address: { kind: 'memory', line }, model, clock, speedMmPerSecond: FAST_MM_PER_SECOND, seed,
    onPaper: (strip) => {
      const paper = readPaper(strip)
      if (paper !== undefined) papers.push(paper)
    },
  })
  await printer.start()
  let isHandQuick = false
  printer.onChange(() => {
    if (!isHandQuick || printer.state().paper !== 'out') return
    isHandQuick = false
    clock.setTimeout(() => void printer.command({ kind: 'load-paper', lengthMm: 50_000 }), 1 + upTo(300))
  })
  const command = (one: PrinterCommand): Promise<void> => printer.command(one)
  const file = new LedgerFile(join(folder, `${profile}.db`))
  const hosts = new Hosts(clock, line, profile)
  hosts.start()
  let kills = 0

  let kiosk = new Process(clock)
  let printing!: Printing
  async function startKiosk(): Promise<void> {
    const own = new Process(clock)
    kiosk = own
    printing = createPrinting({ database: file.openFor(own), host: hosts.seenBy(own), printer: PRINTER, clock: own.clock, log: (event, fields) => {
      // A ledger that cannot be written would make everything `unknown`, and the test would prove nothing.
      if (event === 'session.fault') throw new Error(JSON.stringify(fields))
    } })
    await printing.recover()
    hosts.start()
  }
  /** With the kiosk process dies its device host: it is its child. */
  function killKiosk(): void {
    kills += 1
    kiosk.kill()
    hosts.kill()
  }
  await startKiosk()
  await clock.advance(5_000)

  const FAULTS: readonly (() => Promise<void>)[] = [
    () => command({ kind: 'paper-out-after', lines: 1 + upTo(9) }),
    // A printer that tells its state by itself notices even the quickest hand: the rest of a receipt on a new roll is no receipt.
    async () => {
      isHandQuick = profile === TELLS_BY_ITSELF
      await command({ kind: 'paper-out-after', lines: 1 + upTo(4) })
    },
    () => command({ kind: 'open-cover' }),
    () => command({ kind: 'cutter-jam', on: true }),
    () => command({ kind: 'jam', on: true }),
    () => command({ kind: 'hot-head', on: true }),
    () => command({ kind: 'silence', on: true, printing: chance(0.5) ? 'stops' : 'goes-on' }),
    () => command({ kind: 'unplug' }),
    () => command({ kind: 'cable', plugged: false }),
    () => command({ kind: 'cable', unplugAfterBytes: 1 + upTo(400), unplugCounts: 'in' }),
    () => command({ kind: 'cable', dropNext: 1 + upTo(4) }),
    () => command({ kind: 'cable', lateMs: upTo(3_000) }),
    () => command({ kind: 'cable', split: { pieceBytes: 1, gapMs: 3 } }),
    () => command({ kind: 'cable', repeatNext: 2 }),
    () => command({ kind: 'wrong-process-id', on: true }),
    async () => {
      kills += 1
      hosts.kill()
    },
    async () => killKiosk(),
  ]
  async function mend(): Promise<void> {
    // Whoever opens a printer and puts a roll in is not done within a heartbeat.
    if (printer.state().paper === 'out' || printer.state().cover === 'open') await clock.advance(2_500)
    const state = printer.state()
    if (state.paper === 'out' || state.linesUntilPaperOut !== null || state.remainingMm < 2_000) await command({ kind: 'load-paper', lengthMm: 50_000 })
    await command({ kind: 'cutter-jam', on: false })
    await command({ kind: 'jam', on: false })
    await command({ kind: 'hot-head', on: false })
    await command({ kind: 'close-cover' })
    await command({ kind: 'silence', on: false })
    await command({ kind: 'wrong-process-id', on: false })
    await command({ kind: 'cable', clear: true, plugged: true })
    await command({ kind: 'plug' })
    // Whatever hangs out is taken, sometimes.
    if (chance(0.7)) await command({ kind: 'take-ticket' })
  }

  for (let index = 0; index < receipts; index++) {
    const number = `${profile}-${index}`
    const faulty = chance(0.35)
    // The same citizen may ask again, and a new one of the same number may come after a restart.
    for (let asked = 0; asked < 3; asked++) {
      let ended: PrintOutcome | undefined
      const asking = kiosk
      void printing.print(documentOf(number)).then((outcome) => (ended = outcome))
      if (faulty && asked === 0) {
        for (let faults = 1 + upTo(2); faults > 0; faults--) {
          await clock.advance(upTo(120))
          await FAULTS[upTo(FAULTS.length)]?.()
        }
        await clock.advance(upTo(3_000))
        if (chance(0.8)) await mend()
      }
      for (let waited = 0; ended === undefined && !asking.isDead && waited < 200; waited++) await clock.advance(waited < 20 ? 100 : 1_000)
      if (asking.isDead) {
        await mend()
        await startKiosk()
        await clock.advance(2_000)
      } else if (ended === undefined) throw new Error(`${number}: no outcome within three minutes`)
      // A kill may be pending from the same moment.
      if (ended?.kind === 'printed' || !chance(0.5)) break
      await mend()
      await clock.advance(3_000)
    }
    if (faulty) {
      await mend()
      await clock.advance(4_000)
      if (chance(0.05)) for (const { job } of await printing.unknownJobs()) {
        let done = false
        void printing.reprint(job).then(() => (done = true))
        for (let waited = 0; !done && waited < 100; waited++) await clock.advance(1_000)
      }
    } else if (model === 'reliance' && chance(0.5)) await command({ kind: 'take-ticket' })
  }
  await mend()
  await clock.advance(30_000)
  await printing.recover()

  const rows = new Map<string, Row[]>()
  for (const row of file.all('SELECT number, attempt, state FROM print_job ORDER BY id')) {
    const number = String(row['number'])
    rows.set(number, [...(rows.get(number) ?? []), { attempt: Number(row['attempt']), state: String(row['state']) }])
  }
  file.close()
  await printer.stop()
  return { ...judge(rows, papers, receipts, profile), kills }
}

const PROVED = ['printed', 'presented', 'taken', 'retracted', 'left']

function judge(rows: ReadonlyMap<string, readonly Row[]>, papers: readonly Paper[], receipts: number, prefix: string): Omit<Tally, 'kills'> {
  const mistakes: string[] = []
  const byNumber = new Map<string, Paper[]>()
  for (const paper of papers) byNumber.set(paper.number, [...(byNumber.get(paper.number) ?? []), paper])
  const tally = { printed: 0, voided: 0, unknown: 0, notStarted: 0, reprints: 0, wholeButVoid: 0 }
  for (let index = 0; index < receipts; index++) {
    const number = `${prefix}-${index}`
    const ladder = rows.get(number) ?? []
    const whole = (byNumber.get(number) ?? []).filter((paper) => paper.isWhole)
    const attempts = whole.map((paper) => paper.attempt)
    if (new Set(attempts).size !== attempts.length) mistakes.push(`${number}: doubled without a mark of its own (attempts ${attempts.join()})`)
    if (ladder.length === 0 && (byNumber.get(number) ?? []).length > 0) mistakes.push(`${number}: on paper, but no ledger knows it`)
    for (const { attempt, state } of ladder) {
      if (PROVED.includes(state) && !attempts.includes(attempt)) mistakes.push(`${number}: attempt ${attempt} is ${state}, but no whole paper shows it`)
      if (state === 'sending' || state === 'queued' || state === 'preflight') mistakes.push(`${number}: attempt ${attempt} still stands at ${state}`)
    }
    // An attempt on paper has a row that admits to it. One that is void may still be whole: it was stopped between its cut
    // and the printer's answer. Whatever came after it bears a mark, by its higher attempt.
    for (const attempt of attempts) {
      if (ladder.some((row) => row.attempt === attempt && row.state === 'voided')) tally.wholeButVoid += 1
      else if (!ladder.some((row) => row.attempt === attempt && (PROVED.includes(row.state) || row.state === 'unknown'))) mistakes.push(`${number}: attempt ${attempt} is on paper whole, but stands as ${ladder.map((row) => `${row.attempt}:${row.state}`).join()}`)
    }
    const originals = ladder.filter((row) => row.attempt === 1 && row.state !== 'not-started')
    if (originals.length > 1) mistakes.push(`${number}: two first attempts`)
    if (ladder.some((row) => row.attempt > 1 && row.state !== 'not-started')) tally.reprints += 1
    const last = ladder.at(-1)?.state
    if (ladder.some((row) => PROVED.includes(row.state))) tally.printed += 1
    else if (ladder.some((row) => row.state === 'unknown')) tally.unknown += 1
    else if (ladder.some((row) => row.state === 'voided')) tally.voided += 1
    else if (last === 'not-started' || last === undefined) tally.notStarted += 1
  }
  return { ...tally, mistakes }
}

it.each(MODELS)('of many receipts on $profile none is lost and none is doubled without its mark, whatever dies', async ({ profile, model, share }) => {
  const receipts = Math.round(RECEIPTS * share)
  const tally = await run(profile, model, receipts, SEED)
  expect(tally.mistakes.slice(0, 10)).toEqual([])
  expect(tally.printed + tally.voided + tally.unknown + tally.notStarted).toBe(receipts)
  // The test has teeth only when all of this happened.
  expect(tally.printed).toBeGreaterThan(receipts * 0.6)
  expect(tally.unknown).toBeGreaterThan(0)
  expect(tally.kills).toBeGreaterThan(receipts / 100)
  expect(tally.reprints).toBeGreaterThan(0)
  expect(tally.wholeButVoid).toBeLessThan(receipts / 100)
}, 600_000)
