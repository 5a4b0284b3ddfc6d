/** What one measurement of `npm run bench` came to. The ratio is judged, because machines differ and ratios do not. */
export interface BenchResult {
  /** Short and without spaces, for the report file. */
  readonly name: string
  /** One sentence: from where to where is measured, and against what. */
  readonly what: string
  /** What we take or deliver, in `unit`. */
  readonly ours: number
  /** What it is held against (the wire's own time, another program), in `unit`. */
  readonly theirs: number
  readonly unit: string
  /** `ours / theirs`. */
  readonly ratio: number
  /** The aim in words, such as `≤ 1.10`. */
  readonly aim: string
  readonly passed: boolean
  /** How often it was measured, what was subtracted; empty when there is nothing to say. */
  readonly notes: string
}

/** The value in the middle; of an even number of values the lower of both in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
}
