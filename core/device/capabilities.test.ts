import { describe, expect, it } from 'vitest'
import type { DeviceId } from '../ids.ts'
import { capabilities } from './capabilities.ts'
import { DEVICE_STATE_SENTENCES } from './sentences.ts'
import type { DeviceClass, DeviceReport, DeviceState } from './status.ts'

const report = (kind: DeviceClass, state: DeviceState, id = kind as string): DeviceReport => ({ id: id as DeviceId, kind, status: { state, since: 0 } })
const calm = { waiting: 0, held: 0, full: false }
const allReady = [report('id-card', 'ready'), report('receipt-printer', 'paper-low'), report('document-scanner', 'busy')]

describe('what the machine can do now', () => {
  it('is everything when every device works and the backend answers, and then no reason is given', () => {
    expect(capabilities(allReady, 'online', calm)).toEqual({ identify: true, print: true, scan: true, submit: true, network: 'online', reasons: {} })
  })

  it('loses only what the broken device does', () => {
    const now = capabilities([report('id-card', 'ready'), report('receipt-printer', 'no-paper'), report('document-scanner', 'ready')], 'online', calm)
    expect([now.identify, now.print, now.scan]).toEqual([true, false, true])
    expect(now.reasons).toEqual({ print: DEVICE_STATE_SENTENCES['receipt-printer']['no-paper'] })
  })

  it('is not hurt by one of two devices of a class', () => {
    expect(capabilities([...allReady, report('receipt-printer', 'fault', 'second')], 'online', calm).print).toBe(true)
  })

  it('gives the reason of the device that is nearest to work', () => {
    const now = capabilities([report('receipt-printer', 'fault', 'a'), report('receipt-printer', 'cover-open', 'b')], 'online', calm)
    expect(now.reasons.print).toEqual(DEVICE_STATE_SENTENCES['receipt-printer']['cover-open'])
  })

  it('says that a device is not built in, rather than that it is broken', () => {
    const now = capabilities([report('id-card', 'ready')], 'online', calm)
    expect(now.scan).toBe(false)
    expect(now.reasons.scan?.citizen['zh-CN']).toBe('本机没有扫描仪，需要时请到人工窗口办理。')
    expect(now.reasons.scan?.citizen.en).toContain('no scanner')
  })

  it('keeps applications while offline, and says so', () => {
    const now = capabilities(allReady, 'offline', { waiting: 3, held: 1, full: false })
    expect(now.submit).toBe(true)
    expect(now.reasons.network?.citizen['zh-CN']).toContain('保存在本机')
    expect(now.reasons.network?.staff.en).toContain('Waiting: 3, held: 1')
  })

  it('takes no application that it could neither send nor keep', () => {
    const now = capabilities(allReady, 'offline', { waiting: 900, held: 0, full: true })
    expect(now.submit).toBe(false)
    expect(now.reasons.submit?.citizen['zh-CN']).toContain('不能收件')
    expect(now.reasons.network?.citizen['zh-CN']).not.toContain('保存在本机')
  })

  it('takes none while full though the backend answers: each is kept here first', () => {
    const now = capabilities(allReady, 'online', { waiting: 2, held: 0, full: true })
    expect(now.submit).toBe(false)
    expect(now.reasons.submit?.citizen['zh-CN']).toContain('已存满')
    expect(now.reasons.submit?.citizen['zh-CN']).not.toContain('网络')
  })
})
