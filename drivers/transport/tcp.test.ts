import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import { tcpOpener } from './tcp.ts'
import type { Transport, TransportError } from './transport.ts'

let server: Server | undefined
let transport: Transport | undefined
afterEach(async () => {
  await transport?.close()
  await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())))
  server = undefined
  transport = undefined
})

async function connected(): Promise<{ transport: Transport; peer: Socket; clock: SimulatedClock }> {
  const clock = new SimulatedClock()
  const listening = createServer()
  server = listening
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const peer = new Promise<Socket>((resolve) => listening.once('connection', resolve))
  const result = await tcpOpener({ host: '127.0.0.1', port: (listening.address() as AddressInfo).port }, clock)()
  if (!result.ok) throw new Error(result.error.kind)
  transport = result.value
  return { transport: result.value, peer: await peer, clock }
}

function nextChunk(from: Transport): Promise<string> {
  return new Promise((resolve) => {
    const stop = from.onData((chunk) => {
      stop()
      resolve(Buffer.from(chunk).toString())
    })
  })
}

test('bytes go both ways, and no timer stays after connecting', async () => {
  const { transport, peer, clock } = await connected()
  expect(clock.pending).toBe(0)
  const heard = new Promise<string>((resolve) => peer.once('data', (chunk) => resolve(chunk.toString())))
  expect(await transport.write(Buffer.from('ping'))).toEqual({ ok: true, value: undefined })
  expect(await heard).toBe('ping')
  const answer = nextChunk(transport)
  peer.write('pong')
  expect(await answer).toBe('pong')
})

test('the other end closes: told once, and later writes fail', async () => {
  const { transport, peer } = await connected()
  const ends: TransportError[] = []
  const ended = new Promise<void>((resolve) => {
    transport.onEnd((error) => {
      ends.push(error)
      resolve()
    })
  })
  peer.destroy()
  await ended
  expect(ends).toHaveLength(1)
  expect(ends[0]?.kind).toBe('disconnected')
  expect((await transport.write(Buffer.from('x'))).ok).toBe(false)
})

test('our own close is told to nobody', async () => {
  const { transport } = await connected()
  let told = 0
  transport.onEnd(() => (told += 1))
  await transport.close()
  await transport.close()
  expect(told).toBe(0)
})

test('nobody listens: refused', async () => {
  const { peer } = await connected()
  const port = peer.localPort ?? 0
  await transport?.close()
  const closing = server
  server = undefined
  await new Promise<void>((resolve) => closing?.close(() => resolve()))
  expect(await tcpOpener({ host: '127.0.0.1', port }, new SimulatedClock())()).toEqual({ ok: false, error: { kind: 'refused', detail: 'ECONNREFUSED' } })
})

test('no answer to the connect within 3 s is a time-out', async () => {
  const clock = new SimulatedClock()
  const opening = tcpOpener({ host: '127.0.0.1', port: 9 }, clock)()
  // The clock runs out before the event loop has had a turn in which the connect could end.
  void clock.advance(3000)
  const result = await opening
  expect(result.ok ? 'connected' : result.error).toEqual({ kind: 'timeout', detail: 'tcp-connect' })
  expect(clock.pending).toBe(0)
})
