import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../core/clock/clock.ts'
import type { DeviceConfig } from '../../core/config/kiosk-config.ts'
import type { DeviceState } from '../../core/device/status.ts'
import type { DeviceId } from '../../core/ids.ts'
import { reply } from '../id-card/testing/replies.ts'
import { SAM_NUMBER } from '../id-card/testing/scripted-reader.ts'
import { connectDeviceHost, HOST_GONE } from './client.ts'
import type { DeviceHost } from './contract.ts'
import type { HostChild, HostExit } from './host-child.ts'
import { HOST_EXIT } from './host.ts'
import type { FromHost } from './protocol.ts'
import { forkHost } from './spawn-fork.ts'
import { systemClock } from './system-clock.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
const READER = 'reader' as DeviceId

/** A reader without a card, on a plain TCP server of the test: status and SAM number are fine, find says "no card". */
function answerLikeAReader(socket: Socket): void {
  socket.on('error', () => undefined)
  socket.on('data', (frame: Buffer) => {
    const command = frame.subarray(7, 9).toString('hex')
    if (command === '12ff') socket.write(reply(0x90, SAM_NUMBER))
    else socket.write(reply(command === '2001' ? 0x80 : 0x90))
  })
}

let server: Server
let sockets: Set<Socket>
let devices: readonly DeviceConfig[]
let host: DeviceHost | undefined
let children: HostChild[]
let exits: HostExit[]

beforeEach(async () => {
  sockets = new Set()
  server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    answerLikeAReader(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  devices = [{ id: 'reader', class: 'id-card', address: { kind: 'tcp', host: '127.0.0.1', port: (server.address() as AddressInfo).port }, additionalAddress: false }]
  children = []
  exits = []
})

afterEach(async () => {
  await host?.stop()
  host = undefined
  for (const socket of sockets) socket.destroy()
  server.close()
})

const forkMain = forkHost(MAIN)
function spawn(): HostChild {
  const child = forkMain()
  children.push(child)
  child.onExit((exit) => exits.push(exit))
  return child
}

/** Resolves as soon as the reader is in this state (and with this code, when one is named). */
function readerIs(state: DeviceState, code?: string): Promise<void> {
  return new Promise((resolve) => {
    const fits = (status: { readonly state: DeviceState; readonly code?: string } | undefined): boolean => status?.state === state && (code === undefined || status.code === code)
    if (fits(host?.reports()[0]?.status)) return resolve()
    const stop = host?.onReport((report) => {
      if (!fits(report.status)) return
      stop?.()
      resolve()
    })
  })
}

describe('the real device host process', { timeout: 60_000 }, () => {
  it('is killed while a card is awaited: the kiosk hears it at once, and the reader comes back by itself', async () => {
    host = connectDeviceHost({ spawn, clock: systemClock, log: () => undefined, devices })
    await readerIs('ready')

    const waiting = Promise.withResolvers<void>()
    const reading = host.readCard(READER, { timeoutMs: 60_000 }, (progress) => progress.kind === 'waiting' && waiting.resolve(), new AbortController().signal)
    await waiting.promise
    process.kill(children[0]?.pid ?? 0, 'SIGKILL')

    expect(await reading).toEqual({ ok: false, error: { kind: 'reader-gone', code: HOST_GONE } })
    expect(host.reports()[0]?.status).toMatchObject({ state: 'offline', code: HOST_GONE })
    await readerIs('ready')
    expect(children).toHaveLength(2)
    expect(children[1]?.pid).not.toBe(children[0]?.pid)
  })

  it('is hung, as by a native call that never returns: it is killed and replaced', async () => {
    // The watchdog's seconds are spared once the process is up; its start may take what it takes.
    let hurry = 1
    const clock: Clock = { ...systemClock, setTimeout: (fn, ms) => systemClock.setTimeout(fn, ms / hurry) }
    host = connectDeviceHost({ spawn, clock, log: () => undefined, devices })
    await readerIs('ready')
    process.kill(children[0]?.pid ?? 0, 'SIGSTOP')
    hurry = 20
    await readerIs('offline', HOST_GONE)
    hurry = 1
    await readerIs('ready')
    expect(exits[0]).toMatchObject({ signal: 'SIGKILL' })
  })

  it('cancels a reading when the signal says so', async () => {
    host = connectDeviceHost({ spawn, clock: systemClock, log: () => undefined, devices })
    await readerIs('ready')
    const abort = new AbortController()
    const reading = host.readCard(READER, { timeoutMs: 60_000 }, (progress) => progress.kind === 'waiting' && abort.abort(), abort.signal)
    expect(await reading).toEqual({ ok: false, error: { kind: 'cancelled' } })
  })

  it('ends in order when it is told to, and frees the reader', async () => {
    host = connectDeviceHost({ spawn, clock: systemClock, log: () => undefined, devices })
    await readerIs('ready')
    await host.stop()
    expect(exits).toEqual([{ code: HOST_EXIT.stopped, signal: null }])
  })

  it('ends by itself when the kiosk process has gone without a word', async () => {
    const child = fork(MAIN, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
    const [first] = (await once(child, 'message')) as [FromHost]
    expect(first).toEqual({ type: 'ready' })
    child.send({ type: 'configure', devices: [...devices] })
    await once(server, 'connection')
    child.disconnect()
    const [code] = (await once(child, 'exit')) as [number]
    expect(code).toBe(HOST_EXIT.parentSilent)
  })
  it('says the code of a bug before it ends of it, and nothing that the bug quotes', async () => {
    const bug = "process.once('message', () => { throw new RangeError('no room for 周桂兰') })"
    const child = fork(MAIN, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: ['--import', `data:text/javascript,${encodeURIComponent(bug)}`] })
    const said: FromHost[] = []
    child.on('message', (message: FromHost) => {
      said.push(message)
      if (message.type === 'ready') child.send({ type: 'ping', beat: 1 })
    })
    const [code] = (await once(child, 'exit')) as [number]
    expect(code).toBe(HOST_EXIT.bug)
    expect(said).toContainEqual({ type: 'dying', code: 'RangeError' })
    expect(JSON.stringify(said)).not.toContain('周')
  })
})
