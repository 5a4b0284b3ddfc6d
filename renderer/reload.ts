/** Long enough to read the calm screen that says what is happening. */
const TOLD_MS = 2_500
const PROBE_INTERVAL_MS = 2_000

let reloading = false

function wait(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs))
}

/**
 * Loads the page anew after the citizen has been told. First it asks whether there is anybody to serve it, because a reload
 * into nothing would leave the browser's own error page on the screen.
 */
export async function reloadWhenServed(): Promise<void> {
  if (reloading) return
  reloading = true
  await wait(TOLD_MS)
  for (;;) {
    const served = await fetch(window.location.pathname, { cache: 'no-store' }).then((response) => response.ok, () => false)
    if (served) break
    await wait(PROBE_INTERVAL_MS)
  }
  window.location.reload()
}
