import type { PagePrintOutcome, PrintOutcome } from '../device/operations.ts'
import { pagePrintSentences, printSentences } from '../device/sentences.ts'
import type { PrintingView } from '../kiosk-api/snapshot.ts'
import type { Result } from '../result/result.ts'
import type { Problem } from './ports.ts'
import { unreachable } from '../result/result.ts'

/**
 * What the screen may say after an attempt to print. Only the printer's own answer makes it `printed`; only an attempt
 * of which nothing can be on paper may be tried again from the screen. `before` is the view that the attempt began from.
 */
export function printingAfter(outcome: PrintOutcome, before?: PrintingView): PrintingView {
  const sentences = printSentences(outcome)
  const words = { sentence: sentences.citizen, staffSentence: sentences.staff }
  switch (outcome.kind) {
    case 'printed': return { state: 'printed' }
    // After an unknown end nobody may print a second original by themselves: staff do, with the mark.
    case 'not-started': return { state: 'failed', ...words, canRetry: before?.state !== 'unknown' }
    case 'voided': return { state: 'failed', ...words, canRetry: true }
    case 'unknown': return { state: 'unknown', ...words }
    default: return unreachable(outcome)
  }
}

/** The same for a proof on A4: it may be tried again from the screen only while no sheet of it can be out. */
export function proofPrintingAfter(result: Result<PagePrintOutcome, Problem>): PrintingView {
  if (!result.ok) return { state: 'failed', ...result.error, canRetry: true }
  const outcome = result.value
  const sentences = pagePrintSentences(outcome)
  const words = { sentence: sentences.citizen, staffSentence: sentences.staff }
  switch (outcome.kind) {
    case 'printed': return { state: 'printed' }
    case 'not-started': return { state: 'failed', ...words, canRetry: true }
    case 'stopped': return { state: 'failed', ...words, canRetry: false }
    case 'unknown': return { state: 'unknown', ...words }
    default: return unreachable(outcome)
  }
}
