import fs from 'node:fs'
import type { Result } from '../../core/result/result.ts'
import { err, ok } from '../../core/result/result.ts'

export interface InstanceLock {
  /** The lock was found, and its owner was not alive any more. */
  readonly takenOver: boolean
  release(): void
}

/** Who holds a lock. `born` tells a process from a later one that was given the same pid. */
interface Owner {
  readonly pid: number
  readonly born: string
}

/** A takeover lasts a few file operations; what is older was left by a crash in the midst of one. */
const TAKEOVER_LIMIT_MS = 10_000

/**
 * Makes this process the only one with the lock at `path`, or names the process that has it. The file appears with its
 * content in one step (a hard link), so nobody ever reads half a lock; taking over a stale one is itself guarded, so of two
 * that start together after a crash one wins.
 */
export function takeInstanceLock(path: string): Result<InstanceLock, { readonly pid: number }> {
  const me: Owner = { pid: process.pid, born: bornAt(process.pid) ?? 'unknown' }
  if (place(path, me)) return ok(held(path, me, false))
  const owner = read(path)
  if (owner !== undefined && isAlive(owner)) return err({ pid: owner.pid })

  const guard = `${path}.takeover`
  if (!placeGuard(guard, me)) return err({ pid: read(guard)?.pid ?? 0 })
  try {
    // Between the first look and the guard another starter may have taken the lock.
    const now = read(path)
    if (now !== undefined && isAlive(now)) return err({ pid: now.pid })
    fs.rmSync(path, { force: true })
    return place(path, me) ? ok(held(path, me, true)) : err({ pid: read(path)?.pid ?? 0 })
  } finally {
    fs.rmSync(guard, { force: true })
  }
}

function held(path: string, me: Owner, takenOver: boolean): InstanceLock {
  return {
    takenOver,
    release: () => {
      const owner = read(path)
      if (owner?.pid === me.pid && owner.born === me.born) fs.rmSync(path, { force: true })
    },
  }
}

function placeGuard(guard: string, me: Owner): boolean {
  if (place(guard, me)) return true
  const age = ageMs(guard)
  if (age === undefined || age < TAKEOVER_LIMIT_MS) return false
  fs.rmSync(guard, { force: true })
  return place(guard, me)
}

/** Puts the file there with its whole content, unless one is there. */
function place(path: string, owner: Owner): boolean {
  const draft = `${path}.${owner.pid}`
  fs.writeFileSync(draft, `${JSON.stringify(owner)}\n`, { mode: 0o600 })
  try {
    fs.linkSync(draft, path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    fs.rmSync(draft, { force: true })
  }
}

function read(path: string): Owner | undefined {
  try {
    const owner = JSON.parse(fs.readFileSync(path, 'utf8')) as Partial<Owner> | null
    return typeof owner?.pid === 'number' && owner.pid > 0 ? { pid: owner.pid, born: String(owner.born) } : undefined
  } catch {
    // Gone in this moment, or torn by a power cut: in both cases nobody holds it.
    return undefined
  }
}

function isAlive(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  const born = bornAt(owner.pid)
  return born === undefined || owner.born === 'unknown' || born === owner.born
}

/** Boot id and start time of a process on Linux (`/proc/<pid>/stat`, field 22); undefined where the system does not tell. */
function bornAt(pid: number): string | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is a name in brackets that may hold blanks; count from behind it.
    const startTicks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return startTicks === undefined ? undefined : `${boot}/${startTicks}`
  } catch {
    return undefined
  }
}

function ageMs(path: string): number | undefined {
  try {
    return Date.now() - fs.statSync(path).mtimeMs
  } catch {
    return undefined
  }
}
