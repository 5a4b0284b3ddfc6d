import { z } from 'zod'
import { cableCommandSchema, type CableState } from '../cable.ts'
import { PRINTER_MODELS, type PrinterModel } from './models.ts'

/** What the bench may do to the virtual printer. */
export const printerCommandSchema = z.discriminatedUnion('kind', [
  /** Becomes another model: other status bytes, presenter or none, process id or none. What hangs at the output is gone. */
  z.strictObject({ kind: z.literal('model'), model: z.enum(PRINTER_MODELS) }),
  /** The citizen takes the ticket that is held at the output. */
  z.strictObject({ kind: z.literal('take-ticket') }),
  /** Paper sticks in its way; `on: false` frees it. */
  z.strictObject({ kind: z.literal('jam'), on: z.boolean() }),
  /** The print head is too hot: goes on by itself when `on: false`. */
  z.strictObject({ kind: z.literal('hot-head'), on: z.boolean() }),
  cableCommandSchema,
  /** Takes away every paper that hangs out; an uncut one is torn. */
  z.strictObject({ kind: z.literal('tear-off') }),
  z.strictObject({ kind: z.literal('load-paper'), lengthMm: z.int().min(50).max(100_000).default(50_000) }),
  z.strictObject({ kind: z.literal('paper-out') }),
  /** The roll ends after so many more printed lines (text lines, rules and pictures count one each). */
  z.strictObject({ kind: z.literal('paper-out-after'), lines: z.int().min(0).max(1000) }),
  z.strictObject({ kind: z.literal('near-end'), on: z.boolean() }),
  z.strictObject({ kind: z.literal('open-cover') }),
  z.strictObject({ kind: z.literal('close-cover') }),
  /** The cutter sticks at the next cut; `on: false` frees it. */
  z.strictObject({ kind: z.literal('cutter-jam'), on: z.boolean() }),
  /** No answer comes back any more. `printing: stops` also keeps the paper still. */
  z.strictObject({ kind: z.literal('silence'), on: z.boolean(), printing: z.enum(['goes-on', 'stops']).default('goes-on') }),
  /** Power and data go together: what was not on paper is lost. For the data alone there is `cable`. */
  z.strictObject({ kind: z.literal('unplug') }),
  z.strictObject({ kind: z.literal('plug') }),
  /** Every answer comes so much later. */
  z.strictObject({ kind: z.literal('delay'), ms: z.int().min(0).max(10_000) }),
  /** Answers every process id with `1234`, as some clones do. */
  z.strictObject({ kind: z.literal('wrong-process-id'), on: z.boolean() }),
])
export type PrinterCommand = z.input<typeof printerCommandSchema>

export interface PrintedReceipt {
  readonly id: number
  /** Text as it stands on the paper, line by line; drawn lines appear as `[picture]`, codes as `[QR …]`. */
  readonly lines: readonly string[]
  /** Ended with a cut and nothing of it was thrown away. */
  readonly complete: boolean
  readonly cut: boolean
  readonly end: 'hanging' | 'cut' | 'torn' | 'paper-end'
  readonly taken: boolean
  /** `output`: held out to the citizen; `bin`: drawn back. */
  readonly where: 'printer' | 'output' | 'bin' | 'out'
  /** Pass it to `picture`; a new number whenever the picture has changed. */
  readonly pngId: string
}

export interface PrinterState {
  readonly model: PrinterModel
  readonly ticketAtOutput: boolean
  readonly jammed: boolean
  readonly hot: boolean
  readonly cable: CableState
  readonly plugged: boolean
  readonly paper: 'present' | 'near-end' | 'out'
  readonly remainingMm: number
  /** Set by `paper-out-after` and not yet reached. */
  readonly linesUntilPaperOut: number | null
  readonly cover: 'open' | 'closed'
  readonly cutter: 'ok' | 'will-jam' | 'jammed'
  readonly silent: boolean
  readonly answersWrongProcessId: boolean
  readonly answerDelayMs: number
  /** Bytes that were received and not yet printed. */
  readonly bufferedBytes: number
  readonly printing: boolean
  readonly unknownCommands: number
  readonly receipts: readonly PrintedReceipt[]
}
