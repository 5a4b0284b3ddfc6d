import { implement, ORPCError } from '@orpc/server'
import { kioskContract } from '../../../core/kiosk-api/contract.ts'
import { REPLACED } from '../../../core/kiosk-api/replaced.ts'
import type { Snapshot } from '../../../core/kiosk-api/snapshot.ts'
import type { CameraWatch } from '../camera.ts'
import type { PageStore } from '../session/page-store.ts'
import type { SessionService } from '../session/session.ts'
import type { TypedCodes } from '../session/typed-codes.ts'

/** What a host knows of a call: the connection that it came over, one object for each. */
export interface CallContext {
  readonly page: object
}

/**
 * The kiosk API over the session. One page is in charge: the one that opened its stream last. The page before it is told so
 * by the end of its own stream, and whatever it still asks is refused: what one person does at a screen must not happen on
 * another's. Transport-neutral: Electron serves it over a MessagePort, the page host over a WebSocket.
 * Inputs have been parsed with the contract's schemas before a handler sees them.
 */
export function createKioskRouter(session: SessionService, pages: PageStore, camera: Pick<CameraWatch, 'tell' | 'pageGone'>, codes: Pick<TypedCodes, 'offer'>) {
  const api = implement(kioskContract).$context<CallContext>()
  let opened = 0
  let inCharge: object | undefined
  const replacedListeners = new Set<() => void>()
  const refused = { result: 'refused' as const }
  return api.router({
    snapshots: api.snapshots.handler(({ signal, context }) => {
      const mine = ++opened
      inCharge = context.page
      // Before the session changes: the page that is gone must not see what comes next.
      for (const tell of [...replacedListeners]) tell()
      session.pageOpened()
      return follow(session, signal, {
        replaced: () => mine !== opened,
        onReplaced: (listener) => {
          replacedListeners.add(listener)
          return () => replacedListeners.delete(listener)
        },
        gone: () => {
          if (mine === opened) camera.pageGone()
        },
      })
    }),
    command: api.command.handler(({ input, context }) => {
      if (context.page !== inCharge) return refused
      // What the page finds of a device is no touch of a citizen.
      if (input.type === 'code-typed') {
        const taken = codes.offer(input.text) === 'taken'
        // Whoever shows a code that is waited for is still there. A scanner that babbles by itself keeps nobody signed in.
        if (taken) session.command({ type: 'activity' })
        return { result: taken ? 'accepted' : 'refused' }
      }
      if (input.type !== 'camera') return { result: session.command(input) }
      camera.tell(input.code === undefined ? { state: input.state } : { state: input.state, code: input.code })
      return { result: 'accepted' as const }
    }),
    photograph: api.photograph.handler(({ input, context }) => (context.page !== inCharge ? refused : { result: session.photograph(new Uint8Array(Buffer.from(input.dataUrl.slice(input.dataUrl.indexOf(',') + 1), 'base64'))) })),
    page: api.page.handler(({ input, context }) => {
      const page = context.page === inCharge ? pages.get(input.page) : undefined
      return page === undefined ? {} : { dataUrl: `data:${page.mime};base64,${Buffer.from(page.bytes).toString('base64')}` }
    }),
  })
}

export type KioskRouter = ReturnType<typeof createKioskRouter>

interface Stream {
  replaced(): boolean
  onReplaced(listener: () => void): () => void
  gone(): void
}

/**
 * The newest snapshot each time; a slow page skips those in between rather than falling behind. Ends with the error `REPLACED`
 * when another page has taken over.
 */
async function* follow(session: SessionService, signal: AbortSignal | undefined, stream: Stream): AsyncGenerator<Snapshot, void, void> {
  let newest: Snapshot | undefined = session.snapshot()
  let wake: () => void = () => undefined
  const stop = session.onSnapshot((snapshot) => {
    newest = snapshot
    wake()
  })
  const onAbort = (): void => wake()
  const stopListening = stream.onReplaced(onAbort)
  signal?.addEventListener('abort', onAbort)
  try {
    while (signal?.aborted !== true) {
      if (stream.replaced()) throw new ORPCError(REPLACED)
      if (newest !== undefined) {
        const next = newest
        newest = undefined
        yield next
      } else await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    stop()
    stopListening()
    stream.gone()
  }
}
