import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { valueAt, withValueAt } from '../json/pointer.ts'
import { DEMONSTRATION_PACK } from './demonstration-pack.test-data.ts'
import { checkPack } from './check.ts'
import type { PackFault } from './check.ts'
import { text } from '../text/local-text.ts'
import { isVagueName } from './vague-names.ts'

type Json = Record<string, unknown>
let sound: Json

beforeAll(() => {
  sound = structuredClone(DEMONSTRATION_PACK) as Json
})

/** The pack with one value changed; `undefined` takes it away. Lists on the way are copied. */
function changed(...changes: readonly (readonly [pointer: string, value: unknown])[]): Json {
  return withChanges(sound, changes)
}

function withChanges(pack: Json, changes: readonly (readonly [pointer: string, value: unknown])[]): Json {
  const copy = structuredClone(pack)
  for (const [pointer, value] of changes) {
    const cut = pointer.lastIndexOf('/')
    const holder = valueAt(copy, pointer.slice(0, cut)) as Json
    const key = pointer.slice(cut + 1)
    if (value === undefined) delete holder[key]
    else holder[key] = value
  }
  return copy
}

function faults(pack: unknown): readonly PackFault[] {
  const checked = checkPack(pack, { documentKinds: { 'residence-lease': ['landlord', 'landlordPhone', 'tenant', 'tenantNumber', 'startDate', 'endDate', 'signedDate', 'address'], 'property-certificate': ['owner', 'address'], 'household-register-page': ['name', 'number', 'birthDate', 'address'] } })
  return checked.ok ? [] : checked.error
}

/** One matter with materials, checks and a form, and a few cases: what is tried hundreds of times must be small. */
function smallPack(): Json {
  const matters = sound['matters'] as (Json & { readonly golden: readonly Json[] })[]
  const matter = matters.find(({ id }) => id === 'M12')
  if (matter === undefined) throw new Error('no M12')
  const withPapers = matter.golden.filter(({ papers }) => papers !== undefined)
  return { ...sound, matters: [{ ...matter, golden: [...matter.golden.slice(0, 1), ...withPapers.slice(0, 1)] }] }
}

const at = (pack: unknown, path: string): readonly string[] => faults(pack).filter((fault) => fault.path === path).flatMap(({ message }) => [message['zh-CN'], message.en])

describe('a matter pack', () => {
  test('that is sound is accepted as it is', () => {
    expect(faults(sound)).toEqual([])
  })

  test.each([
    ['item', '办理事项'], ['basis', '设定依据'], ['conditions', '申办条件'], ['materials', '申报材料'], ['procedure', '办理程序'], ['timeLimit', '办理时限'], ['feeStandard', '收费标准'], ['feeBasis', '收费依据'],
  ])('without the section %s is refused by its name, %s', (section, name) => {
    const path = `/matters/1/guide/${section}`
    expect(at(changed([path, undefined]), path).join()).toContain(`缺少“${name}”`)
  })

  test('with an empty section is refused', () => {
    expect(at(changed(['/matters/0/guide/conditions', []]), '/matters/0/guide/conditions').join()).toContain('“申办条件”是空的')
  })

  test.each<[string, unknown, string, RegExp]>([
    ['/matters/0/taskType', '99', '/matters/0/taskType', /可用的值："01", .*"20"/],
    ['/matters/0/devices/required', ['printer'], '/matters/0/devices/required/0', /allowed are "code-scanner", "document-camera", "document-scanner", "id-card"/],
    ['/matters/0/care', 'no', '/matters/0/care', /这里应是true 或 false，实际是文字/],
    ['/matters/0/colour', 'red', '/matters/0/colour', /不认识“colour”/],
    ['/matters/0/id', 'X1', '/matters/0/id', /M 加两三位数字/],
    ['/version', '1.2', '/version', /三段版本号/],
    ['/region', 990101, '/region', /这里应是文字，实际是数字/],
    ['/schemaVersion', 2, '/schemaVersion', /可用的值：1/],
    ['/timings/standard/warnAfterS', 5, '/timings/standard/warnAfterS', /不能小于 10/],
    ['/matters', [], '/matters', /至少要有 1 项/],
    ['/matters/1/name', { 'zh-CN': '居住证' }, '/matters/1/name/en', /缺少“en”/],
    ['/matters/1/barriers/0/when', { log: 1 }, '/matters/1/barriers/0/when/log', /规则语言没有运算符“log”/],
    ['/matters/1/materials/0/substitutes', [{ kind: 'magic' }], '/matters/1/materials/0/substitutes/0/kind', /“kind”不能是 "magic"/],
    ['/matters/1/form/prefill/0/to', 'kind', '/matters/1/form/prefill/0/to', /以“\/”开头/],
  ])('with %s = %j is refused at %s', (pointer, value, path, sentence) => {
    expect(at(changed([pointer, value]), path).join('\n')).toMatch(sentence)
  })

  test.each<[string, string, unknown, string, RegExp]>([
    ['an unknown department', '/matters/0/department', 'navy', '/matters/0/department', /没有部门“navy”；有的是：social-insurance/],
    ['an unknown life event', '/matters/0/lifeEvents', ['proofs', 'war'], '/matters/0/lifeEvents/1', /没有人生事件“war”/],
    ['an unknown commitment', '/matters/1/commitments', [], '/matters/1/materials/6/substitutes/2/commitment', /没有承诺书“home-promise”/],
    ['a question that does not exist in a rule', '/matters/1/materials/0/when', { '==': [{ var: 'answers.whom' }, 'self'] }, '/matters/1/materials/0/when', /没有问题“whom”/],
    ['an answer that nobody can give', '/matters/1/materials/0/when', { '==': [{ var: 'answers.who' }, 'slef'] }, '/matters/1/materials/0/when', /“slef”；有的是：self, guardian, relative/],
    ['an unknown variable', '/matters/1/fees/0/when', { var: 'weather' }, '/matters/1/fees/0/when', /没有“weather”这个变量/],
    ['a fact of the form where the list is made', '/matters/1/materials/0/when', { var: 'form.phone' }, '/matters/1/materials/0/when', /要到后面才知道/],
    ['an unknown fact of the identity', '/matters/1/barriers/0/when', { var: 'identity.income' }, '/matters/1/barriers/0/when', /没有身份信息“income”/],
    ['a form field that does not exist in a rule', '/matters/1/form/rules/0/when', { var: 'form.shoeSize' }, '/matters/1/form/rules/0/when', /没有字段“shoeSize”/],
    ['a form rule at a field that is not on the screen', '/matters/1/form/rules/0/field', '/why', '/matters/1/form/rules/0/field', /界面上没有字段“\/why”/],
    ['a prefill of no field', '/matters/1/form/prefill/0/to', '/nothing', '/matters/1/form/prefill/0/to', /没有字段“\/nothing”/],
    ['a prefill from no question', '/matters/1/form/prefill/0/from', { kind: 'answer', question: 'nothing' }, '/matters/1/form/prefill/0/from/question', /没有问题“nothing”/],
    ['a prefill whose answers do not fit the field', '/matters/1/form/prefill/0/from', { kind: 'answer', question: 'who' }, '/matters/1/form/prefill/0/from', /填不进字段“\/kind”/],
    ['a fill into no field', '/matters/1/materials/6/fills', [{ from: 'address', to: '/nowhere' }], '/matters/1/materials/6/fills/0/to', /没有字段“\/nowhere”/],
    ['a fill from a field that no paper has', '/matters/1/materials/6/fills', [{ from: 'rent', to: '/livingAddress' }], '/matters/1/materials/6/fills/0/from', /没有文书字段“rent”/],
    ['an unknown kind of paper', '/matters/1/materials/6/documents/0/kind', 'novel', '/matters/1/materials/6/documents/0/kind', /没有可识别的文书种类“novel”/],
    ['a UI scope that does not exist', '/matters/0/form/uischema/elements/0/elements/0/scope', '#/properties/nme', '/matters/0/form/uischema/elements/0/elements/0/scope', /不存在/],
    ['a UI condition on what does not exist', '/matters/1/form/uischema/elements/2/rule/condition/scope', '#/properties/whom', '/matters/1/form/uischema/elements/2/rule/condition/scope', /不存在/],
    ['a field that is on the screen twice', '/matters/0/form/uischema/elements/0/elements/1/scope', '#/properties/name', '/matters/0/form/uischema/elements/0/elements/1/scope', /放了两次/],
    ['an unknown UI element', '/matters/0/form/uischema/type', 'Carousel', '/matters/0/form/uischema/type', /没有界面元素“Carousel”/],
    ['an unknown keyboard', '/matters/0/form/uischema/elements/0/elements/1/options', { keyboard: 'piano' }, '/matters/0/form/uischema/elements/0/elements/1/options/keyboard', /没有键盘“piano”/],
    ['a label that is missing', '/matters/0/form/texts/name.label', undefined, '/matters/0/form/uischema/elements/0/elements/0', /缺少“name\.label”/],
    ['a choice without a text', '/matters/0/form/texts/kinds.medical', undefined, '/matters/0/form/uischema/elements/1/elements/0', /缺少“kinds\.medical”/],
    ['a group without a title', '/matters/0/form/texts/person.label', undefined, '/matters/0/form/uischema/elements/0/i18n', /“person\.label”不在 texts 里/],
    ['a field that nobody can fill', '/matters/0/form/schema/properties/secret', { type: 'string' }, '/matters/0/form/schema/properties/secret', /没有人能填它/],
    ['an unknown format', '/matters/0/form/schema/properties/number/format', 'number-plate', '/matters/0/form/schema/properties/number/format', /没有格式“number-plate”/],
    ['a pattern that can hang a terminal', '/matters/0/form/schema/properties/name/pattern', '^(a+)+$', '/matters/0/form/schema/properties/name/pattern', /太复杂/],
    ['a pattern that is none', '/matters/0/form/schema/properties/name/pattern', '([', '/matters/0/form/schema/properties/name/pattern', /不是正则表达式/],
    ['a keyword that forms do not use', '/matters/0/form/schema/properties/name/$ref', '#/properties/name', '/matters/0/form/schema/properties/name/$ref', /不能用“\$ref”；可用：/],
    ['a keyword with a value that it cannot have', '/matters/0/form/schema/properties/kinds/items/enum', {}, '/matters/0/form/schema/properties/kinds/items/enum', /应是不空的列表/],
    ['a condition of the screen that is no schema', '/matters/1/form/uischema/elements/2/rule/condition/schema', { enum: 1 }, '/matters/1/form/uischema/elements/2/rule/condition/schema/enum', /应是不空的列表/],
    ['a code that contradicts itself', '/matters/0/catalogCode', '002014001002', '/matters/0/taskCode', /后 12 位应是基本编码/],
    ['an at-once matter that promises days', '/matters/0/projectType', '2', '/matters/0/projectType', /即办件/],
    ['a core material that may follow later', '/matters/1/materials/0/tolerance', { limit: { days: 5, unit: 'working-day' }, how: text('补', 'later') }, '/matters/1/materials/0/tolerance', /不能容缺/],
    ['{wait} without an age', '/matters/2/barriers/0/untilAge', undefined, '/matters/2/barriers/0', /untilAge/],
  ])('with %s is refused', (_what, pointer, value, path, sentence) => {
    expect(at(changed([pointer, value]), path).join('\n')).toMatch(sentence)
  })

  const CHECK = '/matters/1/materials/6/checks/0'
  test.each<[string, string, unknown, string, RegExp]>([
    ['of a material that does not exist', 'rule', { '!!': { var: 'papers.house.tenant' } }, 'rule', /没有材料“house”；有的是：id-card/],
    ['of a field that the document does not have', 'rule', { '!!': { var: 'papers.home-proof.owner' } }, 'rule', /没有“lease”的字段“owner”；有的是：landlord, .*pageCount/],
    ['of a field that only one of the documents has', 'document', undefined, 'rule', /没有“property-certificate”的字段“tenant”/],
    ['of a document that cannot be read', 'document', 'purchase-contract', 'rule', /没有一种可识别，读不到“tenant”/],
    ['of a document that the material does not have', 'document', 'letter', 'document', /没有文书“letter”/],
    ['of a material that is not scanned', 'rule', { '!!': { var: 'papers.id-card.name' } }, 'rule', /不用扫描/],
    ['with an unknown operator', 'rule', { 'looks-like': [{ var: 'papers.home-proof.tenant' }, 'x'] }, 'rule/looks-like', /规则语言没有运算符“looks-like”/],
    ['with an unknown variable', 'rule', { '==': [{ var: 'paper.home-proof.tenant' }, 'x'] }, 'rule', /没有“paper\.home-proof\.tenant”这个变量/],
    ['of more of a person than is needed', 'rule', { '==': [{ var: 'papers.home-proof.tenant' }, { var: 'identity.issuer' }] }, 'rule', /没有身份信息“issuer”；.*name, number/],
    ['that looks at no paper', 'rule', { '!!': { var: 'form.phone' } }, 'rule', /没有看这份材料/],
    ['that guesses', 'rule', { '!!': { var: ['papers.home-proof.tenant', 'x'] } }, 'rule', /不能带默认值/],
    ['whose condition looks at papers', 'when', { '!!': { var: 'papers.home-proof.tenant' } }, 'when', /不能看“papers\.home-proof\.tenant”/],
    ['that refuses for the writing of an address', 'rule', { 'contains-text': [{ var: 'papers.home-proof.address' }, { var: 'form.livingAddress' }] }, 'gap', /对不上不能算缺项/],
    ['that says what its rule does not know', 'gap/problem', text('{papers.home-proof.landlord}', 'x'), 'gap/problem/zh-CN', /没有这条规则的变量“papers\.home-proof\.landlord”/],
    ['in a form that does not exist', 'gap/problem', text('x', '{papers.home-proof.tenant|loud}'), 'gap/problem/en', /There is no form “loud”; there are: name, number, date/],
    ['that shows the name on the card', 'gap/problem', text('{identity.name}', 'x'), 'gap/problem/zh-CN', /要打码：写成 \{identity\.name\|name\}/],
    ['that tells the clerk a value', 'question', text('是不是{identity.name|name}', 'x'), 'question/zh-CN', /不能带填写的值/],
    ['without a question for the clerk', 'question', undefined, 'question', /缺少“question”/],
    ['with an id twice', 'id', 'tenant-number', '/matters/1/materials/6/checks/1/id', /用了两次/],
  ])('with a check %s is refused', (_what, pointer, value, path, sentence) => {
    expect(at(changed([`${CHECK}/${pointer}`, value]), path.startsWith('/') ? path : `${CHECK}/${path}`).join('\n')).toMatch(sentence)
  })

  test('has golden cases whose papers must be found out exactly', () => {
    const index = (sound['matters'] as { readonly golden: readonly { readonly name: string }[] }[])[1]?.golden.findIndex(({ name }) => name === '合同到期了') ?? -1
    const golden = `/matters/1/golden/${index}`
    expect(at(changed([`${golden}/expect/gaps`, undefined]), `${golden}/expect/gaps`).join()).toContain('读出的缺项应为 ∅，实际为 home-proof/lease-runs')
    expect(at(changed([`${golden}/expect/clerk`, ['home-proof/owner']]), `${golden}/expect/clerk`).join()).toContain('交工作人员看的应为 home-proof/owner，实际为 ∅')
    expect(at(changed([`${golden}/papers`, { 'work-proof': 'licence' }]), `${golden}/papers/work-proof`).join()).toContain('没有这个情形要的材料“work-proof”')
    expect(at(changed([`${golden}/papers/home-proof/document`, 'novel']), `${golden}/papers/home-proof/document`).join()).toContain('没有文书“novel”')
  })

  test.each([
    ['departments', '/departments/1/id', 'social-insurance'], ['matters', '/matters/1/id', 'M01'], ['questions', '/matters/1/questions/1/id', 'kind'], ['options', '/matters/1/questions/0/options/1/value', 'apply'],
    ['materials', '/matters/1/materials/1/id', 'id-card'], ['documents', '/matters/1/materials/6/documents/1/id', 'lease'], ['golden cases', '/matters/1/golden/1/name', '申领，凭住所，本人'],
  ])('with an id twice among %s is refused', (_what, path, id) => {
    expect(at(changed([path, id]), path).join()).toContain('用了两次')
  })

  test('whose questions look ahead or at themselves is refused as a loop', () => {
    const path = '/matters/1/questions/1/when'
    expect(at(changed([path, { '==': [{ var: 'answers.who' }, 'self'] }]), path).join()).toMatch(/要看后面才问的“who”，成了循环.*a loop/)
    expect(at(changed([path, { '==': [{ var: 'answers.halfYear' }, 'yes'] }]), path).join()).toMatch(/先回答它自己，成了循环/)
    expect(at(changed([path, { '>': [{ var: 'identity.age' }, 3] }]), path).join()).toMatch(/不能看“identity\.age”/)
  })

  test('whose materials wait for each other is refused as a loop', () => {
    const pack = changed(['/matters/1/materials/0/producedBy', 'photo'], ['/matters/1/materials/4/producedBy', 'application-form'], ['/matters/1/materials/11/producedBy', 'id-card'])
    expect(at(pack, '/matters/1/materials/0/producedBy').join()).toContain('id-card → photo → application-form → id-card')
    expect(at(changed(['/matters/1/materials/0/producedBy', 'ghost']), '/matters/1/materials/0/producedBy').join()).toContain('没有材料“ghost”')
  })

  test('tells all faults at once, also of several matters and when one matter has the wrong shape', () => {
    const paths = faults(changed(['/matters/0/department', 'navy'], ['/matters/1/guide/basis', undefined], ['/matters/2/materials/0/name', text('其他材料', 'Other materials')], ['/region', 'x'])).map(({ path }) => path)
    expect(paths).toEqual(expect.arrayContaining(['/matters/0/department', '/matters/1/guide/basis', '/matters/2/materials/0/name', '/region']))
  })

  test('has golden cases that must be exact', () => {
    const expected = '/matters/1/golden/0/expect'
    expect(at(changed([`${expected}/materials`, ['id-card']]), `${expected}/materials`).join('\n')).toMatch(/材料应为 id-card，实际为 id-card, photo, home-proof, application-form/)
    expect(at(changed([`${expected}/materials`, ['photo', 'id-card', 'home-proof', 'application-form']]), `${expected}/materials`)).not.toEqual([])
    expect(at(changed([`${expected}/feesFen`, 1]), `${expected}/feesFen`).join()).toContain('费用（分）应为 1，实际为 0')
    expect(at(changed([`${expected}/promised`, 'at-once']), `${expected}/promised`).join()).toContain('应为 at-once，实际为 15')
    expect(at(changed([`${expected}/barrier`, 'too-early']), `${expected}/barrier`).join()).toContain('应为 too-early，实际为 ∅')
    expect(at(changed(['/matters/1/golden/0/answers', { kind: 'apply' }]), '/matters/1/golden/0/answers').join()).toContain('没有回答“halfYear”')
  })

  test('never makes the check throw, whatever JSON stands in for any part of it', () => {
    const small = smallPack()
    expect(faults(small)).toEqual([])
    const pointers: string[] = []
    const collect = (value: unknown, pointer: string): void => {
      if (pointer !== '') pointers.push(pointer)
      if (typeof value === 'object' && value !== null) for (const [key, inner] of Object.entries(value)) collect(inner, `${pointer}/${key}`)
    }
    collect(small, '')
    fc.assert(fc.property(fc.constantFrom(...pointers), fc.jsonValue({ maxDepth: 3 }), (pointer, value) => {
      const checked = checkPack(withChanges(small, [[pointer, value]]))
      if (!checked.ok) for (const { path, message } of checked.error) expect([path.startsWith('/') || path === '', message['zh-CN'] !== '', message.en !== '']).toEqual([true, true, true])
    }), { numRuns: 400 })
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      expect(checkPack(value).ok).toBe(false)
    }))
  })
})

describe('vague names', () => {
  test.each([
    '其他材料', '其它材料', '其他', '其他相关材料', '其他有关证明材料', '身份证等', '身份证等材料', '户口簿等相关证明', '相关材料', '有关材料', '有关证明', '所需材料', '法律法规规定的相关材料', '法律、法规规定的其他材料', '申请材料', '证明材料', '材料', '与申请有关的其他文件', '其他需要的材料',
  ])('%s', (name) => expect(isVagueName(text(name, 'Identity card'))).toBe(true))
  test.each(['Other documents', 'any other materials', 'Other', 'Relevant documents', 'related papers', 'Identity card etc.', 'lease and so on', 'Further documents', 'Supporting documents', 'Documents'])('%s', (name) => expect(isVagueName(text('居民身份证', name))).toBe(true))
  test.each([
    ['学历等级证书', 'Certificate of the level of education'], ['与申请人的关系证明', 'Proof of the relation to the applicant'], ['住所证明（任选一种）', 'Proof of the home (any one)'], ['其他组织登记证书', 'Registration certificate of an organisation'], ['不动产权证书', 'Property certificate'], ['用人单位出具的劳动关系证明', 'Letter of the employer'], ['中等职业学校毕业证', 'Diploma of a vocational school'], ['本人的收入证明', 'Proof of income'],
  ])('but not %s', (zh, en) => expect(isVagueName(text(zh, en))).toBe(false))
})

test('withValueAt leaves what it was given as it was', () => {
  const before = { a: { b: 1 } }
  expect(withValueAt(before, '/a/b', 2)).toEqual({ a: { b: 2 } })
  expect(withValueAt(before, '/a/b', undefined)).toEqual({ a: {} })
  expect(withValueAt(before, '/__proto__/b', 1)).toEqual(before)
  expect(before).toEqual({ a: { b: 1 } })
})
