import type { ScanError } from '../device/operations.ts'
import { scanErrorSentences } from '../device/sentences.ts'
import type { Problem } from './ports.ts'

export function scanProblem(error: ScanError): Problem {
  const sentences = scanErrorSentences(error)
  return { sentence: sentences.citizen, staffSentence: sentences.staff }
}
