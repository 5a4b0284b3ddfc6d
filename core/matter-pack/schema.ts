import { z } from 'zod'
import { ruleSchema } from '../rules/rule.ts'
import { localTextSchema } from '../text/local-text.ts'
import { DEVICE_CLASSES } from '../device/status.ts'

/**
 * A matter pack (事项包): everything a region's terminals know about the matters they offer, as data. Data element names and
 * codes follow the national catalogue (实施清单). What a schema cannot say — references, loops, vague materials, golden
 * cases — is checked by `checkPack` in `check.ts`.
 */
export const PACK_SCHEMA_VERSION = 1

const id = z.string().regex(/^[a-z][A-Za-z0-9-]{0,60}$/)
/** JSON pointer of a form field. */
const pointer = z.string().regex(/^\/./)
const optionalRule = ruleSchema.optional().describe('Left out: always')

export const dayLimitSchema = z.strictObject({ days: z.int().min(0), unit: z.enum(['working-day', 'calendar-day']), note: localTextSchema.optional() })

/** 八公开: the eight things a hall must publish about each matter. */
export const guideSchema = z.strictObject({
  item: localTextSchema.describe('办理事项: what is handled, and the result'),
  basis: z.array(z.strictObject({ law: localTextSchema, clause: localTextSchema.optional() })).min(1).describe('设定依据'),
  conditions: z.array(localTextSchema).min(1).describe('申办条件'),
  materials: localTextSchema.describe('申报材料: how the list is made; the exact list follows from the answers'),
  procedure: z.array(z.strictObject({ step: localTextSchema, by: localTextSchema.optional() })).min(1).describe('办理程序'),
  timeLimit: z.strictObject({ statutory: localTextSchema, promised: dayLimitSchema.or(z.literal('at-once')) }).describe('办理时限'),
  feeStandard: localTextSchema.describe('收费标准'),
  feeBasis: localTextSchema.describe('收费依据'),
})

export const questionSchema = z.strictObject({
  id,
  text: localTextSchema,
  help: localTextSchema.optional(),
  when: optionalRule,
  options: z.array(z.strictObject({ value: id, text: localTextSchema, help: localTextSchema.optional() })).min(2),
})

/** A situation in which the terminal stops kindly: not eligible, or a person at the counter must help. */
export const barrierSchema = z.strictObject({
  id,
  kind: z.enum(['not-eligible', 'to-counter']),
  when: ruleSchema,
  /** The age at which it falls away: `{wait}` in the texts becomes the time until then, such as 2 年 3 个月. */
  untilAge: z.int().min(1).max(120).optional(),
  title: localTextSchema,
  advice: localTextSchema.describe('What the citizen can do now, with where and when'),
})

export const substituteSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('licence'), licenceType: z.string().min(1).describe('证照类型代码 of the electronic licence'), name: localTextSchema }),
  z.strictObject({ kind: z.literal('data-check'), check: id, name: localTextSchema }),
  z.strictObject({ kind: z.literal('commitment'), commitment: id }),
])

/** 预审规则: what a scanned paper must say, judged on what was read from it. What cannot be decided is asked of a clerk, never held against the citizen. */
export const materialCheckSchema = z.strictObject({
  id,
  document: id.optional().describe('Only when this document of the material was scanned. Left out: whichever was given'),
  when: optionalRule.describe('On answers, identity and form. Left out: always'),
  rule: ruleSchema.describe('What must hold. Reads papers.<material>.<field> and papers.<material>.pageCount beside the other variables'),
  question: localTextSchema.describe('What a clerk looks at where the terminal cannot decide, and where there is no gap'),
  gap: z
    .strictObject({
      problem: localTextSchema.describe('Where the rule does not hold. {variable|name}, {variable|number} (both masked) and {variable|date} stand for values'),
      remedy: localTextSchema.describe('What the citizen can do now'),
    })
    .optional()
    .describe('Left out: also what does not hold is only a question for a clerk'),
})

export const materialSchema = z.strictObject({
  id,
  name: localTextSchema,
  /** 主审要件: without it the case is not taken. */
  core: z.boolean(),
  when: optionalRule,
  /** 材料类型 1 certificate, 2 form or instrument, 3 other. */
  type: z.enum(['1', '2', '3']),
  source: z.enum(['self', 'government', 'other']).describe('来源渠道'),
  /** 份数: originals shown, copies handed in. */
  originals: z.int().min(0), copies: z.int().min(0),
  requirement: localTextSchema.describe('受理标准: what the paper must show to be accepted'),
  basis: localTextSchema.optional(),
  /** Any one of these documents will do (任一). */
  documents: z.array(z.strictObject({ id, name: localTextSchema, kind: id.optional().describe('Document kind that OCR can read'), file: z.enum(['jpeg', 'pdf']).optional().describe('How its pages are handed in: one JPEG each, or all in one PDF; JPEG where nothing is said') })).min(1),
  /** `card`: the laid ID card itself; `scan`: paper on the glass; `generated`: made by the terminal from the form and signed. */
  obtain: z.array(z.enum(['card', 'scan', 'generated'])).min(1),
  substitutes: z.array(substituteSchema),
  /** 容缺: may follow later within the days given. */
  tolerance: z.strictObject({ limit: dayLimitSchema, how: localTextSchema }).optional(),
  /** Form fields that a read paper can fill: field of the document kind → JSON pointer of the form field. */
  fills: z.array(z.strictObject({ from: id, to: pointer })).optional(),
  /** 由前一事项产出: id of the material of the same matter that must exist before this one. */
  producedBy: id.optional(),
  checks: z.array(materialCheckSchema).min(1).optional(),
})

export const commitmentSchema = z.strictObject({
  id,
  title: localTextSchema,
  /** 告知: what must be proved, how it is promised, what a false promise leads to, how it is checked. */
  notice: z.array(localTextSchema).min(4),
  /** 承诺: the sentences that the citizen makes their own. */
  promise: z.array(localTextSchema).min(1),
})

/** Where a form field's first value comes from; the citizen can correct every one. */
export const prefillSchema = z.strictObject({
  to: pointer,
  /** On the answers only, for example: the card belongs to the applicant and not to a proxy. */
  when: optionalRule,
  from: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('identity'), field: z.enum(['name', 'number', 'sex', 'birth', 'nation', 'address']) }),
    z.strictObject({ kind: z.literal('answer'), question: id, map: z.record(z.string(), z.union([z.string(), z.boolean(), z.number()])).optional() }),
    z.strictObject({ kind: z.literal('today') }),
  ]),
  /** Values from the card itself are shown and stay as they are: the card is the evidence. */
  locked: z.boolean().default(false),
})

export const formSchema = z.strictObject({
  title: localTextSchema,
  /** JSON Schema (draft 2020-12) of the form's data: an object. */
  schema: z.record(z.string(), z.unknown()),
  /** JSON Forms UI schema. Labels are looked up in `texts` by the element's `i18n` key. */
  uischema: z.record(z.string(), z.unknown()),
  /** i18n key → text; `<field>.label`, `<field>.description`, `<field>.error`, `<field>.<enum value>`, group keys. */
  texts: z.record(z.string(), localTextSchema),
  prefill: z.array(prefillSchema),
  /** Cross-field rules; `when` holds = a gap. */
  rules: z.array(z.strictObject({ id, when: ruleSchema, field: pointer, message: localTextSchema })),
})

export const feeSchema = z.strictObject({ id, when: optionalRule, name: localTextSchema, amountFen: z.int().min(0), basis: localTextSchema })

export const consentSchema = z.strictObject({
  processor: localTextSchema.describe('处理者'),
  purposes: z.array(localTextSchema).min(1),
  data: z.array(localTextSchema).min(1),
  retention: localTextSchema,
  rights: localTextSchema,
  alternative: localTextSchema.describe('不同意时的其他办理方式'),
})

/** How a material is given in a golden case: what was surely read from a scanned document, or that something stands in its place. */
export const goldenPaperSchema = z.union([
  z.strictObject({ document: id, pageCount: z.int().min(1).default(1), read: z.record(id, z.string()) }),
  z.enum(['licence', 'data-check', 'commitment', 'later']),
])

/** 情形示例: answers and papers in, exact list and findings out. Run before a pack is published and before it is used. */
export const goldenCaseSchema = z.strictObject({
  name: z.string().min(1),
  today: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  answers: z.record(z.string(), z.string()),
  identity: z.strictObject({ birth: z.string().regex(/^\d{4}-\d{2}-\d{2}$/), sex: z.enum(['male', 'female']), region: z.string().regex(/^\d{6}$/), name: z.string().min(1).optional(), number: z.string().min(1).optional() }).optional(),
  form: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])).optional(),
  papers: z.record(id, goldenPaperSchema).optional(),
  expect: z.strictObject({
    questions: z.array(id).optional().describe('Questions that are asked, in order'),
    barrier: id.optional(),
    materials: z.array(id),
    feesFen: z.int().min(0),
    promised: z.union([z.literal('at-once'), z.int().min(0)]),
    gaps: z.array(z.string()).optional().describe('Checks that end in a gap, as <material>/<check>'),
    clerk: z.array(z.string()).optional().describe('Checks that are left to a clerk, as <material>/<check>'),
  }),
})

export const matterSchema = z.strictObject({
  id: z.string().regex(/^M\d{2,3}$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  name: localTextSchema,
  shortName: localTextSchema,
  summary: localTextSchema,
  keywords: z.array(z.string().min(1)),
  catalogCode: z.string().regex(/^[0-9A-Z]{12}$/), taskCode: z.string().regex(/^[0-9A-Z]{31}$/), taskHandleItem: z.string().regex(/^[0-9A-Z]{33}$/),
  taskType: z.enum(['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '20']),
  /** 办件类型: 1 即办件 at once, 2 承诺件 within a promised time. */
  projectType: z.enum(['1', '2']),
  department: id,
  lifeEvents: z.array(id).min(1),
  /** 零材料 print only, or an application with form and materials. */
  flow: z.enum(['proof', 'application']),
  /** `care`: the session starts in care mode (larger, slower, fewer things at once). */
  care: z.boolean(),
  devices: z.strictObject({ required: z.array(z.enum(DEVICE_CLASSES)), useful: z.array(z.enum(DEVICE_CLASSES)) }),
  guide: guideSchema,
  questions: z.array(questionSchema),
  barriers: z.array(barrierSchema),
  materials: z.array(materialSchema).min(1),
  commitments: z.array(commitmentSchema),
  fees: z.array(feeSchema),
  /** Extra days or other promise in some situations; the first rule that holds wins over the guide's promise. */
  limits: z.array(z.strictObject({ when: ruleSchema, promised: dayLimitSchema })),
  place: z.strictObject({ accept: localTextSchema, result: localTextSchema }),
  consent: consentSchema,
  form: formSchema,
  /** What the citizen takes away: 电子证明, 收件回执. */
  result: z.strictObject({ kind: z.enum(['proof', 'receipt']), name: localTextSchema, delivery: localTextSchema }),
  golden: z.array(goldenCaseSchema).min(1),
})

const timing = z.strictObject({ warnAfterS: z.int().min(10).max(600), endAfterWarningS: z.int().min(10).max(300) })

export const matterPackSchema = z.strictObject({
  $schema: z.string().optional(),
  schemaVersion: z.literal(PACK_SCHEMA_VERSION),
  id,
  region: z.string().regex(/^\d{6}$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  name: localTextSchema,
  demonstration: z.boolean(),
  timings: z.strictObject({ standard: timing, care: timing }),
  departments: z.array(z.strictObject({ id, name: localTextSchema, creditCode: z.string().length(18), phone: z.string().min(3) })).min(1),
  lifeEvents: z.array(z.strictObject({ id, name: localTextSchema, icon: z.enum(['proof', 'home', 'elder', 'work', 'child', 'business', 'health', 'other']) })).min(1),
  matters: z.array(matterSchema).min(1),
})

export type MatterPack = z.infer<typeof matterPackSchema>
export type Matter = z.infer<typeof matterSchema>
export type Question = z.infer<typeof questionSchema>
export type Barrier = z.infer<typeof barrierSchema>
export type Material = z.infer<typeof materialSchema>
export type MaterialCheck = z.infer<typeof materialCheckSchema>
export type Substitute = z.infer<typeof substituteSchema>
export type Commitment = z.infer<typeof commitmentSchema>
export type MatterForm = z.infer<typeof formSchema>
export type GoldenCase = z.infer<typeof goldenCaseSchema>
export type DayLimit = z.infer<typeof dayLimitSchema>
export type Fee = z.infer<typeof feeSchema>
