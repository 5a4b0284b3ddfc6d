import { expect, it } from 'vitest'
import type { Quad } from '../../../core/document/page-look.ts'
import { fitted, magnifierSide, moved } from './corners.ts'

const picture = { width: 400, height: 300 }
const quad: Quad = [{ x: 10, y: 10 }, { x: 390, y: 10 }, { x: 390, y: 290 }, { x: 10, y: 290 }]

it('one corner moves, the others stay, and none leaves the picture', () => {
  expect(moved(quad, 2, { x: 380, y: 200 }, picture)).toEqual([quad[0], quad[1], { x: 380, y: 200 }, quad[3]])
  expect(moved(quad, 0, { x: -5, y: 301 }, picture)[0]).toEqual({ x: 0, y: 300 })
})

it('a picture is drawn whole, as large as its place allows', () => {
  expect(fitted(picture, { width: 200, height: 300 })).toBe(0.5)
  expect(fitted(picture, { width: 800, height: 300 })).toBe(1)
  expect(fitted(picture, { width: -20, height: 300 })).toBe(0)
})

it('the magnifier stands towards the middle, never where the hand comes from the edge', () => {
  expect(quad.map((corner) => magnifierSide(corner, picture))).toEqual([{ across: 1, down: 1 }, { across: -1, down: 1 }, { across: -1, down: -1 }, { across: 1, down: -1 }])
})
