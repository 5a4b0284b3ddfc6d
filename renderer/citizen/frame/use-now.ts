import { onBeforeUnmount, ref } from 'vue'
import { useKiosk } from '../../stores/kiosk.ts'

/** How often a visible countdown is drawn anew. */
const TICK_MS = 250

/** The kiosk's clock as a ref, for countdowns. */
export function useNow() {
  const kiosk = useKiosk()
  const now = ref(kiosk.kioskNow())
  const timer = setInterval(() => {
    now.value = kiosk.kioskNow()
  }, TICK_MS)
  onBeforeUnmount(() => clearInterval(timer))
  return now
}
