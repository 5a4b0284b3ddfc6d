import { describe, expect, it } from 'vitest'
import { greyOf, sharpestOf, sharpness } from './sharpness.ts'
import type { GreyPicture } from './sharpness.ts'

/** Black and white bars of `bar` pixels, softened over `blur` pixels on each side. */
function bars(bar: number, blur: number, width = 64, height = 16): GreyPicture {
  const hard = (x: number): number => (Math.floor(x / bar) % 2 === 0 ? 255 : 0)
  const data = Array.from({ length: width * height }, (_, at) => {
    const x = at % width
    let sum = 0
    for (let offset = -blur; offset <= blur; offset++) sum += hard(Math.max(0, x + offset))
    return Math.round(sum / (2 * blur + 1))
  })
  return { width, height, data }
}

describe('sharpness', () => {
  it('falls with every step out of focus', () => {
    const found = [0, 1, 2, 4].map((blur) => sharpness(bars(8, blur)))
    expect(found).toEqual([...found].sort((a, b) => b - a))
    expect(new Set(found).size).toBe(4)
  })

  it('is nothing for an even picture, and for one too small to have an inside', () => {
    expect(sharpness({ width: 8, height: 8, data: new Uint8Array(64).fill(130) })).toBe(0)
    expect(sharpness({ width: 2, height: 2, data: [0, 255, 0, 255] })).toBe(0)
  })

  it('looks at brightness', () => {
    expect([...Array.from(greyOf({ width: 4, height: 1, data: [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255, 255, 255, 255] }).data)]).toEqual([76, 150, 29, 255])
  })
})

it('the sharpest of three is kept, wherever it stands, and the others are given back', async () => {
  for (const order of [[4, 0, 2], [0, 4, 2], [2, 4, 0]]) {
    const frames = order.map((blur) => ({ blur, picture: bars(8, blur) }))
    const dropped: number[] = []
    let at = 0
    const best = await sharpestOf(3, () => Promise.resolve(frames[at++] ?? frames[0] as (typeof frames)[number]), ({ picture }) => picture, ({ blur }) => dropped.push(blur))
    expect(best.blur).toBe(0)
    expect(dropped.sort()).toEqual([2, 4])
  }
})
