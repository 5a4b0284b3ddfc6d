import type { Corner, PageProblem, PaperSize, Quad } from '../../core/document/page-look.ts'
import { PAPER_MM } from '../../core/document/page-look.ts'
import { seededRandom } from '../devices/seeded-random.ts'
import { desk, laySheet, turnedQuad } from './lay.ts'
import type { Desk } from './lay.ts'
import type { ColourPicture } from './picture.ts'
import { colourPicture } from './picture.ts'
import { addLight, addNoise, blur } from './spoil.ts'

/**
 * What a document camera sees: a desk, on it the paper (or none, or two), and what citizens do: hold it down with a finger,
 * let it stick out of the picture, put it under a lamp, leave another sheet under it. Every scene knows the true corners and
 * what a gate must tell. New scenes come last: the seed of a photograph goes by their order.
 */
export const PHOTO_SCENES = ['dark-desk', 'wood-desk', 'grey-desk', 'white-desk', 'askew', 'sideways', 'shadow', 'two-pages', 'no-page', 'glare', 'fingers', 'cut-off', 'blurred', 'too-dark', 'blank', 'half-covered', 'nearly-covered', 'framed', 'creased', 'spread', 'on-a-mat'] as const
export type PhotoScene = (typeof PHOTO_SCENES)[number]

export interface PhotoOptions {
  readonly seed: number
  readonly paper: PaperSize
  readonly width?: number
  readonly height?: number
}

export interface Photo {
  readonly picture: ColourPicture
  /** Corners of the paper, its own top left first; undefined when none lies there. They reach beyond the picture where it is cut off. */
  readonly quad?: Quad
  /** What a gate must tell; empty for a picture that is good enough. */
  readonly problems: readonly PageProblem[]
  /** What it may tell besides, because the picture lies near the limit. */
  readonly mayTell: readonly PageProblem[]
}

/** Under 200 dpi small print is lost; a finder that is a little off may see a paper near that as too small. */
const NEAR_TOO_FEW_DPI = 210
const MM_PER_INCH = 25.4
const WIDTH = 4000
const HEIGHT = 3000

/**
 * Takes a picture of `sheet` in a scene. `other` is the second paper of the scenes with two, and the left page of `spread`;
 * without it the same paper lies there twice. The camera looks down from a stand, as document cameras do, never quite straight.
 */
export function takePhoto(scene: PhotoScene, sheet: ColourPicture, { seed, paper, width = WIDTH, height = HEIGHT }: PhotoOptions, other?: ColourPicture): Photo {
  const random = seededRandom(seed)
  for (let index = 0; index < 8; index++) random()
  const between = (from: number, to: number): number => from + (to - from) * random()
  const ground = deskOf(scene, random)
  const picture = desk(width, height, ground, seed + 1)
  const landscape = paper !== 'free' && sheet.width > sheet.height
  const sized = paper === 'free' ? sheet.width / sheet.height : landscape === PAPER_MM[paper].width > PAPER_MM[paper].height ? PAPER_MM[paper].width / PAPER_MM[paper].height : PAPER_MM[paper].height / PAPER_MM[paper].width
  const sideways = scene === 'sideways'
  // The paper takes up most of the picture; a card lies there smaller.
  const reach = paper === 'id-card' ? between(0.5, 0.62) : scene === 'askew' ? between(0.82, 0.85) : between(0.8, 0.9)
  const [boxWidth, boxHeight] = sideways ? [height, width] : [width, height]
  const tall = Math.min(boxHeight * reach, (boxWidth * reach) / sized)
  const size = { width: tall * sized, height: tall }
  const tilt = scene === 'askew' ? between(6, 10) * (random() < 0.5 ? -1 : 1) : between(-2.5, 2.5)
  const lean = scene === 'askew' ? 0.03 : 0.018
  const place = (x: number, y: number, fit = 1, turn = 0): Quad => {
    const flat = turnedQuad(x, y, size.width * fit, size.height * fit, tilt + turn + (sideways ? (random() < 0.5 ? 90 : -90) : 0))
    const move = (): number => between(-0.5, 0.5) * lean * size.height
    return flat.map((corner) => ({ x: corner.x + move(), y: corner.y + move() })) as unknown as Quad
  }
  const middle = { x: width / 2 + between(-0.02, 0.02) * width, y: height / 2 + between(-0.015, 0.015) * height }
  const shot = (quad: Quad | undefined, problems: readonly PageProblem[]): Photo => ({
    picture, ...(quad === undefined ? {} : { quad }), problems, mayTell: quad !== undefined && paper !== 'free' && dotsPerInch(quad, paper) < NEAR_TOO_FEW_DPI ? ['too-small'] : [],
  })
  const lay = (quad: Quad, what = sheet, shadow?: number): Quad => {
    laySheet(picture, what, quad, shadow)
    return quad
  }
  const finish = (sigma = 0.8, noise = 2.5): void => {
    addLight(picture, { angle: between(0, 6.3), from: 1, to: between(0.86, 0.95) })
    blur(picture, sigma)
    addNoise(picture, noise, seed)
  }
  switch (scene) {
    case 'dark-desk':
    case 'wood-desk':
    case 'grey-desk':
    case 'white-desk':
    case 'askew':
    case 'sideways': {
      const quad = lay(place(middle.x, middle.y))
      finish()
      return shot(quad, [])
    }
    case 'shadow': {
      const quad = lay(place(middle.x, middle.y))
      addLight(picture, { angle: 0, from: 1, to: 1, shadow: { at: between(0.4, 0.65), edge: between(0.08, 0.2), left: between(0.6, 0.72), angle: between(0, 6.3) } })
      finish()
      return shot(quad, [])
    }
    case 'two-pages': {
      // Both whole in the picture, side by side, or one on the other with half of it showing.
      const over = random() < 0.4
      const fit = over ? 0.84 : Math.min(0.98, (width * 0.46) / size.width)
      const first = lay(place(over ? width * 0.37 : width * 0.255, middle.y, fit), other ?? sheet)
      lay(place(over ? width * 0.63 : width * 0.745, middle.y + between(-0.02, 0.02) * height, fit))
      finish()
      return shot(first, ['two-pages'])
    }
    case 'no-page':
      finish()
      return shot(undefined, ['no-page'])
    case 'glare': {
      const quad = lay(place(middle.x, middle.y))
      const spot = inside(quad, between(0.3, 0.7), between(0.25, 0.75))
      finish()
      addGlare(picture, spot, between(0.055, 0.085) * width)
      return shot(quad, ['glare'])
    }
    case 'fingers': {
      const quad = lay(place(middle.x, middle.y))
      const side = random() < 0.5 ? 0 : 1
      addFinger(picture, inside(quad, side, between(0.35, 0.65)), side === 0 ? between(-0.35, 0.35) : Math.PI + between(-0.35, 0.35), between(0.02, 0.026) * width, between(0.085, 0.12) * width)
      finish()
      return shot(quad, ['covered'])
    }
    case 'cut-off': {
      const out = between(0.08, 0.16)
      const direction = Math.floor(random() * 4)
      const half = { x: (sideways ? size.height : size.width) / 2, y: (sideways ? size.width : size.height) / 2 }
      const x = direction === 0 ? half.x * (1 - 2 * out) : direction === 1 ? width - half.x * (1 - 2 * out) : middle.x
      const y = direction === 2 ? half.y * (1 - 2 * out) : direction === 3 ? height - half.y * (1 - 2 * out) : middle.y
      const quad = lay(place(x, y))
      finish()
      return shot(quad, ['cut-off'])
    }
    case 'blurred': {
      const quad = lay(place(middle.x, middle.y))
      finish(between(5, 8))
      return shot(quad, ['blurred'])
    }
    case 'too-dark': {
      const quad = lay(place(middle.x, middle.y))
      addLight(picture, { angle: 0, from: between(0.14, 0.2), to: between(0.14, 0.2) })
      finish(0.8, 5)
      return shot(quad, ['too-dark'])
    }
    case 'blank': {
      const quad = lay(place(middle.x, middle.y), colourPicture(sheet.width, sheet.height, [250, 249, 245]))
      finish()
      return shot(quad, ['blank'])
    }
    case 'half-covered':
    case 'nearly-covered': {
      const fit = scene === 'half-covered' ? between(0.7, 0.78) : between(0.8, 0.86)
      // From the middle of the upper sheet to that of the lower one, in shares of the sheet's sides.
      const shift = scene === 'half-covered' ? fromHalfCovered(between) : fromNearlyCovered(between, paper)
      const turn = scene === 'half-covered' || random() < 0.5 ? between(2, scene === 'half-covered' ? 15 : 6) : between(0, 1)
      const x = shift.x * size.width * fit
      const y = shift.y * size.height * fit
      // Every second pair is of the same white; a flat sheet under even light throws no shadow on the one below.
      const paler = random() < 0.5 ? 1 : between(0.92, 0.99)
      const shadow = random() < 0.35 ? 0 : between(0.05, 0.35)
      lay(place(middle.x + x / 2, middle.y + y / 2, fit, random() < 0.5 ? turn : -turn), toned(other ?? sheet, paler))
      const upper = lay(place(middle.x - x / 2, middle.y - y / 2, fit), sheet, shadow)
      finish()
      return shot(upper, ['two-pages'])
    }
    case 'framed': {
      const quad = lay(place(middle.x, middle.y), framed(sheet, between(0.03, 0.08), between(0.003, 0.01)))
      finish()
      return shot(quad, [])
    }
    case 'creased': {
      const quad = lay(place(middle.x, middle.y), creased(sheet, between(0.9, 0.98), random() < 0.5))
      finish()
      return shot(quad, [])
    }
    case 'spread': {
      const both = sideBySide(other ?? sheet, sheet)
      const flat = turnedQuad(middle.x, middle.y, Math.min(width * 0.88, (height * 0.86 * both.width) / both.height), Math.min(height * 0.86, (width * 0.88 * both.height) / both.width), tilt)
      const quad = lay(flat, both)
      finish()
      // The whole booklet is one paper here, and larger than the page that was asked for.
      return { ...shot(quad, []), mayTell: ['too-small'] }
    }
    case 'on-a-mat': {
      const mat = colourPicture(400, 400, [250, 249, 245])
      lay(turnedQuad(middle.x, middle.y, width * between(0.9, 1.1), height * between(1, 1.1), between(-3, 3)), toned(mat, between(0.86, 0.95)))
      const quad = lay(place(middle.x, middle.y, 0.92))
      finish()
      return shot(quad, [])
    }
  }
}

type Between = (from: number, to: number) => number

/** A third to two thirds of the lower sheet shows. */
function fromHalfCovered(between: Between): Corner {
  const x = between(0.35, 0.68)
  const y = between(-0.12, 0.12)
  return { x: between(0, 1) < 0.5 ? x : -x, y }
}

/** A strip of one to three centimetres shows at one side or at two. */
function fromNearlyCovered(between: Between, paper: PaperSize): Corner {
  const { width, height } = PAPER_MM[paper === 'free' ? 'a4' : paper]
  const strip = (side: number): number => (between(0, 1) < 0.5 ? 1 : -1) * (between(10, 30) / side)
  const sides = between(0, 3)
  return { x: sides < 2 ? strip(width) : 0, y: sides >= 1 ? strip(height) : 0 }
}

/** The same sheet of a paper that is a little less white. */
function toned(sheet: ColourPicture, factor: number): ColourPicture {
  return { ...sheet, data: sheet.data.map((value) => value * factor) }
}

/** A frame printed on the sheet, `from` its edges; both measures are shares of the shorter side. */
function framed(sheet: ColourPicture, from: number, thickness: number): ColourPicture {
  const { width, height } = sheet
  const shorter = Math.min(width, height)
  return repainted(sheet, (x, y) => {
    const inward = Math.min(x, y, width - 1 - x, height - 1 - y) / shorter
    return inward >= from && inward <= from + thickness ? 0.2 : 1
  })
}

/** Folded once and opened again: one half leans away from the light, the fold itself is dark on one side and bright on the other. */
function creased(sheet: ColourPicture, leaning: number, isAcross: boolean): ColourPicture {
  const { width, height } = sheet
  return repainted(sheet, (x, y) => {
    const from = isAcross ? y - height / 2 : x - width / 2
    const fold = 1 - 0.12 * Math.max(0, 1 - Math.abs(from) / (Math.max(width, height) / 250))
    return (from > 0 ? leaning : 1) * fold
  })
}

/** An open booklet: both pages darken towards the fold between them. */
function sideBySide(left: ColourPicture, right: ColourPicture): ColourPicture {
  const { width, height } = right
  const both = colourPicture(2 * width, height, [250, 249, 245])
  for (let y = 0; y < height; y++) {
    if (y < left.height) both.data.set(left.data.subarray(y * left.width * 3, (y * left.width + Math.min(left.width, width)) * 3), y * 2 * width * 3)
    both.data.set(right.data.subarray(y * width * 3, (y + 1) * width * 3), (y * 2 + 1) * width * 3)
  }
  return repainted(both, (x) => 1 - 0.3 * Math.max(0, 1 - Math.abs(x - width) / (width * 0.06)) ** 2)
}

/** A copy in which every pixel is as bright as `shareAt` says. */
function repainted(sheet: ColourPicture, shareAt: (x: number, y: number) => number): ColourPicture {
  const { width } = sheet
  return { ...sheet, data: sheet.data.map((value, at) => value * shareAt(Math.floor(at / 3) % width, Math.floor(at / 3 / width))) }
}

/** Pixels per inch of paper, along its longer side. */
function dotsPerInch([a, b, c, d]: Quad, paper: Exclude<PaperSize, 'free'>): number {
  const length = (p: Corner, q: Corner): number => Math.hypot(p.x - q.x, p.y - q.y)
  const longer = Math.max(length(a, b) + length(c, d), length(b, c) + length(d, a)) / 2
  return (longer / Math.max(PAPER_MM[paper].width, PAPER_MM[paper].height)) * MM_PER_INCH
}

function deskOf(scene: PhotoScene, random: () => number): Desk {
  switch (scene) {
    case 'dark-desk': return 'dark'
    case 'wood-desk': return 'wood'
    case 'grey-desk': return 'grey'
    case 'white-desk': return 'white'
    case 'half-covered':
    case 'nearly-covered': return (['dark', 'wood', 'grey', 'white'] as const)[Math.floor(random() * 4)] ?? 'dark'
    default: return (['dark', 'dark', 'wood', 'grey'] as const)[Math.floor(random() * 4)] ?? 'dark'
  }
}

/** A point of the paper: shares of its width and height. */
function inside(quad: Quad, u: number, v: number): Corner {
  const [a, b, c, d] = quad
  const mix = (p: Corner, q: Corner, share: number): Corner => ({ x: p.x + (q.x - p.x) * share, y: p.y + (q.y - p.y) * share })
  return mix(mix(a, b, u), mix(d, c, u), v)
}

/** The mirror image of a lamp: white out in the middle, paling outwards. */
function addGlare(picture: ColourPicture, { x, y }: Corner, radius: number): void {
  const { width, height, data } = picture
  for (let py = Math.max(0, Math.floor(y - 2 * radius)); py < Math.min(height, y + 2 * radius); py++) {
    for (let px = Math.max(0, Math.floor(x - 2 * radius)); px < Math.min(width, x + 2 * radius); px++) {
      const away = Math.hypot((px - x) / 1.25, py - y) / radius
      const share = away < 0.8 ? 1 : Math.max(0, 1 - (away - 0.8) / 0.8) ** 2
      const at = (py * width + px) * 3
      for (let channel = 0; channel < 3; channel++) data[at + channel] = (data[at + channel] ?? 0) * (1 - share) + 255 * share
    }
  }
}

/** A finger from beyond the paper's edge onto it: a round tip, a nail, skin that darkens towards its edge. */
function addFinger(picture: ColourPicture, edge: Corner, angle: number, radius: number, length: number): void {
  const { width, height, data } = picture
  const tip = { x: edge.x + Math.cos(angle) * length, y: edge.y + Math.sin(angle) * length }
  const far = Math.max(width, height)
  for (let py = 0; py < height; py++) {
    for (let px = 0; px < width; px++) {
      const along = (px - tip.x) * Math.cos(angle) + (py - tip.y) * Math.sin(angle)
      const across = Math.abs(-(px - tip.x) * Math.sin(angle) + (py - tip.y) * Math.cos(angle))
      const distance = along > 0 ? Math.hypot(along, across) : across
      if (distance > radius || along < -far) continue
      const round = distance / radius
      const shade = 1 - 0.45 * round * round
      const nail = along > -radius * 0.9 && along < radius * 0.55 && across < radius * 0.55
      const at = (py * width + px) * 3
      const skin = nail ? [232, 190, 176] : [214, 160, 132]
      for (let channel = 0; channel < 3; channel++) data[at + channel] = (skin[channel] ?? 0) * shade
    }
  }
}
