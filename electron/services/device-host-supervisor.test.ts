import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { DeviceConfig } from '../../core/config/kiosk-config.ts'
import type { Log } from '../../core/log/events.ts'
import type { DeviceId } from '../../core/ids.ts'
import { driverLog, superviseDeviceHost, utilityHost } from './device-host-supervisor.ts'

const devices: readonly DeviceConfig[] = [{ id: 'reader', class: 'id-card', address: { kind: 'tcp', host: '127.0.0.1', port: 7001 }, additionalAddress: false }]

/** A double of Electron's utility process. */
class UtilityChild {
  pid: number | undefined = 99
  readonly posted: unknown[] = []
  polite = 0
  message: (message: unknown) => void = () => undefined
  readonly #exits: ((code: number) => void)[] = []
  postMessage(message: unknown): void {
    this.posted.push(message)
  }
  on(_event: 'message', listener: (message: unknown) => void): void {
    this.message = listener
  }
  once(_event: 'exit', listener: (code: number) => void): void {
    this.#exits.push(listener)
  }
  kill(): boolean {
    this.polite += 1
    return true
  }
  exit(code: number): void {
    this.pid = undefined
    for (const listener of this.#exits) listener(code)
  }
}

describe('the supervisor of the device host', () => {
  it('writes each change of a device once, and brings the host back in Electron too', async () => {
    const clock = new SimulatedClock()
    const events: [string, Readonly<Record<string, unknown>>][] = []
    const log: Log = (event, fields) => events.push([event, fields])
    const children: UtilityChild[] = []
    const killed: number[] = []
    const spawn = utilityHost({ fork: () => (children.push(new UtilityChild()), children.at(-1) as UtilityChild) }, '/kiosk/device-host.js', (pid) => killed.push(pid))
    const host = superviseDeviceHost({ devices, spawn, clock, log })
    const states = (): unknown[] => events.filter(([event]) => event === 'device.state').map(([, fields]) => fields.state)

    children[0]?.message({ type: 'ready' })
    expect(children[0]?.posted[0]).toEqual({ type: 'configure', devices })
    for (const since of [1, 2, 3]) children[0]?.message({ type: 'report', report: { id: 'reader' as DeviceId, kind: 'id-card', status: { state: 'ready', since } } })
    expect(states()).toEqual(['ready'])

    await clock.advance(8_000)
    expect([children[0]?.polite, killed]).toEqual([1, [99]])
    expect(states()).toEqual(['ready', 'offline'])
    children[0]?.exit(9)
    await clock.advance(250)
    expect(children).toHaveLength(2)
    void host.stop()
  })

  it('keeps the ids of the host’s own events and makes one line of codes of a driver’s note', () => {
    const events: unknown[] = []
    const log = driverLog((event, fields) => events.push([event, fields]))
    log('device-host.dying', { code: 'TypeError' })
    log('id-card.opened', { line: '/dev/ttyUSB0', baud: 115200 })
    // A driver must not be able to pass as another part of the kiosk.
    log('session.ended', { end: 'x' })
    expect(events).toEqual([
      ['device-host.dying', { code: 'TypeError' }],
      ['device.note', { name: 'id-card.opened', detail: 'line=/dev/ttyUSB0 baud=115200' }],
      ['device.note', { name: 'session.ended', detail: 'end=x' }],
    ])
  })
})
