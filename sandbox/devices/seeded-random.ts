/**
 * Numbers in [0, 1) that come in the same order for the same seed, so that a fault found once is found again.
 * The generator is mulberry32 (public domain): small, fast, and good enough to choose bytes to spoil.
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
