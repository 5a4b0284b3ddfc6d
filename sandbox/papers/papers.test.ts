import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Quad } from '../../core/document/page-look.ts'
import { goldenPages } from './golden.ts'
import { cornersOf, homographyBetween, inverse, mapPoint } from './homography.ts'
import { colourPicture } from './picture.ts'
import type { ColourPicture } from './picture.ts'
import { PHOTO_SCENES, takePhoto } from './photo.ts'
import { bringInto, PAPER_STATES } from './states.ts'
import { addNoise, addSeal, blur } from './spoil.ts'

/** A small page: white, with a few black bars for lines of print. */
function smallPage(): ColourPicture {
  const page = colourPicture(120, 168, [252, 251, 247])
  for (const top of [20, 40, 60, 100]) for (let y = top; y < top + 5; y++) page.data.fill(20, (y * 120 + 15) * 3, (y * 120 + 100) * 3)
  return page
}
const values = [{ left: 15, top: 40, right: 100, bottom: 45 }]
const sumOf = ({ data }: ColourPicture): string => createHash('sha256').update(data).digest('hex')
const at = ({ width, data }: ColourPicture, x: number, y: number): number[] => [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)]

describe('the same seed spoils alike', () => {
  test.each(PAPER_STATES)('%s', (state) => {
    const clean = smallPage()
    const before = sumOf(clean)
    const once = bringInto(state, clean, { dpi: 20, seed: 7, values })
    expect(sumOf(bringInto(state, clean, { dpi: 20, seed: 7, values }).picture)).toBe(sumOf(once.picture))
    expect(sumOf(clean)).toBe(before)
    if (!state.startsWith('clean')) expect(sumOf(bringInto(state, clean, { dpi: 20, seed: 8, values }).picture)).not.toBe(sumOf(once.picture))
  })

  test.each(PHOTO_SCENES)('photograph, %s', (scene) => {
    const options = { seed: 3, paper: 'a4', width: 200, height: 150 } as const
    expect(sumOf(takePhoto(scene, smallPage(), options).picture)).toBe(sumOf(takePhoto(scene, smallPage(), options).picture))
  })
})

describe('corners', () => {
  const to: Quad = [{ x: 12, y: 7 }, { x: 90, y: 15 }, { x: 84, y: 140 }, { x: 5, y: 120 }]
  test('a homography leads each corner to its own, and back', () => {
    const way = homographyBetween(cornersOf(120, 168), to)
    for (const [index, corner] of cornersOf(120, 168).entries()) {
      const there = mapPoint(way, corner)
      expect(there.x).toBeCloseTo(to[index]?.x ?? 0, 6)
      expect(there.y).toBeCloseTo(to[index]?.y ?? 0, 6)
      const back = mapPoint(inverse(way), there)
      expect(back.x).toBeCloseTo(corner.x, 6)
      expect(back.y).toBeCloseTo(corner.y, 6)
    }
  })

  test('the sheet of an askew page lies where it is said to lie', () => {
    const { picture, sheet, toPicture } = bringInto('perspective', colourPicture(240, 336, [252, 251, 247]), { dpi: 40, seed: 5, values: [] })
    expect(sheet).toBeDefined()
    for (const [index, corner] of cornersOf(240, 336).entries()) expect(mapPoint(toPicture, corner).x).toBeCloseTo(sheet?.[index]?.x ?? -1, 6)
    const inside = mapPoint(toPicture, { x: 4, y: 4 })
    const outside = mapPoint(toPicture, { x: -3, y: -3 })
    expect(at(picture, Math.floor(inside.x), Math.floor(inside.y))[0]).toBeGreaterThan(200)
    expect(at(picture, Math.max(0, Math.floor(outside.x)), Math.max(0, Math.floor(outside.y)))[0]).toBeLessThan(110)
  })

  test('a photograph knows its problem, and a paper that is cut off reaches out of it', () => {
    const photo = takePhoto('cut-off', smallPage(), { seed: 3, paper: 'a4', width: 200, height: 150 })
    expect(photo.problems).toEqual(['cut-off'])
    expect(photo.quad?.some(({ x, y }) => x < 0 || y < 0 || x > 200 || y > 150)).toBe(true)
    expect(takePhoto('no-page', smallPage(), { seed: 3, paper: 'a4', width: 200, height: 150 })).toMatchObject({ problems: ['no-page'] })
  })
})

describe('ink and lens', () => {
  test('a seal is red on paper and leaves print dark in the red channel', () => {
    const page = colourPicture(100, 100)
    page.data.fill(10, 50 * 300, 54 * 300)
    addSeal(page, { x: 50, y: 50, radius: 40, opacity: 0.8, seed: 1 })
    const [red = 0, green = 0] = at(page, 50, 46)
    expect(red - green).toBeGreaterThan(80)
    expect(at(page, 50, 51)[0]).toBeLessThan(20)
  })

  test('blur keeps an even picture and softens an edge; grain is around nothing', () => {
    const even = colourPicture(40, 40, [120, 120, 120])
    blur(even, 2)
    expect(at(even, 20, 20)).toEqual([120, 120, 120])
    const edge = colourPicture(40, 40)
    for (let y = 0; y < 40; y++) edge.data.fill(0, y * 120, y * 120 + 60)
    blur(edge, 2)
    expect(at(edge, 20, 20)[0]).toBeGreaterThan(120)
    expect(at(edge, 18, 20)[0]).toBeLessThan(at(edge, 21, 20)[0] ?? 0)
    const grain = colourPicture(100, 100, [128, 128, 128])
    addNoise(grain, 4, 9)
    expect(grain.data.reduce((sum, value) => sum + value, 0) / grain.data.length).toBeCloseTo(127.5, 0)
  })
})

describe('golden pages', () => {
  const pages = goldenPages()
  test('every one has its picture, is small, and says what stands where on it', () => {
    expect(new Set(pages.map(({ truth }) => truth.kind)).size).toBe(11)
    for (const { id, file, truth } of pages) {
      expect(existsSync(file), id).toBe(true)
      expect(statSync(file).size, id).toBeLessThan(320 * 1024)
      for (const { id: field, box, lines } of truth.fields) {
        expect(box.left >= 0 && box.top >= 0 && box.right <= truth.width && box.bottom <= truth.height, `${id} ${field}`).toBe(true)
        const printed = truth.lines.map((line) => line.text).join('\n')
        for (const line of lines) expect(printed, `${id} ${field}`).toContain(line)
      }
    }
  })
})
