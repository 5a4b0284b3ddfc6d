import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { err, ok } from '../result/result.ts'
import { documentKindSchema } from './document-kind.ts'
import type { MergedPaper, PageRead } from './merge-pages.ts'
import { mergePages, openFields, provedByCard } from './merge-pages.ts'
import { fromFurtherPage } from './further-page.ts'
import type { FieldDoubt, FieldReading } from './reading.ts'

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
const unsure = (field: string, value: string, why: FieldDoubt = 'low-confidence'): FieldReading => ({ field, value, state: 'unsure', why, confidence: 0.6, box })
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
    const first = page(sure('tenant', '陈志远'), unsure('start', '25', 'not-a-date'), missing('end'))
    const last = page(unsure('tenant', '陈志', 'characters-missing'), sure('start', '2025-03-01'), unsure('end', '2026-02-28'))
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

  it('a sure value is not sure where another page was read to say something else, however faintly', () => {
    const merged = read(page(sure('tenant', '陈志远')), page(unsure('tenant', '周桂兰')), page(unsure('tenant', '陈志远')))
    expect(fieldOf(merged, 'tenant')).toMatchObject({ page: 0, reading: { value: '陈志远', state: 'unsure', why: 'readings-differ' }, differing: [{ page: 0 }, { page: 1, reading: { value: '周桂兰' } }] })
    expect(fieldOf(read(page(unsure('number', '99010119901105001', 'wrong-length')), page(sure('number', '990101195704300057'))), 'number')).toMatchObject({ reading: { state: 'unsure', why: 'readings-differ' } })
    // The same number with a sign lost, or with one misread, is the same number.
    for (const [value, why] of [['99010119901105001', 'wrong-length'], ['990101199O11050014', 'check-failed']] as const) {
      expect(fieldOf(read(page(unsure('number', value, why)), page(sure('number', '990101199011050014'))), 'number')).toMatchObject({ page: 1, reading: { state: 'sure' }, differing: [] })
    }
  })

  it('what is at odds with another value on one page is not sure because a second page repeats it', () => {
    const merged = read(page(unsure('start', '2026-03-01', 'values-disagree'), unsure('end', '2025-02-28', 'values-disagree')), page(sure('start', '2026-03-01')))
    expect(fieldOf(merged, 'start')?.reading).toMatchObject({ value: '2026-03-01', state: 'unsure', why: 'values-disagree' })
  })

  it('where pages surely differ, only what each of them says is sure', () => {
    const merged = read(page(sure('tenant', '陈志远'), sure('start', '2025-03-01'), missing('end')), page(sure('tenant', '周桂兰'), sure('start', '2025-03-01'), sure('end', '2026-02-28')), page(sure('number', '990101199011050014')))
    expect(['start', 'end', 'number'].map((id) => fieldOf(merged, id)?.reading).map((reading) => [reading?.state, reading?.why])).toEqual([['sure', undefined], ['unsure', 'pages-disagree'], ['unsure', 'pages-disagree']])
  })

  it('checks values against each other that stand on different pages', () => {
    const merged = read(page(sure('start', '2026-03-01')), page(sure('end', '2025-02-28')))
    expect(['start', 'end'].map((id) => fieldOf(merged, id)?.reading)).toMatchObject([{ state: 'unsure', why: 'values-disagree' }, { state: 'unsure', why: 'values-disagree' }])
    expect(fieldOf(read(page(sure('start', '2025-03-01')), page(sure('end', '2026-02-28'))), 'end')).toMatchObject({ reading: { state: 'sure' }, page: 1 })
  })

  it('checks every page against every other, not only the values that are taken', () => {
    const merged = read(page(sure('start', '2025-03-01')), page(sure('end', '2026-02-28')), page(unsure('end', '2024-01-01')))
    expect(fieldOf(merged, 'start')?.reading).toMatchObject({ state: 'unsure', why: 'values-disagree' })
  })

  describe('a number on a page without a title', () => {
    const number = '990101199011050014'
    const stray = (value: string): PageRead => ok(fromFurtherPage({ kind: 'lease', fields: [sure('number', value)] }))
    const numberOf = (...reads: readonly PageRead[]) => fieldOf(read(...reads), 'number')?.reading
    it('is never sure by itself, nor by another page without a title', () => {
      expect(numberOf(page(sure('tenant', '陈志远'), missing('number')), stray(number))).toMatchObject({ value: number, state: 'unsure', why: 'untitled-page' })
      const faint = ok(fromFurtherPage({ kind: 'lease', fields: [unsure('number', number)] }))
      expect(numberOf(page(sure('tenant', '陈志远')), faint, stray(number))).toMatchObject({ state: 'unsure' })
    })
    it('is borne out by the same number on a page with one, but for a sign', () => {
      for (const [value, why] of [[number, 'low-confidence'], ['990101199011050O14', 'check-failed'], ['9901011990110500147', 'wrong-length']] as const) {
        expect(numberOf(page(unsure('number', value, why)), stray(number))).toMatchObject({ value: number, state: 'sure' })
      }
    })
    it('is not borne out by another number', () => {
      expect(numberOf(page(unsure('number', '990101195704300057', 'repaired')), stray(number))).toMatchObject({ state: 'unsure' })
      expect(numberOf(page(unsure('number', '9901011990110500', 'wrong-length')), stray(number))).toMatchObject({ state: 'unsure' })
    })
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

describe('pages of the household register', () => {
  const register = documentKindSchema.parse(JSON.parse(readFileSync(new URL('../../assets/ocr/kinds/household-register-page.json', import.meta.url), 'utf8')))
  const together = (...pages: readonly (readonly FieldReading[])[]): Readonly<Record<string, string>> => {
    const merged = mergePages(register, pages.map((fields) => ok({ kind: register.id, fields })), TODAY)
    return merged.kind === 'read' ? Object.fromEntries(merged.fields.filter(({ reading }) => reading.value !== '').map(({ reading: { field, value, state, why } }) => [field, `${value} ${why ?? state}`])) : {}
  }

  it('of two members never become one person with the number of the other', () => {
    expect(together(
      [sure('name', '陈志远'), sure('birthDate', '1990-11-05'), sure('sex', '男'), unsure('number', '99010119901105001', 'wrong-length')],
      [unsure('name', '何建国'), sure('birthDate', '1957-04-30'), sure('sex', '男'), sure('number', '990101195704300057')],
    )).toEqual({ name: '陈志远 readings-differ', birthDate: '1990-11-05 readings-differ', sex: '男 sure', number: '990101195704300057 readings-differ' })
  })

  it('are told apart by names of two characters too, which no card then proves', () => {
    const short = (value: string) => unsure('name', value, 'name-length')
    const [one, other] = [[short('王伟'), missing('address')], [short('李强'), sure('address', '示范市示范区柳林路18号')]]
    expect(together(one, other)).toEqual({ name: '王伟 readings-differ', address: '示范市示范区柳林路18号 pages-disagree' })
    const merged = mergePages(register, [one, other].map((fields) => ok({ kind: register.id, fields })), TODAY)
    expect(provedByCard(register, merged, '王伟')).toEqual(merged)
    expect(together(one, [short('王伟')])).toEqual({ name: '王伟 name-length' })
  })

  it('a birth date that the number told hides none that another page shows', () => {
    const number = sure('number', '990101199011050014')
    expect(together([sure('name', '陈志远'), unsure('birthDate', '1990-11-05', 'told-by-number'), number], [unsure('birthDate', '1980-01-01')])).toEqual({ name: '陈志远 sure', birthDate: '1980-01-01 low-confidence', number: '990101199011050014 values-disagree' })
    // Where none does, it is told of the whole paper; the faint one that agrees is proved.
    expect(together([sure('name', '陈志远'), unsure('birthDate', '1990-11-05', 'told-by-number'), number], [missing('birthDate')])).toMatchObject({ birthDate: '1990-11-05 told-by-number' })
    expect(together([unsure('birthDate', '1990-11-05', 'told-by-number'), number], [unsure('birthDate', '1990-11-05')])).toMatchObject({ birthDate: '1990-11-05 sure', number: '990101199011050014 sure' })
  })
})

describe('the card of whoever applies', () => {
  const licence = documentKindSchema.parse({ id: 'pair', name: { 'zh-CN': '证', en: 'Paper' }, fields: ['first', 'second'].map((id) => ({ id, name: { 'zh-CN': '栏', en: 'Field' }, labels: [id], rule: 'name' })) })
  const proved = (first: FieldReading, second: FieldReading) => {
    const merged = provedByCard(licence, mergePages(licence, [ok({ kind: 'pair', fields: [first, second] })], TODAY), '丁安梅')
    return merged.kind === 'read' ? merged.fields.map(({ reading }) => `${reading.value} ${reading.why ?? reading.state}`) : []
  }
  it('proves a name that is faint or short', () => {
    expect(proved(unsure('first', '丁安梅'), sure('second', '林小哲'))).toEqual(['丁安梅 sure', '林小哲 sure'])
  })
  it('proves neither of two that are both hers, nor one whose place is a guess', () => {
    expect(proved(unsure('first', '丁安梅'), unsure('second', '丁安梅'))).toEqual(['丁安梅 low-confidence', '丁安梅 low-confidence'])
    expect(proved(unsure('first', '丁安梅', 'guessed-place'), sure('second', '林小哲'))).toEqual(['丁安梅 guessed-place', '林小哲 sure'])
  })
})
