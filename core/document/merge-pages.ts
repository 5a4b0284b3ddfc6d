import type { Result } from '../result/result.ts'
import { crossChecked } from './cross-checks.ts'
import type { DocumentKind } from './document-kind.ts'
import type { DocumentReadError, DocumentReading, FieldReading, OtherDocument } from './reading.ts'

/** What reading one page of a paper gave. Pages are told apart by their index, from 0. */
export type PageRead = Result<DocumentReading, DocumentReadError>

/** A value and the page that it stands on. */
export interface PagedReading {
  readonly page: number
  readonly reading: FieldReading
}

/** One field of a paper of several pages. `differing`: what each page surely says, where that is not the same; else empty. */
export interface MergedField {
  readonly reading: FieldReading
  /** Where it was read; absent where nothing was found. */
  readonly page?: number
  readonly differing: readonly PagedReading[]
}

export type MergedPaper =
  | {
      readonly kind: 'read'
      readonly fields: readonly MergedField[]
      /** Pages that plainly are another known paper. */
      readonly strangers: readonly { readonly page: number; readonly found: string }[]
      /** Pages that could not be read at all. */
      readonly failed: readonly { readonly page: number; readonly error: DocumentReadError }[]
    }
  /** No page is the paper asked for; the page and the error that tell the citizen most. */
  | { readonly kind: 'refused'; readonly page: number; readonly error: OtherDocument | { readonly kind: 'blank-page' } }

/**
 * The pages of one paper, in any order, as one reading. A sure value goes before an unsure one, and that before nothing.
 * Where two pages surely say different things the field is unsure, whichever came first. An empty page, or one on which no
 * kind was found, is no refusal as long as another is the wanted paper. `today` (`YYYY-MM-DD`) is for the checks of values
 * against each other, which may now stand on different pages.
 */
export function mergePages(kind: DocumentKind, reads: readonly PageRead[], today: string | undefined): MergedPaper {
  const good = reads.flatMap((read, page) => (read.ok ? [{ page, fields: read.value.fields }] : []))
  const errors = reads.flatMap((read, page) => (read.ok ? [] : [{ page, error: read.error }]))
  const failed = errors.filter(({ error }) => !isAboutThePaper(error))
  const refusal = good.length > 0 || failed.length > 0 ? undefined : mostTelling(errors)
  if (refusal !== undefined) return { kind: 'refused', ...refusal }
  const merged = kind.fields.map(({ id }) => mergedField(id, good.flatMap(({ page, fields }) => fields.filter(({ field }) => field === id).map((reading) => ({ page, reading })))))
  // One page was checked when it was read.
  const checked = good.length > 1 ? crossChecked(merged.map(({ reading }) => reading), kind.checks, today) : undefined
  return {
    kind: 'read',
    fields: checked === undefined ? merged : merged.map((field, index) => ({ ...field, reading: checked[index] ?? field.reading })),
    strangers: errors.flatMap(({ page, error }) => (error.kind === 'other-document' && error.found !== undefined && !kind.goesWith.includes(error.found) ? [{ page, found: error.found }] : [])),
    failed,
  }
}

/** Fields that the pages read so far left missing or unsure: what a further page may still give. */
export function openFields(kind: DocumentKind, reads: readonly PageRead[]): readonly string[] {
  const sure = new Set(reads.flatMap((read) => (read.ok ? read.value.fields.filter(({ state }) => state === 'sure').map(({ field }) => field) : [])))
  return kind.fields.map(({ id }) => id).filter((id) => !sure.has(id))
}

function isAboutThePaper(error: DocumentReadError): error is OtherDocument | { readonly kind: 'blank-page' } {
  return error.kind === 'other-document' || error.kind === 'blank-page'
}

/** A paper that has a name says more than one that has none, and that more than an empty page. */
function mostTelling(errors: readonly { readonly page: number; readonly error: DocumentReadError }[]): { readonly page: number; readonly error: OtherDocument | { readonly kind: 'blank-page' } } | undefined {
  const told = errors.flatMap(({ page, error }) => (isAboutThePaper(error) ? [{ page, error }] : []))
  return told.find(({ error }) => error.kind === 'other-document' && error.found !== undefined) ?? told.find(({ error }) => error.kind === 'other-document') ?? told[0]
}

function mergedField(field: string, readings: readonly PagedReading[]): MergedField {
  const sure = readings.filter(({ reading }) => reading.state === 'sure')
  const [first] = sure
  const differing = first === undefined ? [] : sure.filter(({ reading }, index) => sure.findIndex((other) => isSame(other.reading.value, reading.value)) === index)
  if (first !== undefined && differing.length > 1) return { page: first.page, reading: { ...first.reading, state: 'unsure', why: 'readings-differ' }, differing }
  const best = first ?? readings.find(({ reading }) => reading.state === 'unsure')
  if (best !== undefined) return { ...best, differing: [] }
  return { reading: readings[0]?.reading ?? { field, value: '', state: 'missing', confidence: 0 }, differing: [] }
}

/** Spaces are the print's, not the value's. */
function isSame(one: string, other: string): boolean {
  return one.replace(/\s/g, '') === other.replace(/\s/g, '')
}
