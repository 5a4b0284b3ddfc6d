import { assign, fromPromise, setup } from 'xstate'
import type { DeviceState } from '../../core/device/status.ts'

/** What one look at the scanner showed. */
export type Observation = { readonly state: Exclude<DeviceState, 'starting'>; readonly code?: string }

/** How often an idle network scanner is asked how it is: the screen follows within two seconds, answer included. */
export const POLL_MS = 1_500
/** What only a failed scan shows (a jam, an open cover) is believed this long; then the scanner is looked at again. */
export const TROUBLE_MS = 30_000
/** Waits before a scanner that is gone is asked again, first to last; the last one repeats. */
export const BACK_OFF_MS = [2_000, 4_000, 8_000, 15_000] as const
/** A scanner that missed one answer may be waking up; one that missed two is gone. A refused connection is gone at once. */
const MOST_SILENCES = 2

interface Context {
  readonly look: (signal: AbortSignal) => Promise<Observation>
  readonly pollMs: () => number
  readonly state: DeviceState
  readonly code: string | undefined
  readonly silences: number
  readonly failures: number
}

export type ScannerEvent = { readonly type: 'SCAN_BEGINS' } | { readonly type: 'SCAN_ENDS'; readonly trouble?: Observation }

/**
 * Watches the scanner: looks, rests, looks again; while a page is scanned it leaves the scanner alone and says `busy`. The
 * public state in the context changes only by what was seen, or by what a scan that failed has told.
 */
export const scannerMachine = setup({
  types: { context: {} as Context, input: {} as Pick<Context, 'look' | 'pollMs'>, events: {} as ScannerEvent },
  actors: { look: fromPromise<Observation, Pick<Context, 'look'>>(({ input, signal }) => input.look(signal)) },
  delays: {
    pollMs: ({ context }) => context.pollMs(),
    troubleMs: TROUBLE_MS,
    backOffMs: ({ context }) => BACK_OFF_MS[Math.min(context.failures, BACK_OFF_MS.length) - 1] ?? BACK_OFF_MS[0],
  },
  guards: { isOffline: ({ context }) => context.state === 'offline' },
}).createMachine({
  id: 'document-scanner',
  context: ({ input }) => ({ look: input.look, pollMs: input.pollMs, state: 'starting', code: undefined, silences: 0, failures: 0 }),
  initial: 'looking',
  states: {
    looking: {
      on: { SCAN_BEGINS: 'scanning' },
      invoke: {
        src: 'look',
        input: ({ context }) => ({ look: context.look }),
        onDone: {
          target: 'resting',
          actions: assign(({ context, event }) => {
            const { state, code } = event.output
            if (state !== 'offline') return { state, code, silences: 0, failures: 0 }
            const silences = context.silences + 1
            // One silence of a scanner that was well a moment ago proves nothing yet.
            if (code === 'silent' && silences < MOST_SILENCES && context.state !== 'starting') return { silences }
            return { state, code, silences, failures: context.failures + 1 }
          }),
        },
        onError: { target: 'resting', actions: assign({ state: 'fault', code: 'driver' }) },
      },
    },
    resting: {
      on: { SCAN_BEGINS: 'scanning' },
      initial: 'choosing',
      states: {
        choosing: { always: [{ guard: 'isOffline', target: 'waiting' }, { target: 'idle' }] },
        idle: { after: { pollMs: { target: '#document-scanner.looking' } } },
        waiting: { after: { backOffMs: { target: '#document-scanner.looking' } } },
      },
    },
    scanning: {
      entry: assign({ state: 'busy', code: undefined }),
      on: {
        SCAN_ENDS: [
          { guard: ({ event }) => event.trouble !== undefined, actions: assign(({ event }) => ({ state: event.trouble?.state ?? 'fault', code: event.trouble?.code, silences: 0, failures: 0 })), target: 'troubled' },
          { target: 'looking' },
        ],
      },
    },
    troubled: {
      on: { SCAN_BEGINS: 'scanning' },
      after: { troubleMs: { target: 'looking' } },
    },
  },
})
