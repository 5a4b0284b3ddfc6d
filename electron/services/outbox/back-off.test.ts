import { describe, expect, it } from 'vitest'
import { BACK_OFF_CAP_MS, backOffMs } from './back-off.ts'

describe('back-off', () => {
  it('doubles its ceiling from 2 s to 5 min, with full jitter', () => {
    const ceilings = [1, 2, 3, 4, 5, 6, 7, 8, 9, 50].map((tries) => backOffMs(tries, () => 0.999999999))
    expect(ceilings.map((ms) => ms + 1)).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, BACK_OFF_CAP_MS, BACK_OFF_CAP_MS])
    expect(backOffMs(9, () => 0)).toBe(0)
    expect(backOffMs(3, () => 0.5)).toBe(4_000)
  })

  it('never comes earlier than the backend asked', () => {
    expect(backOffMs(1, () => 0, 30_000)).toBe(30_000)
    expect(backOffMs(1, () => 0.5, 30_000)).toBe(31_000)
  })
})
