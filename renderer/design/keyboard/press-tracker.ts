/**
 * A touch counts only when it begins and ends inside the same target. The browser's own click is too strict for that (a
 * finger that slides 15 px within a large key makes no click) and simple-keyboard's own handlers are too lax (they act when
 * the finger comes down), so the keyboard listens to pointers itself.
 */
export interface PressTracker {
  down(pointer: number, target: string): void
  /** The pointer moved over `target` (or over none). */
  move(pointer: number, target: string | undefined): void
  /** Returns the target that was pressed, if the pointer is lifted where it came down. */
  up(pointer: number, target: string | undefined): string | undefined
  cancel(pointer: number): void
  /** Targets that show themselves as pressed. */
  pressed(): ReadonlySet<string>
}

export function createPressTracker(): PressTracker {
  const pointers = new Map<number, { readonly target: string; inside: boolean }>()
  return {
    down: (pointer, target) => void pointers.set(pointer, { target, inside: true }),
    move(pointer, target) {
      const held = pointers.get(pointer)
      if (held) held.inside = held.target === target
    },
    up(pointer, target) {
      const held = pointers.get(pointer)
      pointers.delete(pointer)
      return held && held.target === target ? held.target : undefined
    },
    cancel: (pointer) => void pointers.delete(pointer),
    pressed: () => new Set([...pointers.values()].filter(({ inside }) => inside).map(({ target }) => target)),
  }
}

const TARGETS = '[data-skbtnuid], [data-press]'
const PRESSED_CLASS = 'is-pressed'

/**
 * Listens on `root` for presses of its keys (`data-skbtn` of simple-keyboard, `data-press` of our own buttons) and calls
 * `onPress` with the key's name. The field keeps its focus. Returns what ends the listening.
 */
export function listenForPresses(root: HTMLElement, onPress: (key: string) => void): () => void {
  const tracker = createPressTracker()
  const idOf = (element: Element): string => element.getAttribute('data-skbtnuid') ?? element.getAttribute('data-press') ?? ''
  const targetOf = (element: Element | null): HTMLElement | undefined => {
    const target = element?.closest<HTMLElement>(TARGETS) ?? undefined
    return target && root.contains(target) && !target.hasAttribute('disabled') ? target : undefined
  }
  const under = (event: PointerEvent): HTMLElement | undefined => targetOf(document.elementFromPoint(event.clientX, event.clientY))
  const show = (): void => {
    const pressed = tracker.pressed()
    for (const element of root.querySelectorAll(TARGETS)) element.classList.toggle(PRESSED_CLASS, pressed.has(idOf(element)))
  }
  const press = (target: HTMLElement): void => onPress(target.getAttribute('data-skbtn') ?? target.getAttribute('data-press') ?? '')

  const onDown = (event: PointerEvent): void => {
    event.preventDefault()
    if (event.pointerType === 'mouse' && event.button !== 0) return
    const target = targetOf(event.target instanceof Element ? event.target : null)
    if (!target) return
    // A touch is captured by the element it began on; we want to know what is really under the finger.
    if (event.target instanceof Element && event.target.hasPointerCapture(event.pointerId)) event.target.releasePointerCapture(event.pointerId)
    tracker.down(event.pointerId, idOf(target))
    show()
  }
  const onMove = (event: PointerEvent): void => {
    const element = under(event)
    tracker.move(event.pointerId, element && idOf(element))
    show()
  }
  const onUp = (event: PointerEvent): void => {
    const element = under(event)
    const pressed = tracker.up(event.pointerId, element && idOf(element))
    show()
    if (pressed !== undefined && element) press(element)
  }
  const onCancel = (event: PointerEvent): void => {
    tracker.cancel(event.pointerId)
    show()
  }
  /** Keeps the focus in the field, and simple-keyboard's own handlers out. */
  const keepToUs = (event: Event): void => {
    event.preventDefault()
    event.stopPropagation()
  }
  /** Clicks without a pointer come from assistive technology. */
  const onClick = (event: MouseEvent): void => {
    keepToUs(event)
    const target = targetOf(event.target instanceof Element ? event.target : null)
    if (event.detail === 0 && target) press(target)
  }

  /** The pointer and touch events themselves go on, so that whoever counts idle time sees them. */
  const onTouch = (event: Event): void => event.preventDefault()
  const silenced = ['mousedown', 'mouseup', 'contextmenu'] as const
  root.addEventListener('pointerdown', onDown, { capture: true })
  root.addEventListener('click', onClick, { capture: true })
  root.addEventListener('touchstart', onTouch, { passive: false })
  for (const type of silenced) root.addEventListener(type, keepToUs, { capture: true })
  window.addEventListener('pointermove', onMove)
  window.addEventListener('pointerup', onUp)
  window.addEventListener('pointercancel', onCancel)
  return () => {
    root.removeEventListener('pointerdown', onDown, { capture: true })
    root.removeEventListener('click', onClick, { capture: true })
    root.removeEventListener('touchstart', onTouch)
    for (const type of silenced) root.removeEventListener(type, keepToUs, { capture: true })
    window.removeEventListener('pointermove', onMove)
    window.removeEventListener('pointerup', onUp)
    window.removeEventListener('pointercancel', onCancel)
  }
}
