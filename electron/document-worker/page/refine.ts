import type { PixelPage } from '../../../core/document/engine.ts'
import type { Corner, Quad } from '../../../core/document/page-look.ts'
import type { Line } from './geometry.ts'
import { between, crossing } from './geometry.ts'

/** Places along each side at which the edge is looked for in the full picture. */
const PLACES = 80
/** Near its ends a side is disturbed by its neighbours and by dog-ears. */
const ENDS_SHARE = 0.04
/** Pixels along the side that are averaged at each place. */
const ALONG_PX = 2

/**
 * Corners found in a small picture, put to their place in the full one: each side is laid anew through where brightness
 * changes most. `reach`: how many pixels of the full picture one pixel of the small one was.
 */
export function refined(page: PixelPage, quad: Quad, reach: number): Quad {
  const sides = quad.map((corner, index) => sideLine(page, corner, quad[(index + 1) % 4] as Corner, Math.max(3, Math.ceil(reach * 2))))
  return quad.map((corner, index) => {
    const before = sides[(index + 3) % 4]
    const after = sides[index]
    const meet = before === undefined || after === undefined ? undefined : crossing(before, after)
    return meet !== undefined && between(meet, corner) <= reach * 4 ? meet : corner
  }) as unknown as Quad
}

/** The side as given where too little of an edge is seen. */
function sideLine(page: PixelPage, from: Corner, to: Corner, reach: number): Line {
  const length = Math.max(1, between(from, to))
  const ux = (to.x - from.x) / length
  const uy = (to.y - from.y) / length
  const nx = -uy
  const ny = ux
  const given = { nx, ny, distance: nx * from.x + ny * from.y }
  const found: { readonly along: number; readonly off: number }[] = []
  const profile = new Float64Array(2 * reach + 1)
  for (let place = 0; place < PLACES; place++) {
    const along = length * (ENDS_SHARE + ((1 - 2 * ENDS_SHARE) * (place + 0.5)) / PLACES)
    let inside = true
    for (let off = -reach; off <= reach; off++) {
      let sum = 0
      for (let step = -ALONG_PX; step <= ALONG_PX; step++) {
        const x = Math.round(from.x + ux * (along + step) + nx * off)
        const y = Math.round(from.y + uy * (along + step) + ny * off)
        if (x < 0 || y < 0 || x >= page.width || y >= page.height) inside = false
        else sum += brightness(page, x, y)
      }
      profile[off + reach] = sum / (2 * ALONG_PX + 1)
    }
    const off = inside ? steepest(profile) : undefined
    if (off !== undefined) found.push({ along, off: off - reach })
  }
  const fit = robustFit(found, reach)
  if (fit === undefined) return given
  // off = a + b * along is a line through two points again.
  const start = { x: from.x + nx * fit.a, y: from.y + ny * fit.a }
  const end = { x: to.x + nx * (fit.a + fit.b * length), y: to.y + ny * (fit.a + fit.b * length) }
  const span = Math.max(1, between(start, end))
  const mx = -(end.y - start.y) / span
  const my = (end.x - start.x) / span
  return { nx: mx, ny: my, distance: mx * start.x + my * start.y }
}

function brightness({ width, channels, data }: PixelPage, x: number, y: number): number {
  const at = (y * width + x) * channels
  return channels === 1 ? (data[at] ?? 0) : ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0)) / 3
}

/** Place of the steepest change in a profile, to a part of a pixel; undefined where nothing changes. */
function steepest(profile: Float64Array): number | undefined {
  const slope = (at: number): number => Math.abs((profile[at + 1] ?? 0) - (profile[at - 1] ?? 0)) / 2
  let best = 0
  let most = 1.5
  for (let at = 1; at < profile.length - 1; at++) {
    const here = slope(at)
    if (here > most) {
      most = here
      best = at
    }
  }
  if (best < 2 || best > profile.length - 3) return best === 0 ? undefined : best
  const before = slope(best - 1)
  const after = slope(best + 1)
  const bend = before - 2 * most + after
  return bend === 0 ? best : best + (0.5 * (before - after)) / bend
}

/** A straight line through most of the points; what lies off it (print, fingers, dust) is left out step by step. */
function robustFit(points: readonly { readonly along: number; readonly off: number }[], reach: number): { readonly a: number; readonly b: number } | undefined {
  let kept = points
  let fit: { readonly a: number; readonly b: number } | undefined
  for (const limit of [reach, reach / 2, Math.max(1.5, reach / 4), 1.5]) {
    if (kept.length < PLACES / 4) return fit
    fit = leastSquares(kept)
    const { a, b } = fit
    kept = points.filter(({ along, off }) => Math.abs(off - a - b * along) <= limit)
  }
  return kept.length < PLACES / 4 ? fit : leastSquares(kept)
}

function leastSquares(points: readonly { readonly along: number; readonly off: number }[]): { readonly a: number; readonly b: number } {
  const mean = (pick: (point: { readonly along: number; readonly off: number }) => number): number => points.reduce((sum, point) => sum + pick(point), 0) / points.length
  const ma = mean(({ along }) => along)
  const mo = mean(({ off }) => off)
  const spread = mean(({ along }) => (along - ma) ** 2)
  const b = spread === 0 ? 0 : mean(({ along, off }) => (along - ma) * (off - mo)) / spread
  return { a: mo - b * ma, b }
}
