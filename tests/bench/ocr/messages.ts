import type { EngineName } from '../../../core/document/engine-settings.ts'
import type { PageProblem, PaperSize, Quad } from '../../../core/document/page-look.ts'

/**
 * What the bench and its child processes say to each other. Each engine runs in a process of its own, so that its memory is
 * its own.
 */
export interface PageJob {
  readonly file: string
  readonly kind: string
  readonly dpi: number
  /** The sheet lies askew on a desk: the page is found and straightened first, as the product does with a camera picture. */
  readonly onDesk: boolean
  /** Read a second time, whole and untimed, for the character error rate. */
  readonly wholeText: boolean
}

export interface PhotoJob {
  readonly file: string
  readonly paper: PaperSize
}

export type ToReader =
  | { readonly kind: 'open'; readonly engine: EngineName; readonly threads: number }
  | { readonly kind: 'page'; readonly job: PageJob }
  | { readonly kind: 'photo'; readonly job: PhotoJob }

export interface ReadField {
  readonly field: string
  readonly value: string
  readonly state: 'sure' | 'unsure' | 'missing'
}

export interface PageOutcome {
  /** Kind found, or the error's name. */
  readonly answer: string
  readonly fields: readonly ReadField[]
  /** From the bytes of the picture to the fields. */
  readonly wallMs: number
  readonly cpuMs: number
  /** Of that, finding and straightening the page. */
  readonly lookMs: number
  /** The whole text, one printed row a line; empty unless asked for. */
  readonly text: string
  /** Kind found when every kind is allowed; empty unless asked for. */
  readonly kindOfAll: string
  readonly rssMb: number
  readonly peakMb: number
}

export interface PhotoOutcome {
  readonly place: 'found' | 'unsure' | 'whole-picture'
  readonly quad?: Quad
  readonly problems: readonly PageProblem[]
  readonly wallMs: number
}

export type FromReader =
  | { readonly kind: 'ready'; readonly startMs: number }
  | { readonly kind: 'unfit'; readonly reason: string }
  | { readonly kind: 'page'; readonly outcome: PageOutcome }
  | { readonly kind: 'photo'; readonly outcome: PhotoOutcome }
