import jpeg from 'jpeg-js'
import type { PageImage } from '../../core/device/operations.ts'
import { decodePicture } from '../../core/document/decode-picture.ts'
import type { PixelPage } from '../../core/document/engine.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'

/** Certificates want JPEG 85 to 90: small print stays, and ten pages still fit through a city's network. */
const JPEG_QUALITY = 88

export type CheckedPage = Omit<PageImage, 'dpi'>

/** What goes to the thread and comes back; `bytes` of an answer are empty when the picture was left as it is. */
export interface CheckRequest {
  readonly id: number
  readonly bytes: Uint8Array
  readonly asJpeg: boolean
}
export interface CheckAnswer {
  readonly id: number
  readonly result: Result<CheckedPage, string>
}

/** By the first bytes, not by what a header or a file's name claims. */
export function mimeOf(bytes: Uint8Array): CheckedPage['mime'] | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return 'image/jpeg'
  if (bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47) return 'image/png'
  return undefined
}

/** Decodes a picture to its last line. Takes about half a second for A4 at 300 dpi, during which nothing else runs in this thread. */
export function checkPage(bytes: Uint8Array, asJpeg: boolean): Result<CheckedPage, string> {
  if (bytes.length === 0) return err('empty')
  const mime = mimeOf(bytes)
  if (mime === undefined) return err('format')
  const picture = decodePicture({ mime, bytes })
  if (!picture.ok) return picture
  const { width, height } = picture.value
  if (width < 1 || height < 1) return err('empty')
  if (mime === 'image/jpeg' || !asJpeg) return ok({ mime, bytes, widthPx: width, heightPx: height })
  const encoded = jpeg.encode({ width, height, data: opaque(picture.value) }, JPEG_QUALITY).data
  return ok({ mime: 'image/jpeg', bytes: new Uint8Array(encoded), widthPx: width, heightPx: height })
}

/** Four channels, as the encoder wants them. */
function opaque({ width, height, channels, data }: PixelPage): Uint8Array {
  if (channels === 4) return data
  const rgba = new Uint8Array(width * height * 4)
  for (let pixel = 0, from = 0, to = 0; pixel < width * height; pixel++, from += channels, to += 4) {
    const first = data[from] ?? 0
    rgba[to] = first
    rgba[to + 1] = channels === 1 ? first : (data[from + 1] ?? 0)
    rgba[to + 2] = channels === 1 ? first : (data[from + 2] ?? 0)
    rgba[to + 3] = 0xff
  }
  return rgba
}
