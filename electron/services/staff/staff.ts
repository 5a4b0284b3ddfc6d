import type { Clock } from '../../../core/clock/clock.ts'
import type { KioskConfig } from '../../../core/config/kiosk-config.ts'
import { engineReport } from '../../../core/document/engine-sentences.ts'
import type { EngineState } from '../../../core/document/engine-settings.ts'
import { DEVICE_CLASS_NAMES } from '../../../core/device/sentences.ts'
import type { PrintOutcome } from '../../../core/device/operations.ts'
import type { DeviceId, LocalNumber } from '../../../core/ids.ts'
import type { Log } from '../../../core/log/events.ts'
import type { Result } from '../../../core/result/result.ts'
import type { StaffAccount, StaffAccounts } from '../../../core/staff/accounts.ts'
import type { StaffAct, StaffActKind } from '../../../core/staff/act.ts'
import { DANGEROUS_ACTS, TECHNICIAN_ACTS } from '../../../core/staff/act.ts'
import type { ServiceHours } from '../../../core/staff/hours.ts'
import { isOpenAt, nextTurn } from '../../../core/staff/hours.ts'
import { readinessReport } from '../../../core/staff/report.ts'
import type { StaffNotice, StaffProblem } from '../../../core/staff/sentences.ts'
import { closedSentence, OUT_OF_SERVICE_SENTENCES, STAFF_NOTICES, STAFF_PROBLEMS } from '../../../core/staff/sentences.ts'
import { hasWorked } from '../../../core/staff/training.ts'
import type { StaffDeskView, StaffMachineView, StaffView } from '../../../core/staff/view.ts'
import type { LocalText } from '../../../core/text/local-text.ts'
import type { Audit } from '../audit/audit.ts'
import type { AuditResult, AuditRow } from '../audit/chain.ts'
import { faultCode } from '../fault-code.ts'
import type { Health } from '../health/health.ts'
import type { HealthyHost } from '../health/healthy-host.ts'
import type { ApplicationRow, Outbox, OutboxStatus } from '../outbox/outbox.ts'
import type { Printing, UnknownPrint } from '../printing/printing.ts'
import type { AccountsRefusal } from './accounts-file.ts'
import { deviceView, journalView, queueView } from './desk-view.ts'
import type { Guard } from './guard.ts'
import type { CheckPin } from './pins.ts'
import { decoyFor, isCardOf } from './pins.ts'
import { createSelfTest } from './self-test.ts'
import type { TrainingDependencies } from './training.ts'
import { createTraining } from './training.ts'

/** A sign-in that nobody goes on with. */
export const SIGN_IN_LIMIT_MS = 60_000
/** Staff who have walked away. */
export const DESK_LIMIT_MS = 120_000
/** One second factor serves for so long. */
export const FACTOR_LIMIT_MS = 300_000
const CARD_LIMIT_MS = 30_000
/** What no event tells (disk, tries of the outbox) is looked at again after this. */
const LOOK_AGAIN_MS = 10_000
/** The page must have shown the notice before the process goes. */
const RESTART_AFTER_MS = 1_000
/** Timers of hours never sleep longer, so that a clock that jumps is noticed. */
const LONGEST_SLEEP_MS = 600_000
const JOURNAL_ENTRIES = 100
/** Number in the journal while nobody has signed in. */
const NOBODY = '-'

export interface Disk {
  readonly freeBytes: number
  readonly totalBytes: number
}

export interface StaffDependencies {
  readonly clock: Clock
  readonly config: KioskConfig
  readonly log: Log
  readonly audit: Audit
  readonly guard: Guard
  readonly health: Health
  readonly host: HealthyHost
  readonly outbox: Pick<Outbox, 'list' | 'release' | 'hurry' | 'status'>
  readonly printing: Pick<Printing, 'print' | 'unknownJobs' | 'reprint'>
  readonly checkPin: CheckPin
  readonly loadAccounts: () => Promise<Result<StaffAccounts, AccountsRefusal>>
  /** A citizen is being served, or reads what became of it: nobody else may have the screen. */
  readonly citizenThere: () => boolean
  readonly online: () => boolean
  readonly lastBackendAnswerAt: () => number | undefined
  readonly packVersion: () => string | undefined
  readonly software: string
  readonly reading: () => EngineState
  readonly disk: () => Promise<Disk | undefined>
  /** Names of the matters that cannot be done now because of this device. */
  readonly blocks: (device: string) => readonly LocalText[]
  readonly makeBundle: (recipient: string, facts: Readonly<Record<string, unknown>>) => Promise<{ readonly file: string; readonly bytes: number }>
  readonly restartKiosk: () => void
  /** Where pictures to try a reading with come from, and who reads them. */
  readonly training: Pick<TrainingDependencies, 'folder' | 'documents' | 'kinds'>
}

/** Everything behind the staff page: who is there, what they may do, what they did, and whether citizens are served. */
export interface StaffService {
  /** Undefined while no staff are at the terminal. */
  view(): StaffView | undefined
  /** Somebody has signed in and not out. */
  signedIn(): boolean
  act(act: StaffAct): 'accepted' | 'refused'
  /** A touch anywhere on the staff page. */
  touched(): void
  /** The page that showed the desk is gone: whoever sees the next one must sign in again. */
  pageGone(): void
  /** Why citizens cannot be served now; undefined: they can. */
  closed(): LocalText | undefined
  hours(): ServiceHours
  /** Devices, network or outbox have changed. */
  worldChanged(): void
  /** Called when `view` or `closed` may have changed. */
  onChange(listener: () => void): () => void
  /** Resolves when everything that was asked so far has been judged and done, but for what goes on beside. */
  idle(): Promise<void>
  stop(): Promise<void>
}

interface SignIn {
  readonly stage: 'sign-in'
  checking: boolean
  problem: LocalText | undefined
  lastTried: string | undefined
  touchedAt: number
}

interface Desk {
  readonly stage: 'desk'
  readonly who: StaffAccount
  page: StaffDeskView['page']
  touchedAt: number
  factorAt: number | undefined
  waiting: { readonly act: StaffAct; problem: LocalText | undefined; reading: AbortController | undefined } | undefined
  notice: StaffDeskView['notice']
  chain: 'checking' | 'whole' | 'broken'
}

/** What the desk shows and only a disk or database knows. */
interface Known {
  rows: readonly ApplicationRow[]
  outbox: OutboxStatus | undefined
  prints: readonly UnknownPrint[]
  journal: readonly AuditRow[]
  journalTotal: number
  disk: Disk | undefined
}

export function createStaff(deps: StaffDependencies): StaffService {
  const { clock, config, log, audit, guard, health, host } = deps
  const startedAt = clock.now()
  const listeners = new Set<() => void>()
  let current: SignIn | Desk | undefined
  let line: Promise<unknown> = Promise.resolve()
  let known: Known = { rows: [], outbox: undefined, prints: [], journal: [], journalTotal: 0, disk: undefined }
  let bundle: StaffMachineView['bundle'] = { state: 'none' }
  let expiry: unknown
  let lookAgain: unknown
  let hoursTimer: unknown
  let restartTimer: unknown
  let stopped = false
  let refreshing: Promise<void> | undefined
  let refreshAgain = false
  let wasClosed = false

  const readers = config.devices.filter((device) => device.class === 'id-card')
  const receiptPrinter = config.devices.find((device) => device.class === 'receipt-printer')
  const language = config.languages[0] ?? 'zh-CN'

  const selfTest = createSelfTest({
    clock, log, host, language, terminalId: config.terminal.id,
    devices: config.devices.map((device) => ({ id: device.id, kind: device.class, name: device.name ?? DEVICE_CLASS_NAMES[device.class] })),
    printReceipt: (document) => deps.printing.print(document),
    now: () => clock.now(),
    online: deps.online,
    disk: deps.disk,
    journalWhole: async () => (await audit.verify()).whole,
    outbox: () => deps.outbox.status(),
    store: (device, passed) => health.testEnded(device, passed),
    onChange: () => changed(),
    onPresence: () => touched(),
  })

  const training = createTraining({ clock, log, ...deps.training, onChange: () => changed() })
  /** The last try, with its line in the journal. */
  let tried: Promise<void> = Promise.resolve()

  function changed(): void {
    if (stopped) return
    for (const listener of [...listeners]) listener()
  }

  // ---- whether citizens are served ----------------------------------------------------------------------------------------

  const hours = (): ServiceHours => health.hours() ?? config.hours

  function closed(): LocalText | undefined {
    const out = health.terminalOut()
    if (out !== undefined) return OUT_OF_SERVICE_SENTENCES[out.reason].terminal
    const now = hours()
    return now === '24h' || isOpenAt(now, clock.now()) ? undefined : closedSentence(now)
  }

  function watchHours(): void {
    clock.clearTimeout(hoursTimer)
    const isClosed = closed() !== undefined
    if (isClosed !== wasClosed) {
      wasClosed = isClosed
      log('terminal.closed', { closed: isClosed, code: health.terminalOut() === undefined ? 'hours' : 'staff' })
    }
    changed()
    const turn = nextTurn(hours(), clock.now())
    if (!stopped && turn !== undefined) hoursTimer = clock.setTimeout(watchHours, Math.min(turn - clock.now(), LONGEST_SLEEP_MS))
  }

  // ---- the journal --------------------------------------------------------------------------------------------------------

  /** False when the disk did not take it: then nothing may take effect. */
  async function journal(staff: string, act: string, about: string, result: AuditResult): Promise<boolean> {
    try {
      await audit.append({ staff, act, about, result })
      if (result !== 'done' || act !== 'show') log('staff.act', { act, result })
      return true
    } catch (error) {
      log('audit.fault', { code: faultCode(error) })
      return false
    }
  }

  // ---- time ---------------------------------------------------------------------------------------------------------------

  const endsAt = (state: SignIn | Desk): number => state.touchedAt + (state.stage === 'desk' ? DESK_LIMIT_MS : SIGN_IN_LIMIT_MS)

  function watchTime(): void {
    clock.clearTimeout(expiry)
    const watched = current
    if (watched === undefined) return
    expiry = clock.setTimeout(() => {
      if (current === watched) leave('timeout')
    }, Math.max(0, endsAt(watched) - clock.now()))
  }

  function touched(): void {
    if (current === undefined) return
    // A machine that slept has no timer for the time in between: whoever wakes it up is not the one who signed in.
    if (clock.now() >= endsAt(current)) return leave('timeout')
    current.touchedAt = clock.now()
    watchTime()
    changed()
  }

  /** Signs out and gives the screen back. It never waits for anything, and nothing can keep it from happening. */
  function leave(why: 'asked' | 'timeout' | 'page-gone' | 'stop' | 'replaced'): void {
    const left = current
    if (left === undefined) return
    current = undefined
    clock.clearTimeout(expiry)
    clock.clearTimeout(lookAgain)
    selfTest.forget()
    training.forget()
    if (left.stage === 'desk') {
      left.waiting?.reading?.abort()
      log('staff.signed-out', { staff: left.who.number, code: why })
    }
    known = { ...known, rows: [], prints: [], journal: [] }
    const staff = left.stage === 'desk' ? left.who.number : NOBODY
    void inLine(() => journal(staff, 'close', why, 'done'))
    changed()
  }

  function inLine<T>(work: () => Promise<T>): Promise<T | undefined> {
    const mine = line.then(work).catch((error: unknown) => {
      log('staff.fault', { step: 'act', code: faultCode(error) })
      return undefined
    })
    line = mine
    return mine
  }

  // ---- what the desk shows ------------------------------------------------------------------------------------------------

  /** Reads again what only disks know; one reading at a time, and one more when it was asked for meanwhile. */
  function refresh(): Promise<void> {
    if (refreshing !== undefined) {
      refreshAgain = true
      return refreshing
    }
    refreshing = (async () => {
      do {
        refreshAgain = false
        const [rows, outbox, prints, journalRows, journalTotal, disk] = await Promise.all([
          deps.outbox.list(), deps.outbox.status(), deps.printing.unknownJobs(), audit.latest(JOURNAL_ENTRIES), audit.count(), deps.disk(),
          current?.stage === 'desk' && current.page === 'training' ? training.list() : undefined,
        ])
        known = { rows, outbox, prints, journal: journalRows, journalTotal, disk }
      } while (refreshAgain)
    })().catch((error: unknown) => log('staff.fault', { step: 'look', code: faultCode(error) })).finally(() => {
      refreshing = undefined
      changed()
    })
    return refreshing
  }

  function keepLooking(desk: Desk): void {
    if (current !== desk || stopped) return
    clock.clearTimeout(lookAgain)
    lookAgain = clock.setTimeout(() => void refresh().then(() => keepLooking(desk)), LOOK_AGAIN_MS)
  }

  async function checkChain(desk: Desk): Promise<void> {
    desk.chain = 'checking'
    changed()
    const verdict = await audit.verify().catch(() => undefined)
    desk.chain = verdict?.whole === true ? 'whole' : 'broken'
    if (verdict !== undefined && !verdict.whole) log('audit.broken', { row: verdict.broken.row, code: verdict.broken.kind })
    changed()
  }

  function notify(desk: Desk, kind: 'done' | 'problem', sentence: LocalText): void {
    desk.notice = { kind, sentence, at: clock.now() }
    changed()
  }
  const problem = (desk: Desk, why: StaffProblem): void => notify(desk, 'problem', STAFF_PROBLEMS[why])
  const done = (desk: Desk, what: StaffNotice): void => notify(desk, 'done', STAFF_NOTICES[what])

  // ---- signing in ---------------------------------------------------------------------------------------------------------

  async function signIn(state: SignIn, number: string, pin: string): Promise<void> {
    const refuse = async (why: LocalText, code: string, staff: string): Promise<void> => {
      await journal(staff, 'sign-in', code, 'refused')
      log('staff.sign-in-refused', { code })
      state.checking = false
      state.problem = why
      changed()
    }
    const loaded = await deps.loadAccounts()
    if (!loaded.ok) {
      log('staff.accounts-refused', { path: loaded.error.path, code: loaded.error.kind })
      return refuse(loaded.error.sentence, 'accounts', NOBODY)
    }
    const { accounts } = loaded.value
    const account = accounts.find((candidate) => candidate.number === number)
    // Only the numbers of accounts are written down: what else was typed may be a PIN in the wrong field.
    const staff = account?.number ?? NOBODY
    state.lastTried = number
    if (guard.lockedUntil(number) !== undefined) return refuse(STAFF_PROBLEMS.locked, 'locked', staff)
    const lockMs = await guard.begin(number)
    // Somebody who has no account waits as long as somebody who has.
    const phc = account?.pin ?? decoyFor(accounts[0]?.pin)
    const right = await deps.checkPin(pin, phc).catch((error: unknown) => {
      log('staff.fault', { step: 'pin', code: faultCode(error) })
      return undefined
    })
    if (right === undefined) return refuse(STAFF_PROBLEMS['pin-check-failed'], 'pin-check-failed', staff)
    if (!right || account === undefined) {
      if (lockMs > 0) log('staff.locked', { what: 'sign-in', lockMs })
      return refuse(STAFF_PROBLEMS[lockMs > 0 ? 'locked' : 'wrong-pin'], 'wrong-pin', staff)
    }
    if (!(await journal(account.number, 'sign-in', account.role, 'done'))) {
      state.checking = false
      state.problem = STAFF_PROBLEMS['journal-fault']
      return changed()
    }
    await guard.right(number)
    // Gone away, or the page with it, while the PIN was being checked.
    if (current !== state) return
    const desk: Desk = { stage: 'desk', who: account, page: 'devices', touchedAt: clock.now(), factorAt: undefined, waiting: undefined, notice: undefined, chain: 'checking' }
    current = desk
    log('staff.signed-in', { staff: account.number, role: account.role })
    watchTime()
    void refresh().then(() => keepLooking(desk))
    changed()
  }

  // ---- second factor ------------------------------------------------------------------------------------------------------

  const factorSubject = (desk: Desk): string => `factor ${desk.who.number}`
  const factorHolds = (desk: Desk): boolean => desk.factorAt !== undefined && clock.now() - desk.factorAt < FACTOR_LIMIT_MS && clock.now() >= desk.factorAt

  function waysOf(desk: Desk): readonly ('code' | 'card')[] {
    return [...(desk.who.totp === undefined ? [] : ['code' as const]), ...(desk.who.card === undefined || readers.length === 0 ? [] : ['card' as const])]
  }

  async function factorRefused(desk: Desk, act: 'give-code' | 'give-card', why: StaffProblem): Promise<void> {
    await journal(desk.who.number, act, why, 'refused')
    log('staff.sign-in-refused', { code: why })
    if (desk.waiting !== undefined) desk.waiting.problem = STAFF_PROBLEMS[why]
    changed()
  }

  async function factorGiven(desk: Desk, act: 'give-code' | 'give-card'): Promise<void> {
    const { waiting } = desk
    if (!(await journal(desk.who.number, act, waiting?.act.kind ?? '', 'done'))) return problem(desk, 'journal-fault')
    await guard.right(factorSubject(desk))
    if (current !== desk) return
    desk.factorAt = clock.now()
    // A card that is still waited for when the code was right would keep the reader from the next person.
    waiting?.reading?.abort()
    desk.waiting = undefined
    changed()
    if (waiting !== undefined) await perform(desk, waiting.act)
  }

  async function giveCode(desk: Desk, code: string): Promise<void> {
    const subject = factorSubject(desk)
    const { totp } = desk.who
    if (totp === undefined) return factorRefused(desk, 'give-code', 'no-second-factor')
    if (guard.lockedUntil(subject) !== undefined) return factorRefused(desk, 'give-code', 'locked')
    const lockMs = await guard.begin(subject)
    const judged = await guard.judgeCode(desk.who.number, totp, code)
    if (judged === 'right') return factorGiven(desk, 'give-code')
    if (lockMs > 0) log('staff.locked', { what: 'second-factor', lockMs })
    await factorRefused(desk, 'give-code', judged === 'used' ? 'code-used' : lockMs > 0 ? 'locked' : 'wrong-code')
  }

  /** Reads the staff member's own card. The identity is compared by a hash of its number and dropped at once. */
  async function giveCard(desk: Desk, abort: AbortController): Promise<void> {
    const { card } = desk.who
    const refused = (why: StaffProblem): Promise<void> => {
      if (desk.waiting?.reading === abort) desk.waiting.reading = undefined
      return factorRefused(desk, 'give-card', why)
    }
    const reader = readers.find(({ id }) => host.driverReports().some((report) => report.id === id && (report.status.state === 'ready' || report.status.state === 'busy'))) ?? readers[0]
    if (card === undefined || reader === undefined) return refused('no-second-factor')
    if (guard.lockedUntil(factorSubject(desk)) !== undefined) return refused('locked')
    const reading = await host.readCard(reader.id as DeviceId, { timeoutMs: CARD_LIMIT_MS }, () => undefined, abort.signal)
    const isTheirs = reading.ok ? isCardOf(card, reading.value.number) : undefined
    if (reading.ok) reading.value.photo?.bytes.fill(0)
    await inLine(async () => {
      if (current !== desk || desk.waiting?.reading !== abort) return
      desk.waiting.reading = undefined
      if (isTheirs === true) return factorGiven(desk, 'give-card')
      if (isTheirs === false) await guard.begin(factorSubject(desk))
      await factorRefused(desk, 'give-card', isTheirs === undefined ? 'card-not-read' : 'wrong-card')
    })
  }

  // ---- what may be done now -----------------------------------------------------------------------------------------------

  const isPrinter = (id: string): boolean => config.devices.some((device) => device.id === id && (device.class === 'receipt-printer' || device.class === 'page-printer'))
  const isDevice = (id: string): boolean => config.devices.some((device) => device.id === id)
  const testRuns = (): boolean => {
    const test = selfTest.view()
    return test !== undefined && test.state !== 'ended'
  }

  /** Why an act cannot be done now, whoever asks; undefined: it can. */
  function obstacle(act: StaffAct): StaffProblem | 'invalid' | undefined {
    switch (act.kind) {
      case 'test': return testRuns() || (act.device !== 'all' && !isDevice(act.device)) ? 'invalid' : undefined
      case 'test-answer': return selfTest.view()?.question?.step === act.step ? undefined : 'invalid'
      case 'test-stop': return testRuns() || selfTest.view() !== undefined ? undefined : 'invalid'
      // Nobody else has the document worker while a citizen may need it.
      case 'try-paper': return deps.citizenThere() || training.runs() || !training.knows(act) ? 'invalid' : undefined
      case 'try-stop': return training.view().run === undefined ? 'invalid' : undefined
      case 'print-report': return receiptPrinter === undefined ? 'no-printer' : selfTest.view()?.state === 'ended' ? undefined : 'no-report'
      case 'paper-changed': return isPrinter(act.device) ? undefined : 'invalid'
      case 'device-out': return isDevice(act.device) ? undefined : 'invalid'
      case 'device-back': return health.outOfService(act.device) === undefined ? 'invalid' : undefined
      case 'terminal-out': return undefined
      case 'terminal-back': return health.terminalOut() === undefined ? 'invalid' : undefined
      case 'retry': return act.localNumber === 'all' || known.rows.some((row) => row.localNumber === act.localNumber && (row.state === 'held' || row.state === 'ready')) ? undefined : 'nothing-to-do'
      case 'reprint': return known.prints.some((print) => print.job === act.job && print.canReprint) ? undefined : 'nothing-to-do'
      case 'bundle': return config.staff?.bundleRecipient === undefined ? 'no-recipient' : bundle.state === 'making' ? 'invalid' : undefined
      case 'show':
      case 'hours':
      case 'restart': return undefined
      // Not of the desk: they have their own ways.
      case 'open':
      case 'close':
      case 'sign-in':
      case 'give-code':
      case 'give-card':
      case 'cancel-act': return 'invalid'
    }
  }

  const isOfRole = (desk: Desk, kind: StaffActKind): boolean => desk.who.role === 'technician' || !TECHNICIAN_ACTS.includes(kind)

  /** What the page may offer. */
  function mayOf(desk: Desk): readonly StaffActKind[] {
    const test = selfTest.view()
    const unsent = known.rows.some((row) => row.state === 'held' || row.state === 'ready')
    const now: Record<StaffActKind, boolean> = {
      open: false, close: true, 'sign-in': false, 'give-code': false, 'give-card': false, 'cancel-act': false, show: true,
      test: !testRuns(), 'test-answer': test?.question !== undefined, 'test-stop': test !== undefined,
      'try-paper': !training.runs() && !deps.citizenThere(), 'try-stop': training.view().run !== undefined,
      'print-report': receiptPrinter !== undefined && test?.state === 'ended',
      'paper-changed': config.devices.some((device) => isPrinter(device.id)),
      'device-out': config.devices.length > 0, 'device-back': config.devices.some((device) => health.outOfService(device.id) !== undefined),
      'terminal-out': health.terminalOut() === undefined, 'terminal-back': health.terminalOut() !== undefined,
      retry: unsent, reprint: known.prints.some((print) => print.canReprint),
      hours: true, bundle: config.staff?.bundleRecipient !== undefined && bundle.state !== 'making', restart: true,
    }
    return (Object.keys(now) as StaffActKind[]).filter((kind) => now[kind] && isOfRole(desk, kind))
  }

  // ---- doing --------------------------------------------------------------------------------------------------------------

  async function refuse(desk: Desk, act: StaffAct, why: StaffProblem | 'invalid'): Promise<void> {
    await journal(desk.who.number, act.kind, why, 'refused')
    if (why !== 'invalid') problem(desk, why)
    await refresh()
  }

  async function ask(desk: Desk, act: StaffAct): Promise<void> {
    if (current !== desk) return
    if (!isOfRole(desk, act.kind)) return refuse(desk, act, 'not-your-role')
    const why = obstacle(act)
    if (why !== undefined) return refuse(desk, act, why)
    if (DANGEROUS_ACTS.includes(act.kind) && !factorHolds(desk)) {
      if (waysOf(desk).length === 0) return refuse(desk, act, 'no-second-factor')
      desk.waiting = { act, problem: undefined, reading: undefined }
      return changed()
    }
    await perform(desk, act)
  }

  /** Written down first, then done. What fails after that is written down as well. */
  async function perform(desk: Desk, act: StaffAct): Promise<void> {
    const why = obstacle(act)
    if (why !== undefined) return refuse(desk, act, why)
    if (!(await journal(desk.who.number, act.kind, aboutOf(act), 'done'))) return problem(desk, 'journal-fault')
    // Signed out while it was written down: then it is not done, and that is written down as well.
    if (current !== desk) return failed(desk, act, 'act-failed')
    try {
      await effect(desk, act)
    } catch (error) {
      await failed(desk, act, 'not-stored', error)
    }
    await refresh()
  }

  async function failed(desk: Desk, act: StaffAct, why: StaffProblem, error?: unknown): Promise<void> {
    if (error !== undefined) log('staff.fault', { step: act.kind, code: faultCode(error) })
    await journal(desk.who.number, act.kind, aboutOf(act), 'failed')
    problem(desk, why)
  }

  /** Work that takes long goes on beside the acts that follow; its end is told by the notice. */
  function beside(desk: Desk, act: StaffAct, work: () => Promise<void>): void {
    void work().catch((error: unknown) => failed(desk, act, 'act-failed', error)).then(refresh)
  }

  function printed(desk: Desk, act: StaffAct, outcome: PrintOutcome | undefined, what: StaffNotice): Promise<void> | void {
    return outcome?.kind === 'printed' ? done(desk, what) : failed(desk, act, 'print-failed')
  }

  async function effect(desk: Desk, act: StaffAct): Promise<void> {
    switch (act.kind) {
      case 'show':
        desk.page = act.page
        if (act.page !== 'training') training.forget()
        desk.notice = undefined
        if (act.page === 'journal') void checkChain(desk)
        return changed()
      case 'test':
        desk.notice = undefined
        selfTest.start(act.device)
        return
      case 'test-answer':
        selfTest.answer(act.step, act.passed)
        return
      case 'test-stop':
        // While it runs it is stopped and its result stays to be seen; then the same act puts it away.
        if (testRuns()) selfTest.stop()
        else selfTest.forget()
        return changed()
      case 'try-paper':
        desk.notice = undefined
        tried = tryPaper(desk, act)
        return
      case 'try-stop':
        training.forget()
        return
      case 'print-report': {
        const test = selfTest.view()
        if (test === undefined) return
        const report = readinessReport(test, { terminalId: config.terminal.id, hall: config.terminal.hall, software: deps.software, staff: desk.who.number }, language)
        return beside(desk, act, async () => printed(desk, act, await deps.printing.print(report), 'print-report'))
      }
      case 'paper-changed':
        await health.paperChanged(act.device, act.amount)
        return done(desk, 'paper-changed')
      case 'device-out':
        await health.setDeviceOut(act.device, act.reason)
        return done(desk, 'device-out')
      case 'device-back':
        await health.setDeviceOut(act.device, undefined)
        return done(desk, 'device-back')
      case 'terminal-out':
        await health.setTerminalOut(act.reason)
        watchHours()
        return done(desk, 'terminal-out')
      case 'terminal-back':
        await health.setTerminalOut(undefined)
        watchHours()
        return done(desk, 'terminal-back')
      case 'retry':
        return beside(desk, act, async () => {
          if (act.localNumber === 'all') {
            await deps.outbox.hurry()
            return done(desk, 'retry-all')
          }
          if (!(await deps.outbox.release(act.localNumber as LocalNumber))) await deps.outbox.hurry()
          done(desk, 'retry-one')
        })
      case 'reprint':
        return beside(desk, act, async () => {
          const again = await deps.printing.reprint(act.job)
          await printed(desk, act, again.ok ? again.value : undefined, 'reprint')
        })
      case 'hours':
        await health.setHours(act.hours)
        watchHours()
        return done(desk, 'hours')
      case 'bundle':
        return makeBundle(desk, act)
      case 'restart':
        if (act.what === 'device-host') {
          host.restart()
          return done(desk, 'restart-device-host')
        }
        done(desk, 'restart-kiosk')
        clock.clearTimeout(restartTimer)
        restartTimer = clock.setTimeout(restartWhenFree, RESTART_AFTER_MS)
        return
      case 'open':
      case 'close':
      case 'sign-in':
      case 'give-code':
      case 'give-card':
      case 'cancel-act':
        throw new Error('not an act of the desk')
    }
  }

  /** Its end is written down as well, also when its staff have signed out: a code, never the file's name or what it says. */
  async function tryPaper(desk: Desk, act: Extract<StaffAct, { readonly kind: 'try-paper' }>): Promise<void> {
    const code = await training.start(act)
    await journal(desk.who.number, act.kind, `${act.paper} ${code}`, hasWorked(code) ? 'done' : 'failed')
    if (current === desk) await refresh()
  }

  /** Staff may have signed out at once, and a citizen begun: no session is cut, the restart waits for its end. */
  function restartWhenFree(): void {
    if (deps.citizenThere()) {
      restartTimer = clock.setTimeout(restartWhenFree, RESTART_AFTER_MS)
      return
    }
    leave('stop')
    deps.restartKiosk()
  }

  function makeBundle(desk: Desk, act: StaffAct): void {
    const recipient = config.staff?.bundleRecipient
    if (recipient === undefined) return
    bundle = { state: 'making' }
    done(desk, 'bundle')
    const began = clock.now()
    void (async () => {
      try {
        const made = await deps.makeBundle(recipient, await bundleFacts())
        bundle = { state: 'ready', ...made, at: clock.now() }
        log('bundle.made', { bytes: made.bytes, tookMs: clock.now() - began })
        done(desk, 'bundle-ready')
      } catch (error) {
        bundle = { state: 'failed', sentence: STAFF_PROBLEMS['bundle-failed'] }
        log('bundle.failed', { code: faultCode(error) })
        await failed(desk, act, 'bundle-failed')
      }
      await refresh()
    })()
  }

  /** Counts, states, codes and times; the bundle's own scrubber looks at all of it once more. */
  async function bundleFacts(): Promise<Readonly<Record<string, unknown>>> {
    const [rows, outbox, prints, journalRows, verdict, disk] = await Promise.all([deps.outbox.list(), deps.outbox.status(), deps.printing.unknownJobs(), audit.latest(500), audit.verify(), deps.disk()])
    return {
      'versions.json': { software: deps.software, node: process.version, sqlite: process.versions.sqlite, textEngine: deps.reading(), electron: process.versions['electron'], platform: process.platform, architecture: process.arch, pack: deps.packVersion() },
      'terminal.json': { id: config.terminal.id, startedAt, now: clock.now(), online: deps.online(), lastBackendAnswerAt: deps.lastBackendAnswerAt(), terminalOut: health.terminalOut(), hours: hours(), disk, memory: process.memoryUsage() },
      'devices.json': config.devices.map((device) => {
        const report = host.driverReports().find((candidate) => candidate.id === device.id)
        return { id: device.id, class: device.class, address: device.address, status: report?.status, details: report?.details, outOfService: health.outOfService(device.id), counters: health.counters(device.id), faults: health.faults(device.id), lastTest: health.lastTest(device.id) }
      }),
      // No numbers that a citizen holds: not even the local one.
      'outbox.json': { status: outbox, items: rows.filter((row) => row.state !== 'done').map(({ matter, state, createdAt, tries, nextAt, lastCode }) => ({ matter, state, createdAt, tries, nextAt, lastCode })), unknownPrints: prints.length },
      'audit.json': { verdict, rows: journalRows.map(({ number, at, staff, act, result, hash }) => ({ number, at, staff, act, result, hash })) },
    }
  }

  // ---- what the page asks -------------------------------------------------------------------------------------------------

  function refusedOutside(act: StaffAct): 'refused' {
    const staff = current?.stage === 'desk' ? current.who.number : NOBODY
    void inLine(() => journal(staff, act.kind, 'not-now', 'refused'))
    return 'refused'
  }

  function open(): 'accepted' | 'refused' {
    if (current !== undefined || deps.citizenThere()) return refusedOutside({ kind: 'open' })
    const state: SignIn = { stage: 'sign-in', checking: false, problem: undefined, lastTried: undefined, touchedAt: clock.now() }
    if (config.staff === undefined) state.problem = STAFF_PROBLEMS['no-accounts']
    current = state
    log('staff.opened', {})
    void inLine(() => journal(NOBODY, 'open', '', 'done'))
    watchTime()
    changed()
    return 'accepted'
  }

  function act(act: StaffAct): 'accepted' | 'refused' {
    if (stopped) return 'refused'
    if (act.kind === 'open') return open()
    const state = current
    if (state === undefined) return refusedOutside(act)
    touched()
    if (current !== state) return refusedOutside(act)
    if (act.kind === 'close') {
      leave('asked')
      return 'accepted'
    }
    if (state.stage === 'sign-in') {
      if (act.kind !== 'sign-in' || state.checking || config.staff === undefined) return refusedOutside(act)
      state.checking = true
      state.problem = undefined
      changed()
      void inLine(() => signIn(state, act.staff, act.pin).catch((error: unknown) => {
        // The lock could not be written down, so nothing was judged.
        state.checking = false
        state.problem = STAFF_PROBLEMS['not-stored']
        log('staff.fault', { step: 'sign-in', code: faultCode(error) })
        changed()
      }))
      return 'accepted'
    }
    return state.waiting === undefined ? atDesk(state, act) : atFactor(state, state.waiting, act)
  }

  function atFactor(desk: Desk, waiting: NonNullable<Desk['waiting']>, act: StaffAct): 'accepted' | 'refused' {
    switch (act.kind) {
      case 'give-code':
        if (waiting.reading !== undefined) return refusedOutside(act)
        void inLine(() => (current === desk && desk.waiting === waiting ? giveCode(desk, act.code) : Promise.resolve()))
        return 'accepted'
      case 'give-card': {
        if (waiting.reading !== undefined || !waysOf(desk).includes('card')) return refusedOutside(act)
        const abort = new AbortController()
        waiting.reading = abort
        waiting.problem = undefined
        changed()
        void giveCard(desk, abort).catch((error: unknown) => {
          if (desk.waiting?.reading === abort) desk.waiting = { ...desk.waiting, reading: undefined, problem: STAFF_PROBLEMS['card-not-read'] }
          log('staff.fault', { step: 'card', code: faultCode(error) })
          changed()
        })
        return 'accepted'
      }
      case 'cancel-act':
        waiting.reading?.abort()
        desk.waiting = undefined
        void inLine(() => journal(desk.who.number, 'cancel-act', waiting.act.kind, 'done'))
        changed()
        return 'accepted'
      default: return refusedOutside(act)
    }
  }

  function atDesk(desk: Desk, act: StaffAct): 'accepted' | 'refused' {
    if (act.kind === 'open' || act.kind === 'sign-in' || act.kind === 'give-code' || act.kind === 'give-card' || act.kind === 'cancel-act') return refusedOutside(act)
    const accepted = isOfRole(desk, act.kind) && obstacle(act) !== 'invalid'
    void inLine(() => ask(desk, act))
    return accepted ? 'accepted' : 'refused'
  }

  // ---- the view -----------------------------------------------------------------------------------------------------------

  function view(): StaffView | undefined {
    const state = current
    if (state === undefined) return undefined
    if (state.stage === 'sign-in') {
      return {
        stage: 'sign-in', checking: state.checking, problem: state.problem, endsAt: endsAt(state),
        lockedUntil: state.lastTried === undefined || state.checking ? guard.terminalLockedUntil() : guard.lockedUntil(state.lastTried),
      }
    }
    const signsOutAt = endsAt(state)
    if (state.waiting !== undefined) {
      return { stage: 'second-factor', act: state.waiting.act.kind, ways: waysOf(state), reading: state.waiting.reading !== undefined, problem: state.waiting.problem, lockedUntil: guard.lockedUntil(factorSubject(state)), signsOutAt }
    }
    const reports = host.driverReports()
    return {
      stage: 'desk', page: state.page, who: { staff: state.who.number, name: state.who.name, role: state.who.role }, may: mayOf(state), signsOutAt,
      devices: config.devices.map((device) => deviceView(device, reports.find((report) => report.id === device.id), health, deps.blocks(device.id))),
      test: selfTest.view(),
      queue: queueView(known.rows, known.outbox, known.prints),
      machine: {
        terminalId: config.terminal.id, software: deps.software, packVersion: deps.packVersion(), startedAt, network: deps.online() ? 'online' : 'offline', lastBackendAnswerAt: deps.lastBackendAnswerAt(),
        outOfService: health.terminalOut(), hours: hours(), openNow: closed() === undefined, disk: known.disk, reading: engineReport(deps.reading()), bundle,
      },
      training: training.view(),
      journal: journalView(known.journal, known.journalTotal, state.chain),
      notice: state.notice,
    }
  }

  health.onChange(() => {
    if (current?.stage === 'desk') changed()
  })
  wasClosed = closed() !== undefined
  watchHours()

  return {
    view,
    signedIn: () => current?.stage === 'desk',
    act,
    touched,
    pageGone: () => leave('page-gone'),
    closed,
    hours,
    worldChanged: () => {
      if (current?.stage === 'desk') void refresh()
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    idle: async () => {
      await line
    },
    stop: async () => {
      leave('stop')
      stopped = true
      for (const timer of [expiry, lookAgain, hoursTimer, restartTimer]) clock.clearTimeout(timer)
      listeners.clear()
      await line
      await tried
      await refreshing
    },
  }
}

/** What an act that is done was about, for the journal: our own ids and numbers only. */
function aboutOf(act: StaffAct): string {
  switch (act.kind) {
    case 'show': return act.page
    case 'test': return act.device
    case 'try-paper': return act.paper
    case 'test-answer': return `${act.step} ${act.passed ? 'yes' : 'no'}`
    case 'paper-changed': return `${act.device} ${act.amount}`
    case 'device-out': return `${act.device} ${act.reason}`
    case 'device-back': return act.device
    case 'terminal-out': return act.reason
    case 'retry': return act.localNumber
    case 'reprint': return String(act.job)
    case 'hours': return act.hours === '24h' ? '24h' : `${act.hours.open}-${act.hours.close}`
    case 'restart': return act.what
    case 'open':
    case 'close':
    case 'sign-in':
    case 'give-code':
    case 'give-card':
    case 'cancel-act':
    case 'test-stop':
    case 'try-stop':
    case 'print-report':
    case 'terminal-back':
    case 'bundle': return ''
  }
}
