import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A driver that broke twice in ten minutes gets a rest of a day, not for ever: drawing in software is slow. */
const REST_MS = 24 * 3_600_000
const FILE = 'graphics-off.json'

/**
 * Remembers over a restart that the graphics card is to be left alone. A file, because the program that is started next is
 * started by a supervisor, which cannot be given a command line.
 * @param folder of the shell, inside the data folder
 * @returns until when (epoch ms), or undefined when graphics may be used
 */
export function graphicsOffUntil(folder: string, nowMs: number): number | undefined {
  try {
    const written: unknown = JSON.parse(readFileSync(join(folder, FILE), 'utf8'))
    const untilMs = typeof written === 'object' && written !== null && 'untilMs' in written ? Number(written.untilMs) : Number.NaN
    // Beyond a whole rest: the clock has been set back, and the file means nothing any more.
    if (untilMs > nowMs && untilMs <= nowMs + REST_MS) return untilMs
    rmSync(join(folder, FILE), { force: true })
  } catch {
    // No file, or one that a power cut tore: graphics are tried.
  }
  return undefined
}

export function turnGraphicsOff(folder: string, nowMs: number): void {
  writeFileSync(join(folder, FILE), `${JSON.stringify({ untilMs: nowMs + REST_MS })}\n`, { mode: 0o600 })
}
