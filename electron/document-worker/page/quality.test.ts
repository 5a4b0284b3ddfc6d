import { describe, expect, it, vi } from 'vitest'
import type { PageProblem } from '../../../core/document/page-look.ts'
import { takePhoto } from '../../../sandbox/papers/photo.ts'
import type { ColourPicture } from '../../../sandbox/papers/picture.ts'
import { colourPicture } from '../../../sandbox/papers/picture.ts'
import { lookAtPage } from './look.ts'

const WIDTH = 1240
const HEIGHT = 1754
const INK = [40, 40, 44] as const

/** Sheets that are nearly empty, as signature pages are, and full ones: lines of strokes at these heights, some letters long. */
function sheet(lineTops: readonly number[], letters: number): ColourPicture {
  const page = colourPicture(WIDTH, HEIGHT)
  const stroke = (left: number, top: number, width: number, height: number): void => {
    for (let y = top; y < top + height; y++) for (let x = left; x < left + width; x++) page.data.set(INK, (y * WIDTH + x) * 3)
  }
  for (const top of lineTops) {
    for (let left = 160; left < 160 + letters * 34; left += 34) {
      stroke(left, top, 26, 3)
      stroke(left, top + 12, 26, 3)
      stroke(left + 10, top - 6, 3, 30)
    }
  }
  return page
}

const SHEETS = {
  'two short lines': sheet([300, 1300], 16),
  'a full page': sheet(Array.from({ length: 30 }, (_, line) => 160 + line * 48), 27),
} as const

const LIGHTS = {
  usual: (value: number) => value,
  /** Exposed as document cameras do it: the paper is white everywhere, the ink is black. */
  bright: (value: number) => Math.min(255, value * 1.2),
  /** Far too much light: the print is pale as well. */
  bleaching: (value: number) => Math.min(255, value * 0.4 + 170),
} as const

/** What a gate tells of the sheet beyond what any picture of so few pixels is told. */
function toldOf(what: keyof typeof SHEETS, light: keyof typeof LIGHTS, seed: number): readonly PageProblem[] {
  const { picture, quad, mayTell } = takePhoto('dark-desk', SHEETS[what], { seed, paper: 'a4', width: 2000, height: 1500 })
  if (quad === undefined) throw new Error('no page in the scene')
  const { look } = lookAtPage({ ...picture, data: picture.data.map(LIGHTS[light]) }, { paper: 'a4', source: 'camera', corners: quad, targetDpi: 150 })
  return look.problems.filter((problem) => !mayTell.includes(problem))
}

/** Machines that test are busy. */
vi.setConfig({ testTimeout: 120_000 })

describe('the light on a page', () => {
  it.each([['two short lines', 'usual', 1], ['two short lines', 'bright', 1], ['two short lines', 'bright', 2], ['a full page', 'bright', 1]] as const)('tells of no fault: %s in %s light (photograph %i)', (what, light, seed) => {
    expect(toldOf(what, light, seed)).toEqual([])
  })

  it.each([['two short lines', 1], ['a full page', 1]] as const)('is told where it bleaches the print: %s (photograph %i)', (what, seed) => {
    expect(toldOf(what, 'bleaching', seed)).toContain('too-bright')
  })
})
