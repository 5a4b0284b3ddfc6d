import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Facts on durability, section 6. A dump is a piece of memory, so it may hold what a citizen wrote: few, and never sent. */
const KEPT = 5

/** Deletes all but the newest dumps below `folder`. A folder that is not there has none. */
export function pruneCrashDumps(folder: string, keep: number = KEPT): number {
  const dumps = find(folder).sort((a, b) => b.modifiedMs - a.modifiedMs)
  for (const dump of dumps.slice(keep)) rmSync(dump.path, { force: true })
  return Math.max(0, dumps.length - keep)
}

function find(folder: string): { readonly path: string; readonly modifiedMs: number }[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return find(path)
      return entry.isFile() && entry.name.endsWith('.dmp') ? [{ path, modifiedMs: statSync(path).mtimeMs }] : []
    })
  } catch {
    return []
  }
}
