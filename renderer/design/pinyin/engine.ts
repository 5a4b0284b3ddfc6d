import { EMPTY_KEY, extendKey, PLACE_FLAG, type PinyinDictionary } from './dictionary.ts'
import { type Edge, type FuzzyPair, normaliseLetters, skipApostrophes, Spelling, type SpelledUnit } from './spelling.ts'

/** What a field holds; decides which candidates come first. */
export const PINYIN_HINTS = ['general', 'name', 'address'] as const
export type PinyinHint = (typeof PINYIN_HINTS)[number]

export interface PinyinContext {
  readonly hint: PinyinHint
  /** What stands before the caret; in a name field it tells whether a surname or a given name is expected. */
  readonly before?: string
}

/** One choice for the beginning of the letters. `consumed` counts characters of the normalised letters; the rest stays. */
export interface PinyinCandidate {
  readonly text: string
  readonly consumed: number
  /** `letters`: the letters themselves, when no reading was found. */
  readonly kind: 'word' | 'sentence' | 'person' | 'learned' | 'letters'
}

export interface PinyinEngine {
  /** All choices, the best first. Never throws; anything but letters and apostrophes is ignored. */
  candidates(input: string, context?: PinyinContext): readonly PinyinCandidate[]
  /** The letters with spaces between syllables, for showing. */
  separate(input: string): string
  /** Remembers a choice for this session: the letters that it stood for, and the text. */
  learn(input: string, text: string): void
  setFuzzy(pairs: readonly FuzzyPair[]): void
  /** Forgets everything learned. */
  wipe(): void
}

/** Longer input is not read: nobody types so much before choosing, and the time for one search stays bounded. */
export const MAX_LETTERS = 48
const MAX_CANDIDATES = 800
const MAX_PERSONS = 12
const MAX_LEARNED = 500
/** Words of the dictionary that one search may look at, for each place in the input; real input needs a small part of it. */
const LOOKS_PER_PLACE = 24_000
/** Paths that one search may follow from one place. */
const PATHS_PER_PLACE = 3_000

/** The dictionary's weights are 18 × ln(frequency); its frequencies add up to about e^18. */
const WEIGHT_PER_LOG = 18
const LOG_TOTAL = 18
/** In an address field, places count as if they were nine times as frequent. */
const PLACE_BONUS = 40
/** Given-name weights are 32 × ln(count); there are about e^10.5 pairs and e^11.5 single characters behind them. */
const GIVEN_PER_LOG = 32
const LOG_PAIRS = 10.5
const LOG_GIVEN_CHARACTERS = 11.5
/** Surname weights fall by one for each rank; 25 ranks are about a factor of e. */
const SURNAME_PER_LOG = 25
/** A character joins a name that is made up only when some twenty names in the word list have it: nobody is called 周龟兰. */
const USUAL_IN_NAMES = 98

interface Match {
  readonly text: string
  readonly end: number
  readonly score: number
  readonly given: number
  readonly surname: number
}

interface Scored {
  readonly text: string
  readonly score: number
}

export function createPinyinEngine(dictionary: PinyinDictionary, fuzzy: readonly FuzzyPair[] = []): PinyinEngine {
  let spelling = new Spelling(dictionary.syllables, fuzzy)
  /** Letters without apostrophes → text → how often chosen. */
  const learned = new Map<string, Map<string, number>>()

  return {
    candidates(input, context = { hint: 'general' }) {
      const letters = normaliseLetters(input).slice(0, MAX_LETTERS)
      if (skipApostrophes(letters, 0) >= letters.length) return []
      const search = new Search(dictionary, spelling, letters, context)
      const found = [...learnedFor(learned, letters), ...search.run()]
      const seen = new Set<string>()
      const unique = found.filter(({ text, consumed }) => {
        const key = `${text} ${consumed}`
        return seen.has(key) ? false : seen.add(key) !== undefined
      })
      return unique.length > 0 ? unique.slice(0, MAX_CANDIDATES) : [{ text: letters, consumed: letters.length, kind: 'letters' }]
    },
    separate: (input) => spelling.separate(normaliseLetters(input)),
    learn(input, text) {
      const letters = normaliseLetters(input).replaceAll("'", '')
      if (letters === '' || text === '') return
      const texts = learned.get(letters) ?? new Map<string, number>()
      texts.set(text, (texts.get(text) ?? 0) + 1)
      learned.delete(letters)
      learned.set(letters, texts)
      if (learned.size > MAX_LEARNED) for (const oldest of learned.keys()) return void learned.delete(oldest)
    },
    setFuzzy(pairs) {
      spelling = new Spelling(dictionary.syllables, pairs)
    },
    wipe() {
      learned.clear()
    },
  }
}

/** What was learned for the whole of the letters; part of them would put a short old choice before a long new word. */
function learnedFor(learned: ReadonlyMap<string, ReadonlyMap<string, number>>, letters: string): readonly PinyinCandidate[] {
  const texts = learned.get(letters.replaceAll("'", ''))
  if (!texts) return []
  return [...texts]
    .sort(([, a], [, b]) => b - a)
    .map(([text]) => ({ text, consumed: letters.length, kind: 'learned' as const }))
}

/** One search over one input. */
class Search {
  readonly #dictionary: PinyinDictionary
  readonly #spelling: Spelling
  readonly #letters: string
  readonly #hint: PinyinHint
  readonly #before: string
  readonly #edges = new Map<number, readonly Edge[]>()

  constructor(dictionary: PinyinDictionary, spelling: Spelling, letters: string, context: PinyinContext) {
    this.#dictionary = dictionary
    this.#spelling = spelling
    this.#letters = letters
    this.#hint = context.hint
    this.#before = context.before ?? ''
  }

  run(): readonly PinyinCandidate[] {
    const start = skipApostrophes(this.#letters, 0)
    const matches = this.#matchesFrom(start, 'all')
    const sentence = this.#bestSentence(start)
    const words: PinyinCandidate[] = matches
      .map((match): { match: Match; sentence: boolean } => ({ match, sentence: false }))
      .concat(sentence ? [{ match: sentence, sentence: true }] : [])
      .sort((a, b) => b.match.end - a.match.end || b.match.score - a.match.score)
      .map(({ match, sentence: isSentence }) => ({ text: match.text, consumed: match.end, kind: isSentence ? 'sentence' : 'word' }))
    return this.#hint === 'name' ? this.#inNameOrder(start, matches, words) : words
  }

  #edgesAt(at: number): readonly Edge[] {
    const known = this.#edges.get(at)
    if (known) return known
    const edges = this.#spelling.edges(this.#letters, at)
    this.#edges.set(at, edges)
    return edges
  }

  /** Words that begin at a place: all of them, or only the best one for each place where a word can end. */
  #matchesFrom(at: number, want: 'all' | 'best'): readonly Match[] {
    const found = new Map<string, Match>()
    const keep = (match: Match): void => {
      const key = want === 'all' ? `${match.text} ${match.end}` : String(match.end)
      const known = found.get(key)
      if (!known || match.score > known.score) found.set(key, match)
    }
    let looks = LOOKS_PER_PLACE
    let paths = PATHS_PER_PLACE
    const walk = (place: number, key: number, units: readonly SpelledUnit[]): void => {
      for (const edge of this.#edgesAt(place)) {
        const longer = [...units, edge.unit]
        for (const initial of edge.unit.initials) {
          if (looks <= 0 || (paths -= 1) <= 0) return
          const next = extendKey(key, initial)
          const toBeat = want === 'best' ? (found.get(String(edge.end))?.score ?? Number.NEGATIVE_INFINITY) : undefined
          looks -= this.#lookThrough(next, longer, edge.end, keep, toBeat)
          if (edge.end < this.#letters.length && this.#dictionary.hasLonger(next)) walk(edge.end, next, longer)
        }
        if (units.length === 0) this.#lookThroughAstral(edge, keep)
      }
    }
    walk(at, EMPTY_KEY, [])
    return [...found.values()]
  }

  /**
   * Gives the words of one bucket that fit the units to `keep`; returns how many words it looked at. With `toBeat` only a
   * word of a higher score matters: since a bucket begins with its commonest, the rest of it can then be left unread.
   */
  #lookThrough(key: number, units: readonly SpelledUnit[], end: number, keep: (match: Match) => void, toBeat?: number): number {
    const { weights, givenWeights, surnameWeights, flags, wordSyllables } = this.#dictionary
    const bucket = this.#dictionary.bucket(key)
    if (!bucket) return 0
    const length = units.length
    const highestBonus = this.#hint === 'address' ? PLACE_BONUS : 0
    let floor = toBeat
    for (let index = bucket.first; index < bucket.end; index += 1) {
      const weight = weights[index] ?? 0
      if (floor !== undefined && (weight + highestBonus) / WEIGHT_PER_LOG - LOG_TOTAL <= floor) return index - bucket.first + 1
      const given = givenWeights[index] ?? 0
      const surname = surnameWeights[index] ?? 0
      // What is only part of a person's name is no word elsewhere.
      if (weight === 0 && this.#hint !== 'name') continue
      const cost = this.#costOf(units, wordSyllables, this.#dictionary.syllableStart(index, length))
      if (cost === undefined) continue
      const bonus = this.#hint === 'address' && ((flags[index] ?? 0) & PLACE_FLAG) !== 0 ? PLACE_BONUS : 0
      const score = (weight + bonus - cost) / WEIGHT_PER_LOG - LOG_TOTAL
      if (floor !== undefined && score > floor) floor = score
      keep({ text: this.#dictionary.textOf(index, length), end, score, given: given && given - cost, surname: surname && surname - cost })
    }
    return bucket.end - bucket.first
  }

  #lookThroughAstral(edge: Edge, keep: (match: Match) => void): void {
    if (!edge.whole) return
    for (const [text, syllable] of this.#dictionary.astral) {
      const fit = edge.unit.fit[syllable] ?? 0
      if (fit > 0) keep({ text, end: edge.end, score: -fit / WEIGHT_PER_LOG - LOG_TOTAL, given: 0, surname: 0 })
    }
  }

  #costOf(units: readonly SpelledUnit[], syllables: Uint16Array, start: number): number | undefined {
    let cost = 0
    for (let place = 0; place < units.length; place += 1) {
      const fit = units[place]?.fit[syllables[start + place] ?? 0] ?? 0
      if (fit === 0) return undefined
      cost += fit - 1
    }
    return cost
  }

  /**
   * The most probable row of words over as many letters as can be read (words taken as independent of each other);
   * `undefined` when one word alone does it.
   */
  #bestSentence(start: number): Match | undefined {
    const length = this.#letters.length
    const best: ((Match & { readonly words: number }) | undefined)[] = []
    best[start] = { text: '', end: start, score: 0, given: 0, surname: 0, words: 0 }
    let furthest = start
    for (let at = start; at < length; at += 1) {
      const before = best[at]
      if (!before) continue
      for (const match of this.#matchesFrom(at, 'best')) {
        const score = before.score + match.score
        const known = best[match.end]
        if (known && known.score >= score) continue
        best[match.end] = { text: before.text + match.text, end: match.end, score, given: 0, surname: 0, words: before.words + 1 }
        if (match.end > furthest) furthest = match.end
      }
    }
    const sentence = best[furthest]
    return sentence && sentence.words > 1 ? sentence : undefined
  }

  /**
   * In a name field: whole names first, then words for all of the letters, then surnames (or, after a surname, given
   * names), then the rest.
   */
  #inNameOrder(start: number, matches: readonly Match[], words: readonly PinyinCandidate[]): readonly PinyinCandidate[] {
    const length = this.#letters.length
    const expectsSurname = this.#before === ''
    const persons = this.#persons(start).map(({ text }): PinyinCandidate => ({ text, consumed: length, kind: 'person' }))
    const roleOf = (match: Match): number => (expectsSurname ? match.surname : match.given)
    const byRole = matches
      .filter((match) => roleOf(match) > 0)
      .sort((a, b) => b.end - a.end || roleOf(b) - roleOf(a) || b.score - a.score)
      .map((match): PinyinCandidate => ({ text: match.text, consumed: match.end, kind: 'word' }))
    const complete = byRole.filter(({ consumed }) => consumed === length)
    // `chen` is 陈 before it is che-n; but all letters of a whole name are first of all that name.
    if (expectsSurname && complete.length > 0) return [...complete, ...persons, ...byRole, ...words]
    return [...persons, ...complete, ...words.filter(({ consumed }) => consumed === length), ...byRole, ...words]
  }

  /** The likeliest persons' names (after a surname: given names) for all of the letters. */
  #persons(start: number): readonly Scored[] {
    const found = new Map<string, number>()
    const keep = (text: string, score: number): void => {
      if (score > (found.get(text) ?? Number.NEGATIVE_INFINITY)) found.set(text, score)
    }
    for (const units of this.#wholePaths(start, 4)) {
      if (this.#before !== '') {
        for (const given of this.#givenNames(units)) keep(given.text, given.score)
        continue
      }
      for (const surnameLength of [1, 2]) {
        const givenNames = this.#givenNames(units.slice(surnameLength))
        if (givenNames.length === 0) continue
        for (const surname of this.#surnames(units.slice(0, surnameLength))) {
          for (const given of givenNames) keep(surname.text + given.text, surname.score + given.score)
        }
      }
    }
    return [...found]
      .map(([text, score]) => ({ text, score }))
      .sort((a, b) => b.score - a.score || (a.text < b.text ? -1 : 1))
      .slice(0, MAX_PERSONS)
  }

  /** All readings of the whole input as at most so many syllables. */
  #wholePaths(start: number, most: number): readonly (readonly SpelledUnit[])[] {
    const paths: (readonly SpelledUnit[])[] = []
    const walk = (at: number, units: readonly SpelledUnit[]): void => {
      if (at >= this.#letters.length) return void paths.push(units)
      if (units.length === most || paths.length >= 24) return
      for (const edge of this.#edgesAt(at)) walk(edge.end, [...units, edge.unit])
    }
    walk(start, [])
    return paths
  }

  #surnames(units: readonly SpelledUnit[]): readonly Scored[] {
    return this.#bestBy(units, 3, (match) => (match.surname > 0 ? (match.surname - 255) / SURNAME_PER_LOG : undefined))
  }

  #givenNames(units: readonly SpelledUnit[]): readonly Scored[] {
    const [first, second] = units
    if (!first || units.length > 2) return []
    const single = (unit: SpelledUnit): readonly Scored[] =>
      this.#bestBy([unit], 6, (match) => (match.given > 0 ? match.given / GIVEN_PER_LOG - LOG_GIVEN_CHARACTERS : undefined))
    if (!second) return single(first)
    const pairs = this.#bestBy(units, 8, (match) => (match.given > 0 ? match.given / GIVEN_PER_LOG - LOG_PAIRS : undefined))
    const usual = (unit: SpelledUnit): readonly Scored[] =>
      this.#bestBy([unit], 8, (match) => (match.given >= USUAL_IN_NAMES ? match.given / GIVEN_PER_LOG - LOG_GIVEN_CHARACTERS : undefined))
    const ends = usual(second)
    return [...pairs, ...usual(first).flatMap((a) => ends.map((b) => ({ text: a.text + b.text, score: a.score + b.score })))]
  }

  #bestBy(units: readonly SpelledUnit[], most: number, scoreOf: (match: Match) => number | undefined): readonly Scored[] {
    const found: Scored[] = []
    const walk = (place: number, key: number): void => {
      const unit = units[place]
      if (!unit) {
        this.#lookThrough(key, units, this.#letters.length, (match) => {
          const score = scoreOf(match)
          if (score !== undefined) found.push({ text: match.text, score })
        })
        return
      }
      for (const initial of unit.initials) walk(place + 1, extendKey(key, initial))
    }
    if (units.length > 0) walk(0, EMPTY_KEY)
    return found.sort((a, b) => b.score - a.score || (a.text < b.text ? -1 : 1)).slice(0, most)
  }
}
