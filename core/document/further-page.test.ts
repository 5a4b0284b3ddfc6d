import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { DocumentKind } from './document-kind.ts'
import { documentKindSchema } from './document-kind.ts'
import type { EngineThresholds, RecognisedLine } from './engine.ts'
import { extractDocument } from './extract.ts'
import { asFurtherPage, fromFurtherPage } from './further-page.ts'
import type { FieldReading } from './reading.ts'

const thresholds: EngineThresholds = { checked: { mean: 0.85, minimum: 0.6 }, numeric: { mean: 0.95, minimum: 0.9 }, text: { mean: 0.98, minimum: 0.975 } }
const kindOf = (id: string): DocumentKind => documentKindSchema.parse(JSON.parse(readFileSync(new URL(`../../assets/ocr/kinds/${id}.json`, import.meta.url), 'utf8')))
const lease = kindOf('residence-lease')
const HEIGHT = 30

function printed(...lines: readonly string[]): readonly RecognisedLine[] {
  return lines.map((text, row) => {
    const top = 100 + row * 2 * HEIGHT
    const characters = [...text].map((character, index) => ({ text: character, box: { left: 200 + index * HEIGHT, top, right: 200 + index * HEIGHT + HEIGHT - 4, bottom: top + HEIGHT }, confidence: 0.99 }))
    return { box: { left: 200, top, right: 200 + characters.length * HEIGHT, bottom: top + HEIGHT }, characters }
  })
}

/** What a page gives for the open fields, when no kind was found on it. */
function further(lines: readonly RecognisedLine[], ...open: readonly string[]): readonly FieldReading[] | 'nothing' {
  expect(extractDocument({ lines }, [lease], [lease], thresholds)).toEqual({ ok: false, error: { kind: 'other-document' } })
  const kind = asFurtherPage(lease, open)
  const found = kind === undefined ? undefined : extractDocument({ lines }, [kind], [lease], thresholds)
  return found?.ok === true ? fromFurtherPage({ kind: lease.id, fields: found.value.fields.map(({ reading }) => reading) }).fields : 'nothing'
}

describe('a further page of a lease', () => {
  const signatures = printed('甲方（签字）：何建国', '乙方（签字）：陈志远', '签订日期：2025年2月20日')

  it('gives the day of signing, to be compared with the paper', () => {
    expect(further(signatures, 'signedDate')).toMatchObject([{ field: 'signedDate', value: '2025-02-20', state: 'unsure', why: 'untitled-page' }])
  })

  it('gives nothing that no page lacks, and nothing where no open field has a label of its own', () => {
    expect(further(signatures, 'area')).toBe('nothing')
    expect(further(signatures, 'tenantNumber')).toBe('nothing')
    expect(further(signatures)).toBe('nothing')
  })

  it('is not taken from a sentence that only mentions the label', () => {
    expect(further(printed('本附件自合同签订日期起生效，有效期与合同相同。', '家具清单：床一张，桌一张，椅四把。'), 'signedDate', 'area')).toBe('nothing')
  })

  it('is not sure of a number whose check character fits: it may be anybody’s', () => {
    const register = kindOf('household-register-page')
    const stray = printed('会员登记表', '姓名：何建国', '公民身份号码：990101195704300057', '会员等级：金卡')
    const kind = asFurtherPage(register, ['number'])
    const found = kind === undefined ? undefined : extractDocument({ lines: stray }, [kind], [register], thresholds)
    if (found?.ok !== true) throw new Error('not found')
    expect(fromFurtherPage({ kind: register.id, fields: found.value.fields.map(({ reading }) => reading) })).toMatchObject({ standing: 'further-page', fields: [{ value: '990101195704300057', state: 'unsure', why: 'untitled-page' }] })
  })

  it('has labels of its own, while those of all other fields still end a value', () => {
    expect(asFurtherPage(lease, ['tenantNumber', 'endDate'])).toMatchObject({ id: lease.id, titles: ['终止日期', '截止日期', '结束日期'], fields: [{ id: 'tenantNumber' }, { id: 'endDate' }], otherLabels: expect.arrayContaining(['合同编号', '起始日期', '房屋坐落']) as string[], checks: [] })
  })
})
