import jpeg from 'jpeg-js'
import { decode as decodePng } from 'fast-png'
import type { PixelPage } from './engine.ts'
import { endsWithEndOfImage, LARGEST_PAGE_PIXELS } from './picture-file.ts'
import type { PageImage } from '../device/operations.ts'
import { err, ok } from '../result/result.ts'
import type { Result } from '../result/result.ts'

const PIXELS_PER_MEGAPIXEL = 1_000_000
const DECODER_MEMORY_MB = 512

/**
 * The picture as pixels. A file that was cut off is refused, also where a decoder would fill the rest with grey. Error: a code for
 * staff (`empty`, `jpeg`, `jpeg-cut-off`, `png`, `too-large`, `depth-16`), never content.
 */
export function decodePicture(page: Pick<PageImage, 'mime' | 'bytes'>): Result<PixelPage, string> {
  if (page.bytes.length === 0) return err('empty')
  if (page.mime === 'image/jpeg') {
    if (!endsWithEndOfImage(page.bytes)) return err('jpeg-cut-off')
    try {
      const { width, height, data } = jpeg.decode(page.bytes, {
        useTArray: true, formatAsRGBA: false, tolerantDecoding: false, maxResolutionInMP: LARGEST_PAGE_PIXELS / PIXELS_PER_MEGAPIXEL, maxMemoryUsageInMB: DECODER_MEMORY_MB,
      })
      return ok({ width, height, channels: 3, data })
    } catch (error) {
      return err(error instanceof Error && /maxResolution|maxMemory/.test(error.message) ? 'too-large' : 'jpeg')
    }
  }
  try {
    const { width, height, data, channels, depth } = decodePng(page.bytes, { checkCrc: true })
    if (width * height > LARGEST_PAGE_PIXELS) return err('too-large')
    if (depth !== 8 || data instanceof Uint16Array) return err(`depth-${depth}`)
    // Two channels are grey and opacity; paper is opaque, so the grey alone is kept.
    if (channels === 2) return ok({ width, height, channels: 1, data: data.filter((_, index) => index % 2 === 0) as Uint8Array })
    if (channels !== 1 && channels !== 3 && channels !== 4) return err('png')
    return ok({ width, height, channels, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) })
  } catch {
    return err('png')
  }
}
