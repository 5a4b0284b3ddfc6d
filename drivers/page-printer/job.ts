import type { PagePrintObstacle } from '../../core/device/operations.ts'
import type { IppMembers } from './ipp.ts'
import { whole, word, words } from './ipp.ts'
import { byWeight, obstaclesOfReasons } from './sight.ts'

/** A job as a printer or a queue tells of it. */
export interface PrinterJob {
  readonly id: number
  readonly name: string
  /** RFC 8011, section 5.3.7: pending and held (3, 4), processing (5), stopped (6), canceled and aborted (7, 8), completed (9). */
  readonly phase: 'waiting' | 'printing' | 'stopped' | 'ended' | 'completed'
  /** Sides that are out, when it is told. */
  readonly impressions: number | undefined
  readonly obstacles: readonly PagePrintObstacle[]
}

export const JOB_ATTRIBUTES = ['job-id', 'job-name', 'job-state', 'job-state-reasons', 'job-impressions-completed'] as const

const PHASES = { 3: 'waiting', 4: 'waiting', 5: 'printing', 6: 'stopped', 7: 'ended', 8: 'ended', 9: 'completed' } as const

/** `undefined` for what tells neither id nor state. */
export function readJob(attributes: IppMembers): PrinterJob | undefined {
  const id = whole(attributes, 'job-id')
  const phase = PHASES[(whole(attributes, 'job-state') ?? 0) as keyof typeof PHASES] as PrinterJob['phase'] | undefined
  if (id === undefined || phase === undefined) return undefined
  const impressions = whole(attributes, 'job-impressions-completed')
  return {
    id, phase,
    name: word(attributes, 'job-name') ?? '',
    impressions: impressions !== undefined && impressions >= 0 ? impressions : undefined,
    obstacles: byWeight(obstaclesOfReasons(words(attributes, 'job-state-reasons'))),
  }
}

/** Is it over, whatever its end? */
export function isOver(job: Pick<PrinterJob, 'phase'>): boolean {
  return job.phase === 'ended' || job.phase === 'completed'
}
