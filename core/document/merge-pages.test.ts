import { describe, expect, it } from 'vitest'
import { err, ok } from '../result/result.ts'
import { documentKindSchema } from './document-kind.ts'
import type { MergedPaper, PageRead } from './merge-pages.ts'
import { mergePages, openFields } from './merge-pages.ts'
import type { FieldReading } from './reading.ts'

const TODAY = '2026-01-01'
const name = { 'zh-CN': '租约', en: 'Lease' }
const lease = documentKindSchema.parse({
  id: 'lease', name, titles: ['租约'], goesWith: ['house-rules'],
  fields: [
    { id: 'tenant', name, labels: ['承租方'], rule: 'name' },
    { id: 'number', name, labels: ['身份证号'], after: ['承租方'], rule: 'citizen-id' },
    { id: 'start', name, labels: ['起始日期'], rule: 'date' },
    { id: 'end', name, labels: ['终止日期'], rule: 'date' },
  ],
  otherLabels: ['合同编号'], checks: [{ kind: 'in-order', earlier: 'start', later: 'end' }],
})

const box = { left: 1, top: 2, right: 3, bottom: 4 }
const sure = (field: string, value: string): FieldReading => ({ field, value, state: 'sure', confidence: 0.99, box })
const unsure = (field: string, value: string): FieldReading => ({ field, value, state: 'unsure', why: 'low-confidence', confidence: 0.6, box })
const missing = (field: string): FieldReading => ({ field, value: '', state: 'missing', why: 'not-found', confidence: 0 })
const page = (...fields: readonly FieldReading[]): PageRead => ok({ kind: 'lease', fields })
const other = (found?: string): PageRead => err({ kind: 'other-document', ...(found !== undefined && { found }) })
const blank: PageRead = err({ kind: 'blank-page' })

function read(...reads: readonly PageRead[]): Extract<MergedPaper, { kind: 'read' }> {
  const merged = mergePages(lease, reads, TODAY)
  if (merged.kind !== 'read') throw new Error('refused')
  return merged
}
const fieldOf = (merged: Extract<MergedPaper, { kind: 'read' }>, id: string) => merged.fields.find(({ reading }) => reading.field === id)

describe('the pages of one paper', () => {
  it('one page stays as it was read', () => {
    const merged = read(page(sure('tenant', '陈志远'), unsure('start', '2025-03-01'), missing('end')))
    expect(merged.fields.map(({ reading, page: at }) => [reading.field, reading.value, reading.state, reading.why, at])).toEqual([
      ['tenant', '陈志远', 'sure', undefined, 0], ['number', '', 'missing', undefined, undefined], ['start', '2025-03-01', 'unsure', 'low-confidence', 0], ['end', '', 'missing', 'not-found', undefined],
    ])
    expect(merged).toMatchObject({ strangers: [], failed: [] })
  })

  it('a further page fills what is missing or unsure, and never takes the place of what is sure, in any order', () => {
    const first = page(sure('tenant', '陈志远'), unsure('start', '2025-08-01'), missing('end'))
    const last = page(unsure('tenant', '陈志'), sure('start', '2025-03-01'), unsure('end', '2026-02-28'))
    for (const [reads, order] of [[[first, last], [0, 1, 1]], [[last, first], [1, 0, 0]]] as const) {
      const merged = read(...reads)
      expect(['tenant', 'start', 'end'].map((id) => fieldOf(merged, id)).map((field) => [field?.reading.value, field?.reading.state, field?.page])).toEqual([
        ['陈志远', 'sure', order[0]], ['2025-03-01', 'sure', order[1]], ['2026-02-28', 'unsure', order[2]],
      ])
    }
  })

  it('two sure values that differ are neither: the field is unsure and tells both with their pages', () => {
    const merged = read(page(sure('tenant', '陈志远')), page(sure('tenant', '周桂兰')), page(sure('tenant', '陈志远')))
    expect(fieldOf(merged, 'tenant')).toEqual({
      page: 0, reading: { ...sure('tenant', '陈志远'), state: 'unsure', why: 'readings-differ' },
      differing: [{ page: 0, reading: sure('tenant', '陈志远') }, { page: 1, reading: sure('tenant', '周桂兰') }],
    })
    expect(fieldOf(read(page(sure('tenant', '陈 志远')), page(sure('tenant', '陈志远'))), 'tenant')).toMatchObject({ reading: { state: 'sure' }, differing: [] })
  })

  it('checks values against each other that stand on different pages', () => {
    const merged = read(page(sure('start', '2026-03-01')), page(sure('end', '2025-02-28')))
    expect(['start', 'end'].map((id) => fieldOf(merged, id)?.reading)).toMatchObject([{ state: 'unsure', why: 'values-disagree' }, { state: 'unsure', why: 'values-disagree' }])
    expect(fieldOf(read(page(sure('start', '2025-03-01')), page(sure('end', '2026-02-28'))), 'end')).toMatchObject({ reading: { state: 'sure' }, page: 1 })
  })

  it('an appendix or an empty back is no refusal where one page is the paper, wherever it lies', () => {
    for (const reads of [[page(sure('tenant', '陈志远')), other(), blank], [other(), blank, page(sure('tenant', '陈志远'))]]) {
      expect(read(...reads)).toMatchObject({ strangers: [], failed: [] })
    }
  })

  it('names a page that plainly is another paper, unless it belongs with this one', () => {
    expect(read(page(sure('tenant', '陈志远')), other('household-register'), other('house-rules')).strangers).toEqual([{ page: 1, found: 'household-register' }])
  })

  it('refuses only where no page is the paper, and says what tells most', () => {
    expect(mergePages(lease, [blank, other(), other('household-register')], TODAY)).toEqual({ kind: 'refused', page: 2, error: { kind: 'other-document', found: 'household-register' } })
    expect(mergePages(lease, [blank, other()], TODAY)).toEqual({ kind: 'refused', page: 1, error: { kind: 'other-document' } })
    expect(mergePages(lease, [blank, blank], TODAY)).toEqual({ kind: 'refused', page: 0, error: { kind: 'blank-page' } })
  })

  it('leaves open what no page gave surely', () => {
    expect(openFields(lease, [page(sure('tenant', '陈志远'), unsure('start', '2025-03-01'), missing('end')), other()])).toEqual(['number', 'start', 'end'])
  })

  it('never refuses for what the machine could not read: that page may be the paper', () => {
    const merged = read(blank, err({ kind: 'too-slow' }))
    expect(merged.failed).toEqual([{ page: 1, error: { kind: 'too-slow' } }])
    expect(merged.fields.every(({ reading }) => reading.state === 'missing' && reading.why === undefined)).toBe(true)
  })
})
