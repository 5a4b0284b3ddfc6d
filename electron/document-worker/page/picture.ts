import type { SKRSContext2D } from '@napi-rs/canvas'
import { createCanvas, ImageData, loadImage } from '@napi-rs/canvas'
import type { PageImage } from '../../../core/device/operations.ts'
import type { PixelPage } from '../../../core/document/engine.ts'
import { endsWithEndOfImage, LARGEST_PAGE_PIXELS } from '../../../core/document/picture-file.ts'
import type { Result } from '../../../core/result/result.ts'
import { err, ok } from '../../../core/result/result.ts'
import { inFourChannels } from './four-channels.ts'

/** 85–90 is archive practice for certificates: smaller than the best by half, and no letter suffers. */
const JPEG_QUALITY = 88
/** Rows of a page that are handed to the canvas at once: few enough to stay in the processor's cache. */
const STRIP_ROWS = 64

/**
 * The picture as pixels, four channels, through Skia: 12 megapixels in a fifth of a second. A file that was cut off is
 * refused, although the decoder would fill its rest with grey. Error: a code for staff (`empty`, `jpeg`, `jpeg-cut-off`,
 * `png`, `too-large`), never content.
 */
export async function decodeFast(picture: Pick<PageImage, 'mime' | 'bytes'>): Promise<Result<PixelPage, string>> {
  if (picture.bytes.length === 0) return err('empty')
  const kind = picture.mime === 'image/jpeg' ? 'jpeg' : 'png'
  if (kind === 'jpeg' && !endsWithEndOfImage(picture.bytes)) return err('jpeg-cut-off')
  try {
    const image = await loadImage(Buffer.from(picture.bytes.buffer, picture.bytes.byteOffset, picture.bytes.byteLength))
    const { width, height } = image
    if (width === 0 || height === 0) return err(kind)
    if (width * height > LARGEST_PAGE_PIXELS) return err('too-large')
    const context = createCanvas(width, height).getContext('2d')
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(0, 0, width, height)
    return ok({ width, height, channels: 4, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) })
  } catch {
    return err(kind)
  }
}

/** A JPEG in whose head the resolution stands, so that every program prints the paper at its own size. */
export function encodeJpeg(page: PixelPage, dpi: number): PageImage {
  const { width, height } = page
  const canvas = createCanvas(width, height)
  paint(canvas.getContext('2d'), page)
  const bytes = withDensity(canvas.toBuffer('image/jpeg', JPEG_QUALITY), dpi)
  return { mime: 'image/jpeg', bytes, widthPx: width, heightPx: height, dpi }
}

/** Puts the pixels on a canvas strip by strip: one small strip is filled again and again, and no copy of the whole page is made. */
function paint(context: SKRSContext2D, { width, height, channels, data }: PixelPage): void {
  const strip = new ImageData(width, Math.min(STRIP_ROWS, height))
  const row = width * channels
  for (let top = 0; top < height; top += STRIP_ROWS) {
    const rows = Math.min(STRIP_ROWS, height - top)
    strip.data.set(inFourChannels({ width, height: rows, channels, data: data.subarray(top * row, (top + rows) * row) }).data)
    context.putImageData(strip, 0, top)
  }
}

/**
 * The same JPEG, not encoded again, with its resolution in the head. JFIF: marker, length 16, "JFIF", version 1.2, unit,
 * density across, density down, no thumbnail.
 */
export function withDensity(jpeg: Uint8Array, dpi: number): Uint8Array {
  const density = [dpi >> 8, dpi & 0xff]
  const head = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46, 0x49, 0x46, 0x00, 0x01, 0x02, 0x01, ...density, ...density, 0x00, 0x00)
  const hasHead = jpeg[2] === 0xff && jpeg[3] === 0xe0
  const rest = jpeg.subarray(hasHead ? 4 + ((jpeg[4] ?? 0) << 8) + (jpeg[5] ?? 0) : 2)
  const bytes = new Uint8Array(head.length + rest.length)
  bytes.set(head)
  bytes.set(rest, head.length)
  return bytes
}
