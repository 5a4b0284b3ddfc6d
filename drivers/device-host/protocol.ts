import { z } from 'zod'
import { deviceConfigSchema } from '../../core/config/kiosk-config.ts'
import type { CardReadError, CardReading, CardReadProgress, PageImage, PrintOutcome, ScanError, ScanProgress } from '../../core/device/operations.ts'
import type { DeviceReport } from '../../core/device/status.ts'
import { DEVICE_CLASSES } from '../../core/device/status.ts'
import type { CitizenId, DeviceId } from '../../core/ids.ts'
import type { ReceiptDocument } from '../../core/receipt/document.ts'
import type { PrintJob } from './contract.ts'

/**
 * Every message that crosses between the kiosk process and the device host, in both directions. Both ends parse what
 * arrives: the host may be of another build for a moment during an update, and a broken native binding may hand us anything.
 * Bytes travel as `Uint8Array` by structured clone (`serialization: 'advanced'` with fork), never as base64.
 */

/** A staff code: what the log and the health page may show. */
const code = z.string().max(80)
const deviceId = z.string().regex(/^[a-z0-9-]{1,40}$/).transform((id) => id as DeviceId)
const callId = z.int().min(1)

// --- The operations and their answers -------------------------------------------------------------------------------

const receiptBlockSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('title'), text: z.string() }),
  z.strictObject({ kind: z.literal('text'), text: z.string(), align: z.enum(['left', 'center']).optional(), bold: z.boolean().optional(), large: z.boolean().optional() }),
  z.strictObject({ kind: z.literal('pair'), label: z.string(), value: z.string(), bold: z.boolean().optional() }),
  z.strictObject({ kind: z.literal('rule') }),
  z.strictObject({ kind: z.literal('item'), mark: z.string(), text: z.string(), note: z.string().optional() }),
  z.strictObject({ kind: z.literal('qr'), data: z.string(), caption: z.string().optional() }),
  z.strictObject({ kind: z.literal('space') }),
])

const receiptDocumentSchema: z.ZodType<ReceiptDocument> = z.strictObject({ number: z.string().min(1), unlimited: z.literal(true).optional(), blocks: z.array(receiptBlockSchema) })

const printJobSchema: z.ZodType<PrintJob> = z.strictObject({
  document: receiptDocumentSchema,
  attempt: z.int().min(1),
  /** Four bytes 20–7E: what `GS ( H` function 48 carries. */
  processId: z.string().regex(/^[\x20-\x7e]{4}$/),
  voidStubFirst: z.boolean(),
})

const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

/** The shape only: number and dates were checked by the card's codec and are not judged twice. */
const cardReadingSchema: z.ZodType<CardReading> = z.strictObject({
  kind: z.enum(['resident', 'hk-mo-tw-resident', 'foreigner-2017', 'foreigner-2023']),
  name: z.string(),
  englishName: z.string().optional(),
  sex: z.enum(['male', 'female', 'unknown', 'not-stated']),
  nationCode: z.string().optional(),
  nationality: z.string().optional(),
  birth: isoDate,
  address: z.string(),
  number: z.string().min(1).transform((number) => number as CitizenId),
  issuer: z.string(),
  authorityCode: z.string().optional(),
  travelPermit: z.string().optional(),
  timesIssued: z.string().optional(),
  validFrom: isoDate,
  validTo: z.union([isoDate, z.literal('long-term')]),
  photo: z.strictObject({ format: z.literal('wlt'), bytes: z.instanceof(Uint8Array) }).optional(),
})

const cardReadErrorSchema: z.ZodType<CardReadError> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cancelled') }),
  z.strictObject({
    kind: z.enum(['reader-gone', 'reader-fault', 'lift-and-lay-again', 'wrong-card', 'card-refused', 'card-unreadable', 'record-inconsistent', 'timeout']),
    code,
  }),
])

const cardReadProgressSchema: z.ZodType<CardReadProgress> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['waiting', 'card-found', 'reading', 'lift-card']) }),
  z.strictObject({ kind: z.literal('retrying'), attempt: z.int().min(1) }),
])

const printObstacleSchema = z.enum(['no-paper', 'paper-too-short', 'cover-open', 'jam', 'cutter-fault', 'fault', 'silent', 'link-lost', 'busy', 'glyph-missing'])

const printOutcomeSchema: z.ZodType<PrintOutcome> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('printed'), proof: z.enum(['process-id', 'in-order-status']) }),
  z.strictObject({ kind: z.enum(['not-started', 'voided', 'unknown']), why: printObstacleSchema }),
])

const pageImageSchema: z.ZodType<PageImage> = z.strictObject({
  mime: z.enum(['image/jpeg', 'image/png']),
  bytes: z.instanceof(Uint8Array),
  widthPx: z.int().min(1),
  heightPx: z.int().min(1),
  dpi: z.number().positive(),
})

const scanErrorSchema: z.ZodType<ScanError> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['cancelled', 'feeder-empty', 'jam', 'cover-open']) }),
  z.strictObject({ kind: z.enum(['scanner-gone', 'busy', 'bad-image', 'fault']), code }),
])

const scanProgressSchema: z.ZodType<ScanProgress> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['starting', 'scanning']) }),
  z.strictObject({ kind: z.literal('receiving'), bytes: z.int().min(0) }),
])

const deviceReportSchema: z.ZodType<DeviceReport> = z.strictObject({
  id: deviceId,
  kind: z.enum(DEVICE_CLASSES),
  status: z.strictObject({
    state: z.enum(['starting', 'ready', 'busy', 'offline', 'no-paper', 'paper-low', 'cover-open', 'jam', 'cutter-fault', 'fault']),
    since: z.number(),
    code: code.optional(),
  }),
})

// --- Kiosk process → device host ------------------------------------------------------------------------------------

const operationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('read-card'), timeoutMs: z.number().positive() }),
  z.strictObject({ kind: z.literal('print-receipt'), job: printJobSchema }),
  z.strictObject({ kind: z.literal('scan-page'), source: z.enum(['platen', 'feeder']) }),
])
export type Operation = z.infer<typeof operationSchema>

export const toHostSchema = z.discriminatedUnion('type', [
  /** The first message after `ready`; exactly one per life of the host. */
  z.strictObject({ type: z.literal('configure'), devices: z.array(deviceConfigSchema) }),
  z.strictObject({ type: z.literal('ping'), beat: z.int().min(1) }),
  z.strictObject({ type: z.literal('call'), callId, device: deviceId, operation: operationSchema }),
  z.strictObject({ type: z.literal('abort'), callId }),
  /** Close every device in order and exit with 0. */
  z.strictObject({ type: z.literal('stop') }),
])
export type ToHost = z.infer<typeof toHostSchema>

/** What an invalid message still tells us: enough to answer its caller instead of leaving it to wait. */
export const callEnvelopeSchema = z.object({ type: z.literal('call'), callId })

// --- Device host → kiosk process ------------------------------------------------------------------------------------

const operationResultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('read-card'),
    result: z.discriminatedUnion('ok', [z.strictObject({ ok: z.literal(true), value: cardReadingSchema }), z.strictObject({ ok: z.literal(false), error: cardReadErrorSchema })]),
  }),
  z.strictObject({ kind: z.literal('print-receipt'), outcome: printOutcomeSchema }),
  z.strictObject({
    kind: z.literal('scan-page'),
    result: z.discriminatedUnion('ok', [z.strictObject({ ok: z.literal(true), value: pageImageSchema }), z.strictObject({ ok: z.literal(false), error: scanErrorSchema })]),
  }),
  /** No answer of a service: the call never reached one (`began: false`) or the service broke (`began: true`). */
  z.strictObject({ kind: z.literal('failed'), began: z.boolean(), code }),
])
export type OperationResult = z.infer<typeof operationResultSchema>

const operationProgressSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('read-card'), progress: cardReadProgressSchema }),
  /** The first byte of the receipt goes out now. */
  z.strictObject({ kind: z.literal('print-receipt'), progress: z.literal('sending') }),
  z.strictObject({ kind: z.literal('scan-page'), progress: scanProgressSchema }),
])
export type OperationProgress = z.infer<typeof operationProgressSchema>

export const fromHostSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({ type: z.literal('pong'), beat: z.int().min(1) }),
  z.strictObject({ type: z.literal('report'), report: deviceReportSchema }),
  z.strictObject({ type: z.literal('progress'), callId, progress: operationProgressSchema }),
  z.strictObject({ type: z.literal('result'), callId, result: operationResultSchema }),
  z.strictObject({ type: z.literal('log'), event: z.string().max(80), fields: z.record(z.string().max(40), z.union([z.string().max(200), z.number(), z.boolean()])) }),
  /** The last words before an exit after a bug. */
  z.strictObject({ type: z.literal('dying'), code }),
])
export type FromHost = z.infer<typeof fromHostSchema>

/** Where a message broke the protocol, for the log: path and zod code, never the value that stood there. */
export function describeProtocolFault(error: z.ZodError): string {
  const first = error.issues[0]
  return first === undefined ? 'unknown' : `${first.path.map(String).join('.') || 'message'}:${first.code}`.slice(0, 80)
}
