import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import { implement } from '@orpc/server'
import type { ContractRouterClient } from '@orpc/contract'
import { describe, expect, it } from 'vitest'
import type { KioskContract } from '../../core/kiosk-api/contract.ts'
import { kioskContract } from '../../core/kiosk-api/contract.ts'
import type { Snapshot } from '../../core/kiosk-api/snapshot.ts'
import type { Log } from '../../core/log/events.ts'
import type { CallContext, KioskRouter } from '../services/kiosk-api/router.ts'
import { createKioskRouter } from '../services/kiosk-api/router.ts'
import { createPageStore } from '../services/session/page-store.ts'
import type { SessionService } from '../services/session/session.ts'
import { CHANNELS } from './channels.ts'
import type { ShellContents } from './electron-api.ts'
import { createPortHandover } from './handover.ts'
import { DoubleFrame, DoubleWindow, ElectronDouble } from './testing/electron-double.ts'

/** Answers as the real router does, from nothing; what is proved here is the way to it. */
function testRouter(onStreamEnd: () => void = () => undefined): KioskRouter {
  const api = implement(kioskContract).$context<CallContext>()
  return api.router({
    snapshots: api.snapshots.handler(({ signal }) => silentStream(signal, onStreamEnd)),
    command: api.command.handler(({ input }) => ({ result: input.type === 'start' ? 'accepted' : 'refused' })),
    page: api.page.handler(() => ({})),
    photograph: api.photograph.handler(() => ({ result: 'refused' as const })),
  })
}

/** A stream with nothing to tell until it is ended. */
function silentStream(signal: AbortSignal | undefined, onEnd: () => void): AsyncIteratorObject<Snapshot, void, void> {
  const end = (): Promise<IteratorResult<Snapshot, void>> => {
    onEnd()
    return Promise.resolve({ done: true, value: undefined })
  }
  return {
    next: () => new Promise((resolve) => signal?.addEventListener('abort', () => void end().then(resolve))),
    return: end,
    [Symbol.asyncIterator]() {
      return this
    },
    [Symbol.asyncDispose]: async () => undefined,
  }
}

function setUp() {
  const electron = new ElectronDouble()
  const api = electron.api()
  const logged: string[] = []
  const log: Log = (event, fields) => void logged.push(`${event} ${JSON.stringify(fields)}`)
  const window = api.createWindow({}) as unknown as DoubleWindow
  let current: ShellContents | undefined = window.webContents as unknown as ShellContents
  const handover = createPortHandover(api, () => current, log)
  const clientOf = (at: number): ContractRouterClient<KioskContract> => {
    const port = window.webContents.mainFrame.posted[at]?.ports[0]
    if (port === undefined) throw new Error('no port')
    port.start()
    return createORPCClient(new RPCLink({ port }))
  }
  return { electron, window, handover, logged, clientOf, posted: window.webContents.mainFrame.posted, replace: (contents: ShellContents | undefined) => void (current = contents) }
}

describe('the port', () => {
  it('goes to the main frame of our page, and the kiosk API answers on it', async () => {
    const { electron, handover, clientOf, posted } = setUp()
    handover.serve(testRouter())
    electron.ipc(CHANNELS.pageReady)
    expect(posted.map(({ channel, ports }) => [channel, ports.length])).toEqual([[CHANNELS.port, 1]])
    const client = clientOf(0)
    expect(await client.command({ type: 'start' })).toEqual({ result: 'accepted' })
    await expect(client.command({ type: 'no such command' } as never)).rejects.toThrow()
    handover.drop()
  })

  it('waits for the terminal when the page is first', () => {
    const { electron, handover, posted } = setUp()
    electron.ipc(CHANNELS.pageReady)
    expect(posted).toEqual([])
    handover.serve(testRouter())
    expect(posted).toHaveLength(1)
    handover.drop()
  })

  it('is not given to a frame that went away meanwhile', () => {
    const { electron, handover, window, posted } = setUp()
    electron.ipc(CHANNELS.pageReady)
    window.webContents.mainFrame.destroyed = true
    handover.serve(testRouter())
    expect(posted).toEqual([])
  })

  it('ends when the next page asks: the stream of the one before ends with it', async () => {
    const { electron, handover, clientOf, posted } = setUp()
    let ended: () => void = () => undefined
    const streamEnd = new Promise<void>((resolve) => (ended = resolve))
    handover.serve(testRouter(() => ended()))
    electron.ipc(CHANNELS.pageReady)
    const stream = await clientOf(0).snapshots()
    const reading = stream.next().catch(() => 'ended')
    electron.ipc(CHANNELS.pageReady)
    await streamEnd
    expect(await reading).toBe('ended')
    expect(posted).toHaveLength(2)
    handover.drop()
  })

  it('takes commands only from a page that has opened its stream, also when the renderer was loaded again', async () => {
    const { electron, handover, clientOf } = setUp()
    const session: Partial<SessionService> = { snapshot: () => ({ revision: 1 }) as Snapshot, onSnapshot: () => () => undefined, pageOpened: () => undefined, command: () => 'accepted' }
    handover.serve(createKioskRouter(session as SessionService, createPageStore(), { tell: () => undefined, pageGone: () => undefined }, { offer: () => 'dropped' }))
    for (const at of [0, 1]) {
      electron.ipc(CHANNELS.pageReady)
      const page = clientOf(at)
      expect(await page.command({ type: 'start' })).toEqual({ result: 'refused' })
      await (await page.snapshots()).next()
      expect(await page.command({ type: 'start' })).toEqual({ result: 'accepted' })
    }
    handover.drop()
  })

  it.each([
    ['a frame within the page', (frame: DoubleFrame) => Object.assign(new DoubleFrame(), { parent: frame })],
    ['another page in the window', (frame: DoubleFrame) => Object.assign(frame, { origin: 'https://example.org' })],
    ['a page of no origin', (frame: DoubleFrame) => Object.assign(frame, { origin: 'null' })],
    ['a frame that is gone', () => null],
  ])('is refused to %s', (_who, frameOf) => {
    const { electron, window, handover, logged, posted } = setUp()
    handover.serve(testRouter())
    const frame = frameOf(window.webContents.mainFrame)
    electron.ipc(CHANNELS.pageReady, window, frame)
    expect(posted).toEqual([])
    expect(frame?.posted ?? []).toEqual([])
    expect(logged).toEqual(['shell.denied {"what":"ipc-sender"}'])
  })

  it('is refused to a window that is not on the screen any more', () => {
    const { electron, window, handover, replace, posted } = setUp()
    handover.serve(testRouter())
    replace(new DoubleWindow({}).webContents as unknown as ShellContents)
    electron.ipc(CHANNELS.pageReady, window)
    replace(undefined)
    electron.ipc(CHANNELS.pageReady, window)
    expect(posted).toEqual([])
  })
})
