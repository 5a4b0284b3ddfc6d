import { computed, ref } from 'vue'
import { onWipe } from '../stores/wipe.ts'

/**
 * Digits on their way to the kiosk. They are kept apart, one by one, and put together only at the moment of sending: `take`
 * gives them away and forgets them. Every box forgets with the page's wipe as well; call `close` when its screen goes.
 */
export function createDigitBox(limit: number) {
  const digits = ref<string[]>([])

  function clear(): void {
    digits.value.fill('0')
    digits.value = []
  }
  const takeBackWipe = onWipe(clear)
  return {
    count: computed(() => digits.value.length),
    /** For numbers that are no secret. */
    shown: computed(() => digits.value.join('')),
    press(digit: string): void {
      if (/^\d$/.test(digit) && digits.value.length < limit) digits.value = [...digits.value, digit]
    },
    erase(): void {
      digits.value = digits.value.slice(0, -1)
    },
    clear,
    take(): string {
      const taken = digits.value.join('')
      clear()
      return taken
    },
    close(): void {
      clear()
      takeBackWipe()
    },
  }
}
export type DigitBox = ReturnType<typeof createDigitBox>
