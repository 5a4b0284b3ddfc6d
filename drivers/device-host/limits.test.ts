import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { DeviceReport } from '../../core/device/status.ts'
import type { DeviceId } from '../../core/ids.ts'
import { LOG_BURST, LOG_SUMMARY_MS, LogLimiter } from './log-limiter.ts'
import { MESSAGE_BURST, MESSAGES_PER_SECOND, MessageAllowance } from './message-allowance.ts'
import { REPORT_BURST, REPORT_REFILL_MS, ReportPacer } from './report-pacer.ts'

describe('lines of log', () => {
  it('pass at once in a burst, then one a second, and the rest is counted', async () => {
    const clock = new SimulatedClock()
    const told: string[] = []
    const limiter = new LogLimiter(clock, (event, fields) => told.push(event === 'host.log-held-back' ? `${String(fields['about'])}: ${String(fields['count'])}` : event))
    for (let i = 0; i < 1_000; i++) limiter.log('reader.noise', {})
    expect(told).toHaveLength(LOG_BURST)
    await clock.advance(5_000)
    for (let i = 0; i < 1_000; i++) limiter.log('reader.noise', {})
    expect(told).toHaveLength(LOG_BURST + 5)
    await clock.advance(LOG_SUMMARY_MS)
    expect(told.at(-1)).toBe(`reader.noise: ${2_000 - LOG_BURST - 5}`)
    expect(clock.pending).toBe(0)
  })

  it('of one event do not hide another, and names without end share one allowance', () => {
    const clock = new SimulatedClock()
    const told: string[] = []
    const limiter = new LogLimiter(clock, (event) => told.push(event))
    for (let i = 0; i < 100; i++) limiter.log('reader.noise', {})
    limiter.log('printer.cover', {})
    expect(told.at(-1)).toBe('printer.cover')
    told.length = 0
    for (let i = 0; i < 10_000; i++) limiter.log(`made-up-${i}`, {})
    expect(told.length).toBeLessThan(250)
    limiter.stop()
    expect(told.at(-1)).toBe('host.log-held-back')
    expect(clock.pending).toBe(0)
  })
})

describe('changes of a device', () => {
  const report = (id: string, since: number): DeviceReport => ({ id: id as DeviceId, kind: 'id-card', status: { state: since % 2 === 0 ? 'ready' : 'offline', since } })

  it('pass at once; from a plug with a loose contact the newest passes, five times a second', async () => {
    const clock = new SimulatedClock()
    const told: DeviceReport[] = []
    const pacer = new ReportPacer(clock, (one) => told.push(one))
    for (let i = 0; i < 100; i++) pacer.push(report('a', i))
    expect(told).toHaveLength(REPORT_BURST)
    pacer.push(report('b', 1))
    expect(told.at(-1)?.id).toBe('b')
    await clock.advance(REPORT_REFILL_MS)
    expect(told.at(-1)).toEqual(report('a', 99))
    await clock.advance(60_000)
    expect(told).toHaveLength(REPORT_BURST + 2)
    expect(clock.pending).toBe(0)
  })
})

describe('messages of a host', () => {
  it('are taken at a rate that no honest host reaches, and after seconds of standstill as well', async () => {
    const clock = new SimulatedClock()
    const allowance = new MessageAllowance(clock)
    for (let second = 0; second < 60; second++) {
      for (let i = 0; i < MESSAGES_PER_SECOND; i++) expect(allowance.take()).toBe(true)
      await clock.advance(1_000)
    }
    const another = new MessageAllowance(clock)
    for (let i = 0; i < MESSAGE_BURST; i++) expect(another.take()).toBe(true)
    expect(another.take()).toBe(false)
  })
})
