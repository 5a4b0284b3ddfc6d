/** The middle one of the values, the higher of two; 0 for none. Leaves them in their order. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
