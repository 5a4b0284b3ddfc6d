import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../core/clock/clock.ts'
import type { DeviceConfig } from '../../core/config/kiosk-config.ts'
import type { DeviceReport, DeviceState } from '../../core/device/status.ts'
import type { DeviceId } from '../../core/ids.ts'
import { connectDeviceHost, HOST_GONE } from '../../drivers/device-host/client.ts'
import type { DeviceHost } from '../../drivers/device-host/contract.ts'
import type { HostChild, HostExit } from '../../drivers/device-host/host-child.ts'
import { forkHost } from '../../drivers/device-host/spawn-fork.ts'
import { systemClock } from '../../drivers/device-host/system-clock.ts'
import { createVirtualCardReader } from '../../sandbox/devices/card-reader/virtual-card-reader.ts'
import { quietPort } from '../../sandbox/devices/quiet-port.ts'
import { watchOwnTime } from '../own-time.ts'
import type { Nastiness } from './nasty-host.ts'

const NASTY = fileURLToPath(new URL('nasty-host.ts', import.meta.url))
const REAL = fileURLToPath(new URL('../../drivers/device-host/main.ts', import.meta.url))

/** How long the kiosk is watched while it is flooded. */
const FLOOD_MS = 2_000
/** The page's heart beats, and a touch is answered, well within this. */
const LONGEST_STANDSTILL_MS = 500
const MOST_LINES_IN_A_FLOOD = 60

let host: DeviceHost | undefined
let reports: DeviceReport[]
let lines: { readonly event: string; readonly fields: Readonly<Record<string, string | number | boolean>> }[]
let exits: HostExit[]
let children: HostChild[]

function connect(entry: string, devices: readonly DeviceConfig[], clock: Clock = systemClock): DeviceHost {
  reports = []
  lines = []
  exits = []
  children = []
  const fork = forkHost(entry)
  const connected = connectDeviceHost({
    clock, devices,
    log: (event, fields) => lines.push({ event, fields }),
    spawn: () => {
      const child = fork()
      children.push(child)
      child.onExit((exit) => exits.push(exit))
      return child
    },
  })
  connected.onReport((report) => reports.push(report))
  host = connected
  return connected
}

const nasty = (id: Nastiness): DeviceConfig => ({ id, class: 'id-card', address: { kind: 'tcp', host: '127.0.0.1', port: 1 }, additionalAddress: false })

function becomes(connected: DeviceHost, state: DeviceState, code?: string): Promise<void> {
  return new Promise((resolve) => {
    const fits = (report: DeviceReport | undefined): boolean => report?.status.state === state && (code === undefined || report.status.code === code)
    if (fits(connected.reports()[0])) return resolve()
    const stopListening = connected.onReport((report) => {
      if (!fits(report)) return
      stopListening()
      resolve()
    })
  })
}

const read = (connected: DeviceHost, id: string, onProgress: (kind: string) => void = () => undefined) => connected.readCard(id as DeviceId, { timeoutMs: 60_000 }, (progress) => onProgress(progress.kind), new AbortController().signal)

/** The longest time for which this process was busy with one thing, while `during` lasted. */
async function standstill(during: Promise<unknown>): Promise<number> {
  const watched = watchOwnTime()
  await during
  return watched().standstillMs
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

afterEach(async () => {
  await host?.stop()
  host = undefined
})

describe('the kiosk process lives through the worst of its device host', { timeout: 60_000 }, () => {
  it.each<[Nastiness, string]>([['abort', 'a native module that aborts'], ['segfault', 'a native module that reads where nothing is'], ['throw-later', 'an exception that nobody catches']])('%s: %s ends the call as a value; the devices come back', async (kind) => {
    const connected = connect(NASTY, [nasty(kind)])
    await becomes(connected, 'ready')
    expect(await read(connected, kind)).toEqual({ ok: false, error: { kind: 'reader-gone', code: HOST_GONE } })
    expect(connected.reports()[0]?.status).toMatchObject({ state: 'offline', code: HOST_GONE })
    await becomes(connected, 'ready')
    expect(children).toHaveLength(2)
    expect(exits[0]).toMatchObject(kind === 'throw-later' ? { code: expect.any(Number) as number } : { signal: kind === 'abort' ? 'SIGABRT' : 'SIGSEGV' })
    expect(JSON.stringify(lines)).not.toContain('周')
  })

  it('is killed with -9 again and again: each time it says so, and each time it is back', async () => {
    const connected = connect(NASTY, [nasty('abort')])
    for (let life = 0; life < 3; life++) {
      await becomes(connected, 'ready')
      process.kill(children.at(-1)?.pid ?? 0, 'SIGKILL')
      await becomes(connected, 'offline', HOST_GONE)
    }
    await becomes(connected, 'ready')
    expect(exits.map(({ signal }) => signal)).toEqual(['SIGKILL', 'SIGKILL', 'SIGKILL'])
  })

  it('hangs in a loop that never ends: the watchdog replaces it, and meanwhile the kiosk answers', async () => {
    // Twenty times faster once it is up, so that the watchdog's eight seconds do not have to be waited for.
    let hurry = 1
    const connected = connect(NASTY, [nasty('busy-loop')], { ...systemClock, setTimeout: (fn, ms) => systemClock.setTimeout(fn, ms / hurry) })
    await becomes(connected, 'ready')
    hurry = 20
    const reading = read(connected, 'busy-loop')
    expect(await standstill(reading)).toBeLessThan(LONGEST_STANDSTILL_MS)
    expect(await reading).toEqual({ ok: false, error: { kind: 'reader-gone', code: HOST_GONE } })
    expect(lines).toContainEqual({ event: 'device-host.killed', fields: expect.objectContaining({ code: 'hung' }) as Record<string, string> })
    hurry = 1
    await becomes(connected, 'ready')
  })

  it.each<[Nastiness, string]>([['flood-log', 'lines of log'], ['flood-reports', 'changes of state']])('%s: the host holds back %s, lives on and is not killed', async (kind) => {
    const connected = connect(NASTY, [nasty(kind)])
    await becomes(connected, 'ready')
    reports.length = 0
    const began = performance.now()
    void read(connected, kind)
    expect(await standstill(later(FLOOD_MS))).toBeLessThan(LONGEST_STANDSTILL_MS)
    expect(children).toHaveLength(1)
    expect(lines.length).toBeLessThan(MOST_LINES_IN_A_FLOOD)
    // Ten at once, then five a second.
    expect(reports.length).toBeLessThan(10 + ((performance.now() - began) / 1000) * 5 + 10)
    if (kind === 'flood-reports') expect(reports.length).toBeGreaterThan(5)
  })

  it.each<[Nastiness, string]>([['flood-messages', 'flood'], ['flood-nonsense', 'protocol-fault']])('%s: a host that floods the channel is replaced (%s), and what it still says is not even looked at', async (kind, code) => {
    const connected = connect(NASTY, [nasty(kind)])
    await becomes(connected, 'ready')
    const reading = read(connected, kind)
    expect(await standstill(Promise.all([reading, later(FLOOD_MS)]))).toBeLessThan(LONGEST_STANDSTILL_MS)
    expect(await reading).toEqual({ ok: false, error: { kind: 'reader-gone', code: HOST_GONE } })
    expect(lines).toContainEqual({ event: 'device-host.killed', fields: expect.objectContaining({ code }) as Record<string, string> })
    expect(lines.length).toBeLessThan(MOST_LINES_IN_A_FLOOD)
    expect(JSON.stringify(lines)).not.toContain('周')
    await becomes(connected, 'ready')
  })

  it('is restarted when staff ask, without waiting as after a failure', async () => {
    const connected = connect(NASTY, [nasty('abort')])
    await becomes(connected, 'ready')
    connected.restart()
    expect(connected.reports()[0]?.status).toMatchObject({ state: 'offline', code: HOST_GONE })
    await becomes(connected, 'ready')
    expect(exits).toEqual([{ code: 0, signal: null }])
    expect(children).toHaveLength(2)
  })
})

describe('a real driver behind a bad cable', { timeout: 60_000 }, () => {
  async function withReader(work: (connected: DeviceHost, reader: ReturnType<typeof createVirtualCardReader>) => Promise<void>): Promise<void> {
    const reader = createVirtualCardReader({ address: { kind: 'tcp', host: '127.0.0.1', port: await quietPort() } })
    await reader.start()
    const { address } = reader.state()
    if (address.kind !== 'tcp') throw new Error('not on TCP')
    const connected = connect(REAL, [{ id: 'reader', class: 'id-card', address: { kind: 'tcp', host: '127.0.0.1', port: address.port }, additionalAddress: false }])
    try {
      await becomes(connected, 'ready')
      await work(connected, reader)
    } finally {
      await connected.stop()
      await reader.stop()
    }
  }

  it('is unplugged in mid-frame and plugged in again: the reading ends with its reason, the reader comes back by itself', () =>
    withReader(async (connected, reader) => {
      const reading = read(connected, 'reader', (kind) => {
        // The card has been found: the next long answer is the record, 1,295 bytes.
        if (kind === 'reading') void reader.command({ kind: 'cable', unplugAfterBytes: 700, replugAfterMs: 300 })
      })
      await reader.command({ kind: 'lay', person: 'zhou-guilan' })
      const ended = await reading
      expect(ended.ok ? 'read' : ended.error.kind).toBe('reader-gone')
      await becomes(connected, 'ready')
      expect(children).toHaveLength(1)
    }))

  it('is flooded with noise: host and kiosk answer, the log stays short, and the reader is back when the noise ends', () =>
    withReader(async (connected, reader) => {
      lines.length = 0
      await reader.command({ kind: 'cable', flood: 2_000_000, silent: true })
      expect(await standstill(later(FLOOD_MS))).toBeLessThan(LONGEST_STANDSTILL_MS)
      await reader.command({ kind: 'cable', clear: true })
      await becomes(connected, 'ready')
      expect(children).toHaveLength(1)
      expect(lines.length).toBeLessThan(MOST_LINES_IN_A_FLOOD)
    }))
})
