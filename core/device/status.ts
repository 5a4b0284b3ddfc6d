import type { DeviceId } from '../ids.ts'
import type { LocalText } from '../text/local-text.ts'

export const DEVICE_CLASSES = ['id-card', 'code-scanner', 'social-card', 'receipt-printer', 'page-printer', 'document-scanner', 'document-camera'] as const
export type DeviceClass = (typeof DEVICE_CLASSES)[number]

export const DEVICE_STATES = ['starting', 'ready', 'busy', 'offline', 'no-paper', 'paper-low', 'no-toner', 'output-full', 'cover-open', 'jam', 'cutter-fault', 'fault', 'out-of-service'] as const
/**
 * The small public state of any device. Private states of a driver's machine map onto these. `out-of-service` is never said
 * by a driver: staff put it there, and the kiosk process lays it over what the driver says.
 */
export type DeviceState = (typeof DEVICE_STATES)[number]

/** `since` is epoch milliseconds. `code` is for staff and logs and never holds anything about a citizen. */
export interface DeviceStatus {
  readonly state: DeviceState
  readonly since: number
  readonly code?: string
}

/** States in which a device can do its work now. */
export function isUsable(state: DeviceState): boolean {
  return state === 'ready' || state === 'busy' || state === 'paper-low'
}

/** What a device tells of itself for the health page: serial or SAM number, firmware, counts of line faults. Never content. */
export type DeviceDetails = Readonly<Record<string, string | number>>

export interface DeviceReport {
  readonly id: DeviceId
  readonly kind: DeviceClass
  readonly status: DeviceStatus
  readonly details?: DeviceDetails
  /** Why staff took it out of service, in words for the citizen. */
  readonly reason?: LocalText
}
