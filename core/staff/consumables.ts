import type { StaffConsumableView } from './view.ts'

/** What staff last put into a printer, and what it has used since. `loaded`, `used`: metres of a roll, sheets of a tray. */
export interface ConsumableState {
  readonly kind: 'roll' | 'sheets'
  readonly loaded: number | undefined
  readonly loadedAt: number | undefined
  readonly used: number
}

/** Days whose use makes the pace. */
export const PACE_DAYS = 7
const DAY_MS = 86_400_000
/** Less than this behind it says nothing about the days to come. */
const SHORTEST_RECORD_MS = 3_600_000

/**
 * What is left, and when it ends at the pace of the last seven days.
 * @param usedLately what was used within the last `PACE_DAYS` days
 * @param recordedSince epoch milliseconds of the first use that is on record
 */
export function forecast(state: ConsumableState, usedLately: number, recordedSince: number | undefined, nowMs: number): StaffConsumableView {
  if (state.loaded === undefined) return { kind: state.kind, left: undefined, amountLeft: undefined, amountLoaded: undefined, loadedAt: state.loadedAt, runsOutAt: undefined }
  const amountLeft = Math.max(0, state.loaded - state.used)
  const recordedMs = recordedSince === undefined ? 0 : Math.min(PACE_DAYS * DAY_MS, nowMs - recordedSince)
  const known = usedLately > 0 && recordedMs >= SHORTEST_RECORD_MS
  return {
    kind: state.kind,
    left: amountLeft / state.loaded,
    amountLeft: Math.round(amountLeft * 10) / 10,
    amountLoaded: state.loaded,
    loadedAt: state.loadedAt,
    runsOutAt: known ? Math.round(nowMs + amountLeft / (usedLately / recordedMs)) : undefined,
  }
}
