import { describe, expect, it } from 'vitest'
import { mustRest, recentReloads } from './reload.ts'

const NOW = 1_000_000

describe('new starts of the page', () => {
  it('go on while there were fewer than three within a minute', () => {
    expect(mustRest([], NOW)).toBe(false)
    expect(mustRest([NOW - 5_000, NOW - 10_000], NOW)).toBe(false)
  })
  it('rest after three within a minute', () => {
    expect(mustRest([NOW - 5_000, NOW - 10_000, NOW - 59_000], NOW)).toBe(true)
  })
  it('forget what is a minute old, and times that a clock set back has left in the future', () => {
    expect(recentReloads([NOW - 60_000, NOW + 1, NOW - 1], NOW)).toEqual([NOW - 1])
    expect(mustRest([NOW - 61_000, NOW - 10_000, NOW + 5_000, NOW - 5_000], NOW)).toBe(false)
  })
})
