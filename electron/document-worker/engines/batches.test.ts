import { expect, it } from 'vitest'
import { batchesOf } from './batches.ts'

it('reads lines of like width together, each line once, and never cuts one off', () => {
  const widths = [120, 400, 128, 96, 416, 120, 1600, 2400, 112, 408, 424]
  const batches = batchesOf(widths)
  expect(batches.flatMap(({ members }) => members).sort((a, b) => a - b)).toEqual([...widths.keys()])
  for (const { members, width } of batches) expect(Math.max(...members.map((index) => widths[index] as number))).toBe(width)
  expect(batches.map(({ members }) => members.map((index) => widths[index]))).toEqual([[2400], [1600], [424, 416, 408], [400], [128, 120, 120], [112], [96]])
})

it('bounds the padding and the memory of a batch', () => {
  const widths = Array.from({ length: 200 }, (_, index) => 24 + 8 * ((index * 37) % 150))
  for (const { members, width } of batchesOf(widths)) {
    expect(members.length === 1 || members.length * width <= 1600).toBe(true)
    for (const index of members) expect(width).toBeLessThanOrEqual((widths[index] as number) * 1.12)
  }
  expect(batchesOf([])).toEqual([])
})
