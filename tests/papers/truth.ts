import { z } from 'zod'
import { PAPER_STATES } from '../../sandbox/papers/states.ts'

/** What stands on a made page, kept as JSON beside the picture `<name>.jpg`. */

const boxSchema = z.strictObject({ left: z.number(), top: z.number(), right: z.number(), bottom: z.number() })
const cornerSchema = z.strictObject({ x: z.number(), y: z.number() })
export const quadSchema = z.tuple([cornerSchema, cornerSchema, cornerSchema, cornerSchema])

export const truthSchema = z.strictObject({
  /** Id of the document kind. */
  kind: z.string(),
  seed: z.int(),
  state: z.enum(PAPER_STATES),
  dpi: z.int(),
  width: z.int(),
  height: z.int(),
  /** What makes the page special, such as `rare-name`. */
  marked: z.array(z.string()),
  /** Each printed line or cell, without white space, with its upright box in pixels of the picture. */
  lines: z.array(z.strictObject({ text: z.string().min(1), box: boxSchema })),
  fields: z.array(
    z.strictObject({
      id: z.string(),
      /** In the form in which the product gives it: dates `YYYY-MM-DD`, amounts with two decimals, no white space. */
      value: z.string().min(1),
      /** The printed lines that it takes up. */
      lines: z.array(z.string().min(1)).min(1),
      box: boxSchema,
    }),
  ),
  /** Corners of the sheet, where the picture shows more than the sheet. */
  sheet: quadSchema.optional(),
})

export type Truth = z.infer<typeof truthSchema>
