import { describe, expect, it } from 'vitest'
import { createTouchRule } from './touch-rule.ts'

const inside = { pointerId: 1, clientX: 50, clientY: 50 }
const outside = { pointerId: 1, clientX: 150, clientY: 50 }
const click = { detail: 1 }

function rule() {
  return createTouchRule((x, y) => x >= 0 && x <= 100 && y >= 0 && y <= 100)
}

describe('a touch', () => {
  it('counts when it begins and ends inside', () => {
    const touch = rule()
    touch.down(inside)
    touch.up(inside)
    expect(touch.accepts(click)).toBe(true)
  })

  it('counts once', () => {
    const touch = rule()
    touch.down(inside)
    touch.up(inside)
    touch.accepts(click)
    expect(touch.accepts(click)).toBe(false)
  })

  it('does not count when the finger slid off', () => {
    const touch = rule()
    touch.down(inside)
    touch.up(outside)
    expect(touch.accepts(click)).toBe(false)
  })

  it('does not count when it only ends inside, as after a change of screen under a resting finger', () => {
    const touch = rule()
    touch.up(inside)
    expect(touch.accepts(click)).toBe(false)
  })

  it('does not count when a second finger ended it', () => {
    const touch = rule()
    touch.down(inside)
    touch.up({ ...inside, pointerId: 2 })
    expect(touch.accepts(click)).toBe(false)
  })

  it('does not count when the browser took it for something else', () => {
    const touch = rule()
    touch.down(inside)
    touch.cancel()
    expect(touch.accepts(click)).toBe(false)
  })

  it('does not count as the second of two quick ones when the first was for what stood there before', () => {
    const touch = rule()
    touch.down(inside)
    touch.up(inside)
    expect(touch.accepts({ detail: 2 })).toBe(false)
    touch.down(inside)
    touch.up(inside)
    expect(touch.accepts({ detail: 1 })).toBe(true)
  })

  it('counts as often as somebody touches one target, as on a keyboard', () => {
    const touch = rule()
    for (const detail of [1, 2, 3]) {
      touch.down(inside)
      touch.up(inside)
      expect(touch.accepts({ detail })).toBe(true)
    }
  })

  it('is not needed by a keyboard', () => {
    expect(rule().accepts({ detail: 0 })).toBe(true)
  })
})
