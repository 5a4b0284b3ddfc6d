import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pagesOf } from './candidate-pages.ts'
import { createPressTracker } from './press-tracker.ts'

describe('a touch', () => {
  it('counts when it begins and ends in the same key', () => {
    const tracker = createPressTracker()
    tracker.down(1, 'a')
    expect([...tracker.pressed()]).toEqual(['a'])
    expect(tracker.up(1, 'a')).toBe('a')
    expect(tracker.pressed().size).toBe(0)
  })

  it('counts when the finger wandered and came back', () => {
    const tracker = createPressTracker()
    tracker.down(1, 'a')
    tracker.move(1, 's')
    expect(tracker.pressed().size).toBe(0)
    tracker.move(1, 'a')
    expect(tracker.up(1, 'a')).toBe('a')
  })

  it.each([['s'], [undefined]])('does not count when it ends elsewhere (%s)', (target) => {
    const tracker = createPressTracker()
    tracker.down(1, 'a')
    expect(tracker.up(1, target)).toBeUndefined()
  })

  it('does not count when it began elsewhere or was taken away', () => {
    const tracker = createPressTracker()
    expect(tracker.up(1, 'a')).toBeUndefined()
    tracker.down(2, 'a')
    tracker.cancel(2)
    expect(tracker.up(2, 'a')).toBeUndefined()
  })

  it('two fingers type two letters', () => {
    const tracker = createPressTracker()
    tracker.down(1, 'a')
    tracker.down(2, 'b')
    expect(tracker.up(1, 'a')).toBe('a')
    expect(tracker.up(2, 'b')).toBe('b')
  })
})

describe('pages of candidates', () => {
  const space = { width: 1000, rows: 1, gap: 8, characterWidth: 34, padding: 32, leastWidth: 76 }

  it('takes as many as fit in a row', () => {
    expect(pagesOf(Array.from({ length: 30 }, () => '一'), space)).toEqual([[0, 12], [12, 24], [24, 30]])
  })

  it('shows each text once, whatever the sizes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, maxLength: 60 })), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 50, max: 2000 }), (texts, rows, width) => {
        const pages = pagesOf(texts, { ...space, rows, width })
        let next = 0
        for (const [from, to] of pages) {
          expect(from).toBe(next)
          expect(to).toBeGreaterThan(from)
          next = to
        }
        expect(next).toBe(texts.length)
      }),
    )
  })

  it('no row is wider than its space unless it holds one text', () => {
    for (const [from, to] of pagesOf(['中华人民共和国', '中国', '重庆', '一', '上海市浦东新区'], { ...space, width: 400 })) {
      expect(to - from).toBeLessThanOrEqual(3)
    }
  })
})
