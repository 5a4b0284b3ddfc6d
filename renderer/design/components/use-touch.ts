import { type Ref, onBeforeUnmount, onMounted } from 'vue'
import { createTouchRule } from './touch-rule.ts'

/** Puts the touch rule on an element: `onTouch` is called for touches, clicks and key presses that count. */
export function useTouch(element: Ref<HTMLElement | null>, onTouch: (event: MouseEvent) => void): void {
  const rule = createTouchRule((x, y) => {
    const target = element.value
    const hit = document.elementFromPoint(x, y)
    return target !== null && hit !== null && target.contains(hit)
  })
  const down = (event: PointerEvent): void => rule.down(event)
  const up = (event: PointerEvent): void => rule.up(event)
  const cancel = (): void => rule.cancel()
  const click = (event: MouseEvent): void => {
    if (rule.accepts(event)) onTouch(event)
  }
  onMounted(() => {
    const target = element.value
    target?.addEventListener('pointerdown', down)
    target?.addEventListener('click', click)
    // A finger that began here may end anywhere.
    window.addEventListener('pointerup', up, true)
    window.addEventListener('pointercancel', cancel, true)
  })
  onBeforeUnmount(() => {
    window.removeEventListener('pointerup', up, true)
    window.removeEventListener('pointercancel', cancel, true)
  })
}
