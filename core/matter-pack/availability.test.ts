import { describe, expect, it } from 'vitest'
import { capabilities } from '../device/capabilities.ts'
import { DEVICE_CLASSES, DEVICE_STATES, isUsable } from '../device/status.ts'
import type { DeviceClass, DeviceReport, DeviceState } from '../device/status.ts'
import type { DeviceId } from '../ids.ts'
import { availabilityOf } from './availability.ts'

const report = (kind: DeviceClass, state: DeviceState): DeviceReport => ({ id: kind as string as DeviceId, kind, status: { state, since: 0 } })
const calm = { waiting: 0, held: 0, full: false }
const printOnly = { flow: 'proof', devices: { required: ['id-card', 'receipt-printer'], useful: [] } } as const
const application = { flow: 'application', devices: { required: ['id-card'], useful: ['receipt-printer', 'document-scanner'] } } as const
const paperEnded = capabilities([report('id-card', 'ready'), report('receipt-printer', 'no-paper'), report('document-scanner', 'ready')], 'online', calm)

describe('what is offered now', () => {
  it('drops a matter that is nothing but paper when the paper ends, with its reason', () => {
    expect(availabilityOf(printOnly, paperEnded)).toEqual({
      state: 'unavailable',
      reasons: [{ 'zh-CN': '回执打印机没有纸了。这一项现在办不了。请稍后再来，或到人工窗口办理。', en: 'The receipt printer is out of paper. This cannot be done here now. Please come back later, or go to the counter.' }],
    })
  })

  it('keeps an application that can give an electronic receipt, and says so before the start', () => {
    const availability = availabilityOf(application, paperEnded)
    expect(availability.state).toBe('limited')
    expect(availability.state === 'limited' && availability.reasons.map((reason) => reason['zh-CN'])).toEqual(['回执打印机没有纸了。这次没有纸质回执：办完后请扫码保存电子回执，或记下办件编号。'])
  })

  it('goes on with a roll that is nearly at its end', () => {
    const low = capabilities([report('id-card', 'ready'), report('receipt-printer', 'paper-low'), report('document-scanner', 'ready')], 'online', calm)
    expect([availabilityOf(printOnly, low).state, availabilityOf(application, low).state]).toEqual(['available', 'available'])
  })

  it('takes a document camera for a scanner that is required', () => {
    const matter = { flow: 'application', devices: { required: ['document-scanner'], useful: ['document-camera'] } } as const
    expect(availabilityOf(matter, capabilities([report('document-camera', 'ready')], 'online', calm))).toEqual({ state: 'available' })
    const neither = availabilityOf(matter, capabilities([report('document-camera', 'offline'), report('document-scanner', 'fault')], 'online', calm))
    expect(neither.state === 'unavailable' && neither.reasons).toHaveLength(1)
    expect(neither.state === 'unavailable' && neither.reasons[0]?.['zh-CN']).toContain('高拍仪没有连上')
  })

  it('tells a device that is not built in from one that is broken', () => {
    const here = availabilityOf(printOnly, capabilities([report('id-card', 'ready')], 'online', calm))
    expect(here.state === 'unavailable' && here.reasons[0]?.['zh-CN']).toBe('本机没有回执打印机。这一项在本机办不了。请换一台机器，或到人工窗口办理。')
  })

  it('shows why staff have taken a device out of service', () => {
    const out = capabilities([report('id-card', 'ready'), { ...report('receipt-printer', 'out-of-service'), reason: { 'zh-CN': '正在换纸。', en: 'paper is being changed.' } }], 'online', calm)
    const availability = availabilityOf(printOnly, out)
    expect(availability.state === 'unavailable' && availability.reasons[0]).toEqual({
      'zh-CN': '回执打印机已停用：正在换纸。这一项现在办不了。请稍后再来，或到人工窗口办理。',
      en: 'The receipt printer is out of service: paper is being changed. This cannot be done here now. Please come back later, or go to the counter.',
    })
  })

  it('follows every class in every state: required blocks, useful limits, usable does neither', () => {
    for (const kind of DEVICE_CLASSES) {
      for (const state of DEVICE_STATES) {
        const can = capabilities([report(kind, state)], 'online', calm)
        const required = availabilityOf({ flow: 'application', devices: { required: [kind], useful: [] } }, can)
        const useful = availabilityOf({ flow: 'application', devices: { required: [], useful: [kind] } }, can)
        expect([kind, state, required.state, useful.state]).toEqual([kind, state, ...(isUsable(state) ? ['available', 'available'] : ['unavailable', 'limited'])])
        for (const availability of [required, useful]) {
          // Told to a person who stands: two short sentences, or three.
          if (availability.state !== 'available') for (const reason of availability.reasons) expect(reason['zh-CN'].length).toBeLessThanOrEqual(50)
        }
      }
    }
  })

  it('takes nothing in when nothing more can be kept, and issues no proof without the backend', () => {
    const full = capabilities([report('id-card', 'ready')], 'online', { waiting: 9, held: 0, full: true })
    expect(availabilityOf(application, full).state).toBe('unavailable')
    const away = capabilities([report('id-card', 'ready'), report('receipt-printer', 'ready')], 'offline', calm)
    expect(availabilityOf(printOnly, away).state).toBe('unavailable')
    expect(availabilityOf({ ...application, devices: { required: ['id-card'], useful: [] } }, away).state).toBe('limited')
  })
})
