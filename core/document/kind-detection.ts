import { normalise } from './characters.ts'
import type { Row } from './characters.ts'
import type { DocumentKind } from './document-kind.ts'
import type { FindLabel } from './labels.ts'
import { textWithin } from './value-places.ts'
import type { PageSize } from './value-places.ts'
import { judgeValue, proofOf } from './value-rules.ts'

/** Part of its labels that must stand on a page without a known title for the page to be of that kind, and how many at least. */
const SHARE_OF_LABELS = 0.5
const FEWEST_LABELS = 3
/** What a page without a title needs to be called by its name, where it was not asked for. */
const SHARE_TO_NAME = 0.8
/** Part of its labels that must stand below a known title: a title alone may be a word of another paper. */
const SHARE_BELOW_TITLE = 0.15
/** By how much another kind must fit better than the wanted one for the paper to be called another. */
const MARGIN = 0.3

export type Detection =
  | { readonly kind: 'wanted'; readonly is: DocumentKind }
  /** `found` only where the page plainly is of that kind. */
  | { readonly kind: 'other'; readonly found?: DocumentKind }

interface Fit {
  readonly of: DocumentKind
  /** Good enough to be taken for what was asked for. */
  readonly plausible: boolean
  /** Beyond doubt, also where nobody asked for it: such a paper may be named. */
  readonly plain: boolean
  readonly score: number
}

/**
 * Which of the wanted kinds a page is, among all kinds that the terminal knows. One misread or missing word never turns the
 * right paper away: another kind must fit better by a margin, and an unknown paper stays unknown.
 */
export function detectKind(find: FindLabel, rows: readonly Row[], page: PageSize | undefined, wanted: readonly DocumentKind[], all: readonly DocumentKind[]): Detection {
  const known = [...wanted, ...all.filter(({ id }) => wanted.every((kind) => kind.id !== id))]
  const onPage = labelsOnPage(find, known)
  const fits = known.map((of) => fitOf(find, rows, page, onPage, of)).sort((a, b) => b.score - a.score)
  const other = fits.find(({ of, plain }) => plain && !wanted.includes(of))
  const right = fits.find(({ of, plausible }) => plausible && wanted.includes(of))
  if (right !== undefined && (other === undefined || other.score - right.score < MARGIN)) return { kind: 'wanted', is: right.of }
  return other === undefined ? { kind: 'other' } : { kind: 'other', found: other.of }
}

/** Every label of any kind that stands on the page; where one is the beginning of a longer one, only the longer. */
function labelsOnPage(find: FindLabel, kinds: readonly DocumentKind[]): ReadonlySet<string> {
  const labels = new Set(kinds.flatMap(labelsOf))
  const places = [...labels].flatMap((label) => find(label).map((place) => ({ label, ...place })))
  const standing = places.filter((place) => places.every((other) => other.row !== place.row || other.start !== place.start || other.end <= place.end || other.mistakes > place.mistakes))
  return new Set(standing.map(({ label }) => label))
}

function labelsOf(kind: DocumentKind): readonly string[] {
  return [...kind.fields.flatMap(({ labels }) => labels), ...kind.otherLabels].map(normalise)
}

function fitOf(find: FindLabel, rows: readonly Row[], page: PageSize | undefined, onPage: ReadonlySet<string>, of: DocumentKind): Fit {
  const labelled = of.fields.filter(({ labels }) => labels.length > 0)
  const found = labelled.filter(({ labels }) => labels.some((label) => onPage.has(normalise(label)))).length
  const own = new Set(labelsOf(of))
  const ofOnPage = [...onPage].filter((label) => own.has(label)).length
  const share = labelled.length === 0 ? 0 : found / labelled.length
  // How much of what stands on the page this kind explains: a card's six labels stand on every form.
  const explained = onPage.size === 0 ? 0 : ofOnPage / onPage.size
  const titled = of.titles.some((title) => find(title).some((place) => place.opensCell))
  // A paper of one number and no labels is known by that number, if it proves itself.
  const proved = of.fields.length === 1 && onPage.size <= 1 && of.fields.some((field) => field.alone !== undefined && proofOf(field.rule) === 'checked' && provesItself(rows, page, field.alone, field))
  const labelsEnough = found >= FEWEST_LABELS && share >= SHARE_OF_LABELS
  const titleEnough = titled && (labelled.length === 0 || share >= SHARE_BELOW_TITLE)
  // A card has hardly a label: its name and something in the form of its number are enough for what was asked for, not to name it.
  const isCard = titled && labelled.every(({ alone }) => alone !== undefined) && of.fields.some(({ alone, region }) => alone !== undefined && textWithin(rows, page, region, alone) !== undefined)
  const plausible = proved || titleEnough || labelsEnough || isCard
  const plain = proved || titleEnough || (labelsEnough && share >= SHARE_TO_NAME && explained >= SHARE_TO_NAME)
  return { of, plausible, plain, score: (titled ? 1 : 0) + share * explained + (proved ? 0.5 : 0) }
}

function provesItself(rows: readonly Row[], page: PageSize | undefined, alone: string, field: DocumentKind['fields'][number]): boolean {
  const text = textWithin(rows, page, field.region, alone)
  return text !== undefined && judgeValue(field.rule, text).doubt === undefined
}
