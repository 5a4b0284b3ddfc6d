import type { LookProgress, LookStage } from '../../../core/document/page-look.ts'
import type { BindRequest, LookedPage, LookRequest } from '../../../core/document/worker-protocol.ts'
import type { Result } from '../../../core/result/result.ts'
import { err, ok } from '../../../core/result/result.ts'
import { boundPages } from './bind.ts'
import { lookAtPage } from './look.ts'
import { decodeFast, encodeJpeg, withDensity } from './picture.ts'

/** Share of the whole time at which each stage begins, measured on 12 megapixels. */
const BEGINS: Readonly<Record<LookStage, number>> = { decoding: 0, finding: 0.25, straightening: 0.5, judging: 0.75 }

/** Answers a `look`. Error: a code for staff, never content. */
export async function lookedAt(request: LookRequest, onProgress: (progress: LookProgress) => void): Promise<Result<LookedPage, string>> {
  const onStage = (stage: LookStage): void => onProgress({ stage, share: BEGINS[stage] })
  try {
    onStage('decoding')
    const { page, paper, source, corners } = request
    const pixels = await decodeFast(page)
    if (!pixels.ok) return pixels
    const { width: widthPx, height: heightPx } = pixels.value
    const { look, straightened } = lookAtPage(pixels.value, { paper, source, dpi: page.dpi, targetDpi: request.dpi, onStage, ...(corners === undefined ? {} : { corners }) })
    if (straightened === undefined) return ok({ look, widthPx, heightPx })
    const isAsDelivered = look.place.kind === 'whole-picture' && page.mime === 'image/jpeg'
    const picture = isAsDelivered ? { ...page, widthPx, heightPx, bytes: withDensity(page.bytes, straightened.dpi) } : encodeJpeg(straightened.picture, straightened.dpi)
    return ok({ look, picture, widthPx, heightPx })
  } catch {
    return err('look-exception')
  }
}

/** Answers a `bind`. Error: a code for staff. */
export async function bound({ pages }: BindRequest): Promise<Result<Uint8Array, string>> {
  try {
    return ok(await boundPages(pages))
  } catch {
    return err('bind-exception')
  }
}
