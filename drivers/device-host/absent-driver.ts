import type { DeviceConfig } from '../../core/config/kiosk-config.ts'
import type { DeviceStatus } from '../../core/device/status.ts'
import type { DeviceId } from '../../core/ids.ts'
import { err, unreachable } from '../../core/result/result.ts'
import type { AnyDeviceService } from './contract.ts'

/** The driver of this class could not be loaded: a native binding is missing or of another system. */
export const DRIVER_MISSING = 'driver-missing'

/** A device that the host can open; a document camera belongs to the page. */
export type HostedDeviceConfig = Exclude<DeviceConfig, { readonly class: 'document-camera' }>

/**
 * What stands in the place of a device whose driver could not be loaded: a fault that says so, so that one missing binding
 * does not take the other devices with it.
 */
export function absentDriver(config: HostedDeviceConfig, since: number, code: string = DRIVER_MISSING): AnyDeviceService {
  const status: DeviceStatus = { state: 'fault', since, code }
  const common = { id: config.id as DeviceId, start: () => undefined, stop: () => Promise.resolve(), status: () => status, onStatus: () => () => undefined }
  switch (config.class) {
    case 'id-card':
      return { ...common, kind: 'id-card', read: () => Promise.resolve(err({ kind: 'reader-fault', code })) }
    case 'code-scanner':
      return { ...common, kind: 'code-scanner', readCode: () => Promise.resolve(err({ kind: 'fault', code })) }
    case 'social-card':
      return { ...common, kind: 'social-card', read: () => Promise.resolve(err({ kind: 'reader-fault', code })) }
    case 'receipt-printer':
      return { ...common, kind: 'receipt-printer', print: () => Promise.resolve({ kind: 'not-started', why: 'fault' }), onTicket: () => () => undefined }
    case 'page-printer':
      return { ...common, kind: 'page-printer', print: () => Promise.resolve({ kind: 'not-started', why: 'fault' }) }
    case 'document-scanner':
      return { ...common, kind: 'document-scanner', scanPage: () => Promise.resolve(err({ kind: 'fault', code })), scanBatch: () => Promise.resolve(err({ kind: 'fault', code })) }
    default:
      return unreachable(config)
  }
}
