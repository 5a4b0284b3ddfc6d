import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../../core/clock/simulated-clock.ts'
import type { PageImage } from '../../../core/device/operations.ts'
import { documentKindSchema } from '../../../core/document/document-kind.ts'
import type { DocumentReadError, DocumentReading, FieldReading, ReadProgress } from '../../../core/document/reading.ts'
import type { ReadPaper } from '../../../core/journey/ports.ts'
import { err, ok } from '../../../core/result/result.ts'
import type { Result } from '../../../core/result/result.ts'
import { createPageStore } from './page-store.ts'
import { readPages } from './read-pages.ts'

type Read = Result<DocumentReading, DocumentReadError>

const named = (zh: string, en: string) => ({ 'zh-CN': zh, en })
const lease = documentKindSchema.parse({
  id: 'lease', name: named('租约', 'Lease'), titles: ['租约'], goesWith: ['rules'],
  fields: [{ id: 'tenant', name: named('承租方', 'Tenant'), labels: ['承租方'], rule: 'name' }, { id: 'signed', name: named('签订日期', 'Signed'), labels: ['签订日期'], rule: 'date' }],
})
const deed = documentKindSchema.parse({ id: 'deed', name: named('房产证', 'Deed'), fields: [{ id: 'owner', name: named('权利人', 'Owner'), labels: ['权利人'], rule: 'name' }] })
const box = { left: 10, top: 10, right: 40, bottom: 20 }
const sure = (field: string, value: string): FieldReading => ({ field, value, state: 'sure', confidence: 1, box })
const missing = (field: string): FieldReading => ({ field, value: '', state: 'missing', why: 'not-found', confidence: 0 })
const page = (...fields: readonly FieldReading[]): Read => ok({ kind: 'lease', fields })
const first = page(sure('tenant', '陈志远'), missing('signed'))
const signatures = page({ ...sure('signed', '2025-02-20'), state: 'unsure', why: 'untitled-page' })
const unknown: Read = err({ kind: 'other-document' })

/** A reader that answers what the test says of each page, by its first byte; `further` when it is looked through again. */
async function read(first: readonly Read[], further: Readonly<Record<number, Read>> = {}, signal = new AbortController().signal, cardName?: string) {
  const clock = new SimulatedClock()
  const pages = createPageStore()
  const ids = first.map((_, index) => {
    pages.put(`p${index}`, { mime: 'image/jpeg', bytes: Uint8Array.of(index), widthPx: 100, heightPx: 200, dpi: 200 })
    return `p${index}`
  })
  const asked: string[] = []
  const told: (readonly [string, number])[] = []
  let underWay = 0
  const answer = async (words: string, image: PageImage, from: readonly (Read | undefined)[], onProgress: (progress: ReadProgress) => void): Promise<Read> => {
    expect(++underWay, 'one request at a time').toBe(1)
    const index = image.bytes[0] ?? 0
    asked.push(`${words} p${index}`)
    onProgress({ stage: 'recognising', share: 0.5 })
    await Promise.resolve()
    underWay -= 1
    return signal.aborted ? err({ kind: 'cancelled' }) : (from[index] ?? unknown)
  }
  const deps: Parameters<typeof readPages>[0] = {
    clock, pages, knownReads: new WeakMap(), documentKinds: [lease, deed],
    documents: {
      read: (image, kinds, onProgress) => answer(`read ${kinds.join(' ')}`, image, first, onProgress),
      readFurther: (image, kind, open, onProgress) => answer(`look in ${kind} for ${open.join(' ')}:`, image, first.map((_, index) => further[index]), onProgress),
    },
  }
  const readAll = (): Promise<ReadPaper> => readPages(deps, ids, 'lease', cardName, (id, _step, percent) => told.push([id, percent]), signal)
  return { paper: await readAll(), asked, told, readAll, pages }
}
const fieldOf = (paper: ReadPaper, id: string) => paper.fields.find((field) => field.id === id)

describe('reading the pages of one paper', () => {
  it('reads one page after the other, tells which, and shows each value on the page where it stands', async () => {
    const { paper, asked, told } = await read([first, page(missing('tenant'), sure('signed', '2025-02-20'), sure('tenant', '陈志远'))])
    expect(asked).toEqual(['read lease p0', 'read lease p1'])
    expect(told).toEqual([['p0', 20], ['p1', 60]])
    expect(paper).toMatchObject({ paper: 'wanted', notices: [] })
    expect(fieldOf(paper, 'signed')).toMatchObject({ value: '2025-02-20', state: 'sure' })
    expect(fieldOf(paper, 'tenant')).toMatchObject({ value: '陈志远', pictures: [{ page: 'p0', place: { lines: 1 } }] })
  })

  it('a name that the print leaves in doubt is proved by the card that says the same; room for one more character is not', async () => {
    const tenant = async (value: string, why: 'low-confidence' | 'name-length' | 'characters-missing', cardName?: string) =>
      fieldOf((await read([page({ ...sure('tenant', value), state: 'unsure', why }, missing('signed'))], {}, undefined, cardName)).paper, 'tenant')
    expect(await tenant('陈远', 'name-length')).toMatchObject({ state: 'unsure' })
    for (const why of ['low-confidence', 'name-length'] as const) {
      expect(await tenant('陈远', why, '陈远'), why).toMatchObject({ value: '陈远', state: 'sure', why: undefined })
      expect(await tenant('陈远', why, '陈志远'), why).toMatchObject({ state: 'unsure' })
    }
    expect(await tenant('陈远', 'characters-missing', '陈远')).toMatchObject({ state: 'unsure' })
  })

  it('reads no page twice, but for one that is new and one at which the machine failed', async () => {
    const failed: Read = err({ kind: 'reader-failed', code: 'inference' })
    const { paper, asked, readAll, pages } = await read([first, failed, page(missing('tenant'), sure('signed', '2025-02-20'))])
    asked.length = 0
    expect(await readAll()).toEqual(paper)
    expect(asked).toEqual(['read lease p1'])
    asked.length = 0
    pages.put('p2', { mime: 'image/jpeg', bytes: Uint8Array.of(0), widthPx: 100, heightPx: 200, dpi: 200 })
    await readAll()
    expect(asked).toEqual(['read lease p1', 'read lease p0'])
  })

  it('a single page has the whole bar and no number', async () => {
    const { paper, told } = await read([err({ kind: 'other-document', found: 'deed' })])
    expect(told).toEqual([['p0', 50]])
    expect(paper).toMatchObject({ paper: 'not-recognised', fields: [], notices: [{ sentence: { 'zh-CN': '这是房产证，这里需要的是租约。请换上租约，再来一次。' }, staffSentence: { en: expect.stringContaining('Deed') as string } }] })
  })

  it.each([['behind', [first, unknown], 1], ['before', [unknown, first], 0]] as const)('a page without a title %s the first page is looked through for what is open', async (_, reads, index) => {
    const { paper, asked, told } = await read(reads, { [index]: signatures })
    expect(asked.slice(2)).toEqual([`look in lease for signed: p${index}`])
    expect(fieldOf(paper, 'signed')).toMatchObject({ value: '2025-02-20', state: 'unsure', pictures: [{ page: `p${index}` }] })
    expect(told.map(([, percent]) => percent)).toEqual([20, 60, 90])
    expect(paper).toMatchObject({ paper: 'wanted', notices: [] })
  })

  it('an appendix gives nothing and is no refusal; alone it is one, and is looked through once', async () => {
    expect((await read([first, unknown, err({ kind: 'blank-page' })])).paper).toMatchObject({ paper: 'wanted', notices: [], fields: [{ value: '陈志远' }, { state: 'missing' }] })
    const alone = await read([unknown, unknown])
    expect(alone.asked).toEqual(['read lease p0', 'read lease p1'])
    expect(alone.paper).toMatchObject({ paper: 'not-recognised', fields: [] })
  })

  it('names another paper among the pages with its number, and offers what the right ones say', async () => {
    const { paper } = await read([first, err({ kind: 'other-document', found: 'deed' })])
    expect(paper).toMatchObject({ paper: 'mixed', fields: [{ value: '陈志远' }, {}], notices: [{ sentence: { 'zh-CN': expect.stringMatching(/^第 2 页是房产证，这里需要的是租约/) as string, en: expect.stringContaining('Page 2 is: Deed') as string } }] })
    expect((await read([first, err({ kind: 'other-document', found: 'rules' })])).paper).toMatchObject({ paper: 'wanted', notices: [] })
    expect((await read([unknown, err({ kind: 'other-document', found: 'deed' })])).paper).toMatchObject({ paper: 'not-recognised', notices: [{ sentence: { 'zh-CN': expect.stringMatching(/^第 2 页：这是房产证/) as string } }] })
  })

  it('says both where two pages differ, with the place of each', async () => {
    const { paper } = await read([first, page(sure('tenant', '周桂兰'), missing('signed'))])
    expect(fieldOf(paper, 'tenant')).toMatchObject({
      state: 'unsure', value: '陈志远', pictures: [{ page: 'p0' }, { page: 'p1' }],
      why: { 'zh-CN': '第 1 页读作“陈志远”，第 2 页读作“周桂兰”。请对照原件核对。', en: 'Page 1 was read as “陈志远”, Page 2 was read as “周桂兰”. Compare with the paper.' },
    })
  })

  it('where the machine failed at one page, the others count, and the citizen types the rest', async () => {
    const { paper } = await read([err({ kind: 'too-slow' }), first])
    expect(paper).toMatchObject({ paper: 'wanted', fields: [{ value: '陈志远' }, { state: 'missing' }], notices: [{ sentence: { 'zh-CN': expect.stringMatching(/^第 1 页：识别时间太长/) as string } }] })
    expect((await read([err({ kind: 'too-slow' })])).paper).toMatchObject({ paper: 'wanted', fields: [{ value: '', state: 'missing', why: undefined }, {}], notices: [{ sentence: { 'zh-CN': expect.stringMatching(/^识别时间太长/) as string } }] })
  })

  it('says so where the machine failed at looking through a page once more', async () => {
    const { paper } = await read([first, unknown], { 1: err({ kind: 'too-slow' }) })
    expect(paper).toMatchObject({ paper: 'wanted', fields: [{ value: '陈志远' }, { state: 'missing' }], notices: [{ sentence: { 'zh-CN': expect.stringMatching(/^第 2 页：识别时间太长/) as string } }] })
    expect((await read([first, unknown], { 1: err({ kind: 'reader-failed', code: 'memory' }) })).paper.notices).toMatchObject([{ staffSentence: { en: expect.stringContaining('memory') as string } }])
    expect((await read([first, unknown], { 1: err({ kind: 'blank-page' }) })).paper.notices).toEqual([])
  })

  it('asks for nothing more once it was cancelled', async () => {
    const leaving = new AbortController()
    leaving.abort()
    const { asked } = await read([unknown, unknown], {}, leaving.signal)
    expect(asked.filter((words) => words.startsWith('look'))).toEqual([])
  })
})
