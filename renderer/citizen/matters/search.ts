import type { MatterSummary } from '../../../core/kiosk-api/snapshot.ts'

/** Lower case, full width to half width, without spaces and marks: `J Z－Z` → `jzz`. */
export function normalise(input: string): string {
  return input.normalize('NFKC').toLowerCase().replace(/[\s\p{P}\p{S}]+/gu, '')
}

const EXACT = 400
const BEGINS = 300
const CONTAINS = 200
const IN_SUMMARY = 100

/** How well a matter answers one word; 0 = not at all. Keys are characters, full pinyin and initials, all lower case. */
function scoreWord(matter: MatterSummary, word: string): number {
  let best = 0
  const names = [...Object.values(matter.name), ...Object.values(matter.shortName)].map(normalise)
  for (const key of [...matter.searchKeys.map(normalise), ...names]) {
    if (key === word) return EXACT
    // One Latin letter would be found inside almost every pinyin key, so it only counts at the beginning.
    if (key.startsWith(word)) best = Math.max(best, BEGINS)
    else if (key.includes(word) && !/^[a-z]$/.test(word)) best = Math.max(best, CONTAINS)
  }
  if (best === 0 && word.length > 1 && Object.values(matter.summary).some((summary) => normalise(summary).includes(word))) best = IN_SUMMARY
  return best
}

/**
 * The matters that answer a query, best first. Words parted by spaces must all be found. Among equals, those that can be done
 * now stand first, and otherwise the order of the pack is kept. An empty query gives all of them.
 */
export function searchMatters(matters: readonly MatterSummary[], query: string): readonly MatterSummary[] {
  const words = query.split(/\s+/).map(normalise).filter((word) => word !== '')
  if (words.length === 0) return matters
  return matters
    .map((matter, index) => {
      const scores = words.map((word) => scoreWord(matter, word))
      return { matter, index, score: scores.includes(0) ? 0 : scores.reduce((sum, score) => sum + score, 0) }
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || Number(a.matter.availability.state === 'unavailable') - Number(b.matter.availability.state === 'unavailable') || a.index - b.index)
    .map(({ matter }) => matter)
}
