import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { SimulatedClock } from '../../../core/clock/simulated-clock.ts'
import { createVirtualSocialCard } from './virtual-social-card.ts'
import { cardMessage } from './wire.ts'

const POWER_ON = cardMessage(Uint8Array.of(1))
const GET_ATR = cardMessage(Uint8Array.of(4))

let server: Server
afterEach(() => new Promise<void>((resolve) => server.close(() => resolve())))

test('a card that its reader asks for, and never switches on, is put in anew; one that was switched on stays', async () => {
  server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const clock = new SimulatedClock()
  const card = createVirtualSocialCard({ reader: { host: '127.0.0.1', port: (server.address() as AddressInfo).port }, clock })
  const made = once(server, 'connection') as Promise<[Socket]>
  await card.command({ kind: 'insert', card: 'zhou-guilan' })
  const [unseen] = await made
  unseen.write(GET_ATR)
  await once(unseen, 'data')

  const left = new Promise((resolve) => card.onChange(() => card.state().connected || resolve(undefined)))
  await clock.advance(3_000)
  await left
  const again = once(server, 'connection') as Promise<[Socket]>
  await clock.advance(500)
  const [seen] = await again
  const switchedOn = new Promise((resolve) => card.onChange(() => card.state().powered && resolve(undefined)))
  seen.write(POWER_ON)
  await switchedOn
  await clock.advance(60_000)
  expect(card.state()).toMatchObject({ connected: true, powered: true })
  await card.stop()
})
