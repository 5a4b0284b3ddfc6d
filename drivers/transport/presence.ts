import { stat } from 'node:fs/promises'
import type { Clock } from '../../core/clock/clock.ts'

/** Soon enough for a screen that follows the true state within two seconds. */
const LOOK_EVERY_MS = 1000

/**
 * Watches the node of a device that was opened, and tells once when it is gone or has become another one. A serial port
 * that was pulled out may read as "nothing, for ever" (the kernel's end of file on a hung-up terminal), which the binding
 * takes for a port at rest and asks again without a pause: only the vanished node tells the truth at once. Paths that are
 * no files (COM3) are not watched. Returns the function that stops it.
 */
export function watchPresence(path: string, clock: Clock, onGone: () => void, identify: (path: string) => Promise<string> = identityOf): () => void {
  let stopped = !path.startsWith('/')
  let timer: unknown
  let first: string | undefined
  async function look(): Promise<void> {
    const now = await identify(path).catch(() => undefined)
    if (stopped) return
    first ??= now
    if (now === undefined || now !== first) {
      stopped = true
      onGone()
    } else timer = clock.setTimeout(() => void look(), LOOK_EVERY_MS)
  }
  if (!stopped) void look()
  return () => {
    stopped = true
    clock.clearTimeout(timer)
  }
}

/** What stands behind a path, through links: the same device has the same identity, one that came anew mostly another. */
async function identityOf(path: string): Promise<string> {
  const { dev, ino, rdev } = await stat(path)
  return `${dev}:${ino}:${rdev}`
}
