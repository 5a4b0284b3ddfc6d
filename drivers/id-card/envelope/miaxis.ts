import type { ReportEnvelope } from '../../transport/report-envelope.ts'

const FROM_HOST = 0x88
const FROM_READER = 0xaa
const SAM_COMMAND = 0xb1
/** Head of a report to the reader: mark, SRN (2), n (2), command. */
const REQUEST_HEAD_BYTES = 6
/** Head of a report from the reader: mark, SRN (2), n (2), result. */
const REPLY_HEAD_BYTES = 6
/** Before the frame bytes of each reply stand two bytes that are taken as a packet number; their order is not proved, so they are passed over. */
const PACKET_NUMBER_BYTES = 2
const SUM_BYTES = 2

/**
 * Envelope C (中正 Miaxis), 64-byte reports. n counts the command or result byte and the data, little-endian; the sum runs
 * from the first byte of n to the end of the data, low 16 bits, little-endian.
 */
export function miaxisEnvelope(reportBytes: number): ReportEnvelope {
  return {
    reportBytes,
    waitsForAck: false,
    wrap(bytes) {
      const room = reportBytes - REQUEST_HEAD_BYTES - SUM_BYTES
      // Requests are 11 bytes at most; the maker describes no way to continue one.
      if (bytes.length > room) throw new Error(`a request of ${bytes.length} bytes does not fit one report`)
      const report = new Uint8Array(reportBytes)
      report[0] = FROM_HOST
      putLittleEndian(report, 3, 1 + bytes.length)
      report[5] = SAM_COMMAND
      report.set(bytes, REQUEST_HEAD_BYTES)
      const end = REQUEST_HEAD_BYTES + bytes.length
      putLittleEndian(report, end, sumOf(report, 3, end))
      return [report]
    },
    unwrap(report) {
      if (report[0] !== FROM_READER) return { kind: 'error', code: 'miaxis-mark' }
      const count = (report[3] ?? 0) | ((report[4] ?? 0) << 8)
      const end = REPLY_HEAD_BYTES + count - 1
      if (count < 1 || end + SUM_BYTES > report.length) return { kind: 'error', code: 'miaxis-length' }
      if (sumOf(report, 3, end) !== ((report[end] ?? 0) | ((report[end + 1] ?? 0) << 8))) return { kind: 'error', code: 'miaxis-sum' }
      if (end < REPLY_HEAD_BYTES + PACKET_NUMBER_BYTES) return { kind: 'bytes', bytes: new Uint8Array(0) }
      return { kind: 'bytes', bytes: report.subarray(REPLY_HEAD_BYTES + PACKET_NUMBER_BYTES, end) }
    },
    reset: () => undefined,
  }
}

function putLittleEndian(target: Uint8Array, offset: number, value: number): void {
  target[offset] = value & 0xff
  target[offset + 1] = (value >> 8) & 0xff
}

function sumOf(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0
  for (let index = start; index < end; index++) sum = (sum + (bytes[index] ?? 0)) & 0xffff
  return sum
}
