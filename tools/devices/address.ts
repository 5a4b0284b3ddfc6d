import type { DeviceConfig } from '../../core/config/kiosk-config.ts'
import { deviceConfigSchema } from '../../core/config/kiosk-config.ts'
import type { HostedDeviceConfig } from '../../drivers/device-host/absent-driver.ts'

/** One way to speak with what stands at an address: a class of device with its variant. */
export interface Candidate {
  /** For people, for example `id-card (miaxis)`. */
  readonly label: string
  readonly device: HostedDeviceConfig
}

export const ADDRESS_EXAMPLES = ['/dev/ttyUSB0', 'COM3', '192.168.1.21:9100', '/dev/usb/lp0', 'hid:0483:5750', 'usb:0400:c35a', 'pcsc', 'pcsc:ACS', 'ipp://192.168.1.22/ipp/print', 'http://192.168.1.20/eSCL', 'sane:test:0'] as const

/** What an address on the command line may be; empty when it is not an address that any driver knows. */
export function candidatesFor(written: string): readonly Candidate[] {
  return variantsOf(written).flatMap(([label, device]) => {
    const parsed = deviceConfigSchema.safeParse({ id: 'probe', ...device })
    return parsed.success && isHosted(parsed.data) ? [{ label, device: parsed.data }] : []
  })
}

function isHosted(device: DeviceConfig): device is HostedDeviceConfig {
  return device.class !== 'document-camera'
}

type Variant = readonly [label: string, device: object]

function variantsOf(written: string): readonly Variant[] {
  const usb = /^(hid|usb):([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(written)
  if (usb !== null) {
    const ids = { vendorId: Number.parseInt(usb[2] ?? '', 16), productId: Number.parseInt(usb[3] ?? '', 16) }
    if (usb[1]?.toLowerCase() === 'usb') return [['id-card', { class: 'id-card', address: { kind: 'usb', ...ids } }]]
    // A code scanner says nothing by itself: it counts as found as soon as it can be opened, so it comes last.
    return [
      ...['raw', 'miaxis', 'deke', 'stx'].map((envelope): Variant => [`id-card (${envelope})`, { class: 'id-card', address: { kind: 'hid', ...ids, envelope } }]),
      ['code-scanner', { class: 'code-scanner', address: { kind: 'hid-pos', ...ids } }],
    ]
  }
  if (/^pcsc(:|$)/.test(written)) return [['social-card', { class: 'social-card', address: { kind: 'pcsc', ...(written.length > 5 ? { reader: written.slice(5) } : {}) } }]]
  if (/^sane:./.test(written)) return [['document-scanner', { class: 'document-scanner', address: { kind: 'sane', device: written.slice(5) } }]]
  if (/^ipps?:\/\//.test(written)) return [['page-printer', pagePrinter(written)]]
  if (/^https?:\/\//.test(written)) return [['document-scanner', { class: 'document-scanner', address: { kind: 'escl', url: written } }], ['page-printer', pagePrinter(written)]]
  if (/^\/dev\/usb\/lp\d+$/.test(written)) return [['receipt-printer', receiptPrinter({ kind: 'usb-printer', path: written })]]
  if (/^(\/|COM\d+$)/i.test(written)) {
    const path = { kind: 'serial', path: written }
    return [['id-card', { class: 'id-card', address: path }], ['id-card (stx)', { class: 'id-card', address: { ...path, envelope: 'stx' } }], ['receipt-printer', receiptPrinter(path)]]
  }
  const net = /^(?:tcp:)?(\[[0-9a-f:]+\]|[^:\s/]+):(\d{1,5})$/i.exec(written)
  if (net !== null) {
    const address = { kind: 'tcp', host: net[1]?.replace(/^\[|\]$/g, ''), port: Number(net[2]) }
    return [['id-card', { class: 'id-card', address }], ['receipt-printer', receiptPrinter(address)]]
  }
  return []
}

function receiptPrinter(address: object): object {
  return { class: 'receipt-printer', address, profile: 'escpos-80' }
}

function pagePrinter(url: string): object {
  return { class: 'page-printer', address: { kind: 'ipp', url } }
}

/** An address of a configuration in one short line. */
export function addressText(address: DeviceConfig['address']): string {
  const hex = (value: number): string => value.toString(16).padStart(4, '0')
  switch (address.kind) {
    case 'serial':
    case 'usb-printer':
      return address.path
    case 'tcp':
      return `${address.host}:${address.port}`
    case 'hid':
    case 'hid-pos':
    case 'usb':
      return `${address.kind}:${hex(address.vendorId)}:${hex(address.productId)}${address.serialNumber === undefined ? '' : ` ${address.serialNumber}`}`
    case 'keyboard':
      return 'keyboard'
    case 'pcsc':
      return address.reader === undefined ? 'pcsc' : `pcsc:${address.reader}`
    case 'ipp':
    case 'escl':
      return address.url
    case 'sane':
      return `sane:${address.device}`
    case 'camera':
      return address.label === undefined ? 'camera' : `camera ${address.label}`
  }
}
