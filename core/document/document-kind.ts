import { z } from 'zod'
import { localTextSchema } from '../text/local-text.ts'
import { PAPER_SIZES } from './page-look.ts'

/**
 * Document kinds (材料种类) as data: which words stand before which value on a paper, and what a right value looks like. A
 * hall adds a paper by adding a file to `assets/ocr/kinds`, never code (`docs/document-kinds.md`).
 */
export const VALUE_RULES = [
  'citizen-id', 'credit-code', 'disability-number', 'bank-card', 'digits', 'date', 'period-start', 'period-end', 'amount', 'area', 'phone', 'name', 'nation', 'address', 'text',
] as const
export const valueRuleSchema = z.enum(VALUE_RULES)
export type ValueRule = z.infer<typeof valueRuleSchema>

const id = z.string().regex(/^[a-z][A-Za-z0-9-]{0,60}$/)
const printed = z.string().min(1).max(40)
const share = z.number().min(0).max(1)
const regularExpression = z.string().min(1).max(200)

const regionSchema = z.strictObject({ left: share, top: share, right: share, bottom: share })
/** Part of a page, in shares of its width and height from the top left corner. */
export type Region = z.infer<typeof regionSchema>

export const documentFieldSchema = z.strictObject({
  id,
  name: localTextSchema,
  labels: z.array(printed).default([]).describe('Words printed before the value, the usual one first'),
  after: z.array(printed).optional().describe('The label counts only below or behind one of these words (the party, the section)'),
  nth: z.int().min(1).max(4).optional().describe('The label stands several times on the paper; this field belongs to the nth of them from the top'),
  alone: regularExpression.optional().describe('Finds a value by its form where no label was found or none is printed; spaces are left out before'),
  region: regionSchema.optional().describe('Where the value stands on a paper whose print is always at the same place; used when no label was found, and limits `alone`'),
  rule: valueRuleSchema,
  oneOf: z.array(printed).min(1).optional().describe('The only values that can stand here'),
  pattern: regularExpression.optional().describe('The whole value must fit this; brackets, dashes and colons in their half-width form'),
  mayWrap: z.boolean().default(false).describe('A long value may take several printed lines'),
  presence: z.enum(['always', 'sometimes']).default('always').describe('Whether each paper of this kind has this value'),
})

const fieldId = z.string().min(1)

/** Values of one paper that must fit together. Where they do not, the citizen is asked to look at both. */
export const crossCheckSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('birth-in-number'), number: fieldId, birth: fieldId }),
  z.strictObject({ kind: z.literal('sex-in-number'), number: fieldId, sex: fieldId }),
  z.strictObject({ kind: z.literal('in-order'), earlier: fieldId, later: fieldId }),
  z.strictObject({ kind: z.literal('not-in-future'), date: fieldId }),
  z.strictObject({ kind: z.literal('differ'), one: fieldId, other: fieldId }),
])
export type CrossCheck = z.infer<typeof crossCheckSchema>

export const documentKindSchema = z
  .strictObject({
    $schema: z.string().optional(),
    id: id.describe('The same as the name of the file'),
    name: localTextSchema,
    paper: z.enum(PAPER_SIZES).default('a4').describe('Size of the paper, to which its picture is straightened'),
    dpi: z.union([z.literal(200), z.literal(300)]).default(200).describe('Resolution at which the paper is scanned; small print needs 300'),
    titles: z.array(printed).default([]).describe('Words of which one stands in large print on every paper of this kind; empty for cards without a title'),
    fields: z.array(documentFieldSchema).min(1),
    goesWith: z.array(id).default([]).describe('Kinds that may lie among the pages of this paper, so that nobody is asked about them: the first page of the same booklet'),
    otherLabels: z.array(printed).default([]).describe('Labels of values that nobody needs; they end the value before them'),
    checks: z.array(crossCheckSchema).default([]),
  })
  .superRefine((kind, context) => {
    const seen = new Set<string>()
    kind.fields.forEach((field, index) => {
      const fault = (key: string, message: string): void => context.addIssue({ code: 'custom', path: ['fields', index, key], message })
      if (seen.has(field.id)) fault('id', `the field "${field.id}" stands twice in "${kind.id}"`)
      seen.add(field.id)
      if (field.labels.length === 0 && field.alone === undefined && field.region === undefined) fault('labels', `the field "${field.id}" has no label, form or region to be found by`)
      for (const key of ['pattern', 'alone'] as const) {
        if (field[key] !== undefined && !isRegularExpression(field[key])) fault(key, `"${key}" of "${field.id}" is no regular expression`)
      }
    })
    kind.checks.forEach(({ kind: name, ...fields }, index) => {
      for (const [key, field] of Object.entries(fields)) {
        if (!seen.has(field)) context.addIssue({ code: 'custom', path: ['checks', index, key], message: `the check "${name}" names the field "${field}", which "${kind.id}" does not have` })
      }
    })
  })

export type DocumentField = z.infer<typeof documentFieldSchema>
export type DocumentKind = z.infer<typeof documentKindSchema>

/** The kinds of a folder, from the name and the JSON of each file. Throws on a fault of the data, with the name of the file. */
export function documentKindsOf(files: readonly { readonly name: string; readonly json: unknown }[]): readonly DocumentKind[] {
  const kinds = files.map(({ name, json }) => {
    const parsed = documentKindSchema.safeParse(json)
    if (!parsed.success) throw new Error(`${name}: ${parsed.error.issues.map(({ path, message }) => `/${path.join('/')} ${message}`).join('; ')}`)
    if (`${parsed.data.id}.json` !== name) throw new Error(`${name}: the file is not called after its kind, "${parsed.data.id}"`)
    return parsed.data
  })
  for (const { id, goesWith } of kinds) {
    const unknown = goesWith.find((other) => kinds.every((kind) => kind.id !== other))
    if (unknown !== undefined) throw new Error(`${id}.json: /goesWith there is no kind "${unknown}"`)
  }
  return kinds
}

function isRegularExpression(source: string): boolean {
  try {
    new RegExp(source, 'u')
    return true
  } catch {
    return false
  }
}
