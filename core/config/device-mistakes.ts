import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'
import type { Ability, DeviceConfig } from './kiosk-config.ts'

/** A mistake that no single value shows: two devices behind one door, an ability that a device does not have. */
export interface DeviceMistake {
  /** From the list of devices on, for example `[1, 'address', 'path']`. */
  readonly path: readonly (string | number)[]
  readonly remark: LocalText
  readonly allowed: LocalText
}

/** What each class of device lets the terminal do; a device serves all of it unless its configuration says otherwise. */
export const ABILITIES_OF_CLASS: Readonly<Record<DeviceConfig['class'], readonly Ability[]>> = {
  'id-card': ['identify'],
  'code-scanner': ['scan-code'],
  'social-card': ['read-social-card'],
  'receipt-printer': ['print-receipt'],
  'page-printer': ['print-pages'],
  'document-scanner': ['scan-pages'],
  'document-camera': ['scan-pages'],
}

export function deviceMistakes(devices: readonly DeviceConfig[]): readonly DeviceMistake[] {
  return devices.flatMap((device, index) => {
    const earlier = devices.slice(0, index)
    return [...sameId(device, index, earlier), ...sameDoor(device, index, earlier), ...notItsAbilities(device, index)]
  })
}

function sameId(device: DeviceConfig, index: number, earlier: readonly DeviceConfig[]): DeviceMistake[] {
  if (!earlier.some((other) => other.id === device.id)) return []
  return [{ path: [index, 'id'], remark: text('同一个 id 用了两次', 'the same id is used twice'), allowed: text('每台设备各不相同的 id', 'an id of its own for each device') }]
}

function notItsAbilities(device: DeviceConfig, index: number): DeviceMistake[] {
  const possible = ABILITIES_OF_CLASS[device.class]
  const written = possible.map((ability) => JSON.stringify(ability))
  return (device.serves ?? []).flatMap((ability, place) =>
    possible.includes(ability)
      ? []
      : [{ path: [index, 'serves', place], remark: text(`“${device.class}”这类设备做不了这件事`, `a device of class "${device.class}" cannot do this`), allowed: text(`${written.join('、')}，或空列表`, `${written.join(', ')}, or an empty list`) }],
  )
}

function sameDoor(device: DeviceConfig, index: number, earlier: readonly DeviceConfig[]): DeviceMistake[] {
  const door = doorOf(device)
  const other = earlier.find((candidate) => overlap(door, doorOf(candidate)))
  if (other === undefined) return []
  return [{
    path: [index, 'address', ...(door.setting === undefined ? [] : [door.setting])],
    remark: text(`设备“${other.id}”已经使用它`, `the device "${other.id}" already uses it`),
    allowed: door.advice,
  }]
}

interface Door {
  /** Which kind of thing is opened; doors of different kinds are never the same. */
  readonly kind: string
  /** What is the same for the same door … */
  readonly key: string
  /** … and what tells several behind one key apart: a serial number, part of a name. Undefined means "the first one". */
  readonly which: string | undefined
  /** `part` of a name fits every name that holds it; `whole` names one thing. */
  readonly whichIs: 'whole' | 'part'
  /** The setting of the address to change. */
  readonly setting: string | undefined
  readonly advice: LocalText
}

const OTHER_PORT = text('另一个端口', 'another port')
const SERIAL_NUMBER = text('另一台设备；两台同型号设备请各写 serialNumber', 'another device; give each of two of the same model its serialNumber')

function doorOf(device: DeviceConfig): Door {
  const { address } = device
  const whole = { which: undefined, whichIs: 'whole' } as const
  switch (address.kind) {
    case 'serial':
      return { kind: 'node', key: address.path, ...whole, setting: 'path', advice: OTHER_PORT }
    case 'usb-printer':
      return { kind: 'node', key: address.path, ...whole, setting: 'path', advice: text('另一个设备节点', 'another device node') }
    case 'tcp':
      return { kind: 'net', key: `${address.host.toLowerCase()}:${address.port}`, ...whole, setting: 'port', advice: OTHER_PORT }
    case 'hid':
    case 'hid-pos':
    case 'usb':
      return { kind: 'usb', key: `${address.vendorId}:${address.productId}`, which: address.serialNumber, whichIs: 'whole', setting: 'productId', advice: SERIAL_NUMBER }
    case 'keyboard':
      return { kind: 'keyboard', key: '', ...whole, setting: undefined, advice: text('一台终端只能有一台键盘方式的扫码器', 'only one scanner of a terminal may type like a keyboard') }
    case 'pcsc':
      return { kind: 'pcsc', key: '', which: address.reader, whichIs: 'part', setting: 'reader', advice: text('两台读卡器请各写不同的 reader', 'a different "reader" for each of two card readers') }
    case 'ipp':
    case 'escl':
      return { kind: 'url', key: doorOfUrl(address.url), ...whole, setting: 'url', advice: text('另一台设备的地址', 'the address of another device') }
    case 'sane':
      return { kind: 'sane', key: address.device, ...whole, setting: 'device', advice: text('另一台扫描仪的名称', 'the name of another scanner') }
    case 'camera':
      return { kind: 'camera', key: '', which: address.label, whichIs: 'part', setting: 'label', advice: text('两台高拍仪请各写不同的 label', 'a different "label" for each of two cameras') }
  }
}

/** Host, port and path in small letters: `ipp://Printer/ipp/print` and `http://printer:631/ipp/print` are one printer. */
function doorOfUrl(url: string): string {
  const [, scheme = '', host = '', port, path = ''] = /^([a-z]+):\/\/(\[[^\]]*\]|[^:/]*)(?::(\d+))?(.*)$/i.exec(url) ?? []
  const usual = scheme.toLowerCase().startsWith('ipp') ? '631' : scheme.toLowerCase() === 'https' ? '443' : '80'
  return `${host}:${port ?? usual}${path.replace(/\/+$/, '')}`.toLowerCase()
}

function overlap(a: Door, b: Door): boolean {
  if (a.kind !== b.kind || a.key !== b.key) return false
  // "The first one" may be any of them.
  if (a.which === undefined || b.which === undefined) return true
  return a.whichIs === 'whole' ? a.which === b.which : a.which.includes(b.which) || b.which.includes(a.which)
}

/** Profile names of the configuration that no file of this program has, each with those that exist. */
export function unknownProfiles(devices: readonly DeviceConfig[], known: readonly string[]): readonly DeviceMistake[] {
  const written = known.map((name) => JSON.stringify(name))
  return devices.flatMap((device, index) =>
    device.class !== 'receipt-printer' || known.includes(device.profile)
      ? []
      : [{ path: [index, 'profile'], remark: text('没有名为它的打印机型号文件', 'there is no printer profile of this name'), allowed: text(written.join('、'), written.join(', ')) }],
  )
}
