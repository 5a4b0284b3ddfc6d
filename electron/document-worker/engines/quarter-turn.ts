import type { PixelPage } from '../../../core/document/engine.ts'

export type Quarters = 0 | 90 | 180 | 270

/** The picture turned clockwise about its centre. */
export function quarterTurn(page: PixelPage, degrees: Quarters): PixelPage {
  if (degrees === 0) return page
  const { width, height, channels, data } = page
  const turned = new Uint8Array(data.length)
  const across = degrees === 180 ? width : height
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = degrees === 90 ? x * across + (height - 1 - y) : degrees === 180 ? (height - 1 - y) * across + (width - 1 - x) : (width - 1 - x) * across + y
      for (let c = 0; c < channels; c++) turned[to * channels + c] = data[(y * width + x) * channels + c] as number
    }
  }
  return { width: across, height: degrees === 180 ? height : width, channels, data: turned }
}
