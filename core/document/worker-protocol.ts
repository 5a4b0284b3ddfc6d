import type { PageImage } from '../device/operations.ts'
import type { Result } from '../result/result.ts'
import type { DocumentKind } from './document-kind.ts'
import type { LookProgress, PageLook, PageSource, PaperSize, Quad } from './page-look.ts'
import type { EngineFault, EngineName, EngineSettings } from './engine-settings.ts'
import type { DocumentReadError, DocumentReading, ReadProgress } from './reading.ts'

/**
 * What the kiosk process and the document worker say to each other. Messages are structured clones (bytes stay bytes). One
 * page at a time: the kiosk process sends the next `read` only after the answer to the last.
 */

/** The first message to a worker: which engine to open. Answered by `ready` or `unfit`. */
export interface OpenRequest {
  readonly kind: 'open'
  readonly settings: EngineSettings
}

export interface ReadRequest {
  readonly kind: 'read'
  readonly id: number
  readonly page: PageImage
  /** What the page should be one of. */
  readonly kinds: readonly DocumentKind[]
  /** Every kind that the terminal knows, so that a wrong paper can be named. */
  readonly all: readonly DocumentKind[]
  /** The day in China, `YYYY-MM-DD`: dates after it are doubted. */
  readonly today: string
}

/** Decodes a picture to its last line and answers its size: whether a file is a whole picture at all. */
export interface CheckRequest {
  readonly kind: 'check'
  readonly id: number
  readonly picture: Pick<PageImage, 'mime' | 'bytes'>
}

/** Finds the paper in a picture, straightens it and judges it. Needs no engine. */
export interface LookRequest {
  readonly kind: 'look'
  readonly id: number
  readonly page: PageImage
  readonly paper: PaperSize
  /** Of the straightened picture. */
  readonly dpi: number
  readonly source: PageSource
  /** Set by the citizen: taken as they are. */
  readonly corners?: Quad
}

/** Puts pages into one PDF, in their order, each at its own size. JPEGs go in as they are. */
export interface BindRequest {
  readonly kind: 'bind'
  readonly id: number
  readonly pages: readonly PageImage[]
}

/** `picture`: the paper alone, straight, as JPEG with its resolution; absent where nobody knows yet where it lies. */
export interface LookedPage {
  readonly look: PageLook
  readonly picture?: PageImage
  /** Size of the delivered picture, in which the corners stand. */
  readonly widthPx: number
  readonly heightPx: number
}

export type ToDocumentWorker = OpenRequest | ReadRequest | CheckRequest | LookRequest | BindRequest

export type FromDocumentWorker =
  /** `passedOver`: engines that come first by configuration and do not load on this machine. */
  | { readonly kind: 'ready'; readonly engine: EngineName; readonly passedOver: readonly EngineName[] }
  /** No engine could be opened: this worker answers everything but `read`. */
  | { readonly kind: 'unfit'; readonly fault: EngineFault }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: ReadProgress }
  | { readonly kind: 'done'; readonly id: number; readonly result: Result<DocumentReading, DocumentReadError>; readonly memoryMb: number }
  | { readonly kind: 'look-progress'; readonly id: number; readonly progress: LookProgress }
  /** Error: a code for staff, as `decodeFast` gives it. */
  | { readonly kind: 'looked'; readonly id: number; readonly result: Result<LookedPage, string> }
  | { readonly kind: 'bound'; readonly id: number; readonly result: Result<Uint8Array, string> }
  /** Error: a code for staff, as `decodeFast` gives it. */
  | { readonly kind: 'checked'; readonly id: number; readonly result: Result<{ readonly widthPx: number; readonly heightPx: number }, string> }

/** Exit code of a worker that grew beyond its memory limit. */
export const EXIT_TOO_MUCH_MEMORY = 75

/** A running document worker as the kiosk process holds it, whatever kind of process it is. */
export interface DocumentWorkerHandle {
  /** Throws nothing: a message to a dead worker is lost, and its exit has been told. */
  post(message: ToDocumentWorker): void
  onMessage(listener: (message: FromDocumentWorker) => void): void
  /** Called once, also after `kill`. `code` is the exit code or the signal's name. */
  onExit(listener: (code: string) => void): void
  /** Ends the process at once, whatever it is doing. */
  kill(): void
}
