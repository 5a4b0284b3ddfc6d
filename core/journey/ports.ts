import type { ApplicationDraft, GivenMaterial, SubmissionOutcome } from '../case/draft.ts'
import type { CardReading, CardReadError, CardReadProgress, PagePrintOutcome, PrintOutcome, ScanError, ScanProgress } from '../device/operations.ts'
import type { PageLook, PageSource, Quad } from '../document/page-look.ts'
import type { ConfirmStageView, Gap } from '../kiosk-api/snapshot.ts'
import type { ReceiptDocument } from '../receipt/document.ts'
import type { Result } from '../result/result.ts'
import type { LocalText } from '../text/local-text.ts'
import type { AbortSignalLike } from '../clock/clock.ts'

/** A failure in words: for the citizen, and for the staff member who is called. */
export interface Problem {
  readonly sentence: LocalText
  readonly staffSentence: LocalText
}

/** All pages of a paper, read as one. */
export type ReadPaper = Pick<ConfirmStageView, 'fields' | 'notices' | 'paper'>

/** Ids of the pages that came, in their order, and why no more came when that is not simply the end of the paper. */
export interface ScannedPages {
  readonly pages: readonly string[]
  readonly error: ScanError | undefined
}

/** One picture after the first look at it. */
export interface LookedPage {
  /** Id of the untouched picture. */
  readonly original: string
  /** Id of the paper alone, straightened; absent where nobody knows yet where it lies. The same as `original` where nothing could be looked at. */
  readonly page?: string
  readonly look: PageLook
  readonly source: PageSource
  /** Size of the untouched picture. */
  readonly widthPx: number
  readonly heightPx: number
}

/**
 * What the journey asks of the terminal. Every operation ends as a value, also when it is aborted; none throws. The
 * journey knows nothing about wires, files or the clock behind them.
 */
export interface JourneyPorts {
  /** Epoch milliseconds. */
  now(): number
  /** `YYYY-MM-DD` at the terminal. */
  today(): string
  newId(): string
  readCard(onProgress: (progress: CardReadProgress) => void, signal: AbortSignalLike): Promise<Result<CardReading, CardReadError>>
  fetchLicence(draft: ApplicationDraft, material: string, licenceType: string, signal: AbortSignalLike): Promise<Result<Extract<GivenMaterial, { way: 'licence' }>, Problem>>
  checkData(draft: ApplicationDraft, material: string, check: string, signal: AbortSignalLike): Promise<Result<Extract<GivenMaterial, { way: 'data-check' }>, Problem>>
  /** Scans one page from the glass into the session's page store and answers its id. */
  scanPage(source: 'platen' | 'feeder', onProgress: (progress: ScanProgress) => void, signal: AbortSignalLike): Promise<Result<string, ScanError>>
  /** Scans every sheet in the feeder. Pages that came whole before an error are good, and are answered with it. */
  scanFeeder(onProgress: (progress: ScanProgress) => void, signal: AbortSignalLike): Promise<ScannedPages>
  /** Takes a still of the document camera as a page, after decoding it whole. */
  takePhotograph(jpeg: Uint8Array, signal: AbortSignalLike): Promise<Result<string, ScanError>>
  /**
   * Finds the paper in a picture, straightens it and judges it. `documentKind` knows the paper's size; `corners` are the
   * citizen's own. A problem means that the picture cannot be used at all.
   */
  lookAtPage(page: string, documentKind: string | undefined, corners: Quad | undefined, onProgress: (step: LocalText, percent: number) => void, signal: AbortSignalLike): Promise<Result<LookedPage, Problem>>
  /** Puts pages into one PDF beside them and answers its id. Where that fails the pages are as they were, to go in one by one. */
  bindPages(pages: readonly string[], signal: AbortSignalLike): Promise<Result<string, Problem>>
  /** Reads one page after the other, in any order, as one paper. `cardName`: the person whose card was read. The percent is of all pages. */
  readPages(pages: readonly string[], documentKind: string, cardName: string | undefined, onProgress: (page: string, step: LocalText, percent: number) => void, signal: AbortSignalLike): Promise<ReadPaper>
  dropPage(page: string): void
  /** The backend's own findings; all of them at once. */
  preCheck(draft: ApplicationDraft, signal: AbortSignalLike): Promise<Result<readonly Gap[], Problem>>
  /** Keeps the application durably, then sends it. Safe to call again with the same draft id: it is kept and sent once. */
  submit(draft: ApplicationDraft, onStep: (step: 'keeping' | 'sending') => void, signal: AbortSignalLike): Promise<SubmissionOutcome>
  print(document: ReceiptDocument): Promise<PrintOutcome>
  /**
   * Prints the sealed proof of a received case on A4. Left out where the terminal has no page printer. A problem means that
   * the document could not be had, so nothing was printed. Never prints a proof twice whose first end is not known.
   */
  printProof?(proof: { readonly caseNumber: string; readonly verificationCode: string }, signal: AbortSignalLike): Promise<Result<PagePrintOutcome, Problem>>
  /** Best effort, after the service; never holds the citizen up. */
  evaluate(caseNumber: string, grade: number, details: readonly string[]): void
}
