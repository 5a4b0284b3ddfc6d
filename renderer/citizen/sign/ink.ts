import type { Signature } from '../../../core/kiosk-api/command.ts'

export type InkPoint = Signature['strokes'][number][number]
export type InkStroke = readonly InkPoint[]

/** A point nearer than this to the last one adds nothing to the line. */
const MINIMUM_STEP_PX = 1.5
/** Bounds of the kiosk API. */
const MAX_POINTS_IN_STROKE = 5_000
const MAX_STROKES = 200
/** A name takes at least this much ink, as a part of the height of the box: more than a dot, a tick or a dash. */
const ENOUGH_INK = 1.2

export function addPoint(stroke: InkStroke, point: InkPoint): InkStroke {
  const last = stroke.at(-1)
  if (stroke.length >= MAX_POINTS_IN_STROKE) return stroke
  if (last !== undefined && Math.hypot(point.x - last.x, point.y - last.y) < MINIMUM_STEP_PX) return stroke
  return [...stroke, point]
}

export function canAddStroke(strokes: readonly InkStroke[]): boolean {
  return strokes.length < MAX_STROKES
}

/** Length of all lines, in the pixels of the box. */
export function inkLength(strokes: readonly InkStroke[]): number {
  let length = 0
  for (const stroke of strokes) {
    for (const [index, point] of stroke.entries()) {
      const before = stroke[index - 1]
      if (before !== undefined) length += Math.hypot(point.x - before.x, point.y - before.y)
    }
  }
  return length
}

export function isEnoughInk(strokes: readonly InkStroke[], boxHeightPx: number): boolean {
  return inkLength(strokes) >= boxHeightPx * ENOUGH_INK
}

/** The ink as the kiosk takes it: bounded, rounded to a tenth of a pixel, times from the first touch. */
export function toSignature(strokes: readonly InkStroke[], widthPx: number, heightPx: number): Signature {
  const start = strokes[0]?.[0]?.t ?? 0
  const round = (value: number, limit: number): number => Math.round(Math.min(limit + 50, Math.max(-50, value)) * 10) / 10
  return {
    width: Math.round(widthPx),
    height: Math.round(heightPx),
    strokes: strokes.map((stroke) => stroke.map((point) => ({ x: round(point.x, widthPx), y: round(point.y, heightPx), t: Math.max(0, Math.round(point.t - start)) }))),
  }
}
