import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LONGEST_CODE_BYTES } from './decoder.ts'
import { StreamDecoder } from './stream.ts'
import type { Terminator } from './stream.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const texts = (codes: readonly { readonly bytes: Uint8Array }[]): string[] => codes.map((code) => new TextDecoder().decode(code.bytes))

describe('codes on a stream', () => {
  test.each<[Terminator, string, string[]]>([
    ['cr', 'abc\rdef\r', ['abc', 'def']],
    ['cr', 'abc\r\ndef\r\n', ['abc', 'def']],
    ['lf', 'abc\r\ndef\n', ['abc', 'def']],
    ['crlf', 'a\rb\r\nc\r\n', ['a\rb', 'c']],
    ['cr', '\r\r\n\r', []],
    ['cr', '12\u001d34\r', ['12\u001d34']],
  ])('%s: %j', (terminator, said, codes) => {
    expect(texts(new StreamDecoder(terminator).push(bytes(said)))).toEqual(codes)
  })

  test('without its terminator a code ends by silence', () => {
    const decoder = new StreamDecoder('cr')
    expect(decoder.push(bytes('abc'))).toEqual([])
    expect(decoder.isWaiting).toBe(true)
    expect(texts(decoder.silence())).toEqual(['abc'])
    expect(decoder.isWaiting).toBe(false)
    expect(decoder.silence()).toEqual([])
  })

  test('the longest code passes, a longer one is dropped whole, and the next one is good', () => {
    const decoder = new StreamDecoder('cr')
    expect(decoder.push(bytes('x'.repeat(LONGEST_CODE_BYTES)))).toEqual([])
    expect(texts(decoder.silence())).toEqual(['x'.repeat(LONGEST_CODE_BYTES)])
    expect(texts(new StreamDecoder('crlf').push(bytes(`${'x'.repeat(LONGEST_CODE_BYTES)}\r\n`)))).toEqual(['x'.repeat(LONGEST_CODE_BYTES)])
    expect(decoder.push(bytes(`${'x'.repeat(LONGEST_CODE_BYTES + 1)}\rtail\r`))).toEqual([])
    expect(decoder.counters.overlong).toBe(1)
    decoder.silence()
    expect(texts(decoder.push(bytes('good\r')))).toEqual(['good'])
  })

  test('noise is told once and nothing passes until the line is silent', () => {
    const decoder = new StreamDecoder('cr')
    expect(decoder.push(Uint8Array.of(0x41, 0x00, 0x42, 0x0d, 0x43, 0x0d))).toEqual([])
    expect(decoder.isNoisy).toBe(true)
    expect(decoder.push(bytes('abc\r'))).toEqual([])
    expect(decoder.counters.noises).toBe(1)
    expect(decoder.silence()).toEqual([])
    expect(texts(decoder.push(bytes('abc\r')))).toEqual(['abc'])
  })

  test('arbitrary bytes in arbitrary pieces: never throws, never holds more than a code, and after silence the next code is found', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 20 }), fc.constantFrom<Terminator>('cr', 'lf', 'crlf'), fc.stringMatching(/^[!-~]{1,80}$/), (pieces, terminator, code) => {
        const decoder = new StreamDecoder(terminator)
        for (const piece of pieces) for (const decoded of decoder.push(piece)) expect(decoded.bytes.length).toBeLessThanOrEqual(LONGEST_CODE_BYTES)
        decoder.silence()
        expect(decoder.isWaiting).toBe(false)
        const end = { cr: '\r', lf: '\n', crlf: '\r\n' }[terminator]
        expect(texts(decoder.push(bytes(code + end)))).toEqual([code])
      }),
    )
  })

  test('the pieces in which bytes come make no difference', () => {
    const said = fc.array(fc.oneof(fc.constantFrom(0x0d, 0x0a), fc.integer({ min: 0x20, max: 0x7e })), { maxLength: 200 })
    fc.assert(
      fc.property(said, fc.array(fc.integer({ min: 1, max: 17 }), { minLength: 1, maxLength: 30 }), (all, sizes) => {
        const whole = new StreamDecoder('cr')
        const cut = new StreamDecoder('cr')
        const expected = texts([...whole.push(Uint8Array.from(all)), ...whole.silence()])
        const got: string[] = []
        let at = 0
        for (let index = 0; at < all.length; index++) {
          const size = sizes[index % sizes.length] ?? 1
          got.push(...texts(cut.push(Uint8Array.from(all.slice(at, at + size)))))
          at += size
        }
        got.push(...texts(cut.silence()))
        expect(got).toEqual(expected)
      }),
    )
  })
})
