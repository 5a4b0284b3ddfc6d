import type { DeviceId } from '../ids.ts'

export const DEVICE_CLASSES = ['id-card', 'receipt-printer', 'document-scanner'] as const
export type DeviceClass = (typeof DEVICE_CLASSES)[number]

/**
 * The small public state of any device. Private states of a driver's machine map onto these. `since` is epoch
 * milliseconds. `code` is for staff and logs and never holds anything about a citizen.
 */
export type DeviceState =
  | 'starting'
  | 'ready'
  | 'busy'
  | 'offline'
  | 'no-paper'
  | 'paper-low'
  | 'cover-open'
  | 'jam'
  | 'cutter-fault'
  | 'fault'

export interface DeviceStatus {
  readonly state: DeviceState
  readonly since: number
  readonly code?: string
}

/** States in which a device can do its work now. */
export function isUsable(state: DeviceState): boolean {
  return state === 'ready' || state === 'busy' || state === 'paper-low'
}

export interface DeviceReport {
  readonly id: DeviceId
  readonly kind: DeviceClass
  readonly status: DeviceStatus
}
