import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Secret, TOTP } from 'otpauth'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SimulatedClock } from '../../../core/clock/simulated-clock.ts'
import type { KioskConfig } from '../../../core/config/kiosk-config.ts'
import { sandboxConfig } from '../../../core/config/sandbox-config.ts'
import type { CardReading, CardReadError, PrintOutcome } from '../../../core/device/operations.ts'
import type { DeviceReport } from '../../../core/device/status.ts'
import { documentKindSchema } from '../../../core/document/document-kind.ts'
import type { CitizenId, DeviceId, LocalNumber } from '../../../core/ids.ts'
import type { ReceiptDocument } from '../../../core/receipt/document.ts'
import type { Result } from '../../../core/result/result.ts'
import { err, ok } from '../../../core/result/result.ts'
import type { StaffAccount } from '../../../core/staff/accounts.ts'
import type { StaffAct } from '../../../core/staff/act.ts'
import { STAFF_PROBLEMS } from '../../../core/staff/sentences.ts'
import type { StaffDeskView, StaffFactorView, StaffSignInView } from '../../../core/staff/view.ts'
import type { DeviceHost } from '../../../drivers/device-host/contract.ts'
import type { Audit } from '../audit/audit.ts'
import { AUDIT_MIGRATIONS, openAudit } from '../audit/audit.ts'
import type { Database } from '../database/database.ts'
import { openDatabase } from '../database/database.ts'
import type { Health } from '../health/health.ts'
import { HEALTH_MIGRATIONS, openHealth } from '../health/health.ts'
import { withHealth } from '../health/healthy-host.ts'
import { openTerminalKey } from '../one-window/terminal-key.ts'
import type { ApplicationRow } from '../outbox/outbox.ts'
import { openGuard, STAFF_MIGRATIONS } from './guard.ts'
import { cardHash } from './pins.ts'
import type { StaffService } from './staff.ts'
import { createStaff, DESK_LIMIT_MS, FACTOR_LIMIT_MS, SIGN_IN_LIMIT_MS } from './staff.ts'

const secret = new Secret({ size: 20 })
const LEASE = documentKindSchema.parse({ id: 'lease', name: { 'zh-CN': '租赁合同', en: 'Lease' }, fields: [{ id: 'name', name: { 'zh-CN': '姓名', en: 'Name' }, labels: ['姓名'], rule: 'name' }] })
const SALT = 'ab'.repeat(16)
const CARD = '990101195803120027' as CitizenId
const account = (changes: Partial<StaffAccount> & Pick<StaffAccount, 'number'>): StaffAccount => ({ name: '值守员', role: 'clerk', pin: `hash of ${changes.number}00`, ...changes })
const CLERK = account({ number: '1001', totp: secret.base32, card: { salt: SALT, sha256: cardHash(SALT, CARD) } })
const TECHNICIAN = account({ number: '2001', role: 'technician', totp: secret.base32 })
const BARE = account({ number: '3001', role: 'technician' })
const reading = (number: CitizenId): CardReading => ({ kind: 'resident', name: '周桂兰', sex: 'female', birth: '1958-03-12', address: '示范市', number, issuer: '示范市公安局', validFrom: '2010-01-01', validTo: 'long-term', photo: { format: 'wlt', bytes: Uint8Array.of(1, 2, 3) } })
const row = (changes: Partial<ApplicationRow>): ApplicationRow => ({ id: 'a', localNumber: 'K260101-AAAAAA' as LocalNumber, idempotencyKey: 'k' as ApplicationRow['idempotencyKey'], createdAt: 1, matter: 'M05', state: 'held', tries: 2, nextAt: 0, lastCode: 'refused-422', caseNumber: undefined, receivedAt: undefined, updatedAt: 1, ...changes })

let folder: string
let databases: Database[]
let clock: SimulatedClock
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-staff-'))
  databases = []
  clock = new SimulatedClock()
})
afterEach(async () => {
  for (const database of databases) await database.close()
  rmSync(folder, { recursive: true })
})

async function database(name: string, migrations: readonly string[]): Promise<Database> {
  const opened = await openDatabase({ file: join(folder, name), migrations })
  if (!opened.ok) throw new Error(opened.error.detail)
  databases.push(opened.value)
  return opened.value
}

interface Terminal {
  readonly staff: StaffService
  readonly audit: Audit
  readonly health: Health
  readonly journalDatabase: Database
  readonly world: {
    citizen: boolean
    card: Result<CardReading, CardReadError> | Promise<Result<CardReading, CardReadError>> | 'waits'
    rows: ApplicationRow[]
    print: PrintOutcome
    accounts: readonly StaffAccount[]
    /** A reading under way; without it each ends at once. */
    reading: 'read' | 'waits'
    readonly pictures: Uint8Array[]
    readonly calls: string[]
    readonly checked: string[]
    readonly printed: ReceiptDocument[]
    readonly logged: string[]
    cancelled: number
    bundleFails: boolean
    facts: Readonly<Record<string, unknown>>
  }
}

async function terminal(changes: Partial<KioskConfig> = {}): Promise<Terminal> {
  const world: Terminal['world'] = { citizen: false, card: 'waits', rows: [], print: { kind: 'printed', proof: 'process-id' }, accounts: [CLERK, TECHNICIAN, BARE], reading: 'read', pictures: [], calls: [], checked: [], printed: [], logged: [], cancelled: 0, bundleFails: false, facts: {} }
  const key = await openTerminalKey(folder)
  if (!key.ok) throw new Error(key.error.kind)
  const log = (event: string, fields: object): void => void world.logged.push(`${event} ${JSON.stringify(fields)}`)
  const journalDatabase = await database('audit.db', AUDIT_MIGRATIONS)
  const audit = await openAudit({ database: journalDatabase, keys: folder, key: key.value, clock })
  const health = await openHealth({ database: await database('health.db', HEALTH_MIGRATIONS), clock, log })
  const sandbox = sandboxConfig({ dataFolder: '/nowhere', rootFile: '/nowhere/root.json' })
  const config: KioskConfig = { ...sandbox, devices: sandbox.devices.filter((device) => ['id-card', 'receipt-printer', 'document-scanner'].includes(device.class)), staff: { accountsFile: '/nowhere/staff.json', bundleRecipient: `age1${'q'.repeat(58)}` }, ...changes }
  const page = { mime: 'image/png' as const, bytes: Uint8Array.of(7, 7), widthPx: 2480, heightPx: 3508, dpi: 300 }
  const reports: DeviceReport[] = config.devices.map((device) => ({ id: device.id as DeviceId, kind: device.class, status: { state: 'ready', since: 1 }, ...(device.class === 'id-card' && { details: { samNumber: '05.01.20260101' } }) }))
  const host: DeviceHost = {
    reports: () => reports, onReport: () => () => undefined, onTicket: () => () => undefined,
    readCard: (_device, _options, _onProgress, signal) => world.card === 'waits' ? new Promise((resolve) => signal.addEventListener('abort', () => {
      world.cancelled += 1
      resolve(err({ kind: 'cancelled' }))
    })) : Promise.resolve(world.card),
    readSocialCard: () => Promise.resolve(err({ kind: 'timeout' })), readCode: () => Promise.resolve(err({ kind: 'timeout' })),
    printReceipt: () => Promise.resolve(world.print), printPages: () => Promise.resolve({ kind: 'printed', pages: 1 }),
    scanPage: () => Promise.resolve(ok(page)), scanBatch: () => Promise.resolve(ok({ pages: 0 })),
    restart: () => void world.calls.push('restart device host'), stop: () => Promise.resolve(),
  }
  const staff: StaffService = createStaff({
    clock, config, log, audit, health, guard: await openGuard(await database('staff.db', STAFF_MIGRATIONS), clock),
    host: withHealth(host, health, () => staff.signedIn()),
    outbox: {
      list: () => Promise.resolve(world.rows), status: () => Promise.resolve({ waiting: 0, held: 0, oldestMs: undefined, full: false, paused: undefined }),
      release: (localNumber) => Promise.resolve(world.calls.push(`release ${localNumber}`) > 0), hurry: () => Promise.resolve(world.calls.push('hurry')),
    },
    printing: {
      print: (document) => {
        world.printed.push(document)
        return Promise.resolve(world.print)
      },
      unknownJobs: () => Promise.resolve([{ job: 7, at: 1, attempt: 1, why: 'silent', canReprint: true }]),
      reprint: (job) => {
        world.calls.push(`reprint ${job}`)
        return Promise.resolve(ok(world.print))
      },
    },
    checkPin: (pin, phc) => {
      world.checked.push(phc)
      return Promise.resolve(phc === `hash of ${pin}`)
    },
    loadAccounts: () => Promise.resolve(ok({ accounts: [...world.accounts] })),
    citizenThere: () => world.citizen, online: () => true, lastBackendAnswerAt: () => undefined, packVersion: () => '1.0.0', software: '0.1.0', reading: () => ({ state: 'running', engine: 'paddle-web', passedOver: ['paddle-native'] }),
    disk: () => Promise.resolve({ freeBytes: 5e9, totalBytes: 1e10 }), blocks: () => [],
    makeBundle: (_recipient, facts) => {
      world.facts = facts
      return world.bundleFails ? Promise.reject(new Error('full')) : Promise.resolve({ file: '/x.zip.age', bytes: 9 })
    },
    restartKiosk: () => void world.calls.push('restart kiosk'),
    training: {
      folder: join(folder, 'training'), kinds: [LEASE],
      documents: {
        check: () => Promise.resolve(ok({ widthPx: 10, heightPx: 14 })),
        look: (one) => {
          world.pictures.push(one.bytes)
          return Promise.resolve(ok({ look: { place: { kind: 'whole-picture' }, problems: [] }, picture: { ...one, bytes: Uint8Array.of(9, 9) }, widthPx: 10, heightPx: 14 }))
        },
        read: (one, _kinds, _onProgress, signal) => {
          world.pictures.push(one.bytes)
          const name = { field: 'name', value: '周桂兰', state: 'sure', confidence: 1 } as const
          return world.reading === 'read' ? Promise.resolve(ok({ kind: 'lease', fields: [name] })) : new Promise((resolve) => signal.addEventListener('abort', () => resolve(err({ kind: 'cancelled' }))))
        },
        recycle: () => Promise.resolve(void world.calls.push('recycle')),
      },
    },
  })
  return { staff, audit, health, journalDatabase, world }
}

/** Everything that was asked has been done: databases answer outside of simulated time. */
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 10_000, interval: 2 })
const signInView = (staff: StaffService): StaffSignInView => {
  const view = staff.view()
  if (view?.stage !== 'sign-in') throw new Error(`not at the sign-in but ${view?.stage}`)
  return view
}
const desk = (staff: StaffService): StaffDeskView => {
  const view = staff.view()
  if (view?.stage !== 'desk') throw new Error(`not at the desk but ${view?.stage}`)
  return view
}
const factor = (staff: StaffService): StaffFactorView => {
  const view = staff.view()
  if (view?.stage !== 'second-factor') throw new Error(`not at the factor but ${view?.stage}`)
  return view
}
async function tryIn({ staff }: Terminal, number: string, pin = `${number}00`): Promise<void> {
  if (staff.view() === undefined) staff.act({ kind: 'open' })
  expect(staff.act({ kind: 'sign-in', staff: number, pin })).toBe('accepted')
  await until(() => expect(staff.view()).not.toMatchObject({ checking: true }))
}
async function signedIn(one: Terminal, number: string): Promise<void> {
  await tryIn(one, number)
  await until(() => expect(desk(one.staff).journal.total).toBeGreaterThan(0))
}
const journal = async ({ audit }: Terminal): Promise<string[]> => (await audit.latest(50)).map((entry) => [entry.staff, entry.act, entry.about, entry.result].join(' ')).reverse()
const code = (): string => TOTP.generate({ secret, timestamp: clock.now() })
async function act({ staff }: Terminal, wanted: StaffAct): Promise<'accepted' | 'refused'> {
  const answer = staff.act(wanted)
  // Acts stand in one line: what is asked last is done last.
  await staff.idle()
  return answer
}

describe('signing in', () => {
  it('shows the sign-in only while no citizen is served', async () => {
    const one = await terminal()
    one.world.citizen = true
    expect(one.staff.act({ kind: 'open' })).toBe('refused')
    expect(one.staff.view()).toBeUndefined()
    one.world.citizen = false
    expect(one.staff.act({ kind: 'open' })).toBe('accepted')
    expect(signInView(one.staff)).toMatchObject({ checking: false, problem: undefined, lockedUntil: undefined, endsAt: clock.now() + SIGN_IN_LIMIT_MS })
    await one.staff.stop()
    expect(await journal(one)).toEqual(['- open not-now refused', '- open  done', '- close stop done'])
    expect(clock.pending).toBe(0)
  })

  it('lets in who has number and PIN, and says what they may do', async () => {
    const one = await terminal()
    await signedIn(one, '1001')
    expect(desk(one.staff)).toMatchObject({ page: 'devices', who: { staff: '1001', role: 'clerk' }, signsOutAt: clock.now() + DESK_LIMIT_MS, machine: { terminalId: 'DEMO-990101-0001', openNow: true } })
    expect(desk(one.staff).devices.map((device) => [device.id, device.status.state])).toEqual([['card-reader', 'ready'], ['receipt-printer', 'ready'], ['scanner', 'ready']])
    expect(desk(one.staff).may).not.toContain('restart')
    await act(one, { kind: 'close' })
    await signedIn(one, '2001')
    expect(desk(one.staff).may).toContain('restart')
  })

  it('checks a PIN for numbers that nobody has as well, and says the same', async () => {
    const one = await terminal()
    await tryIn(one, '1001', '999999')
    const known = signInView(one.staff).problem
    await tryIn(one, '4004', '999999')
    expect(signInView(one.staff).problem).toEqual(known)
    expect(one.world.checked).toHaveLength(2)
    expect(one.world.checked[1]).toMatch(/^\$argon2id\$/)
    // A PIN that somebody typed where the number belongs is not kept.
    expect(JSON.stringify([await one.audit.latest(50), one.world.logged])).not.toContain('4004')
  })

  it('locks after wrong PINs, also for the right one, and also after a restart', async () => {
    const one = await terminal()
    for (let wrong = 0; wrong < 3; wrong++) await tryIn(one, '1001', '999999')
    expect(signInView(one.staff)).toMatchObject({ problem: STAFF_PROBLEMS.locked, lockedUntil: clock.now() + 30_000 })
    await tryIn(one, '1001')
    expect(signInView(one.staff).problem).toEqual(STAFF_PROBLEMS.locked)
    expect(one.world.checked).toHaveLength(3)
    await one.staff.stop()
    const two = await terminal()
    await tryIn(two, '1001')
    expect(signInView(two.staff).problem).toEqual(STAFF_PROBLEMS.locked)
    await clock.advance(30_000)
    await tryIn(two, '1001')
    expect(desk(two.staff).who.staff).toBe('1001')
  })

  it('lets nobody in whose coming cannot be written down', async () => {
    const one = await terminal()
    await one.journalDatabase.run("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(FAIL, 'full'); END")
    await tryIn(one, '1001')
    expect(signInView(one.staff).problem).toEqual(STAFF_PROBLEMS['journal-fault'])
  })

  it('goes back to the idle screen when nobody goes on, and says so where no accounts are configured', async () => {
    const one = await terminal({ staff: undefined })
    one.staff.act({ kind: 'open' })
    expect(signInView(one.staff).problem).toEqual(STAFF_PROBLEMS['no-accounts'])
    expect(one.staff.act({ kind: 'sign-in', staff: '1001', pin: '100100' })).toBe('refused')
    await clock.advance(SIGN_IN_LIMIT_MS - 1)
    expect(one.staff.view()).toBeDefined()
    await clock.advance(1)
    expect(one.staff.view()).toBeUndefined()
  })
})

describe('signing out', () => {
  it('comes two minutes after the last touch, and with the page', async () => {
    const one = await terminal()
    await signedIn(one, '1001')
    await clock.advance(DESK_LIMIT_MS - 1)
    one.staff.touched()
    await clock.advance(DESK_LIMIT_MS - 1)
    expect(one.staff.signedIn()).toBe(true)
    await clock.advance(1)
    expect(one.staff.view()).toBeUndefined()
    await signedIn(one, '1001')
    one.staff.pageGone()
    expect(one.staff.view()).toBeUndefined()
    await one.staff.stop()
    expect((await journal(one)).filter((entry) => entry.includes('close'))).toEqual(['1001 close timeout done', '1001 close page-gone done'])
    expect(clock.pending).toBe(0)
  })

  it('ends what was under way: nothing that was asked before takes effect for who is gone', async () => {
    const one = await terminal()
    await signedIn(one, '1001')
    one.staff.act({ kind: 'device-out', device: 'scanner', reason: 'cleaning' })
    one.staff.act({ kind: 'close' })
    await one.staff.idle()
    expect(one.health.outOfService('scanner')).toBeUndefined()
  })
})

describe('acts', () => {
  it('are written down before they take effect, and refused ones too', async () => {
    const one = await terminal()
    await signedIn(one, '1001')
    expect(await act(one, { kind: 'device-out', device: 'scanner', reason: 'cleaning' })).toBe('accepted')
    expect(one.health.outOfService('scanner')).toEqual({ reason: 'cleaning', since: clock.now() })
    expect(desk(one.staff).devices[2]).toMatchObject({ outOfService: { reason: 'cleaning' }, status: { state: 'ready' } })
    expect(await act(one, { kind: 'device-out', device: 'nothing', reason: 'cleaning' })).toBe('refused')
    expect(await act(one, { kind: 'hours', hours: '24h' })).toBe('refused')
    expect(desk(one.staff).notice).toMatchObject({ kind: 'problem', sentence: STAFF_PROBLEMS['not-your-role'] })
    expect((await journal(one)).slice(-3)).toEqual(['1001 device-out scanner cleaning done', '1001 device-out invalid refused', '1001 hours not-your-role refused'])
    expect(desk(one.staff).journal).toMatchObject({ entries: [{ act: 'hours', result: 'refused' }, { act: 'device-out' }, { act: 'device-out' }, { act: 'sign-in' }, { act: 'open' }] })
  })

  it('do nothing while the journal cannot be written', async () => {
    const one = await terminal()
    await signedIn(one, '1001')
    await one.journalDatabase.run("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(FAIL, 'full'); END")
    await act(one, { kind: 'device-out', device: 'scanner', reason: 'cleaning' })
    expect(one.health.outOfService('scanner')).toBeUndefined()
    expect(desk(one.staff).notice?.sentence).toEqual(STAFF_PROBLEMS['journal-fault'])
  })

  it('are taken from nobody who has not signed in', async () => {
    const one = await terminal()
    expect(await act(one, { kind: 'restart', what: 'device-host' })).toBe('refused')
    one.staff.act({ kind: 'open' })
    expect(await act(one, { kind: 'device-out', device: 'scanner', reason: 'cleaning' })).toBe('refused')
    expect(await act(one, { kind: 'give-code', code: code() })).toBe('refused')
    expect(one.world.calls).toEqual([])
    expect(one.health.outOfService('scanner')).toBeUndefined()
    expect((await journal(one)).every((entry) => entry.startsWith('- '))).toBe(true)
  })

  it('note new paper, and send what waits', async () => {
    const one = await terminal()
    one.world.rows = [row({}), row({ id: 'b', localNumber: 'K260101-BBBBBB' as LocalNumber, state: 'done' })]
    await signedIn(one, '1001')
    await act(one, { kind: 'paper-changed', device: 'receipt-printer', amount: 80 })
    expect(desk(one.staff).devices[1]?.consumable).toMatchObject({ kind: 'roll', left: 1, amountLeft: 80 })
    expect(await act(one, { kind: 'paper-changed', device: 'scanner', amount: 80 })).toBe('refused')
    expect(desk(one.staff).queue.items).toMatchObject([{ localNumber: 'K260101-AAAAAA', state: 'held', code: 'refused-422' }])
    await act(one, { kind: 'retry', localNumber: 'K260101-AAAAAA' })
    await act(one, { kind: 'retry', localNumber: 'all' })
    await act(one, { kind: 'retry', localNumber: 'K260101-BBBBBB' })
    await until(() => expect(one.world.calls).toEqual(['release K260101-AAAAAA', 'hurry']))
  })
})

describe('dangerous acts', () => {
  it('wait for a code, serve five minutes with it, and take each code once', async () => {
    const one = await terminal()
    await signedIn(one, '2001')
    await act(one, { kind: 'restart', what: 'device-host' })
    expect(factor(one.staff)).toMatchObject({ act: 'restart', ways: ['code'], reading: false, problem: undefined })
    expect(one.world.calls).toEqual([])
    await act(one, { kind: 'give-code', code: '000000' === code() ? '111111' : '000000' })
    expect(factor(one.staff).problem).toEqual(STAFF_PROBLEMS['wrong-code'])
    const used = code()
    await act(one, { kind: 'give-code', code: used })
    expect(one.world.calls).toEqual(['restart device host'])
    await clock.advance(DESK_LIMIT_MS - 1)
    await act(one, { kind: 'restart', what: 'device-host' })
    await clock.advance(DESK_LIMIT_MS - 1)
    one.staff.touched()
    expect(one.world.calls).toHaveLength(2)
    await clock.advance(FACTOR_LIMIT_MS - 2 * (DESK_LIMIT_MS - 1))
    await act(one, { kind: 'restart', what: 'device-host' })
    expect(factor(one.staff).act).toBe('restart')
    await act(one, { kind: 'give-code', code: used })
    expect(one.world.calls).toHaveLength(2)
    await act(one, { kind: 'cancel-act' })
    expect(desk(one.staff).page).toBe('devices')
  })

  it('do not take one code twice within its time, also at another sign-in', async () => {
    const one = await terminal()
    await signedIn(one, '2001')
    await act(one, { kind: 'restart', what: 'device-host' })
    await act(one, { kind: 'give-code', code: code() })
    await act(one, { kind: 'close' })
    await signedIn(one, '2001')
    await act(one, { kind: 'restart', what: 'device-host' })
    await act(one, { kind: 'give-code', code: code() })
    expect(factor(one.staff).problem).toEqual(STAFF_PROBLEMS['code-used'])
    expect(one.world.calls).toHaveLength(1)
  })

  it('lock after wrong codes', async () => {
    const one = await terminal()
    await signedIn(one, '2001')
    await act(one, { kind: 'restart', what: 'device-host' })
    const wrong = code() === '000000' ? '111111' : '000000'
    for (let time = 0; time < 3; time++) await act(one, { kind: 'give-code', code: wrong })
    expect(factor(one.staff)).toMatchObject({ problem: STAFF_PROBLEMS.locked, lockedUntil: clock.now() + 30_000 })
    await act(one, { kind: 'give-code', code: code() })
    expect(one.world.calls).toEqual([])
  })

  it('take the staff member’s own card, wipe it, and no other', async () => {
    const one = await terminal()
    await signedIn(one, '1001')
    await act(one, { kind: 'terminal-out', reason: 'moved' })
    expect(factor(one.staff).ways).toEqual(['code', 'card'])
    const others = reading('990101199011050014' as CitizenId)
    one.world.card = ok(others)
    one.staff.act({ kind: 'give-card' })
    await until(() => expect(factor(one.staff)).toMatchObject({ reading: false, problem: STAFF_PROBLEMS['wrong-card'] }))
    expect([...(others.photo?.bytes ?? [])]).toEqual([0, 0, 0])
    one.world.card = err({ kind: 'timeout', code: 'x' })
    one.staff.act({ kind: 'give-card' })
    await until(() => expect(factor(one.staff).problem).toEqual(STAFF_PROBLEMS['card-not-read']))
    one.world.card = 'waits'
    one.staff.act({ kind: 'give-card' })
    expect(factor(one.staff).reading).toBe(true)
    await act(one, { kind: 'cancel-act' })
    expect(one.health.terminalOut()).toBeUndefined()
    await act(one, { kind: 'terminal-out', reason: 'moved' })
    one.world.card = ok(reading(CARD))
    one.staff.act({ kind: 'give-card' })
    await until(() => expect(one.health.terminalOut()).toMatchObject({ reason: 'moved' }))
    await one.staff.idle()
    expect(JSON.stringify([await one.audit.latest(50), one.world.logged])).not.toMatch(/周桂兰|9901011958|9901011990/)
  })

  it('are refused to an account without a second factor', async () => {
    const one = await terminal()
    await signedIn(one, '3001')
    await act(one, { kind: 'restart', what: 'kiosk' })
    expect(desk(one.staff).notice?.sentence).toEqual(STAFF_PROBLEMS['no-second-factor'])
    expect((await journal(one)).at(-1)).toBe('3001 restart no-second-factor refused')
  })

  it('restart, print again, set hours and make bundles; what fails after all is written down', async () => {
    const one = await terminal()
    await signedIn(one, '2001')
    await act(one, { kind: 'reprint', job: 7 })
    await act(one, { kind: 'give-code', code: code() })
    await until(() => expect(one.world.calls).toEqual(['reprint 7']))
    await act(one, { kind: 'bundle' })
    await until(() => expect(desk(one.staff).machine.bundle).toMatchObject({ state: 'ready', bytes: 9 }))
    one.world.bundleFails = true
    await act(one, { kind: 'bundle' })
    await until(() => expect(desk(one.staff).machine.bundle.state).toBe('failed'))
    await until(() => expect(desk(one.staff).journal.entries[0]).toMatchObject({ act: 'bundle', result: 'failed' }))
    await act(one, { kind: 'restart', what: 'kiosk' })
    expect(one.world.calls).toEqual(['reprint 7'])
    await clock.advance(1000)
    expect(one.world.calls).toEqual(['reprint 7', 'restart kiosk'])
    expect(one.staff.view()).toBeUndefined()
  })

  it('a locked second factor does not wait for a card that it would not take', async () => {
    const one = await terminal()
    await signedIn(one, '1001')
    await act(one, { kind: 'terminal-out', reason: 'moved' })
    const wrong = code() === '000000' ? '111111' : '000000'
    for (let time = 0; time < 3; time++) await act(one, { kind: 'give-code', code: wrong })
    one.staff.act({ kind: 'give-card' })
    await until(() => expect(factor(one.staff)).toMatchObject({ reading: false, problem: STAFF_PROBLEMS.locked }))
    await clock.advance(30_000)
    await act(one, { kind: 'give-code', code: code() })
    expect(one.health.terminalOut()).toMatchObject({ reason: 'moved' })
  })

  it('a right code ends the waiting for a card', async () => {
    const one = await terminal()
    await signedIn(one, '1001')
    await act(one, { kind: 'terminal-out', reason: 'moved' })
    one.staff.act({ kind: 'give-code', code: code() })
    one.staff.act({ kind: 'give-card' })
    await until(() => expect(one.health.terminalOut()).toMatchObject({ reason: 'moved' }))
    await one.staff.idle()
    expect(one.world.cancelled).toBe(1)
  })

  it('never restart the kiosk under a citizen who began when staff had just left', async () => {
    const one = await terminal()
    await signedIn(one, '2001')
    await act(one, { kind: 'restart', what: 'kiosk' })
    await act(one, { kind: 'give-code', code: code() })
    await act(one, { kind: 'close' })
    one.world.citizen = true
    await clock.advance(300_000)
    expect(one.world.calls).toEqual([])
    one.world.citizen = false
    await clock.advance(1000)
    expect(one.world.calls).toEqual(['restart kiosk'])
    await one.staff.stop()
    expect(clock.pending).toBe(0)
  })

  it('say so in the journal when staff were gone before an act took effect', async () => {
    const one = await terminal()
    await signedIn(one, '1001')
    const append = one.audit.append.bind(one.audit)
    vi.spyOn(one.audit, 'append').mockImplementationOnce(async (entry) => {
      const written = await append(entry)
      one.staff.act({ kind: 'close' })
      return written
    })
    await act(one, { kind: 'device-out', device: 'scanner', reason: 'cleaning' })
    await one.staff.idle()
    expect(one.health.outOfService('scanner')).toBeUndefined()
    expect((await journal(one)).slice(-3)).toEqual(['1001 device-out scanner cleaning done', '1001 device-out scanner cleaning failed', '1001 close asked done'])
  })

  it('are not for whoever wakes up a machine that slept past the limit', async () => {
    const one = await terminal()
    await signedIn(one, '1001')
    vi.spyOn(clock, 'now').mockReturnValue(clock.now() + DESK_LIMIT_MS)
    expect(one.staff.act({ kind: 'device-out', device: 'scanner', reason: 'cleaning' })).toBe('refused')
    expect(one.staff.view()).toBeUndefined()
    await one.staff.idle()
    expect((await journal(one)).slice(-2)).toEqual(['1001 close timeout done', '- device-out not-now refused'])
  })

  it('puts nothing of citizens into the facts of a bundle', async () => {
    const one = await terminal()
    one.world.rows = [row({ caseNumber: '99010120260101000123H' as ApplicationRow['caseNumber'] })]
    await signedIn(one, '2001')
    await act(one, { kind: 'bundle' })
    await act(one, { kind: 'give-code', code: code() })
    await until(() => expect(Object.keys(one.world.facts)).toEqual(['versions.json', 'terminal.json', 'devices.json', 'outbox.json', 'audit.json']))
    expect(JSON.stringify(one.world.facts)).not.toMatch(/99010120260101000123H|K260101|AAAAAA/)
    expect(JSON.stringify(one.world.facts)).toContain('refused-422')
  })
})

describe('whether citizens are served', () => {
  it('follows what staff say, through a restart', async () => {
    const one = await terminal()
    expect(one.staff.closed()).toBeUndefined()
    await signedIn(one, '2001')
    await act(one, { kind: 'terminal-out', reason: 'hall-closed' })
    await act(one, { kind: 'give-code', code: code() })
    expect(one.staff.closed()?.en).toContain('The hall is closed')
    await one.staff.stop()
    const two = await terminal()
    expect(two.staff.closed()?.en).toContain('The hall is closed')
    await signedIn(two, '1001')
    await act(two, { kind: 'terminal-back' })
    expect(two.staff.closed()).toBeUndefined()
  })

  it('follows the hours by itself, those of the configuration or those set here', async () => {
    // It is 08:00 in China.
    const one = await terminal({ hours: { open: '08:30', close: '17:00' } })
    let told = 0
    one.staff.onChange(() => told++)
    expect(one.staff.closed()?.en).toContain('08:30')
    await clock.advance(30 * 60_000)
    expect(one.staff.closed()).toBeUndefined()
    expect(told).toBeGreaterThan(0)
    await clock.advance(8.5 * 3_600_000)
    expect(one.staff.closed()).toBeDefined()
    await signedIn(one, '2001')
    await act(one, { kind: 'hours', hours: { open: '08:30', close: '20:00' } })
    await act(one, { kind: 'give-code', code: code() })
    expect([one.staff.closed(), one.staff.hours()]).toEqual([undefined, { open: '08:30', close: '20:00' }])
  })
})

describe('self-tests', () => {
  const answer = async (one: Terminal, passed: boolean): Promise<void> => {
    await until(() => expect(desk(one.staff).test?.question).toBeDefined())
    await act(one, { kind: 'test-answer', step: desk(one.staff).test?.question?.step ?? '', passed })
  }
  const ended = (one: Terminal) => until(() => expect(desk(one.staff).test?.state).toBe('ended'))
  const states = (one: Terminal) => desk(one.staff).test?.steps.map((step) => `${step.id} ${step.state}`)

  it('guide through the whole machine, and print what they came to', async () => {
    const one = await terminal()
    one.world.card = ok(reading(CARD))
    await signedIn(one, '1001')
    await act(one, { kind: 'test', device: 'all' })
    await answer(one, true)
    expect(one.world.printed).toHaveLength(1)
    await answer(one, true)
    await answer(one, true)
    await answer(one, true)
    await ended(one)
    expect(states(one)).toEqual([
      'card-reader.status passed', 'card-reader.read passed', 'receipt-printer.status passed', 'receipt-printer.print passed', 'receipt-printer.look passed', 'scanner.status passed', 'scanner.scan passed',
      'machine.network passed', 'machine.disk passed', 'machine.clock passed', 'machine.outbox passed', 'machine.journal passed', 'machine.screen passed',
    ])
    expect(desk(one.staff).test).toMatchObject({ passed: true, steps: [{ detail: { en: 'Security module 05.01.20260101.' } }, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}] })
    expect(desk(one.staff).devices.map((device) => device.lastTest?.passed)).toEqual([true, true, true])
    await act(one, { kind: 'print-report' })
    await until(() => expect(desk(one.staff).notice?.sentence.en).toBe('The report is printed.'))
    const report = JSON.stringify(one.world.printed.at(-1))
    expect(one.world.printed.at(-1)?.unlimited).toBe(true)
    expect(report).toContain('可以对外服务')
    expect(report).not.toMatch(/周桂兰|99010119/)
  })

  it('fail with what eyes see, and keep it for that device', async () => {
    const one = await terminal()
    await signedIn(one, '1001')
    await act(one, { kind: 'test', device: 'receipt-printer' })
    await answer(one, false)
    await ended(one)
    expect(states(one)).toEqual(['receipt-printer.status passed', 'receipt-printer.print passed', 'receipt-printer.look failed'])
    expect(desk(one.staff).test?.passed).toBe(false)
    expect(one.health.lastTest('receipt-printer')?.passed).toBe(false)
    one.world.print = { kind: 'not-started', why: 'no-paper' }
    await act(one, { kind: 'test', device: 'receipt-printer' })
    await ended(one)
    expect(states(one)).toEqual(['receipt-printer.status passed', 'receipt-printer.print failed', 'receipt-printer.look skipped'])
  })

  it('end when a deed cannot be done, when nobody answers, when they are stopped and when staff go', async () => {
    const one = await terminal()
    await signedIn(one, '1001')
    await act(one, { kind: 'test', device: 'card-reader' })
    await answer(one, false)
    await ended(one)
    expect(states(one)).toEqual(['card-reader.status passed', 'card-reader.read failed'])
    await act(one, { kind: 'test', device: 'scanner' })
    await until(() => expect(desk(one.staff).test?.question?.kind).toBe('doing'))
    await clock.advance(90_000)
    await ended(one)
    expect(states(one)).toEqual(['scanner.status passed', 'scanner.scan failed'])
    await act(one, { kind: 'test', device: 'card-reader' })
    await until(() => expect(desk(one.staff).test?.question).toBeDefined())
    expect(await act(one, { kind: 'test', device: 'all' })).toBe('refused')
    await act(one, { kind: 'test-stop' })
    await ended(one)
    expect(states(one)).toEqual(['card-reader.status passed', 'card-reader.read skipped'])
    await act(one, { kind: 'test', device: 'card-reader' })
    await until(() => expect(desk(one.staff).test?.question).toBeDefined())
    await act(one, { kind: 'close' })
    await signedIn(one, '1001')
    expect(desk(one.staff).test).toBeUndefined()
    expect(await act(one, { kind: 'print-report' })).toBe('accepted')
    expect(desk(one.staff).notice?.sentence).toEqual(STAFF_PROBLEMS['no-report'])
  })
})

describe('a test that nobody attends', () => {
  it('keeps nobody signed in: only who lays a card is there', async () => {
    const one = await terminal()
    await signedIn(one, '1001')
    for (const [result, isThere] of [[err({ kind: 'timeout', code: 'x' } as const), false], [ok(reading(CARD)), true]] as const) {
      let read: (result: Result<CardReading, CardReadError>) => void = () => undefined
      one.world.card = new Promise((resolve) => (read = resolve))
      await act(one, { kind: 'test', device: 'card-reader' })
      await until(() => expect(desk(one.staff).test?.question?.kind).toBe('doing'))
      const { signsOutAt } = desk(one.staff)
      await clock.advance(45_000)
      read(result)
      await until(() => expect(desk(one.staff).test?.state).toBe('ended'))
      expect(desk(one.staff).signsOutAt).toBe(isThere ? signsOutAt + 45_000 : signsOutAt)
    }
  })
})

describe('trying a paper', () => {
  const TRY = { kind: 'try-paper', name: '周桂兰的租约.jpg', paper: 'lease', source: 'camera' } as const
  async function atTraining(reading: 'read' | 'waits' = 'read'): Promise<Terminal> {
    mkdirSync(join(folder, 'training'))
    writeFileSync(join(folder, 'training', TRY.name), Uint8Array.of(0xff, 0xd8, 0xff, 1))
    const one = await terminal()
    one.world.reading = reading
    await signedIn(one, '1001')
    await act(one, { kind: 'show', page: 'training' })
    expect(desk(one.staff).training.files).toEqual([{ name: TRY.name, bytes: 4 }])
    return one
  }
  const midRead = (one: Terminal): Promise<void> => until(() => expect(one.world.pictures).toHaveLength(2))
  const isWiped = (one: Terminal): boolean => one.world.pictures.every((bytes) => bytes.every((byte) => byte === 0))
  const lines = async (one: Terminal): Promise<string[]> => (await journal(one)).filter((line) => line.includes(' try-'))

  it('is for clerks as well, and is written down by act and code alone', async () => {
    const one = await atTraining()
    expect(desk(one.staff).may).toContain('try-paper')
    expect(await act(one, TRY)).toBe('accepted')
    await until(() => expect(desk(one.staff).training.run).toMatchObject({ state: 'ended', end: 'read', fields: [{ value: '周桂兰', state: 'sure' }] }))
    await vi.waitFor(async () => expect(await lines(one)).toEqual(['1001 try-paper lease done', '1001 try-paper lease read done']), { timeout: 10_000, interval: 2 })
    expect(isWiped(one)).toBe(true)
    expect([...one.world.logged, ...(await journal(one))].join('\n')).not.toContain('周桂兰')
    await act(one, { kind: 'try-stop' })
    expect(desk(one.staff).training.run).toBeUndefined()
    expect(one.world.calls).toEqual(['recycle'])
  })

  it('takes no name that was not in its list, and no kind that it does not know', async () => {
    const one = await atTraining()
    writeFileSync(join(folder, 'training', 'new.jpg'), Uint8Array.of(0xff, 0xd8, 0xff))
    expect(await act(one, { ...TRY, name: 'new.jpg' })).toBe('refused')
    expect(await act(one, { ...TRY, name: '../audit.db' })).toBe('refused')
    expect(await act(one, { ...TRY, paper: 'passport' })).toBe('refused')
    expect(one.world.pictures).toEqual([])
    expect(await lines(one)).toEqual(Array.from({ length: 3 }, () => '1001 try-paper invalid refused'))
  })

  it('is not done while a citizen is served, nor twice at a time', async () => {
    const one = await atTraining('waits')
    one.world.citizen = true
    expect(desk(one.staff).may).not.toContain('try-paper')
    expect(await act(one, TRY)).toBe('refused')
    one.world.citizen = false
    expect(await act(one, TRY)).toBe('accepted')
    await midRead(one)
    expect(await act(one, TRY)).toBe('refused')
  })

  it.each([
    ['asks to stop', (one: Terminal) => act(one, { kind: 'try-stop' })],
    ['goes to another page', (one: Terminal) => act(one, { kind: 'show', page: 'queue' })],
    ['signs out', (one: Terminal) => act(one, { kind: 'close' })],
    ['walks away', () => clock.advance(DESK_LIMIT_MS)],
    ['loses the page', (one: Terminal) => Promise.resolve(one.staff.pageGone())],
    ['has the program ended', (one: Terminal) => one.staff.stop()],
  ])('leaves nothing when its person %s in the middle of reading', async (_why, leave) => {
    const one = await atTraining('waits')
    await act(one, TRY)
    await midRead(one)
    await leave(one)
    await vi.waitFor(async () => expect(await lines(one)).toContain('1001 try-paper lease cancelled done'), { timeout: 10_000, interval: 2 })
    expect(isWiped(one)).toBe(true)
    expect(one.world.calls).toEqual(['recycle'])
    const view = one.staff.view()
    expect(view?.stage === 'desk' ? view.training.run : undefined).toBeUndefined()
  })

  it('drops what was read with its page and its person', async () => {
    const one = await atTraining()
    for (const leave of [{ kind: 'show', page: 'devices' }, { kind: 'close' }] as const) {
      await act(one, { kind: 'show', page: 'training' })
      await act(one, TRY)
      await until(() => expect(desk(one.staff).training.run?.state).toBe('ended'))
      await act(one, leave)
      if (leave.kind === 'close') await signedIn(one, '1001')
      expect(JSON.stringify(desk(one.staff).training)).not.toContain('"value"')
    }
  })
})

describe('the journal on the staff page', () => {
  it('is verified when it is opened', async () => {
    const one = await terminal()
    await signedIn(one, '1001')
    await act(one, { kind: 'show', page: 'journal' })
    await until(() => expect(desk(one.staff).journal.chain).toBe('whole'))
    await one.journalDatabase.run('DROP TRIGGER audit_never_changes')
    await one.journalDatabase.run("UPDATE audit SET about = 'x' WHERE number = 1")
    await act(one, { kind: 'show', page: 'journal' })
    await until(() => expect(desk(one.staff).journal.chain).toBe('broken'))
    expect(one.world.logged.some((line) => line.startsWith('audit.broken'))).toBe(true)
  })
})
