import { implement } from '@orpc/server'
import { kioskContract } from '../../../core/kiosk-api/contract.ts'
import type { Snapshot } from '../../../core/kiosk-api/snapshot.ts'
import type { CameraWatch } from '../camera.ts'
import type { PageStore } from '../session/page-store.ts'
import type { SessionService } from '../session/session.ts'
import type { TypedCodes } from '../session/typed-codes.ts'

/**
 * The kiosk API over the session. Transport-neutral: Electron serves it over a MessagePort, the page host over a WebSocket.
 * Inputs have been parsed with the contract's schemas before a handler sees them.
 */
export function createKioskRouter(session: SessionService, pages: PageStore, camera: Pick<CameraWatch, 'tell' | 'pageGone'>, codes: Pick<TypedCodes, 'offer'>) {
  const api = implement(kioskContract)
  let opened = 0
  return api.router({
    snapshots: api.snapshots.handler(({ signal }) => {
      session.pageOpened()
      const mine = ++opened
      return follow(session, signal, () => {
        if (mine === opened) camera.pageGone()
      })
    }),
    command: api.command.handler(({ input }) => {
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
    photograph: api.photograph.handler(({ input }) => ({ result: session.photograph(new Uint8Array(Buffer.from(input.dataUrl.slice(input.dataUrl.indexOf(',') + 1), 'base64'))) })),
    page: api.page.handler(({ input }) => {
      const page = pages.get(input.page)
      return page === undefined ? {} : { dataUrl: `data:${page.mime};base64,${Buffer.from(page.bytes).toString('base64')}` }
    }),
  })
}

export type KioskRouter = ReturnType<typeof createKioskRouter>

/** The newest snapshot each time; a slow page skips those in between rather than falling behind. */
async function* follow(session: SessionService, signal: AbortSignal | undefined, onGone: () => void): AsyncGenerator<Snapshot, void, void> {
  let newest: Snapshot | undefined = session.snapshot()
  let wake: () => void = () => undefined
  const stop = session.onSnapshot((snapshot) => {
    newest = snapshot
    wake()
  })
  const onAbort = (): void => wake()
  signal?.addEventListener('abort', onAbort)
  try {
    while (signal?.aborted !== true) {
      if (newest !== undefined) {
        const next = newest
        newest = undefined
        yield next
      } else await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    stop()
    onGone()
  }
}
