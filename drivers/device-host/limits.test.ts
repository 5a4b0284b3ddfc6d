import { describe, expect, it } from 'vitest'
import type { Clock } from '../../core/clock/clock.ts'
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

describe('a clock that is set back by eight hours, as when it had kept local time', () => {
  const DAY_MS = 86_400_000
  /** Timers go on as before; only what time it is changes. */
  const settable = () => {
    const simulated = new SimulatedClock()
    let offsetMs = 0
    const clock: Clock = { now: () => simulated.now() + offsetMs, setTimeout: (work, ms) => simulated.setTimeout(work, ms), clearTimeout: (handle) => simulated.clearTimeout(handle) }
    return { simulated, clock, setBack: () => (offsetMs -= DAY_MS / 3) }
  }

  it('does not keep back what a device says', async () => {
    const { simulated, clock, setBack } = settable()
    const told: number[] = []
    const pacer = new ReportPacer(clock, (one) => told.push(one.status.since))
    const push = (since: number): void => pacer.push({ id: 'a' as DeviceId, kind: 'id-card', status: { state: 'ready', since } })
    for (let i = 0; i < 20; i++) push(i)
    setBack()
    await simulated.advance(5_000)
    expect(told.at(-1)).toBe(19)
    push(20)
    expect(told.at(-1)).toBe(20)
    expect(simulated.pending).toBe(0)
  })

  it('does not silence the log, and kills no honest host', async () => {
    const { simulated, clock, setBack } = settable()
    const told: string[] = []
    const limiter = new LogLimiter(clock, (event) => told.push(event))
    for (let i = 0; i < LOG_BURST; i++) limiter.log('reader.noise', {})
    const allowance = new MessageAllowance(clock)
    for (let i = 0; i < MESSAGE_BURST; i++) allowance.take()
    await simulated.advance(1_000)
    setBack()
    limiter.log('reader.noise', {})
    await simulated.advance(1_000)
    limiter.log('reader.noise', {})
    expect(told.filter((event) => event === 'reader.noise')).toHaveLength(LOG_BURST + 1)
    expect(allowance.take()).toBe(true)
    limiter.stop()
  })
})
