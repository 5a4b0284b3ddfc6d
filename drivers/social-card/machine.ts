import { assign, emit, fromPromise, setup } from 'xstate'
import type { SocialCard, SocialCardError, SocialCardProgress } from '../../core/device/operations.ts'
import type { DeviceState } from '../../core/device/status.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import type { CardFailure } from './link.ts'
import { troubleOf } from './reading.ts'
import type { ReadOutcome, Trouble } from './reading.ts'

/** Waits before the reader is opened again, first to last; the last one repeats. */
const BACK_OFF_MS = [1_000, 2_000, 5_000, 10_000, 30_000] as const
/** With nobody there the reader is looked at this often: whether it is there, and whether a card came or went. */
const HEARTBEAT_MS = 5_000
const POLL_MS = 300
const OUT_OF_ORDER_MS = 60_000
/** Failed readings of one card before the citizen is told. */
const MOST_TRIES = 3

/** What lies in the slot. `session` counts the openings: the count of cards is only comparable within one. */
export interface SlotView {
  readonly card: 'absent' | 'present' | 'mute' | 'in-use'
  readonly session: number
  readonly events: number
}

/** What the machine does to the world. */
export interface SocialCardTools {
  open(): Promise<Result<void, { readonly kind: 'absent' | 'not-installed'; readonly code: string }>>
  look(): Promise<Result<SlotView, CardFailure>>
  /** One whole reading of the card that lies there. Takes its turn after a reading that nobody waits for any more. */
  read(): Promise<ReadOutcome>
  close(): Promise<void>
  now(): number
}

interface ReadRequest {
  readonly id: number
  /** Epoch milliseconds. */
  readonly deadline: number
}

interface Context {
  readonly tools: SocialCardTools
  readonly backOffs: number
  readonly offline: boolean
  readonly faulty: boolean
  readonly code: string | undefined
  readonly request: ReadRequest | undefined
  readonly tries: number
  /** The last look. */
  readonly slot: SlotView | undefined
  /**
   * The card that was handed over last and may still lie there. It is not read again before it has left: whoever asks next
   * may be somebody else, with the last citizen's card forgotten in the slot.
   */
  readonly spent: SlotView | undefined
  readonly trouble: Trouble | undefined
}

export type SocialCardEvent =
  | { readonly type: 'START' }
  | { readonly type: 'READ'; readonly request: ReadRequest }
  | { readonly type: 'CANCEL'; readonly id: number }

export type SocialCardEmission =
  | { readonly type: 'progress'; readonly id: number; readonly progress: SocialCardProgress }
  | { readonly type: 'finished'; readonly id: number; readonly result: Result<SocialCard, SocialCardError> }

/**
 * The reader's life: closed, opening, ready, and back again when the reader or its service goes. The reader is asked how
 * it is, never waited on: nothing blocks, and every wait is on our own clock.
 */
export const socialCardMachine = setup({
  types: {
    context: {} as Context,
    events: {} as SocialCardEvent,
    emitted: {} as SocialCardEmission,
    input: {} as { readonly tools: SocialCardTools },
  },
  actors: {
    open: fromPromise<Result<void, { readonly kind: 'absent' | 'not-installed'; readonly code: string }>, SocialCardTools>(({ input }) => input.open()),
    close: fromPromise<void, SocialCardTools>(({ input }) => input.close()),
    look: fromPromise<Result<SlotView, CardFailure>, SocialCardTools>(({ input }) => input.look()),
    read: fromPromise<ReadOutcome, SocialCardTools>(({ input }) => input.read()),
  },
  delays: {
    backOff: ({ context }) => BACK_OFF_MS[Math.min(context.backOffs, BACK_OFF_MS.length) - 1] ?? BACK_OFF_MS[0],
    heartbeat: HEARTBEAT_MS,
    poll: POLL_MS,
    outOfOrder: OUT_OF_ORDER_MS,
    pageLimit: ({ context }) => Math.max(0, (context.request?.deadline ?? 0) - context.tools.now()),
  },
  guards: {
    hasRequest: ({ context }) => context.request !== undefined,
    cancelsCurrent: ({ context, event }) => event.type === 'CANCEL' && context.request?.id === event.id,
    isOffline: ({ context }) => context.offline,
    isFaulty: ({ context }) => context.faulty,
  },
  actions: {
    takeRequest: assign(({ event, context }) => (event.type === 'READ' ? { request: event.request, tries: 0, trouble: undefined } : { request: context.request })),
    forgetRequest: assign({ request: undefined, trouble: undefined, tries: 0 }),
    tellCancelled: emit(({ context }) => finished(context, err({ kind: 'cancelled' }))),
    tellTimeout: emit(({ context }) => finished(context, err({ kind: 'timeout' }))),
    tellGone: emit(({ context }) => finished(context, err({ kind: 'reader-gone', code: context.code ?? 'closed' }))),
    tellFault: emit(({ context }) => finished(context, err({ kind: 'reader-fault', code: context.code ?? 'fault' }))),
    tellWaiting: emit(({ context }) => progress(context, { kind: 'waiting' })),
    tellReading: emit(({ context }) => progress(context, { kind: 'reading' })),
  },
}).createMachine({
  id: 'social-card',
  initial: 'closed',
  context: ({ input }) => ({ tools: input.tools, backOffs: 0, offline: false, faulty: false, code: undefined, request: undefined, tries: 0, slot: undefined, spent: undefined, trouble: undefined }),
  on: {
    READ: [
      { guard: 'isOffline', actions: emit(({ event, context }) => ({ type: 'finished', id: event.request.id, result: err({ kind: 'reader-gone', code: context.code ?? 'offline' }) })) },
      { guard: 'isFaulty', actions: emit(({ event, context }) => ({ type: 'finished', id: event.request.id, result: err({ kind: 'reader-fault', code: context.code ?? 'fault' }) })) },
      // Still starting: the request waits for the reader, as the citizen does.
      { guard: 'hasRequest', actions: ['tellCancelled', 'takeRequest'] },
      { actions: 'takeRequest' },
    ],
    CANCEL: { guard: 'cancelsCurrent', actions: ['tellCancelled', 'forgetRequest'] },
  },
  states: {
    closed: { on: { START: 'opening' } },
    opening: {
      invoke: {
        src: 'open',
        input: ({ context }) => context.tools,
        onDone: [
          { guard: ({ event }) => event.output.ok, target: 'ready' },
          { guard: ({ event }) => !event.output.ok && event.output.error.kind === 'not-installed', target: 'fault', actions: assign({ code: ({ event }) => (event.output.ok ? undefined : event.output.error.code) }) },
          { target: 'backOff', actions: assign({ code: ({ event }) => (event.output.ok ? undefined : event.output.error.code) }) },
        ],
      },
    },
    backOff: {
      entry: ['tellGone', 'forgetRequest', assign({ offline: true, faulty: false, slot: undefined, backOffs: ({ context }) => context.backOffs + 1 })],
      invoke: { src: 'close', input: ({ context }) => context.tools },
      after: { backOff: 'opening' },
    },
    ready: {
      initial: 'looking',
      entry: assign({ offline: false, faulty: false, backOffs: 0, code: undefined }),
      on: {
        READ: [
          { guard: 'hasRequest', target: '.waiting', reenter: true, actions: ['tellCancelled', 'takeRequest', 'tellWaiting'] },
          { target: '.waiting', reenter: true, actions: ['takeRequest', 'tellWaiting'] },
        ],
        CANCEL: { guard: 'cancelsCurrent', target: '.idle', actions: ['tellCancelled', 'forgetRequest'] },
      },
      states: {
        idle: { always: { guard: 'hasRequest', target: 'waiting', actions: 'tellWaiting' }, after: { heartbeat: 'looking' } },
        looking: {
          invoke: {
            src: 'look',
            input: ({ context }) => context.tools,
            onDone: [
              { guard: ({ event }) => event.output.ok, target: 'idle', actions: assign(({ context, event }) => seen(context, event.output)) },
              { target: 'judging', actions: assign({ trouble: ({ event }) => lookTrouble(event.output) }) },
            ],
          },
        },
        waiting: {
          initial: 'polling',
          after: { pageLimit: { target: 'idle', actions: ['tellTimeout', 'forgetRequest'] } },
          states: {
            polling: {
              invoke: {
                src: 'look',
                input: ({ context }) => context.tools,
                onDone: [
                  { guard: ({ event }) => event.output.ok, target: 'seeing', actions: assign(({ context, event }) => seen(context, event.output)) },
                  { target: '#social-card.ready.judging', actions: assign({ trouble: ({ event }) => lookTrouble(event.output) }) },
                ],
              },
            },
            seeing: {
              always: [
                { guard: ({ context }) => context.slot?.card === 'present' && context.spent === undefined, target: '#social-card.ready.reading' },
                { guard: ({ context }) => context.slot?.card === 'mute' && context.spent === undefined, target: '#social-card.ready.judging', actions: assign({ trouble: { kind: 'failed-try', code: 'card-mute' } }) },
                // Some readers call it bad contact when the card is pulled: the empty slot tells what it was.
                { guard: ({ context }) => context.slot?.card === 'absent' && context.tries > 0, target: '#social-card.ready.judging', actions: assign({ trouble: ({ context }) => ({ kind: 'end', error: { kind: 'card-pulled', code: troubleCode(context) } }) }) },
                { target: 'pausing' },
              ],
            },
            pausing: { after: { poll: 'polling' } },
          },
        },
        reading: {
          entry: 'tellReading',
          invoke: {
            src: 'read',
            input: ({ context }) => context.tools,
            onDone: [
              {
                guard: ({ event }) => event.output.kind === 'good',
                target: 'idle',
                actions: [
                  emit(({ context, event }) => finished(context, event.output.kind === 'good' ? ok(event.output.card) : err({ kind: 'card-unreadable', code: 'no-card' }))),
                  assign({ spent: ({ context }) => context.slot }),
                  'forgetRequest',
                ],
              },
              { target: 'judging', actions: assign({ trouble: ({ event }) => (event.output.kind === 'good' ? undefined : event.output) }) },
            ],
          },
        },
        /** What to do after a step that did not do its work. */
        judging: {
          entry: assign(({ context }) => (context.trouble?.kind === 'failed-try' ? { tries: context.tries + 1 } : {})),
          always: [
            { guard: ({ context }) => context.trouble?.kind === 'gone', target: '#social-card.backOff', actions: assign({ code: ({ context }) => troubleCode(context) }) },
            { guard: ({ context }) => context.trouble?.kind === 'silent', target: '#social-card.fault', actions: assign({ code: ({ context }) => troubleCode(context) }) },
            // A look with nobody waiting: the next one will tell.
            { guard: ({ context }) => context.request === undefined, target: 'idle', actions: 'forgetRequest' },
            { guard: ({ context }) => context.trouble?.kind === 'failed-try' && context.tries < MOST_TRIES, target: 'waiting.pausing', actions: 'tellWaiting' },
            { target: 'idle', actions: [emit(({ context }) => finished(context, err(errorOf(context.trouble)))), 'forgetRequest'] },
          ],
        },
      },
    },
    /** The binding is missing, or a call to the reader does not come back. Tried again each minute. */
    fault: {
      entry: ['tellFault', 'forgetRequest', assign({ faulty: true, offline: false, slot: undefined })],
      invoke: { src: 'close', input: ({ context }) => context.tools },
      after: { outOfOrder: 'opening' },
    },
  },
})

/** The machine's private states as the small public one. */
export function publicStateOf(snapshot: { readonly context: Pick<Context, 'offline' | 'faulty'>; matches(state: 'ready' | { readonly ready: 'idle' | 'looking' }): boolean }): DeviceState {
  if (snapshot.matches('ready')) return snapshot.matches({ ready: 'idle' }) || snapshot.matches({ ready: 'looking' }) ? 'ready' : 'busy'
  if (snapshot.context.faulty) return 'fault'
  return snapshot.context.offline ? 'offline' : 'starting'
}

/** Takes a look in, and finds out whether the card that was handed over last has left. */
function seen(context: Context, look: Result<SlotView, CardFailure>): Partial<Context> {
  if (!look.ok) return {}
  const slot = look.value
  const { spent } = context
  const hasLeft = spent !== undefined && (slot.card === 'absent' || (slot.session === spent.session && slot.events !== spent.events))
  return { slot, spent: hasLeft ? undefined : spent }
}

function lookTrouble(look: Result<SlotView, CardFailure>): Trouble {
  return look.ok ? { kind: 'failed-try', code: 'look' } : troubleOf(look.error)
}

/** A request that is not there (already answered) gets id 0, which nobody waits for. */
function finished(context: Context, result: Result<SocialCard, SocialCardError>): SocialCardEmission {
  return { type: 'finished', id: context.request?.id ?? 0, result }
}

function progress(context: Context, what: SocialCardProgress): SocialCardEmission {
  return { type: 'progress', id: context.request?.id ?? 0, progress: what }
}

function troubleCode({ trouble }: Context): string {
  return trouble !== undefined && 'code' in trouble ? trouble.code : 'reader'
}

function errorOf(trouble: Trouble | undefined): SocialCardError {
  switch (trouble?.kind) {
    case 'end':
      return trouble.error
    case 'failed-try':
      return { kind: 'card-unreadable', code: trouble.code }
    default:
      return { kind: 'reader-fault', code: 'reader' }
  }
}
