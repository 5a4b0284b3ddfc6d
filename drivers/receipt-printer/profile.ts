import { z } from 'zod'
import { localTextSchema } from '../../core/text/local-text.ts'

/**
 * What differs from one receipt printer to the next, as data: `assets/printers/<name>.json`. There is one table of status
 * bits per model because makers give the same bit different meanings. A new model needs a new file and no code.
 */
const byteHex = z.string().regex(/^[0-9a-f]{2}$/, 'a byte as two small hex digits')
const commandHex = z.string().regex(/^([0-9a-f]{2}){1,16}$/, 'whole bytes as small hex digits')
const dots = z.int().min(0).max(4000)

/** What one status bit can tell, in our words. */
export const PRINTER_CONDITIONS = ['offline', 'cover-open', 'paper-end', 'near-end', 'jam', 'cutter-fault', 'mechanical-fault', 'unrecoverable-fault', 'error', 'recovers-by-itself',
  /** A printed ticket is at the output: hanging out, or held by the presenter. */
  'ticket-at-output',
  'paper-moving'] as const
export type PrinterCondition = (typeof PRINTER_CONDITIONS)[number]

/** The condition holds when `byte & mask` is `equals`; without `equals`, when all bits of the mask are set. */
export const OBSTACLES_CLEARED = ['no-paper', 'cover-open', 'jam', 'cutter-fault', 'fault'] as const

const bitRuleSchema = z.strictObject({ mask: byteHex, equals: byteHex.optional(), means: z.enum(PRINTER_CONDITIONS) })
export type BitRule = z.infer<typeof bitRuleSchema>

/** A unit behind the cutter that holds a finished ticket out to the citizen. Commands differ from model to model. */
const presenterSchema = z.strictObject({
  family: z.enum(['custom', 'star', 'other']),
  /** Cuts if need be and holds the ticket out; one byte with the number of steps follows where `stepMm` is given. */
  present: z.strictObject({ command: commandHex, lengthMm: z.number().min(1).max(500), stepMm: z.number().min(0.1).max(50).optional() }),
  /** Cuts if need be and lets the ticket go. */
  eject: commandHex.optional(),
  /** Draws the ticket back into the bin; only where there is one and the printer's setting allows it. */
  retract: commandHex.optional(),
})

export type Presenter = z.infer<typeof presenterSchema>

/** A status question besides the four common ones, with what each answered byte means. */
const moreStatusSchema = z.strictObject({
  question: commandHex,
  rules: z.array(bitRuleSchema),
  /** `idle`: the question stands in line with the print data, so it is only asked while nothing is printed, and may stay unanswered. */
  when: z.enum(['always', 'idle']),
})

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
  /**
   * How buffers are cleared after a stop. `dle-dc4` is answered by 37 25 00. `dle-enq-2` is not answered: it counts only for
   * the causes for which the maker says that it is accepted, and never when the printer still complains of another.
   */
  clear: z.discriminatedUnion('method', [
    z.strictObject({ method: z.literal('dle-dc4') }),
    z.strictObject({ method: z.literal('dle-enq-2'), acceptedFor: z.array(z.enum(OBSTACLES_CLEARED)).min(1) }),
    z.strictObject({ method: z.literal('none') }),
  ]),
  presenter: presenterSchema.nullable().default(null),
  /** How long a citizen has to take a ticket, where a sensor sees it; afterwards it is drawn back, or reported as left. */
  takeSeconds: z.int().min(10).max(120).default(25),
  automaticStatus: z.boolean(),
  status: z.strictObject({
    /** `four`: 10 04 1 to 4. `full`: 10 04 14 alone, for models whose single answers cannot be told from other bytes. */
    ask: z.enum(['four', 'full', 'four-and-full']).default('four'),
    /** Answer to 10 04 14: the header, then four bytes. */
    full: z.strictObject({ question: commandHex, header: z.literal('100f'), bytes: z.tuple([z.array(bitRuleSchema), z.array(bitRuleSchema), z.array(bitRuleSchema), z.array(bitRuleSchema)]) }).nullable().default(null),
    more: z.array(moreStatusSchema).max(6).default([]),
    /** Bits that are the same in every answer to DLE EOT. Null: the model has none and any byte may be an answer. */
    fixedBits: z.strictObject({ mask: byteHex, equals: byteHex }).nullable(),
    realTime: z.strictObject({ printer: z.array(bitRuleSchema), offlineCause: z.array(bitRuleSchema), error: z.array(bitRuleSchema), paper: z.array(bitRuleSchema) }),
    automatic: z.tuple([z.array(bitRuleSchema), z.array(bitRuleSchema), z.array(bitRuleSchema), z.array(bitRuleSchema)]),
  }),
}).superRefine((profile, context) => {
  if (profile.paper.cells * 12 > profile.paper.printableDots) {
    context.addIssue({ code: 'custom', path: ['paper', 'cells'], message: `${profile.paper.cells} cells of 12 dots do not fit on ${profile.paper.printableDots} dots` })
  }
  if (profile.status.ask !== 'four' && profile.status.full === null) {
    context.addIssue({ code: 'custom', path: ['status', 'full'], message: 'the full status is to be asked for, but its bytes are not described' })
  }
  if (profile.presenter?.present.stepMm !== undefined && profile.presenter.present.lengthMm / profile.presenter.present.stepMm > 255) {
    context.addIssue({ code: 'custom', path: ['presenter', 'present'], message: 'more than 255 steps do not fit into the command' })
  }
  if (profile.automaticStatus && profile.status.fixedBits === null) {
    context.addIssue({ code: 'custom', path: ['automaticStatus'], message: 'automatic status cannot be told from answers when the model has no fixed bits' })
  }
})

export type ReceiptPrinterProfile = z.infer<typeof receiptPrinterProfileSchema>

/** Whether the model can see a ticket at its output; one that cannot never says more than `printed`. */
export function seesTickets(profile: ReceiptPrinterProfile): boolean {
  return canTell(profile, 'ticket-at-output')
}

export function canTell(profile: ReceiptPrinterProfile, condition: PrinterCondition): boolean {
  const { realTime, full, more, ask } = profile.status
  const tables = [
    ...(ask === 'full' ? [] : Object.values(realTime)),
    ...(ask === 'four' ? [] : (full?.bytes ?? [])),
    ...more.map((question) => question.rules),
  ]
  return tables.some((rules) => rules.some((rule) => rule.means === condition))
}
