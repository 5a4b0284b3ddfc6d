import type { PixelPage } from '../../../core/document/engine.ts'
import { inFourChannels, wordsOf } from './four-channels.ts'

/** A small copy of a picture: three planes, one byte a pixel, row after row. `factor`: pixels of the picture for one of these. */
export interface Raster {
  readonly width: number
  readonly height: number
  readonly planes: readonly [Uint8Array, Uint8Array, Uint8Array]
  readonly factor: number
}

/** The picture made small by averaging squares, so that its longer side is `longest` at most; noise goes with it. */
export function shrink(page: PixelPage, longest: number): Raster {
  const factor = Math.max(1, Math.max(page.width, page.height) / longest)
  const width = Math.max(1, Math.floor(page.width / factor))
  const height = Math.max(1, Math.floor(page.height / factor))
  const red = new Uint8Array(width * height)
  const green = new Uint8Array(width * height)
  const blue = new Uint8Array(width * height)
  const words = wordsOf(inFourChannels(page))
  const columns = Int32Array.from({ length: width + 1 }, (_, x) => Math.floor(x * factor))
  for (let y = 0, to = 0; y < height; y++) {
    const top = Math.floor(y * factor)
    const bottom = Math.floor((y + 1) * factor)
    for (let x = 0; x < width; x++, to++) {
      const left = columns[x] as number
      const right = columns[x + 1] as number
      let r = 0
      let g = 0
      let b = 0
      for (let row = top; row < bottom; row++) {
        // Red and blue are added in one word; sixteen bits hold the sum of 257 pixels of a row.
        let redAndBlue = 0
        for (let at = row * page.width + left, end = row * page.width + right; at < end; at++) {
          const word = words[at] as number
          redAndBlue += word & 0x00ff00ff
          g += (word >>> 8) & 0xff
        }
        r += redAndBlue & 0xffff
        b += redAndBlue >>> 16
      }
      const count = (bottom - top) * (right - left)
      red[to] = r / count
      green[to] = g / count
      blue[to] = b / count
    }
  }
  return { width, height, planes: [red, green, blue], factor }
}

/** Dark things narrower than `2 * reach + 1` pixels vanish: print and ruled lines go, the paper's own edge stays in its place. */
export function withoutPrint(raster: Raster, reach: number): Raster {
  const { width, height } = raster
  const lightest = (plane: Uint8Array): Uint8Array => lightestAbout(plane, width, height, reach)
  const close = (plane: Uint8Array): Uint8Array => inverted(lightest(inverted(lightest(plane))))
  return { ...raster, planes: [close(raster.planes[0]), close(raster.planes[1]), close(raster.planes[2])] }
}

const inverted = (plane: Uint8Array): Uint8Array => {
  const result = new Uint8Array(plane.length)
  for (let at = 0; at < plane.length; at++) result[at] = 255 - (plane[at] as number)
  return result
}

/** Largest value in a square about each pixel. The plane gets a black margin, so that every square has its corner in it. */
function lightestAbout(plane: Uint8Array, width: number, height: number, reach: number): Uint8Array {
  const window = 2 * reach + 1
  const row = width + window - 1
  const padded = new Uint8Array(row * (height + window - 1))
  for (let y = 0; y < height; y++) padded.set(plane.subarray(y * width, (y + 1) * width), (y + reach) * row + reach)
  takeLargest(padded, 1, window)
  takeLargest(padded, row, window)
  const result = new Uint8Array(plane.length)
  for (let y = 0; y < height; y++) result.set(padded.subarray(y * row, y * row + width), y * width)
  return result
}

/**
 * Each value becomes the largest of itself and those behind it, `window` in all, `step` apart. The number of values that
 * are looked at doubles with every sweep, and a sweep compares without branching: on noise a branch is guessed wrong each time.
 */
function takeLargest(values: Uint8Array, step: number, window: number): void {
  for (let covered = 1; covered < window;) {
    const further = Math.min(covered, window - covered)
    for (let at = 0, other = further * step; other < values.length; at++, other++) {
      const here = values[at] as number
      const gain = (values[other] as number) - here
      values[at] = here + (gain & ~(gain >> 31))
    }
    covered += further
  }
}
