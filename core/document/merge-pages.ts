import type { Result } from '../result/result.ts'
import type { DocumentKind } from './document-kind.ts'
import type { MergedField } from './merged-fields.ts'
import { mergedFields } from './merged-fields.ts'
import type { DocumentReadError, DocumentReading, OtherDocument } from './reading.ts'

/** What reading one page of a paper gave. Pages are told apart by their index, from 0. */
export type PageRead = Result<DocumentReading, DocumentReadError>

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
 * The pages of one paper, in any order, as one reading (`merged-fields.ts`). An empty page, or one on which no kind was
 * found, is no refusal as long as another is the wanted paper. `today` (`YYYY-MM-DD`) is for the checks of values against
 * each other, which may now stand on different pages.
 */
export function mergePages(kind: DocumentKind, reads: readonly PageRead[], today: string | undefined): MergedPaper {
  const good = reads.flatMap((read, page) => (read.ok ? [{ page, ...read.value }] : []))
  const errors = reads.flatMap((read, page) => (read.ok ? [] : [{ page, error: read.error }]))
  const failed = errors.filter(({ error }) => !isAboutThePaper(error))
  const refusal = good.length > 0 || failed.length > 0 ? undefined : mostTelling(errors)
  if (refusal !== undefined) return { kind: 'refused', ...refusal }
  return {
    kind: 'read',
    fields: mergedFields(kind, good, today),
    strangers: errors.flatMap(({ page, error }) => (error.kind === 'other-document' && error.found !== undefined && !kind.goesWith.includes(error.found) ? [{ page, found: error.found }] : [])),
    failed,
  }
}

/**
 * A name that is the one on the holder's card is proved by it: two readings, of two things, agree. Only doubts about the print
 * are lifted; where there is room for one more character, its place is a guess, or pages differ, they stay, and so they do
 * where the paper seems to name the holder twice: one of the two may be somebody else.
 */
export function provedByCard(kind: DocumentKind, merged: MergedPaper, cardName: string | undefined): MergedPaper {
  if (merged.kind === 'refused' || cardName === undefined) return merged
  const names = new Set(kind.fields.filter(({ rule }) => rule === 'name').map(({ id }) => id))
  const named = merged.fields.filter(({ reading }) => names.has(reading.field) && reading.value === cardName)
  if (named.length !== 1) return merged
  return {
    ...merged,
    fields: merged.fields.map((field) => {
      const { why, ...reading } = field.reading
      if (!names.has(reading.field) || reading.value !== cardName || (why !== 'low-confidence' && why !== 'name-length')) return field
      return { ...field, reading: { ...reading, state: 'sure' } }
    }),
  }
}

/** Fields that the pages read so far left missing or unsure: what a further page may still give. */
export function openFields(kind: DocumentKind, reads: readonly PageRead[]): readonly string[] {
  const sure = new Set(reads.flatMap((read) => (read.ok ? read.value.fields.filter(({ state }) => state === 'sure').map(({ field }) => field) : [])))
  return kind.fields.map(({ id }) => id).filter((id) => !sure.has(id))
}

/** Says something of the paper; every other error is the machine's. */
export function isAboutThePaper(error: DocumentReadError): error is OtherDocument | { readonly kind: 'blank-page' } {
  return error.kind === 'other-document' || error.kind === 'blank-page'
}

/** A paper that has a name says more than one that has none, and that more than an empty page. */
function mostTelling(errors: readonly { readonly page: number; readonly error: DocumentReadError }[]): { readonly page: number; readonly error: OtherDocument | { readonly kind: 'blank-page' } } | undefined {
  const told = errors.flatMap(({ page, error }) => (isAboutThePaper(error) ? [{ page, error }] : []))
  return told.find(({ error }) => error.kind === 'other-document' && error.found !== undefined) ?? told.find(({ error }) => error.kind === 'other-document') ?? told[0]
}
