import { z } from 'zod'
import type { CardReadError, CardReading, CardReadProgress, CodeReadError, PageImage, PagePrintOutcome, PagePrintProgress, PrintOutcome, ScanError, ScannedBatch, ScannedCode, ScanProgress, SocialCard, SocialCardError, SocialCardProgress } from '../../core/device/operations.ts'
import type { CitizenId } from '../../core/ids.ts'
import type { ReceiptDocument } from '../../core/receipt/document.ts'
import type { PagePrintJob, PrintJob, Ticket } from './contract.ts'

/**
 * What devices are asked to do, what they say meanwhile, and what comes of it, as it crosses between the two processes.
 * Everything has a bound: a broken driver must not be able to hand the kiosk process something that it cannot bear.
 */

/** A staff code: what the log and the health page may show. */
export const code = z.string().max(80)

/** An A4 page at 300 dpi as PNG is at most 26 MB; photographs of a document camera stay below this too. */
export const LONGEST_PICTURE_BYTES = 64 * 1024 * 1024
export const LONGEST_PDF_BYTES = 64 * 1024 * 1024
/** The largest QR code holds 2,953 bytes; readers may join several. */
export const LONGEST_CODE_BYTES = 16 * 1024
const MOST_PAGES = 10_000
/** Longest field on a card is the address, 35 characters; a foreigner's names are longer, and an additional address may follow. */
const cardText = z.string().max(400)

const bytes = (longest: number) => z.instanceof(Uint8Array).refine((value) => value.length <= longest, 'too long')
const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

// --- Receipts ---------------------------------------------------------------------------------------------------------

const line = z.string().max(4_000)
const receiptBlockSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('title'), text: line }),
  z.strictObject({ kind: z.literal('text'), text: line, align: z.enum(['left', 'center']).optional(), bold: z.boolean().optional(), large: z.boolean().optional() }),
  z.strictObject({ kind: z.literal('pair'), label: line, value: line, bold: z.boolean().optional() }),
  z.strictObject({ kind: z.literal('rule') }),
  z.strictObject({ kind: z.literal('item'), mark: line, text: line, note: line.optional() }),
  z.strictObject({ kind: z.literal('qr'), data: line, caption: line.optional() }),
  z.strictObject({ kind: z.literal('space') }),
])

const receiptDocumentSchema: z.ZodType<ReceiptDocument> = z.strictObject({ number: z.string().min(1).max(80), unlimited: z.literal(true).optional(), blocks: z.array(receiptBlockSchema).max(1_000) })

/** Four bytes 20–7E: what `GS ( H` function 48 carries. */
const processId = z.string().regex(/^[\x20-\x7e]{4}$/)

const printJobSchema: z.ZodType<PrintJob> = z.strictObject({ document: receiptDocumentSchema, attempt: z.int().min(1), processId, voidStubFirst: z.boolean(), cutFirst: z.literal(true).optional() })

const printObstacleSchema = z.enum(['no-paper', 'paper-too-short', 'cover-open', 'jam', 'cutter-fault', 'fault', 'silent', 'link-lost', 'busy', 'glyph-missing'])

const printOutcomeSchema: z.ZodType<PrintOutcome> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('printed'), proof: z.enum(['process-id', 'in-order-status']) }),
  z.strictObject({ kind: z.enum(['not-started', 'voided', 'unknown']), why: printObstacleSchema }),
])

export const ticketSchema: z.ZodType<Ticket> = z.strictObject({ processId, fate: z.enum(['presented', 'taken', 'retracted', 'left']) })

// --- ID cards ---------------------------------------------------------------------------------------------------------

/** The shape only: number and dates were checked by the card's codec and are not judged twice. */
const cardReadingSchema: z.ZodType<CardReading> = z.strictObject({
  kind: z.enum(['resident', 'hk-mo-tw-resident', 'foreigner-2017', 'foreigner-2023']),
  name: cardText,
  englishName: cardText.optional(),
  sex: z.enum(['male', 'female', 'unknown', 'not-stated']),
  nationCode: cardText.optional(),
  nationality: cardText.optional(),
  birth: isoDate,
  address: cardText,
  newAddresses: z.array(cardText).max(4).optional(),
  number: cardText.min(1).transform((number) => number as CitizenId),
  issuer: cardText,
  authorityCode: cardText.optional(),
  travelPermit: cardText.optional(),
  timesIssued: cardText.optional(),
  validFrom: isoDate,
  validTo: z.union([isoDate, z.literal('long-term')]),
  photo: z.strictObject({ format: z.literal('wlt'), bytes: bytes(64 * 1024) }).optional(),
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

// --- Social-security cards --------------------------------------------------------------------------------------------

const socialCardSchema: z.ZodType<SocialCard> = z.strictObject({
  region: cardText, version: cardText, cardNumber: cardText, number: cardText, name: cardText, issued: cardText, validTo: cardText,
})

const socialCardErrorSchema: z.ZodType<SocialCardError> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['cancelled', 'timeout']) }),
  z.strictObject({ kind: z.enum(['reader-gone', 'reader-fault', 'wrong-card', 'card-pulled', 'card-unreadable']), code }),
])

const socialCardProgressSchema: z.ZodType<SocialCardProgress> = z.strictObject({ kind: z.enum(['waiting', 'reading']) })

// --- Codes ------------------------------------------------------------------------------------------------------------

const scannedCodeSchema: z.ZodType<ScannedCode> = z.strictObject({
  text: z.string().max(LONGEST_CODE_BYTES),
  bytes: bytes(LONGEST_CODE_BYTES),
  aim: z.string().max(8).optional(),
  at: z.number(),
})

const codeReadErrorSchema: z.ZodType<CodeReadError> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['cancelled', 'timeout']) }),
  z.strictObject({ kind: z.enum(['scanner-gone', 'fault']), code }),
])

// --- Pages on paper ---------------------------------------------------------------------------------------------------

const pages = z.int().min(0).max(MOST_PAGES)
const pagePrintJobSchema: z.ZodType<PagePrintJob> = z.strictObject({ number: z.string().min(1).max(80), pdf: bytes(LONGEST_PDF_BYTES), pages: pages.min(1) })

const pagePrintObstacleSchema = z.enum(['no-paper', 'wrong-paper', 'jam', 'cover-open', 'no-toner', 'output-full', 'paused', 'busy', 'fault', 'silent', 'link-lost', 'format-refused'])

const pagePrintOutcomeSchema: z.ZodType<PagePrintOutcome> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('printed'), pages }),
  z.strictObject({ kind: z.literal('stopped'), why: pagePrintObstacleSchema, pages }),
  z.strictObject({ kind: z.enum(['not-started', 'unknown']), why: pagePrintObstacleSchema }),
])

const pagePrintProgressSchema: z.ZodType<PagePrintProgress> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sending') }),
  z.strictObject({ kind: z.literal('printing'), page: pages }),
  z.strictObject({ kind: z.literal('waiting'), why: pagePrintObstacleSchema }),
])

// --- Scans ------------------------------------------------------------------------------------------------------------

const pageImageSchema: z.ZodType<PageImage> = z.strictObject({
  mime: z.enum(['image/jpeg', 'image/png']),
  bytes: bytes(LONGEST_PICTURE_BYTES),
  widthPx: z.int().min(1).max(100_000),
  heightPx: z.int().min(1).max(100_000),
  dpi: z.number().positive().max(10_000),
})

const scanErrorSchema: z.ZodType<ScanError> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['cancelled', 'feeder-empty', 'jam', 'cover-open']) }),
  z.strictObject({ kind: z.enum(['scanner-gone', 'busy', 'bad-image', 'fault']), code }),
])

const scanProgressSchema: z.ZodType<ScanProgress> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('starting') }),
  z.strictObject({ kind: z.literal('scanning'), percent: z.number().min(0).max(100).optional() }),
  z.strictObject({ kind: z.literal('receiving'), bytes: z.int().min(0) }),
])

const scannedBatchSchema: z.ZodType<ScannedBatch> = z.strictObject({ pages })

// --- The three kinds of message about an operation --------------------------------------------------------------------

const timeoutMs = z.number().positive()

export const operationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('read-card'), timeoutMs }),
  z.strictObject({ kind: z.literal('read-code'), timeoutMs }),
  z.strictObject({ kind: z.literal('read-social-card'), timeoutMs }),
  z.strictObject({ kind: z.literal('print-receipt'), job: printJobSchema }),
  z.strictObject({ kind: z.literal('print-pages'), job: pagePrintJobSchema }),
  z.strictObject({ kind: z.literal('scan-page'), source: z.enum(['platen', 'feeder']) }),
  z.strictObject({ kind: z.literal('scan-batch') }),
])
export type Operation = z.infer<typeof operationSchema>
export type OperationKind = Operation['kind']

/** A `Result` of core: the value, or the error. */
function resultSchema<Value extends z.ZodType, Fault extends z.ZodType>(value: Value, error: Fault) {
  return z.discriminatedUnion('ok', [z.strictObject({ ok: z.literal(true), value }), z.strictObject({ ok: z.literal(false), error })])
}

export const operationResultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('read-card'), result: resultSchema(cardReadingSchema, cardReadErrorSchema) }),
  z.strictObject({ kind: z.literal('read-code'), result: resultSchema(scannedCodeSchema, codeReadErrorSchema) }),
  z.strictObject({ kind: z.literal('read-social-card'), result: resultSchema(socialCardSchema, socialCardErrorSchema) }),
  z.strictObject({ kind: z.literal('print-receipt'), outcome: printOutcomeSchema }),
  z.strictObject({ kind: z.literal('print-pages'), outcome: pagePrintOutcomeSchema }),
  z.strictObject({ kind: z.literal('scan-page'), result: resultSchema(pageImageSchema, scanErrorSchema) }),
  z.strictObject({ kind: z.literal('scan-batch'), result: resultSchema(scannedBatchSchema, scanErrorSchema) }),
  /** No answer of a service: the call never reached one (`began: false`) or the service broke (`began: true`). */
  z.strictObject({ kind: z.literal('failed'), began: z.boolean(), code }),
])
export type OperationResult = z.infer<typeof operationResultSchema>

export const operationProgressSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('read-card'), progress: cardReadProgressSchema }),
  z.strictObject({ kind: z.literal('read-social-card'), progress: socialCardProgressSchema }),
  /** The first byte of the receipt goes out now. */
  z.strictObject({ kind: z.literal('print-receipt'), progress: z.literal('sending') }),
  z.strictObject({ kind: z.literal('print-pages'), progress: pagePrintProgressSchema }),
  z.strictObject({ kind: z.literal('scan-page'), progress: scanProgressSchema }),
  z.strictObject({ kind: z.literal('scan-batch'), progress: scanProgressSchema }),
  /** One page of a feeder job, decoded whole; it stays good whatever comes after it. */
  z.strictObject({ kind: z.literal('batch-page'), page: pageImageSchema }),
])
export type OperationProgress = z.infer<typeof operationProgressSchema>
