import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { normalise, rowsOf } from './characters.ts'
import { documentKindsOf } from './document-kind.ts'
import type { EngineThresholds } from './engine.ts'
import type { RecognisedPage } from './extract.ts'
import { checkedTogether, extractDocument } from './extract.ts'
import { detectKind } from './kind-detection.ts'
import { labelFinder } from './labels.ts'

/**
 * What the neural engine read on the golden pages (`assets/ocr/golden`), recorded, so that every kind is tried in seconds and
 * without the engine. Recorded anew by `node tests/papers/record-golden.ts`.
 */
const RECORDED = new URL('recorded/golden/', import.meta.url)
const GOLDEN = new URL('../../assets/ocr/golden/', import.meta.url)
const KINDS = new URL('../../assets/ocr/kinds/', import.meta.url)
const kinds = documentKindsOf(readdirSync(KINDS).map((name) => ({ name, json: json(new URL(name, KINDS)) })))
/** As the engine has them. */
const thresholds: EngineThresholds = { checked: { mean: 0.8, minimum: 0.5 }, numeric: { mean: 0.95, minimum: 0.7 }, text: { mean: 0.95, minimum: 0.85 } }
const TODAY = '2026-11-28'

function json(file: URL): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}

type BoxNumbers = readonly [left: number, top: number, right: number, bottom: number]
type RecordedCharacter = readonly [text: string, ...box: BoxNumbers, percent: number]

interface Golden {
  readonly name: string
  readonly kind: string
  readonly page: RecognisedPage
  readonly truth: Readonly<Record<string, string>>
}

const pages = readdirSync(RECORDED).map((file): Golden => {
  const name = file.replace('.json', '')
  const { width, height, lines } = json(new URL(file, RECORDED)) as { readonly width: number; readonly height: number; readonly lines: readonly { readonly box: BoxNumbers; readonly characters: readonly RecordedCharacter[] }[] }
  const boxOf = ([left, top, right, bottom]: BoxNumbers) => ({ left, top, right, bottom })
  const [kind = '', state = ''] = name.split('.')
  const { fields } = json(new URL(`${kind}/${state}.json`, GOLDEN)) as { readonly fields: readonly { readonly id: string; readonly value: string }[] }
  return {
    name, kind,
    truth: Object.fromEntries(fields.map(({ id, value }) => [id, normalise(value)])),
    page: {
      size: { width, height },
      lines: lines.map(({ box, characters }) => ({ box: boxOf(box), characters: characters.map(([text, left, top, right, bottom, percent]) => ({ text, box: boxOf([left, top, right, bottom]), confidence: percent / 100 })) })),
    },
  }
})
const clean = pages.filter(({ name }) => name.endsWith('.clean'))

function readingsOf({ page, kind }: Golden): readonly { readonly field: string; readonly value: string; readonly state: string; readonly why?: string }[] {
  const wanted = kinds.filter(({ id }) => id === kind)
  const found = extractDocument(page, wanted, kinds, thresholds)
  if (!found.ok) throw new Error(JSON.stringify(found.error))
  return checkedTogether(found.value.kind, found.value.fields.map(({ reading }) => reading), TODAY).filter(({ state }) => state !== 'missing')
}

it('there is a clean golden page of every kind', () => {
  expect(clean.map(({ kind }) => kind).sort()).toEqual(kinds.map(({ id }) => id).sort())
})

describe('clean pages', () => {
  it.each(clean)('$name: every value is right and sure, but for names of two characters', (golden) => {
    const readings = readingsOf(golden)
    expect(Object.fromEntries(readings.map(({ field, value }) => [field, normalise(value)]))).toEqual(golden.truth)
    expect(readings.filter(({ value, state, why }) => state !== 'sure' && !(why === 'name-length' && [...value].length === 2)).map(({ field }) => field)).toEqual([])
  })
})

describe('pages in other states', () => {
  it.each(pages.filter((page) => !clean.includes(page)))('$name: whatever is sure is right', (golden) => {
    for (const { field, value, state } of readingsOf(golden)) {
      if (state === 'sure') expect(`${field} ${normalise(value)}`).toBe(`${field} ${golden.truth[field]}`)
    }
  })
})

describe('which paper it is', () => {
  it.each(pages)('$name: right where it is wanted, named where another one is, and never named as another kind where its own is not known', ({ kind, page }) => {
    const rows = rowsOf(page.lines)
    const find = labelFinder(rows)
    const others = kinds.filter(({ id }) => id !== kind)
    for (const wanted of kinds) {
      const found = detectKind(find, rows, page.size, [wanted], kinds)
      expect(`${wanted.id}: ${found.kind} ${found.kind === 'wanted' ? found.is.id : found.found?.id}`).toBe(`${wanted.id}: ${wanted.id === kind ? 'wanted' : 'other'} ${kind}`)
      const unknown = detectKind(find, rows, page.size, [wanted], others)
      if (wanted.id !== kind && unknown.kind === 'other') expect(unknown.found).toBeUndefined()
    }
  })
  it.each(clean)('$name: still the right paper when any one line was not read', ({ kind, page }) => {
    const wanted = kinds.filter(({ id }) => id === kind)
    // A bank card is known by its number or one word; without its one number there is nothing to read on it.
    if (kind === 'bank-card') return
    const words = wanted.flatMap(({ titles, fields, otherLabels }) => [...titles, ...otherLabels, ...fields.flatMap(({ labels }) => labels)])
    const telling = page.lines.filter(({ characters }) => words.some((word) => normalise(characters.map(({ text }) => text).join('')).includes(normalise(word))))
    expect(telling.length).toBeGreaterThan(1)
    for (const lost of telling) {
      const rows = rowsOf(page.lines.filter((line) => line !== lost))
      expect(detectKind(labelFinder(rows), rows, page.size, wanted, wanted).kind).toBe('wanted')
    }
  })
})
