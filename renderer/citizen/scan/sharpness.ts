/** A small grey copy of a picture: one byte for each pixel, row after row. */
export interface GreyPicture {
  readonly width: number
  readonly height: number
  readonly data: ArrayLike<number>
}

/** Brightness as the eye weighs it, from four bytes for each pixel. */
export function greyOf({ width, height, data }: { readonly width: number; readonly height: number; readonly data: ArrayLike<number> }): GreyPicture {
  const grey = new Uint8Array(width * height)
  for (let pixel = 0, at = 0; pixel < grey.length; pixel++, at += 4) grey[pixel] = Math.round(0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0))
  return { width, height, data: grey }
}

/** Variance of the Laplacian: how strongly brightness bends from pixel to pixel. Print that moved or is out of focus bends little. */
export function sharpness({ width, height, data }: GreyPicture): number {
  let count = 0
  let sum = 0
  let squares = 0
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x
      const bend = (data[at - 1] ?? 0) + (data[at + 1] ?? 0) + (data[at - width] ?? 0) + (data[at + width] ?? 0) - 4 * (data[at] ?? 0)
      count++
      sum += bend
      squares += bend * bend
    }
  }
  return count === 0 ? 0 : squares / count - (sum / count) ** 2
}

/** Takes `stills` frames and keeps the sharpest; every other one is given to `drop`. */
export async function sharpestOf<Frame>(stills: number, next: () => Promise<Frame>, look: (frame: Frame) => GreyPicture, drop: (frame: Frame) => void): Promise<Frame> {
  let best = await next()
  let bestSharpness = sharpness(look(best))
  for (let taken = 1; taken < stills; taken++) {
    const frame = await next()
    const found = sharpness(look(frame))
    if (found > bestSharpness) {
      drop(best)
      best = frame
      bestSharpness = found
    } else drop(frame)
  }
  return best
}
