/**
 * How letters may be read as syllables: whole syllables, their beginnings, their first letters, and the neighbours that
 * speakers of many regions do not tell apart.
 */

/** Pairs of sounds that may be typed one for the other. */
export const FUZZY_PAIRS = ['n-l', 'z-zh', 'c-ch', 's-sh', 'an-ang', 'en-eng', 'in-ing'] as const
export type FuzzyPair = (typeof FUZZY_PAIRS)[number]

/** One reading of a few letters as one syllable. */
export interface SpelledUnit {
  /** For each syllable number: 0 when it does not fit, else 1 + what the fit costs (in units of dictionary weight). */
  readonly fit: Uint8Array
  /** Char codes of the first letters of the syllables that fit. */
  readonly initials: readonly number[]
}

/** A unit at a place in the input, reaching up to `end` (a following apostrophe included). */
export interface Edge {
  readonly end: number
  readonly unit: SpelledUnit
  readonly whole: boolean
}

/** What was not really typed counts as if it were about ninety times as rare. */
const FUZZY_COST = 80
const BEGINNING_COST = 6
const LONGEST_SYLLABLE = 6
const VOWELS = 'aeiou'
/** What people type for ü after j, q, x, y, where the standard spelling writes u. */
const SPELLED_WITH_V = /^([jqxy])v/
const APOSTROPHE = "'"

/** Letters as the engine reads them: lower case, ü as v, curly apostrophes straight, everything else dropped. */
export function normaliseLetters(input: string): string {
  return input
    .toLowerCase()
    .replace(/ü|ǖ|ǘ|ǚ|ǜ/g, 'v')
    .replace(/[‘’`]/g, APOSTROPHE)
    .replace(/[^a-z']/g, '')
}

export class Spelling {
  readonly #syllables: readonly string[]
  readonly #fuzzy: ReadonlySet<FuzzyPair>
  readonly #beginnings: ReadonlySet<string>
  readonly #wholeUnits = new Map<string, SpelledUnit | null>()
  readonly #beginningUnits = new Map<string, SpelledUnit | null>()

  constructor(syllables: readonly string[], fuzzy: readonly FuzzyPair[]) {
    this.#syllables = syllables
    this.#fuzzy = new Set(fuzzy)
    const spelled = [...syllables, ...syllables.flatMap((syllable) => (/^[jqxy]u/.test(syllable) ? [syllable.replace('u', 'v')] : []))]
    this.#beginnings = new Set(spelled.flatMap((syllable) => Array.from({ length: syllable.length }, (_, index) => syllable.slice(0, index + 1))))
  }

  /** All ways to read one syllable at `at` of normalised letters. */
  edges(letters: string, at: number): readonly Edge[] {
    const boundary = letters.indexOf(APOSTROPHE, at)
    const limit = boundary === -1 ? letters.length : boundary
    const edges: Edge[] = []
    for (let length = 1; length <= LONGEST_SYLLABLE && at + length <= limit; length += 1) {
      const spelled = letters.slice(at, at + length)
      const end = skipApostrophes(letters, at + length)
      const whole = this.#wholeUnit(spelled)
      if (whole) edges.push({ end, unit: whole, whole: true })
      const closed = at + length === limit
      if (this.#mayStandForLonger(spelled, letters[at + length], letters[at + length + 1], closed, whole !== null)) {
        const unit = this.#beginningUnit(spelled)
        if (unit) edges.push({ end, unit, whole: false })
      }
    }
    return edges
  }

  /**
   * The letters with a space between syllables, for showing: `chenzhiyuan` → `chen zhi yuan`. Chooses the fewest and wholest
   * units; letters that cannot be read stand alone.
   */
  separate(letters: string): string {
    const cost = new Array<number>(letters.length + 1).fill(Number.POSITIVE_INFINITY)
    const from = new Array<number>(letters.length + 1).fill(0)
    const start = skipApostrophes(letters, 0)
    cost[start] = 0
    for (let at = start; at < letters.length; at += 1) {
      const before = cost[at] ?? Number.POSITIVE_INFINITY
      if (before === Number.POSITIVE_INFINITY) continue
      const relax = (end: number, price: number): void => {
        if (before + price >= (cost[end] ?? Number.POSITIVE_INFINITY)) return
        cost[end] = before + price
        from[end] = at
      }
      for (const edge of this.edges(letters, at)) relax(edge.end, edge.whole ? 2 : 3)
      relax(skipApostrophes(letters, at + 1), 9)
    }
    const parts: string[] = []
    for (let end = letters.length; end > start; end = from[end] ?? 0) parts.unshift(letters.slice(from[end] ?? 0, end).replaceAll(APOSTROPHE, ''))
    return parts.filter(Boolean).join(' ')
  }

  /**
   * Whether letters may stand for a syllable that goes on: at the end of the input any beginning may (`gon`), within it only
   * first letters (`gjj`), and only where they cannot simply be read on with the letters that follow.
   */
  #mayStandForLonger(spelled: string, next: string | undefined, afterNext: string | undefined, closed: boolean, whole: boolean): boolean {
    const isFirstLetter = spelled.length === 1 || spelled === 'zh' || spelled === 'ch' || spelled === 'sh'
    if (closed) return !whole || isFirstLetter
    if (!isFirstLetter || next === undefined) return false
    if (/^[zcs]$/.test(spelled) && next === 'h') return afterNext === undefined || !VOWELS.includes(afterNext)
    return !this.#beginnings.has(spelled + next)
  }

  #wholeUnit(spelled: string): SpelledUnit | null {
    return remember(this.#wholeUnits, spelled, () => {
      const standard = spelled.replace(SPELLED_WITH_V, '$1u')
      const folded = this.#fold(standard)
      return this.#unit((syllable) => {
        if (syllable === standard) return 0
        // Many type lue and nue for lüe and nüe.
        if ((standard === 'lue' || standard === 'nue') && syllable === standard.replace('u', 'v')) return 0
        return this.#fuzzy.size > 0 && this.#fold(syllable) === folded ? FUZZY_COST : undefined
      })
    })
  }

  #beginningUnit(spelled: string): SpelledUnit | null {
    return remember(this.#beginningUnits, spelled, () => {
      const standard = spelled.replace(SPELLED_WITH_V, '$1u')
      const folded = this.#foldInitial(standard)
      return this.#unit((syllable) => {
        if (syllable === standard) return 0
        if (syllable.startsWith(standard)) return BEGINNING_COST
        return this.#fuzzy.size > 0 && this.#foldInitial(syllable).startsWith(folded) ? BEGINNING_COST + FUZZY_COST : undefined
      })
    })
  }

  #unit(costOf: (syllable: string) => number | undefined): SpelledUnit | null {
    const fit = new Uint8Array(this.#syllables.length)
    const initials = new Set<number>()
    this.#syllables.forEach((syllable, number) => {
      const cost = costOf(syllable)
      if (cost === undefined) return
      fit[number] = cost + 1
      initials.add(syllable.charCodeAt(0))
    })
    return initials.size > 0 ? { fit, initials: [...initials] } : null
  }

  /** The same string for all syllables that count as alike under the chosen pairs. */
  #fold(syllable: string): string {
    let folded = this.#foldInitial(syllable)
    if (this.#fuzzy.has('an-ang')) folded = folded.replace(/ang$/, 'an')
    if (this.#fuzzy.has('en-eng')) folded = folded.replace(/eng$/, 'en')
    if (this.#fuzzy.has('in-ing')) folded = folded.replace(/ing$/, 'in')
    return folded
  }

  #foldInitial(syllable: string): string {
    let folded = syllable
    if (this.#fuzzy.has('n-l')) folded = folded.replace(/^l/, 'n')
    for (const [pair, long, short] of [['z-zh', 'zh', 'z'], ['c-ch', 'ch', 'c'], ['s-sh', 'sh', 's']] as const) {
      if (this.#fuzzy.has(pair) && folded.startsWith(long)) folded = short + folded.slice(long.length)
    }
    return folded
  }
}

export function skipApostrophes(letters: string, at: number): number {
  let place = at
  while (letters[place] === APOSTROPHE) place += 1
  return place
}

function remember<V>(memory: Map<string, V>, key: string, make: () => V): V {
  const known = memory.get(key)
  if (known !== undefined) return known
  const made = make()
  memory.set(key, made)
  return made
}
