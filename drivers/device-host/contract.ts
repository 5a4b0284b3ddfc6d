import type { CardReading, CardReadError, CardReadProgress, PageImage, PrintOutcome, ScanError, ScanProgress } from '../../core/device/operations.ts'
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
}

export interface ReceiptPrinterService extends DeviceService {
  readonly kind: 'receipt-printer'
  print(job: PrintJob, onSending: () => void): Promise<PrintOutcome>
}

export interface DocumentScannerService extends DeviceService {
  readonly kind: 'document-scanner'
  scanPage(options: { readonly source: 'platen' | 'feeder' }, onProgress: (progress: ScanProgress) => void, signal: AbortSignal): Promise<Result<PageImage, ScanError>>
}

export type AnyDeviceService = IdCardReaderService | ReceiptPrinterService | DocumentScannerService

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
  scanPage(device: DeviceId, options: { readonly source: 'platen' | 'feeder' }, onProgress: (progress: ScanProgress) => void, signal: AbortSignal): Promise<Result<PageImage, ScanError>>
  stop(): Promise<void>
}
