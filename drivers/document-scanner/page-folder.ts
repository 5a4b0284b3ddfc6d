import { lstatSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PREFIX = 'kiosk-scan-'
/** No scan takes this long; an older folder belongs to nobody, whatever process has its number now. */
const OLDEST_MS = 60 * 60_000
const ZEROES = new Uint8Array(1_048_576)

/** Where scanned pages lie for the moment that they are files: in memory where the system gives each user a place there. */
export function pageFolderParent(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const runtime = environment['XDG_RUNTIME_DIR']
  try {
    if (runtime !== undefined && statSync(runtime).isDirectory()) return runtime
  } catch {
    // Named and not there: the temporary folder it is.
  }
  return tmpdir()
}

/**
 * A folder that only this user can enter (0700), for the pages of one scan. It carries our process number, so that a later
 * start finds what a crash left behind.
 */
export function makePageFolder(parent: string): string {
  return mkdtempSync(join(parent, `${PREFIX}${process.pid}-`))
}

/** Remembers which program writes into the folder, so that it can be ended if we cannot do it ourselves any more. Never throws. */
export function noteWriter(folder: string, pid: number): void {
  try {
    writeFileSync(join(folder, 'writer'), String(pid), { mode: 0o600 })
  } catch {
    // The scan itself will find that it cannot write here.
  }
}

/** The file's bytes, or undefined when there is none or it is larger than a page can be. */
export async function readPageFile(file: string, largestBytes: number): Promise<Uint8Array | 'too-large' | undefined> {
  try {
    if ((await stat(file)).size > largestBytes) return 'too-large'
    return new Uint8Array(await readFile(file))
  } catch {
    return undefined
  }
}

/** Overwrites the picture, then removes it: a file that is only removed can be found again on a disk. Never throws. */
export async function wipeFile(file: string): Promise<void> {
  try {
    const handle = await open(file, 'r+')
    try {
      const { size } = await handle.stat()
      for (let at = 0; at < size; at += ZEROES.length) await handle.write(ZEROES, 0, Math.min(ZEROES.length, size - at), at)
      await handle.datasync()
    } finally {
      await handle.close()
    }
  } catch {
    // Gone already, or never written.
  }
  await rm(file, { force: true }).catch(() => undefined)
}

/** Wipes every file of the folder and removes it. Never throws. */
export async function removePageFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names) await wipeFile(join(folder, name))
  await rm(folder, { recursive: true, force: true }).catch(() => undefined)
}

/**
 * Removes what an earlier life left behind: folders whose process is gone, with the program that still writes there. Returns
 * how many there were.
 */
export async function removeLeftovers(parent: string, nowMs: number): Promise<number> {
  let removed = 0
  for (const name of namesIn(parent)) {
    const owner = Number(new RegExp(`^${PREFIX}(\\d+)-[A-Za-z0-9]{6}$`).exec(name)?.[1])
    const folder = join(parent, name)
    if (!Number.isInteger(owner) || owner === process.pid || !isOurs(folder)) continue
    if (isAlive(owner) && nowMs - modifiedAt(folder) < OLDEST_MS) continue
    endWriter(folder)
    await removePageFolder(folder)
    removed++
  }
  return removed
}

function namesIn(parent: string): readonly string[] {
  try {
    return readdirSync(parent)
  } catch {
    return []
  }
}

function isOurs(folder: string): boolean {
  try {
    const found = lstatSync(folder)
    return found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid())
  } catch {
    return false
  }
}

function modifiedAt(folder: string): number {
  try {
    return statSync(folder).mtimeMs
  } catch {
    return 0
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Ends the program that a dead device host had started, and no other: its command line must name this very folder. */
function endWriter(folder: string): void {
  try {
    const pid = Number(readFileSync(join(folder, 'writer'), 'utf8'))
    if (!Number.isInteger(pid) || pid <= 1) return
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)) process.kill(pid, 'SIGKILL')
  } catch {
    // Ended already, or a system without /proc.
  }
}
