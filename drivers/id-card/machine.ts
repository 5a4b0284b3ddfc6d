import { assign, emit, fromPromise, setup } from 'xstate'
import type { CardReadError, CardReadProgress } from '../../core/device/operations.ts'
import type { DeviceState } from '../../core/device/status.ts'
import type { Identity } from '../../core/identity/identity.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import type { ExchangeFailure, SamReply } from './link.ts'
import { addressesOf } from './sam.ts'
import type { SamCommand } from './sam.ts'
import { outcomeOf } from './steps.ts'
import type { Step, StepOutcome, Trouble } from './steps.ts'

/** Waits before the port is opened again, first to last; the last one repeats. */
const BACK_OFF_MS = [1_000, 2_000, 5_000, 10_000, 30_000] as const
/** With nobody there the reader is left alone but for this question. */
const HEARTBEAT_MS = 45_000
/** Between two finds, so that the SAM has time to breathe. */
const POLL_MS = 300
/** After a reset the SAM tests itself and hears nothing. */
const AFTER_RESET_MS = 500
const OUT_OF_ORDER_MS = 60_000
/** Failed readings of one card before the citizen is asked to lift it. */
const MOST_TRIES = 3
/** Unanswered finds in a row before the line itself is questioned. */
const MOST_SILENCES = 3
/** Times that the SAM may say "out of order" in one reading before it counts as a fault. */
const MOST_OUT_OF_ORDER = 3

/** What the machine does to the world. `line` chooses one of the ways to open the device (speeds of a serial port). */
export interface ReaderTools {
  readonly lines: number
  /** Whether a good reading goes on with the newer addresses that the card may hold. */
  readonly readsMoreAddresses: boolean
  open(line: number): Promise<Result<void, { readonly code: string }>>
  /** Time that the device needs after opening before it listens. */
  settleMs(line: number): number
  exchange(command: SamCommand): Promise<Result<SamReply, ExchangeFailure>>
  close(): Promise<void>
  /** The device said who it is. */
  identified(samNumber: Uint8Array): void
  now(): number
}

interface ReadRequest {
  readonly id: number
  /** Epoch milliseconds. */
  readonly deadline: number
}

interface Context {
  readonly tools: ReaderTools
  /** The way of opening that is tried or in use; kept after success, so that a reopening begins with what worked. */
  readonly line: number
  readonly linesTried: number
  readonly backOffs: number
  /** Opening failed since the reader was last ready. */
  readonly offline: boolean
  /** The SAM is broken until a probe says otherwise. */
  readonly faulty: boolean
  readonly everReady: boolean
  readonly code: string | undefined
  readonly request: ReadRequest | undefined
  readonly tries: number
  readonly onceMore: boolean
  readonly outOfOrders: number
  readonly silences: number
  /**
   * A card that was sent a read may still lie there. Such a card is not found again until it has left, so "no card" then
   * does not mean that the place is empty.
   */
  readonly cardMayLie: boolean
  readonly trouble: Trouble | undefined
  /** What was read, while the card is asked for more; dropped with the request. */
  readonly held: Identity | undefined
}

export type ReaderEvent =
  | { readonly type: 'START' }
  | { readonly type: 'READ'; readonly request: ReadRequest }
  | { readonly type: 'CANCEL'; readonly id: number }
  /** The transport ended by itself. */
  | { readonly type: 'ENDED'; readonly code: string }

export type ReaderEmission =
  | { readonly type: 'progress'; readonly id: number; readonly progress: CardReadProgress }
  | { readonly type: 'finished'; readonly id: number; readonly result: Result<Identity, CardReadError> }

/**
 * The reader's life: closed, opening (one line after another), probing, ready, and back again when the line ends. Inside
 * `ready` a reading goes find, select, read, always all three. A result is emitted once per request and kept nowhere.
 */
export const cardReaderMachine = setup({
  types: {
    context: {} as Context,
    events: {} as ReaderEvent,
    emitted: {} as ReaderEmission,
    input: {} as { readonly tools: ReaderTools },
  },
  actors: {
    open: fromPromise<Result<void, { readonly code: string }>, { readonly tools: ReaderTools; readonly line: number }>(({ input }) => input.tools.open(input.line)),
    close: fromPromise<void, ReaderTools>(({ input }) => input.close()),
    exchange: fromPromise<Result<SamReply, ExchangeFailure>, { readonly tools: ReaderTools; readonly command: SamCommand }>(({ input }) => input.tools.exchange(input.command)),
    step: fromPromise<StepOutcome, { readonly tools: ReaderTools; readonly step: Step }>(async ({ input, signal }) => {
      const outcome = outcomeOf(input.step, await input.tools.exchange(input.step))
      // Nobody waits for this any more: what the card said ends here.
      if (signal.aborted && outcome.kind === 'good') outcome.identity.photo?.bytes.fill(0)
      return outcome
    }),
  },
  delays: {
    settling: ({ context }) => context.tools.settleMs(context.line),
    backOff: ({ context }) => BACK_OFF_MS[Math.min(context.backOffs, BACK_OFF_MS.length) - 1] ?? BACK_OFF_MS[0],
    heartbeat: HEARTBEAT_MS,
    poll: POLL_MS,
    afterReset: AFTER_RESET_MS,
    outOfOrder: OUT_OF_ORDER_MS,
    pageLimit: ({ context }) => Math.max(0, (context.request?.deadline ?? 0) - context.tools.now()),
  },
  guards: {
    hasRequest: ({ context }) => context.request !== undefined,
    cancelsCurrent: ({ context, event }) => event.type === 'CANCEL' && context.request?.id === event.id,
    isOffline: ({ context }) => context.offline,
    isFaulty: ({ context }) => context.faulty,
    hasOtherLine: ({ context }) => context.linesTried < context.tools.lines,
    wholeRound: ({ context }) => context.linesTried === context.tools.lines,
  },
  actions: {
    takeRequest: assign(({ event, context }) => (event.type === 'READ' ? { request: event.request, tries: 0, onceMore: false, outOfOrders: 0, silences: 0, trouble: undefined, held: undefined } : { request: context.request })),
    forgetRequest: assign({ request: undefined, trouble: undefined, tries: 0, held: undefined }),
    wipeHeld: ({ context }) => void context.held?.photo?.bytes.fill(0),
    tellReplaced: emit(({ context }) => finished(context, err({ kind: 'cancelled' }))),
    tellCancelled: emit(({ context }) => finished(context, err({ kind: 'cancelled' }))),
    tellGone: emit(({ context }) => finished(context, err({ kind: 'reader-gone', code: context.code ?? 'closed' }))),
    tellFault: emit(({ context }) => finished(context, err({ kind: 'reader-fault', code: context.code ?? 'sam' }))),
    tellTimeout: emit(({ context }) => finished(context, err(context.tries > 0 ? { kind: 'lift-and-lay-again', code: 'page-limit' } : { kind: 'timeout', code: 'page-limit' }))),
    tellWaiting: emit(({ context }) => progress(context, { kind: 'waiting' })),
    tellFound: emit(({ context }) => progress(context, { kind: 'card-found' })),
    tellReading: emit(({ context }) => progress(context, { kind: 'reading' })),
    tellRetrying: emit(({ context }) => progress(context, { kind: 'retrying', attempt: context.tries + 1 })),
    tellLift: emit(({ context }) => progress(context, { kind: 'lift-card' })),
    tellHeld: emit(({ context }) => finished(context, context.held === undefined ? err({ kind: 'reader-fault', code: 'no-identity' }) : ok(context.held))),
    noteEnd: assign({ code: ({ context, event }) => (event.type === 'ENDED' ? event.code : context.code) }),
    cardMayLie: assign({ cardMayLie: true }),
    cardIsGone: assign({ cardMayLie: false }),
    startSweep: assign({ linesTried: 0 }),
    // The line in use has worked: when it stays silent, no other speed is tried before the port was closed for a while.
    keepLine: assign({ linesTried: ({ context }) => context.tools.lines + 1 }),
    nextLine: assign({ line: ({ context }) => (context.line + 1) % context.tools.lines }),
  },
}).createMachine({
  id: 'card-reader',
  initial: 'closed',
  context: ({ input }) => ({
    tools: input.tools,
    line: 0,
    linesTried: 0,
    backOffs: 0,
    offline: false,
    faulty: false,
    everReady: false,
    code: undefined,
    request: undefined,
    tries: 0,
    onceMore: false,
    outOfOrders: 0,
    silences: 0,
    cardMayLie: false,
    trouble: undefined,
    held: undefined,
  }),
  on: {
    READ: [
      { guard: 'isOffline', actions: [emit(({ event, context }) => ({ type: 'finished', id: event.request.id, result: err({ kind: 'reader-gone', code: context.code ?? 'offline' }) }))] },
      { guard: 'isFaulty', actions: [emit(({ event, context }) => ({ type: 'finished', id: event.request.id, result: err({ kind: 'reader-fault', code: context.code ?? 'sam' }) }))] },
      // Still starting: the request waits for the reader, as the citizen does.
      { guard: 'hasRequest', actions: ['tellReplaced', 'takeRequest'] },
      { actions: 'takeRequest' },
    ],
    CANCEL: { guard: 'cancelsCurrent', actions: ['tellCancelled', 'forgetRequest'] },
  },
  states: {
    closed: { on: { START: 'opening' } },
    opening: {
      entry: assign({ linesTried: ({ context }) => context.linesTried + 1 }),
      invoke: {
        src: 'open',
        input: ({ context }) => ({ tools: context.tools, line: context.line }),
        onDone: [
          { guard: ({ event }) => event.output.ok, target: 'settling' },
          // No other speed opens a port that is not there.
          { target: 'backOff', actions: assign({ code: ({ event }) => (event.output.ok ? undefined : event.output.error.code) }) },
        ],
      },
    },
    settling: { after: { settling: 'probing' }, on: { ENDED: { target: 'backOff', actions: 'noteEnd' } } },
    probing: {
      initial: 'status',
      on: { ENDED: { target: 'backOff', actions: 'noteEnd' } },
      states: {
        status: {
          invoke: {
            src: 'exchange',
            input: ({ context }) => ({ tools: context.tools, command: 'status' as const }),
            onDone: [
              { guard: ({ event }) => event.output.ok && event.output.value.verdict === 'done', target: 'samNumber' },
              { guard: ({ event }) => event.output.ok && event.output.value.verdict === 'sam-broken', target: '#card-reader.fault', actions: assign({ code: ({ event }) => codeOf(event.output) }) },
              { target: '#card-reader.closing', actions: assign({ code: ({ event }) => codeOf(event.output) }) },
            ],
          },
        },
        samNumber: {
          invoke: {
            src: 'exchange',
            input: ({ context }) => ({ tools: context.tools, command: 'sam-number' as const }),
            onDone: [
              {
                guard: ({ event }) => event.output.ok && event.output.value.verdict === 'done',
                target: '#card-reader.ready',
                actions: [
                  ({ context, event }) => {
                    if (event.output.ok) context.tools.identified(event.output.value.data)
                  },
                  assign({ offline: false, faulty: false, everReady: true, backOffs: 0, linesTried: 0, code: undefined, silences: 0 }),
                ],
              },
              { guard: ({ event }) => event.output.ok && event.output.value.verdict === 'sam-broken', target: '#card-reader.fault', actions: assign({ code: ({ event }) => codeOf(event.output) }) },
              { target: '#card-reader.closing', actions: assign({ code: ({ event }) => codeOf(event.output) }) },
            ],
          },
        },
      },
    },
    closing: {
      invoke: {
        src: 'close',
        input: ({ context }) => context.tools,
        onDone: [
          { guard: 'hasOtherLine', target: 'opening', actions: 'nextLine' },
          // After a whole round the next line is the one that the sweep began with.
          { guard: 'wholeRound', target: 'backOff', actions: 'nextLine' },
          { target: 'backOff' },
        ],
      },
    },
    backOff: {
      entry: [
        { type: 'tellGone' },
        { type: 'forgetRequest' },
        { type: 'startSweep' },
        assign({ offline: true, faulty: false, cardMayLie: false, backOffs: ({ context }) => context.backOffs + 1 }),
      ],
      invoke: { src: 'close', input: ({ context }) => context.tools },
      after: { backOff: 'opening' },
    },
    ready: {
      initial: 'idle',
      on: {
        ENDED: { target: 'backOff', actions: 'noteEnd' },
        READ: [
          { guard: 'hasRequest', target: '.seeking', reenter: true, actions: ['tellReplaced', 'takeRequest', 'tellWaiting'] },
          { target: '.seeking', reenter: true, actions: ['takeRequest', 'tellWaiting'] },
        ],
        CANCEL: { guard: 'cancelsCurrent', target: '.idle', actions: ['tellCancelled', 'forgetRequest'] },
      },
      states: {
        idle: { always: { guard: 'hasRequest', target: 'seeking', actions: 'tellWaiting' }, after: { heartbeat: 'heartbeat' } },
        heartbeat: {
          invoke: {
            src: 'exchange',
            input: ({ context }) => ({ tools: context.tools, command: 'status' as const }),
            onDone: [
              { guard: ({ event }) => event.output.ok && event.output.value.verdict === 'done', target: 'idle' },
              { guard: ({ event }) => event.output.ok && event.output.value.verdict === 'sam-broken', target: '#card-reader.fault', actions: assign({ code: ({ event }) => codeOf(event.output) }) },
              { target: '#card-reader.probing', actions: 'keepLine' },
            ],
          },
        },
        seeking: {
          initial: 'finding',
          after: { pageLimit: { target: 'idle', actions: ['tellTimeout', 'forgetRequest'] } },
          states: {
            finding: {
              invoke: {
                src: 'step',
                input: ({ context }) => ({ tools: context.tools, step: 'find' as const }),
                onDone: [
                  { guard: ({ event }) => event.output.kind === 'found', target: '#card-reader.ready.selecting', actions: ['cardIsGone', assign({ silences: 0 }), 'tellFound'] },
                  { guard: ({ event, context }) => event.output.kind === 'none' && context.cardMayLie, target: 'looking', actions: assign({ silences: 0 }) },
                  { guard: ({ event }) => event.output.kind === 'none', target: 'pausing', actions: assign({ silences: 0 }) },
                  { target: '#card-reader.ready.judging', actions: assign({ trouble: ({ event }) => troubleOf(event.output) }) },
                ],
              },
            },
            /**
             * Asks by a select whether the card that was read before still lies there. Only a hint (not every reader
             * answers it): nothing waits for it. Within one request it leads to another try at the same card; a new
             * request never reads a card that lies there from before, because it may be the last citizen's.
             */
            looking: {
              invoke: {
                src: 'step',
                input: ({ context }) => ({ tools: context.tools, step: 'select' as const }),
                onDone: [
                  { guard: ({ event, context }) => event.output.kind === 'selected' && context.tries > 0, target: '#card-reader.ready.reading' },
                  { guard: ({ event }) => event.output.kind === 'selected', target: 'pausing', actions: 'tellLift' },
                  { guard: ({ event }) => event.output.kind === 'gone' || event.output.kind === 'fault', target: '#card-reader.ready.judging', actions: assign({ trouble: ({ event }) => troubleOf(event.output) }) },
                  { target: 'pausing', actions: ['cardIsGone', 'tellWaiting'] },
                ],
              },
            },
            pausing: { after: { poll: 'finding' } },
          },
        },
        selecting: {
          invoke: {
            src: 'step',
            input: ({ context }) => ({ tools: context.tools, step: 'select' as const }),
            onDone: [
              { guard: ({ event }) => event.output.kind === 'selected', target: 'reading' },
              { guard: ({ event }) => event.output.kind === 'moved', target: 'seeking', actions: 'tellWaiting' },
              { target: 'judging', actions: assign({ trouble: ({ event }) => troubleOf(event.output) }) },
            ],
          },
        },
        reading: {
          entry: ['cardMayLie', 'tellReading'],
          invoke: {
            src: 'step',
            input: ({ context }) => ({ tools: context.tools, step: 'read' as const }),
            onDone: [
              {
                guard: ({ event, context }) => event.output.kind === 'good' && context.tools.readsMoreAddresses,
                target: 'extra',
                actions: assign({ held: ({ event }) => (event.output.kind === 'good' ? event.output.identity : undefined) }),
              },
              {
                guard: ({ event }) => event.output.kind === 'good',
                target: 'idle',
                actions: [
                  emit(({ context, event }) => finished(context, event.output.kind === 'good' ? ok(event.output.identity) : err({ kind: 'reader-fault', code: 'no-identity' }))),
                  'forgetRequest',
                ],
              },
              { target: 'judging', actions: assign({ trouble: ({ event }) => troubleOf(event.output) }) },
            ],
          },
        },
        /** The SAM stays open to the card that was just read. Whatever comes of this question, the reading was good. */
        extra: {
          on: {
            ENDED: { target: '#card-reader.backOff', actions: ['tellHeld', 'forgetRequest', 'noteEnd'] },
            READ: { target: 'seeking', actions: ['tellReplaced', 'wipeHeld', 'takeRequest', 'tellWaiting'] },
            CANCEL: { guard: 'cancelsCurrent', target: 'idle', actions: ['tellCancelled', 'wipeHeld', 'forgetRequest'] },
          },
          invoke: {
            src: 'exchange',
            input: ({ context }) => ({ tools: context.tools, command: 'more-addresses' as const }),
            onDone: [
              {
                guard: ({ event }) => !event.output.ok && event.output.error.kind === 'gone',
                target: '#card-reader.backOff',
                actions: ['tellHeld', 'forgetRequest', assign({ code: ({ event }) => codeOf(event.output) })],
              },
              { target: 'idle', actions: [assign({ held: ({ context, event }) => withAddresses(context.held, event.output) }), 'tellHeld', 'forgetRequest'] },
            ],
          },
        },
        /** What to do after a step that did not do its work. */
        judging: {
          entry: assign(({ context }) => {
            switch (context.trouble?.kind) {
              case 'failed-try':
                return { tries: context.tries + 1 }
              case 'out-of-order':
                return { outOfOrders: context.outOfOrders + 1, cardMayLie: false }
              case 'silent':
                return { silences: context.silences + 1 }
              default:
                return {}
            }
          }),
          always: [
            { guard: ({ context }) => context.trouble?.kind === 'gone', target: '#card-reader.backOff', actions: assign({ code: ({ context }) => troubleCode(context) }) },
            { guard: ({ context }) => context.trouble?.kind === 'fault', target: '#card-reader.fault', actions: assign({ code: ({ context }) => troubleCode(context) }) },
            { guard: ({ context }) => context.trouble?.kind === 'out-of-order' && context.outOfOrders >= MOST_OUT_OF_ORDER, target: '#card-reader.fault', actions: assign({ code: ({ context }) => troubleCode(context) }) },
            { guard: ({ context }) => context.trouble?.kind === 'out-of-order', target: 'seeking' },
            { guard: ({ context }) => context.trouble?.kind === 'silent' && context.silences >= MOST_SILENCES, target: '#card-reader.probing', actions: 'keepLine' },
            { guard: ({ context }) => context.trouble?.kind === 'silent', target: 'seeking.pausing' },
            { guard: ({ context }) => context.trouble?.kind === 'once-more' && !context.onceMore, target: 'seeking', actions: assign({ onceMore: true }) },
            { guard: ({ context }) => context.trouble?.kind === 'failed-try' && context.tries < MOST_TRIES, target: 'seeking.pausing', actions: 'tellRetrying' },
            { target: 'idle', actions: [emit(({ context }) => finished(context, err(errorOf(context.trouble)))), 'forgetRequest'] },
          ],
        },
      },
    },
    fault: {
      initial: 'deciding',
      entry: ['tellFault', 'forgetRequest'],
      on: { ENDED: { target: 'backOff', actions: 'noteEnd' } },
      states: {
        /** One reset when the fault is new; a SAM that is still broken after it waits a minute for the next. */
        deciding: {
          always: [
            { guard: 'isFaulty', target: 'outOfOrder' },
            { target: 'resetting', actions: assign({ faulty: true }) },
          ],
        },
        resetting: {
          invoke: { src: 'exchange', input: ({ context }) => ({ tools: context.tools, command: 'reset' as const }), onDone: 'recovering' },
        },
        recovering: { after: { afterReset: { target: '#card-reader.probing', actions: 'keepLine' } } },
        outOfOrder: { after: { outOfOrder: 'resetting' } },
      },
    },
  },
})

/** The machine's private states as the small public one. */
export function publicStateOf(snapshot: { readonly context: Pick<Context, 'offline' | 'faulty' | 'everReady'>; matches(state: 'ready' | 'fault' | { readonly ready: 'idle' | 'heartbeat' }): boolean }): DeviceState {
  if (snapshot.matches('fault') || snapshot.context.faulty) return 'fault'
  if (snapshot.matches('ready')) return snapshot.matches({ ready: 'idle' }) || snapshot.matches({ ready: 'heartbeat' }) ? 'ready' : 'busy'
  if (snapshot.context.offline) return 'offline'
  return snapshot.context.everReady ? 'busy' : 'starting'
}

/** A request that is not there (already answered) gets id 0, which nobody waits for. */
function finished(context: Context, result: Result<Identity, CardReadError>): ReaderEmission {
  return { type: 'finished', id: context.request?.id ?? 0, result }
}

function progress(context: Context, what: CardReadProgress): ReaderEmission {
  return { type: 'progress', id: context.request?.id ?? 0, progress: what }
}

/** The identity with the addresses of a good reply, whose bytes are overwritten; without them after any other. */
function withAddresses(identity: Identity | undefined, result: Result<SamReply, ExchangeFailure>): Identity | undefined {
  if (identity === undefined || !result.ok || result.value.verdict !== 'done') return identity
  const newAddresses = addressesOf(result.value.data)
  result.value.data.fill(0)
  return newAddresses.length === 0 ? identity : { ...identity, newAddresses }
}

function codeOf(result: Result<SamReply, ExchangeFailure>): string {
  return result.ok ? result.value.code : result.error.code
}

function troubleOf(outcome: StepOutcome): Trouble {
  switch (outcome.kind) {
    case 'found':
    case 'selected':
    case 'good':
      return { kind: 'out-of-order', code: 'unexpected-reply' }
    case 'none':
    case 'moved':
      return { kind: 'failed-try', code: 'card-moved' }
    default:
      return outcome
  }
}

function troubleCode({ trouble }: Context): string {
  return trouble !== undefined && 'code' in trouble ? trouble.code : 'reader'
}

function errorOf(trouble: Trouble | undefined): CardReadError {
  switch (trouble?.kind) {
    case 'end':
      return trouble.error
    case 'once-more':
      return trouble.then
    case 'failed-try':
      return { kind: 'lift-and-lay-again', code: trouble.code }
    default:
      return { kind: 'reader-fault', code: trouble !== undefined ? trouble.kind : 'reader' }
  }
}
