import jpeg from 'jpeg-js'
import { decode as decodePng } from 'fast-png'
import type { PixelPage } from './engine.ts'
import type { PageImage } from '../device/operations.ts'
import { err, ok } from '../result/result.ts'
import type { Result } from '../result/result.ts'

/** A3 at 300 dpi is 17 megapixels; what is larger is no page of ours and would eat the memory. */
const LARGEST_PAGE_MEGAPIXELS = 20
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
        useTArray: true, formatAsRGBA: false, tolerantDecoding: false, maxResolutionInMP: LARGEST_PAGE_MEGAPIXELS, maxMemoryUsageInMB: DECODER_MEMORY_MB,
      })
      return ok({ width, height, channels: 3, data })
    } catch (error) {
      return err(error instanceof Error && /maxResolution|maxMemory/.test(error.message) ? 'too-large' : 'jpeg')
    }
  }
  try {
    const { width, height, data, channels, depth } = decodePng(page.bytes, { checkCrc: true })
    if (width * height > LARGEST_PAGE_MEGAPIXELS * 1_000_000) return err('too-large')
    if (depth !== 8 || data instanceof Uint16Array) return err(`depth-${depth}`)
    // Two channels are grey and opacity; paper is opaque, so the grey alone is kept.
    if (channels === 2) return ok({ width, height, channels: 1, data: data.filter((_, index) => index % 2 === 0) as Uint8Array })
    if (channels !== 1 && channels !== 3 && channels !== 4) return err('png')
    return ok({ width, height, channels, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) })
  } catch {
    return err('png')
  }
}

/** A JPEG ends with FF D9; some scanners pad with zero bytes behind it. */
function endsWithEndOfImage(bytes: Uint8Array): boolean {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  return end >= 4 && bytes[end - 2] === 0xff && bytes[end - 1] === 0xd9
}
