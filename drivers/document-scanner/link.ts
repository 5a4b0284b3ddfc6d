import type { PageImage, ScanError, ScannedBatch, ScanProgress } from '../../core/device/operations.ts'
import type { Result } from '../../core/result/result.ts'
import type { ScanSource } from './escl.ts'
import type { Observation } from './machine.ts'

/** How one kind of scanner is asked; the service around it watches, counts and keeps order, whatever the kind. */
export interface ScannerLink {
  /** How long an idle scanner is left alone after a look, in milliseconds; may change as more becomes known of it. */
  pollMs(): number
  /** One look that does not disturb the scanner. Never throws. */
  look(signal: AbortSignal): Promise<Observation>
  scanPage(source: ScanSource, onProgress: (progress: ScanProgress) => void, signal: AbortSignal): Promise<Result<PageImage, ScanError>>
  scanBatch(onPage: (page: PageImage) => void, onProgress: (progress: ScanProgress) => void, signal: AbortSignal): Promise<Result<ScannedBatch, ScanError>>
  /**
   * What a failed scan says about the scanner that no later look would show. Undefined when the next look tells the truth by
   * itself.
   */
  troubleAfter(error: ScanError): Observation | undefined
  stop(): Promise<void>
}
