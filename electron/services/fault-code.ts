/** What may be told and logged of an unexpected error: its code or its kind, never its words, which may hold a citizen's. */
export function faultCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
