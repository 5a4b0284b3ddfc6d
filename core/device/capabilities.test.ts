import { describe, expect, it } from 'vitest'
import type { DeviceId } from '../ids.ts'
import { ABILITIES_OF_CLASS, capabilities, deviceFor } from './capabilities.ts'
import { DEVICE_STATE_SENTENCES } from './sentences.ts'
import { DEVICE_CLASSES, DEVICE_STATES, isUsable } from './status.ts'
import type { DeviceClass, DeviceReport, DeviceState } from './status.ts'

const report = (kind: DeviceClass, state: DeviceState, id = kind as string): DeviceReport => ({ id: id as DeviceId, kind, status: { state, since: 0 } })
const calm = { waiting: 0, held: 0, full: false }
const allReady = [report('id-card', 'ready'), report('receipt-printer', 'paper-low'), report('document-scanner', 'busy')]

describe('what the machine can do now', () => {
  it('is everything when every device works and the backend answers, and then no reason is given', () => {
    expect(capabilities(allReady, 'online', calm)).toMatchObject({ identify: true, print: true, scan: true, submit: true, network: 'online', reasons: {} })
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

  it('lets a document camera stand in for a scanner', () => {
    const now = capabilities([report('document-scanner', 'jam'), report('document-camera', 'ready')], 'online', calm)
    expect(now.scan).toBe(true)
    expect(now.abilities).toEqual({ identify: false, 'scan-code': false, 'read-social-card': false, 'print-receipt': false, 'print-pages': false, 'scan-pages': true })
  })

  it('loses exactly the abilities of a class in every state that is not usable', () => {
    for (const kind of DEVICE_CLASSES) {
      for (const state of DEVICE_STATES) {
        const now = capabilities(DEVICE_CLASSES.filter((other) => !other.startsWith('document-') || other === kind || !kind.startsWith('document-')).map((other) => report(other, other === kind ? state : 'ready')), 'online', calm)
        const lost = Object.entries(now.abilities).filter(([, there]) => !there).map(([ability]) => ability)
        expect({ kind, state, lost }).toEqual({ kind, state, lost: isUsable(state) ? [] : ABILITIES_OF_CLASS[kind] })
      }
    }
  })

  it('rests only on what the configuration says: a printer that serves nothing is only watched', () => {
    const devices = [{ id: 'a', class: 'receipt-printer', serves: [] }, { id: 'b', class: 'receipt-printer' }] as const
    const now = capabilities([report('receipt-printer', 'ready', 'a'), report('receipt-printer', 'no-paper', 'b')], 'online', calm, devices)
    expect(now.print).toBe(false)
    expect(now.obstacles['print-receipt']).toEqual({ kind: 'not-usable', device: 'receipt-printer', state: 'no-paper' })
    expect(deviceFor('print-receipt', devices, [])).toBe('b')
  })

  it('takes a configured device that has not spoken yet for one that is starting', () => {
    const now = capabilities([], 'online', calm, [{ id: 'camera', class: 'document-camera' }])
    expect(now.obstacles['scan-pages']).toEqual({ kind: 'not-usable', device: 'document-camera', state: 'starting' })
    expect(now.obstacles.identify).toEqual({ kind: 'not-built-in', device: 'id-card' })
  })

  it('uses the device that works, in the order of the configuration', () => {
    const devices = [{ id: 'a', class: 'id-card' }, { id: 'b', class: 'id-card' }, { id: 'c', class: 'id-card' }] as const
    expect(deviceFor('identify', devices, [report('id-card', 'fault', 'a'), report('id-card', 'ready', 'b'), report('id-card', 'ready', 'c')])).toBe('b')
    expect(deviceFor('identify', devices, [report('id-card', 'fault', 'a'), report('id-card', 'offline', 'b')])).toBe('a')
    expect(deviceFor('print-pages', devices, [])).toBeUndefined()
  })

  it('tells staff of a roll that is nearly at its end, while it still prints', () => {
    const now = capabilities(allReady, 'online', calm)
    expect(now.print).toBe(true)
    expect(now.notices).toEqual([{ device: 'receipt-printer', sentence: DEVICE_STATE_SENTENCES['receipt-printer']['paper-low'].todo }])
  })

  it('says why staff have taken a device out of service', () => {
    const reason = { 'zh-CN': '正在清洁。', en: 'it is being cleaned.' }
    const now = capabilities([{ ...report('document-scanner', 'out-of-service'), reason }], 'online', calm)
    expect(now.reasons.scan?.citizen).toEqual({ 'zh-CN': '扫描仪已停用：正在清洁。', en: 'The scanner is out of service: it is being cleaned.' })
  })
})
