import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printerAssetsFolder, printerProfileNames, readPrinterProfile } from './assets.ts'
import type { ReceiptPrinterProfile } from './profile.ts'
import { conditionsOfAnswers, conditionsOfAutomatic, deviceStateOf, isContradictory, obstacleOf, PrinterMessageParser, type PrinterMessage } from './status.ts'

const folder = printerAssetsFolder()
function profileNamed(name: string): ReceiptPrinterProfile {
  const profile = readPrinterProfile(folder, name)
  if (!profile.ok) throw new Error(JSON.stringify(profile.error))
  return profile.value
}
const profile = profileNamed('escpos-80')
const parse = (...chunks: readonly (readonly number[])[]): PrinterMessage[] => {
  const parser = new PrinterMessageParser(profile)
  return chunks.flatMap((chunk, index) => parser.push(Uint8Array.from(chunk), index * 10))
}

describe('what a printer says', () => {
  const SPOKEN: readonly (readonly [readonly number[], PrinterMessage])[] = [
    [[0x12], { kind: 'real-time', byte: 0x12 }],
    [[0x7e], { kind: 'real-time', byte: 0x7e }],
    [[0x38, 0x00, 0x0c, 0x0f], { kind: 'automatic', bytes: [0x38, 0x00, 0x0c, 0x0f] }],
    [[0x37, 0x22, 0x41, 0x42, 0x43, 0x44, 0x00], { kind: 'process-id', id: 'ABCD' }],
    [[0x37, 0x25, 0x00], { kind: 'buffers-cleared' }],
    [[0x37, 0x23, 0x40, 0x41, 0x00], { kind: 'offline-response', bytes: [0x40, 0x41] }],
    [[0x03], { kind: 'in-order', byte: 0x03 }],
    [[0x5f, 0x42, 0x4b, 0x00], { kind: 'identity', text: 'BK' }],
  ]

  it.each(SPOKEN)('%j', (bytes, message) => {
    expect(parse(bytes)).toEqual([message])
  })

  it('is understood however it is cut into chunks, with XON and XOFF anywhere between', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...SPOKEN), { maxLength: 12 }), fc.array(fc.tuple(fc.nat(200), fc.constantFrom(0x11, 0x13)), { maxLength: 5 }), fc.array(fc.nat(200)), (spoken, flow, cuts) => {
        const bytes = spoken.flatMap(([said]) => [...said])
        for (const [at, byte] of flow) bytes.splice(Math.min(at, bytes.length), 0, byte)
        const parser = new PrinterMessageParser(profile)
        const borders = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length]
        const heard = borders.slice(1).flatMap((border, index) => parser.push(Uint8Array.from(bytes.slice(borders[index], border)), 0))
        expect(heard).toEqual(spoken.map(([, message]) => message))
        expect(parser.held).toBe(0)
      }),
    )
  })

  it('a status byte between the bytes of a process id is heard and the id is not lost', () => {
    expect(parse([0x37, 0x22, 0x41, 0x42, 0x12, 0x43, 0x44, 0x00])).toEqual([{ kind: 'real-time', byte: 0x12 }, { kind: 'process-id', id: 'ABCD' }])
  })

  it('an id of the wrong length is no id', () => {
    expect(parse([0x37, 0x22, 0x41, 0x42, 0x43, 0x00])).toEqual([{ kind: 'noise', byte: 0x37 }])
    expect(parse([0x37, 0x22, 0x41, 0x42, 0x43, 0x44, 0x45, 0x00])).toEqual([{ kind: 'noise', byte: 0x37 }])
  })

  it('a block that stops in the middle is given up after a while and swallows nothing that comes later', () => {
    const parser = new PrinterMessageParser(profile)
    expect(parser.push(Uint8Array.of(0x18, 0x00), 0)).toEqual([])
    expect(parser.push(Uint8Array.of(0x37, 0x25, 0x00), 301)).toEqual([{ kind: 'noise', byte: 0x18 }, { kind: 'buffers-cleared' }])
  })

  it('any bytes at all: never throws, holds little, and understands again after a pause', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), fc.constantFrom(...printerProfileNames(folder)), (chunks, name) => {
        const parser = new PrinterMessageParser(profileNamed(name))
        for (const chunk of chunks) {
          parser.push(chunk, 0)
          expect(parser.held).toBeLessThanOrEqual(80)
        }
        expect(parser.push(Uint8Array.of(0x37, 0x25, 0x00), 1_000).at(-1)).toEqual({ kind: 'buffers-cleared' })
      }),
    )
  })
})

describe('what a printer says of a model with a full status', () => {
  const reliance = profileNamed('pyramid-reliance')
  const vkp = profileNamed('custom-vkp80')

  it('is cut out of the stream, whatever its four bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.array(fc.nat(6)), (four, cuts) => {
        for (const model of [reliance, vkp]) {
          const parser = new PrinterMessageParser(model)
          parser.expect('full')
          const bytes = [0x10, 0x0f, ...four]
          const borders = [0, ...cuts.sort((a, b) => a - b), bytes.length]
          const heard = borders.slice(1).flatMap((border, index) => parser.push(Uint8Array.from(bytes.slice(borders[index], border)), 0))
          expect(heard).toEqual([{ kind: 'full', bytes: [...four] }])
          expect(parser.held).toBe(0)
        }
      }),
    )
  })

  it('an answer in line with the print data is one, and not a status', () => {
    const parser = new PrinterMessageParser(reliance)
    expect(parser.push(Uint8Array.of(0x00), 0)).toEqual([{ kind: 'in-order', byte: 0x00 }])
    parser.expect('full')
    expect(parser.push(Uint8Array.of(0x00, 0x10, 0x0f, 1, 2, 3, 4), 0)).toEqual([{ kind: 'in-order', byte: 0x00 }, { kind: 'full', bytes: [1, 2, 3, 4] }])
  })

  it('a plain answer is taken only where one is due', () => {
    const parser = new PrinterMessageParser(vkp)
    parser.expect('plain')
    expect(parser.push(Uint8Array.of(0x37, 0x12), 0)).toEqual([{ kind: 'plain', byte: 0x37 }, { kind: 'real-time', byte: 0x12 }])
  })

  it('after any bytes at all, with any question open, it hears the next full status', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.uint8Array({ maxLength: 200 }), fc.constantFrom('real-time' as const, 'plain' as const, 'full' as const, undefined)), { maxLength: 8 }), fc.constantFrom(reliance, vkp), (spoken, model) => {
        const parser = new PrinterMessageParser(model)
        for (const [chunk, expected] of spoken) {
          parser.expect(expected)
          parser.push(chunk, 0)
          expect(parser.held).toBeLessThanOrEqual(80)
        }
        parser.expect('full')
        expect(parser.push(Uint8Array.of(0x10, 0x0f, 0x20, 0, 0, 0), 1_000).at(-1)).toEqual({ kind: 'full', bytes: [0x20, 0, 0, 0] })
      }),
    )
  })
})

describe('what its bits mean', () => {
  it('by the common table', () => {
    expect(obstacleOf(conditionsOfAnswers([0x12, 0x12, 0x12, 0x12], profile))).toBeUndefined()
    expect(obstacleOf(conditionsOfAnswers([0x16, 0x12, 0x12, 0x12], profile))).toBeUndefined()
    expect(obstacleOf(conditionsOfAnswers([0x1a, 0x32, 0x12, 0x72], profile))).toBe('no-paper')
    expect(obstacleOf(conditionsOfAnswers([0x1a, 0x36, 0x12, 0x7e], profile))).toBe('cover-open')
    expect(obstacleOf(conditionsOfAnswers([0x1a, 0x52, 0x1a, 0x12], profile))).toBe('cutter-fault')
    expect(obstacleOf(conditionsOfAnswers([0x1a, 0x52, 0x32, 0x12], profile))).toBe('fault')
    expect(deviceStateOf(conditionsOfAnswers([0x12, 0x12, 0x12, 0x1e], profile))).toEqual({ state: 'paper-low', code: 'near-end' })
    expect(obstacleOf(conditionsOfAutomatic([0x18, 0x00, 0x0c, 0x0f], profile))).toBe('no-paper')
  })

  it('by the table of a maker who means something else', () => {
    expect(obstacleOf(conditionsOfAnswers([0x1a, 0x12, 0x16, 0x12], profileNamed('snbc-bt-t080')))).toBe('jam')
    const citizen = profileNamed('citizen-ppu-700')
    expect([...conditionsOfAnswers([0x12, 0x12, 0x12, 0x16], citizen)]).toEqual(['near-end'])
    expect([...conditionsOfAnswers([0x12, 0x12, 0x12, 0x1a], citizen)]).toEqual(['near-end'])
    expect([...conditionsOfAnswers([0x12, 0x12, 0x12, 0x52], citizen)]).toEqual(['ticket-at-output'])
    expect(obstacleOf(conditionsOfAnswers([0x1a, 0x32, 0x12, 0x32], citizen))).toBe('no-paper')
    const upsideDown = profileNamed('snbc-bt-ur056')
    expect(obstacleOf(conditionsOfAnswers([0x12, 0x12, 0x12, 0x1e], upsideDown))).toBeUndefined()
    expect(obstacleOf(conditionsOfAnswers([0x12, 0x12, 0x12, 0x12], upsideDown))).toBe('no-paper')
  })

  it('knows answers that cannot be true together', () => {
    expect(isContradictory(conditionsOfAnswers([0x1a, 0x12, 0x12, 0x12], profile))).toBe(true)
    expect(isContradictory(conditionsOfAnswers([0x12, 0x32, 0x12, 0x12], profile))).toBe(true)
    expect(isContradictory(conditionsOfAnswers([0x12, 0x12, 0x12, 0x1e], profile))).toBe(false)
  })
})

describe('the profiles that a terminal carries', () => {
  it.each(printerProfileNames(folder))('%s is valid', (name) => {
    expect(readPrinterProfile(folder, name)).toMatchObject({ ok: true })
  })

  it('are named in the refusal of an unknown one', () => {
    expect(readPrinterProfile(folder, 'nonsense')).toMatchObject({ ok: false, error: { kind: 'no-such-profile', known: printerProfileNames(folder) } })
  })
})
