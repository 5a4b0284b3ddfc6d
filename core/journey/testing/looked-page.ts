import type { PageLook, PageProblem, Quad } from '../../document/page-look.ts'
import { ok } from '../../result/result.ts'
import type { JourneyPorts, LookedPage } from '../ports.ts'

/** A good page from the glass, or what `look` says instead; `page` is the straightened one, where the paper was found. */
export function lookedPage(original: string, look: PageLook = { place: { kind: 'whole-picture' }, problems: [] }, page = original): LookedPage {
  return { original, ...(look.place.kind === 'unsure' ? {} : { page }), look, source: look.place.kind === 'whole-picture' ? 'glass' : 'camera', widthPx: 1000, heightPx: 800 }
}

/** The port of a test in which every page is good as it comes. */
export const allPagesGood: JourneyPorts['lookAtPage'] = (page) => Promise.resolve(ok(lookedPage(page)))

/** Corners of a paper in the picture of {@link lookedPage}. */
export const somewhere: Quad = [{ x: 100, y: 100 }, { x: 900, y: 120 }, { x: 880, y: 700 }, { x: 90, y: 690 }]

export function foundWith(...problems: readonly PageProblem[]): PageLook {
  return { place: { kind: 'found', quad: somewhere, confidence: 0.9 }, problems }
}

export function unsure(confidence: number, ...problems: readonly PageProblem[]): PageLook {
  return { place: { kind: 'unsure', guess: somewhere, confidence }, problems }
}
