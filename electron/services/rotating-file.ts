import fs from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../core/clock/clock.ts'

export interface RotationRules {
  readonly maxFileBytes: number
  readonly maxTotalBytes: number
  readonly maxDays: number
}

/** 14 days and 200 MB at most, in files that are small enough to be sent. */
export const ROTATION: RotationRules = { maxFileBytes: 10_000_000, maxTotalBytes: 200_000_000, maxDays: 14 }

const DAY_MS = 86_400_000
const NAME = /^kiosk-(\d{4}-\d{2}-\d{2})\.(\d+)\.jsonl$/

/** The calls that a full or dying disk may refuse; tests put their own in. */
export interface RotatingFileSystem {
  readonly write: (descriptor: number, text: string) => number
  readonly sync: (descriptor: number) => void
}

const realSystem: RotatingFileSystem = { write: (descriptor, content) => fs.writeSync(descriptor, content), sync: fs.fsyncSync }

export interface RotatingFile {
  /**
   * Appends one line before it returns, so that no crash of this process can lose it; with `durable` it also survives a
   * power cut. Never throws: a log that cannot be written must not stop the service.
   */
  append(line: string, durable: boolean): void
  /** Lines that could not be written since the last call. */
  takeLost(): { readonly lines: number; readonly code: string }
  close(): void
}

/**
 * One log in daily files (`kiosk-2026-11-22.1.jsonl`, UTC) of limited size. Old ones are deleted by age and by total size, at
 * the opening and at each new file.
 */
export function openRotatingFile(folder: string, clock: Clock, rules: RotationRules = ROTATION, system: RotatingFileSystem = realSystem): RotatingFile {
  let descriptor: number | undefined
  let day = ''
  let bytes = 0
  let lost = 0
  let lostCode = ''

  /** Opens today's newest file, or the one after it when this many bytes do not fit there any more. */
  function openFor(size: number): number {
    day = dayOf(clock.now())
    const last = logFiles(folder).findLast((file) => file.day === day)
    const continued = last !== undefined && last.bytes + size <= rules.maxFileBytes
    const path = join(folder, `kiosk-${day}.${(last?.index ?? 0) + (continued ? 0 : 1)}.jsonl`)
    const opened = fs.openSync(path, 'a', 0o600)
    descriptor = opened
    bytes = continued ? last.bytes : 0
    // A power cut may have left half a line; ours must not be glued to it.
    if (bytes > 0 && !endsWithNewline(path, bytes)) bytes += system.write(opened, '\n')
    prune(path)
    return opened
  }

  function prune(current: string): void {
    const oldest = dayOf(clock.now() - rules.maxDays * DAY_MS)
    const files = logFiles(folder)
    let total = files.reduce((sum, file) => sum + file.bytes, 0)
    for (const file of files) {
      if (file.path === current) continue
      if (file.day > oldest && total <= rules.maxTotalBytes - rules.maxFileBytes) continue
      fs.rmSync(file.path, { force: true })
      total -= file.bytes
    }
  }

  function close(): void {
    if (descriptor === undefined) return
    const closing = descriptor
    descriptor = undefined
    try {
      system.sync(closing)
    } catch {
      // The disk is gone; what could be written has been.
    }
    fs.closeSync(closing)
  }

  function append(line: string, durable: boolean): void {
    try {
      const size = Buffer.byteLength(line)
      if (descriptor !== undefined && (day !== dayOf(clock.now()) || bytes + size > rules.maxFileBytes)) close()
      const open = descriptor ?? openFor(size)
      bytes += system.write(open, line)
      if (durable) system.sync(open)
    } catch (error) {
      lost += 1
      lostCode = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    }
  }

  return {
    append,
    takeLost: () => {
      const taken = { lines: lost, code: lostCode }
      lost = 0
      return taken
    },
    close,
  }
}

interface LogFile {
  readonly path: string
  readonly day: string
  readonly index: number
  readonly bytes: number
}

/** Oldest first. Files that are not ours are not counted and never deleted. */
function logFiles(folder: string): LogFile[] {
  return fs
    .readdirSync(folder)
    .flatMap((name) => {
      const [, day, index] = NAME.exec(name) ?? []
      if (day === undefined || index === undefined) return []
      const path = join(folder, name)
      return [{ path, day, index: Number(index), bytes: fs.statSync(path).size }]
    })
    .sort((a, b) => a.day.localeCompare(b.day) || a.index - b.index)
}

function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10)
}

function endsWithNewline(path: string, bytes: number): boolean {
  const descriptor = fs.openSync(path, 'r')
  try {
    const last = Buffer.alloc(1)
    fs.readSync(descriptor, last, 0, 1, bytes - 1)
    return last[0] === 0x0a
  } finally {
    fs.closeSync(descriptor)
  }
}
