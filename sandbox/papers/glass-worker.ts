import { parentPort } from 'node:worker_threads'
import { createCanvas, ImageData, loadImage } from '@napi-rs/canvas'
import type { Box } from '../../core/document/engine.ts'
import { onTheGlass } from './on-the-glass.ts'
import { inColour } from './picture.ts'
import type { PaperState } from './states.ts'

/** A thread of its own: spoiling a page takes a second or two, in which the world would stand still. */
export interface GlassRequest {
  readonly jpeg: Uint8Array
  readonly dpi: number
  readonly scannerDpi: number
  readonly state: PaperState | undefined
  readonly seed: number
  readonly values: readonly Box[]
}

async function answer({ jpeg, dpi, scannerDpi, state, seed, values }: GlassRequest): Promise<Uint8Array> {
  const image = await loadImage(Buffer.from(jpeg))
  const context = createCanvas(image.width, image.height).getContext('2d')
  context.drawImage(image, 0, 0)
  const { data } = context.getImageData(0, 0, image.width, image.height)
  const sheet = inColour({ width: image.width, height: image.height, channels: 4, data: new Uint8Array(data.buffer) })
  const { picture, jpegQuality } = onTheGlass({ sheet, dpi, state, seed, values }, scannerDpi)
  const canvas = createCanvas(picture.width, picture.height)
  const pixels = new Uint8ClampedArray(picture.width * picture.height * 4).fill(255)
  for (let from = 0, to = 0; from < picture.data.length; from += 3, to += 4) pixels.set(picture.data.subarray(from, from + 3), to)
  canvas.getContext('2d').putImageData(new ImageData(pixels, picture.width, picture.height), 0, 0)
  return new Uint8Array(canvas.toBuffer('image/jpeg', Math.round(jpegQuality * 100)))
}

parentPort?.once('message', (request: GlassRequest) => void answer(request).then((jpeg) => parentPort?.postMessage(jpeg)))
