import type { PixelPage } from '../../core/document/engine.ts'

/** A picture in colour: three bytes a pixel, red first. Everything that spoils pictures works on these. */
export interface ColourPicture extends PixelPage {
  readonly channels: 3
}

export type Colour = readonly [number, number, number]

export function colourPicture(width: number, height: number, colour: Colour = [255, 255, 255]): ColourPicture {
  const data = new Uint8Array(width * height * 3)
  for (let at = 0; at < data.length; at += 3) data.set(colour, at)
  return { width, height, channels: 3, data }
}

/** A copy in colour; grey is spread over all three channels, opacity dropped. */
export function inColour(page: PixelPage): ColourPicture {
  const { width, height, channels } = page
  if (channels === 3) return { width, height, channels: 3, data: page.data.slice() }
  const data = new Uint8Array(width * height * 3)
  for (let from = 0, to = 0; to < data.length; from += channels, to += 3) {
    data[to] = page.data[from] ?? 0
    data[to + 1] = page.data[channels === 1 ? from : from + 1] ?? 0
    data[to + 2] = page.data[channels === 1 ? from : from + 2] ?? 0
  }
  return { width, height, channels: 3, data }
}
