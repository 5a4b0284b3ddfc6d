import type { Box } from '../../core/document/engine.ts'
import type { Quad } from '../../core/document/page-look.ts'
import { seededRandom } from '../devices/seeded-random.ts'
import type { Homography } from './homography.ts'
import { IDENTITY } from './homography.ts'
import { desk, laySheet, turnedQuad } from './lay.ts'
import type { ColourPicture } from './picture.ts'
import { inColour } from './picture.ts'
import { addGuilloche, addLight, addNoise, addSeal, blur, changeContrast, fade } from './spoil.ts'

/** In what state a page comes off the scanner: from a clean print to everything at once. */
export const PAPER_STATES = ['clean300', 'clean200', 'normal', 'turned', 'perspective', 'blurred', 'uneven-light', 'sealed', 'faint', 'all'] as const
export type PaperState = (typeof PAPER_STATES)[number]

export interface StateOptions {
  readonly dpi: number
  readonly seed: number
  /** Where values stand on the clean page; seals are set on these. */
  readonly values: readonly Box[]
}

export interface StatedPage {
  readonly picture: ColourPicture
  /** Way of a point of the clean page into this picture. */
  readonly toPicture: Homography
  /** Where the sheet lies, when the picture shows more than the sheet. */
  readonly sheet?: Quad
  /** 0 to 1, for the JPEG that the scanner makes of it. */
  readonly jpegQuality: number
}

const MM_PER_INCH = 25.4

/** Brings a clean page into a state. The clean page stays as it is. */
export function bringInto(state: PaperState, clean: ColourPicture, { dpi, seed, values }: StateOptions): StatedPage {
  const random = seededRandom(seed)
  const pixels = (mm: number): number => (mm * dpi) / MM_PER_INCH
  const between = (from: number, to: number): number => from + (to - from) * random()
  const page = inColour(clean)
  const flat = (jpegQuality: number): StatedPage => ({ picture: page, toPicture: IDENTITY, jpegQuality })
  // A card carries one stamp at most, a sheet several; stamps are not set on each other.
  const area = (page.width * page.height) / pixels(1) ** 2
  const sealValues = (most: number): void => {
    const set: { readonly x: number; readonly y: number; readonly radius: number }[] = []
    const count = Math.min(most, Math.ceil(area / 20_000))
    for (let tries = 0; set.length < count && tries < 8 * count; tries++) {
      const box = values[Math.floor(random() * values.length)]
      if (box === undefined) continue
      const radius = Math.min(pixels(between(14, 19)), Math.min(page.width, page.height) * 0.3)
      const place = { x: between(box.left, box.right), y: (box.top + box.bottom) / 2 + between(-0.5, 0.5) * radius, radius }
      if (set.some((other) => Math.hypot(other.x - place.x, other.y - place.y) < radius + other.radius)) continue
      set.push(place)
      addSeal(page, { ...place, opacity: between(0.75, 0.85), seed: seed + set.length })
    }
  }
  const lit = (target: ColourPicture): void => addLight(target, {
    angle: between(0, 2 * Math.PI), from: 1, to: between(0.5, 0.66),
    shadow: { at: between(0.35, 0.7), edge: between(0.06, 0.18), left: between(0.55, 0.72), angle: between(0, 2 * Math.PI) },
  })
  const faintPrint = (left: number): void => {
    fade(page, left)
    addGuilloche(page, { spacing: pixels(1.5), colour: [176, 196, 214], opacity: 0.7, seed: seed + 50 })
  }
  switch (state) {
    case 'clean300':
    case 'clean200':
      return flat(0.92)
    case 'normal':
      addGuilloche(page, { spacing: pixels(2.4), colour: [205, 220, 228], opacity: 0.6, seed: seed + 51 })
      sealValues(1)
      blur(page, pixels(0.04))
      addNoise(page, 2.5, seed)
      return flat(0.82)
    case 'turned': {
      const angle = 2.6 * (random() < 0.5 ? -1 : 1)
      return onDesk(page, turnedQuad(page.width / 2, page.height / 2, page.width, page.height, angle), 'lid', seed, (whole) => {
        blur(whole, pixels(0.04))
        addNoise(whole, 2.5, seed)
      }, 0.82)
    }
    case 'perspective':
      return onDesk(page, leaning(page, random, 0.035), 'dark', seed, (whole) => {
        blur(whole, pixels(0.05))
        addNoise(whole, 3, seed)
      }, 0.82)
    case 'blurred':
      blur(page, pixels(0.14))
      addNoise(page, 2, seed)
      return flat(0.6)
    case 'uneven-light':
      lit(page)
      blur(page, pixels(0.05))
      addNoise(page, 3, seed)
      return flat(0.8)
    case 'sealed':
      sealValues(3)
      blur(page, pixels(0.05))
      addNoise(page, 2.5, seed)
      return flat(0.8)
    case 'faint':
      faintPrint(0.42)
      blur(page, pixels(0.05))
      addNoise(page, 2.5, seed)
      return flat(0.8)
    case 'all':
      sealValues(2)
      faintPrint(0.7)
      return onDesk(page, leaning(page, random, 0.03), 'dark', seed, (whole) => {
        changeContrast(whole, 0.85, 4)
        lit(whole)
        blur(whole, pixels(0.1))
        addNoise(whole, 3.5, seed)
      }, 0.7)
  }
}

/** A sheet seen a little from the side: every corner moved inwards by up to `share` of the shorter side, no corner lost. */
function leaning(page: ColourPicture, random: () => number, share: number): Quad {
  const reach = Math.min(page.width, page.height) * share
  const move = (): number => (0.25 + 0.75 * random()) * reach
  return [
    { x: move(), y: move() },
    { x: page.width - move(), y: move() },
    { x: page.width - move(), y: page.height - move() },
    { x: move(), y: page.height - move() },
  ]
}

function onDesk(page: ColourPicture, sheet: Quad, kind: 'dark' | 'lid', seed: number, after: (whole: ColourPicture) => void, jpegQuality: number): StatedPage {
  const picture = desk(page.width, page.height, kind, seed + 60)
  const toPicture = laySheet(picture, page, sheet, kind === 'lid' ? 0.12 : 0.35)
  after(picture)
  return { picture, toPicture, sheet, jpegQuality }
}
