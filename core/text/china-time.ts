/** Mainland China keeps UTC+8 all year. */
const OFFSET_MS = 8 * 3_600_000

/** `YYYY-MM-DD HH:mm:ss` in China's time for an instant in epoch milliseconds; the form used on papers. */
export function chinaDateTime(epochMs: number): string {
  return new Date(epochMs + OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')
}
