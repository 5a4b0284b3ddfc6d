import type { LocalText } from '../../../core/text/local-text.ts'

/** A sentence in both languages. (The one of core brings a schema library along, which this page has no use for.) */
export function words(zh: string, en: string): LocalText {
  return { 'zh-CN': zh, en }
}
