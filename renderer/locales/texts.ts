import { computed } from 'vue'
import { createI18n, useI18n } from 'vue-i18n'
import type { DayLimit } from '../../core/matter-pack/schema.ts'
import type { Language, LocalText } from '../../core/text/local-text.ts'
import { en } from './en.ts'
import { formatClock, formatDate, formatDayTime, formatFen, formatMonth, inType } from './format.ts'
import { type Messages, zhCN } from './zh-CN.ts'

type Leaves<T, Prefix extends string = ''> = { [K in keyof T & string]: T[K] extends string ? `${Prefix}${K}` : Leaves<T[K], `${Prefix}${K}.`> }[keyof T & string]
/** Every message of the page, by its path: a key that does not exist does not compile. */
export type MessageKey = Leaves<Messages>

/** Messages are interpreted from their syntax tree (vue-i18n 11 generates no code), so the strict CSP holds. */
export const i18n = createI18n({ legacy: false, locale: 'zh-CN', fallbackLocale: 'zh-CN', messages: { 'zh-CN': zhCN, en }, missingWarn: false, fallbackWarn: false })

/** Shows the whole page in this language, also for assistive technology. */
export function applyLanguage(language: Language): void {
  i18n.global.locale.value = language
  document.documentElement.lang = language
}

/** The sentences of a component: the page's own by key, the kiosk's as `LocalText`, and dates and amounts in the language. */
export function useTexts() {
  const { t: translate, locale } = useI18n({ useScope: 'global' })
  const language = computed(() => locale.value as Language)
  function t(key: MessageKey, values: Readonly<Record<string, string | number>> = {}): string {
    return inType(translate(key, values as Record<string, unknown>), language.value)
  }
  function local(sentence: LocalText): string {
    return inType(sentence[language.value], language.value)
  }
  function limit(value: DayLimit | 'at-once'): string {
    if (value === 'at-once') return t('limit.atOnce')
    const days = t(value.unit === 'working-day' ? 'limit.workingDays' : 'limit.calendarDays', { days: value.days })
    return value.note === undefined ? days : language.value === 'en' ? `${days} (${local(value.note)})` : `${days}（${local(value.note)}）`
  }
  return {
    t,
    local,
    limit,
    language,
    date: (isoDay: string) => formatDate(isoDay, language.value),
    month: (isoMonth: string) => formatMonth(isoMonth, language.value),
    dayTime: (epochMs: number) => formatDayTime(epochMs, language.value),
    clock: (epochMs: number) => formatClock(epochMs, language.value),
    fen: (amountFen: number) => formatFen(amountFen, language.value),
  }
}
export type Texts = ReturnType<typeof useTexts>
