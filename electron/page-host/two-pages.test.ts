import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Command } from '../../core/kiosk-api/command.ts'
import type { KioskContract } from '../../core/kiosk-api/contract.ts'
import { REPLACED } from '../../core/kiosk-api/replaced.ts'
import type { Snapshot } from '../../core/kiosk-api/snapshot.ts'
import { createKioskRouter } from '../services/kiosk-api/router.ts'
import type { PageStore } from '../services/session/page-store.ts'
import type { SessionService } from '../services/session/session.ts'
import { startPageServer } from './page-server.ts'
import type { PageServer } from './page-server.ts'

type Page = ContractRouterClient<KioskContract>

let folder: string
let server: PageServer
let commands: Command[]
let photographs: number
let publish: (revision: number) => void
let pageOpened: () => void
let sockets: WebSocket[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-two-pages-'))
  commands = []
  photographs = 0
  sockets = []
  let current = { revision: 1 } as Snapshot
  const listeners = new Set<(snapshot: Snapshot) => void>()
  publish = (revision) => {
    current = { revision } as Snapshot
    for (const listener of listeners) listener(current)
  }
  pageOpened = () => publish(current.revision + 1)
  const session: Partial<SessionService> = {
    snapshot: () => current,
    onSnapshot: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    pageOpened: () => pageOpened(),
    command: (command) => (commands.push(command), 'accepted'),
    photograph: () => ((photographs += 1), 'accepted'),
  }
  const pages = { get: () => ({ mime: 'image/jpeg', bytes: Uint8Array.of(1) }) } as unknown as PageStore
  const router = createKioskRouter(session as SessionService, pages, { tell: () => undefined, pageGone: () => undefined }, { offer: () => 'dropped' })
  server = await startPageServer({ folder, port: 0, router })
})
afterEach(async () => {
  for (const socket of sockets) socket.close()
  await server.stop()
  rmSync(folder, { recursive: true })
})

/** A tab with the cookie of its browser: two tabs of one browser have the same. */
async function browser(): Promise<() => Page> {
  const cookie = await new Promise<string>((resolve, reject) => {
    request(server.openUrl(), (response) => {
      response.resume()
      resolve((response.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '')
    }).on('error', reject).end()
  })
  return () => {
    const websocket = new WebSocket(`${server.origin.replace('http', 'ws')}/api`, { headers: { cookie, origin: server.origin } })
    sockets.push(websocket)
    return createORPCClient<Page>(new RPCLink({ websocket }))
  }
}
const start: Command = { type: 'start' }
const photograph = { dataUrl: 'data:image/jpeg;base64,/9g=' }

it('takes commands from the page that came last; the one before is told, sees nothing more and can do nothing', async () => {
  const tab = await browser()
  const first = tab()
  const firstStream = (await first.snapshots())[Symbol.asyncIterator]()
  expect((await firstStream.next()).value).toMatchObject({ revision: 2 })
  expect(await first.command(start)).toEqual({ result: 'accepted' })

  const second = tab()
  // A tab that has not opened its stream is not in charge yet.
  expect(await second.command(start)).toEqual({ result: 'refused' })
  const secondStream = (await second.snapshots())[Symbol.asyncIterator]()
  expect((await secondStream.next()).value).toMatchObject({ revision: 3 })

  // Its stream ends before anything of the other page's session can be seen on it.
  await expect(firstStream.next()).rejects.toMatchObject({ code: REPLACED })
  expect(await first.command(start)).toEqual({ result: 'refused' })
  expect(await first.command({ type: 'activity' })).toEqual({ result: 'refused' })
  expect(await first.photograph(photograph)).toEqual({ result: 'refused' })
  expect(await first.page({ page: '1' })).toEqual({})

  publish(4)
  expect((await secondStream.next()).value).toMatchObject({ revision: 4 })
  expect(await second.command(start)).toEqual({ result: 'accepted' })
  expect(await second.photograph(photograph)).toEqual({ result: 'accepted' })
  expect((await second.page({ page: '1' })).dataUrl).toMatch(/^data:image\/jpeg/)
  expect([commands, photographs]).toEqual([[start, start], 1])
})

it('is told at once, also while nobody is served and nothing else changes', async () => {
  pageOpened = () => undefined
  const tab = await browser()
  const stream = (await tab().snapshots())[Symbol.asyncIterator]()
  await stream.next()
  const waiting = stream.next()
  await (await tab().snapshots())[Symbol.asyncIterator]().next()
  await expect(waiting).rejects.toMatchObject({ code: REPLACED })
})

it('may be taken back by a page that starts anew', async () => {
  const tab = await browser()
  const second = tab()
  await (await tab().snapshots())[Symbol.asyncIterator]().next()
  const stream = (await second.snapshots())[Symbol.asyncIterator]()
  await stream.next()
  const again = tab()
  await (await again.snapshots())[Symbol.asyncIterator]().next()
  await expect(stream.next()).rejects.toMatchObject({ code: REPLACED })
  expect([await second.command(start), await again.command(start)]).toEqual([{ result: 'refused' }, { result: 'accepted' }])
})
