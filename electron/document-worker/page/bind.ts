import { PDFDocument } from 'pdf-lib'
import type { PageImage } from '../../../core/device/operations.ts'

const POINTS_PER_INCH = 72

/** One PDF of all pages in their order, each as large as its paper. Pictures go in as they are: nothing is encoded anew. */
export async function boundPages(pages: readonly PageImage[]): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false })
  for (const page of pages) {
    const picture = page.mime === 'image/jpeg' ? await document.embedJpg(page.bytes) : await document.embedPng(page.bytes)
    const width = (page.widthPx / page.dpi) * POINTS_PER_INCH
    const height = (page.heightPx / page.dpi) * POINTS_PER_INCH
    document.addPage([width, height]).drawImage(picture, { x: 0, y: 0, width, height })
  }
  return document.save()
}
