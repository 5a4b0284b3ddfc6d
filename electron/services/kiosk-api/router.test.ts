import { call } from '@orpc/server'
import { expect, test } from 'vitest'
import type { Command } from '../../../core/kiosk-api/command.ts'
import { createPageStore } from '../session/page-store.ts'
import type { SessionService } from '../session/session.ts'
import { createKioskRouter } from './router.ts'

test('a code that somebody waits for is a sign of life; a scanner that babbles by itself is none', async () => {
  const commands: Command[] = []
  let isAwaited = false
  const session = { command: (command: Command) => (commands.push(command), 'accepted'), pageOpened: () => undefined, snapshot: () => undefined, onSnapshot: () => () => undefined } as unknown as SessionService
  const router = createKioskRouter(session, createPageStore(), { tell: () => undefined, pageGone: () => undefined }, { offer: () => (isAwaited ? 'taken' : 'dropped') })
  const context = { page: {} }
  await call(router.snapshots, undefined, { context })
  expect(await call(router.command, { type: 'code-typed', text: 'X1' }, { context })).toEqual({ result: 'refused' })
  expect(commands).toEqual([])
  isAwaited = true
  expect(await call(router.command, { type: 'code-typed', text: 'X1' }, { context })).toEqual({ result: 'accepted' })
  expect(commands).toEqual([{ type: 'activity' }])
})
