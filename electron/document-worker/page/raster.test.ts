import { describe, expect, it } from 'vitest'
import type { PixelPage } from '../../../core/document/engine.ts'
import { shrink, withoutPrint } from './raster.ts'
import { emptyDesk } from './testing.ts'

const NOISE = emptyDesk({ width: 97, height: 61, desk: [128, 90, 200] })
const NOISY: PixelPage = { ...NOISE, data: NOISE.data.map((value, at) => value ^ (Math.imul(at, 2_654_435_761) >>> 24)) }

describe('the small copy', () => {
  it('holds the mean of every square, whatever the channels', () => {
    const { width, height, planes, factor } = shrink(NOISY, 40)
    expect([width, height]).toEqual([40, 25])
    for (const [x, y] of [[0, 0], [39, 24], [17, 11]] as const) {
      const from = [Math.floor(x * factor), Math.floor(y * factor)] as const
      const to = [Math.floor((x + 1) * factor), Math.floor((y + 1) * factor)] as const
      planes.forEach((plane, channel) => {
        let sum = 0
        for (let row = from[1]; row < to[1]; row++) for (let column = from[0]; column < to[0]; column++) sum += NOISY.data[(row * NOISY.width + column) * 3 + channel] as number
        expect(plane[y * width + x]).toBe(Math.floor(sum / ((to[0] - from[0]) * (to[1] - from[1]))))
      })
    }
    const grey: PixelPage = { width: 2, height: 2, channels: 1, data: Uint8Array.of(10, 20, 30, 43) }
    expect(shrink(grey, 1).planes.map((plane) => [...plane])).toEqual([[25], [25], [25]])
  })

  it('adds up the longest rows of white pixels without an overflow', () => {
    const white: PixelPage = { width: 256, height: 256, channels: 1, data: new Uint8Array(256 * 256).fill(255) }
    expect(shrink(white, 1).planes.map((plane) => [...plane])).toEqual([[255], [255], [255]])
  })
})

describe('without print', () => {
  it.each([1, 3, 5])('is the smallest of the largest values about each pixel, reach %i', (reach) => {
    const raster = shrink(NOISY, 97)
    const { width, height } = raster
    const about = (plane: Uint8Array, pick: (...values: number[]) => number): Uint8Array => plane.map((_, at) => {
      const x = at % width
      const y = (at - x) / width
      const values: number[] = []
      for (let row = Math.max(0, y - reach); row <= Math.min(height - 1, y + reach); row++) values.push(...plane.subarray(row * width + Math.max(0, x - reach), row * width + Math.min(width - 1, x + reach) + 1))
      return pick(...values)
    })
    const wanted = raster.planes.map((plane) => about(about(plane, Math.max), Math.min))
    expect(withoutPrint(raster, reach).planes).toEqual(wanted)
  })
})
