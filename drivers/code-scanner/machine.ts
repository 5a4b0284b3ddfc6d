import { assign, emit, fromPromise, setup } from 'xstate'
import type { CodeReadError, ScannedCode } from '../../core/device/operations.ts'
import type { DeviceState } from '../../core/device/status.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'

/** Waits before the scanner is opened again, first to last; the last one repeats. */
const BACK_OFF_MS = [1_000, 2_000, 5_000, 10_000, 30_000] as const
/** A scanner says nothing unasked and has no question to answer; all that can be asked is whether it is still attached. */
const HEARTBEAT_MS = 10_000
const PRESENCE_LIMIT_MS = 5_000
/** Noise that lasts longer than this is no passing disturbance. */
const NOISE_LIMIT_MS = 5_000
const OUT_OF_ORDER_MS = 60_000

/** What the machine does to the world. */
export interface ScannerTools {
  open(): Promise<Result<void, { readonly code: string }>>
  close(): Promise<void>
  /** Whether the operating system still knows the device. */
  present(): Promise<boolean>
  isRepeat(code: ScannedCode): boolean
  /** This code is handed over now. */
  delivered(code: ScannedCode): void
  /** Nobody gets this code: overwrite it. */
  drop(code: ScannedCode, why: 'unasked' | 'repeat'): void
  now(): number
}

interface CodeRequest {
  readonly id: number
  /** Epoch milliseconds. */
  readonly deadline: number
}

interface Context {
  readonly tools: ScannerTools
  readonly backOffs: number
  /** Opening failed, or the line ended, since the scanner was last ready. */
  readonly offline: boolean
  readonly faulty: boolean
  readonly code: string | undefined
  readonly request: CodeRequest | undefined
}

export type ScannerEvent =
  | { readonly type: 'START' }
  | { readonly type: 'READ'; readonly request: CodeRequest }
  | { readonly type: 'CANCEL'; readonly id: number }
  | { readonly type: 'CODE'; readonly code: ScannedCode }
  | { readonly type: 'NOISE' }
  | { readonly type: 'QUIET' }
  /** The transport ended by itself. */
  | { readonly type: 'ENDED'; readonly code: string }

export type ScannerEmission = { readonly type: 'finished'; readonly id: number; readonly result: Result<ScannedCode, CodeReadError> }

/**
 * The scanner's life: closed, opening, ready, and back again when the line ends. `ready` has two sides: whether somebody
 * waits for a code, and how the line is. A code that nobody waits for ends here.
 */
export const codeScannerMachine = setup({
  types: {
    context: {} as Context,
    events: {} as ScannerEvent,
    emitted: {} as ScannerEmission,
    input: {} as { readonly tools: ScannerTools },
  },
  actors: {
    open: fromPromise<Result<void, { readonly code: string }>, ScannerTools>(({ input }) => input.open()),
    close: fromPromise<void, ScannerTools>(({ input }) => input.close()),
    presence: fromPromise<boolean, ScannerTools>(({ input }) => input.present()),
  },
  delays: {
    backOff: ({ context }) => BACK_OFF_MS[Math.min(context.backOffs, BACK_OFF_MS.length) - 1] ?? BACK_OFF_MS[0],
    heartbeat: HEARTBEAT_MS,
    presenceLimit: PRESENCE_LIMIT_MS,
    noiseLimit: NOISE_LIMIT_MS,
    outOfOrder: OUT_OF_ORDER_MS,
    pageLimit: ({ context }) => Math.max(0, (context.request?.deadline ?? 0) - context.tools.now()),
  },
  guards: {
    hasRequest: ({ context }) => context.request !== undefined,
    cancelsCurrent: ({ context, event }) => event.type === 'CANCEL' && context.request?.id === event.id,
    isOffline: ({ context }) => context.offline,
    isFaulty: ({ context }) => context.faulty,
    isRepeat: ({ context, event }) => event.type === 'CODE' && context.tools.isRepeat(event.code),
  },
  actions: {
    takeRequest: assign({ request: ({ event, context }) => (event.type === 'READ' ? event.request : context.request) }),
    forgetRequest: assign({ request: undefined }),
    tellCancelled: emit(({ context }) => finished(context, err({ kind: 'cancelled' }))),
    tellTimeout: emit(({ context }) => finished(context, err({ kind: 'timeout' }))),
    tellGone: emit(({ context }) => finished(context, err({ kind: 'scanner-gone', code: context.code ?? 'closed' }))),
    tellFault: emit(({ context }) => finished(context, err({ kind: 'fault', code: context.code ?? 'fault' }))),
    noteEnd: assign({ code: ({ event, context }) => (event.type === 'ENDED' ? event.code : context.code) }),
    noteNoise: assign({ code: 'noise' }),
    dropUnasked: ({ context, event }) => {
      if (event.type === 'CODE') context.tools.drop(event.code, 'unasked')
    },
    dropRepeat: ({ context, event }) => {
      if (event.type === 'CODE') context.tools.drop(event.code, 'repeat')
    },
    noteDelivered: ({ context, event }) => {
      if (event.type === 'CODE') context.tools.delivered(event.code)
    },
  },
}).createMachine({
  id: 'code-scanner',
  initial: 'closed',
  context: ({ input }) => ({ tools: input.tools, backOffs: 0, offline: false, faulty: false, code: undefined, request: undefined }),
  on: {
    READ: [
      { guard: 'isOffline', actions: emit(({ event, context }) => ({ type: 'finished', id: event.request.id, result: err({ kind: 'scanner-gone', code: context.code ?? 'offline' }) })) },
      { guard: 'isFaulty', actions: emit(({ event, context }) => ({ type: 'finished', id: event.request.id, result: err({ kind: 'fault', code: context.code ?? 'fault' }) })) },
      // Still starting: the request waits for the scanner, as the citizen does.
      { guard: 'hasRequest', actions: ['tellCancelled', 'takeRequest'] },
      { actions: 'takeRequest' },
    ],
    CANCEL: { guard: 'cancelsCurrent', actions: ['tellCancelled', 'forgetRequest'] },
    CODE: { actions: 'dropUnasked' },
  },
  states: {
    closed: { on: { START: 'opening' } },
    opening: {
      invoke: {
        src: 'open',
        input: ({ context }) => context.tools,
        onDone: [
          { guard: ({ event }) => event.output.ok, target: 'ready' },
          { target: 'backOff', actions: assign({ code: ({ event }) => (event.output.ok ? undefined : event.output.error.code) }) },
        ],
      },
      on: { ENDED: { target: 'backOff', actions: 'noteEnd' } },
    },
    backOff: {
      entry: ['tellGone', 'forgetRequest', assign({ offline: true, faulty: false, backOffs: ({ context }) => context.backOffs + 1 })],
      invoke: { src: 'close', input: ({ context }) => context.tools },
      after: { backOff: 'opening' },
    },
    ready: {
      type: 'parallel',
      entry: assign({ offline: false, faulty: false, backOffs: 0, code: undefined }),
      on: { ENDED: { target: 'backOff', actions: 'noteEnd' } },
      states: {
        request: {
          initial: 'idle',
          states: {
            idle: {
              always: { guard: 'hasRequest', target: 'waiting' },
              on: { READ: { target: 'waiting', actions: 'takeRequest' } },
            },
            waiting: {
              after: { pageLimit: { target: 'idle', actions: ['tellTimeout', 'forgetRequest'] } },
              on: {
                READ: { target: 'waiting', reenter: true, actions: ['tellCancelled', 'takeRequest'] },
                CANCEL: { guard: 'cancelsCurrent', target: 'idle', actions: ['tellCancelled', 'forgetRequest'] },
                CODE: [
                  { guard: 'isRepeat', actions: 'dropRepeat' },
                  { target: 'idle', actions: ['noteDelivered', emit(({ context, event }) => finished(context, ok(event.code))), 'forgetRequest'] },
                ],
              },
            },
          },
        },
        line: {
          initial: 'clean',
          states: {
            clean: { after: { heartbeat: 'checking' }, on: { NOISE: 'noisy' } },
            checking: {
              invoke: {
                src: 'presence',
                input: ({ context }) => context.tools,
                onDone: [
                  { guard: ({ event }) => event.output, target: 'clean' },
                  { target: '#code-scanner.backOff', actions: assign({ code: 'not-attached' }) },
                ],
              },
              after: { presenceLimit: { target: '#code-scanner.backOff', actions: assign({ code: 'presence-timeout' }) } },
              on: { NOISE: 'noisy' },
            },
            noisy: {
              after: { noiseLimit: { target: '#code-scanner.fault', actions: 'noteNoise' } },
              on: { QUIET: 'clean' },
            },
          },
        },
      },
    },
    /** The line stands, but what comes over it makes no sense. It is listened to further on, and opened anew each minute. */
    fault: {
      entry: ['tellFault', 'forgetRequest', assign({ faulty: true })],
      on: { QUIET: 'ready', ENDED: { target: 'backOff', actions: 'noteEnd' } },
      after: { outOfOrder: 'reopening' },
    },
    reopening: { invoke: { src: 'close', input: ({ context }) => context.tools, onDone: 'opening' } },
  },
})

/** The machine's private states as the small public one. */
export function publicStateOf(snapshot: { readonly context: Pick<Context, 'offline' | 'faulty'>; matches(state: 'ready' | { readonly ready: { readonly request: 'waiting' } }): boolean }): DeviceState {
  if (snapshot.matches('ready')) return snapshot.matches({ ready: { request: 'waiting' } }) ? 'busy' : 'ready'
  if (snapshot.context.faulty) return 'fault'
  return snapshot.context.offline ? 'offline' : 'starting'
}

/** A request that is not there (already answered) gets id 0, which nobody waits for. */
function finished(context: Context, result: Result<ScannedCode, CodeReadError>): ScannerEmission {
  return { type: 'finished', id: context.request?.id ?? 0, result }
}
