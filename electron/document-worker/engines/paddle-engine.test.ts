import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { normalise } from '../../../core/document/characters.ts'
import type { EngineReading, OcrEngine, PixelPage, RecognisedLine } from '../../../core/document/engine.ts'
import { boxBeforeTurn } from '../../../core/document/engine.ts'
import { decodeFast } from '../page/picture.ts'
import { openEngine } from './open-engine.ts'
import { quarterTurn } from './quarter-turn.ts'

/** The true models on golden pages. Slow machines only make it longer: no time is asserted. */
const LIMIT_MS = 120_000
interface Golden {
  readonly page: PixelPage
  readonly dpi: number
  readonly fields: readonly { readonly id: string; readonly lines: readonly string[]; readonly box: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number } }[]
}

async function golden(name: string): Promise<Golden> {
  const folder = new URL('../../../assets/ocr/golden/', import.meta.url)
  const { dpi, fields } = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Omit<Golden, 'page'>
  const page = await decodeFast({ mime: 'image/jpeg', bytes: readFileSync(new URL(`${name}.jpg`, folder)) })
  if (!page.ok) throw new Error(page.error)
  return { page: page.value, dpi, fields }
}
/** A strip of a golden page, as wide as it: fewer lines to read. */
function strip({ page, dpi, fields }: Golden, top: number, bottom: number): Golden {
  const row = page.width * page.channels
  return { page: { ...page, height: bottom - top, data: page.data.slice(top * row, bottom * row) }, dpi, fields: fields.filter(({ box }) => box.top >= top && box.bottom <= bottom) }
}
async function open(name: 'paddle-native' | 'paddle-web', threads: number): Promise<OcrEngine> {
  const opened = await openEngine({ engines: [name], threads })
  if (!opened.ok) throw new Error(JSON.stringify(opened.error))
  return opened.value.engine
}
async function read(engine: OcrEngine, page: PixelPage, dpi: number): Promise<EngineReading> {
  // The engine overwrites what it was given.
  const reading = await engine.read({ ...page, data: page.data.slice() }, { dpi, extent: 'whole' }, () => undefined)
  if (!reading.ok) throw new Error(reading.error.code)
  return reading.value
}
const textOf = ({ characters }: RecognisedLine): string => normalise(characters.map(({ text }) => text).join(''))
const missing = (of: Golden, { lines }: EngineReading): string[] => of.fields.flatMap((field) => field.lines).filter((line) => !lines.some((each) => textOf(each).includes(normalise(line))))

let engine: OcrEngine
let card: Golden
let asItIs: EngineReading
beforeAll(async () => {
  engine = await open('paddle-native', 2)
  card = await golden('id-card-back/clean')
  asItIs = await read(engine, card.page, card.dpi)
}, LIMIT_MS)
afterAll(() => engine.close())

describe('the neural engine on a card', () => {
  it('reads every field, each where it is printed', () => {
    expect(missing(card, asItIs)).toEqual([])
    const issuer = card.fields.find(({ id }) => id === 'issuer')
    const line = asItIs.lines.find((each) => textOf(each).includes(normalise(issuer?.lines[0] ?? '?')))
    expect(line?.extent).toBe('whole')
    expect(Math.min(...(line?.characters.map(({ confidence }) => confidence) ?? [0]))).toBeGreaterThan(0.6)
    const first = line?.characters.at(-(issuer?.lines[0]?.length ?? 0))
    expect(Math.abs((first?.box.left ?? NaN) - (issuer?.box.left ?? 0))).toBeLessThan(20)
    expect(Math.abs((line?.characters.at(-1)?.box.right ?? NaN) - (issuer?.box.right ?? 0))).toBeLessThan(20)
  })

  it('reads a place again from the brightest channel, where only the given signs can stand', { timeout: LIMIT_MS }, async () => {
    // The card is still the page of the last reading.
    const line = asItIs.lines.find((each) => /\d{4}/.test(textOf(each)))
    const digits = line?.characters.filter(({ text }) => /[\d.]/.test(text)) ?? []
    const [first, last] = [digits[0]?.box, digits.at(-1)?.box]
    if (line === undefined || first === undefined || last === undefined) throw new Error('no digits')
    const again = await engine.readAgain({ left: first.left, top: first.top, right: last.right, bottom: last.bottom }, '0123456789.')
    expect(again.ok && again.value !== undefined && textOf(again.value)).toBe(digits.map(({ text }) => text).join(''))
    const letters = await engine.readAgain({ left: first.left, top: first.top, right: last.right, bottom: last.bottom }, 'ABC')
    expect(letters.ok && (letters.value?.characters ?? []).every(({ text, confidence }) => 'ABC'.includes(text) && confidence < 0.5)).toBe(true)
    engine.forget()
    expect(await engine.readAgain(first, '0')).toEqual({ ok: false, error: { kind: 'engine-failed', code: 'no-page' } })
  })

  it.each([90, 180] as const)('reads it laid down at %s°, and leads its boxes back to the picture as it was', { timeout: LIMIT_MS }, async (degrees) => {
    const turned = quarterTurn(card.page, degrees)
    const reading = await read(engine, turned, card.dpi)
    expect(missing(card, reading)).toEqual([])
    expect(Math.round(reading.turnedDegrees + 360) % 360).toBe(360 - degrees)
    expect([reading.width, reading.height]).toEqual([card.page.width, card.page.height])
    const longest = [...reading.lines].sort((a, b) => b.box.right - b.box.left - (a.box.right - a.box.left))[0]
    if (longest === undefined) throw new Error('no line')
    // In the picture as it was delivered the longest line stands upright exactly when the card lay on its side.
    const box = boxBeforeTurn(longest.box, turned, reading)
    expect(box.bottom - box.top > box.right - box.left).toBe(degrees !== 180)
  })

  it('overwrites the pixels that it was given', { timeout: LIMIT_MS }, async () => {
    const page: PixelPage = { width: 64, height: 64, channels: 3, data: new Uint8Array(64 * 64 * 3).fill(200) }
    await engine.read(page, { dpi: 200, extent: 'heads' }, () => undefined)
    engine.forget()
    expect(page.data.every((byte) => byte === 0)).toBe(true)
  })

  it('gives the same text on WebAssembly, with files of this installation only', { timeout: LIMIT_MS }, async () => {
    const web = await open('paddle-web', 1)
    try {
      expect((await read(web, card.page, card.dpi)).lines.map(textOf)).toEqual(asItIs.lines.map(textOf))
    } finally {
      await web.close()
    }
  })
})

describe('the neural engine on a contract', () => {
  it('reads long lines by their head, on demand to their end, and tells how far it is', { timeout: LIMIT_MS }, async () => {
    // From the address over the term and the rent to the terms in long lines.
    const lease = strip(await golden('residence-lease/clean'), 495, 1450)
    expect(lease.fields).toHaveLength(5)
    const shares: string[] = []
    const heads = await engine.read({ ...lease.page, data: lease.page.data.slice() }, { dpi: lease.dpi, extent: 'heads' }, (stage, share) => shares.push(`${stage} ${share.toFixed(6)}`))
    if (!heads.ok) throw new Error(heads.error.code)
    const long = heads.value.lines.flatMap((line, index) => (line.extent === 'head' ? [index] : []))
    expect(long.length).toBeGreaterThan(3)
    expect(shares).toEqual([...shares].sort())
    expect(shares.at(-1)).toBe('recognising 1.000000')
    const [one, other] = long
    const whole = await engine.complete(one === undefined ? [] : [one], () => undefined)
    if (!whole.ok || one === undefined || other === undefined) throw new Error('not completed')
    const [before, after] = [heads.value.lines, whole.value.lines].map((lines) => textOf(lines[one] ?? { box: { left: 0, top: 0, right: 0, bottom: 0 }, characters: [] }))
    expect(after?.length).toBeGreaterThan((before?.length ?? 0) + 5)
    expect(after?.startsWith(before?.slice(0, 5) ?? '?')).toBe(true)
    expect(whole.value.lines[other]).toEqual(heads.value.lines[other])
    expect(whole.value.lines[one]?.box).toEqual(heads.value.lines[one]?.box)
    const all = await engine.complete(long, () => undefined)
    expect(all.ok && all.value.lines.every(({ extent }) => extent === 'whole')).toBe(true)
    expect(all.ok && missing(lease, all.value)).toEqual([])
  })

  it('finds nothing on an empty page', { timeout: LIMIT_MS }, async () => {
    const reading = await read(engine, { width: 320, height: 480, channels: 1, data: new Uint8Array(320 * 480).fill(240) }, 100)
    expect(reading.lines).toEqual([])
  })
})
