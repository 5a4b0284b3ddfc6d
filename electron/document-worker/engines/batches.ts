/** Lines that go through the recognition net together, as positions in the list of their widths, and the width that all of them get. */
export interface Batch {
  readonly members: readonly number[]
  readonly width: number
}

/** The gain of company ends here: four short lines share the threads as well as eight. */
const MOST_LINES = 4
/** Columns of all lines together: two long lines are work enough, and more of them only cost memory. */
const MOST_COLUMNS = 1600
/** Columns of padding, as a share of the line, that company may cost. */
const MOST_PADDING = 0.12

/**
 * Groups lines of like width. The threads of the runtime share one short line badly: by fours such lines take a fifth less
 * time. Padding is work too, so a line joins only where little is added.
 */
export function batchesOf(widths: readonly number[]): readonly Batch[] {
  const batches: { members: number[]; width: number }[] = []
  // From the widest down, so that the first of a batch says how wide all are.
  for (const index of [...widths.keys()].sort((a, b) => (widths[b] as number) - (widths[a] as number) || a - b)) {
    const own = widths[index] as number
    const last = batches.at(-1)
    const fits = last !== undefined && last.members.length < MOST_LINES && (last.members.length + 1) * last.width <= MOST_COLUMNS && last.width - own <= MOST_PADDING * own
    if (fits) last.members.push(index)
    else batches.push({ members: [index], width: own })
  }
  return batches
}
