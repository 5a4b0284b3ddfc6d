import type { PixelPage } from '../../../core/document/engine.ts'
import type { Corner, PageProblem, Quad } from '../../../core/document/page-look.ts'
import { holds } from './geometry.ts'
import { shrink } from './raster.ts'
import type { Raster } from './raster.ts'
import { MM_PER_INCH } from './straighten.ts'

/**
 * Measures of a straightened page. Each is a plain figure, so that limits can be set by measuring many pages; a picture is
 * judged by all of them at once.
 */
export interface PageFigures {
  /** Brightness of the paper, 0 to 255: the 80th percentile, since most of a page is paper. */
  readonly paper: number
  /** Red of the darker print, 0 to 255, however little of it there is; undefined where the page has none. */
  readonly ink: number | undefined
  /** Width of the sharpest edges of print, millimetres; undefined where the page has hardly any print. */
  readonly edgeMm: number | undefined
  /** Share of the page's tiles that hold print. */
  readonly printShare: number
  /** Share of the page that a mirrored lamp has bleached. */
  readonly glareShare: number
  /** Share of the page under something skin-coloured that comes in from its edge. */
  readonly coveredShare: number
  /** Share of the page at full brightness in every channel. */
  readonly whiteOutShare: number
}

/** Pixels of the small copy on which light, glare and fingers are judged. */
const SMALL_PX = 420
const TILE_MM = 3
const FEWEST_TILES = 6
const MEASURE_PX = 3.05
/** Contrast of a tile from which on it holds print: levels, and share of its own paper. */
const FAINTEST_PRINT = 24
const FAINTEST_PRINT_SHARE = 0.18
/** The darkest tenth of the tiles with print speaks for the ink: a pale pattern under the print is not ink, and one speck is not the print. */
const INK_SHARE = 0.1

export function measurePage(page: PixelPage, dpi: number): PageFigures {
  const small = shrink(page, SMALL_PX)
  const light = lightOf(small)
  const print = printOf(page, dpi)
  return { ...light, ...print, glareShare: glareOf(small, light.paper), coveredShare: coveredOf(small, light.paper) }
}

/** Limits, set on photographs of all scenes and on pages in all states: no good page may be stopped. */
const LIMIT = {
  edgeMm: 0.4,
  darkPaper: 80,
  /** A page that is bleached has lost its ink too; paper in good light may be white everywhere, and its ink is black. */
  bleachedInk: 165,
  bleachedShare: 0.5,
  glareShare: 0.004,
  coveredShare: 0.003,
  blankPrintShare: 0.012,
} as const

/** What is wrong with the page itself, whatever lies about it. */
export function problemsOf(figures: PageFigures): readonly PageProblem[] {
  const problems: PageProblem[] = []
  if (figures.edgeMm !== undefined && figures.edgeMm > LIMIT.edgeMm) problems.push('blurred')
  if (figures.paper < LIMIT.darkPaper) problems.push('too-dark')
  if (figures.whiteOutShare > LIMIT.bleachedShare && figures.ink !== undefined && figures.ink > LIMIT.bleachedInk && figures.printShare > LIMIT.blankPrintShare) problems.push('too-bright')
  if (figures.glareShare > LIMIT.glareShare) problems.push('glare')
  if (figures.coveredShare > LIMIT.coveredShare) problems.push('covered')
  if (figures.printShare < LIMIT.blankPrintShare) problems.push('blank')
  return problems
}

const brightnessAt = ({ planes: [red, green, blue] }: Raster, at: number): number => Math.max(red[at] as number, green[at] as number, blue[at] as number)

const isAtLeast = ({ planes: [red, green, blue] }: Raster, at: number, level: number): boolean => (red[at] as number) >= level && (green[at] as number) >= level && (blue[at] as number) >= level

function lightOf(small: Raster): Pick<PageFigures, 'paper' | 'whiteOutShare'> {
  const counts = new Uint32Array(256)
  const size = small.width * small.height
  let whiteOut = 0
  for (let at = 0; at < size; at++) {
    const value = brightnessAt(small, at)
    counts[value] = (counts[value] as number) + 1
    if (isAtLeast(small, at, 252)) whiteOut++
  }
  return { paper: percentile(counts, size, 0.8), whiteOutShare: whiteOut / size }
}

function percentile(counts: Uint32Array, size: number, share: number): number {
  let rest = size * share
  let value = 0
  while (value < 255 && rest > (counts[value] as number)) rest -= counts[value++] as number
  return value
}

/**
 * Print and its sharpness, tile by tile, in the red channel (seals and pale patterns are not print). The width of an edge is
 * the contrast of its tile divided by its steepest step: a sharp edge rises within a pixel or two whatever its contrast,
 * a blurred one over many. The sharper tiles speak for the page, since a tile may hold only soft shading.
 */
function printOf(page: PixelPage, dpi: number): Pick<PageFigures, 'edgeMm' | 'printShare' | 'ink'> {
  const prints: Print[] = []
  let tiles = 0
  forTiles(page, dpi, (_, print) => {
    tiles++
    if (print !== undefined) prints.push(print)
  })
  const printShare = tiles === 0 ? 0 : prints.length / tiles
  const ink = prints.length === 0 ? undefined : shareOf(prints.map(({ darkest }) => darkest), INK_SHARE)
  if (prints.length < FEWEST_TILES) return { printShare, ink, edgeMm: undefined }
  // Patterns under the print are soft by design: the blackest tiles are print.
  const strong = shareOf(prints.map(({ contrast }) => contrast), 0.9) * 0.6
  return { printShare, ink, edgeMm: shareOf(prints.filter(({ contrast }) => contrast >= strong).map(({ edgeMm }) => edgeMm), 0.3) }
}

/** The value below which this share of the values lies. */
function shareOf(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? 0
}

/** Share of the tiles outside of `quad` that hold print. */
export function printOutside(page: PixelPage, quad: Quad, dpi: number): number {
  let tiles = 0
  let printed = 0
  const [tile] = tileOf(dpi)
  // A tile on the paper's own edge is neither inside nor outside.
  const reach = Math.max(...quad.map(({ x }) => x)) - Math.min(...quad.map(({ x }) => x))
  const outer = grown(quad, 1 + (3 * tile) / reach)
  forTiles(page, dpi, (middle, print) => {
    if (holds(outer, middle)) return
    tiles++
    if (print !== undefined) printed++
  })
  return tiles === 0 ? 1 : printed / tiles
}

function grown(quad: Quad, factor: number): Quad {
  const x = quad.reduce((sum, corner) => sum + corner.x, 0) / 4
  const y = quad.reduce((sum, corner) => sum + corner.y, 0) / 4
  return quad.map((corner) => ({ x: x + (corner.x - x) * factor, y: y + (corner.y - y) * factor })) as unknown as Quad
}

/** Side of a tile in pixels, and of a pixel in millimetres. */
const tileOf = (dpi: number): readonly [number, number] => [Math.max(8, Math.round((TILE_MM * dpi) / MM_PER_INCH)), MM_PER_INCH / dpi]

/** What a tile with print shows: its darkest level, the levels between its paper and its ink, and the width of its sharpest edge. */
interface Print {
  readonly darkest: number
  readonly contrast: number
  readonly edgeMm: number
}

/** Tells each tile's middle and its print, undefined for one without. */
function forTiles(page: PixelPage, dpi: number, tell: (middle: Corner, print: Print | undefined) => void): void {
  const [tile, pixelMm] = tileOf(dpi)
  // Tiles at the rim show the desk's shadow where a corner is a hair off.
  const rim = Math.ceil(tile / 2)
  for (let top = rim; top + tile <= page.height - rim; top += tile) {
    for (let left = rim; left + tile <= page.width - rim; left += tile) {
      const inner: Inner = { left: left + 2, top: top + 2, side: tile - 4 }
      const { lowest, highest } = rangeIn(page, inner)
      const contrast = highest - lowest
      const isPrint = contrast >= Math.max(FAINTEST_PRINT, highest * FAINTEST_PRINT_SHARE)
      tell({ x: left + tile / 2, y: top + tile / 2 }, isPrint ? { darkest: lowest, contrast, edgeMm: edgeWidth((contrast / Math.max(steepestIn(page, inner), 0.5)) * pixelMm, pixelMm) } : undefined)
    }
  }
}

/** A square of a page, two pixels within its tile, so that each of its pixels has neighbours. */
interface Inner {
  readonly left: number
  readonly top: number
  readonly side: number
}

/** Darkest and brightest value of the first channel. */
function rangeIn({ width, channels, data }: PixelPage, { left, top, side }: Inner): { readonly lowest: number; readonly highest: number } {
  let lowest = 255
  let highest = 0
  for (let y = top; y < top + side; y++) {
    for (let at = (y * width + left) * channels, end = at + side * channels; at < end; at += channels) {
      const here = data[at] as number
      if (here < lowest) lowest = here
      if (here > highest) highest = here
    }
  }
  return { lowest, highest }
}

/** The steepest slope of the first channel, levels a pixel. Over two pixels on each side, so that the noise of single ones does not pass for print. */
function steepestIn({ width, channels, data }: PixelPage, { left, top, side }: Inner): number {
  const row = width * channels
  let steepest = 0
  for (let y = top; y < top + side; y++) {
    for (let at = y * row + left * channels, end = at + side * channels; at < end; at += channels) {
      const across = Math.abs((data[at + 2 * channels] as number) + (data[at + channels] as number) - (data[at - channels] as number) - (data[at - 2 * channels] as number))
      const down = Math.abs((data[at + 2 * row] as number) + (data[at + row] as number) - (data[at - row] as number) - (data[at - 2 * row] as number))
      if (across > steepest) steepest = across
      if (down > steepest) steepest = down
    }
  }
  return steepest / 6
}

/** The measure itself widens every edge by about three pixels; what it adds is taken off, as spreads add up. */
function edgeWidth(measuredMm: number, pixelMm: number): number {
  return Math.sqrt(Math.max(0, measuredMm ** 2 - (MEASURE_PX * pixelMm) ** 2))
}

/** Bleached patches that are much brighter than the paper about them. On paper that is itself at full brightness none can be told. */
function glareOf(small: Raster, paper: number): number {
  if (paper > 247) return 0
  const size = small.width * small.height
  const mask = new Uint8Array(size)
  for (let at = 0; at < size; at++) mask[at] = isAtLeast(small, at, 251) ? 1 : 0
  return largestPatch(mask, small, () => true) / size
}

/** Skin that comes in from the edge of the page. A page that is pink all over has no finger on it. */
function coveredOf(small: Raster, paper: number): number {
  const size = small.width * small.height
  const [red, green, blue] = small.planes
  const mask = new Uint8Array(size)
  let skin = 0
  for (let at = 0; at < size; at++) {
    const r = red[at] as number
    const g = green[at] as number
    const b = blue[at] as number
    const isSkin = r > paper * 0.35 && r > g && g >= b * 0.9 && r - b > r * 0.16 && r - b < r * 0.62 && r - g > r * 0.08 && r - g < r * 0.45
    if (isSkin) {
      mask[at] = 1
      skin++
    }
  }
  if (skin > size * 0.4) return 0
  return largestPatch(mask, small, (x, y) => x <= 1 || y <= 1 || x >= small.width - 2 || y >= small.height - 2) / size
}

/** Pixels of the largest patch that has a pixel at a place that counts. */
function largestPatch(mask: Uint8Array, { width, height }: Raster, counts: (x: number, y: number) => boolean): number {
  const queue = new Uint32Array(mask.length)
  let largest = 0
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] !== 1) continue
    let head = 0
    let tail = 0
    let isCounted = false
    queue[tail++] = start
    mask[start] = 2
    while (head < tail) {
      const at = queue[head++] as number
      const x = at % width
      const y = (at - x) / width
      isCounted ||= counts(x, y)
      for (const [next, isThere] of [[at - 1, x > 0], [at + 1, x < width - 1], [at - width, y > 0], [at + width, y < height - 1]] as const) {
        if (isThere && mask[next] === 1) {
          mask[next] = 2
          queue[tail++] = next
        }
      }
    }
    if (isCounted && tail > largest) largest = tail
  }
  return largest
}
