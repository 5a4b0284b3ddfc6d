import { describe, expect, it } from 'vitest'
import { LOG_EVENTS, logEventsDocument } from './events.ts'
import { looksPersonal, scrubFields } from './scrub.ts'

describe('the scrubber', () => {
  it.each([
    '990101195803120027',
    'id=99010119580312002X',
    '990101 19580312 0027',
    '990101-19580312-0027',
    '９９０１０１１９５８０３１２００２７',
    '990101580312002',
    '周桂兰',
    'name: 何建国',
    '13812345678',
    '+86 138-1234-5678',
    '8613812345678',
    '0990-12345678',
    'someone@example.com',
    '/tmp/990101195803120027.jpg',
  ])('sees %s', (candidate) => expect(looksPersonal(candidate)).toBe(true))

  it.each([
    'host-gone',
    'ERR_MODULE_NOT_FOUND',
    '/dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0',
    '192.168.100.123:9100',
    '2026-11-22T12:35:52.123Z',
    'SW3=80 SW1=00 SW2=00',
    'DEMO-990101-0001',
    '1.10.2+20261122',
    '中',
    '7f3c9a0e-5b1d-4c22-9e4f-0a1b2c3d4e5f',
  ])('lets %s pass', (candidate) => expect(looksPersonal(candidate)).toBe(false))

  it('keeps declared fields with the declared kind of value, and counts the rest', () => {
    const scrubbed = scrubFields('device-host.gone', { pid: 12, exitCode: -1, signal: 'SIGKILL', hint: '周桂兰', livedMs: '7', citizen: 'x', nothing: undefined })
    expect(scrubbed).toEqual({ fields: { pid: 12, exitCode: -1, signal: 'SIGKILL' }, withheld: 3 })
  })

  it('withholds a code that looks like a person’s', () => {
    expect(scrubFields('device.note', { name: 'opened', detail: 'id=990101195803120027' })).toEqual({ fields: { name: 'opened' }, withheld: 1 })
  })

  it('takes no number that is as long as a phone number, no object, no long text', () => {
    expect(scrubFields('session.scan', { bytes: 13_812_345_678, tookMs: Number.NaN, code: 'a'.repeat(200), result: { name: 'x' } })).toEqual({ fields: {}, withheld: 4 })
  })
})

describe('the list of events', () => {
  it('has a document with a row for each', () => {
    const document = logEventsDocument()
    for (const id of Object.keys(LOG_EVENTS)) expect(document).toContain(`| \`${id}\` |`)
  })

  it('has no field that could number citizens or cases', () => {
    const names = Object.values(LOG_EVENTS).flatMap((definition) => Object.keys(definition.fields))
    expect(names.filter((name) => /case|citizen|number|name|address|phone|session|sequence/i.test(name) && name !== 'name')).toEqual([])
  })
})
