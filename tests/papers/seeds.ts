import type { PaperSet } from './paper.ts'

/**
 * The seeds of the two sets. Templates, thresholds and engines are tuned with the first; the second is for the report only,
 * and nobody looks at its pages while tuning, or its figures would say nothing about papers that nobody has seen.
 */
export const SET_SEEDS: Readonly<Record<PaperSet, number>> = { tuning: 20_260_401, 'held-back': 68_450_917 }
