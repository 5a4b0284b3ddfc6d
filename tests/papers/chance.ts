import { seededRandom } from '../../sandbox/devices/seeded-random.ts'

/** Choices that come in the same order for the same seed. */
export interface Chance {
  /** A number in [0, 1). */
  next(): number
  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number
  pick<T>(choices: readonly T[]): T
  /** True in this share of cases. */
  happens(share: number): boolean
  /** So many digits. */
  digits(count: number): string
}

export function chanceFrom(seed: number): Chance {
  const next = seededRandom(seed)
  // Neighbouring seeds give neighbouring first numbers; a few thrown away part them.
  for (let index = 0; index < 8; index++) next()
  const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    whole,
    pick<T>(choices: readonly T[]): T {
      const chosen = choices[whole(0, choices.length - 1)]
      if (chosen === undefined) throw new Error('There is nothing to choose from.')
      return chosen
    },
    happens: (share) => next() < share,
    digits: (count) => Array.from({ length: count }, () => whole(0, 9)).join(''),
  }
}

/** One seed out of several numbers, so that the pages of a set do not repeat each other. */
export function seedOf(...parts: readonly number[]): number {
  return parts.reduce((seed, part) => Math.imul(seed ^ part, 0x9e3779b1) >>> 0, 0x51ed270b)
}
