import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allowedClasses, decode } from './ctc.ts'
import { levelLine } from './lines.ts'
import { doubtingPale } from './pale-signs.ts'

const SIGNS = ['', '甲', '乙', '0', 'O', ' ']
const BLANK = 0

/** One row per step; classes that are not named share nothing. */
function steps(...rows: readonly Readonly<Record<number, number>>[]): Float32Array {
  return Float32Array.from(rows.flatMap((row) => SIGNS.map((_, index) => row[index] ?? 0)))
}
const text = (found: ReturnType<typeof decode>): string => found.map((one) => one.text).join('')

describe('from probabilities to signs', () => {
  it('joins repeats, parts them at a blank, drops spaces, and keeps where each sign stood', () => {
    const found = decode(steps({ [BLANK]: 0.9 }, { 1: 0.8 }, { 1: 0.95 }, { [BLANK]: 0.9 }, { 1: 0.7 }, { 5: 0.9 }, { 2: 0.99 }), 7, SIGNS)
    expect(text(found)).toBe('甲甲乙')
    expect(found.map(({ from, to }) => [from, to])).toEqual([[1, 2], [4, 4], [6, 6]])
    expect(found.map(({ confidence }) => Number(confidence.toFixed(2)))).toEqual([0.95, 0.7, 0.99])
  })

  it('tells the next best sign where it was in doubt, and only there', () => {
    const [doubtful, sure] = decode(steps({ 3: 0.55, 4: 0.4, [BLANK]: 0.05 }, { [BLANK]: 1 }, { 3: 0.98, 4: 0.02 }), 3, SIGNS)
    expect(doubtful).toMatchObject({ text: '0', second: { text: 'O', confidence: expect.closeTo(0.4) as number } })
    expect(sure?.second).toBeUndefined()
  })

  it('lets only the given signs stand, with the confidence that the net had in them', () => {
    const probabilities = steps({ 4: 0.7, 3: 0.25 }, { [BLANK]: 0.9, 3: 0.1 }, { 1: 0.9, 3: 0.02 })
    const found = decode(probabilities, 3, SIGNS, allowedClasses(SIGNS, '0123'))
    expect(text(found)).toBe('00')
    expect(found.map(({ confidence }) => Number(confidence.toFixed(2)))).toEqual([0.25, 0.02])
    expect(decode(probabilities, 3, SIGNS, allowedClasses(SIGNS, 'xyz'))).toEqual([])
  })

  it('ends in order on any numbers', () => {
    fc.assert(fc.property(fc.array(fc.float(), { maxLength: 60 }), fc.string(), (values, alphabet) => {
      const count = Math.floor(values.length / SIGNS.length)
      for (const allowed of [undefined, allowedClasses(SIGNS, alphabet)]) {
        const found = decode(Float32Array.from(values), count, SIGNS, allowed)
        found.forEach(({ from, to }, index) => expect(from > (found[index - 1]?.to ?? -1) && to >= from && to < count).toBe(true))
      }
    }))
  })
})

describe('pale signs', () => {
  /** A line of strokes 8 columns wide, one every 32, with the given darkness on white paper that falls into shadow. */
  const strokes = (inks: readonly number[], shadow = 0): Parameters<typeof doubtingPale>[0] => {
    const width = inks.length * 32
    const data = new Float32Array(48 * width)
    for (let y = 0; y < 48; y++) for (let x = 0; x < width; x++) data[y * width + x] = 0.95 - (shadow * x) / width - (x % 32 >= 12 && x % 32 < 20 && y > 8 && y < 40 ? (inks[Math.floor(x / 32)] ?? 0) : 0)
    return { data, width }
  }
  const signs = (count: number): ReturnType<typeof decode> => Array.from({ length: count }, (_, index) => ({ text: '甲', confidence: 0.9, from: index * 4 + 1, to: index * 4 + 2 }))
  const confidences = (inks: readonly number[], shadow?: number): number[] => doubtingPale(strokes(inks, shadow), signs(inks.length), 8).map(({ confidence }) => Number(confidence.toFixed(2)))

  it('are doubted as far as their ink is paler than that of their line', () => {
    expect(confidences([1.6, 1.6, 1.5, 1.6, 0.32])).toEqual([0.9, 0.9, 0.9, 0.9, 0.18])
  })
  it('are not those of a line that is faint as a whole, or that runs into a shadow', () => {
    expect(confidences([0.3, 0.28, 0.3, 0.25])).toEqual([0.9, 0.9, 0.9, 0.9])
    expect(confidences([1.2, 1.1, 0.9, 0.7], 0.8)).toEqual([0.9, 0.9, 0.9, 0.9])
    expect(doubtingPale(strokes([0]), signs(1), 8)).toEqual(signs(1))
  })
})

describe('from signs to places', () => {
  const character = (text: string, from: number, to = from): { text: string; confidence: number; from: number; to: number } => ({ text, confidence: 1, from, to })

  it('puts each sign around the middle of its steps, digits narrower than Chinese, none over its neighbour', () => {
    const line = levelLine({ rectangle: { x: 200, y: 50, length: 400, height: 40, angle: 0 }, stepPx: 10, characters: [character('甲', 1), character('1', 4), character('2', 5), character('乙', 30, 31)] }, 'whole', { width: 1000, height: 1000, tilt: 0 })
    const places = line.characters.map(({ box }) => [box.left, box.right].map(Math.round))
    expect(line.box).toEqual({ left: 0, top: 30, right: 400, bottom: 70 })
    expect(places[0]).toEqual([1, 29])
    expect(places[1]?.[1]).toBe(50)
    expect(places[2]?.[0]).toBe(50)
    expect(places[3]).toEqual([296, 324])
  })

  it('brings the lines of a tilted page level', () => {
    const tilt = 0.1
    const frame = { width: 1000, height: 600, tilt }
    const on = (along: number): { x: number; y: number } => ({ x: 500 + along * Math.cos(tilt), y: 300 + along * Math.sin(tilt) })
    const lines = [-300, 300].map((along) => levelLine({ rectangle: { ...on(along), length: 200, height: 30, angle: tilt }, stepPx: 10, characters: [character('甲', 9)] }, 'whole', frame))
    expect(lines.map(({ box }) => Math.round(box.top))).toEqual([285, 285])
    expect(lines.map(({ box }) => Math.round(box.left))).toEqual([100, 700])
    expect(lines[0]?.characters[0]?.box.top).toBeCloseTo(lines[1]?.characters[0]?.box.top ?? 0)
  })
})
