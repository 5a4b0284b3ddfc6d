import type { DocumentKind } from './document-kind.ts'
import type { DocumentReading } from './reading.ts'

/**
 * A kind as its further pages show it, so that a page on which it was not recognised can be looked through for the fields
 * that are still open. No title stands there: a label of one of these fields, at the beginning of its cell, is what such a
 * page is known by. Labels of all other fields end a value as before. Undefined where no open field has a label of its own.
 */
export function asFurtherPage(kind: DocumentKind, open: readonly string[]): DocumentKind | undefined {
  const fields = kind.fields.filter(({ id }) => open.includes(id))
  // A label that counts only behind another word ("ID number" of the tenant) stands on many papers.
  const titles = fields.filter(({ after, nth }) => after === undefined && nth === undefined).flatMap(({ labels }) => labels)
  if (titles.length === 0) return undefined
  const others = kind.fields.filter(({ id }) => !open.includes(id)).flatMap(({ labels }) => labels)
  return { ...kind, titles, fields, otherLabels: [...kind.otherLabels, ...others], checks: [] }
}

/**
 * What such a page gives: shown to be compared, never sure, for it may be any other paper. A check character proves that a
 * number was read well, not whose it is; a page with a title may bear it out (`merged-fields.ts`).
 */
export function fromFurtherPage(reading: DocumentReading): DocumentReading {
  return { ...reading, standing: 'further-page', fields: reading.fields.map((field) => (field.state === 'sure' ? { ...field, state: 'unsure', why: 'untitled-page' } : field)) }
}
