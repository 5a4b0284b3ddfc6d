import { assign, fromPromise, setup } from 'xstate'
import type { Clock } from '../../core/clock/clock.ts'
import type { PagePrintObstacle, PagePrintOutcome, PagePrintProgress } from '../../core/device/operations.ts'
import type { Result } from '../../core/result/result.ts'
import type { PagePrintJob } from '../device-host/contract.ts'
import type { PrinterSight } from './sight.ts'
import type { JobRef, JobSight, PrinterWork, SendAnswer, Silence } from './work.ts'
import { isFinal } from './work.ts'

/** How often an idle printer is asked how it is: its true state shows within two seconds. */
export const HEARTBEAT_MS = 1_500
/** Facts, section 7: every 0.5 to 1 s while a job runs. */
export const JOB_POLL_MS = 700
/** Waits before a printer that is gone is asked again; the last one repeats. */
export const BACK_OFF_MS = [1_000, 2_000, 4_000, 8_000, 15_000] as const
/** One missed answer may be a printer that wakes up. A refused connection is believed at once. */
const MISSES_AT_MOST = 2
/** A printer that still works on another job is waited for so long. */
export const BUSY_LIMIT_MS = 30_000
/** Printers were seen to say "completed" before they had counted the last page. */
export const COUNT_LIMIT_MS = 5_000
/** Paper out or a jam in the middle: so long somebody may mend it while the citizen waits. */
export const HELD_UP_LIMIT_MS = 60_000
/** Nothing moves and the printer names no cause. */
export const STANDSTILL_LIMIT_MS = 60_000
/** So long a printer that fell silent in the middle may come back and tell how it ended. */
export const LOST_LIMIT_MS = 20_000
/** So long a job that was taken back may take to end. */
export const CANCEL_LIMIT_MS = 15_000
/** Jobs of unknown end that are taken back when the printer can be reached again. */
const MOST_LEFTOVERS = 20

export interface PrintRequest {
  readonly job: PagePrintJob
  readonly onProgress: (progress: PagePrintProgress) => void
  readonly resolve: (outcome: PagePrintOutcome) => void
}

export type PagePrinterEvent = { readonly type: 'START' } | { readonly type: 'STOP' } | { readonly type: 'PRINT'; readonly request: PrintRequest }

export interface PagePrinterContext {
  readonly request: PrintRequest | undefined
  readonly sight: PrinterSight | undefined
  readonly silence: Silence | undefined
  readonly misses: number
  /** Looks in a row that found nobody; the back-off grows with it. */
  readonly failures: number
  /** When the printer was taken as busy for the first time before this job. */
  readonly busySince: number | undefined
  readonly ref: JobRef | undefined
  /** The printer's life counter before the job, taken only while nobody else had jobs there. */
  readonly counterBefore: number | undefined
  /** From the first byte of the document on. */
  readonly sent: boolean
  /** The job as it was last told. */
  readonly told: JobSight | undefined
  readonly heldUpBy: PagePrintObstacle | undefined
  /** When the job last moved, was first found complete, was last heard of, was taken back. */
  readonly movedAt: number
  readonly completeSince: number | undefined
  readonly heardAt: number
  readonly cancelledAt: number | undefined
  /** Names of jobs that we gave up and that may still wait inside the printer. */
  readonly leftovers: readonly string[]
}

const NO_JOB = {
  request: undefined, busySince: undefined, ref: undefined, counterBefore: undefined, sent: false, told: undefined,
  heldUpBy: undefined, completeSince: undefined, cancelledAt: undefined,
} as const

export interface MachineDependencies {
  readonly work: PrinterWork
  readonly clock: Clock
  /** Both sides of a sheet: a blank back of the last sheet may be counted. */
  readonly duplex: boolean
  readonly note: (event: string, fields: Readonly<Record<string, string | number | boolean>>) => void
}

/** The outcome that a job's sight proves; `undefined` while it proves nothing yet. */
export function outcomeOf(context: PagePrinterContext, sight: JobSight, now: number, duplex: boolean): PagePrintOutcome | undefined {
  const pages = context.request?.job.pages ?? 0
  const why = sight.obstacles[0] ?? context.heldUpBy
  switch (sight.phase) {
    case 'waiting': case 'printing': case 'stopped': return undefined
    case 'forgotten': return { kind: 'unknown', why: why ?? 'silent' }
    case 'ended': {
      const out = sight.impressions
      if (out === undefined || out >= pages) return { kind: 'unknown', why: why ?? (out === undefined ? 'silent' : 'fault') }
      return { kind: 'stopped', why: why ?? 'fault', pages: out }
    }
    case 'completed': {
      const counted = sight.impressions ?? countedByPrinter(context, sight)
      if (counted === pages || (duplex && counted === pages + (pages % 2))) return { kind: 'printed', pages }
      if (now - (context.completeSince ?? now) < COUNT_LIMIT_MS) return undefined
      return { kind: 'unknown', why: counted === undefined ? 'silent' : (why ?? 'fault') }
    }
  }
}

/** For printers that count no sides per job: their life counter, if only our job can have moved it. */
function countedByPrinter({ counterBefore }: PagePrinterContext, { printer }: JobSight): number | undefined {
  if (counterBefore === undefined || printer?.impressions === undefined || printer.queued > 0) return undefined
  return printer.impressions - counterBefore
}

export function pagePrinterMachine({ work, clock, duplex, note }: MachineDependencies) {
  function conclude(context: PagePrinterContext, outcome: PagePrintOutcome): Partial<PagePrinterContext> {
    const { request } = context
    if (request === undefined) return NO_JOB
    note('page-print', { result: outcome.kind, ...('why' in outcome && { why: outcome.why }) })
    request.resolve(outcome)
    return NO_JOB
  }

  const remembered = ({ leftovers }: PagePrinterContext, name: string): readonly string[] => [...leftovers.filter((other) => other !== name), name].slice(-MOST_LEFTOVERS)

  const heard = (sight: PrinterSight): Partial<PagePrinterContext> => ({ sight, silence: undefined, misses: 0, failures: 0 })

  const missed = (context: PagePrinterContext, silence: Silence): Partial<PagePrinterContext> => {
    const misses = context.misses + 1
    const believed = misses >= MISSES_AT_MOST || silence.why !== 'silent' || context.sight === undefined || context.silence !== undefined
    if (believed && context.silence === undefined) note('page-printer-gone', { code: silence.code })
    return believed ? { misses, silence, failures: context.failures + 1, sight: undefined } : { misses }
  }

  /** What stands in the way before anything is sent; a printer that works on another job is waited for. */
  const obstacleBefore = (sight: PrinterSight): PagePrintObstacle | undefined => sight.obstacles[0]
  const isBusy = (sight: PrinterSight): boolean => sight.state === 'processing' || sight.queued > 0

  return setup({
    types: { context: {} as PagePrinterContext, events: {} as PagePrinterEvent },
    actors: {
      look: fromPromise<Result<PrinterSight, Silence>>(({ signal }) => work.look(signal)),
      find: fromPromise<Awaited<ReturnType<PrinterWork['find']>>, { readonly name: string }>(({ input, signal }) => work.find(input.name, signal)),
      send: fromPromise<SendAnswer, { readonly job: PagePrintJob; readonly sight: PrinterSight }>(({ input, signal }) => work.send(input.job, input.sight, signal)),
      follow: fromPromise<Result<JobSight, Silence>, { readonly ref: JobRef }>(({ input, signal }) => work.follow(input.ref, signal)),
      cancel: fromPromise<void, { readonly ref: JobRef }>(({ input, signal }) => work.cancel(input.ref, signal)),
      /** Takes back one job that was given up; answers with its name when that is settled. */
      takeBack: fromPromise<string | undefined, { readonly name: string }>(async ({ input, signal }) => {
        const found = await work.find(input.name, signal)
        if (!found.ok) return undefined
        if (found.value !== undefined && !isFinal(found.value.phase)) await work.cancel(found.value.job, signal)
        return input.name
      }),
    },
    delays: {
      heartbeat: HEARTBEAT_MS,
      jobPoll: JOB_POLL_MS,
      backOff: ({ context }) => BACK_OFF_MS[Math.min(context.failures, BACK_OFF_MS.length) - 1] ?? BACK_OFF_MS[0],
    },
    guards: {
      isGone: ({ context }) => context.silence !== undefined,
      isLostForGood: ({ context }) => clock.now() - context.heardAt >= LOST_LIMIT_MS,
      cancelTookTooLong: ({ context }) => context.cancelledAt !== undefined && clock.now() - context.cancelledAt >= CANCEL_LIMIT_MS,
      standsTooLong: ({ context }) => context.cancelledAt === undefined && context.told?.phase !== 'completed'
        && clock.now() - context.movedAt >= (context.heldUpBy === undefined ? STANDSTILL_LIMIT_MS : HELD_UP_LIMIT_MS),
    },
    actions: {
      takeRequest: assign(({ event }) => (event.type === 'PRINT' ? { ...NO_JOB, request: event.request } : {})),
      refuse: ({ event }, outcome: PagePrintOutcome) => {
        if (event.type === 'PRINT') event.request.resolve(outcome)
      },
      heard: assign((_, sight: PrinterSight) => heard(sight)),
      missed: assign(({ context }, silence: Silence) => missed(context, silence)),
      concludeAs: assign(({ context }, outcome: PagePrintOutcome) => conclude(context, outcome)),
      /** Gives the job up: nobody knows its end. What may still lie in the printer is taken back when it can be reached. */
      giveUp: assign(({ context }, why: PagePrintObstacle) => ({
        leftovers: context.request === undefined ? context.leftovers : remembered(context, context.request.job.number),
        ...conclude(context, { kind: 'unknown', why }),
      })),
      forgetSight: assign({ sight: undefined, silence: undefined, misses: 0, failures: 0 }),
      startFollowing: assign((_, ref: JobRef) => ({ ref, sent: true, movedAt: clock.now(), heardAt: clock.now() })),
      beginSearch: assign({ movedAt: () => clock.now(), heardAt: () => clock.now() }),
      noteJob: assign(({ context }, sight: JobSight) => {
        const now = clock.now()
        const moved = sight.phase !== context.told?.phase || sight.impressions !== context.told.impressions
        const why = isFinal(sight.phase) ? undefined : sight.obstacles[0]
        if (context.request !== undefined && !isFinal(sight.phase)) {
          if (why !== undefined && why !== context.heldUpBy) context.request.onProgress({ kind: 'waiting', why })
          if (why === undefined && (moved || context.heldUpBy !== undefined) && sight.phase === 'printing') {
            context.request.onProgress({ kind: 'printing', page: Math.min((sight.impressions ?? 0) + 1, context.request.job.pages) })
          }
        }
        return {
          ...(sight.printer !== undefined && heard(sight.printer)),
          told: sight, heardAt: now,
          // A new cause of standing still has its own patience; a final job keeps the cause that it died of.
          heldUpBy: isFinal(sight.phase) ? context.heldUpBy : why,
          movedAt: moved || (why !== context.heldUpBy && !isFinal(sight.phase)) ? now : context.movedAt,
          completeSince: sight.phase === 'completed' ? (context.completeSince ?? now) : undefined,
        }
      }),
      noteCancelled: assign({ cancelledAt: ({ context }) => context.cancelledAt ?? clock.now() }),
    },
  }).createMachine({
    id: 'page-printer',
    context: { ...NO_JOB, sight: undefined, silence: undefined, misses: 0, failures: 0, movedAt: 0, heardAt: 0, leftovers: [] },
    initial: 'stopped',
    on: {
      PRINT: { actions: { type: 'refuse', params: { kind: 'not-started', why: 'busy' } } },
      STOP: { target: '.stopped', actions: { type: 'concludeAs', params: ({ context }) => ({ kind: context.sent ? 'unknown' : 'not-started', why: 'link-lost' }) } },
    },
    states: {
      stopped: {
        entry: 'forgetSight',
        on: { START: 'looking', PRINT: { actions: { type: 'refuse', params: { kind: 'not-started', why: 'link-lost' } } } },
      },

      // --- without a job ------------------------------------------------------------------------------------------------
      looking: {
        on: { PRINT: { target: 'preflight', actions: 'takeRequest' } },
        invoke: {
          src: 'look',
          onDone: [
            { guard: ({ event, context }) => event.output.ok && context.leftovers.length > 0, target: 'takingBack', actions: { type: 'heard', params: ({ event }) => valueOf(event.output) } },
            { guard: ({ event }) => event.output.ok, target: 'resting', actions: { type: 'heard', params: ({ event }) => valueOf(event.output) } },
            { target: 'resting', actions: { type: 'missed', params: ({ event }) => errorOf(event.output) } },
          ],
        },
      },
      takingBack: {
        on: { PRINT: { target: 'preflight', actions: 'takeRequest' } },
        invoke: {
          src: 'takeBack',
          input: ({ context }) => ({ name: context.leftovers[0] ?? '' }),
          onDone: { target: 'resting', actions: assign(({ context, event }) => ({ leftovers: context.leftovers.filter((name) => name !== event.output) })) },
        },
      },
      resting: {
        on: { PRINT: { target: 'preflight', actions: 'takeRequest' } },
        initial: 'choosing',
        states: {
          choosing: { always: [{ guard: 'isGone', target: 'waiting' }, { target: 'idle' }] },
          idle: { after: { heartbeat: '#page-printer.looking' } },
          waiting: { after: { backOff: '#page-printer.looking' } },
        },
      },

      // --- before anything is sent --------------------------------------------------------------------------------------
      preflight: {
        invoke: {
          src: 'look',
          onDone: [
            {
              guard: ({ event }) => !event.output.ok,
              target: 'resting',
              actions: [{ type: 'missed', params: ({ event }) => errorOf(event.output) }, { type: 'concludeAs', params: ({ event }) => ({ kind: 'not-started', why: errorOf(event.output).why }) }],
            },
            {
              guard: ({ event }) => obstacleBefore(valueOf(event.output)) !== undefined,
              target: 'resting',
              actions: [{ type: 'heard', params: ({ event }) => valueOf(event.output) }, { type: 'concludeAs', params: ({ event }) => ({ kind: 'not-started', why: obstacleBefore(valueOf(event.output)) ?? 'fault' }) }],
            },
            {
              guard: ({ context, event }) => isBusy(valueOf(event.output)) && context.busySince !== undefined && clock.now() - context.busySince >= BUSY_LIMIT_MS,
              target: 'resting',
              actions: [{ type: 'heard', params: ({ event }) => valueOf(event.output) }, { type: 'concludeAs', params: { kind: 'not-started', why: 'busy' } }],
            },
            {
              guard: ({ event }) => isBusy(valueOf(event.output)),
              target: 'waitingForTurn',
              actions: [
                { type: 'heard', params: ({ event }) => valueOf(event.output) },
                ({ context }) => { if (context.busySince === undefined) context.request?.onProgress({ kind: 'waiting', why: 'busy' }) },
                assign({ busySince: ({ context }) => context.busySince ?? clock.now() }),
              ],
            },
            {
              target: 'recognising',
              actions: [{ type: 'heard', params: ({ event }) => valueOf(event.output) }, assign({ counterBefore: ({ event }) => valueOf(event.output).impressions })],
            },
          ],
        },
      },
      waitingForTurn: {
        after: { jobPoll: 'preflight' },
      },
      /** A job of this number may be there already, from before this process: then it is followed, never sent twice. */
      recognising: {
        invoke: {
          src: 'find',
          input: ({ context }) => ({ name: context.request?.job.number ?? '' }),
          onDone: [
            { guard: ({ event }) => !event.output.ok, target: 'resting', actions: [{ type: 'missed', params: ({ event }) => errorOf(event.output) }, { type: 'concludeAs', params: ({ event }) => ({ kind: 'not-started', why: errorOf(event.output).why }) }] },
            {
              guard: ({ event }) => event.output.ok && event.output.value !== undefined && event.output.value.phase !== 'ended',
              target: 'following',
              actions: [assign({ counterBefore: undefined }), { type: 'startFollowing', params: ({ event }) => foundIn(event.output) }],
            },
            { target: 'sending' },
          ],
        },
      },

      // --- from the first byte on: an end that is not known is `unknown` ------------------------------------------------
      sending: {
        entry: [assign({ sent: true }), ({ context }) => context.request?.onProgress({ kind: 'sending' })],
        invoke: {
          src: 'send',
          input: ({ context }) => requireJob(context),
          onDone: [
            { guard: ({ event }) => event.output.kind === 'accepted', target: 'following', actions: { type: 'startFollowing', params: ({ event }) => acceptedIn(event.output) } },
            { guard: ({ event }) => event.output.kind === 'refused', target: 'resting', actions: { type: 'concludeAs', params: ({ event }) => ({ kind: 'not-started', why: refusedIn(event.output) }) } },
            { target: 'searching', actions: ['beginSearch', { type: 'missed', params: ({ event }) => doubtIn(event.output) }] },
          ],
        },
      },
      /** The answer was lost: the printer is asked for a job of our name before anything else. */
      searching: {
        invoke: {
          src: 'find',
          input: ({ context }) => ({ name: context.request?.job.number ?? '' }),
          onDone: [
            { guard: ({ event }) => event.output.ok && event.output.value !== undefined, target: 'following', actions: { type: 'startFollowing', params: ({ event }) => foundIn(event.output) } },
            { guard: 'isLostForGood', target: 'resting', actions: { type: 'giveUp', params: ({ event }) => (event.output.ok ? 'silent' : event.output.error.why) } },
            { guard: ({ event }) => !event.output.ok, target: 'searchingAgain', actions: { type: 'missed', params: ({ event }) => errorOf(event.output) } },
            { target: 'searchingAgain' },
          ],
        },
      },
      searchingAgain: {
        after: { jobPoll: 'searching' },
      },
      following: {
        invoke: {
          src: 'follow',
          input: ({ context }) => ({ ref: context.ref ?? { id: 0, name: '' } }),
          onDone: [
            { guard: ({ event }) => event.output.ok, target: 'judging', actions: { type: 'noteJob', params: ({ event }) => valueOf(event.output) } },
            { guard: 'isLostForGood', target: 'resting', actions: [{ type: 'missed', params: ({ event }) => errorOf(event.output) }, { type: 'giveUp', params: ({ event }) => errorOf(event.output).why }] },
            { target: 'betweenLooks', actions: { type: 'missed', params: ({ event }) => errorOf(event.output) } },
          ],
        },
      },
      judging: {
        always: [
          { guard: ({ context }) => judged(context) !== undefined, target: 'resting', actions: { type: 'concludeAs', params: ({ context }) => judged(context) ?? { kind: 'unknown', why: 'fault' } } },
          { guard: 'cancelTookTooLong', target: 'resting', actions: { type: 'giveUp', params: ({ context }) => context.heldUpBy ?? 'silent' } },
          { guard: 'standsTooLong', target: 'cancelling' },
          { target: 'betweenLooks' },
        ],
      },
      betweenLooks: {
        after: { jobPoll: 'following' },
      },
      /** Nobody mended it in time. What waits inside must not come out for the next person: the job is taken back. */
      cancelling: {
        entry: 'noteCancelled',
        invoke: { src: 'cancel', input: ({ context }) => ({ ref: context.ref ?? { id: 0, name: '' } }), onDone: 'betweenLooks' },
      },
    },
  })

  function judged(context: PagePrinterContext): PagePrintOutcome | undefined {
    return context.told && outcomeOf(context, context.told, clock.now(), duplex)
  }
}

function requireJob({ request, sight }: PagePrinterContext): { readonly job: PagePrintJob; readonly sight: PrinterSight } {
  if (request === undefined || sight === undefined) throw new Error('nothing to send')
  return { job: request.job, sight }
}

function valueOf<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error('the guard before lets only answers through')
  return result.value
}

function errorOf(result: Result<unknown, Silence>): Silence {
  return result.ok ? { why: 'silent', code: 'none' } : result.error
}

function foundIn(result: Result<{ readonly job: JobRef } | undefined, Silence>): JobRef {
  return result.ok && result.value !== undefined ? result.value.job : { id: 0, name: '' }
}

function acceptedIn(answer: SendAnswer): JobRef {
  return answer.kind === 'accepted' ? answer.job : { id: 0, name: '' }
}

function refusedIn(answer: SendAnswer): PagePrintObstacle {
  return answer.kind === 'refused' ? answer.why : 'fault'
}

function doubtIn(answer: SendAnswer): Silence {
  return answer.kind === 'doubtful' ? answer.silence : { why: 'silent', code: 'none' }
}
