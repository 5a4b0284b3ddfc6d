import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { DeviceConfig } from '../../core/config/kiosk-config.ts'
import type { DeviceReport } from '../../core/device/status.ts'
import type { DeviceHost } from '../../drivers/device-host/contract.ts'
import { createCameraWatch, withCamera } from './camera.ts'

const camera = (id: string): DeviceConfig => ({ id, class: 'document-camera', address: { kind: 'camera' } })

describe('the document camera among the devices', () => {
  it('is starting until the page has looked, follows what it says, and is gone with it', () => {
    const clock = new SimulatedClock()
    const watch = createCameraWatch([camera('camera')], clock)
    const told: string[] = []
    watch.onReport(({ status }) => told.push(`${status.state} ${status.code ?? ''}`))
    expect(watch.reports()).toMatchObject([{ id: 'camera', kind: 'document-camera', status: { state: 'starting' } }])
    watch.tell({ state: 'ready' })
    watch.tell({ state: 'ready' })
    watch.tell({ state: 'fault', code: 'NotReadableError' })
    watch.pageGone()
    watch.tell({ state: 'ready' })
    expect(told).toEqual(['ready ', 'fault NotReadableError', 'offline page-gone', 'ready '])
  })

  it('keeps its time while only the code changes', async () => {
    const clock = new SimulatedClock()
    const watch = createCameraWatch([camera('camera')], clock)
    watch.tell({ state: 'fault', code: 'a' })
    const since = watch.reports()[0]?.status.since
    await clock.advance(5_000)
    watch.tell({ state: 'fault', code: 'b' })
    expect(watch.reports()[0]?.status).toEqual({ state: 'fault', code: 'b', since })
  })

  it('is nothing on a terminal without one, and only the first of two', () => {
    const none = createCameraWatch([], new SimulatedClock())
    none.tell({ state: 'ready' })
    expect(none.reports()).toEqual([])
    const two = createCameraWatch([camera('one'), camera('two')], new SimulatedClock())
    two.tell({ state: 'ready' })
    expect(two.reports().map(({ status }) => status.state)).toEqual(['ready', 'offline'])
  })

  it('stands beside what the device host says', () => {
    const scanner = { id: 'scanner', kind: 'document-scanner', status: { state: 'ready', since: 0 } } as DeviceReport
    const hostListeners = new Set<(report: DeviceReport) => void>()
    const host = { reports: () => [scanner], onReport: (listener: (report: DeviceReport) => void) => (hostListeners.add(listener), () => hostListeners.delete(listener)) } as unknown as DeviceHost
    const watch = createCameraWatch([camera('camera')], new SimulatedClock())
    const both = withCamera(host, watch)
    expect(both.reports().map(({ id }) => id)).toEqual(['scanner', 'camera'])
    const heard: string[] = []
    const stop = both.onReport(({ id }) => heard.push(id))
    watch.tell({ state: 'ready' })
    hostListeners.forEach((listener) => listener(scanner))
    stop()
    watch.tell({ state: 'offline' })
    expect(heard).toEqual(['camera', 'scanner'])
    expect(hostListeners.size).toBe(0)
  })
})
