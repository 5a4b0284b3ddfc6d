import { createCanvas } from '@napi-rs/canvas'
import type { Browser } from 'playwright-core'
import type { Box } from '../../core/document/engine.ts'
import { mapPoint } from '../../sandbox/papers/homography.ts'
import type { Homography } from '../../sandbox/papers/homography.ts'
import type { ColourPicture } from '../../sandbox/papers/picture.ts'
import type { PhotoScene } from '../../sandbox/papers/photo.ts'
import { PHOTO_SCENES, takePhoto } from '../../sandbox/papers/photo.ts'
import type { PaperState } from '../../sandbox/papers/states.ts'
import { bringInto } from '../../sandbox/papers/states.ts'
import { chanceFrom, seedOf } from './chance.ts'
import type { PaperKind } from './kinds/index.ts'
import { isCard, PAPER_KINDS, PAPER_PLANS } from './kinds/index.ts'
import type { PaperSet } from './paper.ts'
import { typefaces } from './paper.ts'
import { render } from './render.ts'
import { SET_SEEDS } from './seeds.ts'
import type { PhotoTruth, Truth } from '../../sandbox/papers/truth.ts'

/** One page in so many carries a name with a rare sign. */
const RARE_NAME_EVERY = 12
/** Cards are small and are scanned finer than sheets. */
const CARD_DPI = 300
const SHEET_DPI = 200
/** A camera knows nothing of paper and writes what every program takes for a screen. */
const CAMERA_DPI = 72

export interface PaperOrder {
  readonly set: PaperSet
  readonly kind: PaperKind
  /** Which person, wording and layout; the same number gives the same paper in any state. */
  readonly copy: number
  readonly state: PaperState
}

export interface MadePaper {
  readonly name: string
  readonly jpeg: Buffer
  readonly truth: Truth
}

function dpiOf({ kind, state }: PaperOrder): number {
  if (state === 'clean300') return 300
  if (state === 'clean200') return 200
  return isCard(kind) ? CARD_DPI : SHEET_DPI
}

/** Draws a paper, brings it into its state and packs it as a scanner would; `jpegQuality` packs it harder. */
export async function makePaper(browser: Browser, order: PaperOrder, jpegQuality = 1): Promise<MadePaper> {
  const kindIndex = PAPER_KINDS.indexOf(order.kind)
  const seed = seedOf(SET_SEEDS[order.set], kindIndex, order.copy)
  const chance = chanceFrom(seed)
  const rareName = (order.copy + kindIndex) % RARE_NAME_EVERY === RARE_NAME_EVERY - 1
  const design = PAPER_PLANS[order.kind]({ chance, faces: typefaces(chance, order.set), rareName })
  const dpi = dpiOf(order)
  const paper = await render(browser, design, dpi)
  const stated = bringInto(order.state, paper.picture, { dpi, seed, values: paper.fields.map(({ box }) => box) })
  const moved = (box: Box): Box => boxThrough(stated.toPicture, box)
  const truth: Truth = {
    kind: design.kind, seed, state: order.state, dpi, width: stated.picture.width, height: stated.picture.height, marked: [...design.marked],
    lines: paper.lines.map(({ text, box }) => ({ text, box: moved(box) })),
    fields: paper.fields.map(({ id, value, lines, box }) => ({ id, value, lines: [...lines], box: moved(box) })),
    ...(stated.sheet === undefined ? {} : { sheet: stated.sheet.map(rounded) as unknown as Truth['sheet'] }),
  }
  return { name: `${order.kind}-${String(order.copy).padStart(2, '0')}-${order.state}`, jpeg: asJpeg(stated.picture, Math.min(stated.jpegQuality, jpegQuality), dpi), truth }
}

export interface PhotoOrder {
  readonly set: PaperSet
  readonly scene: PhotoScene
  readonly copy: number
}

export interface MadePhoto {
  readonly name: string
  readonly jpeg: Buffer
  readonly truth: PhotoTruth
}

/** Kinds that citizens put under a camera; every fourth photograph shows a card. */
const PHOTOGRAPHED: readonly PaperKind[] = ['residence-lease', 'property-certificate', 'application-form', 'id-card-front']

/** Scenes that show a second paper. */
const WITH_ANOTHER: readonly PhotoScene[] = ['two-pages', 'half-covered', 'nearly-covered', 'spread']

/** Draws a paper and photographs it in a scene: 4000 x 3000 pixels, as a document camera delivers it. */
export async function makePhoto(browser: Browser, { set, scene, copy }: PhotoOrder): Promise<MadePhoto> {
  const kind = PHOTOGRAPHED[copy % PHOTOGRAPHED.length] ?? 'residence-lease'
  const seed = seedOf(SET_SEEDS[set], 1000 + PHOTO_SCENES.indexOf(scene), copy)
  const chance = chanceFrom(seed)
  const sheet = async (which: PaperKind): Promise<ColourPicture> => {
    const design = PAPER_PLANS[which]({ chance, faces: typefaces(chance, set), rareName: false })
    return (await render(browser, design, isCard(which) ? 2 * CARD_DPI : SHEET_DPI)).picture
  }
  const paper = isCard(kind) ? 'id-card' : 'a4'
  const first = await sheet(kind)
  const photo = takePhoto(scene, first, { seed, paper }, WITH_ANOTHER.includes(scene) ? await sheet(isCard(kind) ? 'id-card-back' : 'property-certificate') : undefined)
  return {
    name: `${scene}-${String(copy).padStart(2, '0')}`,
    jpeg: asJpeg(photo.picture, 0.88, CAMERA_DPI),
    truth: {
      scene, seed, paper, width: photo.picture.width, height: photo.picture.height, problems: [...photo.problems], mayTell: [...photo.mayTell],
      ...(photo.quad === undefined ? {} : { quad: photo.quad.map(rounded) as unknown as PhotoTruth['quad'] }),
    },
  }
}

/** JPEG with halved colour resolution, as scanners and cameras make it. `quality` 0 to 1. */
export function asJpeg(picture: ColourPicture, quality: number, dpi: number): Buffer {
  const { width, height, data } = picture
  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  const image = context.createImageData(width, height)
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    image.data[to] = data[from] ?? 0
    image.data[to + 1] = data[from + 1] ?? 0
    image.data[to + 2] = data[from + 2] ?? 0
    image.data[to + 3] = 255
  }
  context.putImageData(image, 0, 0)
  return withDensity(canvas.encodeSync('jpeg', Math.round(quality * 100)), dpi)
}

/** Writes the resolution into the JFIF head, as scanners do: programs that read text go by it. */
function withDensity(jpeg: Buffer, dpi: number): Buffer {
  const head = jpeg.indexOf('JFIF\0', 0, 'latin1')
  if (head < 0 || head > 12) return jpeg
  jpeg.writeUInt8(1, head + 7)
  jpeg.writeUInt16BE(dpi, head + 8)
  jpeg.writeUInt16BE(dpi, head + 10)
  return jpeg
}

const rounded = ({ x, y }: { readonly x: number; readonly y: number }): { readonly x: number; readonly y: number } => ({ x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 })

function boxThrough(way: Homography, box: Box): Box {
  const corners = [{ x: box.left, y: box.top }, { x: box.right, y: box.top }, { x: box.right, y: box.bottom }, { x: box.left, y: box.bottom }].map((corner) => mapPoint(way, corner))
  const xs = corners.map(({ x }) => x)
  const ys = corners.map(({ y }) => y)
  return { left: Math.round(Math.min(...xs)), top: Math.round(Math.min(...ys)), right: Math.round(Math.max(...xs)), bottom: Math.round(Math.max(...ys)) }
}
