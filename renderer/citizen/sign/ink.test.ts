import { describe, expect, it } from 'vitest'
import { signatureSchema } from '../../../core/kiosk-api/command.ts'
import { type InkStroke, addPoint, canAddStroke, inkLength, isEnoughInk, toSignature } from './ink.ts'

function line(...points: readonly (readonly [number, number])[]): InkStroke {
  return points.map(([x, y], index) => ({ x, y, t: 1_000 + index * 8 }))
}

describe('ink', () => {
  it('is measured along all strokes, not between them', () => {
    expect(inkLength([line([0, 0], [30, 40]), line([500, 500], [500, 510])])).toBe(60)
    expect(inkLength([])).toBe(0)
  })

  it('is not enough when it is a dot or a tick', () => {
    expect(isEnoughInk([line([10, 10])], 300)).toBe(false)
    expect(isEnoughInk([line([10, 10], [60, 60], [160, 10])], 300)).toBe(false)
    expect(isEnoughInk([line([0, 0], [300, 0]), line([0, 100], [300, 100])], 300)).toBe(true)
  })

  it('leaves out points that stand still', () => {
    const stroke = line([10, 10])
    expect(addPoint(stroke, { x: 10.5, y: 10.5, t: 1 })).toBe(stroke)
    expect(addPoint(stroke, { x: 14, y: 10, t: 1 })).toHaveLength(2)
  })

  it('stays within what the kiosk takes, whatever a hand does', () => {
    let stroke: InkStroke = []
    for (let index = 0; index < 6_000; index += 1) stroke = addPoint(stroke, { x: index * 2, y: -9_000, t: index })
    const signature = toSignature([stroke], 1_800.4, 600.2)
    expect(signatureSchema.safeParse(signature).success).toBe(true)
    expect(canAddStroke(Array.from({ length: 200 }, () => stroke))).toBe(false)
  })

  it('counts time from the first touch', () => {
    expect(toSignature([line([0, 0], [5, 5])], 800, 300).strokes[0]?.map(({ t }) => t)).toEqual([0, 8])
  })
})
