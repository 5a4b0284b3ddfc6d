import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeRequest, FrameDecoder } from './frame.ts'
import type { ReplyFrame } from './frame.ts'
import { reply } from './testing/replies.ts'

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase()
}

function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  return [...places, bytes.length].map((end, index) => bytes.subarray(index === 0 ? 0 : places[index - 1], end))
}

describe('requests', () => {
  test('the bytes are those of the makers\' sheets', () => {
    expect(hex(encodeRequest(0x10, 0xff))).toBe('AAAAAA9669000310FFEC')
    expect(hex(encodeRequest(0x20, 0x01))).toBe('AAAAAA96690003200122')
    expect(hex(encodeRequest(0x20, 0x02))).toBe('AAAAAA96690003200221')
    expect(hex(encodeRequest(0x30, 0x01))).toBe('AAAAAA96690003300132')
    expect(hex(encodeRequest(0x61, 0xff, Uint8Array.of(0x50)))).toBe('AAAAAA9669000461FF50CA')
  })
})

describe('the decoder', () => {
  test('finds a reply in single bytes and two replies in one piece', () => {
    const found = reply(0x9f, new Uint8Array(4))
    const decoder = new FrameDecoder()
    const frames = [...found].flatMap((byte) => decoder.push(Uint8Array.of(byte)))
    expect(frames).toEqual([{ sw1: 0, sw2: 0, sw3: 0x9f, data: new Uint8Array(4) }])
    expect(decoder.push(Buffer.concat([found, reply(0x80)])).map((frame) => frame.sw3)).toEqual([0x9f, 0x80])
  })

  test('finds the preamble one byte into AA AA AA AA 96 69', () => {
    const decoder = new FrameDecoder()
    expect(decoder.push(Buffer.concat([Uint8Array.of(0xaa), reply(0x90)]))).toHaveLength(1)
    expect(decoder.counters.discardedBytes).toBe(1)
  })

  test('does not look for preambles inside a frame', () => {
    const photo = Uint8Array.of(1, 0xaa, 0xaa, 0xaa, 0x96, 0x69, 0, 4, 0, 0, 0x90, 0x94, 7)
    expect(new FrameDecoder().push(reply(0x90, photo))).toEqual([{ sw1: 0, sw2: 0, sw3: 0x90, data: photo }])
  })

  test('keeps a good frame that begins inside a broken one', () => {
    const good = reply(0x80)
    const broken = Uint8Array.of(0xaa, 0xaa, 0xaa, 0x96, 0x69, 0, 20, 1, 2, 3)
    const decoder = new FrameDecoder()
    const frames = decoder.push(Buffer.concat([broken, good, good]))
    expect(frames.map((frame) => frame.sw3)).toEqual([0x80, 0x80])
    expect(decoder.counters.xorFailures).toBe(1)
  })

  test('refuses lengths under 4 and over the cap by dropping one byte', () => {
    for (const length of [0, 3, 4097, 0xffff]) {
      const decoder = new FrameDecoder()
      const head = Uint8Array.of(0xaa, 0xaa, 0xaa, 0x96, 0x69, length >> 8, length & 0xff)
      expect(decoder.push(Buffer.concat([head, reply(0x90)]))).toHaveLength(1)
      expect(decoder.counters.badLengths).toBe(1)
    }
  })

  test('gives up a half frame and finds the good one behind its head', () => {
    const decoder = new FrameDecoder()
    const halfHead = Uint8Array.of(0xaa, 0xaa, 0xaa, 0x96, 0x69, 5, 8)
    expect(decoder.push(Buffer.concat([halfHead, reply(0x9f, new Uint8Array(4))]))).toEqual([])
    expect(decoder.pendingLength).toBe(0x508)
    expect(decoder.giveUp().map((frame) => frame.sw3)).toEqual([0x9f])
    expect(decoder.pendingBytes).toBe(0)
  })

  test('arbitrary bytes in arbitrary pieces: no throw, bounded, and the next good frame is found', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      // Noise that looks like frames is the hard kind.
      fc.array(fc.constantFrom(0xaa, 0x96, 0x69, 0x00, 0x04, 0x08), { maxLength: 300 }).map((list) => Uint8Array.from(list)),
    )
    fc.assert(
      fc.property(noise, fc.uint8Array({ maxLength: 60 }), fc.array(fc.nat(), { maxLength: 20 }), (before, data, cuts) => {
        const decoder = new FrameDecoder()
        const good = reply(0x90, data)
        const frames: ReplyFrame[] = []
        for (const piece of pieces(Buffer.concat([before, good]), cuts)) {
          frames.push(...decoder.push(piece))
          expect(decoder.pendingBytes).toBeLessThanOrEqual(7 + 4096)
        }
        frames.push(...decoder.giveUp())
        const isGood = (frame: ReplyFrame): boolean => frame.sw3 === 0x90 && hex(frame.data) === hex(data)
        // Noise may by chance be a frame with a right check byte that swallows the good one; nothing else may lose it.
        expect(frames.some(isGood) || frames.some((frame) => !isGood(frame))).toBe(true)
        expect(decoder.pendingBytes).toBe(0)
        expect(decoder.push(good).map(isGood)).toEqual([true])
      }),
      { numRuns: 500 },
    )
  })

  test('cuts do not matter: any pieces give the same frames as the whole', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 5 }), fc.array(fc.nat(), { maxLength: 30 }), (datas, cuts) => {
        const stream = Buffer.concat(datas.map((data) => reply(0x90, data)))
        const decoder = new FrameDecoder()
        const frames = pieces(stream, cuts).flatMap((piece) => decoder.push(piece))
        expect(frames.map((frame) => hex(frame.data))).toEqual(datas.map(hex))
        expect(decoder.counters).toEqual({ xorFailures: 0, badLengths: 0, discardedBytes: 0 })
      }),
    )
  })

  test('a flood leaves no large buffer behind', () => {
    const decoder = new FrameDecoder()
    for (let round = 0; round < 50; round++) decoder.push(new Uint8Array(65_536).fill(0xaa))
    expect(decoder.pendingBytes).toBeLessThanOrEqual(5)
  })
})
