import { z } from 'zod'

/** What the bench may do to the virtual printer. */
export const printerCommandSchema = z.discriminatedUnion('kind', [
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
  z.strictObject({ kind: z.literal('unplug') }),
  z.strictObject({ kind: z.literal('plug') }),
  /** Every answer comes so much later. */
  z.strictObject({ kind: z.literal('delay'), ms: z.int().min(0).max(10_000) }),
  /** Answers every process id with `1234`, as some clones do. */
  z.strictObject({ kind: z.literal('wrong-process-id'), on: z.boolean() }),
])
export type PrinterCommand = z.infer<typeof printerCommandSchema>

export interface PrintedReceipt {
  readonly id: number
  /** Text as it stands on the paper, line by line; drawn lines appear as `[picture]`, codes as `[QR …]`. */
  readonly lines: readonly string[]
  /** Ended with a cut and nothing of it was thrown away. */
  readonly complete: boolean
  readonly cut: boolean
  readonly end: 'hanging' | 'cut' | 'torn' | 'paper-end'
  readonly taken: boolean
  /** Pass it to `picture`; a new number whenever the picture has changed. */
  readonly pngId: string
}

export interface PrinterState {
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
