import type { PixelPage } from '../../../core/document/engine.ts'

/** A picture of four bytes a pixel: red, green, blue, opacity. A whole pixel can then be read and written as one word. */
export interface FourChannelPage extends PixelPage {
  readonly channels: 4
}

const BYTES_A_WORD = Uint32Array.BYTES_PER_ELEMENT

/** The picture itself where it has four channels; else a copy, opaque. */
export function inFourChannels(page: PixelPage): FourChannelPage {
  const { width, height, channels, data } = page
  if (channels === 4) return { width, height, channels, data }
  const four = new Uint8Array(width * height * 4)
  const step = channels === 3 ? 1 : 0
  for (let from = 0, to = 0; to < four.length; from += channels, to += 4) {
    four[to] = data[from] as number
    four[to + 1] = data[from + step] as number
    four[to + 2] = data[from + 2 * step] as number
    four[to + 3] = 255
  }
  return { width, height, channels: 4, data: four }
}

/** The pixels as words, without a copy wherever the bytes begin at a word. */
export function wordsOf({ data }: FourChannelPage): Uint32Array {
  const bytes = data.byteOffset % BYTES_A_WORD === 0 ? data : new Uint8Array(data)
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / BYTES_A_WORD)
}
