import { z } from 'zod'
import { isConvex } from './page-look.ts'

/** A point far outside of any picture is no touch of a person. */
const LARGEST_PX = 20_000
const cornerSchema = z.strictObject({ x: z.number().min(0).max(LARGEST_PX), y: z.number().min(0).max(LARGEST_PX) })

/** Four corners that come from the page: convex and clockwise; whether they fit the picture, the journey knows. */
export const quadSchema = z.tuple([cornerSchema, cornerSchema, cornerSchema, cornerSchema]).refine((quad) => isConvex(quad), 'the corners cross or fold over')
