import type { Matter, MatterPack } from '../../matter-pack/schema.ts'
import { matterPackSchema } from '../../matter-pack/schema.ts'
import type { LocalText } from '../../text/local-text.ts'

const say = (words: string): LocalText => ({ 'zh-CN': words, en: words })

const consent = {
  processor: say('office'), purposes: [say('handling')], data: [say('name')], retention: say('while it lasts'), rights: say('ask us'), alternative: say('go to the counter'),
}

const guide: Matter['guide'] = {
  item: say('item'), basis: [{ law: say('law') }], conditions: [say('condition')], materials: say('materials'), procedure: [{ step: say('step') }],
  timeLimit: { statutory: say('15'), promised: { days: 15, unit: 'calendar-day' } }, feeStandard: say('free'), feeBasis: say('none'),
}

const form: Matter['form'] = {
  title: say('form'),
  schema: {
    type: 'object',
    properties: { name: { type: 'string' }, address: { type: 'string', minLength: 1 }, phone: { type: 'string', pattern: '^1\\d{10}$' } },
    required: ['name', 'address', 'phone'],
  },
  uischema: { type: 'VerticalLayout', elements: ['name', 'address', 'phone'].map((field) => ({ type: 'Control', scope: `#/properties/${field}`, i18n: field })) },
  texts: { 'name.label': say('name'), 'address.label': say('address'), 'phone.label': say('phone') },
  prefill: [{ to: '/name', from: { kind: 'identity', field: 'name' }, locked: true }],
  rules: [],
}

const common = {
  version: '1.0.0', summary: say('summary'), keywords: [], catalogCode: '000120001000', taskCode: '0'.repeat(31), taskHandleItem: '0'.repeat(33),
  taskType: '20' as const, projectType: '2' as const, department: 'office', lifeEvents: ['home'], care: false,
  devices: { required: ['id-card' as const], useful: ['receipt-printer' as const] },
  guide, commitments: [], fees: [], limits: [], place: { accept: say('here'), result: say('here') }, consent, form,
  result: { kind: 'receipt' as const, name: say('receipt'), delivery: say('here') },
  golden: [{ name: 'one', today: '2026-01-01', answers: {}, expect: { materials: [], feesFen: 0, promised: 15 } }],
}

const card = {
  id: 'id-card', name: say('ID card'), core: true, type: '1' as const, source: 'government' as const, originals: 1, copies: 0, requirement: say('valid'),
  documents: [{ id: 'id-card', name: say('ID card') }], obtain: ['card' as const], substitutes: [],
}

/** A pack just large enough to walk every way of the chart; not for showing to anybody. */
export const smallPack: MatterPack = matterPackSchema.parse({
  schemaVersion: 1, id: 'small', region: '990101', version: '1.0.0', name: say('small'), demonstration: true,
  timings: { standard: { warnAfterS: 60, endAfterWarningS: 30 }, care: { warnAfterS: 180, endAfterWarningS: 60 } },
  departments: [{ id: 'office', name: say('office'), creditCode: '11990101990000025B', phone: '12345' }],
  lifeEvents: [{ id: 'home', name: say('home'), icon: 'home' }],
  matters: [
    { ...common, id: 'M01', name: say('proof'), shortName: say('proof'), flow: 'proof', questions: [], barriers: [], materials: [card], form: { ...form, schema: { type: 'object', properties: {} }, uischema: { type: 'VerticalLayout', elements: [] }, texts: {}, prefill: [] } },
    {
      ...common, id: 'M05', name: say('permit'), shortName: say('permit'), flow: 'application',
      questions: [
        { id: 'basis', text: say('why'), options: [{ value: 'work', text: say('work') }, { value: 'home', text: say('home') }] },
        { id: 'half', text: say('half a year'), when: { '==': [{ var: 'answers.basis' }, 'home'] }, options: [{ value: 'yes', text: say('yes') }, { value: 'no', text: say('no') }] },
      ],
      barriers: [
        { id: 'too-short', kind: 'not-eligible', when: { '==': [{ var: 'answers.half' }, 'no'] }, title: say('too short'), advice: say('come back') },
        { id: 'too-young', kind: 'to-counter', when: { and: [{ '!!': { var: 'identity' } }, { '<': [{ var: 'identity.age' }, 16] }] }, title: say('too young'), advice: say('counter') },
      ],
      materials: [
        card,
        {
          ...card, id: 'lease', name: say('lease'), when: { '==': [{ var: 'answers.basis' }, 'home'] }, obtain: ['scan'],
          documents: [{ id: 'lease', name: say('lease'), kind: 'lease' }, { id: 'letter', name: say('letter'), file: 'pdf' }, { id: 'filed-lease', name: say('lease'), kind: 'lease', file: 'pdf' }],
          substitutes: [{ kind: 'data-check', check: 'house', name: say('house register') }, { kind: 'licence', licenceType: 'L1', name: say('permit') }, { kind: 'commitment', commitment: 'promise' }],
          tolerance: { limit: { days: 5, unit: 'working-day' }, how: say('bring it') }, fills: [{ from: 'address', to: '/address' }],
        },
      ],
      commitments: [{ id: 'promise', title: say('promise'), notice: [say('1'), say('2'), say('3'), say('4')], promise: [say('I promise')] }],
    },
  ],
})

/** What the lease must say: the address of the form, and the tenant, whom nothing in this pack can read. */
const leaseChecks: Matter['materials'][number]['checks'] = [
  {
    id: 'address', document: 'lease', rule: { 'same-text': [{ var: 'papers.lease.address' }, { var: 'form.address' }] }, question: say('same address?'),
    gap: { problem: say('the lease says {papers.lease.address}'), remedy: say('correct it') },
  },
  { id: 'tenant', rule: { 'same-text': [{ var: 'papers.lease.tenant' }, { var: 'identity.name' }] }, question: say('the tenant?') },
]

/** The small pack, with an answer that stands locked in the form, checks of the lease, and a matter without questions that judges the person. */
export const judgingPack: MatterPack = (() => {
  const permit = smallPack.matters.find(({ id }) => id === 'M05') as Matter
  const form: Matter['form'] = {
    ...permit.form,
    schema: { ...permit.form.schema, properties: { ...(permit.form.schema['properties'] as object), basis: { type: 'string' } } },
    uischema: { type: 'VerticalLayout', elements: ['basis', 'name', 'address', 'phone'].map((field) => ({ type: 'Control', scope: `#/properties/${field}`, i18n: field })) },
    prefill: [...permit.form.prefill, { to: '/basis', from: { kind: 'answer', question: 'basis' }, locked: true }],
  }
  const materials = permit.materials.map((material) => (material.id === 'lease' ? { ...material, checks: leaseChecks } : material))
  const elder: Matter = {
    ...permit, id: 'M12', questions: [], form: permit.form,
    barriers: [{ id: 'too-young', kind: 'not-eligible', when: { '<': [{ var: 'identity.age' }, 60] }, title: say('too young'), advice: say('come back') }],
    materials: permit.materials.filter(({ id }) => id === 'id-card'),
  }
  return { ...smallPack, matters: [...smallPack.matters.map((matter) => (matter.id === 'M05' ? { ...matter, form, materials } : matter)), elder] }
})()
