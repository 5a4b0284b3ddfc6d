/** Full jitter: random between 0 and min(5 min, 2 s × 2^tries) (facts on durability, 5.4). */
export const BACK_OFF_BASE_MS = 2_000
export const BACK_OFF_CAP_MS = 5 * 60_000

/** An application that failed this often goes behind the others. */
export const GOES_BEHIND_AFTER_TRIES = 5

/**
 * How long to wait before the next try. `tries` counts the failures so far, this one included; a `Retry-After` is obeyed, and
 * the jitter is added to it so that a hall's terminals do not come back in the same second.
 */
export function backOffMs(tries: number, random: () => number, retryAfterMs = 0): number {
  const ceiling = Math.min(BACK_OFF_CAP_MS, BACK_OFF_BASE_MS * 2 ** Math.max(0, tries - 1))
  return retryAfterMs + Math.floor(random() * ceiling)
}
