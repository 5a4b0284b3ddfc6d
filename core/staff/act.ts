import { z } from 'zod'
import { PIN_SHAPE } from './pin-rule.ts'
import { TRAINING_PICTURE_NAME } from './training.ts'

const device = z.string().regex(/^[a-z0-9-]{1,40}$/)
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

/** Why staff take a device or the whole terminal out of service; citizens read the sentence of the reason. */
export const OUT_OF_SERVICE_REASONS = ['maintenance', 'repair-called', 'consumables', 'cleaning', 'moved', 'hall-closed'] as const
export type OutOfServiceReason = (typeof OUT_OF_SERVICE_REASONS)[number]

/** Everything that staff can ask of the terminal at its screen. An act that the present stage or role does not allow is refused. */
export const staffActSchema = z.discriminatedUnion('kind', [
  /** The hidden pattern was touched: show the sign-in. Only while no citizen is served. */
  z.strictObject({ kind: z.literal('open') }),
  /** Back to the idle screen; signs out. */
  z.strictObject({ kind: z.literal('close') }),
  z.strictObject({ kind: z.literal('sign-in'), staff: z.string().regex(/^\d{4,8}$/), pin: z.string().regex(PIN_SHAPE) }),
  /** Second factor for the act that waits for it: six digits of an authenticator … */
  z.strictObject({ kind: z.literal('give-code'), code: z.string().regex(/^\d{6}$/) }),
  /** … or the staff member's own card on the reader. */
  z.strictObject({ kind: z.literal('give-card') }),
  z.strictObject({ kind: z.literal('cancel-act') }),
  z.strictObject({ kind: z.literal('show'), page: z.enum(['devices', 'queue', 'machine', 'training', 'journal']) }),
  z.strictObject({ kind: z.literal('test'), device: z.union([device, z.literal('all')]) }),
  /** The answer to a question of the running test that only eyes can give ("has the test receipt come out, cut and readable?"). */
  z.strictObject({ kind: z.literal('test-answer'), step: z.string().max(80), passed: z.boolean() }),
  z.strictObject({ kind: z.literal('test-stop') }),
  /** Reads a picture of the training folder, by its name in the list that was shown. `paper`: a document kind, or `any`. `source`: what took the picture. */
  z.strictObject({ kind: z.literal('try-paper'), name: z.string().regex(TRAINING_PICTURE_NAME), paper: z.string().regex(/^[a-z][A-Za-z0-9-]{0,60}$/), source: z.enum(['camera', 'glass']) }),
  /** Ends the try under way, or puts the result away. */
  z.strictObject({ kind: z.literal('try-stop') }),
  z.strictObject({ kind: z.literal('print-report') }),
  /** A new roll or ream was put in: its counter begins again. `amount`: metres of a roll, sheets of a tray. */
  z.strictObject({ kind: z.literal('paper-changed'), device, amount: z.int().min(1).max(5000) }),
  z.strictObject({ kind: z.literal('device-out'), device, reason: z.enum(OUT_OF_SERVICE_REASONS) }),
  z.strictObject({ kind: z.literal('device-back'), device }),
  z.strictObject({ kind: z.literal('terminal-out'), reason: z.enum(OUT_OF_SERVICE_REASONS) }),
  z.strictObject({ kind: z.literal('terminal-back') }),
  /** Sends all that waits, or one held application, once more. */
  z.strictObject({ kind: z.literal('retry'), localNumber: z.union([z.string().min(1).max(80), z.literal('all')]) }),
  /** Lets a receipt of unknown end be printed once more, marked as such. */
  z.strictObject({ kind: z.literal('reprint'), job: z.int().min(1) }),
  z.strictObject({ kind: z.literal('hours'), hours: z.union([z.literal('24h'), z.strictObject({ open: timeOfDay, close: timeOfDay })]) }),
  z.strictObject({ kind: z.literal('bundle') }),
  z.strictObject({ kind: z.literal('restart'), what: z.enum(['kiosk', 'device-host']) }),
])
export type StaffAct = z.infer<typeof staffActSchema>
export type StaffActKind = StaffAct['kind']

/** Acts that need a second factor, each time anew or within five minutes of the last one. */
export const DANGEROUS_ACTS: readonly StaffActKind[] = ['terminal-out', 'reprint', 'hours', 'bundle', 'restart']
/** Acts that only a technician may do. */
export const TECHNICIAN_ACTS: readonly StaffActKind[] = ['hours', 'bundle', 'restart']
