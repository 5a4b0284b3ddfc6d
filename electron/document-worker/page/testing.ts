import type { PixelPage } from '../../../core/document/engine.ts'
import type { Corner, Quad } from '../../../core/document/page-look.ts'
import { homography, mapped } from './geometry.ts'

/** Small pictures for tests of the page finder: flat colours, bars for print, and a little noise that is always the same. */
export type Rgb = readonly [number, number, number]

export interface Scene {
  readonly width: number
  readonly height: number
  readonly desk: Rgb
  readonly seed?: number
}

export function emptyDesk({ width, height, desk, seed = 1 }: Scene): PixelPage {
  const data = new Uint8Array(width * height * 3)
  let state = seed
  for (let at = 0; at < data.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    data[at] = Math.min(255, Math.max(0, (desk[at % 3] as number) + (state >>> 29) - 4))
  }
  return { width, height, channels: 3, data }
}

/** Draws what `colourAt` says for each place of a sheet (0 to 1 across and down) into a quadrilateral; `undefined` leaves the desk. */
export function lay(onto: PixelPage, quad: Quad, colourAt: (u: number, v: number) => Rgb | undefined): void {
  const unit: Quad = [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }, { x: 0, y: 1 }]
  const toSheet = homography(quad, unit)
  for (let y = 0; y < onto.height; y++) {
    for (let x = 0; x < onto.width; x++) {
      const { x: u, y: v } = mapped(toSheet, x + 0.5, y + 0.5)
      if (u < 0 || v < 0 || u >= 1 || v >= 1) continue
      const colour = colourAt(u, v)
      if (colour !== undefined) onto.data.set(colour, (y * onto.width + x) * 3)
    }
  }
}

export const WHITE: Rgb = [246, 245, 240]
const INK: Rgb = [40, 40, 44]

/** A printed sheet: lines of short bars within margins. */
export function printed(u: number, v: number): Rgb {
  const isLine = v > 0.1 && v < 0.9 && Math.floor(v * 60) % 3 === 1
  return isLine && u > 0.1 && u < 0.9 && Math.floor(u * 90) % 2 === 0 ? INK : WHITE
}

/** Evens out over squares of `2 * reach + 1` pixels. */
export function blurred(page: PixelPage, reach: number): PixelPage {
  const { width, height, channels } = page
  const pass = (data: Uint8Array, step: number, length: number, count: number, apart: number): Uint8Array => {
    const result = new Uint8Array(data.length)
    for (let line = 0; line < count; line++) {
      for (let at = 0; at < length; at++) {
        for (let channel = 0; channel < channels; channel++) {
          let sum = 0
          for (let off = -reach; off <= reach; off++) sum += data[(line * apart + Math.min(Math.max(at + off, 0), length - 1) * step) * channels + channel] as number
          result[(line * apart + at * step) * channels + channel] = sum / (2 * reach + 1)
        }
      }
    }
    return result
  }
  return { width, height, channels, data: pass(pass(page.data, 1, width, height, width), width, height, width, 1) }
}

/** Corners of a sheet `width` pixels wide about a middle, turned clockwise by `degrees`. */
export function turned(middle: Corner, width: number, height: number, degrees: number): Quad {
  const angle = (degrees * Math.PI) / 180
  return [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([a = 0, b = 0]) => {
    const x = (a * width) / 2
    const y = (b * height) / 2
    return { x: middle.x + x * Math.cos(angle) - y * Math.sin(angle), y: middle.y + x * Math.sin(angle) + y * Math.cos(angle) }
  }) as unknown as Quad
}
