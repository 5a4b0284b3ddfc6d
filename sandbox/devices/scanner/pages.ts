import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Box } from '../../../core/document/engine.ts'
import { localTextSchema } from '../../../core/text/local-text.ts'

const truthSchema = z.strictObject({
  dpi: z.int(),
  pages: z.array(z.strictObject({ id: z.string(), title: localTextSchema, kind: z.string().optional(), fields: z.record(z.string(), z.string()) })),
})

/** A demonstration paper as a picture, with what a perfect reader would find on it. */
export interface DemonstrationPage {
  readonly id: string
  readonly title: { readonly 'zh-CN': string; readonly en: string }
  /** Document kind of `assets/ocr/kinds`; absent on a page that is no document. */
  readonly kind?: string
  readonly fields: Readonly<Record<string, string>>
  /** Where values stand, for seals set upon them. */
  readonly values?: readonly Box[]
  readonly dpi: number
  readonly jpeg: Uint8Array
}

/** The checked-in papers, as `draw-pages.ts` drew them. */
export function loadDemonstrationPages(folder: URL = new URL('pages/', import.meta.url)): readonly DemonstrationPage[] {
  const truth = truthSchema.parse(JSON.parse(readFileSync(new URL('truth.json', folder), 'utf8')))
  return truth.pages.map((page) => ({ ...page, dpi: truth.dpi, jpeg: new Uint8Array(readFileSync(new URL(`${page.id}.jpg`, folder))) }))
}
