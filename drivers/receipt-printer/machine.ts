import { assign, fromPromise, raise, setup } from 'xstate'
import type { Clock } from '../../core/clock/clock.ts'
import type { PrintObstacle, PrintOutcome, TicketFate } from '../../core/device/operations.ts'
import type { Result } from '../../core/result/result.ts'
import type { DeviceLog } from '../device-host/device-service.ts'
import type { OpenTransport, TransportError } from '../transport/transport.ts'
import { cutOff, type CompiledReceipt } from './compile.ts'
import { bytesOfHex, concatBytes, escpos } from './escpos.ts'
import { PrinterLink } from './link.ts'
import { canTell, seesTickets, type ReceiptPrinterProfile } from './profile.ts'
import { conditionsOfAutomatic, isContradictory, obstacleOf, type PrinterConditions, type PrinterMessage } from './status.ts'
import { lookAtTicket, type TrackedTicket } from './ticket.ts'

/** One receipt on its way. */
export interface ActiveJob {
  readonly receipt: CompiledReceipt
  readonly processId: string
  readonly attempt: number
  readonly onSending: () => void
  readonly resolve: (outcome: PrintOutcome) => void
  /** Longest time from the first byte to the printer's own answer. */
  readonly proofLimitMs: number
  /** For printers without process id: when the paper must have come out, counted from the first byte. */
  readonly paperOutMs: number
}

export interface PrinterContext {
  readonly link: PrinterLink | undefined
  readonly job: ActiveJob | undefined
  readonly sendingSince: number | undefined
  /** Why the receipt was stopped; decides the outcome once the buffers are clear or not. */
  readonly stoppedBy: PrintObstacle | undefined
  /** A stop of this receipt that the printer told with its cause. Also when it is over at the next look, the paper is in two parts. */
  readonly toldStop: PrintObstacle | undefined
  readonly proofSeen: boolean
  readonly conditions: PrinterConditions | undefined
  readonly missedChecks: number
  readonly offlineCode: string | undefined
  /** The printer may still hold a receipt of an attempt that nobody saw the end of, also of a process before this one. */
  readonly leftoversPossible: boolean
  /** Part of a receipt may hang uncut in the printer: the next person must not find it at the head of their own. What a process before this one left is told with the job. */
  readonly remainsPossible: boolean
  /** Followed where the model sees its output. */
  readonly ticket: TrackedTicket | undefined
  /** Printed since the near-end sensor first told; comes off what is left of the roll. */
  readonly mmSinceNearEnd: number
}

export type PrinterEvent =
  | { readonly type: 'START' }
  | { readonly type: 'STOP' }
  | { readonly type: 'PRINT'; readonly job: ActiveJob }
  | { readonly type: 'LINK_MESSAGE'; readonly message: PrinterMessage }
  /** A look at the status while a receipt is on its way. */
  | { readonly type: 'LOOKED'; readonly conditions: PrinterConditions }
  | { readonly type: 'LINK_END'; readonly error: TransportError }

export interface PrinterMachineDeps {
  readonly profile: ReceiptPrinterProfile
  readonly clock: Clock
  readonly open: OpenTransport
  readonly log: DeviceLog
  readonly device: string
  readonly onTicket: (processId: string, fate: TicketFate) => void
}

/** Paper back in is seen within 2 s: one pause and one round of questions. */
export const HEARTBEAT_MS = 1_500
/** Between two tries to open a port that is not there. */
export const REOPEN_MS = 1_500
const OPEN_LIMIT_MS = 4_000
/** The status is asked this often while a receipt is on its way, besides what the printer says by itself. */
export const WATCH_MS = 500
/** After a stop the printer is asked again so much later: answers contradict each other around a change. */
const BELIEVE_STOP_MS = 300
/** These a printer does not mend by itself: they are still there after a clearing that was obeyed. */
const MENDED_BY_HAND: readonly PrintObstacle[] = ['no-paper', 'cover-open', 'jam']
/** Clearing empties the buffers and moves the mechanism home. */
export const CLEAR_LIMIT_MS = 3_000
const GREETING_LIMIT_MS = 1_000
/** While a ticket is at the output it is looked at this often. */
export const TICKET_LOOK_MS = 500
/** The first look is soon, but after the news of the print. */
const FIRST_TICKET_LOOK_MS = 250
/** Drawing a ticket back, or letting it go, takes a presenter two or three seconds. */
export const EMPTY_LIMIT_MS = 6_000
/** A clearing that is not answered has had its effect after this. */
const UNHEARD_CLEAR_MS = 800
/** An in-order answer that belongs to an earlier receipt follows the one before it within this: a cut and a little paper. */
const QUIET_MS = 1_500
const DRAIN_LIMIT_MS = 8_000
/** Two unanswered checks in a row: the device is gone, whatever the port says. */
const MISSED_CHECKS_AT_MOST = 2

type CheckResult = Result<PrinterConditions, 'silent'>

/**
 * The life of a receipt printer: open → greet → check → rest, and for each receipt preflight → delivering (sending, then
 * waiting for the printer's own answer, watched all the time) → confirming. Everything ends in exactly one outcome:
 * nothing leaves `delivering` as `not-started`, and nothing is `printed` without our own process id (or the in-order
 * answer of models without one) and a clean status after it.
 */
export function createPrinterMachine({ profile, clock, open, log, device, onTicket }: PrinterMachineDeps) {
  const { presenter } = profile
  const hasSensor = seesTickets(profile)
  const tellsMotor = canTell(profile, 'paper-moving')
  const takeMs = profile.takeSeconds * 1000
  const note = (event: string, fields: Readonly<Record<string, string | number | boolean>> = {}): void => log(`receipt-printer.${event}`, { device, ...fields })

  const proves = (context: PrinterContext, message: PrinterMessage): boolean =>
    profile.proof === 'process-id' ? message.kind === 'process-id' && message.id === context.job?.processId : message.kind === 'in-order'

  const conclude = (context: PrinterContext, outcome: PrintOutcome): Partial<PrinterContext> => {
    if (context.job !== undefined) {
      note('outcome', { kind: outcome.kind, why: outcome.kind === 'printed' ? outcome.proof : outcome.why, attempt: context.job.attempt })
      context.job.resolve(outcome)
    }
    return {
      job: undefined,
      sendingSince: undefined,
      stoppedBy: undefined,
      toldStop: undefined,
      proofSeen: false,
      leftoversPossible: context.leftoversPossible || outcome.kind === 'unknown' || (outcome.kind === 'voided' && profile.clear.method === 'dle-enq-2'),
      remainsPossible: context.remainsPossible || outcome.kind === 'unknown' || outcome.kind === 'voided',
      ...(context.conditions?.has('near-end') === true && outcome.kind !== 'not-started' && { mmSinceNearEnd: context.mmSinceNearEnd + (context.job?.receipt.lengthMm ?? 0) }),
      ...(hasSensor && outcome.kind === 'printed' && context.job !== undefined && {
        ticket: { processId: context.job.processId, stage: 'printed', since: clock.now(), wasSeen: context.conditions?.has('ticket-at-output') === true } as const,
      }),
    }
  }

  /** The outcome of a job whose printer went away, by how far it had come. */
  const lostOutcome = (context: PrinterContext, why: PrintObstacle): PrintOutcome => (context.sendingSince === undefined ? { kind: 'not-started', why } : { kind: 'unknown', why })

  const preflightObstacle = (context: PrinterContext, conditions: PrinterConditions): PrintObstacle | undefined =>
    obstacleOf(conditions) ?? (conditions.has('near-end') && (context.job?.receipt.lengthMm ?? 0) > profile.paper.nearEndReserveMm - context.mmSinceNearEnd ? 'paper-too-short' : undefined)

  const stopToldBy = (conditions: PrinterConditions): PrintObstacle | undefined => (isContradictory(conditions, profile) ? undefined : obstacleOf(conditions))

  const tell = (processId: string, fate: TicketFate): void => {
    note('ticket', { processId, fate })
    onTicket(processId, fate)
  }

  /** Whether clearing without an answer may be believed: the maker says so for this cause, and nothing else is wrong now. */
  const isClearedUnheard = (context: PrinterContext, conditions: PrinterConditions): boolean => {
    if (profile.clear.method !== 'dle-enq-2' || context.stoppedBy === undefined) return false
    const accepted = profile.clear.acceptedFor as readonly PrintObstacle[]
    const now = obstacleOf(conditions)
    return accepted.includes(context.stoppedBy) && (now === context.stoppedBy || (now === undefined && !MENDED_BY_HAND.includes(context.stoppedBy)))
  }
  const clearCommand = profile.clear.method === 'dle-dc4' ? escpos.clearBuffers() : profile.clear.method === 'dle-enq-2' ? escpos.recoverAndClear() : undefined

  const machine = setup({
    // XState takes the types of its events from this value, which is never read; the rule cannot see that.
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-assertion
    types: {} as { context: PrinterContext; events: PrinterEvent },
    actors: {
      openLink: fromPromise<Result<PrinterLink, TransportError>, { readonly send: (event: PrinterEvent) => void }>(async ({ input, signal }) => {
        const opened = await open()
        if (!opened.ok) return opened
        const transport = opened.value
        if (signal.aborted) {
          // Nobody waits for it any more: the time limit has passed, or the service was stopped.
          await transport.close()
          return { ok: false, error: { kind: 'timeout', detail: 'opened-too-late' } }
        }
        return {
          ok: true,
          value: new PrinterLink(transport, profile, clock, (message) => input.send({ type: 'LINK_MESSAGE', message }), (error) => input.send({ type: 'LINK_END', error })),
        }
      }),
      check: fromPromise<CheckResult, { readonly link: PrinterLink | undefined; readonly isIdle?: boolean }>(async ({ input }) => (input.link === undefined ? { ok: false, error: 'silent' } : input.link.askConditions(input.isIdle ?? false))),
      sendReceipt: fromPromise<Result<void, TransportError>, { readonly link: PrinterLink | undefined; readonly segments: readonly Uint8Array[] }>(async ({ input, signal }) => {
        for (const segment of input.segments) {
          if (signal.aborted) break
          const sent = await (input.link?.send(segment) ?? Promise.resolve({ ok: false as const, error: { kind: 'disconnected' as const, detail: 'no-link' } }))
          if (!sent.ok) return sent
        }
        return { ok: true, value: undefined }
      }),
    },
    delays: {
      heartbeat: ({ context: { ticket } }) => (ticket === undefined || ticket.stage === 'left' ? HEARTBEAT_MS : ticket.stage === 'printed' ? FIRST_TICKET_LOOK_MS : TICKET_LOOK_MS),
      ticketLook: TICKET_LOOK_MS,
      emptyLimit: EMPTY_LIMIT_MS,
      unheardClear: UNHEARD_CLEAR_MS,
      quiet: QUIET_MS,
      drainLimit: DRAIN_LIMIT_MS,
      reopen: REOPEN_MS,
      openLimit: OPEN_LIMIT_MS,
      greetingLimit: GREETING_LIMIT_MS,
      watch: WATCH_MS,
      believeStop: BELIEVE_STOP_MS,
      clearLimit: CLEAR_LIMIT_MS,
      proofLimit: ({ context }) => context.job?.proofLimitMs ?? 0,
      paperOut: ({ context }) => Math.max(0, (context.sendingSince ?? clock.now()) + (context.job?.paperOutMs ?? 0) - clock.now()),
    },
    guards: {
      hasJob: ({ context }) => context.job !== undefined,
      hasLink: ({ context }) => context.link !== undefined,
      mayHoldLeftovers: ({ context }) => context.leftoversPossible && profile.clear.method === 'dle-dc4',
      mustPart: ({ context }) => context.remainsPossible && context.link !== undefined && context.conditions !== undefined && obstacleOf(context.conditions) === undefined,
      mayHoldAnswers: ({ context }) => context.leftoversPossible && profile.proof === 'in-order-status',
      clearIsHeard: () => profile.clear.method === 'dle-dc4',
      /** A printer that goes on again already would not obey it. */
      clearIsUnheard: ({ context }) =>
        profile.clear.method === 'dle-enq-2' && context.stoppedBy !== undefined && (profile.clear.acceptedFor as readonly PrintObstacle[]).includes(context.stoppedBy)
        && context.conditions !== undefined && obstacleOf(context.conditions) === context.stoppedBy,
      /** The look at the output just now found a ticket whose time is over, and there is a bin. */
      drawsBack: ({ context }) => context.ticket?.stage === 'presented' && context.conditions?.has('ticket-at-output') === true && clock.now() - context.ticket.since >= takeMs && presenter?.retract !== undefined,
      paperIsOut: ({ event }) => event.type === 'LOOKED' && (event.conditions.has('ticket-at-output') || (tellsMotor && !event.conditions.has('paper-moving'))),
      isOurProof: ({ context, event }) => event.type === 'LINK_MESSAGE' && proves(context, event.message),
      isCleared: ({ event }) => event.type === 'LINK_MESSAGE' && event.message.kind === 'buffers-cleared',
      tellsStop: ({ event }) => event.type === 'LINK_MESSAGE' && event.message.kind === 'automatic' && obstacleOf(conditionsOfAutomatic(event.message.bytes, profile)) !== undefined,
      provedByProcessId: () => profile.proof === 'process-id',
      proofSeen: ({ context }) => context.proofSeen,
      closesWhenIdle: () => profile.link.tcpIdle === 'close',
    },
    actions: {
      takeJob: assign(({ event, context }) => {
        if (event.type !== 'PRINT') return {}
        if (context.job !== undefined) {
          event.job.resolve({ kind: 'not-started', why: 'busy' })
          return {}
        }
        return { job: event.job }
      }),
      refuseJob: ({ event }) => {
        if (event.type === 'PRINT') event.job.resolve({ kind: 'not-started', why: 'link-lost' })
      },
      noteMessage: assign(({ context, event }) => {
        if (event.type !== 'LINK_MESSAGE') return {}
        const { message } = event
        if (message.kind === 'automatic') return { conditions: conditionsOfAutomatic(message.bytes, profile), missedChecks: 0 }
        if (message.kind === 'process-id' && message.id !== context.job?.processId) note('foreign-process-id')
        if (message.kind === 'noise') note('noise', { byte: message.byte })
        return {}
      }),
      beginSending: assign(({ context }) => {
        note('sending', { bytes: context.job?.receipt.byteCount ?? 0, attempt: context.job?.attempt ?? 0 })
        context.job?.onSending()
        return { sendingSince: clock.now() }
      }),
      rememberProof: assign({ proofSeen: true }),
      rememberStop: assign(({ context }, conditions: PrinterConditions) => ({ toldStop: stopToldBy(conditions) ?? context.toldStop })),
      greet: ({ context }) => {
        if (context.leftoversPossible && profile.clear.method === 'dle-dc4') void context.link?.send(escpos.clearBuffers())
      },
      /** Only after the clearing has been answered: what follows it too soon may be thrown away with the rest. */
      wake: ({ context }) => void context.link?.send(concatBytes([escpos.initialise(), escpos.chineseMode(), ...(profile.automaticStatus ? [escpos.automaticStatus(true)] : [])])),
      part: ({ context }) => void context.link?.send(cutOff(profile)),
      remainsAreGone: assign({ remainsPossible: false }),
      sendClear: ({ context }) => {
        if (clearCommand !== undefined) void context.link?.send(clearCommand)
      },
      /** A bin first; without one the ticket is let go; without either a person has to take it. */
      emptyOutput: ({ context }) => {
        note('emptying-output', { processId: context.ticket?.processId ?? 'not-known', way: presenter?.retract !== undefined ? 'retract' : presenter?.eject !== undefined ? 'eject' : 'wait' })
        const command = presenter?.retract ?? presenter?.eject
        if (command !== undefined) void context.link?.send(bytesOfHex(command))
      },
      outputEmptied: assign(({ context }) => {
        if (context.ticket !== undefined) tell(context.ticket.processId, presenter?.retract !== undefined ? 'retracted' : presenter?.eject !== undefined ? 'left' : 'taken')
        return { ticket: undefined }
      }),
      outputStuck: assign(({ context: { ticket } }) => {
        if (ticket === undefined || ticket.stage === 'left') return {}
        tell(ticket.processId, 'left')
        return { ticket: { ...ticket, stage: 'left' as const } }
      }),
      followTicket: assign(({ context }) => {
        if (context.ticket === undefined) return {}
        const look = lookAtTicket(context.ticket, context.conditions?.has('ticket-at-output') === true, clock.now(), takeMs)
        for (const fate of look.fates) tell(context.ticket.processId, fate)
        // Without a bin nothing can be done about it but to say so.
        if (!look.isOverdue || presenter?.retract !== undefined || look.ticket === undefined) return { ticket: look.ticket }
        tell(look.ticket.processId, 'left')
        return { ticket: { ...look.ticket, stage: 'left' as const, since: clock.now() } }
      }),
      askInOrder: ({ context }) => void context.link?.send(escpos.inOrderPaperStatus()),
      forgetLeftovers: assign({ leftoversPossible: false }),
      closeLink: assign(({ context }) => {
        void context.link?.close()
        return { link: undefined }
      }),
      goOffline: assign(({ context }, { code, why }: { code: string; why: PrintObstacle }) => {
        if (context.offlineCode === undefined) note('offline', { code })
        void context.link?.close()
        return { ...conclude(context, lostOutcome(context, why)), link: undefined, offlineCode: code, conditions: undefined, ticket: undefined }
      }),
      countMissedCheck: assign(({ context }) => ({ missedChecks: context.missedChecks + 1 })),
      believe: assign((_, conditions: PrinterConditions) => ({ conditions, missedChecks: 0, offlineCode: undefined, ...(!conditions.has('near-end') && { mmSinceNearEnd: 0 }) })),
      concludeAs: assign(({ context }, outcome: PrintOutcome) => conclude(context, outcome)),
    },
  }).createMachine({
    id: 'receipt-printer',
    context: {
      link: undefined,
      job: undefined,
      sendingSince: undefined,
      stoppedBy: undefined,
      toldStop: undefined,
      proofSeen: false,
      conditions: undefined,
      missedChecks: 0,
      offlineCode: undefined,
      leftoversPossible: true,
      remainsPossible: false,
      ticket: undefined,
      mmSinceNearEnd: 0,
    },
    initial: 'stopped',
    on: {
      STOP: { target: '.stopped', actions: { type: 'goOffline', params: { code: 'stopped', why: 'link-lost' } } },
      PRINT: { actions: 'takeJob' },
      LINK_MESSAGE: { actions: 'noteMessage' },
      LINK_END: { target: '.waitingToReopen', actions: { type: 'goOffline', params: ({ event }) => ({ code: event.error.kind, why: 'link-lost' }) } },
    },
    states: {
      stopped: { on: { START: 'opening', PRINT: { actions: 'refuseJob' } } },
      opening: {
        invoke: {
          src: 'openLink',
          input: ({ self }) => ({ send: (event) => self.send(event) }),
          onDone: [
            { guard: ({ event }) => event.output.ok, target: 'greeting', actions: assign({ link: ({ event }) => (event.output.ok ? event.output.value : undefined) }) },
            { target: 'waitingToReopen', actions: { type: 'goOffline', params: ({ event }) => ({ code: event.output.ok ? 'open' : event.output.error.kind, why: 'link-lost' }) } },
          ],
        },
        after: { openLimit: { target: 'waitingToReopen', actions: { type: 'goOffline', params: { code: 'open-timeout', why: 'link-lost' } } } },
      },
      waitingToReopen: {
        always: { guard: 'hasJob', target: 'opening' },
        after: { reopen: 'opening' },
      },
      /** Sets the mode and makes sure that nothing of an earlier receipt comes out for the next person. */
      greeting: {
        entry: 'greet',
        always: { guard: ({ context }) => !(context.leftoversPossible && profile.clear.method === 'dle-dc4'), target: 'greeted' },
        on: { LINK_MESSAGE: { guard: 'isCleared', target: 'greeted', actions: 'forgetLeftovers' } },
        after: { greetingLimit: 'greeted' },
      },
      greeted: { entry: 'wake', always: [{ guard: 'hasJob', target: 'preflight' }, { target: 'checking' }] },
      checking: {
        invoke: {
          src: 'check',
          input: ({ context }) => ({ link: context.link, isIdle: true }),
          onDone: [
            { guard: ({ event }) => event.output.ok, target: 'resting', actions: [{ type: 'believe', params: ({ event }) => believed(event.output) }, 'followTicket'] },
            { target: 'missed', actions: 'countMissedCheck' },
          ],
        },
      },
      missed: {
        always: [
          { guard: ({ context }) => context.missedChecks >= MISSED_CHECKS_AT_MOST, target: 'waitingToReopen', actions: { type: 'goOffline', params: { code: 'silent', why: 'silent' } } },
          { target: 'resting' },
        ],
      },
      resting: {
        initial: 'deciding',
        states: {
          deciding: { always: [{ guard: 'mustPart', target: '#receipt-printer.parting' }, { guard: 'hasJob', target: '#receipt-printer.ready' }, { guard: 'drawsBack', target: '#receipt-printer.emptyingOutput' }, { guard: 'closesWhenIdle', target: 'closed', actions: 'closeLink' }, { target: 'open' }] },
          open: { after: { heartbeat: '#receipt-printer.checking' } },
          closed: { after: { heartbeat: '#receipt-printer.opening' } },
        },
        on: { PRINT: { target: 'ready', actions: 'takeJob' } },
      },
      ready: { always: [{ guard: 'hasLink', target: 'preflight' }, { target: 'opening' }] },
      preflight: {
        invoke: {
          src: 'check',
          input: ({ context }) => ({ link: context.link, isIdle: true }),
          onDone: [
            { guard: ({ event }) => !event.output.ok, target: 'missed', actions: ['countMissedCheck', { type: 'concludeAs', params: { kind: 'not-started', why: 'silent' } }] },
            {
              guard: ({ context, event }) => preflightObstacle(context, believed(event.output)) !== undefined,
              target: 'resting',
              actions: [
                { type: 'believe', params: ({ event }) => believed(event.output) },
                { type: 'concludeAs', params: ({ context, event }) => ({ kind: 'not-started', why: preflightObstacle(context, believed(event.output)) ?? 'fault' }) },
              ],
            },
            { guard: ({ context }) => context.remainsPossible, target: 'resting', actions: { type: 'believe', params: ({ event }) => believed(event.output) } },
            { guard: 'mayHoldAnswers', target: 'draining', actions: { type: 'believe', params: ({ event }) => believed(event.output) } },
            // Nobody may find somebody else's paper behind their own.
            { guard: ({ event }) => believed(event.output).has('ticket-at-output'), target: 'emptyingOutput', actions: [{ type: 'believe', params: ({ event }) => believed(event.output) }, 'followTicket'] },
            { target: 'delivering', actions: [{ type: 'believe', params: ({ event }) => believed(event.output) }, 'followTicket'] },
          ],
        },
      },
      /** Cuts off what an unfinished receipt left hanging, as soon as the printer is well; believed when it still is afterwards. */
      parting: {
        entry: 'part',
        initial: 'moving',
        states: {
          moving: { after: { ticketLook: 'looking' } },
          looking: {
            invoke: {
              src: 'check',
              input: ({ context }) => ({ link: context.link }),
              onDone: [
                { guard: ({ event }) => !event.output.ok, target: '#receipt-printer.missed', actions: ['countMissedCheck', { type: 'concludeAs', params: { kind: 'not-started', why: 'silent' } }] },
                { guard: ({ event }) => obstacleOf(believed(event.output)) === undefined, target: '#receipt-printer.resting', actions: [{ type: 'believe', params: ({ event }) => believed(event.output) }, 'remainsAreGone'] },
                { target: '#receipt-printer.checking', actions: { type: 'concludeAs', params: ({ event }) => ({ kind: 'not-started', why: obstacleOf(believed(event.output)) ?? 'fault' }) } },
              ],
            },
          },
        },
      },
      /**
       * An in-order answer does not say whose it is. After an end that nobody saw, the printer may still print the rest of
       * that receipt and answer for it: it is asked, and its answers are listened to until it has no more to say.
       */
      draining: {
        entry: 'askInOrder',
        initial: 'waiting',
        states: { waiting: {}, quiet: { after: { quiet: { target: '#receipt-printer.preflight', actions: 'forgetLeftovers' } } } },
        on: { LINK_MESSAGE: [{ guard: ({ event }) => event.message.kind === 'in-order', target: '.quiet' }, { actions: 'noteMessage' }] },
        after: { drainLimit: { target: 'checking', actions: { type: 'concludeAs', params: { kind: 'not-started', why: 'busy' } } } },
      },
      /** Draws a ticket back that nobody took, or clears the output for the next receipt. */
      emptyingOutput: {
        entry: 'emptyOutput',
        initial: 'moving',
        states: {
          moving: { after: { ticketLook: 'looking' } },
          looking: {
            invoke: {
              src: 'check',
              input: ({ context }) => ({ link: context.link, isIdle: true }),
              onDone: [
                { guard: ({ event }) => event.output.ok && !event.output.value.has('ticket-at-output'), target: '#receipt-printer.resting', actions: [{ type: 'believe', params: ({ event }) => believed(event.output) }, 'outputEmptied'] },
                { target: 'moving' },
              ],
            },
          },
        },
        after: {
          emptyLimit: [
            { guard: 'hasJob', target: 'checking', actions: ['outputStuck', { type: 'concludeAs', params: { kind: 'not-started', why: 'jam' } }] },
            { target: 'checking', actions: 'outputStuck' },
          ],
        },
      },
      delivering: {
        entry: 'beginSending',
        type: 'parallel',
        after: { proofLimit: { target: 'greeting', actions: { type: 'concludeAs', params: { kind: 'unknown', why: 'silent' } } } },
        states: {
          delivery: {
            initial: 'sending',
            states: {
              sending: {
                invoke: {
                  src: 'sendReceipt',
                  input: ({ context }) => ({ link: context.link, segments: context.job?.receipt.segments ?? [] }),
                  onDone: [
                    { guard: ({ event }) => event.output.ok, target: 'awaitingProof' },
                    { target: '#receipt-printer.waitingToReopen', actions: { type: 'goOffline', params: { code: 'write-failed', why: 'link-lost' } } },
                  ],
                },
              },
              awaitingProof: {},
              /** The bytes were taken from the buffer; the paper needs its time, or the printer tells that it is out. */
              paperMoving: {
                on: { LOOKED: { guard: 'paperIsOut', target: '#receipt-printer.confirming' } },
                after: { paperOut: '#receipt-printer.confirming' },
              },
            },
            on: {
              LINK_MESSAGE: [
                { guard: ({ context, event }) => proves(context, event.message) && profile.proof === 'process-id', target: '#receipt-printer.confirming' },
                { guard: 'isOurProof', target: '.paperMoving' },
              ],
            },
          },
          watch: {
            initial: 'waiting',
            states: {
              waiting: { after: { watch: 'asking' } },
              asking: {
                invoke: {
                  src: 'check',
                  input: ({ context }) => ({ link: context.link }),
                  onDone: [
                    { guard: ({ event }) => event.output.ok && obstacleOf(event.output.value) !== undefined, target: 'suspicious', actions: { type: 'rememberStop', params: ({ event }) => believed(event.output) } },
                    { guard: ({ event }) => event.output.ok, target: 'waiting', actions: raise(({ event }) => ({ type: 'LOOKED' as const, conditions: believed(event.output) })) },
                    { target: 'waiting' },
                  ],
                },
              },
              suspicious: { after: { believeStop: 'askingAgain' } },
              askingAgain: {
                invoke: {
                  src: 'check',
                  input: ({ context }) => ({ link: context.link }),
                  onDone: [
                    {
                      guard: ({ event }) => event.output.ok && obstacleOf(event.output.value) !== undefined,
                      target: '#receipt-printer.stopped-in-the-middle',
                      actions: [
                        { type: 'believe', params: ({ event }) => believed(event.output) },
                        assign({ stoppedBy: ({ event }) => obstacleOf(believed(event.output)) ?? 'fault' }),
                      ],
                    },
                    // A new roll is in already and the rest runs out on it: two parts are no receipt.
                    {
                      guard: ({ context, event }) => event.output.ok && context.toldStop !== undefined,
                      target: '#receipt-printer.stopped-in-the-middle',
                      actions: [{ type: 'believe', params: ({ event }) => believed(event.output) }, assign({ stoppedBy: ({ context }) => context.toldStop })],
                    },
                    { target: 'waiting' },
                  ],
                },
              },
            },
            on: {
              LINK_MESSAGE: {
                guard: 'tellsStop',
                target: '.suspicious',
                actions: ['noteMessage', { type: 'rememberStop', params: ({ event }) => (event.message.kind === 'automatic' ? conditionsOfAutomatic(event.message.bytes, profile) : new Set()) }],
              },
            },
          },
        },
      },
      'stopped-in-the-middle': {
        always: [
          { guard: 'clearIsHeard', target: 'clearing' },
          { guard: 'clearIsUnheard', target: 'clearingUnheard' },
          // What the printer holds will come out by itself once the cause is mended: nobody may print a second one.
          { target: 'greeting', actions: { type: 'concludeAs', params: ({ context }) => ({ kind: 'unknown', why: context.stoppedBy ?? 'fault' }) } },
        ],
      },
      clearing: {
        entry: 'sendClear',
        on: {
          LINK_MESSAGE: [
            // The whole receipt had come out after all, though the printer complains: a person must look.
            { guard: 'isOurProof', actions: 'rememberProof' },
            { guard: ({ context, event }) => event.message.kind === 'buffers-cleared' && context.proofSeen, target: 'greeting', actions: { type: 'concludeAs', params: ({ context }) => ({ kind: 'unknown', why: context.stoppedBy ?? 'fault' }) } },
            { guard: 'isCleared', target: 'greeting', actions: ['forgetLeftovers', { type: 'concludeAs', params: ({ context }) => ({ kind: 'voided', why: context.stoppedBy ?? 'fault' }) }] },
            { actions: 'noteMessage' },
          ],
        },
        after: { clearLimit: { target: 'greeting', actions: { type: 'concludeAs', params: ({ context }) => ({ kind: 'unknown', why: context.stoppedBy ?? 'fault' }) } } },
      },
      /** The command is not answered: what the printer says of itself afterwards must fit to its having been obeyed. */
      clearingUnheard: {
        entry: 'sendClear',
        initial: 'settling',
        states: {
          settling: { after: { unheardClear: 'looking' } },
          looking: {
            invoke: {
              src: 'check',
              input: ({ context }) => ({ link: context.link }),
              onDone: [
                {
                  guard: ({ context, event }) => event.output.ok && !context.proofSeen && isClearedUnheard(context, event.output.value),
                  target: '#receipt-printer.greeting',
                  actions: [{ type: 'believe', params: ({ event }) => believed(event.output) }, { type: 'concludeAs', params: ({ context }) => ({ kind: 'voided', why: context.stoppedBy ?? 'fault' }) }],
                },
                { target: '#receipt-printer.greeting', actions: { type: 'concludeAs', params: ({ context }) => ({ kind: 'unknown', why: context.stoppedBy ?? 'fault' }) } },
              ],
            },
          },
        },
        on: { LINK_MESSAGE: [{ guard: 'isOurProof', actions: 'rememberProof' }, { actions: 'noteMessage' }] },
      },
      /** The answer carries our id; a status after it must show no error before anyone says "printed". */
      confirming: {
        invoke: {
          src: 'check',
          input: ({ context }) => ({ link: context.link }),
          onDone: [
            { guard: ({ event }) => !event.output.ok, target: 'greeting', actions: { type: 'concludeAs', params: { kind: 'unknown', why: 'silent' } } },
            {
              guard: ({ event }) => obstacleOf(believed(event.output)) !== undefined,
              target: 'greeting',
              actions: [
                { type: 'believe', params: ({ event }) => believed(event.output) },
                { type: 'concludeAs', params: ({ event }) => ({ kind: 'unknown', why: obstacleOf(believed(event.output)) ?? 'fault' }) },
              ],
            },
            // It came to the end, after a stop on the way: whether in one piece, only eyes can tell.
            {
              guard: ({ context }) => context.toldStop !== undefined,
              target: 'greeting',
              actions: [{ type: 'believe', params: ({ event }) => believed(event.output) }, { type: 'concludeAs', params: ({ context }) => ({ kind: 'unknown', why: context.toldStop ?? 'fault' }) }],
            },
            {
              target: 'resting',
              actions: [
                { type: 'believe', params: ({ event }) => believed(event.output) },
                { type: 'concludeAs', params: { kind: 'printed', proof: profile.proof } },
              ],
            },
          ],
        },
      },
    },
  })
  return machine
}

function believed(result: CheckResult): PrinterConditions {
  return result.ok ? result.value : new Set()
}
