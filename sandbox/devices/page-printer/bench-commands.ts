import { z } from 'zod'
import { cableCommandSchema } from '../cable.ts'

/**
 * `cover-open`, `toner-empty`, `output-full`, `paused`: as the words say, until mended. `jam`: the next sheet is caught; the
 * cover must be opened to mend it. `busy`: somebody else's job is running. `answer-lost`: the job is taken and the line cut before the answer. `answer-late`: the
 * job is taken and the answer never comes. `aborts`: the printer gives the job up after its first page. `counts-wrong`: one page
 * fewer than came out is told. `counts-nothing`: no count at all. `forgets`: jobs are forgotten as soon as they are over.
 * `hangs`: prints nothing and says nothing of why. `slow`: ten times slower.
 */
export const PAGE_PRINTER_FAULTS = ['cover-open', 'jam', 'toner-empty', 'output-full', 'paused', 'busy', 'answer-lost', 'answer-late', 'refuses', 'aborts', 'counts-wrong', 'counts-nothing', 'forgets', 'hangs', 'slow', 'no-pdf'] as const
export type PagePrinterFault = (typeof PAGE_PRINTER_FAULTS)[number]

export const PAGE_SIZES = ['iso_a4_210x297mm', 'na_letter_8.5x11in'] as const

export const pagePrinterCommandSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('load'), sheets: z.int().min(0).max(500), size: z.enum(PAGE_SIZES).optional() }),
  z.strictObject({ kind: z.literal('take-pages') }),
  z.strictObject({ kind: z.literal('break'), fault: z.enum(PAGE_PRINTER_FAULTS) }),
  z.strictObject({ kind: z.literal('mend'), fault: z.enum(PAGE_PRINTER_FAULTS) }),
  /** Off: what is inside is lost, as in real printers without a disk. The cable alone coming out stops no job. */
  z.strictObject({ kind: z.literal('power'), on: z.boolean() }),
  cableCommandSchema,
])
export type PagePrinterCommand = z.infer<typeof pagePrinterCommandSchema>
