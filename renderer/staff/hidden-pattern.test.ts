import { describe, expect, it } from 'vitest'
import { PATTERN, PATTERN_TIME_MS, type PatternStep, cornerAt, cornerSize, createHiddenPattern, isStaffShortcut } from './hidden-pattern.ts'

const ground = { width: 1080, height: 1920, corner: 96 }
const spots = {
  'top-left': { x: 10, y: 12 },
  'top-right': { x: 1070, y: 60 },
  'bottom-right': { x: 1000, y: 1915 },
  'bottom-left': { x: 90, y: 1830 },
  middle: { x: 540, y: 960 },
} as const
type Spot = keyof typeof spots

/** Taps these spots, `pace` ms apart; answers what each tap meant. */
function tap(sequence: readonly Spot[], pace = 400, hidden = createHiddenPattern(), start = 1_000): readonly PatternStep[] {
  return sequence.map((spot, index) => {
    const now = start + index * pace
    hidden.down({ pointerId: 1, ...spots[spot] }, ground, now)
    return hidden.up({ pointerId: 1, ...spots[spot] }, ground, now + 80)
  })
}

describe('the hidden pattern', () => {
  it('is the four corners, clockwise from the top left', () => {
    expect(tap(PATTERN)).toEqual(['none', 'corner', 'corner', 'complete'])
  })

  it('takes the clicks of its later corners, so that what lies under them does not answer', () => {
    expect(tap(['top-left', 'top-right'])).toEqual(['none', 'corner'])
    expect(tap(['bottom-right', 'bottom-left'])).toEqual(['none', 'none'])
  })

  it('must be done within eight seconds', () => {
    const just = PATTERN_TIME_MS / 3 - 40
    expect(tap(PATTERN, just).at(-1)).toBe('complete')
    expect(tap(PATTERN, just + 80).at(-1)).toBe('none')
  })

  it.each([
    ['anticlockwise', ['top-left', 'bottom-left', 'bottom-right', 'top-right']],
    ['from another corner', ['top-right', 'bottom-right', 'bottom-left', 'top-left']],
    ['with a touch in between', ['top-left', 'top-right', 'middle', 'bottom-right', 'bottom-left']],
    ['with a corner left out', ['top-left', 'top-right', 'bottom-left']],
    ['with a corner twice', ['top-left', 'top-right', 'top-right', 'bottom-right', 'bottom-left']],
  ] as const)('does not open %s', (_what, sequence) => {
    expect(tap(sequence)).not.toContain('complete')
  })

  it('begins anew at the top left', () => {
    expect(tap(['top-left', 'top-left', ...PATTERN.slice(1)]).at(-1)).toBe('complete')
    expect(tap(['top-left', 'top-right', ...PATTERN]).at(-1)).toBe('complete')
  })

  it('opens once', () => {
    const hidden = createHiddenPattern()
    expect(tap(PATTERN, 300, hidden).at(-1)).toBe('complete')
    expect(tap(['bottom-left', 'top-right'], 300, hidden, 9_000)).toEqual(['none', 'none'])
  })

  it('is not opened by two hands', () => {
    const hidden = createHiddenPattern()
    tap(PATTERN.slice(0, 2), 300, hidden)
    hidden.down({ pointerId: 1, ...spots['bottom-right'] }, ground, 2_000)
    hidden.down({ pointerId: 2, ...spots['bottom-left'] }, ground, 2_050)
    expect(hidden.up({ pointerId: 1, ...spots['bottom-right'] }, ground, 2_100)).toBe('none')
    expect(hidden.up({ pointerId: 2, ...spots['bottom-left'] }, ground, 2_120)).toBe('none')
    expect(tap(['bottom-right', 'bottom-left'], 300, hidden, 2_500)).toEqual(['none', 'none'])
  })

  it('is not opened by a hand that slides from corner to corner or rests there', () => {
    const sliding = createHiddenPattern()
    tap(PATTERN.slice(0, 3), 300, sliding)
    sliding.down({ pointerId: 1, ...spots['bottom-right'] }, ground, 3_000)
    expect(sliding.up({ pointerId: 1, ...spots['bottom-left'] }, ground, 3_100)).toBe('none')
    const resting = createHiddenPattern()
    tap(PATTERN.slice(0, 3), 300, resting)
    resting.down({ pointerId: 1, ...spots['bottom-left'] }, ground, 3_000)
    expect(resting.up({ pointerId: 1, ...spots['bottom-left'] }, ground, 5_500)).toBe('none')
  })

  it('is not opened by 20,000 touches of children who drum about the screen and its edges', () => {
    const hidden = createHiddenPattern()
    let seed = 7
    const random = (): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return seed / 2_147_483_648
    }
    let opened = 0
    for (let touch = 0; touch < 20_000; touch += 1) {
      const point = { pointerId: 1, x: Math.floor(random() * 1080), y: Math.floor(random() * 1920) }
      hidden.down(point, ground, touch * 150)
      if (hidden.up(point, ground, touch * 150 + 60) === 'complete') opened += 1
    }
    expect(opened).toBe(0)
  })
})

describe('a corner', () => {
  it('is 30 mm, and never under 90 px', () => {
    expect(cornerSize(3.2)).toBe(96)
    expect(cornerSize(2)).toBe(90)
    expect(cornerSize(6)).toBe(180)
  })

  it('ends where it ends', () => {
    expect(cornerAt({ x: 95, y: 95 }, ground)).toBe('top-left')
    expect(cornerAt({ x: 96, y: 50 }, ground)).toBeUndefined()
    expect(cornerAt({ x: 1080, y: 1920 }, ground)).toBe('bottom-right')
    expect(cornerAt({ x: 1081, y: 1920 }, ground)).toBeUndefined()
  })
})

describe('the shortcut', () => {
  const pressed = { key: 'F12', ctrlKey: true, shiftKey: true, altKey: false, repeat: false }
  it('is Ctrl+Shift+F12 and nothing less', () => {
    expect(isStaffShortcut(pressed)).toBe(true)
    for (const change of [{ key: 'F11' }, { ctrlKey: false }, { shiftKey: false }, { altKey: true }, { repeat: true }]) expect(isStaffShortcut({ ...pressed, ...change })).toBe(false)
  })
})
