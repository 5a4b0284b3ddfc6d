import { describe, expect, it } from 'vitest'
import type { GreyPage } from './prepare.ts'
import { blackAndWhite, brightestChannel, findTilt, flattenLight, otsuThreshold, prepare, turn } from './prepare.ts'

const WIDTH = 640
const HEIGHT = 480

function grey(paint: (x: number, y: number) => number, width = WIDTH, height = HEIGHT): GreyPage {
  const data = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data[y * width + x] = paint(x, y)
  return { width, height, data }
}
/** Lines of "print": short strokes, 12 px high, every 40 px. */
const print = (x: number, y: number): boolean => x > 60 && x < WIDTH - 60 && y > 40 && y < HEIGHT - 40 && y % 40 < 12 && x % 14 < 8
const printed = grey((x, y) => (print(x, y) ? 30 : 240))

describe('preparing a page', () => {
  it('bleaches red ink and keeps black', () => {
    const page = brightestChannel({ width: 3, height: 1, channels: 3, data: new Uint8Array([211, 32, 42, 20, 20, 20, 30, 40, 120]) })
    expect([...page.data]).toEqual([211, 20, 120])
  })

  it('makes paper even under a shadow that is darker than the ink in the light', () => {
    const shaded = grey((x, y) => (print(x, y) ? 0.35 : 1) * (250 - (170 * x) / WIDTH))
    // Ink in the light (87) is brighter than paper in the shadow (80): no one threshold parts them.
    const flat = flattenLight(shaded)
    const threshold = otsuThreshold(flat)
    const mistakes = blackAndWhite(flat, threshold).data.reduce((sum, value, index) => sum + (value === (print(index % WIDTH, Math.floor(index / WIDTH)) ? 0 : 255) ? 0 : 1), 0)
    expect(mistakes / (WIDTH * HEIGHT)).toBeLessThan(0.005)
  })

  it.each([-3, -0.6, 0, 0.8, 4])('finds a tilt of %s°', (degrees) => {
    expect(Math.abs(findTilt(turn(printed, degrees), 128) - degrees)).toBeLessThan(0.12)
  })

  it('straightens, and says by how much', () => {
    const tilted = turn(printed, 2)
    const prepared = prepare({ ...tilted, channels: 1 })
    expect(Math.abs(prepared.turnedDegrees + 2)).toBeLessThan(0.12)
    expect(Math.abs(findTilt(prepared, 128))).toBeLessThan(0.12)
  })

  it('leaves a straight page and an empty page unturned', () => {
    expect(prepare({ ...printed, channels: 1 }).turnedDegrees).toBe(0)
    expect(prepare({ ...grey(() => 250), channels: 1 }).turnedDegrees).toBe(0)
  })

  it('does not take the grain of empty paper for print', () => {
    const prepared = prepare({ ...grey((x, y) => 244 + ((x * 7 + y * 13) % 11)), channels: 1 })
    expect(prepared.data.every((value) => value === 255)).toBe(true)
  })
})
