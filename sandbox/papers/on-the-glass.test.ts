import { describe, expect, it } from 'vitest'
import { onTheGlass } from './on-the-glass.ts'
import { colourPicture } from './picture.ts'

const paper = { state: undefined, seed: 1, values: [] } as const

describe('what the scanner sees of a paper', () => {
  it('as large as the glass is the paper itself', () => {
    const sheet = colourPicture(827, 1169, [250, 250, 248])
    const { picture } = onTheGlass({ ...paper, sheet, dpi: 100 }, 100)
    expect([picture.width, picture.height]).toEqual([827, 1169])
    expect([...picture.data.subarray(0, 3)]).toEqual([250, 250, 248])
  })

  it('that is small lies on the glass at its own size, under the white lid', () => {
    const card = colourPicture(506, 319, [20, 60, 140])
    const { picture } = onTheGlass({ ...paper, sheet: card, dpi: 150 }, 100)
    expect([picture.width, picture.height]).toEqual([827, 1169])
    const blue = picture.data.reduce((count, value, at) => count + (at % 3 === 0 && value < 60 ? 1 : 0), 0)
    // 85.6 × 54 mm at 100 dpi.
    expect(Math.abs(blue - 337 * 213) / (337 * 213)).toBeLessThan(0.02)
    expect(picture.data[(1000 * 827 + 600) * 3]).toBeGreaterThan(235)
  })

  it('in a state is spoiled before it is laid there', () => {
    const card = colourPicture(337, 213, [240, 240, 236])
    const clean = onTheGlass({ ...paper, sheet: card, dpi: 100 }, 100).picture
    const dark = onTheGlass({ ...paper, sheet: card, dpi: 100, state: 'uneven-light' }, 100).picture
    expect(dark.data.reduce((sum, value) => sum + value, 0)).toBeLessThan(clean.data.reduce((sum, value) => sum + value, 0))
  })
})
