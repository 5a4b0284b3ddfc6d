import { describe, expect, it } from 'vitest'
import type { DeviceState } from '../../core/device/status.ts'
import { DEVICE_STATES } from '../../core/device/status.ts'
import type { StaffDeviceView } from '../../core/staff/view.ts'
import { text } from '../../core/text/local-text.ts'
import { forecastWords, secondsToAnnounce, shiftTime, sizeWords, spanWords } from './words.ts'
import { concernOf, needsHand, worstFirst } from './worst-first.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const NOW = Date.UTC(2025, 5, 3, 6)

function device(id: string, state: DeviceState, more: Partial<StaffDeviceView> = {}): StaffDeviceView {
  return { id, kind: 'receipt-printer', name: text(id, id), address: 'tcp', status: { state, since: NOW - HOUR }, sentence: text('句', 'sentence'), details: {}, blocks: [], outOfService: undefined, counters: [], faults: [], consumable: undefined, lastTest: undefined, ...more }
}
const paper = (runsOutAt: number | undefined): StaffDeviceView['consumable'] => ({ kind: 'roll', left: 0.5, amountLeft: 40, amountLoaded: 80, loadedAt: NOW - DAY, runsOutAt })

describe('how long paper lasts', () => {
  it.each([
    [undefined, 'unknown', undefined],
    [-1, 'over', undefined],
    [0, 'over', undefined],
    [20 * MINUTE, 'underHour', undefined],
    [70 * MINUTE, 'hour', undefined],
    [5 * HOUR, 'hours', 5],
    [23.9 * HOUR, 'hours', 23],
    [25 * HOUR, 'day', undefined],
    [2.8 * DAY, 'days', 3],
    [13.4 * DAY, 'days', 13],
    [15 * DAY, 'weeks', 2],
    [50 * DAY, 'weeks', 7],
    [200 * DAY, 'long', undefined],
  ])('%s ms ahead is told as %s %s', (ahead, word, count) => {
    expect(forecastWords(ahead === undefined ? undefined : NOW + ahead, NOW)).toEqual({ key: `staff.forecast.${word}`, values: count === undefined ? {} : { count } })
  })
})

describe('how long something has lasted', () => {
  it.each([
    [0, 'justNow', undefined],
    [-5 * MINUTE, 'justNow', undefined],
    [90_000, 'minute', undefined],
    [59.9 * MINUTE, 'minutes', 59],
    [HOUR, 'hour', undefined],
    [23.9 * HOUR, 'hours', 23],
    [DAY, 'day', undefined],
    [10 * DAY, 'days', 10],
  ])('%s ms is %s %s', (duration, word, count) => {
    expect(spanWords(duration)).toEqual({ key: `staff.time.${word}`, values: count === undefined ? {} : { count } })
  })
})

describe('the countdown to signing out', () => {
  it('is silent until the last twenty seconds', () => {
    expect(secondsToAnnounce(NOW + 120_000, NOW)).toBeUndefined()
    expect(secondsToAnnounce(NOW + 20_001, NOW)).toBeUndefined()
    expect(secondsToAnnounce(NOW + 20_000, NOW)).toBe(20)
  })

  it('never says zero while there is time, and never less than zero', () => {
    expect(secondsToAnnounce(NOW + 1, NOW)).toBe(1)
    expect(secondsToAnnounce(NOW, NOW)).toBe(0)
    expect(secondsToAnnounce(NOW - 5_000, NOW)).toBe(0)
  })
})

describe('the worst first', () => {
  it('puts what does not work before what was taken out, what soon will not work, what starts and what works', () => {
    const sorted = worstFirst([device('works', 'ready'), device('starts', 'starting'), device('low', 'paper-low'), device('out', 'ready', { outOfService: { reason: 'cleaning', since: NOW } }), device('dead', 'offline')], NOW)
    expect(sorted.map(({ id }) => id)).toEqual(['dead', 'out', 'low', 'starts', 'works'])
  })

  it('puts what citizens miss most first, then what has been broken longest', () => {
    const blocks = [text('打印', 'print')]
    const sorted = worstFirst([device('new', 'fault', { status: { state: 'fault', since: NOW } }), device('old', 'jam'), device('missed', 'no-paper', { blocks })], NOW)
    expect(sorted.map(({ id }) => id)).toEqual(['missed', 'old', 'new'])
  })

  it('leaves what works in the order of the configuration, whatever it does now', () => {
    const sorted = worstFirst([device('b', 'busy', { status: { state: 'busy', since: NOW } }), device('a', 'ready'), device('c', 'ready')], NOW)
    expect(sorted.map(({ id }) => id)).toEqual(['b', 'a', 'c'])
  })

  it('sees paper that ends today and a failed test before a citizen does', () => {
    expect(concernOf(device('x', 'ready', { consumable: paper(NOW + 5 * HOUR) }), NOW)).toBe('attention')
    expect(concernOf(device('x', 'ready', { consumable: paper(NOW + 3 * DAY) }), NOW)).toBe('good')
    expect(concernOf(device('x', 'ready', { consumable: paper(undefined) }), NOW)).toBe('good')
    expect(concernOf(device('x', 'ready', { lastTest: { at: NOW, passed: false } }), NOW)).toBe('attention')
  })

  it('calls for a hand in every state in which a device cannot work by itself, and in no other', () => {
    const calling = DEVICE_STATES.filter((state) => needsHand(concernOf(device('x', state), NOW)))
    expect(calling).toEqual(['offline', 'no-paper', 'paper-low', 'no-toner', 'output-full', 'cover-open', 'jam', 'cutter-fault', 'fault'])
  })
})

describe('small words', () => {
  it('says sizes', () => {
    expect([sizeWords(812), sizeWords(3_440_000), sizeWords(118_200_000_000)]).toEqual(['812 B', '3.4 MB', '118 GB'])
  })

  it('moves a time of day around the clock', () => {
    expect([shiftTime('09:00', 15), shiftTime('00:00', -60), shiftTime('23:50', 15)]).toEqual(['09:15', '23:00', '00:05'])
  })
})
