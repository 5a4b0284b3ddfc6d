import { expect, it } from 'vitest'
import { documentKindSchema } from '../../core/document/document-kind.ts'
import type { EngineReading, OcrEngine, RecognisedLine } from '../../core/document/engine.ts'
import { ok } from '../../core/result/result.ts'
import { encodeJpeg } from './page/picture.ts'
import { emptyDesk } from './page/testing.ts'
import { readPage } from './read-page.ts'

const name = { 'zh-CN': '租约', en: 'Lease' }
const lease = documentKindSchema.parse({ id: 'lease', name, titles: ['租约'], fields: [{ id: 'tenant', name, labels: ['承租方'], rule: 'name' }, { id: 'end', name, labels: ['终止日期'], rule: 'date' }] })

function line(text: string, row: number, extent: 'whole' | 'head'): RecognisedLine {
  const top = 10 + 40 * row
  return { extent, box: { left: 10, top, right: 400, bottom: top + 20 }, characters: [...text].map((character, index) => ({ text: character, confidence: 0.99, box: { left: 10 + 20 * index, top, right: 28 + 20 * index, bottom: top + 20 } })) }
}

/** Reads first the heads, then on, each time with a report at every quarter. */
function engineOf(lines: readonly RecognisedLine[], again?: { readonly below: number; readonly line: RecognisedLine | undefined }): OcrEngine & { readonly completed: readonly (readonly number[])[] } {
  let read: EngineReading = { lines, turnedDegrees: 0, width: 500, height: 500 }
  const completed: (readonly number[])[] = []
  const quarters = [0, 0.25, 0.5, 0.75, 1]
  return {
    name: 'slow', completed, thresholds: { checked: { mean: 0.8, minimum: 0.5 }, numeric: { mean: 0.8, minimum: 0.5 }, text: { mean: 0.8, minimum: 0.5 }, ...(again && { again: again.below }) },
    read: (_page, _hints, onProgress) => {
      for (const stage of ['preparing', 'recognising'] as const) quarters.forEach((share) => onProgress(stage, share))
      return Promise.resolve(ok(read))
    },
    complete: (indexes, onProgress) => {
      completed.push(indexes)
      quarters.forEach(onProgress)
      read = { ...read, lines: read.lines.map((one, index) => (indexes.includes(index) ? { ...one, extent: 'whole' } : one)) }
      return Promise.resolve(ok(read))
    },
    readAgain: () => Promise.resolve(ok(again?.line)),
    forget: () => undefined,
    close: () => Promise.resolve(),
  }
}

it('its progress never falls, also where it reads on twice', async () => {
  const engine = engineOf([line('租约', 0, 'whole'), line('承租方：陈志远', 1, 'head'), line('双方签字之前应当通读全文', 2, 'head')])
  const told: number[] = []
  await readPage(engine, { page: encodeJpeg(emptyDesk({ width: 40, height: 40, desk: [250, 250, 250] }), 200), kinds: [lease], all: [lease], today: '2026-01-01' }, ({ share }) => told.push(share))
  expect(engine.completed).toHaveLength(2)
  expect(told).toEqual(told.toSorted((one, other) => one - other))
  expect(Math.max(...told)).toBeLessThanOrEqual(1)
})

it('a date that was not read as clearly as can be stays sure only where a second reading says the same', async () => {
  const page = [line('租约', 0, 'whole'), line('承租方：陈志远', 1, 'whole'), line('终止日期：2026年2月28日', 2, 'whole')]
  const end = async (below: number, second: string | undefined) => {
    const engine = engineOf(page, { below, line: second === undefined ? undefined : line(second, 2, 'whole') })
    const read = await readPage(engine, { page: encodeJpeg(emptyDesk({ width: 40, height: 40, desk: [250, 250, 250] }), 200), kinds: [lease], all: [lease], today: '2026-01-01' }, () => undefined)
    return read.ok ? read.value.fields.find(({ field }) => field === 'end') : undefined
  }
  expect(await end(0.995, '2026年2月28日')).toMatchObject({ value: '2026-02-28', state: 'sure' })
  for (const other of ['2026年2月2日', undefined]) expect(await end(0.995, other)).toMatchObject({ value: '2026-02-28', state: 'unsure', why: 'readings-differ' })
  expect(await end(0.98, '2026年2月2日'), 'clear enough to be read once').toMatchObject({ state: 'sure' })
})
