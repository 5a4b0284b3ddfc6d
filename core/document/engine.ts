import type { Result } from '../result/result.ts'

/**
 * What every text recognition engine gives and gets. Finding fields, check digits, second readings and confidence rules
 * live outside the engine, so that each engine gets them.
 */

/** A decoded picture: `data` holds `width * height * channels` bytes, rows from the top, no padding. */
export interface PixelPage {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3 | 4
  readonly data: Uint8Array
}

/** Upright rectangle in pixels. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/**
 * One character with its place; `confidence` runs from 0 to 1. `second` is the next best sign for the place, given only where
 * the engine was in doubt: a repair that a check digit proves may take it.
 */
export interface RecognisedCharacter {
  readonly text: string
  readonly box: Box
  readonly confidence: number
  readonly second?: { readonly text: string; readonly confidence: number }
}

/**
 * One printed line or piece of a line, as the engine cut it. Characters stand in reading order, white space removed. `head`:
 * only the beginning of a long line was read so far; its box is that of the whole line all the same.
 */
export interface RecognisedLine {
  readonly box: Box
  readonly characters: readonly RecognisedCharacter[]
  readonly extent?: 'whole' | 'head'
}

export interface EngineHints {
  /** Pixels per inch of paper, as the picture was straightened to. */
  readonly dpi: number
  /** `heads`: an engine that can reads of long lines only the beginning, where labels stand; `complete` reads on. */
  readonly extent: 'whole' | 'heads'
}

export interface EngineReading {
  /** Boxes are in pixels of the straightened picture, in which lines run level; `boxBeforeTurn` leads back. */
  readonly lines: readonly RecognisedLine[]
  /** Degrees, clockwise positive, by which the engine turned the picture about its centre. */
  readonly turnedDegrees: number
  /** Size of the straightened picture: a quarter turn exchanges width and height, a small one leaves them. */
  readonly width: number
  readonly height: number
}

/**
 * Confidence from which on a value may be called sure, by how far its form proves it (`checked` has check characters,
 * `numeric` only a narrow form, `text` nothing). Engines measure confidence on scales of their own, so each brings its own.
 */
export interface EngineThresholds {
  readonly checked: ConfidenceThreshold
  readonly numeric: ConfidenceThreshold
  readonly text: ConfidenceThreshold
  /** Where names need more than other text: no rule tells a wrong one. */
  readonly name?: ConfidenceThreshold
  /** A `numeric` value that is sure and has a character below this is read again; absent where a second reading tells nothing new. */
  readonly again?: number
}

export interface ConfidenceThreshold {
  readonly mean: number
  /** For the worst character. */
  readonly minimum: number
}

export type EngineStage = 'preparing' | 'recognising'

export type EngineError = { readonly kind: 'engine-failed'; readonly code: string }

export interface OcrEngine {
  readonly name: string
  readonly thresholds: EngineThresholds
  /** Reads a page, whose pixels are the engine's from then on: `forget` overwrites them. `onProgress` gets the share done of the stage, 0 to 1. */
  read(page: PixelPage, hints: EngineHints, onProgress: (stage: EngineStage, share: number) => void): Promise<Result<EngineReading, EngineError>>
  /**
   * Reads those lines of the last `read` to their end of which only the head is known (positions in its `lines`). Answers the
   * whole reading anew, in the same order.
   */
  complete(lines: readonly number[], onProgress: (share: number) => void): Promise<Result<EngineReading, EngineError>>
  /**
   * Reads one line of the page of the last `read` again (region in its straightened picture), from another channel where there
   * is one. Only the characters of `alphabet` can stand there; without it all can.
   */
  readAgain(region: Box, alphabet?: string): Promise<Result<RecognisedLine | undefined, EngineError>>
  /** Overwrites the page of the last `read`, of which nothing more is wanted. */
  forget(): void
  close(): Promise<void>
}

/** The upright box around `box` in the picture as it was before the engine turned it. */
export function boxBeforeTurn(box: Box, page: { readonly width: number; readonly height: number }, turn: Pick<EngineReading, 'turnedDegrees' | 'width' | 'height'>): Box {
  const radians = (turn.turnedDegrees * Math.PI) / 180
  const corners = [[box.left, box.top], [box.right, box.top], [box.left, box.bottom], [box.right, box.bottom]].map(([x = 0, y = 0]) => {
    const dx = x - turn.width / 2
    const dy = y - turn.height / 2
    return { x: page.width / 2 + dx * Math.cos(radians) + dy * Math.sin(radians), y: page.height / 2 - dx * Math.sin(radians) + dy * Math.cos(radians) }
  })
  const within = (value: number, limit: number): number => Math.round(Math.min(Math.max(value, 0), limit))
  return {
    left: within(Math.min(...corners.map(({ x }) => x)), page.width),
    top: within(Math.min(...corners.map(({ y }) => y)), page.height),
    right: within(Math.max(...corners.map(({ x }) => x)), page.width),
    bottom: within(Math.max(...corners.map(({ y }) => y)), page.height),
  }
}
