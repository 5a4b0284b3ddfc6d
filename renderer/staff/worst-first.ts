import type { DeviceState } from '../../core/device/status.ts'
import type { StaffDeviceView } from '../../core/staff/view.ts'
import { unreachable } from '../../core/result/result.ts'

/**
 * How much a device asks of the staff: it does not work; staff took it out themselves; it works and soon will not; it is not
 * ready yet; or nothing at all.
 */
export type Concern = 'broken' | 'out' | 'attention' | 'starting' | 'good'

const ORDER: readonly Concern[] = ['broken', 'out', 'attention', 'starting', 'good']
/** Paper that lasts less than a day should be changed by whoever stands there now. */
const SOON_MS = 24 * 60 * 60 * 1000

function concernOfState(state: DeviceState): Concern {
  switch (state) {
    case 'fault':
    case 'jam':
    case 'cutter-fault':
    case 'no-paper':
    case 'no-toner':
    case 'cover-open':
    case 'output-full':
    case 'offline':
      return 'broken'
    case 'out-of-service':
      return 'out'
    case 'paper-low':
      return 'attention'
    case 'starting':
      return 'starting'
    case 'ready':
    case 'busy':
      return 'good'
    default:
      return unreachable(state)
  }
}

/** `now` is the kiosk's clock, epoch milliseconds. */
export function concernOf(device: StaffDeviceView, now: number): Concern {
  if (device.outOfService !== undefined) return 'out'
  const byState = concernOfState(device.status.state)
  if (byState !== 'good') return byState
  const runsOutSoon = device.consumable?.runsOutAt !== undefined && device.consumable.runsOutAt - now < SOON_MS
  return runsOutSoon || device.lastTest?.passed === false ? 'attention' : 'good'
}

/** Whether somebody has to go and do something. */
export function needsHand(concern: Concern): boolean {
  return concern === 'broken' || concern === 'attention'
}

/**
 * The devices with the worst first: by concern, then by how much citizens lose, then by how long it has lasted; devices that
 * are alike stay in the order of the configuration, so that the list does not jump.
 */
export function worstFirst(devices: readonly StaffDeviceView[], now: number): readonly StaffDeviceView[] {
  const rank = (device: StaffDeviceView): number => ORDER.indexOf(concernOf(device, now))
  return [...devices].sort((a, b) => {
    const byConcern = rank(a) - rank(b)
    if (byConcern !== 0) return byConcern
    if (concernOf(a, now) === 'good') return 0
    return b.blocks.length - a.blocks.length || a.status.since - b.status.since
  })
}
