import { describe, expect, it } from 'vitest'
import type { DeviceConfig } from '../../core/config/kiosk-config.ts'
import { capabilities } from '../../core/device/capabilities.ts'
import type { DeviceReport, DeviceState } from '../../core/device/status.ts'
import type { DeviceId } from '../../core/ids.ts'
import { devicesInUse } from './devices-in-use.ts'

const tcp = (port: number) => ({ kind: 'tcp', host: '127.0.0.1', port }) as const
const reader = (id: string, port: number): DeviceConfig => ({ id, class: 'id-card', address: tcp(port), additionalAddress: false })
const printer = (id: string, port: number): DeviceConfig => ({ id, class: 'receipt-printer', address: tcp(port), profile: 'escpos-80' })
const scanner = (id: string, feeder: boolean): DeviceConfig => ({ id, class: 'document-scanner', address: { kind: 'escl', url: `http://127.0.0.1/${id}` }, dpi: 300, feeder })
const report = ({ id, class: kind }: DeviceConfig, state: DeviceState): DeviceReport => ({ id: id as DeviceId, kind, status: { state, since: 0 } })

describe('of several devices of one class', () => {
  it('the card is read where it can be read, as the screen promises', () => {
    const [first, second] = [reader('a', 1), reader('b', 2)]
    let reports = [report(first, 'ready'), report(second, 'ready')]
    const inUse = devicesInUse([first, second], () => reports)
    expect(inUse.cardReader()).toBe('a')
    reports = [report(first, 'out-of-service'), report(second, 'ready')]
    expect(capabilities(reports, 'online', { waiting: 0, held: 0, full: false }, inUse.serving).identify).toBe(true)
    expect(inUse.cardReader()).toBe('b')
    expect(devicesInUse([{ ...first, serves: [] }, second], () => [report(first, 'ready'), report(second, 'fault')]).cardReader()).toBe('b')
    expect(devicesInUse([{ ...first, serves: [] }], () => []).cardReader()).toBeUndefined()
  })

  it('one printer prints, and no other one is promised', () => {
    const [first, second] = [printer('a', 1), printer('b', 2)]
    const reports = [report(first, 'no-paper'), report(second, 'ready')]
    const inUse = devicesInUse([first, second], () => reports)
    expect(inUse.printer('receipt-printer')).toBe('a')
    expect(capabilities(reports, 'online', { waiting: 0, held: 0, full: false }, inUse.serving).print).toBe(false)
    const spare = devicesInUse([{ ...first, serves: [] }, second], () => reports)
    expect(spare.printer('receipt-printer')).toBe('b')
    expect(capabilities(reports, 'online', { waiting: 0, held: 0, full: false }, spare.serving).print).toBe(true)
    expect(spare.printer('page-printer')).toBeUndefined()
  })

  it('a stack is fed to the one that has a feeder', () => {
    const [flat, fed] = [scanner('flat', false), scanner('fed', true)]
    const inUse = devicesInUse([flat, fed], () => [report(flat, 'ready'), report(fed, 'ready')])
    expect([inUse.scanner('platen'), inUse.scanner('feeder')]).toEqual(['flat', 'fed'])
  })
})
