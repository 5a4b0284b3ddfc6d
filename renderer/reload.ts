import { ref } from 'vue'

/** Long enough to read the calm screen that says what is happening. */
const TOLD_MS = 2_500
const PROBE_INTERVAL_MS = 2_000
/** So many new starts within this time mean that starting anew does not help. */
const MOST_RELOADS = 3
const RECENT_MS = 60_000
/** How long the screen with the telephone number stands then, before the next attempt. */
export const REST_MS = 120_000
const STORAGE_KEY = 'reloads'

/** Whether the page rests after too many new starts; the screen then says whom to call. */
export const resting = ref(false)

let reloading = false

function wait(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs))
}

/** The new starts that count, given their times and the present one (epoch, ms). A clock that was set back forgets them. */
export function recentReloads(times: readonly number[], nowMs: number): readonly number[] {
  return times.filter((time) => time <= nowMs && nowMs - time < RECENT_MS)
}

/** Whether the page must rest before it starts anew once more. */
export function mustRest(times: readonly number[], nowMs: number): boolean {
  return recentReloads(times, nowMs).length >= MOST_RELOADS
}

/** Times of earlier new starts. They outlive the page in its session storage; nothing of a citizen is in them. */
function readTimes(): readonly number[] {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? '[]')
    return Array.isArray(stored) ? stored.filter((time) => typeof time === 'number') : []
  } catch {
    return []
  }
}

/**
 * Loads the page anew after the citizen has been told. First it asks whether there is anybody to serve it, because a reload
 * into nothing would leave the browser's own error page on the screen. After three new starts within a minute it rests for
 * two minutes: a page that breaks at once each time must not flicker in front of people.
 */
export async function reloadWhenServed(): Promise<void> {
  if (reloading) return
  reloading = true
  resting.value = mustRest(readTimes(), Date.now())
  await wait(resting.value ? REST_MS : TOLD_MS)
  for (;;) {
    const served = await fetch(window.location.pathname, { cache: 'no-store' }).then((response) => response.ok, () => false)
    if (served) break
    await wait(PROBE_INTERVAL_MS)
  }
  const now = Date.now()
  sessionStorage.setItem(STORAGE_KEY, JSON.stringify([...recentReloads(readTimes(), now), now]))
  window.location.reload()
}
