import { z } from 'zod'
import { localTextSchema } from '../../core/text/local-text.ts'

/**
 * What differs from one receipt printer to the next, as data: `assets/printers/<name>.json`. There is one table of status
 * bits per model because makers give the same bit different meanings. A new model needs a new file and no code.
 */
const byteHex = z.string().regex(/^[0-9a-f]{2}$/, 'a byte as two small hex digits')
const dots = z.int().min(0).max(4000)

/** What one status bit can tell, in our words. */
export const PRINTER_CONDITIONS = ['offline', 'cover-open', 'paper-end', 'near-end', 'jam', 'cutter-fault', 'mechanical-fault', 'unrecoverable-fault', 'error', 'recovers-by-itself'] as const
export type PrinterCondition = (typeof PRINTER_CONDITIONS)[number]

/** The condition holds when `byte & mask` is `equals`; without `equals`, when all bits of the mask are set. */
const bitRuleSchema = z.strictObject({ mask: byteHex, equals: byteHex.optional(), means: z.enum(PRINTER_CONDITIONS) })
export type BitRule = z.infer<typeof bitRuleSchema>

export const receiptPrinterProfileSchema = z.strictObject({
  $schema: z.string().optional(),
  title: localTextSchema,
  /** Where the facts in this file come from: a manual, or a test at the machine. */
  source: z.string().min(1),
  paper: z.strictObject({
    widthMm: z.union([z.literal(58), z.literal(80)]),
    printableDots: z.int().min(200).max(1200),
    dotsPerMm: z.number().min(5).max(24),
    cells: z.int().min(20).max(96).describe('Half-width characters of the 12 × 24 font that fit on one line'),
    lineDots: z.int().min(24).max(60).describe('Height of one line of text with its gap'),
    /** How much can still be printed when the near-end sensor tells; shorter receipts are still printed. */
    nearEndReserveMm: z.int().min(0).max(5000),
    marginMm: z.int().min(0).max(100).describe('Paper fed before the cut'),
  }),
  text: z.strictObject({
    hanziZone: z.enum(['gbk', 'gb2312']),
    codeSystem: byteHex.optional().describe('Parameter of FS C, only where the maker asks for it'),
  }),
  qr: z.strictObject({ method: z.enum(['printer', 'picture']), moduleDots: z.int().min(3).max(12) }),
  cut: z.strictObject({ command: z.enum(['full', 'partial', 'legacy-full', 'legacy-partial', 'none']), feedDots: dots }),
  speed: z.strictObject({
    paperMmPerSecond: z.number().min(10).max(500),
    marginMs: z.int().min(500).max(30_000).describe('Added to every waiting time that is computed from length and speed'),
  }),
  link: z.strictObject({
    tcpIdle: z.enum(['keep-open', 'close']).describe('Whether the connection stays open between status checks'),
  }),
  /** Whether the model answers GS ( H; the weaker proof is the in-order answer to GS r. Test it at installation. */
  proof: z.enum(['process-id', 'in-order-status']),
  /** Whether DLE DC4 08 clears the buffers and is answered by 37 25 00. */
  clearBuffers: z.boolean(),
  automaticStatus: z.boolean(),
  status: z.strictObject({
    /** Bits that are the same in every answer to DLE EOT. Null: the model has none and any byte may be an answer. */
    fixedBits: z.strictObject({ mask: byteHex, equals: byteHex }).nullable(),
    realTime: z.strictObject({ printer: z.array(bitRuleSchema), offlineCause: z.array(bitRuleSchema), error: z.array(bitRuleSchema), paper: z.array(bitRuleSchema) }),
    automatic: z.tuple([z.array(bitRuleSchema), z.array(bitRuleSchema), z.array(bitRuleSchema), z.array(bitRuleSchema)]),
  }),
}).superRefine((profile, context) => {
  if (profile.paper.cells * 12 > profile.paper.printableDots) {
    context.addIssue({ code: 'custom', path: ['paper', 'cells'], message: `${profile.paper.cells} cells of 12 dots do not fit on ${profile.paper.printableDots} dots` })
  }
  if (profile.automaticStatus && profile.status.fixedBits === null) {
    context.addIssue({ code: 'custom', path: ['automaticStatus'], message: 'automatic status cannot be told from answers when the model has no fixed bits' })
  }
})

export type ReceiptPrinterProfile = z.infer<typeof receiptPrinterProfileSchema>
