import { onBeforeUnmount, watch } from 'vue'
import { installCodeKeys } from './code-keys.ts'

/** Watches for a scanner that types, as long as `attached` says that the terminal has one. */
export function useCodeKeys(attached: () => boolean, onCode: (text: string) => void): void {
  let takeAway: (() => void) | undefined
  watch(
    attached,
    (is) => {
      takeAway?.()
      takeAway = is ? installCodeKeys(window, onCode) : undefined
    },
    { immediate: true },
  )
  onBeforeUnmount(() => takeAway?.())
}
