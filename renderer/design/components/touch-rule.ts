/** Part of a pointer event that the rule looks at. */
export interface TouchPoint {
  readonly pointerId: number
  readonly clientX: number
  readonly clientY: number
}

/** Whether a point of the page lies in the target, with nothing over it. */
export type Contains = (x: number, y: number) => boolean

/**
 * The one rule of touching: a touch counts only if it begins and ends inside the same target. A hand that rests on the
 * glass, slides off, or lands while the screen changes under it does nothing. Neither does the second touch of two quick
 * ones where the first was for something else: it was meant for what stood there before. A key press or a click made by
 * assistive technology (no pointer went down) counts as well.
 */
export function createTouchRule(contains: Contains) {
  let began: number | undefined
  let counts = false
  /** Quick touches at one place, this target's own among them. */
  let inARow = 0
  return {
    down(point: TouchPoint): void {
      counts = false
      began = contains(point.clientX, point.clientY) ? point.pointerId : undefined
    },
    up(point: TouchPoint): void {
      counts = began === point.pointerId && contains(point.clientX, point.clientY)
      began = undefined
    },
    cancel(): void {
      began = undefined
      counts = false
    },
    /**
     * Asked when the browser reports a click; `detail` is 0 for keyboard and assistive technology, else it counts the quick
     * clicks at one place.
     */
    accepts(click: { readonly detail: number }): boolean {
      const accepted = click.detail === 0 || (counts && (click.detail === 1 || click.detail === inARow + 1))
      counts = false
      inARow = accepted ? click.detail : 0
      return accepted
    },
  }
}
