import type { ScanError } from '../device/operations.ts'
import { scanErrorSentences } from '../device/sentences.ts'
import type { PageProblem, Quad } from '../document/page-look.ts'
import { inOrder, isUsableQuad, mayUse, weightOf } from '../document/page-look.ts'
import { pageProblemSentence, pageProblemStaffSentence } from '../document/page-sentences.ts'
import type { ConfirmStageView, LookStageView, PagePosition, ScanView } from '../kiosk-api/snapshot.ts'
import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'
import type { JourneyContext, ScanState } from './context.ts'
import type { LookedPage, Problem, ReadPaper } from './ports.ts'

/**
 * One paper on its way into the application. Pages are known by their untouched pictures (`originals`); what is shown and
 * given of each (`pages`) follows from what was found in it. Everything here is pure: whoever puts a new state in the place
 * of an old one drops the pictures that it does not name any more (`picturesOf`).
 */

export function scanProblem(error: ScanError): Problem {
  const sentences = scanErrorSentences(error)
  return { sentence: sentences.citizen, staffSentence: sentences.staff }
}

/** A guess of the edges that is worth correcting by hand; below it, taking the picture again is the shorter way. */
const WORTH_CORRECTING = 0.25
/** Pages that a citizen lays one by one; a longer paper goes through the feeder, or to the counter. */
const MOST_PAGES_BY_HAND = 30

/** From the beginning, without any page. */
export function layPage(scan: Pick<ScanState, 'material' | 'document' | 'tries'>, problem?: Problem): ScanState {
  return { material: scan.material, document: scan.document, pages: [], tries: scan.tries ?? 0, stage: laying(1, problem) }
}

/** A further page, or one in the place of another (its untouched picture); all that is there stays until it has come. */
export function layAnother(scan: ScanState, retakes: string | undefined, problem?: Problem): ScanState {
  const originals = scan.originals ?? []
  if (originals.length === 0) return layPage(scan, problem)
  return { ...scan, before: undefined, retakes, stage: laying(retakes === undefined ? originals.length + 1 : originals.indexOf(retakes) + 1, problem) }
}

function laying(number: number, problem: Problem | undefined): ScanView['stage'] {
  return { kind: 'lay-page', number, problem: problem?.sentence, staffProblem: problem?.staffSentence }
}

/**
 * The pictures as they came, before anybody has looked at them: in the place of the one that is taken again, or behind the
 * others. The paper as it was is kept until all of them have been looked at.
 */
export function captured(scan: ScanState, came: readonly string[], error: ScanError | undefined): ScanState {
  const problem = error && scanProblem(error)
  if (came.length === 0) return layAnother(scan, scan.retakes, problem)
  const there = scan.originals ?? []
  const place = scan.retakes === undefined ? there.length : there.indexOf(scan.retakes)
  const originals = [...there.slice(0, place), ...came, ...there.slice(place).filter((original) => original !== scan.retakes)]
  const batches = came.length > 1 ? [...(scan.batches ?? []), came] : scan.batches
  return lookNext({ ...withOriginals(scan, originals), before: scan, batches, retakes: undefined, newest: came.length === 1 ? came[0] : undefined, stopped: problem })
}

/** The paper with these pages, as far as they are known. */
function withOriginals(scan: ScanState, originals: readonly string[], known: readonly LookedPage[] = scan.looks ?? []): ScanState {
  const looks = originals.flatMap((original) => known.filter((look) => look.original === original))
  return { ...scan, originals, looks, pages: originals.map((original) => looks.find((look) => look.original === original)?.page ?? original) }
}

/** The picture that nobody has looked at yet. */
export function unlooked({ originals = [], looks = [] }: ScanState): string | undefined {
  return originals.find((original) => looks.every((look) => look.original !== original))
}

function lookNext(scan: ScanState): ScanState {
  const page = unlooked(scan)
  return page === undefined ? lookStage(scan) : { ...scan, stage: { kind: 'looking', page, ...positionIn(scan.originals ?? [], page), step: text('正在打开图片', 'Opening the picture'), percent: lookedPercent(scan, 0) } }
}

/** How much has been looked at of the pictures that came together; `percent` of the one that is looked at now. */
export function lookedPercent(scan: ScanState, percent: number): number {
  const came = newPictures(scan)
  const done = came.filter((original) => scan.looks?.some((look) => look.original === original))
  return Math.round((100 * done.length + percent) / came.length)
}

/** Pictures that came together, or one with new corners; what was found in all others before stays as it is. */
function newPictures({ originals = [], looks = [], before }: ScanState): readonly string[] {
  const kept = looks.filter((look) => before?.looks?.includes(look)).map(({ original }) => original)
  return originals.filter((original) => !kept.includes(original))
}

function positionIn(pages: readonly string[], page: string): { readonly position?: PagePosition } {
  return pages.length < 2 ? {} : { position: { number: pages.indexOf(page) + 1, count: pages.length } }
}

/**
 * What was found in the next picture. After the last of them everything that is to be changed is shown, or the corner editor
 * where the edges of a photograph are not sure.
 */
export function looked(scan: ScanState, look: LookedPage): ScanState {
  const seen: ScanState = { ...withOriginals(scan, scan.originals ?? [], [...(scan.looks ?? []), look]), corners: undefined }
  if (unlooked(seen) !== undefined) return lookNext(seen)
  const { place } = look.look
  if (place.kind === 'unsure' && place.confidence >= WORTH_CORRECTING && look.source === 'camera') return corners(seen, look.original)
  // A fault of another page, known before, is no further try.
  const came = newPictures(seen).map((original) => seen.originals?.indexOf(original))
  const isStopped = flawsOf(seen).some(({ problem, pages }) => weightOf(problem) === 'hard' && pages.some((number) => came.includes(number - 1)))
  return lookStage({ ...seen, tries: (scan.tries ?? 0) + (isStopped ? 1 : 0) })
}

/**
 * As it was before the pictures that are being looked at: one of them cannot be opened, or the citizen does not wait for it.
 * The next picture comes where they were to come. A batch begins anew as a whole, and that is said: half of it would leave
 * nobody knowing which sheets are still to be laid.
 */
export function withoutNew(scan: ScanState, problem?: Problem): ScanState {
  const { before } = scan
  const count = newPictures(scan).length
  const told = count > 1 ? together(problem, batchGone(count)) : problem
  return before === undefined ? layPage(scan, told) : layAnother(before, before.retakes, told)
}

function batchGone(count: number): Problem {
  return {
    sentence: text(`这一次放进去的 ${count} 页都没有留下。请把它们按顺序全部放好，再扫描一次。`, `None of the ${count} pages of this batch were kept. Lay all of them again, in order, and scan once more.`),
    staffSentence: text('成批扫描没有完成，整批重来；先前的页都还在。', 'The batch was not finished and begins anew; pages from before it are still there.'),
  }
}

function together(one: Problem | undefined, other: Problem): Problem {
  if (one === undefined) return other
  const joined = (a: LocalText, b: LocalText): LocalText => text(`${a['zh-CN']}${b['zh-CN']}`, `${a.en} ${b.en}`)
  return { sentence: joined(one.sentence, other.sentence), staffSentence: joined(one.staffSentence, other.staffSentence) }
}

/** Without one page (its untouched picture). */
export function withoutPage(scan: ScanState, original: string): ScanState {
  const left = (scan.originals ?? []).filter((other) => other !== original)
  return left.length === 0 ? layPage(scan) : lookStage(withOriginals(scan, left))
}

/** The untouched picture of a page that the screen names. */
export function originalOf({ originals = [], pages }: ScanState, page: string): string | undefined {
  return originals[pages.indexOf(page)]
}

interface Flaw {
  readonly problem: PageProblem
  /** From 1. */
  readonly pages: readonly number[]
}

/** Every problem once with its pages, worst first. An empty page of a batch is the back of a sheet; one laid by hand lies the wrong side up. */
function flawsOf({ originals = [], looks = [], batches = [] }: ScanState): readonly Flaw[] {
  const printed = looks.filter(({ look }) => !look.problems.includes('blank')).map(({ original }) => original)
  const isBack = (page: string): boolean => batches.some((batch) => batch.includes(page) && batch.some((other) => printed.includes(other)))
  const flaws = looks.flatMap(({ original, look }) => look.problems.filter((problem) => problem !== 'blank' || !isBack(original)).map((problem) => ({ problem, number: originals.indexOf(original) + 1 })))
  return inOrder(flaws.map(({ problem }) => problem)).map((problem) => ({ problem, pages: flaws.filter((flaw) => flaw.problem === problem).map(({ number }) => number) }))
}

export function lookStage(scan: ScanState): ScanState {
  const { originals = [], looks = [], pages, stopped } = scan
  const [first] = pages
  if (first === undefined) return layPage(scan)
  const flaws = flawsOf(scan)
  const toRetake = flaws.find(({ problem }) => weightOf(problem) === 'hard')?.pages[0]
  const newest = scan.newest === undefined ? undefined : pages[originals.indexOf(scan.newest)]
  return {
    ...scan,
    before: undefined,
    retakes: undefined,
    stage: {
      kind: 'look', page: (toRetake === undefined ? newest : pages[toRetake - 1]) ?? first, pages, problem: stopped?.sentence, staffProblem: stopped?.staffSentence,
      findings: flaws.map((flaw) => findingOf(flaw, looks.find(({ original }) => originals[(flaw.pages[0] ?? 0) - 1] === original))),
      use: mayUse(flaws.map(({ problem }) => problem), scan.tries ?? 0),
      adjustable: looks.filter(({ source }) => source === 'camera').flatMap(({ original }) => pages[originals.indexOf(original)] ?? []),
      canAdd: pages.length < MOST_PAGES_BY_HAND,
    },
  }
}

function findingOf({ problem, pages }: Flaw, look: LookedPage | undefined): LookStageView['findings'][number] {
  return { problem, weight: weightOf(problem), sentence: pageProblemSentence(problem, look?.source ?? 'glass'), staffSentence: pageProblemStaffSentence(problem), pages }
}

/** The corner editor on an untouched picture, from where the edges were found or guessed; that page is then the one in view. */
export function corners(scan: ScanState, original: string): ScanState {
  const look = scan.looks?.find((candidate) => candidate.original === original)
  if (look === undefined) return scan
  const { widthPx, heightPx, look: { place } } = look
  const quad = place.kind === 'found' ? place.quad : place.kind === 'unsure' ? place.guess : wholePicture(widthPx, heightPx)
  return { ...scan, newest: original, stage: { kind: 'corners', page: original, number: (scan.originals ?? []).indexOf(original) + 1, widthPx, heightPx, corners: within(quad, widthPx, heightPx), isGuess: place.kind === 'unsure' } }
}

/** Back from the corner editor: to the pages as they were. A new picture whose edges nobody is sure of is no page yet, and goes. */
export function closeCorners(scan: ScanState): ScanState {
  return scan.stage.kind === 'corners' ? lookStage(scan.before ?? scan) : scan
}

/** Rather than its edges the page in the corner editor is set right by another picture; until that is there, the page stays. */
export function retakeEdited(scan: ScanState): ScanState {
  if (scan.stage.kind !== 'corners') return scan
  return scan.before === undefined ? layAnother(scan, scan.stage.page) : layAnother(scan.before, scan.before.retakes)
}

/** Corners that the citizen has set are looked at anew; the straightened picture of before is kept until that is done. */
export function withCorners(scan: ScanState, quad: Quad): ScanState {
  if (scan.stage.kind !== 'corners') return scan
  const { page } = scan.stage
  const before = scan.before ?? { ...scan, retakes: page }
  return lookNext({ ...withOriginals(scan, scan.originals ?? [], (scan.looks ?? []).filter(({ original }) => original !== page)), before, corners: { of: page, quad } })
}

/** Whether these corners can be a paper in the picture that the citizen sees. */
export function fits(scan: ScanState | undefined, quad: Quad): boolean {
  return scan?.stage.kind === 'corners' && isUsableQuad(quad, { width: scan.stage.widthPx, height: scan.stage.heightPx })
}

/** Everything of this paper that lies in the page store. */
export function picturesOf(scan: ScanState): readonly string[] {
  const before = scan.before === undefined ? [] : picturesOf(scan.before)
  return [...new Set([...scan.pages, ...(scan.bound === undefined ? [] : [scan.bound]), ...(scan.originals ?? []), ...(scan.looks ?? []).flatMap(({ page, original }) => [original, ...(page === undefined ? [] : [page])]), ...before])]
}

/**
 * How many pages go for good with `back`: none where it leads back to the pages as they are, the new picture alone where the
 * corner editor came by itself because nobody is sure of its edges, and none that are given already.
 */
export function lostByBack({ stage, pages, before }: ScanState, given: JourneyContext['given']): number {
  switch (stage.kind) {
    case 'lay-page': return 0
    case 'corners': return before === undefined ? 0 : 1
    case 'scanning':
    case 'looking':
    case 'look':
    case 'reading':
    case 'confirm': return pages.filter((page) => !Object.values(given).some((one) => one.way === 'scan' && one.pages.includes(page))).length
  }
}

/** What was wrong with the pictures that the citizen uses all the same; a clerk is asked about each. */
export function doubtsOf(scan: ScanState): readonly PageProblem[] {
  return flawsOf(scan).map(({ problem }) => problem).filter((problem) => weightOf(problem) === 'hard')
}

function within(quad: Quad, width: number, height: number): Quad {
  return quad.map(({ x, y }) => ({ x: Math.min(Math.max(x, 0), width), y: Math.min(Math.max(y, 0), height) })) as unknown as Quad
}

function wholePicture(width: number, height: number): Quad {
  return [{ x: 0, y: 0 }, { x: width, y: 0 }, { x: width, y: height }, { x: 0, y: height }]
}

/** The pages are final: what is done with them now, told as part of the reading. */
export function binding(scan: ScanState): ScanState {
  const [page] = scan.pages
  return page === undefined ? scan : { ...scan, stage: { kind: 'reading', page, step: text('正在整理页面', 'Putting the pages together'), percent: 0, redo: redoOf(scan) } }
}

export function reading(scan: ScanState, page: string, step: LocalText, percent: number): ScanState {
  return { ...scan, stage: { kind: 'reading', page, ...positionIn(scan.pages, page), step, percent, redo: redoOf(scan) } }
}

/** What was read, for the citizen to confirm; where nothing was to be read, only what they must know. */
export function confirming(scan: ScanState, read: ReadPaper = { fields: [], notices: [], paper: 'wanted' }): ScanState {
  return { ...scan, stage: { kind: 'confirm', pages: scan.pages, ...read, notices: [...read.notices, ...(scan.unbound === undefined ? [] : [scan.unbound])], redo: redoOf(scan) } }
}

/** One page is simply taken anew. */
function redoOf({ pages }: ScanState): 'pages' | 'all' {
  return pages.length > 1 ? 'pages' : 'all'
}

/** Back to the pages: what was made of them, and read of them, goes. */
export function backToPages(scan: ScanState): ScanState {
  return lookStage({ ...scan, bound: undefined, unbound: undefined, newest: undefined })
}

/** How the machine judged the paper, where that is for a clerk. */
export function verdictOf(stage: ScanView['stage']): Exclude<ConfirmStageView['paper'], 'wanted'> | undefined {
  return stage.kind === 'confirm' && stage.paper !== 'wanted' ? stage.paper : undefined
}
