import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Writes a file under another name first and renames it, so that a reader sees the old or the new one and never half of it. */
export async function writeWhole(file: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const temporary = `${file}.${randomUUID()}.tmp`
  const handle = await open(temporary, 'wx', mode)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, file)
}

const LOCK_TRIES = 100
const LOCK_WAIT_MS = 50

/** One writer at a time, also among processes: `npm run pack` publishes while the sandbox serves and renews. */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(file), { recursive: true })
  for (let attempt = 0; ; attempt++) {
    try {
      const handle = await open(file, 'wx', 0o600)
      await handle.writeFile(String(process.pid))
      await handle.close()
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (await isAbandoned(file)) await rm(file, { force: true })
      else if (attempt >= LOCK_TRIES) throw new Error(`another process is publishing (${file})`, { cause: error })
      else await new Promise((resolve) => setTimeout(resolve, LOCK_WAIT_MS))
    }
  }
  try {
    return await work()
  } finally {
    await rm(file, { force: true })
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  const owner = Number(await readFile(file, 'utf8').catch(() => ''))
  if (!Number.isInteger(owner) || owner <= 0) return false
  try {
    process.kill(owner, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
