import { seededRandom } from '../devices/seeded-random.ts'
import type { Colour, ColourPicture } from './picture.ts'

/**
 * What happens to a paper before and while its picture is taken, one function each: ink over print, pale print, uneven
 * light, unsharp lens, grain. Each changes the picture in place, is plain arithmetic, and does the same for the same seed.
 */

/** Transparent ink over what is there: dark stays dark, white takes the colour. `share` 0 to 1. */
function ink(data: Uint8Array, at: number, colour: Colour, share: number): void {
  for (let channel = 0; channel < 3; channel++) data[at + channel] = (data[at + channel] ?? 0) * (1 - share + (share * (colour[channel] ?? 0)) / 255)
}

export interface SealPlace {
  readonly x: number
  readonly y: number
  readonly radius: number
  readonly opacity: number
  readonly seed: number
}

const SEAL_RED: Colour = [211, 32, 42]
/** Signs along the rim of a seal; only their strokes matter here, not what they say. */
const SEAL_SIGNS = 13

/**
 * A round red seal: rim, star, and signs of a few strokes along the rim. Ink is uneven, as stamps are.
 */
export function addSeal(picture: ColourPicture, { x, y, radius, opacity, seed }: SealPlace): void {
  const random = seededRandom(seed)
  const turn = (random() - 0.5) * 0.8
  const strokes = sealStrokes(random)
  const { width, height, data } = picture
  for (let py = Math.max(0, Math.floor(y - radius)); py < Math.min(height, y + radius); py++) {
    for (let px = Math.max(0, Math.floor(x - radius)); px < Math.min(width, x + radius); px++) {
      const dx = (px + 0.5 - x) / radius
      const dy = (py + 0.5 - y) / radius
      const distance = Math.hypot(dx, dy)
      if (distance > 1) continue
      const angle = Math.atan2(dy, dx) + turn
      if (!(distance > 0.94 || isInStar(distance, angle) || isInSigns(distance, angle, strokes))) continue
      const patch = 0.86 + 0.14 * Math.sin(px * 0.21 + seed) * Math.sin(py * 0.17 - seed)
      ink(data, (py * width + px) * 3, SEAL_RED, opacity * patch)
    }
  }
}

function isInStar(distance: number, angle: number): boolean {
  // The edge of a five-pointed star runs straight from a point (0.3) to the notch (0.115) 36 degrees on.
  const sector = (2 * Math.PI) / 5
  const within = Math.abs((((angle + Math.PI / 2) % sector) + 1.5 * sector) % sector - sector / 2)
  const fromPoint = sector / 2 - within
  const edge = (0.3 * 0.115 * Math.sin(sector / 2)) / (0.3 * Math.sin(fromPoint) + 0.115 * Math.sin(sector / 2 - fromPoint))
  return distance < edge
}

interface Stroke {
  readonly horizontal: boolean
  readonly at: number
  readonly from: number
  readonly to: number
}

function sealStrokes(random: () => number): readonly (readonly Stroke[])[] {
  return Array.from({ length: SEAL_SIGNS }, () =>
    Array.from({ length: 5 + Math.floor(random() * 3) }, (_, index) => {
      const from = 0.05 + random() * 0.35
      return { horizontal: index % 2 === 0, at: 0.1 + random() * 0.8, from, to: from + 0.3 + random() * 0.3 }
    }),
  )
}

function isInSigns(distance: number, angle: number, signs: readonly (readonly Stroke[])[]): boolean {
  if (distance < 0.66 || distance > 0.87) return false
  // The signs stand on three quarters of the rim, open at the foot.
  const around = ((angle + Math.PI * 1.25) % (2 * Math.PI) + 2 * Math.PI) % (2 * Math.PI)
  const place = (around / (1.5 * Math.PI)) * SEAL_SIGNS
  const sign = signs[Math.floor(place)]
  if (sign === undefined) return false
  const u = (place % 1) / 0.8
  const v = (0.87 - distance) / 0.21
  return sign.some((stroke) => (stroke.horizontal ? Math.abs(v - stroke.at) < 0.07 && u > stroke.from && u < stroke.to : Math.abs(u - stroke.at) < 0.07 && v > stroke.from && v < stroke.to))
}

/** Fine wavy lines of a safety print, `spacing` pixels apart. */
export function addGuilloche(picture: ColourPicture, { spacing, colour, opacity, seed }: { readonly spacing: number; readonly colour: Colour; readonly opacity: number; readonly seed: number }): void {
  const random = seededRandom(seed)
  const { width, height, data } = picture
  const long = spacing * (4 + random() * 3)
  const swing = spacing * (0.7 + random() * 0.5)
  const phase = random() * 6
  for (let row = -1; row * spacing < height + spacing; row++) {
    for (let x = 0; x < width; x++) {
      const y = row * spacing + swing * Math.sin(x / long + row * 0.7 + phase)
      const top = Math.floor(y)
      const share = y - top
      if (top >= 0 && top < height) ink(data, (top * width + x) * 3, colour, opacity * (1 - share))
      if (top + 1 >= 0 && top + 1 < height) ink(data, ((top + 1) * width + x) * 3, colour, opacity * share)
    }
  }
}

/** Print with too little toner: what is left of the difference to `paper`, 1 all of it. */
export function fade(picture: ColourPicture, left: number, paper: Colour = [252, 251, 247]): void {
  const { data } = picture
  for (let at = 0; at < data.length; at++) data[at] = (paper[at % 3] ?? 255) - ((paper[at % 3] ?? 255) - (data[at] ?? 0)) * left
}

/** `gain` around middle grey, then `lift` levels brighter. */
export function changeContrast(picture: ColourPicture, gain: number, lift = 0): void {
  const table = Uint8ClampedArray.from({ length: 256 }, (_, value) => 128 + (value - 128) * gain + lift)
  const { data } = picture
  for (let at = 0; at < data.length; at++) data[at] = table[data[at] ?? 0] ?? 0
}

export interface Light {
  /** Direction in which it gets darker, radians. */
  readonly angle: number
  /** Brightness at the light and at the dark end, 1 as it was. */
  readonly from: number
  readonly to: number
  /** A shadow beyond a soft edge: where along the way (0 to 1), how wide the edge is, what is left of the light. */
  readonly shadow?: { readonly at: number; readonly edge: number; readonly left: number; readonly angle: number }
}

export function addLight(picture: ColourPicture, light: Light): void {
  const { width, height, data } = picture
  const reach = (angle: number): { readonly dx: number; readonly dy: number; readonly offset: number } => {
    const dx = Math.cos(angle) / width
    const dy = Math.sin(angle) / height
    const span = Math.abs(Math.cos(angle)) + Math.abs(Math.sin(angle))
    return { dx: dx / span, dy: dy / span, offset: 0.5 - (dx * width + dy * height) / 2 / span }
  }
  const slope = reach(light.angle)
  const across = light.shadow === undefined ? undefined : reach(light.shadow.angle)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let factor = light.from + (light.to - light.from) * (slope.offset + slope.dx * x + slope.dy * y)
      if (light.shadow !== undefined && across !== undefined) {
        const beyond = Math.min(1, Math.max(0, (across.offset + across.dx * x + across.dy * y - light.shadow.at) / light.shadow.edge + 0.5))
        factor *= 1 - (1 - light.shadow.left) * beyond * beyond * (3 - 2 * beyond)
      }
      const at = (y * width + x) * 3
      for (let channel = 0; channel < 3; channel++) data[at + channel] = Math.min(255, (data[at + channel] ?? 0) * factor)
    }
  }
}

/** A lens out of focus: Gaussian of `sigma` pixels, in both directions. */
export function blur(picture: ColourPicture, sigma: number): void {
  if (sigma <= 0) return
  const reach = Math.ceil(sigma * 2.5)
  const weights = Float32Array.from({ length: 2 * reach + 1 }, (_, index) => Math.exp(-((index - reach) ** 2) / (2 * sigma * sigma)))
  const sum = weights.reduce((a, b) => a + b, 0)
  for (let index = 0; index < weights.length; index++) weights[index] = (weights[index] ?? 0) / sum
  const { width, height } = picture
  smearLines(picture.data, width, height, 3, width * 3, weights, reach)
  smearLines(picture.data, height, width, width * 3, 3, weights, reach)
}

/** Weighs each line of `count` pixels, `step` bytes apart, with its neighbours; the edge goes on as it ends. */
function smearLines(data: Uint8Array, count: number, lines: number, step: number, lineStep: number, weights: Float32Array, reach: number): void {
  const padded = new Float32Array(count + 2 * reach)
  for (let line = 0; line < lines; line++) {
    for (let channel = 0; channel < 3; channel++) {
      const start = line * lineStep + channel
      for (let index = 0; index < padded.length; index++) padded[index] = data[start + Math.min(Math.max(index - reach, 0), count - 1) * step] ?? 0
      for (let index = 0; index < count; index++) {
        let total = 0.5
        for (let tap = 0; tap < weights.length; tap++) total += (weights[tap] ?? 0) * (padded[index + tap] ?? 0)
        data[start + index * step] = total
      }
    }
  }
}

/** Grain of paper and sensor: one normally distributed change a pixel, alike in all channels, and a smaller one of colour. */
export function addNoise(picture: ColourPicture, sigma: number, seed: number): void {
  const random = seededRandom(seed)
  const normal = Float32Array.from({ length: 4096 }, () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()))
  const { data } = picture
  let state = (seed | 1) >>> 0
  for (let at = 0; at < data.length; at += 3) {
    // xorshift32 (Marsaglia 2003): a table index for each pixel must cost next to nothing.
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    const grain = (normal[state & 4095] ?? 0) * sigma
    const tint = (normal[(state >>> 12) & 4095] ?? 0) * sigma * 0.35
    data[at] = clamp((data[at] ?? 0) + grain + tint)
    data[at + 1] = clamp((data[at + 1] ?? 0) + grain)
    data[at + 2] = clamp((data[at + 2] ?? 0) + grain - tint)
  }
}

const clamp = (value: number): number => (value < 0 ? 0 : value > 255 ? 255 : value)
