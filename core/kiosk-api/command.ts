import { z } from 'zod'
import { quadSchema } from '../document/quad-schema.ts'
import { staffActSchema } from '../staff/act.ts'
import { languageSchema } from '../text/local-text.ts'

const id = z.string().min(1).max(80)
const pointer = z.string().max(200).regex(/^\//)

/** Characters; what the largest QR code holds in letters and digits. */
export const LONGEST_TYPED_CODE = 4296

/** Form data as the page sends it: flat JSON, bounded, judged by the form's own JSON Schema afterwards. */
const formValue = z.union([z.string().max(2000), z.number(), z.boolean(), z.null(), z.array(z.string().max(200)).max(50)])

/** Ink of a signature: strokes of points in a box of `width` x `height`, milliseconds since the first touch. */
export const signatureSchema = z.strictObject({
  width: z.int().min(100).max(4000),
  height: z.int().min(50).max(4000),
  strokes: z.array(z.array(z.strictObject({ x: z.number().min(-50).max(4050), y: z.number().min(-50).max(4050), t: z.number().min(0) })).min(1).max(5000)).min(1).max(200),
})
export type Signature = z.infer<typeof signatureSchema>

export const wayChoiceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('licence'), licenceType: id }),
  z.strictObject({ kind: z.literal('data-check'), check: id }),
  z.strictObject({ kind: z.literal('commitment'), commitment: id }),
  z.strictObject({ kind: z.literal('scan'), document: id }),
  z.strictObject({ kind: z.literal('later') }),
])
export type WayChoice = z.infer<typeof wayChoiceSchema>

/** Everything that a citizen can ask of the kiosk. A command that the present screen does not know is refused, never queued. */
export const commandSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('start') }),
  /** A touch anywhere: the person is still there. */
  z.strictObject({ type: z.literal('activity') }),
  z.strictObject({ type: z.literal('display'), language: languageSchema.optional(), textSize: z.enum(['standard', 'large', 'largest']).optional(), theme: z.enum(['standard', 'contrast-light', 'contrast-dark']).optional(), care: z.boolean().optional(), lowReach: z.boolean().optional() }),
  z.strictObject({ type: z.literal('back') }),
  /** Ends the session and wipes it; the page has asked the citizen first. */
  z.strictObject({ type: z.literal('leave') }),
  z.strictObject({ type: z.literal('choose-matter'), matter: id }),
  /** The one obvious next step of the screen. */
  z.strictObject({ type: z.literal('continue') }),
  z.strictObject({ type: z.literal('answer'), question: id, value: id }),
  z.strictObject({ type: z.literal('change-answers') }),
  z.strictObject({ type: z.literal('print-checklist') }),
  z.strictObject({ type: z.literal('retry') }),
  z.strictObject({ type: z.literal('accept-consent') }),
  z.strictObject({ type: z.literal('decline-consent') }),
  /** `next` asks to go on: gaps are told when there are any. */
  z.strictObject({ type: z.literal('save-form'), data: z.record(z.string().max(80), formValue), next: z.boolean() }),
  z.strictObject({ type: z.literal('choose-way'), material: id, way: wayChoiceSchema }),
  z.strictObject({ type: z.literal('clear-material'), material: id }),
  z.strictObject({ type: z.literal('accept-commitment') }),
  z.strictObject({ type: z.literal('scan-page'), source: z.enum(['platen', 'feeder']) }),
  z.strictObject({ type: z.literal('keep-page') }),
  /** A further page of the same paper. */
  z.strictObject({ type: z.literal('add-page') }),
  /** One page of the paper, as the screen names it: taken anew in its place, or taken out. */
  z.strictObject({ type: z.literal('retake-page'), page: id }),
  z.strictObject({ type: z.literal('drop-page'), page: id }),
  /** From what was read back to the pages; what was read of them goes. */
  z.strictObject({ type: z.literal('show-pages') }),
  /** Opens the corner editor. */
  z.strictObject({ type: z.literal('adjust-edges'), page: id }),
  /** The corners as the citizen set them, in pixels of the untouched picture; refused when they are no paper in it. */
  z.strictObject({ type: z.literal('set-corners'), corners: quadSchema }),
  z.strictObject({ type: z.literal('scan-again') }),
  z.strictObject({ type: z.literal('confirm-fields'), fields: z.record(id, z.string().max(500)) }),
  z.strictObject({ type: z.literal('go-to-gap'), gap: id }),
  z.strictObject({ type: z.literal('change-line'), target: z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('field'), pointer }), z.strictObject({ kind: z.literal('material'), material: id }), z.strictObject({ kind: z.literal('questions') })]) }),
  z.strictObject({ type: z.literal('sign'), signature: signatureSchema }),
  z.strictObject({ type: z.literal('print-again') }),
  /** The proof on A4, once more: only when nothing of it can be on paper. */
  z.strictObject({ type: z.literal('print-proof-again') }),
  /** The answer to "did a receipt come out?". */
  z.strictObject({ type: z.literal('paper-came'), came: z.boolean() }),
  z.strictObject({ type: z.literal('evaluate'), grade: z.int().min(1).max(5), details: z.array(id).max(10) }),
  z.strictObject({ type: z.literal('skip-evaluation') }),
  /** A scanner in keyboard mode typed a code into the page: an opaque token, no longer than the longest code. */
  z.strictObject({ type: z.literal('code-typed'), text: z.string().min(1).max(LONGEST_TYPED_CODE) }),
  /** What the page finds of the document camera, which belongs to the browser: `code` is a step or an error's name, for staff. */
  z.strictObject({ type: z.literal('camera'), state: z.enum(['ready', 'busy', 'offline', 'fault']), code: z.string().regex(/^[A-Za-z0-9-]{1,40}$/).optional() }),
  z.strictObject({ type: z.literal('staff'), act: staffActSchema }),
])
export type Command = z.infer<typeof commandSchema>
export type CommandType = Command['type']
