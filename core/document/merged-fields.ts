import { crossChecked, doubtBy, fieldsOf } from './cross-checks.ts'
import type { CrossCheck, DocumentKind } from './document-kind.ts'
import type { DocumentReading, FieldDoubt, FieldReading } from './reading.ts'
import { proofOf } from './value-rules.ts'

/** A value and the page that it stands on. */
export interface PagedReading {
  readonly page: number
  readonly reading: FieldReading
}

/** One field of a paper of several pages. `differing`: what each page says, where that is not the same; else empty. */
export interface MergedField {
  readonly reading: FieldReading
  /** Where it was read; absent where nothing was found. */
  readonly page?: number
  readonly differing: readonly PagedReading[]
}

/** What was read on one page. */
type ReadPage = DocumentReading & { readonly page: number }
type ReadingsByField = ReadonlyMap<string, readonly PagedReading[]>

/**
 * Each field of the kind, from all pages. A sure value goes before an unsure one, and that before nothing. The pages may be
 * those of two people, so a value is sure only where no page speaks against it: none says it differently, no value of another
 * page is at odds with it, and where pages surely differ in anything, each of them says it.
 */
export function mergedFields(kind: DocumentKind, pages: readonly ReadPage[], today: string | undefined): readonly MergedField[] {
  // One page was checked when it was read.
  if (pages.length < 2) return kind.fields.map(({ id }) => mergedField(id, readingsOf(id, pages)))
  const found: ReadingsByField = new Map(kind.fields.map(({ id, rule }) => {
    const readings = readingsOf(id, pages).map(asPrinted)
    return [id, proofOf(rule) === 'checked' ? borneOut(readings, pages) : readings]
  }))
  const merged = kind.fields.map(({ id }) => mergedField(id, found.get(id) ?? []))
  const atOdds = pagesAtOdds(found)
  const doubted = merged.map((field) => withDoubt(field, doubtAcross(field.reading.field, kind.checks, found, today) ?? doubtOfOthers(field, found, atOdds)))
  const checked = crossChecked(doubted.map(({ reading }) => reading), kind.checks, today)
  return doubted.map((field, index) => ({ ...field, reading: checked[index] ?? field.reading }))
}

function readingsOf(id: string, pages: readonly ReadPage[]): readonly PagedReading[] {
  return pages.flatMap(({ page, fields }) => fields.filter(({ field }) => field === id).map((reading) => ({ page, reading })))
}

/** What a number told of a field stands nowhere: it would hide what another page says, and is told again of the whole paper. */
function asPrinted({ page, reading }: PagedReading): PagedReading {
  return { page, reading: reading.why === 'told-by-number' ? { ...reading, value: '', state: 'missing', why: 'not-found' } : reading }
}

/** A number on a page without a title is this paper's where a page with one has it too, but for a sign that was not clear. */
function borneOut(readings: readonly PagedReading[], pages: readonly ReadPage[]): readonly PagedReading[] {
  const titled = readings.filter(({ page, reading }) => reading.state === 'unsure' && pages.find((one) => one.page === page)?.standing === undefined)
  return readings.map(({ page, reading }) => {
    if (reading.why !== 'untitled-page' || !titled.some((other) => saysSame(other.reading, reading.value))) return { page, reading }
    const { why: _, ...proved } = reading
    return { page, reading: { ...proved, state: 'sure' } }
  })
}

function mergedField(field: string, readings: readonly PagedReading[]): MergedField {
  const first = readings.find(({ reading }) => reading.state === 'sure') ?? readings.find(({ reading }) => isPlain(reading))
  if (first === undefined) {
    const best = readings.find(({ reading }) => reading.state === 'unsure')
    if (best !== undefined) return { ...best, differing: [] }
    // The place of what could not be read helps whoever fills it in.
    const unread = readings.find(({ reading }) => reading.box !== undefined) ?? readings[0]
    if (unread === undefined) return { reading: { field, value: '', state: 'missing', confidence: 0 }, differing: [] }
    return unread.reading.box === undefined ? { reading: unread.reading, differing: [] } : { ...unread, differing: [] }
  }
  const against = readings.filter(({ reading }) => contradicts(reading, first.reading.value))
  if (against.length > 0) return withDoubt({ ...first, differing: [first, ...distinct(against)] }, 'readings-differ')
  return withDoubt({ ...first, differing: [] }, readings.find(({ reading }) => isDoubtOfPaper(reading.why))?.reading.why)
}

function distinct(readings: readonly PagedReading[]): readonly PagedReading[] {
  return readings.filter(({ reading }, index) => readings.findIndex((other) => isSame(other.reading.value, reading.value)) === index)
}

/** Sure, or doubted for nothing but its length: what two pages plainly say can differ. */
function isPlain({ state, why }: FieldReading): boolean {
  return state === 'sure' || why === 'name-length'
}

/** A plain value with a doubt; what is unsure already has its own. */
function withDoubt(field: MergedField, why: FieldDoubt | undefined): MergedField {
  return why === undefined || !isPlain(field.reading) ? field : { ...field, reading: { ...field.reading, state: 'unsure', why } }
}

/** Pages that plainly say different things of a field. */
function pagesAtOdds(found: ReadingsByField): readonly number[] {
  return [...found.values()].flatMap((readings) => {
    const plain = readings.filter(({ reading }) => isPlain(reading))
    return distinct(plain).length > 1 ? plain.map(({ page }) => page) : []
  })
}

/** Whose value is it, where the pages are not of one mind, and not each of them says this too? */
function doubtOfOthers({ reading }: MergedField, found: ReadingsByField, atOdds: readonly number[]): FieldDoubt | undefined {
  const saying = (found.get(reading.field) ?? []).filter((other) => saysSame(other.reading, reading.value)).map(({ page }) => page)
  return atOdds.every((page) => saying.includes(page)) ? undefined : 'pages-disagree'
}

/** What a check finds between any two pages, whichever of their values is taken. */
function doubtAcross(field: string, checks: readonly CrossCheck[], found: ReadingsByField, today: string | undefined): FieldDoubt | undefined {
  for (const check of checks.filter((candidate) => fieldsOf(candidate).includes(field))) {
    const groups = fieldsOf(check).reduce<readonly (readonly FieldReading[])[]>((sofar, id) => sofar.flatMap((group) => (found.get(id) ?? []).map(({ reading }) => [...group, reading])), [[]])
    for (const group of groups) {
      const doubt = doubtBy(check, group, today)
      if (doubt !== undefined) return doubt
    }
  }
  return undefined
}

/** How far an unsure value can be gone by. */
function legibilityOf(why: FieldDoubt | undefined): 'whole' | 'but-for-a-sign' | 'not' {
  switch (why) {
    case 'low-confidence':
    case 'guessed-place':
    case 'name-length':
    case 'readings-differ':
    case 'untitled-page':
    case 'pages-disagree':
    case 'values-disagree':
    case 'date-in-future':
      return 'whole'
    case 'check-failed':
    case 'repaired':
    case 'no-such-region':
    case 'wrong-length':
      return 'but-for-a-sign'
    case 'not-found':
    case 'told-by-number':
    case 'not-a-date':
    case 'not-an-amount':
    case 'not-a-phone':
    case 'not-a-name':
    case 'not-a-nation':
    case 'not-a-place':
    case 'not-a-choice':
    case 'not-the-pattern':
    case 'characters-missing':
    case undefined:
      return 'not'
  }
}

/** Doubts about what the paper says, however well it was read: they hold for the same value on every page. */
function isDoubtOfPaper(why: FieldDoubt | undefined): boolean {
  return why === 'values-disagree' || why === 'date-in-future'
}

function saysSame({ state, value, why }: FieldReading, other: string): boolean {
  if (state === 'sure') return isSame(value, other)
  switch (legibilityOf(why)) {
    case 'whole': return isSame(value, other)
    case 'but-for-a-sign': return isWithinOneSign(bare(value), bare(other))
    case 'not': return false
  }
}

function contradicts(reading: FieldReading, other: string): boolean {
  return reading.state !== 'missing' && reading.value !== '' && (reading.state === 'sure' || legibilityOf(reading.why) !== 'not') && !saysSame(reading, other)
}

function isSame(one: string, other: string): boolean {
  return bare(one) === bare(other)
}

/** Spaces are the print's, not the value's. */
function bare(value: string): string {
  return value.replace(/\s/g, '')
}

/** One sign changed, lost or too many. Two numbers whose check characters fit are never that near to each other. */
function isWithinOneSign(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one]
  if (long.length - short.length > 1) return false
  let start = 0
  while (start < short.length && short[start] === long[start]) start += 1
  return short.slice(short.length === long.length ? start + 1 : start) === long.slice(start + 1)
}
