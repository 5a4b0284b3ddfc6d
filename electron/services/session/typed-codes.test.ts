import { describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../../core/clock/simulated-clock.ts'
import type { DeviceId } from '../../../core/ids.ts'
import type { DeviceHost } from '../../../drivers/device-host/contract.ts'
import { createTypedCodes, withTypedCodes } from './typed-codes.ts'

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

test('a scanner that types is asked here, every other one in the device host', async () => {
  const clock = new SimulatedClock()
  const asked: string[] = []
  const host = { readCode: (device: string) => {
    asked.push(device)
    return Promise.resolve({ ok: false, error: { kind: 'timeout' } })
  } } as unknown as DeviceHost
  const codes = createTypedCodes(clock)
  const both = withTypedCodes(host, codes, [
    { id: 'typing', class: 'code-scanner', address: { kind: 'keyboard' } },
    { id: 'line', class: 'code-scanner', address: { kind: 'tcp', host: '127.0.0.1', port: 1, terminator: 'cr' } },
  ])
  const reading = both.readCode('typing' as DeviceId, { timeoutMs: 1000 }, never)
  codes.offer(CODE)
  expect((await reading).ok).toBe(true)
  expect((await both.readCode('line' as DeviceId, { timeoutMs: 1000 }, never)).ok).toBe(false)
  expect(asked).toEqual(['line'])
})
