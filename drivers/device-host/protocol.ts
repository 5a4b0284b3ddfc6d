import { z } from 'zod'
import { deviceConfigSchema } from '../../core/config/kiosk-config.ts'
import type { DeviceReport } from '../../core/device/status.ts'
import { DEVICE_CLASSES, DEVICE_STATES } from '../../core/device/status.ts'
import type { DeviceId } from '../../core/ids.ts'
import { code, operationProgressSchema, operationResultSchema, operationSchema, ticketSchema } from './operation-schema.ts'

export type { Operation, OperationKind, OperationProgress, OperationResult } from './operation-schema.ts'

/**
 * Every message that crosses between the kiosk process and the device host, in both directions. Both ends parse what
 * arrives: the host may be of another build for a moment during an update, and a broken native binding may hand us anything.
 * Bytes travel as `Uint8Array` by structured clone (`serialization: 'advanced'` with fork), never as base64.
 */

const deviceId = z.string().regex(/^[a-z0-9-]{1,40}$/).transform((id) => id as DeviceId)
const callId = z.int().min(1)

/** Bounds of what a device may tell of itself; the host cuts what is longer. */
export const MOST_DETAILS = 40
export const LONGEST_DETAIL = 200
const detailName = z.string().min(1).max(40)

const deviceReportSchema: z.ZodType<DeviceReport> = z.strictObject({
  id: deviceId,
  kind: z.enum(DEVICE_CLASSES),
  status: z.strictObject({
    // `out-of-service` is said by staff, never by a driver.
    state: z.enum(DEVICE_STATES).exclude(['out-of-service']),
    since: z.number(),
    code: code.optional(),
  }),
  details: z.record(detailName, z.union([z.string().max(LONGEST_DETAIL), z.number()])).refine((details) => Object.keys(details).length <= MOST_DETAILS, 'too many').optional(),
})

// --- Kiosk process → device host ------------------------------------------------------------------------------------

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

/** Code of a `failed` call that was given up before its device was there. */
export const CALL_ABORTED = 'aborted'

/** What an invalid message still tells us: enough to answer its caller instead of leaving it to wait. */
export const callEnvelopeSchema = z.object({ type: z.literal('call'), callId })

// --- Device host → kiosk process ------------------------------------------------------------------------------------

export const fromHostSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({ type: z.literal('pong'), beat: z.int().min(1) }),
  z.strictObject({ type: z.literal('report'), report: deviceReportSchema }),
  z.strictObject({ type: z.literal('ticket'), device: deviceId, ticket: ticketSchema }),
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
