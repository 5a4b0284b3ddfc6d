/**
 * Everything in the page that may remember something of a citizen registers here how to forget it. `wipePage` is called
 * when a session ends, and again when the next one begins.
 */
const wipers = new Set<() => void>()

/** Registers a wiper; the returned function takes it back. A wiper must not throw and may be called at any time. */
export function onWipe(wipe: () => void): () => void {
  wipers.add(wipe)
  return () => void wipers.delete(wipe)
}

export function wipePage(): void {
  for (const wipe of wipers) wipe()
}
