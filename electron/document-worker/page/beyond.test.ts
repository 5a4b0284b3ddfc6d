import { describe, expect, it } from 'vitest'
import type { PixelPage } from '../../../core/document/engine.ts'
import type { Corner, Quad } from '../../../core/document/page-look.ts'
import { beyond } from './beyond.ts'
import { findPage } from './find-page.ts'
import { scaled } from './geometry.ts'
import { shrink, withoutPrint } from './raster.ts'
import type { Rgb } from './testing.ts'
import { blurred, emptyDesk, lay, printed, turned, WHITE } from './testing.ts'

const DARK: Rgb = [70, 74, 78]
const CARD = { width: 640, height: 404 }
const card = (x: number, y: number, degrees = 0): Quad => turned({ x, y }, CARD.width, CARD.height, degrees)

/** Sheets in the order in which they were laid down, the uppermost last. */
function photo(sheets: readonly Quad[], desk: Rgb = DARK, colourAt: (u: number, v: number) => Rgb = printed): PixelPage {
  const picture = emptyDesk({ width: 1200, height: 900, desk })
  for (const quad of sheets) lay(picture, quad, colourAt)
  return blurred(picture, 1)
}

const beyondIn = (picture: PixelPage, quad: Quad): string => {
  const plain = withoutPrint(shrink(picture, 640), 5)
  return beyond(plain, scaled(quad, 1 / plain.factor))
}

const besides = (quad: Quad, x: number, y: number): Quad => quad.map((corner: Corner) => ({ x: corner.x + x, y: corner.y + y })) as unknown as Quad

describe('a sheet under another', () => {
  const upper = card(570, 430, 1)
  it.each([
    ['turned, a third showing', card(780, 470, 9)],
    ['turned a little, a strip of a centimetre showing', card(640, 450, 3)],
    ['straight, a strip at two sides', card(645, 485, 1)],
    ['sticking out behind it on both sides', card(570, 430, 22)],
  ])('%s, of the same white and without a shadow', (_name, lower) => {
    expect(findPage(photo([lower, upper]), 'id-card')?.another).toBe(true)
  })

  it('straight, a strip at one side: the outline is that of a paper too wide, with the edge of the upper one in it', () => {
    const picture = photo([besides(card(570, 430), 90, 0)], DARK, (u, v) => printed(u, v).map((value) => value * 0.93) as unknown as Rgb)
    lay(picture, card(570, 430), printed)
    expect(findPage(blurred(picture, 1), 'id-card')?.another).toBe(true)
  })
})

describe('a paper that lies alone', () => {
  it.each([['dark', DARK], ['like wood', [150, 110, 76]], ['nearly white', [226, 225, 221]]] as const)('on a desk that is %s', (_name, desk) => {
    const picture = photo([card(600, 450, 2)], desk)
    expect(beyondIn(picture, card(600, 450, 2))).toBe('desk')
    expect(findPage(picture, 'id-card')?.another).toBe(false)
  })

  it('on a mat of paper', () => {
    const picture = emptyDesk({ width: 1200, height: 900, desk: DARK })
    lay(picture, turned({ x: 600, y: 450 }, 1100, 840, 1), () => [232, 231, 226])
    lay(picture, card(600, 450, 2), printed)
    expect(findPage(blurred(picture, 1), 'id-card')?.another).toBe(false)
  })

  it('with one half darker than the other, as folded papers are', () => {
    const folded = (u: number, v: number): Rgb => printed(u, v).map((value) => value * (u < 0.5 ? 1 : 0.93)) as unknown as Rgb
    expect(findPage(photo([card(600, 450, 2)], DARK, folded), 'id-card')?.another).toBe(false)
  })

  it('with a dog-ear, and a small bright thing beside it', () => {
    const picture = emptyDesk({ width: 1200, height: 900, desk: DARK })
    lay(picture, card(560, 450), (u, v) => (u * CARD.width + v * CARD.height < 110 ? undefined : printed(u, v)))
    lay(picture, turned({ x: 905, y: 450 }, 40, 40, 10), () => WHITE)
    expect(beyondIn(blurred(picture, 1), card(560, 450))).toBe('desk')
  })

  it('as one page of an open booklet, but not with a sheet that lies behind it like one, only lower', () => {
    const [left, right] = [turned({ x: 350, y: 450 }, 480, 340, 0), turned({ x: 830, y: 450 }, 480, 340, 0)]
    expect(beyondIn(photo([left, right]), right)).toBe('same-sheet')
    expect(beyondIn(photo([besides(left, 0, 60), right]), right)).toBe('sheet')
  })

  it('below a ruled line, and goes on out of the picture above it', () => {
    const sheet = turned({ x: 600, y: 300 }, 640, 700, 0)
    expect(beyondIn(photo([sheet]), [{ x: 280, y: 60 }, { x: 920, y: 60 }, { x: 920, y: 650 }, { x: 280, y: 650 }])).toBe('same-sheet')
  })

  it('goes on all around a frame that is printed on it', () => {
    expect(beyondIn(photo([card(600, 450)]), turned({ x: 600, y: 450 }, CARD.width - 80, CARD.height - 80, 0))).toBe('paper')
  })
})
