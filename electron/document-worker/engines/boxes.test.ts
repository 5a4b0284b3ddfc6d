import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commonTilt, findBoxes } from './boxes.ts'
import type { ProbabilityMap } from './boxes.ts'
import type { Rectangle } from './rectangle.ts'
import { convexHull, grown, pointIn, rectangleAt, scaled, smallestRectangle } from './rectangle.ts'

const WIDTH = 160
const HEIGHT = 96

/** A map on which the given rectangles are text. */
function mapOf(rectangles: readonly Rectangle[], probability = 0.9, width = WIDTH, height = HEIGHT): ProbabilityMap {
  const data = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inside = rectangles.some((r) => {
        const dx = x + 0.5 - r.x
        const dy = y + 0.5 - r.y
        return Math.abs(dx * Math.cos(r.angle) + dy * Math.sin(r.angle)) <= r.length / 2 && Math.abs(dy * Math.cos(r.angle) - dx * Math.sin(r.angle)) <= r.height / 2
      })
      if (inside) data[y * width + x] = probability
    }
  }
  return { width, height, data }
}
const line = (x: number, y: number, length: number, height: number, angle = 0): Rectangle => ({ x, y, length, height, angle })

describe('lines in a probability map', () => {
  it('finds one rectangle per connected patch, grown by area × 1.6 / circumference on every side, in pixels of the full picture', () => {
    const found = findBoxes(mapOf([line(50, 20, 60, 8), line(110, 60, 40, 8)]), 2, 3).sort((a, b) => a.y - b.y)
    const by = (60 * 8 * 1.6) / (2 * 68)
    expect(found).toHaveLength(2)
    expect(found[0]).toMatchObject({ x: 100, y: 60, angle: 0 })
    expect(found[0]?.length).toBeCloseTo(2 * (60 + 2 * by))
    expect(found[0]?.height).toBeCloseTo(3 * (8 + 2 * by))
  })

  it.each([-20, -4, 3, 30])('finds a line that runs at %s°', (degrees) => {
    const angle = (degrees * Math.PI) / 180
    const [found] = findBoxes(mapOf([line(80, 48, 100, 8, angle)]), 1, 1)
    expect(((found?.angle ?? 9) * 180) / Math.PI).toBeCloseTo(degrees, -0.3)
    expect(found?.x).toBeCloseTo(80, 0)
  })

  it('a line that hangs together with the ring of a seal is found without the ring', () => {
    const rows = [line(80, 12, 120, 8), line(60, 40, 80, 8)]
    const text = mapOf(rows)
    const ring = mapOf([line(99, 58, 3, 36), line(116, 76, 36, 3)], 0.45)
    const joined = { ...text, data: text.data.map((value, index) => Math.max(value, ring.data[index] ?? 0)) }
    const middles = (map: ProbabilityMap) => findBoxes(map, 1, 1).map(({ x, y, length }) => [x, y, length].map(Math.round)).sort((a, b) => (a[1] ?? 0) - (b[1] ?? 0))
    expect(middles(joined)).toEqual(middles(text))
  })

  it('a line within the ring of a seal is found once', () => {
    const inner = [line(80, 40, 60, 8), line(80, 56, 40, 8)]
    const ring = mapOf([line(80, 20, 120, 3), line(80, 76, 120, 3), line(21, 48, 3, 59), line(139, 48, 3, 59)], 0.5)
    const text = mapOf(inner)
    const sealed = { ...text, data: text.data.map((value, index) => Math.max(value, ring.data[index] ?? 0)) }
    const rows = findBoxes(sealed, 1, 1).map(({ y }) => Math.round(y))
    expect(rows.filter((y) => y === 40)).toHaveLength(1)
    expect(rows.filter((y) => y === 56)).toHaveLength(1)
  })

  it('gives a short patch the direction of the page, whatever its own smallest rectangle is', () => {
    const tilt = 0.05
    const found = findBoxes(mapOf([line(80, 20, 120, 8, tilt), line(80, 44, 120, 8, tilt), line(60, 72, 12, 10, 0.3)]), 1, 1)
    const short = found.find(({ y }) => y > 60)
    expect(short?.angle).toBeCloseTo(commonTilt(found), 5)
    expect(short?.angle).toBeCloseTo(tilt, 1)
  })

  it('reads a column from top to bottom, but not a single narrow sign', () => {
    const found = findBoxes(mapOf([line(30, 48, 8, 80), line(100, 48, 5, 10), line(100, 20, 50, 8)]), 1, 1)
    expect(found.find(({ x }) => x < 40)?.angle).toBeCloseTo(Math.PI / 2)
    expect(found.filter(({ x }) => x > 40).map(({ angle }) => angle)).toEqual([0, 0])
  })

  it('drops what is thin, faint on average, or a frame of text around nothing', () => {
    const frame = mapOf([line(80, 48, 100, 60)])
    for (let y = 22; y < 74; y++) frame.data.fill(0, y * WIDTH + 34, y * WIDTH + 126)
    expect(findBoxes(mapOf([line(80, 48.5, 100, 1)]), 1, 1)).toEqual([])
    expect(findBoxes(mapOf([line(80, 48, 100, 8)], 0.4), 1, 1)).toEqual([])
    expect(findBoxes(frame, 1, 1)).toEqual([])
  })

  it('ends, with numbers only, on any map', () => {
    const anyMap = fc.integer({ min: 1, max: 40 }).chain((width) => fc.integer({ min: 1, max: 40 }).chain((height) =>
      fc.array(fc.oneof(fc.constantFrom(0, 1, 0.3, 0.31, NaN, Infinity, -1), fc.float({ noNaN: true, min: 0, max: 1 })), { minLength: width * height, maxLength: width * height }).map((values) => ({ width, height, data: Float32Array.from(values) }))))
    fc.assert(fc.property(anyMap, (map) => {
      for (const { x, y, length, height, angle } of findBoxes(map, 1.7, 1.3)) expect([x, y, length, height, angle].every(Number.isFinite)).toBe(true)
    }), { numRuns: 200 })
  })
})

describe('rectangles', () => {
  const anyPoints = fc.array(fc.record({ x: fc.integer({ min: -500, max: 500 }), y: fc.integer({ min: -500, max: 500 }) }), { minLength: 1, maxLength: 60 })

  it('the smallest one holds every point, and is no larger than the upright one', () => {
    fc.assert(fc.property(anyPoints, (points) => {
      const hull = convexHull(points)
      const smallest = smallestRectangle(hull)
      const upright = rectangleAt(points, 0)
      expect(smallest.length * smallest.height).toBeLessThanOrEqual(upright.length * upright.height + 1e-6)
      for (const { x, y } of points) {
        const dx = x - smallest.x
        const dy = y - smallest.y
        expect(Math.abs(dx * Math.cos(smallest.angle) + dy * Math.sin(smallest.angle))).toBeLessThanOrEqual(smallest.length / 2 + 1e-6)
        expect(Math.abs(dy * Math.cos(smallest.angle) - dx * Math.sin(smallest.angle))).toBeLessThanOrEqual(smallest.height / 2 + 1e-6)
      }
    }))
  })

  it('grow as the polygon offset does, and keep their direction when a picture is stretched evenly', () => {
    expect(grown(line(0, 0, 30, 10, 0.3), 1.6)).toEqual(line(0, 0, 30 + 2 * 6, 10 + 2 * 6, 0.3))
    expect(grown(line(0, 0, 0, 0), 1.6)).toEqual(line(0, 0, 0, 0))
    const twice = scaled(line(3, 4, 30, 10, 0.3), 2, 2)
    expect([twice.x, twice.y]).toEqual([6, 8])
    expect(twice.length).toBeCloseTo(60)
    expect(twice.angle).toBeCloseTo(0.3)
    expect(pointIn(line(10, 10, 8, 4, Math.PI / 2), 0, 2)).toEqual({ x: expect.closeTo(10) as number, y: expect.closeTo(6) as number })
  })
})
