import type { ValueRule } from './document-kind.ts'
import type { FieldReading } from './reading.ts'
import type { PageSize } from './value-places.ts'

/** A part of a page picture, in shares of its width and height. */
export interface PicturePlace {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** Printed lines that it shows. */
  readonly lines: number
}

/** Paper around the print, in heights of a printed line, so that cut-off strokes show. */
const MARGIN_HEIGHTS = 0.6

/**
 * The part of the picture to show beside a value: always for a name, because rare characters are read wrong or not at all
 * without any sign of it, and for every value that is not sure. Undefined where nothing was found.
 */
export function placeToShow(reading: FieldReading | undefined, rule: ValueRule, picture: PageSize): PicturePlace | undefined {
  const box = reading?.box
  if (reading === undefined || box === undefined || (reading.state === 'sure' && rule !== 'name') || picture.width <= 0 || picture.height <= 0) return undefined
  const lines = reading.lines ?? 1
  const margin = (MARGIN_HEIGHTS * (box.bottom - box.top)) / lines
  const share = (value: number, whole: number): number => Math.min(1, Math.max(0, value / whole))
  const left = share(box.left - margin, picture.width)
  const top = share(box.top - margin, picture.height)
  const width = share(box.right + margin, picture.width) - left
  const height = share(box.bottom + margin, picture.height) - top
  return width <= 0 || height <= 0 ? undefined : { left, top, width, height, lines }
}
