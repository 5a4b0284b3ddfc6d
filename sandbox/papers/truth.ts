import { z } from 'zod'
import { PAGE_PROBLEMS, PAPER_SIZES } from '../../core/document/page-look.ts'
import { PHOTO_SCENES } from './photo.ts'
import { PAPER_STATES } from './states.ts'

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

/** What a made photograph shows. */
export const photoTruthSchema = z.strictObject({
  scene: z.enum(PHOTO_SCENES),
  seed: z.int(),
  paper: z.enum(PAPER_SIZES),
  width: z.int(),
  height: z.int(),
  /** Corners of the paper, its own top left first; absent when none lies there; beyond the picture where it is cut off. */
  quad: quadSchema.optional(),
  /** What a gate must tell. */
  problems: z.array(z.enum(PAGE_PROBLEMS)),
  /** What it may tell besides. */
  mayTell: z.array(z.enum(PAGE_PROBLEMS)),
})

export type PhotoTruth = z.infer<typeof photoTruthSchema>
