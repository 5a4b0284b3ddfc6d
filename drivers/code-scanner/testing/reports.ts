/** What a HID-POS scanner sends, written from the makers' manuals, not with the code under test. */

export interface ReportParts {
  readonly data: Uint8Array
  readonly aim?: string
  readonly more?: boolean
  readonly layout?: 'standard' | 'newland'
}

/** One report as a program gets it from the operating system: 64 bytes with the id. */
export function wholeReport({ data, aim = ']Q1', more = false, layout = 'standard' }: ReportParts): Uint8Array {
  const report = new Uint8Array(64)
  report[0] = 2
  report[1] = data.length
  if (layout === 'standard') report.set(new TextEncoder().encode(aim), 2)
  report.set(data, layout === 'standard' ? 5 : 2)
  report[layout === 'standard' ? 61 : 62] = 0x73
  report[63] = more ? 1 : 0
  return report
}

/** A code of any length as the reports that carry it, without their ids, as the transport hands them to an envelope. */
export function reportsOf(code: Uint8Array, parts: Omit<ReportParts, 'data' | 'more'> = {}): Uint8Array[] {
  const reports: Uint8Array[] = []
  for (let start = 0; start === 0 || start < code.length; start += 56) {
    reports.push(wholeReport({ ...parts, data: code.subarray(start, start + 56), more: start + 56 < code.length }).subarray(1))
  }
  return reports
}
