import { readFileSync, readdirSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { documentKindsOf } from './document-kind.ts'
import type { EngineThresholds, RecognisedLine } from './engine.ts'
import { checkedTogether, extractDocument } from './extract.ts'
import { FIELD_DOUBTS } from './reading.ts'
import { wantedLines } from './wanted-lines.ts'

/** Whatever an engine makes of a picture, the fields are judged and nothing breaks. */
const KINDS = new URL('../../assets/ocr/kinds/', import.meta.url)
const kinds = documentKindsOf(readdirSync(KINDS).map((name) => ({ name, json: JSON.parse(readFileSync(new URL(name, KINDS), 'utf8')) as unknown })))
const thresholds: EngineThresholds = { checked: { mean: 0.8, minimum: 0.5 }, numeric: { mean: 0.95, minimum: 0.6 }, text: { mean: 0.95, minimum: 0.9 } }

const printed = kinds.flatMap((kind) => [...kind.titles, ...kind.otherLabels, ...kind.fields.flatMap(({ labels }) => labels)])
const text = fc.oneof(
  fc.constantFrom(...printed),
  fc.constantFrom('990101199011050014', '2019.05.01-长期', '人民币贰仟陆佰元整', '男', '汉族', '示范市示范区柳林路18号', '', '：', '𬱖', 'ﷺ', '4000000000000002'),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.tuple(fc.constantFrom(...printed), fc.string({ maxLength: 20 })).map(([label, value]) => `${label}${value}`),
)
const line: fc.Arbitrary<RecognisedLine> = fc
  .record({ text, left: fc.integer({ min: -50, max: 1700 }), top: fc.integer({ min: -50, max: 2400 }), width: fc.integer({ min: 0, max: 60 }), height: fc.integer({ min: 0, max: 120 }), extent: fc.constantFrom('whole' as const, 'head' as const), confidence: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ text: words, left, top, width, height, extent, confidence }) => ({
    extent,
    box: { left, top, right: left + width * [...words].length, bottom: top + height },
    characters: [...words].map((sign, index) => ({ text: sign, confidence, box: { left: left + index * width, top, right: left + (index + 1) * width, bottom: top + height } })),
  }))

it('arbitrary lines: every field is sure, unsure with a reason, or missing', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 3 }), (lines, wanted) => {
      for (const index of wantedLines(lines, wanted)) expect(lines[index]?.extent).toBe('head')
      const found = extractDocument({ lines, size: { width: 1654, height: 2339 } }, wanted, kinds, thresholds)
      if (!found.ok) {
        if (found.error.kind === 'other-document') expect(wanted.map(({ id }) => id)).not.toContain(found.error.found)
        return
      }
      expect(wanted).toContain(found.value.kind)
      const readings = checkedTogether(found.value.kind, found.value.fields.map(({ reading }) => reading), '2026-11-28')
      expect(readings.map(({ field }) => field)).toEqual(found.value.kind.fields.map(({ id }) => id))
      for (const { state, value, why, box } of readings) {
        if (state === 'sure') expect(why).toBeUndefined()
        else expect(FIELD_DOUBTS).toContain(why)
        expect(state === 'missing').toBe(value === '' && box === undefined)
      }
    }),
    { numRuns: 300, seed: 20261128 },
  )
})
