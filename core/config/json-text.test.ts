import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJsonText } from './json-text.ts'

const faultOf = (source: string): string => {
  const parsed = parseJsonText(source)
  return parsed.ok ? 'no fault' : `${parsed.error.line}:${parsed.error.column} ${parsed.error.sentence.en}`
}

describe('a JSON file written by a person', () => {
  it('means what JSON.parse says it means', () => {
    fc.assert(
      fc.property(fc.json(), fc.boolean(), (source, pretty) => {
        const written = pretty ? JSON.stringify(JSON.parse(source), null, 2) : source
        expect(parseJsonText(written)).toEqual({ ok: true, value: JSON.parse(written) as unknown })
      }),
    )
  })

  it('is refused exactly when JSON.parse refuses it, whatever one character is changed to', () => {
    const source = '{"a": [1, -2.5e3, "x\\n\\u00e9", true, null], "b": {"c": {}}}'
    fc.assert(
      fc.property(fc.nat(source.length), fc.nat(2), fc.constantFrom('', ',', '"', '}', ']', '0', ' ', '\n', '\\', 'e', '.', ':', '中'), (at, cut, put) => {
        const changed = source.slice(0, at) + put + source.slice(at + cut)
        let valid = true
        try {
          JSON.parse(changed)
        } catch {
          valid = false
        }
        const ours = parseJsonText(changed)
        // A name that stands twice is our only addition.
        if (!ours.ok && ours.error.sentence.en.includes('twice in the same')) return
        expect(ours.ok).toBe(valid)
      }),
      { numRuns: 1_000 },
    )
  })

  it.each([
    ['{\n  "a": 1\n  "b": 2\n}', '3:3 A comma (,) or a closing brace (}) should stand here.'],
    ['{"a": 1,}', '1:9 No comma may stand after the last entry.'],
    ['[1, 2, ]', '1:8 No comma may stand after the last entry.'],
    ['{"a": 1, "a": 2}', '1:10 The name "a" stands twice in the same object.'],
    ['{\r\n"名称": "演示", // 注释\r\n}', '2:13 A name in double quotation marks should stand here.'],
    ['// 注释\n{}', '1:1 JSON has no comments.'],
    ['{"p": "C:\\kiosk"}', '1:10 A backslash must be written twice (\\\\), for example C:\\\\kiosk.'],
    ["{'a': 1}", '1:2 A name in double quotation marks should stand here.'],
    ['{"a": “b”}', '1:7 Quotation marks must be straight ("), not curly.'],
    ['{"a"： 1}', '1:5 A colon (:) should follow the name.'],
    ['{"a": "b\n}', '1:7 This text is not closed with a double quotation mark.'],
    ['{"a": 01}', '1:7 A value should stand here: a text, a number, true, false, null, { or [.'],
    ['', '1:1 The file ends here although a value should follow.'],
    ['{} {}', '1:4 The file should end here, but something follows.'],
    ['['.repeat(200), '1:102 The nesting is too deep.'],
  ])('%j → %s', (source, fault) => expect(faultOf(source)).toBe(fault))

  it('may begin with a byte order mark', () => {
    expect(parseJsonText('\uFEFF{"a":1}')).toEqual({ ok: true, value: { a: 1 } })
    expect(faultOf('\uFEFFx')).toMatch(/^1:1 /)
  })

  it('cannot set a prototype', () => {
    const parsed = parseJsonText('{"__proto__": {"polluted": true}}')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(parsed.ok && Object.hasOwn(parsed.value as object, '__proto__')).toBe(true)
  })
})
