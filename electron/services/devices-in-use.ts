import type { DeviceConfig } from '../../core/config/kiosk-config.ts'
import { ABILITIES_OF_CLASS, deviceFor } from '../../core/device/capabilities.ts'
import type { DeviceClass, DeviceReport } from '../../core/device/status.ts'
import type { DeviceId } from '../../core/ids.ts'

/** Printers keep a ledger each, so a terminal prints with one of a class: the first that serves, whatever state it is in. */
const ONE_OF_A_CLASS: readonly DeviceClass[] = ['receipt-printer', 'page-printer']

/** Which of several devices of one class does the work. What the machine says it can do is said of the same ones. */
export interface DevicesInUse {
  /** The configuration as capabilities read it: a second printer of a class serves nothing. */
  readonly serving: readonly DeviceConfig[]
  printer(kind: 'receipt-printer' | 'page-printer'): DeviceId | undefined
  /** The reader to lay a card on now: a usable one before one that is not. */
  cardReader(): DeviceId | undefined
  /** The scanner to scan with now; a feeder is asked of one that has it. */
  scanner(source: 'platen' | 'feeder'): DeviceId | undefined
}

export function devicesInUse(devices: readonly DeviceConfig[], reports: () => readonly DeviceReport[]): DevicesInUse {
  const serves = (device: DeviceConfig): boolean => (device.serves ?? ABILITIES_OF_CLASS[device.class]).length > 0
  const chosen = new Map<DeviceClass, DeviceConfig>()
  for (const kind of ONE_OF_A_CLASS) {
    const ofClass = devices.filter((device) => device.class === kind)
    // One that serves nothing is still there to be tested by staff.
    const one = ofClass.find(serves) ?? ofClass[0]
    if (one !== undefined) chosen.set(kind, one)
  }
  return {
    serving: devices.map((device) => (ONE_OF_A_CLASS.includes(device.class) && chosen.get(device.class) !== device ? { ...device, serves: [] } : device)),
    printer: (kind) => chosen.get(kind)?.id as DeviceId | undefined,
    cardReader: () => deviceFor('identify', devices, reports()),
    scanner: (source) => deviceFor('scan-pages', devices.filter((device) => device.class === 'document-scanner' && (source === 'platen' || device.feeder)), reports()),
  }
}
