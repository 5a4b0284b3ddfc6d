import type { Ability } from '../config/kiosk-config.ts'
import type { Capabilities, Obstacle } from '../device/capabilities.ts'
import { ABILITIES_OF_CLASS } from '../device/capabilities.ts'
import type { DeviceClass } from '../device/status.ts'
import type { Availability } from '../kiosk-api/snapshot.ts'
import { text } from '../text/local-text.ts'
import { blockedBy, limitedBy } from './device-obstacles.ts'
import type { Matter } from './schema.ts'

/** The part of a matter that says what it needs of a machine. */
export interface MatterNeeds {
  readonly flow: Matter['flow']
  readonly devices: { readonly required: readonly DeviceClass[]; readonly useful: readonly DeviceClass[] }
}

/**
 * Whether a matter can be done here now, and what is missing, told before the citizen starts. A matter names classes of
 * devices, and means what they do: a document camera stands in for a scanner, and the other way round.
 */
export function availabilityOf(matter: MatterNeeds, can: Capabilities): Availability {
  const blocking = [
    ...obstaclesOf(matter.devices.required, can).map(blockedBy),
    ...(can.submit || can.reasons.submit === undefined ? [] : [can.reasons.submit.citizen]),
  ]
  // A proof is issued by the backend on the spot: without it there is nothing to print.
  if (matter.flow === 'proof' && can.network === 'offline') blocking.push(text('暂时连不上办事系统，这一项现在开不出证明。', 'The service cannot be reached now, so this proof cannot be issued at the moment.'))
  if (blocking.length > 0) return { state: 'unavailable', reasons: blocking }
  const limiting = obstaclesOf(matter.devices.useful, can).map(limitedBy)
  if (can.network === 'offline') limiting.push(text('暂时连不上办事系统：您的申请会先存在本机，网络恢复后自动送出。', 'The service cannot be reached now: your application will be kept here and sent by itself later.'))
  return limiting.length > 0 ? { state: 'limited', reasons: limiting } : { state: 'available' }
}

/** One obstacle for each ability that is missing, however many classes the matter names for it. */
function obstaclesOf(classes: readonly DeviceClass[], can: Capabilities): readonly Obstacle[] {
  const abilities = new Set<Ability>(classes.flatMap((kind) => ABILITIES_OF_CLASS[kind]))
  return [...abilities].map((ability) => can.obstacles[ability]).filter((obstacle) => obstacle !== undefined)
}
