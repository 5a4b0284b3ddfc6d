import type { ReportEnvelope } from '../../transport/report-envelope.ts'

/** First byte of a report that says "go on". */
const GO_ON = 0xff

/**
 * Envelope D (德科): byte 0 counts the bytes in use, at most one less than the report. What is longer goes in several
 * reports, and the sender waits for a report beginning FF before each next piece; we answer each full report likewise.
 */
export function dekeEnvelope(reportBytes: number): ReportEnvelope {
  const room = reportBytes - 1
  return {
    reportBytes,
    waitsForAck: true,
    wrap(bytes) {
      const reports: Uint8Array[] = []
      for (let offset = 0; offset < bytes.length; offset += room) {
        const piece = bytes.subarray(offset, offset + room)
        const report = new Uint8Array(reportBytes)
        report[0] = piece.length
        report.set(piece, 1)
        reports.push(report)
      }
      return reports
    },
    unwrap(report) {
      const count = report[0] ?? 0
      if (count === GO_ON) return { kind: 'ack' }
      if (count > room || count > report.length - 1) return { kind: 'error', code: 'deke-count' }
      const bytes = report.subarray(1, 1 + count)
      if (count < room) return { kind: 'bytes', bytes }
      const answer = new Uint8Array(reportBytes)
      answer[0] = GO_ON
      return { kind: 'bytes', bytes, answer }
    },
    reset: () => undefined,
  }
}
