import { z } from 'zod'

/** The languages that every sentence in this product exists in. */
export const LANGUAGES = ['zh-CN', 'en'] as const
export const languageSchema = z.enum(LANGUAGES)
export type Language = z.infer<typeof languageSchema>

/** A sentence in every language of the product. Both are required: a missing translation is a fault of the data. */
export const localTextSchema = z.strictObject({ 'zh-CN': z.string().min(1), en: z.string().min(1) })
export type LocalText = z.infer<typeof localTextSchema>

export function text(zh: string, en: string): LocalText {
  return { 'zh-CN': zh, en }
}
