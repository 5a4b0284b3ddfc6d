import type { ReportEnvelope } from '../transport/report-envelope.ts'
import { POS_REPORT_BYTES } from './pos-report.ts'

/**
 * Hands whole reports on through a stream whose chunk borders mean nothing: each report behind one byte with its length.
 * Nothing is ever said to a scanner of this kind.
 */
export function posEnvelope(): ReportEnvelope {
  return {
    reportBytes: POS_REPORT_BYTES,
    waitsForAck: false,
    wrap: () => [],
    unwrap(report) {
      if (report.length > 0xff) return { kind: 'error', code: 'pos-length' }
      const bytes = new Uint8Array(1 + report.length)
      bytes[0] = report.length
      bytes.set(report, 1)
      report.fill(0)
      return { kind: 'bytes', bytes }
    },
    reset: () => undefined,
  }
}
