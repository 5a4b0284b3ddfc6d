import type { Clock } from './clock.ts'

interface Entry {
  readonly at: number
  readonly order: number
  readonly fn: (...args: unknown[]) => void
}

/** A clock that stands still until a test moves it. Timers fire in order of time, then of creation. */
export class SimulatedClock implements Clock {
  #now: number
  #order = 0
  readonly #entries = new Map<number, Entry>()

  constructor(startMs = 1_767_225_600_000) {
    this.#now = startMs
  }

  now(): number {
    return this.#now
  }

  setTimeout(fn: (...args: unknown[]) => void, ms: number): number {
    const id = ++this.#order
    this.#entries.set(id, { at: this.#now + Math.max(0, ms), order: id, fn })
    return id
  }

  clearTimeout(handle: unknown): void {
    this.#entries.delete(handle as number)
  }

  /** Number of timers that are still waiting: a test can prove that nothing was left running. */
  get pending(): number {
    return this.#entries.size
  }

  /** Moves time forward, firing what falls due; promises that timers settle get their turn between two timers. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await settle()
    for (;;) {
      const next = [...this.#entries.entries()]
        .filter(([, e]) => e.at <= end)
        .sort(([, a], [, b]) => a.at - b.at || a.order - b.order)[0]
      if (next === undefined) break
      const [id, entry] = next
      this.#entries.delete(id)
      this.#now = entry.at
      entry.fn()
      await settle()
    }
    this.#now = end
    await settle()
  }
}

/** Lets chains of promises run dry; 50 turns cover every chain in this code base. */
async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve()
}
