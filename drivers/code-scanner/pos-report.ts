/** Where things stand in a report: `standard` after the AIM identifier, `newland` from byte 2 on. */
export type PosLayout = 'standard' | 'newland'

/** HID usage of a bar code scanner (usage page 8C, "Bar Code Scanner"). */
export const POS_USAGE_PAGE = 0x8c
export const POS_USAGE = 0x02
/** The one input report that carries codes. */
export const POS_REPORT_ID = 2
/** Without its id, which the transport has cut off. */
export const POS_REPORT_BYTES = 63

/** Answers of Honeywell scanners to commands come in the same report: `]X0` text, `]Z6` its end with one status byte. */
const ANSWERS: ReadonlySet<string> = new Set([']X0', ']Z6'])
const AIM_START = 1
const AIM_BYTES = 3
/** Bit 0 of the last byte: the code goes on in the next report. */
const MORE_DATA_BIT = 1

interface LayoutRule {
  readonly dataStart: number
  readonly mostDataBytes: number
}

/** Byte numbers here are one less than in the makers' manuals, which count the report id as byte 0. */
const RULES: Readonly<Record<PosLayout, LayoutRule>> = {
  standard: { dataStart: 4, mostDataBytes: 56 },
  newland: { dataStart: 1, mostDataBytes: 56 },
}

export type PosReport =
  | { readonly kind: 'piece'; readonly data: Uint8Array; readonly aim: string | undefined; readonly more: boolean }
  /** The scanner answers a command; no scan. */
  | { readonly kind: 'answer' }
  | { readonly kind: 'bad' }

/** Reads one report, given without its id. `data` points into the report. */
export function parsePosReport(report: Uint8Array, layout: PosLayout): PosReport {
  const { dataStart, mostDataBytes } = RULES[layout]
  const length = report[0]
  if (report.length !== POS_REPORT_BYTES || length === undefined || length > mostDataBytes) return { kind: 'bad' }
  const aim = layout === 'standard' ? aimOf(report) : undefined
  if (aim !== undefined && ANSWERS.has(aim)) return { kind: 'answer' }
  const more = ((report[POS_REPORT_BYTES - 1] ?? 0) & MORE_DATA_BIT) === MORE_DATA_BIT
  return { kind: 'piece', data: report.subarray(dataStart, dataStart + length), aim, more }
}

/** `]` and two printable characters; scanners that do not know the symbology leave zeros. */
function aimOf(report: Uint8Array): string | undefined {
  const bytes = report.subarray(AIM_START, AIM_START + AIM_BYTES)
  const isAim = bytes[0] === 0x5d && bytes.every((byte) => byte > 0x20 && byte < 0x7f)
  return isAim ? String.fromCharCode(...bytes) : undefined
}
