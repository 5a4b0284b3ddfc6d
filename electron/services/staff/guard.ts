import { createHash, randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type { Clock } from '../../../core/clock/clock.ts'
import type { Database } from '../database/database.ts'

export const STAFF_MIGRATIONS: readonly string[] = [
  `CREATE TABLE attempts(subject TEXT PRIMARY KEY, failures INTEGER NOT NULL, last_at INTEGER NOT NULL, locked_until INTEGER NOT NULL) STRICT;
  CREATE TABLE used_code(staff TEXT PRIMARY KEY, step INTEGER NOT NULL) STRICT;
  CREATE TABLE salt(only INTEGER PRIMARY KEY CHECK (only = 1), value TEXT NOT NULL) STRICT;`,
]

/** How wrong tries cost time: the first few are free, then each doubles the wait up to the cap. */
interface LockRule {
  readonly free: number
  readonly firstMs: number
  readonly capMs: number
}
/** One account: a person mistypes twice; whoever guesses gets some thirty tries a day at six digits and more. */
export const ACCOUNT_RULE: LockRule = { free: 3, firstMs: 30_000, capMs: 3_600_000 }
/**
 * The terminal, whatever numbers were tried: it slows guessing down and locks nobody out. Someone who types any numbers must
 * not keep staff from a terminal that needs them, so half a minute after the last of them everyone whose own account is not
 * locked may sign in. What protects an account is its own lock.
 */
export const TERMINAL_RULE: LockRule = { free: 6, firstMs: 5_000, capMs: 30_000 }
/** After this without a wrong try the count begins anew. */
const FORGET_AFTER_MS = 86_400_000

const TERMINAL = 'terminal'
const STEP_MS = 30_000
/** One step before and after: clocks of phones and terminals differ. */
const WINDOW_STEPS = 1

/** Keeps guessers out. Everything is on disk before the guess is judged: neither a restart nor a pulled plug gives a free one. */
export interface Guard {
  /** Until when neither this account nor the terminal takes a try; undefined: now. */
  lockedUntil(account: string): number | undefined
  /** Until when the terminal takes none at all; never more than half a minute away. */
  terminalLockedUntil(): number | undefined
  /** Counts a try as wrong, before it is judged. Answers the lock that it brings, in milliseconds, if it is wrong. */
  begin(account: string): Promise<number>
  /** The try was right. */
  right(account: string): Promise<void>
  /**
   * Judges six digits against an authenticator's secret: the present step, the one before or the one after, each once.
   * `used`: right, but taken before.
   */
  judgeCode(staff: string, secret: string, code: string): Promise<'right' | 'wrong' | 'used'>
}

/** Opened with a database of `STAFF_MIGRATIONS`. */
export async function openGuard(database: Database, clock: Clock): Promise<Guard> {
  const attempts = new Map<string, { readonly failures: number; readonly lastAt: number; lockedUntil: number }>()
  await database.run('INSERT INTO salt VALUES (1, ?) ON CONFLICT DO NOTHING', randomBytes(16).toString('hex'))
  const salt = String((await database.one('SELECT value FROM salt'))?.['value'])
  await database.run('DELETE FROM attempts WHERE last_at < ?', clock.now() - FORGET_AFTER_MS)
  for (const row of await database.all('SELECT * FROM attempts')) attempts.set(String(row['subject']), { failures: Number(row['failures']), lastAt: Number(row['last_at']), lockedUntil: Number(row['locked_until']) })

  /** Numbers that nobody has are counted like those of accounts; what was typed, maybe a PIN in the wrong field, is not kept. */
  const subjectOf = (account: string): string => createHash('sha256').update(`${salt}:${account}`).digest('hex').slice(0, 16)
  const ruleOf = (subject: string): LockRule => (subject === TERMINAL ? TERMINAL_RULE : ACCOUNT_RULE)

  function locked(subject: string): number | undefined {
    const known = attempts.get(subject)
    if (known === undefined) return undefined
    const now = clock.now()
    // A clock that was set back must not lock for longer than the rule says.
    known.lockedUntil = Math.min(known.lockedUntil, now + ruleOf(subject).capMs)
    return known.lockedUntil > now ? known.lockedUntil : undefined
  }

  function failed(subject: string): { readonly failures: number; readonly lastAt: number; readonly lockedUntil: number; readonly lockMs: number } {
    const now = clock.now()
    const before = attempts.get(subject)
    const forgotten = before === undefined || now - before.lastAt > FORGET_AFTER_MS
    const failures = (forgotten ? 0 : before.failures) + 1
    const { free, firstMs, capMs } = ruleOf(subject)
    const lockMs = failures < free ? 0 : Math.min(capMs, firstMs * 2 ** Math.min(30, failures - free))
    return { failures, lastAt: now, lockedUntil: now + lockMs, lockMs }
  }

  return {
    lockedUntil: (account) => {
      const until = Math.max(locked(subjectOf(account)) ?? 0, locked(TERMINAL) ?? 0)
      return until === 0 ? undefined : until
    },
    terminalLockedUntil: () => locked(TERMINAL),
    async begin(account) {
      const counted = [subjectOf(account), TERMINAL].map((subject) => ({ subject, ...failed(subject) }))
      await database.transaction(counted.map(({ subject, failures, lastAt, lockedUntil }) => ({
        sql: 'INSERT INTO attempts VALUES (?, ?, ?, ?) ON CONFLICT(subject) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, locked_until = excluded.locked_until',
        values: [subject, failures, lastAt, lockedUntil],
      })))
      for (const { subject, failures, lastAt, lockedUntil } of counted) attempts.set(subject, { failures, lastAt, lockedUntil })
      return Math.max(...counted.map(({ lockMs }) => lockMs))
    },
    async right(account) {
      const subjects = [subjectOf(account), TERMINAL]
      await database.run('DELETE FROM attempts WHERE subject IN (?, ?)', ...subjects)
      for (const subject of subjects) attempts.delete(subject)
    },
    async judgeCode(staff, secret, code) {
      const timestamp = clock.now()
      const delta = TOTP.validate({ token: code, secret: Secret.fromBase32(secret), digits: 6, period: STEP_MS / 1000, algorithm: 'SHA1', window: WINDOW_STEPS, timestamp })
      if (delta === null) return 'wrong'
      const step = Math.floor(timestamp / STEP_MS) + delta
      const taken = await database.run('INSERT INTO used_code VALUES (?, ?) ON CONFLICT(staff) DO UPDATE SET step = excluded.step WHERE excluded.step > used_code.step', staff, step)
      return taken === 1 ? 'right' : 'used'
    },
  }
}
