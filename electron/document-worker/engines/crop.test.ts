import { describe, expect, it } from 'vitest'
import type { GreyPage } from '../prepare.ts'
import type { LinePicture } from './crop.ts'
import { cutLine, LINE_HEIGHT_PX, lineTensor, widthInNet } from './crop.ts'
import { averaged, detectionInput } from './detection-input.ts'
import { quarterTurn } from './quarter-turn.ts'
import { redChannel } from './red-channel.ts'

function grey(width: number, height: number, paint: (x: number, y: number) => number): GreyPage {
  const data = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data[y * width + x] = paint(x, y)
  return { width, height, data }
}
const at = (line: ReturnType<typeof cutLine>, x: number, y: number): number => ((line.data[y * line.width + x] ?? NaN) + 1) * 127.5

describe('cutting a line out', () => {
  it('takes it at its own scale, 48 high', () => {
    const line = cutLine(grey(200, 100, (x) => (x < 60 ? 10 : 200)), { x: 70, y: 50, length: 100, height: 48, angle: 0 })
    expect([line.width, line.data.length]).toEqual([100, 48 * 100])
    expect([at(line, 0, 0), at(line, 39, 47), at(line, 40, 20), at(line, 99, 20)].map(Math.round)).toEqual([10, 10, 200, 200])
  })

  it('averages fine detail when it shrinks, and reads on the edge what lies beyond the picture', () => {
    const stripes = cutLine(grey(600, 200, (x) => (x % 2 === 0 ? 0 : 200)), { x: 300, y: 100, length: 400, height: 96, angle: 0 })
    expect(stripes.width).toBe(200)
    for (let x = 0; x < 200; x++) expect(Math.abs(at(stripes, x, 24) - 100)).toBeLessThan(1)
    const beyond = cutLine(grey(10, 10, () => 77), { x: 5, y: 5, length: 300, height: 100, angle: 0.4 })
    expect(beyond.data.every((value) => Math.abs((value + 1) * 127.5 - 77) < 0.01)).toBe(true)
  })

  it('levels a line that runs downhill or from top to bottom', () => {
    const angle = 0.2
    const slanted = grey(300, 200, (x, y) => (Math.abs((y - 100) * Math.cos(angle) - (x - 150) * Math.sin(angle)) < 10 ? 0 : 255))
    const line = cutLine(slanted, { x: 150, y: 100, length: 200, height: 48, angle })
    for (let x = 0; x < 200; x += 20) expect([at(line, x, 24), at(line, x, 4)].map(Math.round)).toEqual([0, 255])
    const down = cutLine(grey(100, 300, (_, y) => (y < 150 ? 0 : 255)), { x: 50, y: 150, length: 200, height: 48, angle: Math.PI / 2 })
    expect([at(down, 10, 24), at(down, 190, 24)].map(Math.round)).toEqual([0, 255])
  })

  it('takes only the head of a line when asked, and no line so wide that it would eat the memory', () => {
    const page = grey(2000, 100, (x) => (x < 500 ? 10 : 200))
    expect(cutLine(page, { x: 1000, y: 50, length: 1920, height: 48, angle: 0 }, 480).width).toBe(480)
    expect(cutLine(page, { x: 1000, y: 50, length: 2000, height: 2, angle: 0 }).width).toBe(4800)
  })
})

describe('lines as the nets take them', () => {
  const line = (width: number, value: number): LinePicture => ({ width, data: new Float32Array(LINE_HEIGHT_PX * width).fill(value) })

  it('pads a line to whole time steps of 8 and one more', () => {
    expect([1, 8, 100, 104].map((width) => widthInNet(line(width, 1)))).toEqual([16, 16, 112, 112])
  })

  it('puts each line into three equal planes of its own, the rest zero, which the net takes for nothing', () => {
    const { data, dimensions } = lineTensor([line(100, 0.5), line(90, -1)], 112)
    expect(dimensions).toEqual([2, 3, LINE_HEIGHT_PX, 112])
    const plane = LINE_HEIGHT_PX * 112
    for (const [index, [width, value]] of ([[100, 0.5], [90, -1]] as const).entries()) {
      for (let each = 0; each < 3; each++) {
        const rows = data.subarray((3 * index + each) * plane, (3 * index + each + 1) * plane)
        expect(rows.every((found, position) => found === (position % 112 < width ? value : 0))).toBe(true)
      }
    }
  })

  it('cuts off what is wider than asked for', () => {
    expect(lineTensor([line(300, 1)], 192).data.every((value) => value === 1)).toBe(true)
  })
})

describe('the picture for detection', () => {
  it('shrinks to multiples of 32 and never enlarges beyond the next one', () => {
    const side = (width: number, height: number): readonly number[] => {
      const input = detectionInput(grey(width, height, () => 0), 1280)
      return [input.width, input.height, input.data.length]
    }
    expect(side(1654, 2340)).toEqual([896, 1280, 3 * 896 * 1280])
    expect(side(640, 400).slice(0, 2)).toEqual([640, 416])
    expect(side(3, 5).slice(0, 2)).toEqual([32, 32])
  })

  it('averages the ground that each pixel covers', () => {
    const small = averaged(grey(90, 60, (x) => (x % 3 === 0 ? 30 : 0)), 30, 20)
    expect(small.every((value) => Math.abs(value - 10) < 0.01)).toBe(true)
    const uneven = averaged(grey(7, 5, () => 99), 32, 32)
    expect(uneven.every((value) => Math.abs(value - 99) < 0.01)).toBe(true)
  })

  it('normalises each plane by the mean and deviation that the net was trained with', () => {
    const { data } = detectionInput(grey(32, 32, () => 255), 1280)
    expect([data[0], data[32 * 32], data[2 * 32 * 32]].map((value) => Number(value?.toFixed(3)))).toEqual([2.249, 2.429, 2.64])
  })
})

it('takes the red channel of pictures with one, three and four channels', () => {
  expect([...redChannel({ width: 2, height: 1, channels: 3, data: new Uint8Array([211, 1, 2, 20, 3, 4]) }).data]).toEqual([211, 20])
  expect([...redChannel({ width: 2, height: 1, channels: 4, data: new Uint8Array([211, 1, 2, 255, 20, 3, 4, 255]) }).data]).toEqual([211, 20])
  // A part of a larger piece of memory may begin at any byte.
  expect([...redChannel({ width: 2, height: 1, channels: 4, data: new Uint8Array([0, 211, 1, 2, 255, 20, 3, 4, 255]).subarray(1) }).data]).toEqual([211, 20])
  expect([...redChannel({ width: 2, height: 1, channels: 1, data: new Uint8Array([211, 20]) }).data]).toEqual([211, 20])
})

it('turns a picture by quarters, clockwise', () => {
  const page = { width: 3, height: 2, channels: 1 as const, data: new Uint8Array([1, 2, 3, 4, 5, 6]) }
  const turned = (degrees: 90 | 180 | 270): number[] => [...quarterTurn(page, degrees).data]
  expect(turned(90)).toEqual([4, 1, 5, 2, 6, 3])
  expect(turned(180)).toEqual([6, 5, 4, 3, 2, 1])
  expect(turned(270)).toEqual([3, 6, 2, 5, 1, 4])
  expect(quarterTurn(page, 90)).toMatchObject({ width: 2, height: 3 })
})
