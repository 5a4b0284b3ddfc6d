import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { DocumentKind } from './document-kind.ts'
import { documentKindSchema, documentKindsOf } from './document-kind.ts'
import type { EngineThresholds, RecognisedCharacter, RecognisedLine } from './engine.ts'
import { boxBeforeTurn } from './engine.ts'
import { extractDocument } from './extract.ts'
import type { FieldReading } from './reading.ts'

const KINDS = new URL('../../assets/ocr/kinds/', import.meta.url)
const kinds = documentKindsOf(readdirSync(KINDS).map((name) => ({ name, json: JSON.parse(readFileSync(new URL(name, KINDS), 'utf8')) as unknown })))
const thresholds: EngineThresholds = { checked: { mean: 0.85, minimum: 0.6 }, numeric: { mean: 0.95, minimum: 0.9 }, text: { mean: 0.98, minimum: 0.975 } }

type RecordedCharacter = readonly [text: string, left: number, top: number, right: number, bottom: number, percent: number]

/** Lines as tesseract gave them for the demonstration papers. */
function recorded(page: string): RecognisedLine[] {
  const lines = JSON.parse(readFileSync(new URL(`recorded/${page}.json`, import.meta.url), 'utf8')) as readonly { readonly box: RecognisedLine['box']; readonly characters: readonly RecordedCharacter[] }[]
  return lines.map(({ box, characters }) => ({
    box,
    characters: characters.map(([text, left, top, right, bottom, percent]) => ({ text, box: { left, top, right, bottom }, confidence: percent / 100 })),
  }))
}

function truthOf(page: string): Readonly<Record<string, string>> {
  const truth = JSON.parse(readFileSync(new URL('../../sandbox/devices/scanner/pages/truth.json', import.meta.url), 'utf8')) as { readonly pages: readonly { readonly id: string; readonly fields: Readonly<Record<string, string>> }[] }
  return truth.pages.find(({ id }) => id === page)?.fields ?? {}
}

function fieldsOf(lines: readonly RecognisedLine[], of: readonly DocumentKind[] = kinds): { readonly kind: string; readonly fields: Readonly<Record<string, FieldReading>> } {
  const found = extractDocument({ lines }, of, kinds, thresholds)
  if (!found.ok) throw new Error(found.error.kind)
  return { kind: found.value.kind.id, fields: Object.fromEntries(found.value.fields.map(({ reading }) => [reading.field, reading])) }
}

const HEIGHT = 30
/** A printed line from its text: `_` is an empty place of one character. */
function line(text: string, left = 200, top = 100, confidence = 0.99): RecognisedLine {
  const characters = [...text].flatMap((character, index): RecognisedCharacter[] =>
    character === '_' ? [] : [{ text: character, box: { left: left + index * HEIGHT, top, right: left + index * HEIGHT + HEIGHT - 4, bottom: top + HEIGHT }, confidence }])
  return { box: { left, top, right: left + [...text].length * HEIGHT, bottom: top + HEIGHT }, characters }
}

const simple = (fields: readonly Partial<DocumentKind['fields'][number]>[], otherLabels: readonly string[] = []): DocumentKind[] =>
  [documentKindSchema.parse({ id: 'paper', name: { 'zh-CN': '纸', en: 'Paper' }, titles: ['证明'], fields: fields.map((field) => ({ name: { 'zh-CN': '栏', en: 'Field' }, ...field })), otherLabels })]

describe('recorded readings of the demonstration papers', () => {
  it.each([['lease', 'residence-lease'], ['lease-wrong-number', 'residence-lease'], ['property-certificate', 'property-certificate'], ['household-register', 'household-register-page']])('%s: whatever is sure is right', (page, kind) => {
    const found = fieldsOf(recorded(page))
    expect(found.kind).toBe(kind)
    const truth = truthOf(page)
    expect(Object.keys(found.fields).sort()).toEqual(Object.keys(truth).sort())
    for (const reading of Object.values(found.fields)) {
      if (reading.state === 'sure') expect(`${reading.field} ${reading.value}`).toBe(`${reading.field} ${truth[reading.field]}`)
    }
  })

  it('tells the two parties of a lease apart', () => {
    const { fields } = fieldsOf(recorded('lease'))
    expect(fields['landlordNumber']).toMatchObject({ value: '990101195704300057', state: 'sure' })
    expect(fields['tenantNumber']).toMatchObject({ value: '990101199011050014', state: 'sure' })
    expect(fields['tenantPhone']).toMatchObject({ value: '13900002046', state: 'sure' })
  })

  it('is never sure of a number whose check fails, however clear the print', () => {
    const reading = fieldsOf(recorded('lease-wrong-number')).fields['tenantNumber']
    expect(reading).toMatchObject({ value: '990101199011060014', state: 'unsure', why: 'check-failed' })
    expect(reading?.confidence).toBeGreaterThan(0.9)
  })

  it('is not sure of a word with one badly read sign', () => {
    expect(fieldsOf(recorded('lease')).fields['address']).toMatchObject({ state: 'unsure', why: 'low-confidence' })
  })
})

describe('finding values', () => {
  it('takes what stands behind the label, up to the next label or a wide gap', () => {
    const { fields } = fieldsOf([line('证明'), line('姓名:陈志远__性别:男______盖章', 200, 200)], simple([{ id: 'name', labels: ['姓名'], rule: 'name' }, { id: 'sex', labels: ['性别'], rule: 'text', oneOf: ['男', '女'] }]))
    expect(fields['name']).toMatchObject({ value: '陈志远', state: 'sure' })
    expect(fields['sex']).toMatchObject({ value: '男', state: 'sure' })
  })
  it('joins pieces of one printed line that the engine cut apart', () => {
    const { fields } = fieldsOf([line('证明'), line('陈志远', 600, 202), line('姓名', 200, 200)], simple([{ id: 'name', labels: ['姓名'], rule: 'name' }]))
    expect(fields['name']).toMatchObject({ value: '陈志远', state: 'sure' })
  })
  it('finds a label with one misread sign, but prefers one that is right', () => {
    const of = simple([{ id: 'number', labels: ['公民身份号码'], rule: 'citizen-id' }])
    expect(fieldsOf([line('证明'), line('公民身仿号码990101199011050014', 200, 200)], of).fields['number']).toMatchObject({ state: 'sure' })
    const both = fieldsOf([line('证明'), line('公民身仿号码990101195704300057', 200, 200), line('公民身份号码990101199011050014', 200, 300)], of)
    expect(both.fields['number']?.value).toBe('990101199011050014')
  })
  it('does not take the words of a sentence for a label', () => {
    const { fields } = fieldsOf([line('证明'), line('双方商定租金按季支付', 200, 200), line('租金:2600元', 200, 300)], simple([{ id: 'rent', labels: ['租金'], rule: 'amount' }]))
    expect(fields['rent']?.value).toBe('2600.00')
  })
  it('goes on in the next line of the same cell', () => {
    const { fields } = fieldsOf([line('证明'), line('住址__示范市示范区长宁路', 200, 200), line('8号3幢', 320, 240), line('日期2025年', 200, 280)], simple([{ id: 'address', labels: ['住址'], rule: 'address', mayWrap: true }], ['日期']))
    expect(fields['address']?.value).toBe('示范市示范区长宁路8号3幢')
  })
  it('finds a label that a narrow cell broke, with its value between the two lines', () => {
    const of = simple([{ id: 'number', labels: ['公民身份证件编号'], rule: 'citizen-id' }])
    expect(fieldsOf([line('证明'), line('公民身份', 200, 200), line('990101199011050014', 400, 217), line('证件编号', 200, 234)], of).fields['number']).toMatchObject({ state: 'sure' })
  })
  it('reads a value of two lines beside a label in the middle of its cell, and leaves the lines of the next cell alone', () => {
    const of = simple([{ id: 'address', labels: ['户籍地址'], rule: 'address', mayWrap: true }, { id: 'home', labels: ['居住地址'], rule: 'address', mayWrap: true }])
    const { fields } = fieldsOf([
      line('证明'), line('示范省长宁市桃园里62号', 400, 200), line('户籍地址', 200, 220), line('3幢502室', 400, 240),
      line('示范省江南市翠竹路8号', 400, 320), line('居住地址', 200, 340), line('1幢101室', 400, 360),
    ], of)
    expect(fields['address']?.value).toBe('示范省长宁市桃园里62号3幢502室')
    expect(fields['home']?.value).toBe('示范省江南市翠竹路8号1幢101室')
  })
  it('tells two persons with the same labels apart, and is not sure when one of the labels was not read', () => {
    const of = simple([{ id: 'first', labels: ['姓名'], nth: 1, rule: 'name' }, { id: 'second', labels: ['姓名'], nth: 2, rule: 'name' }])
    const both = fieldsOf([line('证明'), line('姓名:林小哲', 200, 200), line('姓名:丁安梅', 200, 400)], of).fields
    expect([both['first'], both['second']]).toMatchObject([{ value: '林小哲', state: 'sure' }, { value: '丁安梅', state: 'sure' }])
    const one = fieldsOf([line('证明'), line('姓名:丁安梅', 200, 400)], of).fields
    expect([one['first']?.state, one['second']?.state]).toEqual(['unsure', 'unsure'])
  })
  it('a label of which one sign was not read leads to a proposal only', () => {
    const of = simple([{ id: 'address', labels: ['住址'], rule: 'address' }, { id: 'name', labels: ['姓名'], rule: 'name' }])
    expect(fieldsOf([line('证明'), line('姓名:林小哲', 200, 150), line('往址_示范省江南市翠竹路8号', 200, 200)], of).fields['address']).toMatchObject({ value: '示范省江南市翠竹路8号', state: 'unsure' })
  })
  it('a label is not taken for a longer one that begins with it', () => {
    const of = simple([{ id: 'contact', labels: ['联系人'], rule: 'name' }, { id: 'phone', labels: ['联系人电话'], rule: 'phone' }])
    const { fields } = fieldsOf([line('证明'), line('联系人电话__13900002046', 200, 200), line('联系人__何建国', 200, 300)], of)
    expect([fields['contact'], fields['phone']]).toMatchObject([{ value: '何建国', state: 'sure' }, { value: '13900002046', state: 'sure' }])
  })
  it('a sign that was cut between two pieces is read once, the clear one', () => {
    const cut = line('陈志远耶', 300, 200)
    const pieces = [line('姓名', 200, 200), { ...cut, characters: cut.characters.map((sign, at) => (at === 3 ? { ...sign, confidence: 0.6 } : sign)) }, line('联系电话13900002046', 396, 202)]
    const of = simple([{ id: 'name', labels: ['姓名'], rule: 'name' }], ['联系电话'])
    expect(fieldsOf([line('证明'), ...pieces], of).fields['name']?.value).toBe('陈志远')
  })
  it('the end of an underline with a part of the next sign does not part a row', () => {
    const cut = { ...line('耳', 586, 200), characters: line('耳', 586, 200).characters.map((sign) => ({ ...sign, confidence: 0.8 })) }
    const of = simple([{ id: 'name', labels: ['姓名'], rule: 'name' }, { id: 'phone', labels: ['联系电话'], rule: 'phone' }])
    const { fields } = fieldsOf([line('证明'), line('姓名:陈志远', 200, 200), cut, line('联系电话:13900002046', 590, 202)], of)
    expect([fields['name'], fields['phone']]).toMatchObject([{ value: '陈志远', state: 'sure' }, { value: '13900002046', state: 'sure' }])
    const digit = { ...line('3', 356, 200), characters: line('3', 356, 200).characters.map((sign) => ({ ...sign, confidence: 0.87 })) }
    const household = simple([{ id: 'number', labels: ['户号'], rule: 'digits' }])
    expect(fieldsOf([line('证明'), line('户号', 200, 200), digit, line('343767157', 360, 202)], household).fields['number']).toMatchObject({ value: '343767157', state: 'sure' })
  })
  it('what stands behind the name of the next party is that one’s', () => {
    const of = simple([{ id: 'first', labels: ['电话'], after: ['甲方'], rule: 'phone' }, { id: 'second', labels: ['电话'], after: ['乙方'], rule: 'phone' }])
    const rows = [line('证明'), line('甲方:陈志远', 200, 200), line('电话:13900002046', 200, 260), line('乙方:苏望舒', 200, 320), line('电话:13900001111', 200, 380)]
    const of2 = (lines: readonly RecognisedLine[]) => (({ first, second }) => [first?.value, second?.value])(fieldsOf(lines, of).fields)
    expect(of2(rows)).toEqual(['13900002046', '13900001111'])
    expect(of2(rows.filter((_, index) => index !== 2)), 'the first one was not read').toEqual(['', '13900001111'])
  })
  it('a value without a label is found by its form, in its part of the page', () => {
    const of = simple([{ id: 'day', alone: '\\d{4}年\\d{1,2}月\\d{1,2}日', region: { left: 0, top: 0.5, right: 1, bottom: 1 }, rule: 'date' }])
    const found = extractDocument({ lines: [line('证明'), line('2001年1月1日', 200, 200), line('2024年7月22日', 200, 800)], size: { width: 1000, height: 1000 } }, of, of, thresholds)
    expect(found.ok && found.value.fields[0]?.reading).toMatchObject({ value: '2024-07-22', state: 'sure' })
  })
  it('a speck in the gap before a label does not hide the label; it may be a part of another one', () => {
    const of = simple([{ id: 'sex', labels: ['性别'], rule: 'text' }, { id: 'nation', labels: ['民族'], rule: 'nation' }])
    const page = line('性别女_了_民族汉', 200, 200)
    const specked = { ...page, characters: page.characters.map((character) => (character.text === '了' ? { ...character, confidence: 0.2 } : character)) }
    const gap = line('性别女丶民族汉', 200, 200)
    const narrow = { ...gap, characters: gap.characters.map((character) => (character.text === '丶' ? { ...character, confidence: 0.2 } : character)) }
    for (const row of [specked, narrow]) expect(fieldsOf([line('证明'), row], of).fields['nation']).toMatchObject({ value: '汉' })
    expect(fieldsOf([line('证明'), narrow], of).fields['nation']).toMatchObject({ state: 'unsure', why: 'guessed-place' })
    const owner = simple([{ id: 'owner', labels: ['权利人'], rule: 'name' }])
    const other = line('共权利人李小强', 200, 200)
    const misread = { ...other, characters: other.characters.map((character, index) => (index === 0 ? { ...character, confidence: 0.4 } : character)) }
    expect(fieldsOf([line('证明'), misread, line('权利人丁安梅', 200, 300)], owner).fields['owner']).toMatchObject({ value: '丁安梅', state: 'sure' })
  })
  it('a value goes on in the next line behind a speck of a seal, and not behind another label', () => {
    const of = simple([{ id: 'address', labels: ['住址'], rule: 'address', mayWrap: true }])
    const wrapped = (sign: string, confidence: number) => {
      const next = line(`${sign}盛世华庭`, 230, 240)
      return fieldsOf([line('证明'), line('住址示范市育才路88号', 200, 200), { ...next, characters: next.characters.map((character, index) => (index === 0 ? { ...character, confidence } : character)) }], of).fields['address']
    }
    expect(wrapped('9', 0.5)).toMatchObject({ value: '示范市育才路88号盛世华庭', state: 'unsure', why: 'guessed-place' })
    expect(wrapped('邮', 0.99)).toMatchObject({ value: '示范市育才路88号', state: 'sure' })
  })
  it('a badly read label of the next row does not join its value to this one', () => {
    const of = simple([{ id: 'address', labels: ['坐落'], rule: 'address', mayWrap: true }])
    const next = line('甪途住宅', 200, 240)
    const badly = { ...next, characters: next.characters.map((character, index) => (index < 2 ? { ...character, confidence: 0.7 } : character)) }
    expect(fieldsOf([line('证明'), line('坐落示范省江南市翠竹路8号', 200, 200), badly], of).fields['address']).toMatchObject({ value: '示范省江南市翠竹路8号' })
  })
  it('says that a field is missing', () => {
    const { fields } = fieldsOf([line('证明'), line('姓名:', 200, 200)], simple([{ id: 'name', labels: ['姓名'], rule: 'name' }, { id: 'number', labels: ['号码'], rule: 'citizen-id' }]))
    expect(fields['name']).toMatchObject({ state: 'missing', why: 'not-found', value: '' })
    expect(fields['number']).toMatchObject({ state: 'missing', why: 'not-found' })
  })
})

describe('doubts', () => {
  const of = simple([{ id: 'name', labels: ['姓名'], rule: 'name' }])
  it('a hole in a name is room for a sign that the engine did not see', () => {
    expect(fieldsOf([line('证明'), line('姓名:陈_远', 200, 200)], of).fields['name']).toMatchObject({ value: '陈远', state: 'unsure', why: 'characters-missing' })
  })
  it('a value outside its closed list is not sure', () => {
    const sex = simple([{ id: 'sex', labels: ['性别'], rule: 'text', oneOf: ['男', '女'] }])
    expect(fieldsOf([line('证明'), line('性别:另', 200, 200)], sex).fields['sex']).toMatchObject({ state: 'unsure', why: 'not-a-choice' })
  })
  it('a blank page and another paper are told apart', () => {
    expect(extractDocument({ lines: [] }, kinds, kinds, thresholds)).toEqual({ ok: false, error: { kind: 'blank-page' } })
    expect(extractDocument({ lines: [line('.')] }, kinds, kinds, thresholds)).toEqual({ ok: false, error: { kind: 'blank-page' } })
    expect(extractDocument({ lines: [line('今日午餐菜单青椒肉丝')] }, kinds, kinds, thresholds)).toEqual({ ok: false, error: { kind: 'other-document' } })
  })
  it('a lease is not taken for a certificate', () => {
    expect(extractDocument({ lines: recorded('lease') }, kinds.filter(({ id }) => id === 'property-certificate'), kinds, thresholds)).toEqual({ ok: false, error: { kind: 'other-document', found: 'residence-lease' } })
  })
})

it('leads a box back to the picture as it was delivered', () => {
  const page = { width: 1000, height: 2000 }
  expect(boxBeforeTurn({ left: 10, top: 20, right: 30, bottom: 40 }, page, { turnedDegrees: 0, ...page })).toEqual({ left: 10, top: 20, right: 30, bottom: 40 })
  // Turned clockwise by 90° about the centre, what was above the centre came to its right.
  expect(boxBeforeTurn({ left: 1090, top: 490, right: 1110, bottom: 510 }, page, { turnedDegrees: 90, width: 2000, height: 1000 })).toEqual({ left: 490, top: 890, right: 510, bottom: 910 })
})

describe('document kinds as data', () => {
  it('refuses a kind with two fields of one id, no way to find a value, or a broken pattern', () => {
    const name = { 'zh-CN': '栏', en: 'Field' }
    const messages = (fields: readonly unknown[]): readonly string[] => documentKindSchema.safeParse({ id: 'paper', name, titles: ['证明'], fields }).error?.issues.map(({ message }) => message) ?? []
    expect(messages([{ id: 'a', name, labels: ['甲'], rule: 'text' }, { id: 'a', name, labels: ['乙'], rule: 'text' }])).toEqual(['the field "a" stands twice in "paper"'])
    expect(messages([{ id: 'a', name, labels: [], rule: 'text' }])).toEqual(['the field "a" has no label, form or region to be found by'])
    expect(messages([{ id: 'a', name, labels: ['甲'], rule: 'text', pattern: '(' }])).toEqual(['"pattern" of "a" is no regular expression'])
  })
})

describe('papers with a seal or a hole in their print', () => {
  const ofKind = (id: string): DocumentKind[] => kinds.filter((kind) => kind.id === id)

  it('a bank card of which a digit too many was read stays a bank card', () => {
    const card = [line('储蓄卡', 700, 40), line('银联', 720, 540), line('99880272284984648', 80, 330)]
    const { kind, fields } = fieldsOf(card, ofKind('bank-card'))
    expect(kind).toBe('bank-card')
    expect(fields['number']).toMatchObject({ value: '99880272284984648', state: 'unsure' })
    const specked = fieldsOf([line('银联', 720, 540), line('4000.000000000002', 80, 330)], ofKind('bank-card'))
    expect(specked.fields['number']).toMatchObject({ value: '4000000000000002', state: 'unsure', why: 'low-confidence' })
  })

  it('a word of another paper makes no bank card', () => {
    const lease = [line('出租人(甲方):张蕾', 200, 60), line('证件号码:990101199011050014', 200, 100), line('联系电话:13000000000', 200, 140), line('承租人(乙方):郑萍佳', 200, 180), line('证件号码:990101195704300057', 200, 220), line('联系电话:13000000001', 200, 260), line('房屋座落:长宁市柳林路18号', 200, 300), line('起始日期:2025年3月1日', 200, 400), line('信用卡或转账支付', 200, 500)]
    expect(fieldsOf(lease, ofKind('residence-lease')).kind).toBe('residence-lease')
    const page = [line('付款方式', 200, 100), line('信用卡或银行转账', 200, 200), line('签订日期:2025年3月1日', 200, 300)]
    expect(extractDocument({ lines: page }, ofKind('residence-lease'), kinds, thresholds)).toEqual({ ok: false, error: { kind: 'other-document' } })
    expect(extractDocument({ lines: [line('银联', 200, 100), line('签购单', 200, 200)] }, ofKind('bank-card'), kinds, thresholds)).toMatchObject({ ok: false })
  })

  it('a label without its brackets is not taken for a shorter one with a part of the value', () => {
    for (const read of ['承租人(乙方):郑萍佳', '承租人乙方郑萍佳', '承租人(乙方:郑萍佳']) {
      const { fields } = fieldsOf([line('住房租赁合同', 500, 20), line('出租人(甲方):张蕾', 200, 200), line(read, 200, 300)], ofKind('residence-lease'))
      expect(fields['tenant']?.value).toBe('郑萍佳')
    }
  })

  it('a date that its paper prints with wide gaps is found without one of its marks', () => {
    const licence = (date: readonly RecognisedLine[]): FieldReading | undefined => {
      const lines = [line('营业执照', 600, 100), line('统一社会信用代码', 100, 200), line('住所', 700, 300), ...date]
      const found = extractDocument({ lines, size: { width: 1400, height: 1000 } }, ofKind('business-licence'), kinds, thresholds)
      return found.ok ? found.value.fields.find(({ reading }) => reading.field === 'registeredDate')?.reading : undefined
    }
    expect(licence([line('2025年03月', 700, 800), line('15', 960, 800), line('B', 1050, 800, 0.65)])).toMatchObject({ value: '2025-03-15', state: 'unsure', why: 'characters-missing' })
    expect(licence([line('2025年11', 700, 800), line('16日', 960, 800)])).toMatchObject({ value: '2025-11-16', state: 'unsure' })
    expect(licence([line('2025年03月', 700, 800)])).toMatchObject({ state: 'missing' })
    expect(licence([line('市场主体应当于每年1月1日至6月30日报送', 500, 900)])).toMatchObject({ state: 'missing' })
  })
})
