import { describe, expect, it } from 'vitest'
import { documentFieldSchema } from './document-kind.ts'
import type { DocumentField } from './document-kind.ts'
import type { EngineThresholds, RecognisedLine } from './engine.ts'
import { rowsOf } from './characters.ts'
import { judgeField } from './judge-field.ts'

const thresholds: EngineThresholds = { checked: { mean: 0.8, minimum: 0.5 }, numeric: { mean: 0.95, minimum: 0.7 }, text: { mean: 0.95, minimum: 0.85 } }
const fieldOf = (rest: Partial<DocumentField>): DocumentField => documentFieldSchema.parse({ id: 'value', name: { 'zh-CN': '栏', en: 'Field' }, labels: ['栏'], rule: 'text', ...rest })

const PRINT = 30
/** A piece as the neural engine cuts it: air around the print, and `behind` more room than that. */
function piece(text: string, { behind = 0, confidence = () => 0.99 }: { readonly behind?: number; readonly confidence?: (at: number) => number } = {}): RecognisedLine {
  const AIR = 12
  const signs = [...text].map((sign, at) => ({ text: sign, confidence: confidence(at), box: { left: 100 + at * PRINT, top: 100, right: 100 + (at + 1) * PRINT - 2, bottom: 100 + PRINT } }))
  return { box: { left: 100 - AIR, top: 95, right: 100 + signs.length * PRINT + AIR + behind, bottom: 135 }, characters: signs }
}
const judged = (field: DocumentField, line: RecognisedLine) => judgeField(field, rowsOf([line])[0]?.characters ?? [], thresholds)

describe('characters that an engine dropped without a trace', () => {
  const name = fieldOf({ rule: 'name' })
  it('a name that fills its piece is sure', () => expect(judged(name, piece('周桂兰'))).toMatchObject({ value: '周桂兰', state: 'sure' }))
  it('room for one more character behind it is asked about', () => expect(judged(name, piece('周桂', { behind: PRINT }))).toMatchObject({ value: '周桂', state: 'unsure', why: 'characters-missing' }))
  it('also where a label that is spaced out stands in the same piece', () => {
    const spaced = piece('姓 名文艳', { behind: PRINT })
    const line: RecognisedLine = { ...spaced, characters: spaced.characters.filter(({ text }) => text !== ' ') }
    expect(judgeField(name, (rowsOf([line])[0]?.characters ?? []).slice(2), thresholds)).toMatchObject({ value: '文艳', state: 'unsure', why: 'characters-missing' })
  })
  it('a name of two characters may be what is left of three, and no room shows it', () => expect(judged(name, piece('邹文'))).toMatchObject({ value: '邹文', state: 'unsure', why: 'name-length' }))
  it('a sign that is no surname before one that is, or any before three, may be none of the name', () => {
    for (const stray of ['委魏庆洁', '方陈志远']) expect(judged(name, piece(stray)), stray).toMatchObject({ state: 'unsure', why: 'name-length' })
    for (const whole of ['魏庆洁', '欧阳庆洁', '扎西次仁', '肖一诺', '付子轩']) expect(judged(name, piece(whole)), whole).toMatchObject({ value: whole, state: 'sure' })
  })
  it('so is a single character in a piece for two', () => expect(judged(fieldOf({}), piece('主', { behind: PRINT }))).toMatchObject({ state: 'unsure', why: 'characters-missing' }))
  it('a single character with the usual air is sure', () => expect(judged(fieldOf({ rule: 'nation' }), piece('汉'))).toMatchObject({ state: 'sure' }))
  it('a number has no such room', () => expect(judged(fieldOf({ rule: 'phone' }), piece('13900002046', { behind: PRINT }))).toMatchObject({ state: 'sure' }))
})

describe('confidence', () => {
  it('one weak sign of a text is asked about', () => expect(judged(fieldOf({ rule: 'address' }), piece('示范市白云路', { confidence: (at) => (at === 2 ? 0.8 : 1) }))).toMatchObject({ why: 'low-confidence', confidence: 0.8 }))
  it('a check character proves weak digits', () => expect(judged(fieldOf({ rule: 'citizen-id' }), piece('990101199011050014', { confidence: (at) => (at === 5 ? 0.6 : 1) }))).toMatchObject({ state: 'sure' }))
  it('a doubtful digit that alone mends the number is put right, and asked about', () =>
    expect(judged(fieldOf({ rule: 'citizen-id' }), piece('990101199811050014', { confidence: (at) => (at === 9 ? 0.7 : 1) }))).toMatchObject({ value: '990101199011050014', state: 'unsure', why: 'repaired' }))
  it('the same number in clear print is left as it is', () =>
    expect(judged(fieldOf({ rule: 'citizen-id' }), piece('990101199811050014'))).toMatchObject({ value: '990101199811050014', state: 'unsure', why: 'check-failed' }))
})

describe('form', () => {
  const certificate = fieldOf({ pattern: '[A-Z]\\d{6}-\\d{4}-\\d{6}' })
  it('a value in its form is sure', () => expect(judged(certificate, piece('J990101-2014-431132'))).toMatchObject({ state: 'sure' }))
  it('one thin mark that was not read is proposed', () => expect(judged(certificate, piece('J9901012014-431132'))).toMatchObject({ value: 'J990101-2014-431132', state: 'unsure', why: 'not-the-pattern' }))
  it('letters where the form has digits are proposed as those', () => expect(judged(certificate, piece('J99O101-2025-q9758l'))).toMatchObject({ value: 'J990101-2025-997581', state: 'unsure', why: 'not-the-pattern' }))
  it('a stroke that is no sign of any text is the comma that it looks like', () => expect(judged(fieldOf({}), piece('非上市丶自然人投资'))).toMatchObject({ value: '非上市、自然人投资', state: 'sure' }))
  it('signs beside a name are left out of the proposal', () => expect(judged(fieldOf({ rule: 'name' }), piece('3袁旭7'))).toMatchObject({ value: '袁旭', state: 'unsure', why: 'not-a-name' }))
})
