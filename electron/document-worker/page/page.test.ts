import { PDFDocument } from 'pdf-lib'
import { describe, expect, it, vi } from 'vitest'
import type { PixelPage } from '../../../core/document/engine.ts'
import type { PageProblem, Quad } from '../../../core/document/page-look.ts'
import { boundPages } from './bind.ts'
import { findPage } from './find-page.ts'
import { lookAtPage } from './look.ts'
import { cornerError } from './measure.ts'
import { decodeFast, encodeJpeg, withDensity } from './picture.ts'
import { straighten } from './straighten.ts'
import { lookedAt } from './requests.ts'
import type { Rgb } from './testing.ts'
import { blurred, emptyDesk, lay, printed, turned, WHITE } from './testing.ts'

const SIZE = { width: 1200, height: 900 } as const
const DARK: Rgb = [70, 74, 78]
const MIDDLE = { x: 600, y: 450 }
/** An ID card fills most of these small pictures, so that 1200 pixels are fine enough for it. */
const CARD = { width: 860, height: 542 }
const card = (degrees: number): Quad => turned(MIDDLE, CARD.width, CARD.height, degrees)

function photo(quad: Quad | undefined, desk: Rgb = DARK, colourAt: (u: number, v: number) => Rgb | undefined = printed): PixelPage {
  const picture = emptyDesk({ ...SIZE, desk })
  if (quad !== undefined) lay(picture, quad, colourAt)
  return blurred(picture, 1)
}

const problemsOf = (picture: PixelPage): readonly PageProblem[] => lookAtPage(picture, { paper: 'id-card', source: 'camera' }).look.problems

const withEach = (page: PixelPage, change: (value: number) => number): PixelPage => ({ ...page, data: page.data.map(change) })

/** Pictures are small, machines that test are busy. */
vi.setConfig({ testTimeout: 120_000 })

describe('finding the paper', () => {
  it.each([['straight', 0, DARK], ['askew', 9, DARK], ['far askew', -24, DARK], ['on wood', 5, [150, 110, 76]], ['on a desk nearly as white', -3, [232, 231, 226]]] as const)('%s', (_name, degrees, desk) => {
    const quad = card(degrees)
    const found = findPage(photo(quad, desk), 'id-card')
    expect(found?.confidence).toBeGreaterThan(0.6)
    expect(cornerError(found?.quad as Quad, quad, SIZE)).toBeLessThan(0.002)
    expect(found).toMatchObject({ cutSides: 0, another: false })
  })

  it('takes the paper and not the frame printed on it', () => {
    const framed = (u: number, v: number): Rgb => (Math.min(u, v, 1 - u, 1 - v) > 0.06 && Math.min(u, v, 1 - u, 1 - v) < 0.07 ? [30, 30, 30] : printed(u, v))
    const quad = card(2)
    expect(cornerError(findPage(photo(quad, DARK, framed), 'id-card')?.quad as Quad, quad, SIZE)).toBeLessThan(0.003)
  })

  it('is not sure of anything on an empty desk, even or grained', () => {
    expect(findPage(photo(undefined), 'id-card')?.confidence ?? 0).toBeLessThan(0.5)
    const grained = emptyDesk({ ...SIZE, desk: [150, 110, 76] })
    for (let y = 0; y < SIZE.height; y++) for (let at = y * SIZE.width * 3; at < (y + 1) * SIZE.width * 3; at++) grained.data[at] = (grained.data[at] as number) + (((y * 7919) % 97) % 40)
    expect(findPage(blurred(grained, 1), 'id-card')?.confidence ?? 0).toBeLessThan(0.5)
  })
})

describe('the gate', () => {
  it('lets a good picture through', () => {
    expect(lookAtPage(photo(card(3)), { paper: 'id-card', source: 'camera' })).toMatchObject({ look: { place: { kind: 'found' }, problems: [] }, straightened: { dpi: 300, picture: { width: 1011, height: 638 } } })
  })

  const scenes: readonly (readonly [PageProblem, () => PixelPage])[] = [
    ['no-page', () => photo(undefined)],
    ['blurred', () => blurred(photo(card(3)), 6)],
    ['blank', () => photo(card(3), DARK, () => WHITE)],
    ['cut-off', () => photo(turned({ x: 980, y: 450 }, CARD.width, CARD.height, 1))],
    ['too-small', () => photo(turned(MIDDLE, 560, 353, 2))],
    ['too-dark', () => withEach(photo(card(3)), (value) => value * 0.2)],
    ['too-bright', () => withEach(photo(card(3), DARK), (value) => Math.min(255, value * 0.3 + 195))],
    ['glare', () => photo(card(3), DARK, (u, v) => (Math.hypot(u - 0.5, v - 0.5) < 0.12 ? [255, 255, 255] : printed(u, v).map((value) => value * 0.9) as unknown as Rgb))],
    ['covered', () => photo(card(3), DARK, (u, v) => (u > 0.8 && Math.abs(v - 0.5) < 0.06 ? [208, 156, 128] : printed(u, v)))],
  ]
  it.each(scenes)('tells of a picture that is %s, and of nothing else', (problem, picture) => {
    expect(problemsOf(picture())).toEqual([problem])
  })

  it('a line printed right across is not the end of a paper that reaches out of the picture', () => {
    const ruled = (u: number, v: number): Rgb => (Math.abs(u - 0.7) < 0.004 ? [30, 30, 30] : printed(u, v))
    expect(problemsOf(photo(turned({ x: 980, y: 450 }, CARD.width, CARD.height, 1), DARK, ruled))).toEqual(['cut-off'])
  })

  it('a blurred paper that reaches out on both sides is cut off, and not missing', () => {
    const wide = turned(MIDDLE, 1400, 520, 0)
    expect(lookAtPage(blurred(photo(wide), 6), { paper: 'id-card', source: 'camera' }).look.problems).toContain('cut-off')
    expect(lookAtPage(photo(wide, DARK, () => WHITE), { paper: 'id-card', source: 'camera' }).look.problems).toContain('cut-off')
  })

  it('a broad streak of a wooden desk is no paper that reaches out on both sides', () => {
    const wood = emptyDesk({ ...SIZE, desk: [150, 110, 76] })
    for (let y = 0; y < SIZE.height; y++) {
      const streak = (y > 180 && y < 700 ? 26 : 0) + 12 * Math.sin(y / 6) + 8 * Math.sin(y / 19)
      for (let at = y * SIZE.width * 3; at < (y + 1) * SIZE.width * 3; at++) wood.data[at] = (wood.data[at] as number) + streak
    }
    expect(lookAtPage(blurred(wood, 3), { paper: 'id-card', source: 'camera' }).look).toMatchObject({ place: { kind: 'unsure' }, problems: ['no-page'] })
  })

  const CARD_ABOVE = { width: 430, height: 271 }
  const pairs: readonly (readonly [name: string, lower: Quad, upper: Quad])[] = [
    ['askew beside it', turned({ x: 300, y: 450 }, 500, 315, 2), turned({ x: 880, y: 450 }, 500, 315, -3)],
    ['level with it', turned({ x: 310, y: 450 }, 500, 315, 0), turned({ x: 870, y: 450 }, 500, 315, 0)],
    ['half under it, level with it', turned({ x: 450, y: 450 }, CARD_ABOVE.width, CARD_ABOVE.height, 0), turned({ x: 640, y: 450 }, CARD_ABOVE.width, CARD_ABOVE.height, 0)],
  ]
  it.each(pairs)('sees a second paper %s', (_name, lower, upper) => {
    const picture = emptyDesk({ ...SIZE, desk: DARK })
    lay(picture, lower, printed)
    // The upper one throws a thin shadow.
    lay(picture, upper.map(({ x, y }) => ({ x: x - 4, y })) as unknown as Quad, (u, v) => (u < 0.02 ? [236, 235, 230] : printed(u, v)))
    lay(picture, upper, printed)
    expect(problemsOf(blurred(picture, 1))).toContain('two-pages')
  })

  it('does not take the fold of an open booklet, or a table, for the edge of another paper', () => {
    const fold = (u: number, v: number): Rgb => (Math.abs(u - 0.5) < 0.004 ? [225, 224, 220] : printed(u, v))
    const ruled = (u: number, v: number): Rgb => (Math.abs(u - 0.62) < 0.004 && v > 0.08 && v < 0.8 ? [30, 30, 30] : printed(u, v))
    for (const paper of [fold, ruled]) expect(problemsOf(photo(turned(MIDDLE, 1020, 430, 1), DARK, paper))).toEqual([])
  })

  it('tells everything at once, worst first', () => {
    expect(problemsOf(blurred(photo(card(3), DARK, (u, v) => (u > 0.75 && Math.abs(v - 0.5) < 0.1 ? [208, 156, 128] : printed(u, v))), 6))).toEqual(['covered', 'blurred'])
  })

  it('takes the corners of the citizen as they are', () => {
    const { look } = lookAtPage(photo(card(3)), { paper: 'id-card', source: 'camera', corners: card(3) })
    expect(look.place).toEqual({ kind: 'found', quad: card(3), confidence: 1 })
  })

  it('does not stretch a paper of another shape', () => {
    const { straightened } = lookAtPage(photo(turned(MIDDLE, 700, 700, 0)), { paper: 'id-card', source: 'camera' })
    expect((straightened?.picture.width ?? 0) / (straightened?.picture.height ?? 1)).toBeCloseTo(1, 1)
  })
})

describe('on the glass', () => {
  const glass = (picture: PixelPage, dpi = 300): ReturnType<typeof lookAtPage> => lookAtPage(picture, { paper: 'id-card', source: 'glass', dpi })

  it('cuts a small card out', () => {
    const quad = turned({ x: 420, y: 300 }, 560, 353, 1.5)
    const seen = glass(photo(quad, [232, 232, 230]), 166)
    expect(seen.look.place.kind).toBe('found')
    expect(cornerError(seen.look.place.kind === 'found' ? seen.look.place.quad : card(0), quad, SIZE)).toBeLessThan(0.003)
  })

  it('leaves a page whole that has a portrait on it', () => {
    const page = (u: number, v: number): Rgb => (u > 0.6 && u < 0.85 && v > 0.2 && v < 0.5 ? [110, 130, 160] : printed(u, v))
    const picture = emptyDesk({ ...SIZE, desk: WHITE })
    lay(picture, [{ x: 0, y: 0 }, { x: 1200, y: 0 }, { x: 1200, y: 900 }, { x: 0, y: 900 }], page)
    expect(glass(blurred(picture, 1)).look).toMatchObject({ place: { kind: 'whole-picture' }, problems: [] })
  })
})

describe('straightening', () => {
  it('brings every place of the sheet to its own', () => {
    const quarters = (u: number, v: number): Rgb => [u < 0.5 ? 40 : 220, v < 0.5 ? 40 : 220, 120]
    const { picture, dpi } = straighten(photo(card(17), DARK, quarters), card(17), 'id-card', 200)
    expect([picture.width, picture.height, dpi]).toEqual([674, 425, 200])
    const at = (u: number, v: number): readonly number[] => [...picture.data.subarray((Math.floor(v * picture.height) * picture.width + Math.floor(u * picture.width)) * 4).subarray(0, 2)]
    for (const [u, v] of [[0.02, 0.03], [0.98, 0.03], [0.98, 0.97], [0.02, 0.97], [0.48, 0.48], [0.52, 0.52]] as const) {
      const [red = 0, green = 0] = at(u, v)
      expect([red > 128, green > 128], `${u} ${v}`).toEqual([u > 0.5, v > 0.5])
    }
  })
})

describe('the files', () => {
  const page = encodeJpeg(photo(card(0)), 300)

  it('carry their resolution, and open again', async () => {
    expect([...page.bytes.subarray(0, 18)]).toEqual([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 2, 1, 1, 44, 1, 44])
    expect(await decodeFast(page)).toMatchObject({ ok: true, value: { width: 1200, height: 900 } })
    expect([...withDensity(page.bytes, 200).subarray(14, 18)]).toEqual([0, 200, 0, 200])
    expect(withDensity(page.bytes, 200).length).toBe(page.bytes.length)
  })

  it('show what was put in, down to the last row', async () => {
    const height = 200
    const data = Uint8Array.from({ length: 40 * height }, (_, at) => Math.floor(at / 40))
    const opened = await decodeFast(encodeJpeg({ width: 40, height, channels: 1, data }, 300))
    if (!opened.ok) throw new Error(opened.error)
    for (const y of [0, 63, 64, 127, 128, 199]) expect(Math.abs((opened.value.data[y * 40 * 4] as number) - y), `row ${y}`).toBeLessThanOrEqual(4)
  })

  it('are refused by a code when they are not whole', async () => {
    expect(await decodeFast({ mime: 'image/jpeg', bytes: page.bytes.subarray(0, 5000) })).toEqual({ ok: false, error: 'jpeg-cut-off' })
    expect(await decodeFast({ mime: 'image/jpeg', bytes: new Uint8Array() })).toEqual({ ok: false, error: 'empty' })
    expect(await decodeFast({ mime: 'image/png', bytes: page.bytes.subarray(0, 100) })).toEqual({ ok: false, error: 'png' })
  })

  it('become one PDF of pages as large as the papers, with the pictures as they were', async () => {
    const pdf = await boundPages([page, { ...page, widthPx: 900, heightPx: 1200 }])
    const document = await PDFDocument.load(pdf)
    expect(document.getPages().map((one) => [one.getWidth(), one.getHeight()])).toEqual([[288, 216], [216, 288]])
    expect(Buffer.from(pdf).includes(Buffer.from(page.bytes))).toBe(true)
  })

  it('of a scanner keep their bytes, those of a camera become the paper alone', async () => {
    const stages: string[] = []
    const request = { kind: 'look', id: 1, page, paper: 'id-card', dpi: 200 } as const
    const fromCamera = await lookedAt({ ...request, source: 'camera' }, ({ stage }) => stages.push(stage))
    expect(fromCamera).toMatchObject({ ok: true, value: { widthPx: 1200, heightPx: 900, picture: { widthPx: 674, heightPx: 425, dpi: 200 } } })
    expect(stages).toEqual(['decoding', 'finding', 'straightening', 'judging'])
    const whole = encodeJpeg(emptyDesk({ ...SIZE, desk: WHITE }), 300)
    const fromGlass = await lookedAt({ ...request, source: 'glass', page: whole }, () => undefined)
    expect(fromGlass.ok && fromGlass.value.picture?.bytes).toEqual(whole.bytes)
  })
})
