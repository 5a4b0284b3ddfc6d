import fc from 'fast-check'
import ippEncoder from 'ipp-encoder'
import { describe, expect, it } from 'vitest'
import { decodeAnswer, encodeRequest, flag, groupOf, GROUPS, whole, word, words } from './ipp.ts'
import { readJob } from './job.ts'
import { readPrinter } from './sight.ts'
import { answerBytes } from './testing/scripted-printer.ts'

const good = answerBytes(0, 7, [[1, { 'attributes-charset': [[0x47, 'utf-8']] }], [4, { 'printer-state': [[0x23, 3]], 'media-ready': [[0x44, 'iso_a4_210x297mm'], [0x44, 'na_letter_8.5x11in']], 'printer-is-accepting-jobs': [[0x22, true]] }]])

describe('a request', () => {
  it('is read by another implementation of IPP as it was meant', () => {
    const bytes = encodeRequest({
      operation: 'printJob', requestId: 42,
      operationAttributes: [{ tag: 'charset', name: 'attributes-charset', value: 'utf-8' }, { tag: 'name', name: 'job-name', value: '编号 1' }, { tag: 'keyword', name: 'requested-attributes', value: ['a', 'b'] }],
      jobAttributes: [{ tag: 'integer', name: 'copies', value: 1 }, { tag: 'boolean', name: 'last', value: true }],
      data: Uint8Array.of(1, 2, 3),
    })
    const read = ippEncoder.request.decode(Buffer.from(bytes))
    expect(read).toMatchObject({ version: { major: 1, minor: 1 }, operationId: 2, requestId: 42 })
    expect(read.groups.map(({ tag, attributes }) => [tag, attributes.map(({ name, value }) => [name, value])])).toEqual([
      [1, [['attributes-charset', ['utf-8']], ['job-name', ['编号 1']], ['requested-attributes', ['a', 'b']]]],
      [2, [['copies', [1]], ['last', [true]]]],
    ])
    expect([...bytes.slice(-3)]).toEqual([1, 2, 3])
  })
})

describe('an answer', () => {
  it('gives its attributes by name; one value counts as a list of one', () => {
    const answer = decodeAnswer(good)
    if (!answer.ok) throw new Error(answer.error)
    const printer = groupOf(answer.value, GROUPS.printer)
    expect([whole(printer, 'printer-state'), words(printer, 'media-ready'), flag(printer, 'printer-is-accepting-jobs'), word(printer, 'missing')]).toEqual([3, ['iso_a4_210x297mm', 'na_letter_8.5x11in'], true, undefined])
  })

  it('reads collections inside collections, and passes over what is unknown', () => {
    // media-col-ready = { media-size = { x-dimension = 21000 } }, then an attribute that has no value.
    const bytes = Uint8Array.from([
      1, 1, 0, 0, 0, 0, 0, 1, 4,
      0x34, 0, 9, ...new TextEncoder().encode('media-col'), 0, 0,
      0x4a, 0, 0, 0, 4, ...new TextEncoder().encode('size'),
      0x34, 0, 0, 0, 0, 0x4a, 0, 0, 0, 1, 0x78, 0x21, 0, 0, 0, 4, 0, 0, 0x52, 0x08, 0x37, 0, 0, 0, 0,
      0x37, 0, 0, 0, 0,
      0x13, 0, 1, 0x6e, 0, 0,
      3,
    ])
    const answer = decodeAnswer(bytes)
    if (!answer.ok) throw new Error(answer.error)
    const printer = groupOf(answer.value, GROUPS.printer)
    expect(printer.get('media-col')).toEqual([new Map([['size', [new Map([['x', [21_000]]])]]])])
    expect(printer.get('n')).toEqual([])
  })

  it('takes an attribute that is named twice as one', () => {
    const twice = Uint8Array.from([1, 1, 0, 0, 0, 0, 0, 1, 4, 0x44, 0, 1, 0x61, 0, 1, 0x31, 0x44, 0, 1, 0x61, 0, 1, 0x32, 3])
    const answer = decodeAnswer(twice)
    expect(answer.ok && words(groupOf(answer.value, GROUPS.printer), 'a')).toEqual(['1', '2'])
  })

  it('cut off anywhere is refused whole', () => {
    for (let length = 0; length < good.length; length++) expect(decodeAnswer(good.subarray(0, length))).toEqual({ ok: false, error: 'not-ipp' })
  })

  it('of arbitrary bytes never throws and never hangs; what is read from it is no larger than it was', () => {
    const size = (value: unknown): number => (value instanceof Map ? [...value].reduce((sum: number, [key, inner]) => sum + String(key).length + size(inner), 0) : Array.isArray(value) ? value.reduce((sum: number, inner) => sum + 1 + size(inner), 0) : typeof value === 'string' ? value.length : 1)
    const judge = (bytes: Uint8Array): void => {
      const answer = decodeAnswer(bytes)
      if (!answer.ok) return
      for (const group of answer.value.groups) {
        expect(size(group.attributes)).toBeLessThanOrEqual(bytes.length)
        readPrinter(group.attributes)
        readJob(group.attributes)
      }
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2_000 }), judge), { numRuns: 2_000 })
    // Nearly right: a good answer with some bytes changed, put in or taken out.
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255), fc.nat(2)), { minLength: 1, maxLength: 6 }), (changes) => {
      const bytes = [...good]
      for (const [at, value, how] of changes) bytes.splice(at, how === 0 ? 1 : how === 1 ? 0 : 1, ...(how === 2 ? [] : [value]))
      judge(Uint8Array.from(bytes))
    }), { numRuns: 5_000 })
    // Collections within collections without end, the way to a stack overflow.
    judge(Uint8Array.from([1, 1, 0, 0, 0, 0, 0, 1, 4, 0x34, 0, 1, 0x61, 0, 0, ...Array.from({ length: 20_000 }, () => [0x4a, 0, 0, 0, 1, 0x61, 0x34, 0, 0, 0, 0]).flat()]))
  })

  it('is judged anew after noise: the next good one is read', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (noise) => {
      decodeAnswer(noise)
      expect(decodeAnswer(good).ok).toBe(true)
    }))
  })
})
