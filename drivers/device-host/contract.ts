import type { CardReading, CardReadError, CardReadProgress, CodeReadError, PageImage, PagePrintOutcome, PagePrintProgress, PrintOutcome, ScanError, ScannedBatch, ScannedCode, ScanProgress, SocialCard, SocialCardError, SocialCardProgress, TicketFate } from '../../core/device/operations.ts'
import type { DeviceReport } from '../../core/device/status.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { ReceiptDocument } from '../../core/receipt/document.ts'
import type { Result } from '../../core/result/result.ts'
import type { DeviceService } from './device-service.ts'

/** An ID-card reader as its service offers it inside the device host. */
export interface IdCardReaderService extends DeviceService {
  readonly kind: 'id-card'
  /** Waits for a card and reads it. One reading at a time; a second call ends the first one as `cancelled`. */
  read(options: { readonly timeoutMs: number }, onProgress: (progress: CardReadProgress) => void, signal: AbortSignal): Promise<Result<CardReading, CardReadError>>
}

/** One attempt to print one receipt. The ladder of attempts is kept on disk by the kiosk process, not here. */
export interface PrintJob {
  readonly document: ReceiptDocument
  /** 1 for the first print; from 2 on the paper says `第n次打印`. */
  readonly attempt: number
  /** Four characters 20–7E, never reused within the printer's buffer life; from a counter on disk. */
  readonly processId: string
  /** A stub `作废` goes before the receipt when an earlier attempt was stopped in the middle. */
  readonly voidStubFirst: boolean
  /** The attempt before this one, of whatever receipt, may hang uncut in the printer: it is cut off first. */
  readonly cutFirst?: true
}

export interface ReceiptPrinterService extends DeviceService {
  readonly kind: 'receipt-printer'
  print(job: PrintJob, onSending: () => void): Promise<PrintOutcome>
  /** A printer with a sensor at its output tells what became of each ticket, in order, after `printed`. */
  onTicket(listener: (ticket: Ticket) => void): () => void
}

export interface Ticket {
  readonly processId: string
  readonly fate: TicketFate
}

export interface DocumentScannerService extends DeviceService {
  readonly kind: 'document-scanner'
  scanPage(options: { readonly source: 'platen' | 'feeder' }, onProgress: (progress: ScanProgress) => void, signal: AbortSignal): Promise<Result<PageImage, ScanError>>
  /** Scans the feeder until it is empty. Each page is handed over when it has been decoded whole; pages handed over before an error stay good. */
  scanBatch(onPage: (page: PageImage) => void, onProgress: (progress: ScanProgress) => void, signal: AbortSignal): Promise<Result<ScannedBatch, ScanError>>
}

export interface CodeScannerService extends DeviceService {
  readonly kind: 'code-scanner'
  /** Waits for the next code. Codes that nobody waits for are dropped. The same text within 3 s is one code. */
  readCode(options: { readonly timeoutMs: number }, signal: AbortSignal): Promise<Result<ScannedCode, CodeReadError>>
}

export interface SocialCardService extends DeviceService {
  readonly kind: 'social-card'
  read(options: { readonly timeoutMs: number }, onProgress: (progress: SocialCardProgress) => void, signal: AbortSignal): Promise<Result<SocialCard, SocialCardError>>
}

/** One attempt to print one document on A4. */
export interface PagePrintJob {
  /** Our own document number; the IPP job carries it as its name, so that a job of unknown end can be asked for. */
  readonly number: string
  /** A whole PDF. */
  readonly pdf: Uint8Array
  readonly pages: number
}

export interface PagePrinterService extends DeviceService {
  readonly kind: 'page-printer'
  print(job: PagePrintJob, onProgress: (progress: PagePrintProgress) => void): Promise<PagePrintOutcome>
}

export type AnyDeviceService = IdCardReaderService | CodeScannerService | SocialCardService | ReceiptPrinterService | PagePrinterService | DocumentScannerService

/**
 * What the kiosk process sees of the device host. When the host process dies, every operation in flight ends as
 * `reader-gone` / `unknown` / `scanner-gone`, every device reports `offline`, and the host is started again with a capped
 * back-off; no call ever throws for that reason.
 */
export interface DeviceHost {
  reports(): readonly DeviceReport[]
  onReport(listener: (report: DeviceReport) => void): () => void
  readCard(device: DeviceId, options: { readonly timeoutMs: number }, onProgress: (progress: CardReadProgress) => void, signal: AbortSignal): Promise<Result<CardReading, CardReadError>>
  printReceipt(device: DeviceId, job: PrintJob, onSending: () => void): Promise<PrintOutcome>
  /** What became of printed tickets, from printers that can tell. */
  onTicket(listener: (device: DeviceId, ticket: Ticket) => void): () => void
  readCode(device: DeviceId, options: { readonly timeoutMs: number }, signal: AbortSignal): Promise<Result<ScannedCode, CodeReadError>>
  readSocialCard(device: DeviceId, options: { readonly timeoutMs: number }, onProgress: (progress: SocialCardProgress) => void, signal: AbortSignal): Promise<Result<SocialCard, SocialCardError>>
  printPages(device: DeviceId, job: PagePrintJob, onProgress: (progress: PagePrintProgress) => void): Promise<PagePrintOutcome>
  scanBatch(device: DeviceId, onPage: (page: PageImage) => void, onProgress: (progress: ScanProgress) => void, signal: AbortSignal): Promise<Result<ScannedBatch, ScanError>>
  /** Ends the host process and starts a new one, as staff may ask. */
  restart(): void
  scanPage(device: DeviceId, options: { readonly source: 'platen' | 'feeder' }, onProgress: (progress: ScanProgress) => void, signal: AbortSignal): Promise<Result<PageImage, ScanError>>
  stop(): Promise<void>
}
