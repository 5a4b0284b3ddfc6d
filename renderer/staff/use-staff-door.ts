import { type Ref, onBeforeUnmount, onMounted, watch } from 'vue'
import { DEFAULT_PX_PER_MM } from '../design/screen.ts'
import { cornerSize, createHiddenPattern, isStaffShortcut } from './hidden-pattern.ts'

/**
 * Watches the whole page for the hidden pattern while `there` says so (idle and out of service only), and calls `open`. The
 * clicks of the later corners belong to the pattern: the tools that lie in the lower corners do not answer to them.
 */
export function useStaffDoor(there: Readonly<Ref<boolean>>, open: () => void): void {
  const pattern = createHiddenPattern()
  let takesClick = false

  const ground = () => {
    const density = Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--mm'))
    return { width: innerWidth, height: innerHeight, corner: cornerSize(Number.isFinite(density) ? density : DEFAULT_PX_PER_MM) }
  }
  const point = (event: PointerEvent) => ({ pointerId: event.pointerId, x: event.clientX, y: event.clientY })
  const down = (event: PointerEvent): void => {
    takesClick = false
    if (there.value) pattern.down(point(event), ground(), performance.now())
  }
  const up = (event: PointerEvent): void => {
    if (!there.value) return
    const step = pattern.up(point(event), ground(), performance.now())
    takesClick = step !== 'none'
    if (step === 'complete') open()
  }
  const cancel = (): void => pattern.cancel()
  const click = (event: MouseEvent): void => {
    if (!takesClick || event.detail === 0) return
    takesClick = false
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  const key = (event: KeyboardEvent): void => {
    if (!there.value || !isStaffShortcut(event)) return
    event.preventDefault()
    open()
  }
  watch(there, () => pattern.reset())
  onMounted(() => {
    window.addEventListener('pointerdown', down, true)
    window.addEventListener('pointerup', up, true)
    window.addEventListener('pointercancel', cancel, true)
    window.addEventListener('click', click, true)
    window.addEventListener('keydown', key, true)
  })
  onBeforeUnmount(() => {
    window.removeEventListener('pointerdown', down, true)
    window.removeEventListener('pointerup', up, true)
    window.removeEventListener('pointercancel', cancel, true)
    window.removeEventListener('click', click, true)
    window.removeEventListener('keydown', key, true)
  })
}
