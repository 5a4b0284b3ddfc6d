import { computed } from 'vue'
import { createI18n, useI18n } from 'vue-i18n'
import type { DayLimit } from '../../core/matter-pack/schema.ts'
import type { Language, LocalText } from '../../core/text/local-text.ts'
import { en } from './en.ts'
import { formatClock, formatDate, formatDayTime, formatFen, formatMoment, formatMonth, inType, keepNumbersWhole } from './format.ts'
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
    return keepNumbersWhole(inType(translate(key, values as Record<string, unknown>), language.value))
  }
  function local(sentence: LocalText): string {
    return keepNumbersWhole(inType(sentence[language.value], language.value))
  }
  /** How many days, without what is noted about them: for the middle of a sentence. */
  function days(value: DayLimit): string {
    return t(value.unit === 'working-day' ? 'limit.workingDays' : 'limit.calendarDays', { days: value.days })
  }
  /** What is noted about a limit, in brackets; '' when there is nothing. */
  function limitNote(value: DayLimit): string {
    return value.note === undefined ? '' : language.value === 'en' ? ` (${local(value.note)})` : `（${local(value.note)}）`
  }
  function limit(value: DayLimit | 'at-once'): string {
    return value === 'at-once' ? t('limit.atOnce') : `${days(value)}${limitNote(value)}`
  }
  return {
    t,
    local,
    limit,
    days,
    limitNote,
    language,
    date: (isoDay: string) => formatDate(isoDay, language.value),
    month: (isoMonth: string) => formatMonth(isoMonth, language.value),
    dayTime: (epochMs: number) => formatDayTime(epochMs, language.value),
    clock: (epochMs: number) => formatClock(epochMs, language.value),
    moment: (epochMs: number, nowMs: number) => formatMoment(epochMs, nowMs, language.value),
    fen: (amountFen: number) => formatFen(amountFen, language.value),
  }
}
export type Texts = ReturnType<typeof useTexts>
