import { computed, ref, watchEffect } from 'vue'
import type { Language, LocalText } from '../../../core/text/local-text.ts'

const KEPT_UNDER = 'bench-language'

function first(): Language {
  const kept = localStorage.getItem(KEPT_UNDER)
  if (kept === 'zh-CN' || kept === 'en') return kept
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}

const language = ref<Language>(first())
watchEffect(() => {
  document.documentElement.lang = language.value
  document.title = language.value === 'en' ? 'Device bench' : '设备台'
})

/** The language of the page: the browser's at first, then the one chosen here. */
export function useLanguage() {
  return {
    language: computed(() => language.value),
    say: (sentence: LocalText): string => sentence[language.value],
    choose: (chosen: Language): void => {
      language.value = chosen
      localStorage.setItem(KEPT_UNDER, chosen)
    },
  }
}

