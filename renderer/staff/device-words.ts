import type { DeviceClass } from '../../core/device/status.ts'
import type { StaffDeviceView } from '../../core/staff/view.ts'
import type { IconName } from '../design/icons/icons.ts'
import type { Concern } from './worst-first.ts'

export const DEVICE_ICONS: Readonly<Record<DeviceClass, IconName>> = { 'id-card': 'card', 'code-scanner': 'code', 'social-card': 'chip', 'receipt-printer': 'roll', 'page-printer': 'printer', 'document-scanner': 'scanner', 'document-camera': 'camera' }

/** How a concern looks: told by shape and word first, then by colour. */
export const CONCERN_LOOKS: Readonly<Record<Concern, { readonly tone: 'ok' | 'warn' | 'danger' | 'info'; readonly icon: IconName; readonly tag: string }>> = {
  broken: { tone: 'danger', icon: 'stop', tag: 'danger' },
  out: { tone: 'warn', icon: 'pause', tag: 'warn' },
  attention: { tone: 'warn', icon: 'alert', tag: 'warn' },
  starting: { tone: 'info', icon: 'hourglass', tag: 'accent' },
  good: { tone: 'ok', icon: 'check', tag: 'ok' },
}

/** Metres or sheets that a roll or tray usually has when it is new. */
export const USUAL_AMOUNTS = { roll: [30, 50, 80, 150], sheets: [100, 250, 500, 1000] } as const
export const AMOUNT_STEP = { roll: 10, sheets: 50 } as const
export const LARGEST_AMOUNT = 5000

/** What a driver tells of itself beside its counters, in the order of the page; anything else it says is for its log. */
export const DETAILS = ['model', 'line', 'reader', 'samNumber', 'impressions', 'jobs', 'notPrinted', 'timeouts', 'xorFailures', 'discardedBytes', 'staleReplies', 'reopenings'] as const

/** What the chooser begins with: the amount of the last time, else a usual one. */
export function firstAmount(consumable: NonNullable<StaffDeviceView['consumable']>): number {
  return consumable.amountLoaded ?? (consumable.kind === 'roll' ? 80 : 500)
}
