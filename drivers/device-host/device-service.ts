import type { DeviceClass, DeviceDetails, DeviceStatus } from '../../core/device/status.ts'
import type { DeviceId } from '../../core/ids.ts'

/** What every device driver gives to the device host, whatever its class. */
export interface DeviceService {
  readonly id: DeviceId
  readonly kind: DeviceClass
  /** Begins to open and watch the device; returns at once, progress shows in the status. */
  start(): void
  /** Ends every timer and closes the transport. */
  stop(): Promise<void>
  status(): DeviceStatus
  /** What the device has told of itself, for the health page; asked for with each report. */
  details?(): DeviceDetails
  /** Called on each change. Returns the function that stops listening. */
  onStatus(listener: (status: DeviceStatus) => void): () => void
}

/** Counts and codes for the health page and the log; never content. */
export type DeviceLog = (event: string, fields: Readonly<Record<string, string | number | boolean>>) => void
