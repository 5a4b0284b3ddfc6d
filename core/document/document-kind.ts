import { z } from 'zod'
import { localTextSchema } from '../text/local-text.ts'

/**
 * Document kinds (材料种类) as data: which words stand before which value on a paper, and what a right value looks like. A
 * hall adds a paper by adding data, never code. `assets/ocr/document-kinds.json` holds the ones that a terminal carries.
 */
export const VALUE_RULES = ['citizen-id', 'credit-code', 'date', 'amount', 'area', 'phone', 'name', 'address', 'text'] as const
export const valueRuleSchema = z.enum(VALUE_RULES)
export type ValueRule = z.infer<typeof valueRuleSchema>

const id = z.string().regex(/^[a-z][A-Za-z0-9-]{0,60}$/)
const printed = z.string().min(1).max(40)

export const documentFieldSchema = z.strictObject({
  id,
  name: localTextSchema,
  labels: z.array(printed).describe('Words printed before the value, the usual one first; empty when the value stands alone and `pattern` finds it'),
  after: z.array(printed).optional().describe('The label counts only below or behind one of these words (the party, the section)'),
  rule: valueRuleSchema,
  oneOf: z.array(printed).min(1).optional().describe('The only values that can stand here'),
  pattern: z.string().min(1).max(200).optional().describe('Regular expression that the whole value, normalised, must fit'),
  mayWrap: z.boolean().default(false).describe('A long value may go on in the next printed line'),
})

export const documentKindSchema = z
  .strictObject({
    id,
    name: localTextSchema,
    titles: z.array(printed).min(1).describe('Words of which one stands on every paper of this kind'),
    fields: z.array(documentFieldSchema).min(1),
    otherLabels: z.array(printed).default([]).describe('Labels of values that nobody needs; they end the value before them'),
  })
  .superRefine((kind, context) => {
    const seen = new Set<string>()
    kind.fields.forEach((field, index) => {
      if (seen.has(field.id)) context.addIssue({ code: 'custom', path: ['fields', index, 'id'], message: `the field "${field.id}" stands twice in "${kind.id}"` })
      seen.add(field.id)
      if (field.labels.length === 0 && field.pattern === undefined) {
        context.addIssue({ code: 'custom', path: ['fields', index, 'labels'], message: `the field "${field.id}" has neither a label nor a pattern to be found by` })
      }
      if (field.pattern !== undefined && !isRegularExpression(field.pattern)) {
        context.addIssue({ code: 'custom', path: ['fields', index, 'pattern'], message: `the pattern of "${field.id}" is no regular expression` })
      }
    })
  })

export const documentKindsSchema = z.strictObject({ $schema: z.string().optional(), kinds: z.array(documentKindSchema).min(1) })

export type DocumentField = z.infer<typeof documentFieldSchema>
export type DocumentKind = z.infer<typeof documentKindSchema>

function isRegularExpression(source: string): boolean {
  try {
    new RegExp(source, 'u')
    return true
  } catch {
    return false
  }
}
