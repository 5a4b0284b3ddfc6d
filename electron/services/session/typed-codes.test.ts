import { describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../../core/clock/simulated-clock.ts'
import { createTypedCodes } from './typed-codes.ts'

const CODE = 'YCYM-20260115-7QK2M9'
const never = new AbortController().signal

describe('codes that a scanner typed into the page', () => {
  test('go to who waits', async () => {
    const clock = new SimulatedClock()
    const codes = createTypedCodes(clock)
    const reading = codes.readCode({ timeoutMs: 10_000 }, never)
    expect(codes.offer(CODE)).toBe('taken')
    expect(await reading).toEqual({ ok: true, value: { text: CODE, bytes: new TextEncoder().encode(CODE), at: clock.now() } })
  })

  test('are dropped when nobody waits', async () => {
    const clock = new SimulatedClock()
    const codes = createTypedCodes(clock)
    expect(codes.offer(CODE)).toBe('dropped')
    const reading = codes.readCode({ timeoutMs: 10_000 }, never)
    expect(codes.offer(CODE)).toBe('taken')
    expect((await reading).ok).toBe(true)
  })

  test('the same one within three seconds is the same showing', async () => {
    const clock = new SimulatedClock()
    const codes = createTypedCodes(clock)
    void codes.readCode({ timeoutMs: 10_000 }, never)
    codes.offer(CODE)
    void codes.readCode({ timeoutMs: 10_000 }, never)
    await clock.advance(2999)
    expect(codes.offer(CODE)).toBe('dropped')
    await clock.advance(1)
    expect(codes.offer(CODE)).toBe('taken')
  })

  test('another one is not held up', async () => {
    const codes = createTypedCodes(new SimulatedClock())
    void codes.readCode({ timeoutMs: 10_000 }, never)
    codes.offer(CODE)
    void codes.readCode({ timeoutMs: 10_000 }, never)
    expect(codes.offer('ANOTHER')).toBe('taken')
  })

  test('the limit, the signal, a second request and the wipe end the waiting, and no timer stays', async () => {
    const clock = new SimulatedClock()
    const codes = createTypedCodes(clock)
    const late = codes.readCode({ timeoutMs: 1000 }, never)
    await clock.advance(1000)
    expect(await late).toEqual({ ok: false, error: { kind: 'timeout' } })
    const abort = new AbortController()
    const aborted = codes.readCode({ timeoutMs: 1000 }, abort.signal)
    abort.abort()
    expect(await aborted).toEqual({ ok: false, error: { kind: 'cancelled' } })
    expect(await codes.readCode({ timeoutMs: 1000 }, abort.signal)).toEqual({ ok: false, error: { kind: 'cancelled' } })
    const first = codes.readCode({ timeoutMs: 1000 }, never)
    const second = codes.readCode({ timeoutMs: 1000 }, never)
    expect(await first).toEqual({ ok: false, error: { kind: 'cancelled' } })
    codes.offer(CODE)
    expect((await second).ok).toBe(true)
    const wiped = codes.readCode({ timeoutMs: 1000 }, never)
    codes.wipe()
    expect(await wiped).toEqual({ ok: false, error: { kind: 'cancelled' } })
    expect(clock.pending).toBe(0)
    void codes.readCode({ timeoutMs: 1000 }, never)
    expect(codes.offer(CODE)).toBe('taken')
  })
})
