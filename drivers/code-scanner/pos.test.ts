import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LONGEST_CODE_BYTES } from './decoder.ts'
import { PosDecoder } from './pos.ts'
import { posEnvelope } from './pos-envelope.ts'
import type { PosLayout } from './pos-report.ts'
import { reportsOf, wholeReport } from './testing/reports.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Reports on their way through the envelope, as one run of bytes. */
function through(reports: readonly Uint8Array[]): Uint8Array {
  const envelope = posEnvelope()
  return Uint8Array.from(
    reports.flatMap((report) => {
      const unwrapped = envelope.unwrap(report.slice())
      return unwrapped.kind === 'bytes' ? [...unwrapped.bytes] : []
    }),
  )
}

function decoded(decoder: PosDecoder, reports: readonly Uint8Array[]): { text: string; aim: string | undefined }[] {
  return decoder.push(through(reports)).map((code) => ({ text: new TextDecoder().decode(code.bytes), aim: code.aim }))
}

describe('HID-POS reports', () => {
  test('a report of the usual layout, byte by byte as the manuals have it', () => {
    const report = wholeReport({ data: bytes('HELLO'), aim: ']Q1' })
    expect([...report.subarray(0, 11)]).toEqual([2, 5, 0x5d, 0x51, 0x31, 0x48, 0x45, 0x4c, 0x4c, 0x4f, 0])
    expect(decoded(new PosDecoder('standard'), [report.subarray(1)])).toEqual([{ text: 'HELLO', aim: ']Q1' }])
  })

  test('the Newland layout has its data from byte 2 on and no identifier', () => {
    const report = wholeReport({ data: bytes('HELLO'), layout: 'newland' })
    expect([...report.subarray(0, 7)]).toEqual([2, 5, 0x48, 0x45, 0x4c, 0x4c, 0x4f])
    expect(decoded(new PosDecoder('newland'), [report.subarray(1)])).toEqual([{ text: 'HELLO', aim: undefined }])
  })

  test('a code in several reports is joined until no more follows', () => {
    const code = 'a'.repeat(56) + 'b'.repeat(56) + 'c'
    const decoder = new PosDecoder('standard')
    const reports = reportsOf(bytes(code))
    expect(reports).toHaveLength(3)
    expect(decoded(decoder, reports.slice(0, 2))).toEqual([])
    expect(decoder.isWaiting).toBe(true)
    expect(decoded(decoder, reports.slice(2))).toEqual([{ text: code, aim: ']Q1' }])
    expect(decoder.isWaiting).toBe(false)
  })

  test('half a message is given up; what comes later is a code of its own', () => {
    const decoder = new PosDecoder('standard')
    const [first, second] = reportsOf(bytes('a'.repeat(60)))
    decoded(decoder, [first ?? new Uint8Array()])
    expect(decoder.silenceMs).toBe(500)
    expect(decoder.silence()).toEqual([])
    expect(decoder.counters.halves).toBe(1)
    expect(decoded(decoder, [second ?? new Uint8Array()])).toEqual([{ text: 'aaaa', aim: ']Q1' }])
  })

  test('another identifier in the middle: the code before lost its end', () => {
    const decoder = new PosDecoder('standard')
    const begun = wholeReport({ data: bytes('begun'), aim: ']C1', more: true }).subarray(1)
    expect(decoded(decoder, [begun, ...reportsOf(bytes('whole'), { aim: ']Q1' })])).toEqual([{ text: 'whole', aim: ']Q1' }])
    expect(decoder.counters.halves).toBe(1)
  })

  test('answers to commands are not scans, also in the middle of a code', () => {
    const decoder = new PosDecoder('standard')
    const answer = wholeReport({ data: bytes('REV 1'), aim: ']X0' }).subarray(1)
    const end = wholeReport({ data: Uint8Array.of(6), aim: ']Z6' }).subarray(1)
    const [first, second] = reportsOf(bytes('a'.repeat(57)))
    expect(decoded(decoder, [answer, end, first ?? answer, end, second ?? answer])).toEqual([{ text: 'a'.repeat(57), aim: ']Q1' }])
  })

  test('a length over the report, or a report of another size, is noise and ends what has begun', () => {
    const decoder = new PosDecoder('standard')
    const tooLong = wholeReport({ data: bytes('x') }).subarray(1)
    tooLong[0] = 57
    decoded(decoder, [wholeReport({ data: bytes('begun'), more: true }).subarray(1), tooLong])
    expect(decoder.isNoisy).toBe(true)
    expect(decoded(decoder, [new Uint8Array(20)])).toEqual([])
    expect(decoder.counters.noises).toBe(1)
    expect(decoded(decoder, reportsOf(bytes('good')))).toEqual([{ text: 'good', aim: ']Q1' }])
    expect(decoder.isNoisy).toBe(false)
  })

  test('a code over the cap is dropped whole, its last report too', () => {
    const decoder = new PosDecoder('newland')
    expect(decoded(decoder, reportsOf(bytes('x'.repeat(LONGEST_CODE_BYTES + 100)), { layout: 'newland' }))).toEqual([])
    expect(decoder.counters.overlong).toBe(1)
    expect(decoded(decoder, reportsOf(bytes('good'), { layout: 'newland' }))).toEqual([{ text: 'good', aim: undefined }])
  })

  test('arbitrary bytes in arbitrary pieces: never throws, never holds more than a code, and after silence the next code is found', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), fc.constantFrom<PosLayout>('standard', 'newland'), fc.uint8Array({ minLength: 1, maxLength: 300 }), (pieces, layout, code) => {
        const decoder = new PosDecoder(layout)
        for (const piece of pieces) for (const found of decoder.push(piece)) expect(found.bytes.length).toBeLessThanOrEqual(LONGEST_CODE_BYTES)
        decoder.silence()
        expect(decoder.isWaiting).toBe(false)
        expect(decoder.push(through(reportsOf(code, { layout }))).map((found) => [...found.bytes])).toEqual([[...code]])
      }),
    )
  })

  test('arbitrary reports: the code after the next end is whole, without any silence', () => {
    const report = fc.uint8Array({ minLength: 63, maxLength: 63 })
    fc.assert(
      fc.property(fc.array(report, { maxLength: 30 }), fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 9 }), (reports, code, sizes) => {
        const decoder = new PosDecoder('newland')
        const end = wholeReport({ data: bytes('end'), layout: 'newland' }).subarray(1)
        const run = through([...reports, end, ...reportsOf(code, { layout: 'newland' })])
        const found: number[][] = []
        let at = 0
        for (let index = 0; at < run.length; index++) {
          const size = sizes[index % sizes.length] ?? 1
          found.push(...decoder.push(run.subarray(at, at + size)).map((one) => [...one.bytes]))
          at += size
        }
        expect(found.at(-1)).toEqual([...code])
      }),
    )
  })
})
