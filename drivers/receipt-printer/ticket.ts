import type { TicketFate } from '../../core/device/operations.ts'

/** A printed receipt that a printer with a sensor at its output is watched for. */
export interface TrackedTicket {
  readonly processId: string
  /** `printed`: not told as presented yet. `left`: told as left; it may still be taken. */
  readonly stage: 'printed' | 'presented' | 'left'
  /** Epoch milliseconds of the stage. */
  readonly since: number
  /** The sensor has seen it, so that its absence means something. */
  readonly wasSeen: boolean
}

/** The sensor may see the paper a little after the printer's own answer; one that is never seen there is never spoken of again. */
export const APPEARS_WITHIN_MS = 3_000

export interface TicketLook {
  /** Undefined: there is nothing more to follow. */
  readonly ticket: TrackedTicket | undefined
  /** What is to be told now, in this order. */
  readonly fates: readonly TicketFate[]
  /** The time to take it is over. */
  readonly isOverdue: boolean
}

/** What a look at the output sensor says about a ticket. Pure: sensor and time in, news out. */
export function lookAtTicket(ticket: TrackedTicket, isAtOutput: boolean, now: number, takeMs: number): TicketLook {
  switch (ticket.stage) {
    case 'printed': {
      if (isAtOutput) return { ticket: { ...ticket, stage: 'presented', since: now, wasSeen: true }, fates: ['presented'], isOverdue: false }
      // Somebody was quick: it had been seen in the moment of the proof.
      if (ticket.wasSeen) return { ticket: undefined, fates: ['presented', 'taken'], isOverdue: false }
      return { ticket: now - ticket.since < APPEARS_WITHIN_MS ? ticket : undefined, fates: [], isOverdue: false }
    }
    case 'presented':
      if (!isAtOutput) return { ticket: undefined, fates: ['taken'], isOverdue: false }
      return { ticket, fates: [], isOverdue: now - ticket.since >= takeMs }
    case 'left':
      return isAtOutput ? { ticket, fates: [], isOverdue: false } : { ticket: undefined, fates: ['taken'], isOverdue: false }
  }
}
