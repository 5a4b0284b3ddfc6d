import type { PixelPage } from '../../../core/document/engine.ts'

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
  const planes = [new Uint8Array(width * height), new Uint8Array(width * height), new Uint8Array(width * height)] as const
  const { channels, data } = page
  const green = channels === 1 ? 0 : 1
  const blue = channels === 1 ? 0 : 2
  for (let y = 0; y < height; y++) {
    const top = Math.floor(y * factor)
    const bottom = Math.max(top + 1, Math.floor((y + 1) * factor))
    for (let x = 0; x < width; x++) {
      const left = Math.floor(x * factor)
      const right = Math.max(left + 1, Math.floor((x + 1) * factor))
      let r = 0
      let g = 0
      let b = 0
      for (let row = top; row < bottom; row++) {
        const end = (row * page.width + right) * channels
        for (let at = (row * page.width + left) * channels; at < end; at += channels) {
          r += data[at] ?? 0
          g += data[at + green] ?? 0
          b += data[at + blue] ?? 0
        }
      }
      const count = (bottom - top) * (right - left)
      const to = y * width + x
      planes[0][to] = r / count
      planes[1][to] = g / count
      planes[2][to] = b / count
    }
  }
  return { width, height, planes, factor }
}

/** Dark things narrower than `2 * reach + 1` pixels vanish: print and ruled lines go, the paper's own edge stays in its place. */
export function withoutPrint(raster: Raster, reach: number): Raster {
  const { width, height } = raster
  const close = (plane: Uint8Array): Uint8Array => extreme(extreme(plane, width, height, reach, 'largest'), width, height, reach, 'smallest')
  return { ...raster, planes: [close(raster.planes[0]), close(raster.planes[1]), close(raster.planes[2])] }
}

/** Largest or smallest value in a square about each pixel, first across, then down. */
function extreme(plane: Uint8Array, width: number, height: number, reach: number, which: 'largest' | 'smallest'): Uint8Array {
  return extremeAlong(extremeAlong(plane, width, height, 1, width, reach, which), height, width, width, 1, reach, which)
}

/** One direction: `length` pixels `step` apart on each of `count` lines that begin `apart` apart. Two sweeps over blocks of the window, whatever its size (van Herk). */
function extremeAlong(plane: Uint8Array, length: number, count: number, step: number, apart: number, reach: number, which: 'largest' | 'smallest'): Uint8Array {
  const window = 2 * reach + 1
  const padded = Math.ceil((length + 2 * reach) / window) * window
  const neutral = which === 'largest' ? 0 : 255
  const sign = which === 'largest' ? 1 : -1
  const values = new Int16Array(padded)
  const forward = new Int16Array(padded)
  const backward = new Int16Array(padded)
  const result = new Uint8Array(plane.length)
  for (let line = 0; line < count; line++) {
    const start = line * apart
    values.fill(sign * neutral)
    for (let at = 0; at < length; at++) values[at + reach] = sign * (plane[start + at * step] as number)
    for (let at = 0; at < padded; at++) {
      const here = values[at] as number
      const before = at % window === 0 ? here : (forward[at - 1] as number)
      forward[at] = here > before ? here : before
    }
    for (let at = padded - 1; at >= 0; at--) {
      const here = values[at] as number
      const after = at % window === window - 1 ? here : (backward[at + 1] as number)
      backward[at] = here > after ? here : after
    }
    for (let at = 0; at < length; at++) {
      const a = backward[at] as number
      const b = forward[at + window - 1] as number
      result[start + at * step] = sign * (a > b ? a : b)
    }
  }
  return result
}
