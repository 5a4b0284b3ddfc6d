import type { Clock } from '../../../core/clock/clock.ts'
import type { PageImage } from '../../../core/device/operations.ts'
import type { DocumentKind } from '../../../core/document/document-kind.ts'
import { placeToShow } from '../../../core/document/field-place.ts'
import type { MergedPaper, PageRead } from '../../../core/document/merge-pages.ts'
import { isAboutThePaper, mergePages, openFields, provedByCard } from '../../../core/document/merge-pages.ts'
import type { MergedField, PagedReading } from '../../../core/document/merged-fields.ts'
import type { ReadProgress } from '../../../core/document/reading.ts'
import { aboutPage, documentReadSentence, documentReadStaffSentence, fieldDoubtSentence, keyboardFor, pagesDifferSentence, readStageSentence, strangerSentence } from '../../../core/document/sentences.ts'
import { chinaDate } from '../../../core/identity/dates.ts'
import type { Problem, ReadPaper } from '../../../core/journey/ports.ts'
import type { ReadField } from '../../../core/kiosk-api/snapshot.ts'
import { err } from '../../../core/result/result.ts'
import type { LocalText } from '../../../core/text/local-text.ts'
import type { DocumentReader } from '../documents.ts'
import type { PageStore } from './page-store.ts'

/** Part of the whole bar for the first reading of each page of several; the rest is for pages that are looked through again. */
const FIRST_READING_SHARE = 0.8

/** What was read of each page as which kind, so that a paper that gets one page more is not read from the beginning. It goes with the picture. */
export type KnownReads = WeakMap<PageImage, ReadonlyMap<string, PageRead>>

interface Dependencies {
  readonly clock: Clock
  readonly knownReads: KnownReads
  readonly documents: Pick<DocumentReader, 'read' | 'readFurther'>
  readonly documentKinds: readonly DocumentKind[]
  readonly pages: Pick<PageStore, 'get'>
}
const WIPED: PageRead = err({ kind: 'picture-unreadable', code: 'wiped' })

type OnProgress = (page: string, step: LocalText, percent: number) => void

/**
 * Reads the pages of one paper, one request at a time, and says what they give together. Pages on which no kind was found
 * are looked through once more for what the others left open: the signatures on the back have no title. `documentKind` is
 * an id; one that this terminal does not know gives nothing to confirm. `cardName` stands on the card of whoever applies.
 */
export async function readPages(deps: Dependencies, ids: readonly string[], documentKind: string, cardName: string | undefined, onProgress: OnProgress, signal: AbortSignal): Promise<ReadPaper> {
  const kind = deps.documentKinds.find(({ id }) => id === documentKind)
  if (kind === undefined) return { fields: [], notices: [], paper: 'wanted' }
  const firstShare = ids.length > 1 ? FIRST_READING_SHARE : 1
  const progressOf = (page: string, from: number, width: number) => ({ stage, share }: ReadProgress): void => onProgress(page, readStageSentence(stage), Math.round(100 * (from + width * share)))
  const reads: PageRead[] = []
  for (const [index, id] of ids.entries()) {
    const image = deps.pages.get(id)
    const onPage = progressOf(id, (firstShare * index) / ids.length, firstShare / ids.length)
    reads.push(image === undefined ? WIPED : await readOnce(deps, image, kind.id, onPage, signal))
  }
  const unknown = reads.some(({ ok }) => ok) ? reads.flatMap((read, index) => (isUnknown(read) ? [index] : [])) : []
  for (const [turn, index] of unknown.entries()) {
    const id = ids[index] ?? ''
    const image = deps.pages.get(id)
    const share = (1 - FIRST_READING_SHARE) / unknown.length
    const again = image === undefined ? WIPED : await deps.documents.readFurther(image, kind.id, openFields(kind, reads), progressOf(id, FIRST_READING_SHARE + turn * share, share), signal)
    // That it has nothing of it either is nothing new; that the machine failed at it is.
    if (again.ok || !isAboutThePaper(again.error)) reads[index] = again
  }
  return shown(deps, kind, ids, provedByCard(kind, mergePages(kind, reads, chinaDate(deps.clock.now())), cardName))
}

async function readOnce({ documents, knownReads }: Dependencies, image: PageImage, kind: string, onProgress: (progress: ReadProgress) => void, signal: AbortSignal): Promise<PageRead> {
  const known = knownReads.get(image)?.get(kind)
  if (known !== undefined) return known
  const read = await documents.read(image, [kind], onProgress, signal)
  // Where the machine failed it tries again the next time.
  if (!signal.aborted && (read.ok || isAboutThePaper(read.error))) knownReads.set(image, new Map([...(knownReads.get(image) ?? []), [kind, read]]))
  return read
}

function isUnknown(read: PageRead): boolean {
  return !read.ok && read.error.kind === 'other-document' && read.error.found === undefined
}

/** A wrong or empty paper is told, and nothing of it is offered; where the machine failed, the citizen types what it says. */
function shown(deps: Dependencies, kind: DocumentKind, ids: readonly string[], merged: MergedPaper): ReadPaper {
  const nameOf = (id: string): LocalText | undefined => deps.documentKinds.find((candidate) => candidate.id === id)?.name
  const numbered = (page: number, sentence: LocalText): LocalText => (ids.length > 1 ? aboutPage(page + 1, sentence) : sentence)
  if (merged.kind === 'refused') {
    const { error, page } = merged
    const found = error.kind === 'other-document' && error.found !== undefined ? nameOf(error.found) : undefined
    const papers = { wanted: kind.name, ...(found !== undefined && { found }) }
    return { fields: [], paper: 'not-recognised', notices: [{ sentence: found === undefined ? documentReadSentence(error, papers) : numbered(page, documentReadSentence(error, papers)), staffSentence: documentReadStaffSentence(error, papers) }] }
  }
  const strangers = merged.strangers.map(({ page, found }): Problem => {
    const papers = { wanted: kind.name, found: nameOf(found) ?? kind.name }
    return { sentence: strangerSentence(page + 1, papers), staffSentence: documentReadStaffSentence({ kind: 'other-document', found }, papers) }
  })
  const failed = merged.failed.map(({ page, error }): Problem => ({ sentence: numbered(page, documentReadSentence(error)), staffSentence: numbered(page, documentReadStaffSentence(error)) }))
  return {
    fields: kind.fields.flatMap((field, index) => {
      const one = merged.fields[index]
      return one === undefined ? [] : [fieldToConfirm(deps, field, ids, one)]
    }),
    notices: [...strangers, ...failed],
    paper: strangers.length > 0 ? 'mixed' : 'wanted',
  }
}

function fieldToConfirm({ pages }: Dependencies, field: DocumentKind['fields'][number], ids: readonly string[], { reading, page, differing }: MergedField): ReadField {
  const readings: readonly PagedReading[] = differing.length > 0 ? differing.map((one) => ({ ...one, reading: { ...one.reading, state: 'unsure' } })) : page === undefined ? [] : [{ page, reading }]
  const pictures = readings.flatMap((one) => {
    const id = ids[one.page]
    const image = id === undefined ? undefined : pages.get(id)
    const place = image === undefined ? undefined : placeToShow(one.reading, field.rule, { width: image.widthPx, height: image.heightPx })
    return id === undefined || place === undefined ? [] : [{ page: id, place }]
  })
  const why = differing.length > 0 ? pagesDifferSentence(differing.map((one) => ({ number: one.page + 1, value: one.reading.value }))) : reading.why === undefined ? undefined : fieldDoubtSentence(reading.why)
  return { id: field.id, label: field.name, value: reading.value, state: reading.state, why, keyboard: keyboardFor(field.rule), ...(pictures.length > 0 && { pictures }) }
}
