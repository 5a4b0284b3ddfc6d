/** The space for candidates, in the same unit as the sizes of one candidate. */
export interface CandidateSpace {
  readonly width: number
  readonly rows: number
  readonly gap: number
  readonly characterWidth: number
  readonly padding: number
  readonly leastWidth: number
}

/**
 * Divides texts into pages of rows so that each text has its own full width; a text too wide for a row gets a row of its
 * own. Returns for each page the range of texts on it, `[from, to)`; never empty pages, and every text is on one page.
 */
export function pagesOf(texts: readonly string[], space: CandidateSpace): readonly (readonly [from: number, to: number])[] {
  const pages: (readonly [number, number])[] = []
  let from = 0
  let row = 1
  let used = 0
  texts.forEach((text, index) => {
    const width = Math.max(space.leastWidth, [...text].length * space.characterWidth + space.padding)
    if (used > 0 && used + space.gap + width > space.width) {
      row += 1
      used = 0
    }
    if (row > space.rows) {
      pages.push([from, index])
      from = index
      row = 1
    }
    used += (used > 0 ? space.gap : 0) + width
  })
  if (texts.length > from) pages.push([from, texts.length])
  return pages
}
