import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CodeKeyDetector } from './detector.ts'
import type { KeyDecision, Stroke } from './detector.ts'

/** What became of the keys, in order: `a` was typed by a person, `[abc]` is a code, `!` a spoiled one. */
class Desk {
  readonly detector = new CodeKeyDetector<Stroke>()
  told = ''
  #at = 0

  key(key: string, afterMs: number, special = false): this {
    const at = this.#at + afterMs
    // Time passes before a key as it does in the page: a timer may fire first.
    this.note(this.detector.passTime(at))
    this.#at = at
    this.note(this.detector.key({ key, at, special }), key)
    return this
  }

  keys(text: string, gapMs: number): this {
    for (const key of text) this.key(key, gapMs)
    return this
  }

  wait(ms: number): this {
    this.#at += ms
    this.note(this.detector.passTime(this.#at))
    return this
  }

  note(decisions: readonly KeyDecision<Stroke>[], own = ''): void {
    for (const decision of decisions) {
      if (decision.kind === 'release') this.told += decision.strokes.map(({ key }) => key).join('')
      if (decision.kind === 'pass') this.told += own
      if (decision.kind === 'code') this.told += `[${decision.text}]`
      if (decision.kind === 'spoiled') this.told += '!'
    }
  }
}

const desk = (): Desk => new Desk()

describe('a scanner', () => {
  test.each([1, 10, 20, 34])('types %i ms apart and ends with Enter, which is swallowed too', (gapMs) => {
    expect(desk().wait(1000).keys('YCYM-7QK2', gapMs).key('Enter', gapMs).wait(1000).told).toBe('[YCYM-7QK2]')
  })

  test('without Enter, a code ends 200 ms after its last key, not before', () => {
    const made = desk().wait(1000).keys('12345', 10)
    expect(made.wait(199).told).toBe('')
    expect(made.wait(1).told).toBe('[12345]')
  })

  test('Tab ends a code, and does not move the focus', () => {
    expect(desk().wait(1000).keys('123', 5).key('Tab', 5).told).toBe('[123]')
  })

  test('Shift between the keys is neither a part of the code nor a pause', () => {
    const made = desk().wait(1000)
    for (const key of ['Shift', 'A', 'Shift', 'B', 'Shift', 'C', '1', 'Enter']) made.key(key, 25)
    expect(made.told).toBe('ShiftShiftShift[ABC1]')
  })

  test('two codes one after the other', () => {
    expect(desk().wait(1000).keys('111', 5).key('Enter', 5).wait(300).keys('222', 5).key('Enter', 5).told).toBe('[111][222]')
  })

  test('a code that pauses for less than 200 ms is still one code', () => {
    expect(desk().wait(1000).keys('abc', 10).wait(100).keys('def', 10).key('Enter', 10).told).toBe('[abcdef]')
  })

  test.each([['Backspace', false], ['Dead', false], ['Process', false], ['0', true]] as const)('with %s (special: %s) in the middle is dropped, never mended', (key, special) => {
    expect(desk().wait(1000).keys('abc', 5).key(key, 5, special).keys('def', 5).key('Enter', 5).told).toBe('!')
  })

  test('above 4296 characters is dropped, and the next code is good', () => {
    expect(desk().wait(1000).keys('x'.repeat(4296), 2).key('Enter', 2).told).toHaveLength(4298)
    expect(desk().wait(1000).keys('x'.repeat(4297), 2).key('Enter', 2).wait(300).keys('123', 2).key('Enter', 2).told).toBe('![123]')
  })
})

describe('a person', () => {
  test.each([36, 60, 90, 120, 400])('typing %i ms apart types every key, in order, Enter too', (gapMs) => {
    const made = desk().wait(1000).keys('zhouguilan', gapMs).key('Enter', gapMs)
    expect(made.told).toBe('zhouguilanEnter')
  })

  test('sees each key within 35 ms', () => {
    const made = desk().wait(1000).key('a', 100)
    expect(made.wait(34).told).toBe('')
    expect(made.wait(1).told).toBe('a')
    expect(made.detector.dueAt).toBeUndefined()
  })

  test('rolling two keys together types both', () => {
    expect(desk().wait(1000).key('a', 100).key('b', 15).wait(200).told).toBe('ab')
  })

  test('rolling two keys and Enter types both before Enter', () => {
    expect(desk().wait(1000).key('a', 100).key('b', 15).key('Enter', 15).told).toBe('abEnter')
  })

  test('a key is typed before a quick Backspace takes it away', () => {
    expect(desk().wait(1000).key('a', 100).key('Backspace', 20).told).toBe('aBackspace')
  })

  test('holding a key down is not a scan, however fast it repeats', () => {
    const made = desk().wait(1000).key('a', 100)
    for (let repeat = 0; repeat < 20; repeat++) made.key('a', 30, true)
    expect(made.told).toBe('a'.repeat(21))
  })

  test('Ctrl with a letter goes its way at once', () => {
    expect(desk().wait(1000).key('c', 100, true).told).toBe('c')
  })

  test('a space alone goes its way at once; between fast keys it keeps its place', () => {
    expect(desk().wait(1000).key(' ', 100).told).toBe(' ')
    expect(desk().wait(1000).key('a', 100).key(' ', 10).wait(50).told).toBe('a ')
  })
})

describe('both', () => {
  test('typing, then a scan, then typing on', () => {
    expect(desk().wait(1000).keys('ab', 90).wait(50).keys('YCYM', 8).key('Enter', 8).wait(80).keys('cd', 90).wait(50).told).toBe('ab[YCYM]cd')
  })

  test('a person typing right after a scan without Enter is not lost', () => {
    expect(desk().wait(1000).keys('YCYM', 8).wait(250).key('a', 0).wait(40).told).toBe('[YCYM]a')
  })

  test('taken away in the middle, it gives back what it holds', () => {
    const made = desk().wait(1000).keys('ab', 10)
    made.note(made.detector.flush())
    expect(made.told).toBe('ab')
  })

  test('whatever comes at whatever times, no character is lost, doubled or put before another', () => {
    const stroke = fc.record({ key: fc.constantFrom('a', 'b', 'C', '7', '-', ' ', '周'), gapMs: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 400 })) })
    fc.assert(
      fc.property(fc.array(stroke, { maxLength: 60 }), (strokes) => {
        const made = desk().wait(1000)
        for (const { key, gapMs } of strokes) made.key(key, gapMs)
        made.note(made.detector.flush())
        expect(made.told.replaceAll(/[[\]]/g, '')).toBe(strokes.map(({ key }) => key).join(''))
      }),
    )
  })

  test('people who type at 36 ms and slower never make a code', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 36, max: 300 }), { maxLength: 60 }), (gaps) => {
        const made = desk().wait(1000)
        for (const gapMs of gaps) made.key('k', gapMs)
        made.note(made.detector.flush())
        expect(made.told).toBe('k'.repeat(gaps.length))
      }),
    )
  })

  test('any keys, also special ones: never throws, and holds nothing at the end', () => {
    const stroke = fc.record({ key: fc.oneof(fc.string(), fc.constantFrom('Enter', 'Tab', 'Shift', 'Backspace', 'a', 'b')), gapMs: fc.integer({ min: -50, max: 300 }), special: fc.boolean() })
    fc.assert(
      fc.property(fc.array(stroke, { maxLength: 80 }), (strokes) => {
        const made = desk().wait(1000)
        for (const { key, gapMs, special } of strokes) made.key(key, gapMs, special)
        made.note(made.detector.flush())
        expect(made.detector.dueAt).toBeUndefined()
      }),
    )
  })
})
