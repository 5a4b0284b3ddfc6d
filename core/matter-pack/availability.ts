import type { Capabilities } from '../device/capabilities.ts'
import type { TwoSentences } from '../device/sentences.ts'
import type { DeviceClass } from '../device/status.ts'
import type { Availability } from '../kiosk-api/snapshot.ts'
import { text } from '../text/local-text.ts'
import type { Matter } from './schema.ts'

/** Whether a matter can be done here now, and what is missing, told before the citizen starts. */
export function availabilityOf(matter: Matter, can: Capabilities): Availability {
  const missing = (kind: DeviceClass): TwoSentences | undefined => reasonOf(kind, can)
  const blocking = [
    ...matter.devices.required.map(missing),
    can.submit ? undefined : can.reasons.submit,
  ].filter((reason) => reason !== undefined).map((reason) => reason.citizen)
  // A proof is issued by the backend on the spot: without it there is nothing to print.
  if (matter.flow === 'proof' && can.network === 'offline') blocking.push(text('暂时连不上办事系统，这一项现在开不出证明。', 'The service cannot be reached now, so this proof cannot be issued at the moment.'))
  if (blocking.length > 0) return { state: 'unavailable', reasons: blocking }
  const limiting = matter.devices.useful.map(missing).filter((reason) => reason !== undefined).map((reason) => reason.citizen)
  if (can.network === 'offline') limiting.push(text('暂时连不上办事系统：您的申请会先存在本机，网络恢复后自动送出。', 'The service cannot be reached now: your application will be kept here and sent by itself later.'))
  return limiting.length > 0 ? { state: 'limited', reasons: limiting } : { state: 'available' }
}

function reasonOf(kind: DeviceClass, can: Capabilities): TwoSentences | undefined {
  switch (kind) {
    case 'id-card': return can.reasons.identify
    case 'receipt-printer': return can.reasons.print
    case 'document-scanner': return can.reasons.scan
  }
}
