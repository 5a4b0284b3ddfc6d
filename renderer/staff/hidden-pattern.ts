/** A finger going down or up, in CSS pixels of the page. */
export interface PatternPoint {
  readonly pointerId: number
  readonly x: number
  readonly y: number
}

/** Size of the page in CSS pixels, and the edge of the square in each corner that counts. */
export interface PatternGround {
  readonly width: number
  readonly height: number
  readonly corner: number
}

export type PatternCorner = 'top-left' | 'top-right' | 'bottom-right' | 'bottom-left'

/** Clockwise from the top left, each corner once. */
export const PATTERN: readonly PatternCorner[] = ['top-left', 'top-right', 'bottom-right', 'bottom-left']
/** From the first touch to the last. */
export const PATTERN_TIME_MS = 8_000
/** A corner is touched, not leaned on: whoever rests a hand longer begins anew. */
const LONGEST_TOUCH_MS = 1_500
const SMALLEST_CORNER_PX = 90
const CORNER_MM = 30

/** Edge of the corners that count on a screen of this density: 30 mm, never under 90 px. */
export function cornerSize(pxPerMm: number): number {
  return Math.max(SMALLEST_CORNER_PX, Math.round(CORNER_MM * pxPerMm))
}

export function cornerAt(point: { readonly x: number; readonly y: number }, ground: PatternGround): PatternCorner | undefined {
  const left = point.x >= 0 && point.x < ground.corner
  const right = point.x <= ground.width && point.x >= ground.width - ground.corner
  const top = point.y >= 0 && point.y < ground.corner
  const bottom = point.y <= ground.height && point.y >= ground.height - ground.corner
  if (top && left) return 'top-left'
  if (top && right) return 'top-right'
  if (bottom && right) return 'bottom-right'
  return bottom && left ? 'bottom-left' : undefined
}

/** What a touch meant: nothing, a corner of the pattern that goes on (its click belongs to the pattern), or the last one. */
export type PatternStep = 'none' | 'corner' | 'complete'

/**
 * The hidden way to the staff sign-in: the four corners clockwise from the top left, one finger, within 8 seconds, and nothing
 * else touched in between. A wrong touch, a second finger or a resting hand begins anew, so that playing children do not find
 * it. Times are milliseconds of any steady clock.
 */
export function createHiddenPattern() {
  let done = 0
  let beganAt = 0
  let touch: { readonly pointerId: number; readonly corner: PatternCorner | undefined; readonly at: number } | undefined

  function reset(): void {
    done = 0
    touch = undefined
  }
  /** A touch at the first corner always begins the pattern; anything else that does not fit ends it. */
  function accept(corner: PatternCorner | undefined, now: number): PatternStep {
    if (done > 0 && now - beganAt > PATTERN_TIME_MS) done = 0
    if (corner === PATTERN[0]) {
      done = 1
      beganAt = now
      return 'none'
    }
    if (done === 0 || corner !== PATTERN[done]) {
      done = 0
      return 'none'
    }
    done += 1
    if (done < PATTERN.length) return 'corner'
    reset()
    return 'complete'
  }
  return {
    reset,
    down(point: PatternPoint, ground: PatternGround, now: number): void {
      if (touch !== undefined) {
        reset()
        // Keeps the first finger in mind, so that lifting the second does not count as a touch of its own.
        touch = { pointerId: point.pointerId, corner: undefined, at: now }
        return
      }
      touch = { pointerId: point.pointerId, corner: cornerAt(point, ground), at: now }
    },
    up(point: PatternPoint, ground: PatternGround, now: number): PatternStep {
      const began = touch
      touch = undefined
      if (began === undefined || began.pointerId !== point.pointerId) {
        done = 0
        return 'none'
      }
      const ends = cornerAt(point, ground)
      return accept(ends === began.corner && now - began.at <= LONGEST_TOUCH_MS ? ends : undefined, now)
    },
    cancel(): void {
      reset()
    },
  }
}

/** Ctrl+Shift+F12: the same door for a technician with a keyboard. */
export function isStaffShortcut(event: { readonly key: string; readonly ctrlKey: boolean; readonly shiftKey: boolean; readonly altKey: boolean; readonly repeat: boolean }): boolean {
  return event.key === 'F12' && event.ctrlKey && event.shiftKey && !event.altKey && !event.repeat
}
