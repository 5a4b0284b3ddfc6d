import type { Box, RecognisedCharacter, RecognisedLine } from '../../../core/document/engine.ts'
import type { DecodedCharacter } from './ctc.ts'
import type { Point, Rectangle } from './rectangle.ts'
import { pointIn } from './rectangle.ts'

/** The frame in which a page's lines run level: turned by `tilt` (radians) back about the centre of the picture. */
export interface LevelFrame {
  readonly width: number
  readonly height: number
  readonly tilt: number
}

/** A line as it was decoded: where it lies, how wide a time step is in pixels of the picture, and what stands there. */
export interface DecodedLine {
  readonly rectangle: Rectangle
  readonly stepPx: number
  readonly characters: readonly DecodedCharacter[]
}

/** The rectangle of a line is grown by the net; print fills this part of its height. */
const PRINT_SHARE = 0.72
/** Half the width of a sign in print heights: Chinese signs stand in squares, letters and digits in half of one. */
const HALF_WIDTH_FULL = 0.5
const HALF_WIDTH_NARROW = 0.28

function toLevel(point: Point, { width, height, tilt }: LevelFrame): Point {
  return turnedAbout(point, width / 2, height / 2, -tilt)
}

export function fromLevel(point: Point, { width, height, tilt }: LevelFrame): Point {
  return turnedAbout(point, width / 2, height / 2, tilt)
}

/** The line with upright boxes in the level frame; characters get their places from their time steps. */
export function levelLine(line: DecodedLine, extent: 'whole' | 'head', frame: LevelFrame): RecognisedLine {
  const { rectangle, stepPx } = line
  const centre = toLevel(rectangle, frame)
  const sideways = Math.abs(Math.sin(rectangle.angle - frame.tilt)) > Math.SQRT1_2
  const box = boxAround(centre, sideways ? rectangle.height : rectangle.length, sideways ? rectangle.length : rectangle.height)
  const print = rectangle.height * PRINT_SHARE
  const middles = line.characters.map(({ from, to }) => ((from + to + 1) / 2) * stepPx)
  const characters = line.characters.map(({ text, confidence, second }, index): RecognisedCharacter => {
    const middle = middles[index] as number
    const half = print * (isFullWidth(text) ? HALF_WIDTH_FULL : HALF_WIDTH_NARROW)
    const begin = Math.max(middle - half, index === 0 ? 0 : (middle + (middles[index - 1] as number)) / 2)
    const end = Math.min(middle + half, index === middles.length - 1 ? rectangle.length : (middle + (middles[index + 1] as number)) / 2)
    const at = toLevel(pointIn(rectangle, (begin + end) / 2, rectangle.height / 2), frame)
    const place = boxAround(at, sideways ? print : end - begin, sideways ? end - begin : print)
    return { text, confidence, box: place, ...(second === undefined ? {} : { second }) }
  })
  return { box, characters, extent }
}

function boxAround({ x, y }: Point, width: number, height: number): Box {
  return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 }
}

/** East Asian wide signs; punctuation of the Chinese fonts too. */
function isFullWidth(text: string): boolean {
  return (text.codePointAt(0) ?? 0) >= 0x2e80
}

function turnedAbout({ x, y }: Point, centreX: number, centreY: number, angle: number): Point {
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  return { x: centreX + (x - centreX) * cos - (y - centreY) * sin, y: centreY + (x - centreX) * sin + (y - centreY) * cos }
}
