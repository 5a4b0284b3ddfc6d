import type { ScanError } from '../device/operations.ts'
import { scanErrorSentences } from '../device/sentences.ts'
import type { PageProblem, Quad } from '../document/page-look.ts'
import { inOrder, isUsableQuad, mayUse, weightOf } from '../document/page-look.ts'
import { pageProblemSentence, pageProblemStaffSentence } from '../document/page-sentences.ts'
import type { ScanView } from '../kiosk-api/snapshot.ts'
import { text } from '../text/local-text.ts'
import type { ScanState } from './context.ts'
import type { LookedPage, Problem } from './ports.ts'

export function scanProblem(error: ScanError): Problem {
  const sentences = scanErrorSentences(error)
  return { sentence: sentences.citizen, staffSentence: sentences.staff }
}

/** A guess of the edges that is worth correcting by hand; below it, taking the picture again is the shorter way. */
const WORTH_CORRECTING = 0.25

export function layPage(scan: ScanState, problem?: Problem): ScanState {
  return { material: scan.material, document: scan.document, pages: [], tries: scan.tries ?? 0, stage: { kind: 'lay-page', problem: problem?.sentence, staffProblem: problem?.staffSentence } }
}

/** The pictures as they came, before anybody has looked at them. */
export function captured(scan: ScanState, originals: readonly string[], error: ScanError | undefined): ScanState {
  const [first] = originals
  if (first === undefined) return layPage(scan, error && scanProblem(error))
  return { ...scan, pages: originals, originals, looks: [], stopped: error && scanProblem(error), stage: looking(first) }
}

function looking(page: string): ScanView['stage'] {
  return { kind: 'looking', page, step: text('正在打开图片', 'Opening the picture'), percent: 0 }
}

/**
 * What was found in the next picture. After the last of them everything that is to be changed is shown, or the corner editor
 * where the edges are not sure.
 */
export function looked(scan: ScanState, look: LookedPage): ScanState {
  const looks = [...(scan.looks ?? []), look]
  const originals = scan.originals ?? []
  const pages = originals.map((original, index) => looks[index]?.page ?? original)
  const seen: ScanState = { ...scan, pages, looks }
  if (looks.length < originals.length) return seen
  const { place } = look.look
  if (looks.length === 1 && place.kind === 'unsure' && place.confidence >= WORTH_CORRECTING) return corners(seen)
  const isStopped = problemsOf(looks).some((problem) => weightOf(problem) === 'hard')
  return lookStage({ ...seen, tries: (scan.tries ?? 0) + (isStopped ? 1 : 0) })
}

/** Every problem once, worst first. An empty sheet among others is the back of one of them. */
function problemsOf(looks: readonly LookedPage[]): readonly PageProblem[] {
  const isOneOfSeveral = looks.length > 1 && looks.some(({ look }) => !look.problems.includes('blank'))
  return inOrder(looks.flatMap(({ look }) => (isOneOfSeveral ? look.problems.filter((problem) => problem !== 'blank') : look.problems)))
}

export function lookStage(scan: ScanState): ScanState {
  const { looks = [], pages, stopped } = scan
  const [page] = pages
  if (page === undefined) return layPage(scan)
  const problems = problemsOf(looks)
  const source = looks[0]?.source ?? 'glass'
  return {
    ...scan,
    stage: {
      kind: 'look', page, pages, problem: stopped?.sentence, staffProblem: stopped?.staffSentence,
      findings: problems.map((problem) => ({ problem, weight: weightOf(problem), sentence: pageProblemSentence(problem, source), staffSentence: pageProblemStaffSentence(problem) })),
      use: mayUse(problems, scan.tries ?? 0),
      canAdjust: looks.length === 1 && looks[0]?.source === 'camera',
    },
  }
}

/** The corner editor on the untouched picture, from where the edges were found or guessed. */
export function corners(scan: ScanState): ScanState {
  const [look] = scan.looks ?? []
  if (look === undefined) return scan
  const { widthPx, heightPx, look: { place } } = look
  const quad = place.kind === 'found' ? place.quad : place.kind === 'unsure' ? place.guess : wholePicture(widthPx, heightPx)
  return { ...scan, stage: { kind: 'corners', page: look.original, widthPx, heightPx, corners: within(quad, widthPx, heightPx), isGuess: place.kind === 'unsure' } }
}

/** Corners that the citizen has set are looked at anew; the straightened picture of before is not needed any more. */
export function withCorners(scan: ScanState, quad: Quad): ScanState {
  const original = scan.originals?.[0]
  return original === undefined ? scan : { ...scan, pages: [original], corners: quad, stage: looking(original) }
}

/** Whether these corners can be a paper in the picture that the citizen sees. */
export function fits(scan: ScanState | undefined, quad: Quad): boolean {
  return scan?.stage.kind === 'corners' && isUsableQuad(quad, { width: scan.stage.widthPx, height: scan.stage.heightPx })
}

/** Everything of this paper that lies in the page store. */
export function picturesOf(scan: ScanState): readonly string[] {
  return [...new Set([...scan.pages, ...(scan.bound === undefined ? [] : [scan.bound]), ...(scan.originals ?? []), ...(scan.looks ?? []).flatMap(({ page, original }) => [original, ...(page === undefined ? [] : [page])])])]
}

/** What was wrong with the pictures that the citizen uses all the same; a clerk is asked about each. */
export function doubtsOf(scan: ScanState): readonly PageProblem[] {
  return problemsOf(scan.looks ?? []).filter((problem) => weightOf(problem) === 'hard')
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
  return page === undefined ? scan : { ...scan, stage: { kind: 'reading', page, step: text('正在整理页面', 'Putting the pages together'), percent: 0 } }
}
