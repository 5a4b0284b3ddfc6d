import type { Clock } from '../../../core/clock/clock.ts'
import type { DeviceState } from '../../../core/device/status.ts'
import { chinaDate } from '../../../core/identity/dates.ts'
import type { Log } from '../../../core/log/events.ts'
import type { OutOfServiceReason } from '../../../core/staff/act.ts'
import { OUT_OF_SERVICE_REASONS } from '../../../core/staff/act.ts'
import type { ConsumableState } from '../../../core/staff/consumables.ts'
import { forecast, PACE_DAYS } from '../../../core/staff/consumables.ts'
import type { ServiceHours } from '../../../core/staff/hours.ts'
import type { CounterId } from '../../../core/staff/sentences.ts'
import type { StaffConsumableView } from '../../../core/staff/view.ts'
import type { Database, SqlValue, Statement } from '../database/database.ts'
import { faultCode } from '../fault-code.ts'

export const HEALTH_MIGRATIONS: readonly string[] = [
  `CREATE TABLE counter(device TEXT NOT NULL, id TEXT NOT NULL, total REAL NOT NULL, first_at INTEGER NOT NULL, PRIMARY KEY (device, id)) STRICT;
  CREATE TABLE day_count(device TEXT NOT NULL, id TEXT NOT NULL, day TEXT NOT NULL, amount REAL NOT NULL, PRIMARY KEY (device, id, day)) STRICT;
  CREATE TABLE fault(device TEXT NOT NULL, state TEXT NOT NULL, count INTEGER NOT NULL, last_at INTEGER NOT NULL, PRIMARY KEY (device, state)) STRICT;
  CREATE TABLE consumable(device TEXT PRIMARY KEY, loaded REAL NOT NULL, loaded_at INTEGER NOT NULL, used REAL NOT NULL) STRICT;
  CREATE TABLE self_test(device TEXT PRIMARY KEY, at INTEGER NOT NULL, passed INTEGER NOT NULL) STRICT;
  CREATE TABLE out_of_service(subject TEXT PRIMARY KEY, reason TEXT NOT NULL, since INTEGER NOT NULL) STRICT;
  CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;`,
]

export interface OutOfService {
  readonly reason: OutOfServiceReason
  readonly since: number
}

export interface CounterView {
  readonly id: CounterId
  readonly total: number
  /** Since midnight in China. */
  readonly today: number
}

export interface FaultView {
  readonly state: DeviceState
  readonly count: number
  readonly lastAt: number
}

/** What this terminal remembers of its devices, and what staff have decided about them. Reading is at once, from memory. */
export interface Health {
  /** Counts finished work of a device. Written behind: a power cut loses the last few counts, never more. */
  count(device: string, id: CounterId, amount: number): void
  /** A device went into a state that is a fault. */
  fault(device: string, state: DeviceState): void
  counters(device: string): readonly CounterView[]
  faults(device: string): readonly FaultView[]
  /** What is left of a roll (by metres) or a tray (by pages), and when it ends at the pace of the last seven days. */
  consumable(device: string, kind: 'roll' | 'sheets'): StaffConsumableView
  lastTest(device: string): { readonly at: number; readonly passed: boolean } | undefined
  outOfService(device: string): OutOfService | undefined
  terminalOut(): OutOfService | undefined
  /** Hours that staff have set here; undefined: those of the configuration. */
  hours(): ServiceHours | undefined

  // Each of these resolves when the disk has it, and only then has it taken effect.
  paperChanged(device: string, amount: number): Promise<void>
  testEnded(device: string, passed: boolean): Promise<void>
  /** `undefined` puts it back into service. */
  setDeviceOut(device: string, reason: OutOfServiceReason | undefined): Promise<void>
  setTerminalOut(reason: OutOfServiceReason | undefined): Promise<void>
  setHours(hours: ServiceHours): Promise<void>

  /** Called after anything has changed; `device` when it is about one. */
  onChange(listener: (device: string | undefined) => void): () => void
  /** Resolves when everything that was counted is on the disk. */
  flush(): Promise<void>
}

/** What stands for the terminal itself among the subjects that may be out of service; no device can be called so. */
const TERMINAL = '*'
/** Days of counts that are kept; the pace needs only the last few. */
const DAYS_KEPT = 40
const DAY_MS = 86_400_000
const CONSUMED: Record<'roll' | 'sheets', CounterId> = { roll: 'metres', sheets: 'pages' }

/** Loads everything from the database (opened with `HEALTH_MIGRATIONS`). */
export async function openHealth({ database, clock, log }: { readonly database: Database; readonly clock: Clock; readonly log: Log }): Promise<Health> {
  const totals = new Map<string, { total: number; firstAt: number }>()
  const days = new Map<string, number>()
  const faults = new Map<string, { count: number; lastAt: number }>()
  const consumables = new Map<string, { loaded: number; loadedAt: number; used: number }>()
  const tests = new Map<string, { readonly at: number; readonly passed: boolean }>()
  const outs = new Map<string, OutOfService>()
  let hours: ServiceHours | undefined
  const listeners = new Set<(device: string | undefined) => void>()
  let line: Promise<unknown> = Promise.resolve()

  for (const row of await database.all('SELECT * FROM counter')) totals.set(keyOf(row['device'], row['id']), { total: Number(row['total']), firstAt: Number(row['first_at']) })
  for (const row of await database.all('SELECT * FROM day_count WHERE day > ?', chinaDate(clock.now() - DAYS_KEPT * DAY_MS))) days.set(keyOf(row['device'], row['id'], row['day']), Number(row['amount']))
  for (const row of await database.all('SELECT * FROM fault')) faults.set(keyOf(row['device'], row['state']), { count: Number(row['count']), lastAt: Number(row['last_at']) })
  for (const row of await database.all('SELECT * FROM consumable')) consumables.set(String(row['device']), { loaded: Number(row['loaded']), loadedAt: Number(row['loaded_at']), used: Number(row['used']) })
  for (const row of await database.all('SELECT * FROM self_test')) tests.set(String(row['device']), { at: Number(row['at']), passed: row['passed'] === 1 })
  for (const row of await database.all('SELECT * FROM out_of_service')) outs.set(String(row['subject']), { reason: reasonOf(row['reason']), since: Number(row['since']) })
  hours = hoursOf((await database.one("SELECT value FROM setting WHERE name = 'hours'"))?.['value'])
  await database.run('DELETE FROM day_count WHERE day <= ?', chinaDate(clock.now() - DAYS_KEPT * DAY_MS))

  function changed(device: string | undefined): void {
    for (const listener of [...listeners]) listener(device)
  }

  function inLine<T>(work: () => Promise<T>): Promise<T> {
    const mine = line.then(work)
    line = mine.catch(() => undefined)
    return mine
  }

  /** Counts are written behind: a disk that refuses them must not stop the service. */
  function writeBehind(statements: readonly Statement[]): void {
    void inLine(() => database.transaction(statements)).catch((error: unknown) => log('health.fault', { step: 'count', code: faultCode(error) }))
  }

  function usedLately(device: string, id: CounterId): number {
    let sum = 0
    for (let day = 0; day < PACE_DAYS; day++) sum += days.get(keyOf(device, id, chinaDate(clock.now() - day * DAY_MS))) ?? 0
    return sum
  }

  async function setOut(subject: string, reason: OutOfServiceReason | undefined): Promise<void> {
    const since = clock.now()
    await inLine(() => reason === undefined
      ? database.run('DELETE FROM out_of_service WHERE subject = ?', subject)
      : database.run('INSERT INTO out_of_service VALUES (?, ?, ?) ON CONFLICT(subject) DO UPDATE SET reason = excluded.reason, since = excluded.since', subject, reason, since))
    if (reason === undefined) outs.delete(subject)
    else outs.set(subject, { reason, since })
    changed(subject === TERMINAL ? undefined : subject)
  }

  return {
    count(device, id, amount) {
      const now = clock.now()
      const day = chinaDate(now)
      const known = totals.get(keyOf(device, id))
      totals.set(keyOf(device, id), { total: (known?.total ?? 0) + amount, firstAt: known?.firstAt ?? now })
      days.set(keyOf(device, id, day), (days.get(keyOf(device, id, day)) ?? 0) + amount)
      const statements: Statement[] = [
        { sql: 'INSERT INTO counter VALUES (?, ?, ?, ?) ON CONFLICT(device, id) DO UPDATE SET total = total + excluded.total', values: [device, id, amount, now] },
        { sql: 'INSERT INTO day_count VALUES (?, ?, ?, ?) ON CONFLICT(device, id, day) DO UPDATE SET amount = amount + excluded.amount', values: [device, id, day, amount] },
      ]
      const consumable = consumables.get(device)
      if (consumable !== undefined && (id === CONSUMED.roll || id === CONSUMED.sheets)) {
        consumable.used += amount
        statements.push({ sql: 'UPDATE consumable SET used = used + ? WHERE device = ?', values: [amount, device] })
      }
      writeBehind(statements)
      changed(device)
    },

    fault(device, state) {
      const now = clock.now()
      faults.set(keyOf(device, state), { count: (faults.get(keyOf(device, state))?.count ?? 0) + 1, lastAt: now })
      writeBehind([{ sql: 'INSERT INTO fault VALUES (?, ?, 1, ?) ON CONFLICT(device, state) DO UPDATE SET count = count + 1, last_at = excluded.last_at', values: [device, state, now] }])
      changed(device)
    },

    counters(device) {
      const today = chinaDate(clock.now())
      return entriesOf(totals, device).map(([id, { total }]) => ({ id: id as CounterId, total, today: days.get(keyOf(device, id, today)) ?? 0 }))
    },
    faults: (device) => entriesOf(faults, device).map(([state, { count, lastAt }]) => ({ state: state as DeviceState, count, lastAt })),
    consumable(device, kind) {
      const known = consumables.get(device)
      const state: ConsumableState = { kind, loaded: known?.loaded, loadedAt: known?.loadedAt, used: known?.used ?? 0 }
      return forecast(state, usedLately(device, CONSUMED[kind]), totals.get(keyOf(device, CONSUMED[kind]))?.firstAt, clock.now())
    },
    lastTest: (device) => tests.get(device),
    outOfService: (device) => outs.get(device),
    terminalOut: () => outs.get(TERMINAL),
    hours: () => hours,

    async paperChanged(device, amount) {
      const loadedAt = clock.now()
      await inLine(() => database.run('INSERT INTO consumable VALUES (?, ?, ?, 0) ON CONFLICT(device) DO UPDATE SET loaded = excluded.loaded, loaded_at = excluded.loaded_at, used = 0', device, amount, loadedAt))
      consumables.set(device, { loaded: amount, loadedAt, used: 0 })
      changed(device)
    },
    async testEnded(device, passed) {
      const at = clock.now()
      await inLine(() => database.run('INSERT INTO self_test VALUES (?, ?, ?) ON CONFLICT(device) DO UPDATE SET at = excluded.at, passed = excluded.passed', device, at, passed ? 1 : 0))
      tests.set(device, { at, passed })
      changed(device)
    },
    setDeviceOut: (device, reason) => setOut(device, reason),
    setTerminalOut: (reason) => setOut(TERMINAL, reason),
    async setHours(wanted) {
      await inLine(() => database.run("INSERT INTO setting VALUES ('hours', ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value", JSON.stringify(wanted)))
      hours = wanted
      changed(undefined)
    },

    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    flush: async () => {
      await line
    },
  }
}

/** Joins with a character that no id has. */
function keyOf(...parts: readonly (SqlValue | undefined)[]): string {
  return parts.map(String).join('\n')
}

/** What a map keeps for one device, by the second part of its key. */
function entriesOf<T>(map: ReadonlyMap<string, T>, device: string): readonly (readonly [string, T])[] {
  return [...map].flatMap(([key, value]) => (key.startsWith(`${device}\n`) ? [[key.slice(device.length + 1), value] as const] : []))
}

function reasonOf(value: SqlValue | undefined): OutOfServiceReason {
  // A reason of a newer program still takes it out of service.
  return OUT_OF_SERVICE_REASONS.find((reason) => reason === value) ?? 'maintenance'
}

function hoursOf(value: SqlValue | undefined): ServiceHours | undefined {
  if (typeof value !== 'string') return undefined
  return JSON.parse(value) as ServiceHours
}
