import { createCanvas, type Canvas } from '@napi-rs/canvas'
import { printFontOf } from './print-font.ts'

/** Something black on the paper. Positions in dots from the left upper corner of the printable strip. */
type Mark =
  | { readonly kind: 'character'; readonly character: string; readonly x: number; readonly y: number; readonly widthDots: number; readonly heightDots: number; readonly bold: boolean; readonly underline: boolean }
  | { readonly kind: 'picture'; readonly x: number; readonly y: number; readonly rowBytes: number; readonly rows: number; readonly scaleX: number; readonly scaleY: number; readonly data: Uint8Array }
  | { readonly kind: 'squares'; readonly x: number; readonly y: number; readonly moduleDots: number; readonly side: number; readonly isDark: (row: number, column: number) => boolean }

export type StripEnd = 'cut' | 'torn' | 'paper-end'

const EDGE_DOTS = 32
const PAPER = '#fdfcf7'
const INK = '#26262b'

/** A strip of paper from the edge of the last cut on: what stands on it, and how it ended. */
export class Strip {
  readonly #widthDots: number
  readonly #marks: Mark[] = []
  readonly lines: string[] = []
  heightDots = 0
  end: StripEnd | undefined
  /** Printing stopped within this strip and its rest was thrown away. */
  interrupted = false

  constructor(widthDots: number) {
    this.#widthDots = widthDots
  }

  get isBlank(): boolean {
    return this.#marks.length === 0
  }

  add(mark: Mark): void {
    this.#marks.push(mark)
  }

  /** A picture of the strip, one pixel for each dot, with the paper's unprintable edges. */
  png(): Buffer {
    const tail = 24
    const canvas = createCanvas(this.#widthDots + 2 * EDGE_DOTS, this.heightDots + tail + EDGE_DOTS)
    const context = canvas.getContext('2d')
    context.fillStyle = PAPER
    context.fillRect(0, 0, canvas.width, canvas.height)
    context.fillStyle = INK
    for (const mark of this.#marks) draw(context, mark, EDGE_DOTS, EDGE_DOTS)
    if (this.end === 'torn' || this.end === 'paper-end') tear(context, canvas)
    return canvas.toBuffer('image/png')
  }
}

function draw(context: ReturnType<Canvas['getContext']>, mark: Mark, left: number, top: number): void {
  switch (mark.kind) {
    case 'character': {
      // Cells are 12 × 24 (24 × 24 for Chinese) whatever the size: the font is drawn at 24 dots and stretched.
      const scaleY = mark.heightDots / 24
      const cell = mark.widthDots / scaleY
      context.save()
      // The font's own weight is its thinnest; ink spreads on paper, and twice as much where it is bold.
      context.font = `400 23px ${printFontOf(mark.character)}`
      const advance = context.measureText(mark.character).width
      const squeeze = advance > cell ? cell / advance : 1
      context.translate(left + mark.x, top + mark.y)
      context.scale(scaleY, scaleY)
      context.transform(squeeze, 0, 0, 1, (cell - advance * squeeze) / 2, 0)
      context.fillText(mark.character, 0, 20.5)
      context.strokeStyle = INK
      context.lineWidth = mark.bold ? 2 : 0.9
      context.strokeText(mark.character, 0, 20.5)
      context.restore()
      if (mark.underline) context.fillRect(left + mark.x, top + mark.y + mark.heightDots - 1, mark.widthDots, 2)
      return
    }
    case 'picture':
      for (let row = 0; row < mark.rows; row++) {
        for (let column = 0; column < mark.rowBytes * 8; column++) {
          if (((mark.data[row * mark.rowBytes + (column >> 3)] ?? 0) & (0x80 >> (column & 7))) === 0) continue
          context.fillRect(left + mark.x + column * mark.scaleX, top + mark.y + row * mark.scaleY, mark.scaleX, mark.scaleY)
        }
      }
      return
    case 'squares':
      for (let row = 0; row < mark.side; row++) {
        for (let column = 0; column < mark.side; column++) {
          if (mark.isDark(row, column)) context.fillRect(left + mark.x + column * mark.moduleDots, top + mark.y + row * mark.moduleDots, mark.moduleDots, mark.moduleDots)
        }
      }
  }
}

/** A jagged lower edge: this strip was not cut. */
function tear(context: ReturnType<Canvas['getContext']>, canvas: Canvas): void {
  context.globalCompositeOperation = 'destination-out'
  context.beginPath()
  context.moveTo(0, canvas.height)
  for (let x = 0; x <= canvas.width; x += 8) context.lineTo(x, canvas.height - 6 - ((x * 7) % 11))
  context.lineTo(canvas.width, canvas.height)
  context.fill()
  context.globalCompositeOperation = 'source-over'
}
