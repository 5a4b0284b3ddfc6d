import type { ReportEnvelope } from '../../transport/report-envelope.ts'

/**
 * Envelope A: the frame is cut into reports, the last one filled with zeros. Zeros after a reply are padding, which the
 * frame decoder passes over because no frame begins with them.
 */
export function rawEnvelope(reportBytes: number): ReportEnvelope {
  return {
    reportBytes,
    waitsForAck: false,
    wrap(bytes) {
      const reports: Uint8Array[] = []
      for (let offset = 0; offset < bytes.length; offset += reportBytes) {
        const report = new Uint8Array(reportBytes)
        report.set(bytes.subarray(offset, offset + reportBytes))
        reports.push(report)
      }
      return reports
    },
    unwrap: (report) => ({ kind: 'bytes', bytes: report }),
    reset: () => undefined,
  }
}
