import { describe, expect, test } from 'vitest'
import { createInterpretingAjv } from './interpreting-ajv.ts'
import { formControls, shownData } from './controls.ts'
import { formSections } from './lines.ts'
import { applyScan, applyTyped, prefillForm } from './prefill.ts'
import { compileSchema } from './schema-check.ts'
import { validateForm } from './validate.ts'
import { ageAt } from '../identity/dates.ts'
import { parseCitizenId } from '../identity/citizen-id.ts'
import type { Identity } from '../identity/identity.ts'
import { checkPack } from '../matter-pack/check.ts'
import { DEMONSTRATION_PACK } from '../matter-pack/demonstration-pack.test-data.ts'
import type { Matter } from '../matter-pack/schema.ts'

const TODAY = '2026-11-22'
const checked = checkPack(DEMONSTRATION_PACK)
if (!checked.ok) throw new Error('the demonstration pack has faults')
const matter = (id: string): Matter => {
  const found = checked.value.matters.find((one) => one.id === id)
  if (!found) throw new Error(id)
  return found
}
const [m01, m05, m12] = [matter('M01'), matter('M05'), matter('M12')]

function person(name: string, number: string, birth: string, address: string): Identity {
  const parsed = parseCitizenId(number)
  if (!parsed.ok) throw new Error('number')
  return { kind: 'resident', name, sex: 'male', nationCode: '01', birth, address, number: parsed.value, issuer: '演示', validFrom: '2020-11-06', validTo: '2040-11-06' }
}
const chen = person('陈志远', '990101199011050014', '1990-11-05', '演示省北山县青石镇河口村12号')
const lin = person('林晓雯', '990101198512200047', '1985-12-20', '演示市安和区柳林路20号1幢303室')
const home = { kind: 'apply', halfYear: 'yes', basis: 'home', who: 'self' }
const facts = { answers: home, today: TODAY }
const filled = prefillForm(m05.form, { identity: chen, answers: home, today: TODAY })
const complete = { ...filled.data, livingAddress: '演示市安和区柳林路18号3幢502室', since: '2026-01-10', homeHeld: 'rented', landlordName: '何建国', phone: '13800000000', delivery: 'pick-up' }

describe('prefilling', () => {
  test('takes the card and the answers, says where each came from, and locks them', () => {
    expect(filled.data).toEqual({ kind: 'apply', basis: 'home', who: 'self', applicantName: '陈志远', applicantNumber: '990101199011050014' })
    expect(filled.sources).toEqual({ '/kind': 'answer', '/basis': 'answer', '/who': 'answer', '/applicantName': 'id-card', '/applicantNumber': 'id-card' })
    expect(filled.locked).toEqual(['/kind', '/basis', '/who', '/applicantName', '/applicantNumber'])
  })

  test('puts a proxy’s card into the proxy’s fields and leaves the applicant to be filled in', () => {
    const { data, locked } = prefillForm(m05.form, { identity: lin, answers: { ...home, who: 'guardian' }, today: TODAY })
    expect(data).toMatchObject({ proxyName: '林晓雯', proxyNumber: '990101198512200047' })
    expect(data['applicantName']).toBeUndefined()
    expect(locked).not.toContain('/applicantName')
  })

  test('a card that knows a newer address fills that one', () => {
    const moved = prefillForm(m12.form, { identity: { ...lin, newAddresses: ['示范市示范区旧城路5号', '示范市示范区青年路26号'] }, answers: { who: 'self' }, today: TODAY })
    expect(moved.data['livingAddress']).toBe('示范市示范区青年路26号')
  })

  test('an address of the card can be corrected; a default is there without a source', () => {
    const elder = prefillForm(m12.form, { identity: lin, answers: { who: 'self' }, today: TODAY })
    expect(elder.data['livingAddress']).toBe(lin.address)
    expect(elder.locked).not.toContain('/livingAddress')
    const proof = prefillForm(m01.form, { identity: chen, answers: {}, today: TODAY })
    expect(proof.data['copies']).toBe(1)
    expect(proof.sources['/copies']).toBeUndefined()
  })

  test('typing changes what is not locked, and only that', () => {
    const typed = applyTyped(m05.form, filled, { ...filled.data, applicantName: '别人', phone: '13800000000', unknown: 'x' })
    expect(typed.data).toEqual({ ...filled.data, phone: '13800000000' })
    expect(typed.sources['/phone']).toBe('typed')
    expect(applyTyped(m05.form, typed, { ...typed.data, phone: '' }).sources['/phone']).toBeUndefined()
  })
})

describe('validating', () => {
  const pointers = (data: Record<string, unknown>, given = facts): readonly string[] => validateForm(m05.form, data, given).map(({ pointer }) => pointer)

  test('a complete form has no gaps', () => {
    expect(validateForm(m05.form, complete, facts)).toEqual([])
  })

  test('tells all gaps at once, in the order of the screen, each once, in both languages', () => {
    const gaps = validateForm(m05.form, filled.data, facts)
    expect(gaps.map(({ pointer }) => pointer)).toEqual(['/livingAddress', '/since', '/homeHeld', '/phone', '/delivery'])
    expect(gaps[0]?.message).toEqual({ 'zh-CN': '请填写“现在住的地址”。', en: 'Please fill in “Where you live now”.' })
    expect(gaps[2]?.message['zh-CN']).toBe('请选择“住处是怎么来的”。')
  })

  test.each<[string, unknown, RegExp]>([
    ['phone', '1380000000', /11 位数字/], ['phone', '23800000000', /以 1 开头/], ['since', '2026-02-30', /没有这一天/], ['applicantNumber', '990101199011050015', /./],
    ['landlordName', '　', /请用文字填写|至少/], ['livingAddress', '柳林路', /门牌和房间号/], ['delivery', 'drone', /从给出的选项里选/], ['livingAddress', '', /请填写/], ['landlordPhone', 13_800_000_000, /填得不对/],
  ])('%s = %j is a gap', (field, value, sentence) => {
    const gap = validateForm(m05.form, { ...complete, [field]: value }, facts).find(({ pointer }) => pointer === `/${field}`)
    expect(gap?.message['zh-CN']).toMatch(sentence)
    expect(gap?.message.en).not.toBe('')
  })

  test('asks only for what is shown, and does not judge what is hidden', () => {
    expect(pointers({ ...complete, homeHeld: 'own', landlordName: undefined })).toEqual([])
    expect(pointers({ ...complete, employerName: 'x' })).toEqual([])
    expect(pointers({ ...complete, delivery: 'post' })).toEqual(['/postAddress'])
    expect(pointers({ ...complete, basis: 'work' })).toEqual(['/employerName'])
    expect(shownData(m05.form, { ...complete, delivery: 'pick-up', postAddress: '旧的' })['postAddress']).toBeUndefined()
  })

  test('a value that the form does not have is a gap, whoever sent it', () => {
    expect(pointers({ ...complete, isAdministrator: true })).toEqual(['/isAdministrator'])
  })

  test('cross-field rules: half a year, to the day', () => {
    expect(pointers({ ...complete, since: '2026-05-22' })).toEqual([])
    expect(pointers({ ...complete, since: '2026-05-23' })).toEqual(['/since'])
    expect(pointers({ ...complete, since: '2027-01-01' })).toEqual(['/since'])
  })

  test('cross-field rules: applicant and proxy are two people', () => {
    const answers = { ...home, who: 'relative' }
    const proxy = { ...complete, who: 'relative', proxyName: '林晓雯', proxyNumber: '990101198512200047' }
    expect(pointers(proxy, { ...facts, answers })).toEqual([])
    expect(pointers({ ...proxy, applicantNumber: '990101198512200047' }, { ...facts, answers })).toEqual(['/applicantNumber'])
  })

  test('cross-field rules: months of the proof', () => {
    const proof = { ...prefillForm(m01.form, { identity: chen, answers: {}, today: TODAY }).data, kinds: ['pension'], from: '2024-01', to: '2026-11' }
    const gaps = (change: object): readonly string[] => validateForm(m01.form, { ...proof, ...change }, facts).map(({ pointer }) => pointer)
    expect(gaps({})).toEqual([])
    expect(gaps({ to: '2023-12' })).toEqual(['/to'])
    expect(gaps({ to: '2026-12' })).toEqual(['/to'])
    expect(gaps({ to: '2026-13' })).toEqual(['/to'])
    expect(gaps({ kinds: [] })).toEqual(['/kinds'])
    expect(gaps({ kinds: ['pension', 'pension'] })).toEqual(['/kinds'])
    expect(gaps({ kinds: ['pension', 'lottery'] })).toEqual(['/kinds'])
    expect(gaps({ copies: 6 })).toEqual(['/copies'])
    expect(gaps({ copies: 1.5 })).toEqual(['/copies'])
  })

  test('the elder card: sixty, to the day, also when a proxy types the date', () => {
    const elder = { who: 'proxy', proxyName: '林晓雯', proxyNumber: '990101198512200047', name: '周桂兰', number: '990101195803120027', birth: '1966-11-22', livingAddress: '演示市安和区槐荫街7号2幢301室', phone: '13800000000', delivery: 'community' }
    const gaps = (birth: string): readonly string[] => validateForm(m12.form, { ...elder, birth }, { answers: { who: 'proxy' }, today: TODAY }).map(({ pointer }) => pointer)
    expect(gaps('1966-11-22')).toEqual([])
    expect(gaps('1966-11-23')).toEqual(['/birth'])
    expect(ageAt('1966-11-22', TODAY)).toBe(60)
  })
})

describe('what was read from paper', () => {
  const lease = m05.materials.find(({ id }) => id === 'home-proof')
  const sure = (value: string): { value: string; state: 'sure' } => ({ value, state: 'sure' })

  test('fills empty fields and says so', () => {
    const applied = applyScan(m05.form, filled, lease ?? {}, { address: sure('演示市安和区柳林路18号3幢502室'), landlord: sure('何建国'), landlordPhone: sure('13800000000'), monthlyRent: sure('1500') })
    expect(applied.data).toMatchObject({ livingAddress: '演示市安和区柳林路18号3幢502室', landlordName: '何建国', landlordPhone: '13800000000' })
    expect(applied.sources).toMatchObject({ '/livingAddress': 'scan', '/landlordName': 'scan' })
    expect(applied.unsure).toEqual([])
  })

  test('does not fill silently what is unsure or does not fit the field', () => {
    const applied = applyScan(m05.form, filled, lease ?? {}, { address: { value: '演示市安和区柳林路18号', state: 'unsure' }, landlordPhone: sure('1380') })
    expect(applied.data).toEqual(filled.data)
    expect(applied.unsure).toEqual(['/livingAddress', '/landlordPhone'])
  })

  test('does not overwrite what was typed, and tells where paper and form differ', () => {
    const typed = applyTyped(m05.form, filled, { ...filled.data, livingAddress: '演示市安和区柳林路18号3幢502室', landlordName: '何建囯' })
    const applied = applyScan(m05.form, typed, lease ?? {}, { address: sure('演示市安和区柳林路18号 3幢502室'), landlord: sure('何建国') })
    expect(applied.data).toEqual(typed.data)
    expect(applied.conflicts).toEqual([{ pointer: '/landlordName', present: '何建囯', scanned: '何建国' }])
  })
})

test('the form in words, section by section, without what is empty or hidden', () => {
  const sections = formSections(m05.form, { ...complete, employerName: '藏起来的' })
  expect(sections.map(({ title }) => title['zh-CN'])).toEqual(['办什么', '申请人', '居住情况', '联系和领取'])
  expect(sections.flatMap(({ lines }) => lines).find(({ pointer }) => pointer === '/homeHeld')).toMatchObject({ label: { 'zh-CN': '住处是怎么来的' }, value: { 'zh-CN': '租的', en: 'Rented' } })
  expect(JSON.stringify(sections)).not.toContain('藏起来的')
  expect(formSections(m01.form, { kinds: ['pension', 'medical'] })[0]?.lines[0]?.value).toEqual({ 'zh-CN': '养老保险、医疗保险', en: 'Pension, Medical' })
})

describe('the interpreting validator', () => {
  test('has Ajv’s shape for JSON Forms', () => {
    const ajv = createInterpretingAjv()
    const validate = ajv.compile(m05.form.schema)
    expect(validate(complete)).toBe(true)
    expect(validate.errors).toBeNull()
    expect(validate({ ...complete, phone: 'x', delivery: undefined })).toBe(false)
    expect(validate.errors).toEqual(expect.arrayContaining([
      expect.objectContaining({ keyword: 'required', instancePath: '', params: { missingProperty: 'delivery' }, message: "must have required property 'delivery'", schemaPath: '#/required' }),
      expect.objectContaining({ keyword: 'format', instancePath: '/phone', params: { format: 'phone' }, parentSchema: { type: 'string', format: 'phone' } }),
    ]))
    expect(ajv.validate({ enum: ['rented'] }, 'rented')).toBe(true)
    expect(ajv.validate({ enum: ['rented'] }, undefined)).toBe(false)
    expect(ajv.validate(true, 'anything')).toBe(true)
    expect(ajv.validate(false, 'anything')).toBe(false)
  })

  test('makes no code from schemas and does not write into them', () => {
    const made: unknown[] = []
    const Original = globalThis.Function
    const frozen = deepFreeze(structuredClone(m05.form.schema))
    globalThis.Function = new Proxy(Original, { construct: (target, args: string[]) => (made.push(args), Reflect.construct(target, args)), apply: (target, self, args: string[]) => (made.push(args), Reflect.apply(target, self, args) as unknown) })
    try {
      expect(compileSchema(frozen)({}).length).toBeGreaterThan(0)
    } finally {
      globalThis.Function = Original
    }
    expect(made).toEqual([])
  })

  test('finds the place of errors in nested and referenced schemas, and in names with odd characters', () => {
    const schema = { $defs: { name: { type: 'object', required: ['a/b'], properties: { 'a/b': { type: 'string', minLength: 2 } } } }, type: 'object', properties: { 姓名: { $ref: '#/$defs/name' } } }
    expect(compileSchema(schema)({ 姓名: {} })).toMatchObject([{ pointer: '/姓名/a~1b', keyword: 'required', missing: 'a/b' }])
    expect(compileSchema(schema)({ 姓名: { 'a/b': 'x' } })).toMatchObject([{ pointer: '/姓名/a~1b', keyword: 'minLength', expected: 2 }])
  })
})

test('controls are listed in the order of the screen, with the rules of what they stand in', () => {
  const controls = formControls(m05.form)
  expect(controls.slice(0, 4).map(({ pointer }) => pointer)).toEqual(['/kind', '/basis', '/who', '/applicantName'])
  expect(controls.find(({ pointer }) => pointer === '/proxyName')?.rules).toHaveLength(1)
})

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze)
    Object.freeze(value)
  }
  return value
}
