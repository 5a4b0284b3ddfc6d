import { execFile } from 'node:child_process'
import { readdir, readlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/** One thing that is plugged into this machine, with the address by which a configuration could name it. */
export interface Attached {
  readonly family: AttachedFamily
  /** The part of `address` in a configuration that names it. */
  readonly address: Readonly<Record<string, string | number>>
  /** What it calls itself. */
  readonly name: string
  /** Who made it, its usage page and the like; for people. */
  readonly detail: string
}

export const ATTACHED_FAMILIES = ['serial', 'hid', 'usb', 'usb-printer', 'sane', 'pcsc'] as const
export type AttachedFamily = (typeof ATTACHED_FAMILIES)[number]

export interface LookAround {
  readonly found: readonly Attached[]
  /** Families that could not be looked at, with a code: a missing program, a missing binding, no right. */
  readonly blind: readonly { readonly family: AttachedFamily; readonly code: string }[]
}

/** `scanimage -L` asks every driver of SANE, some of which search the network. */
const SANE_LIMIT_MS = 20_000

/** Looks for everything that could be a device of a kiosk. Loads native bindings: only for a process of its own. */
export async function lookAround(): Promise<LookAround> {
  const looks: Record<AttachedFamily, () => Promise<readonly Attached[]>> = { serial, hid, usb, 'usb-printer': usbPrinters, sane, pcsc }
  const seen = await Promise.all(
    ATTACHED_FAMILIES.map(async (family) => {
      try {
        return { family, found: await looks[family]() }
      } catch (error) {
        return { family, found: [], code: errorCode(error) }
      }
    }),
  )
  return { found: seen.flatMap(({ found }) => found), blind: seen.flatMap(({ family, code }) => (code === undefined ? [] : [{ family, code }])) }
}

/** What `SerialPort.list` tells of a port; its own type comes from a package that is not ours to name. */
interface PortInfo {
  readonly path: string
  readonly manufacturer?: string | undefined
  readonly serialNumber?: string | undefined
  readonly vendorId?: string | undefined
  readonly productId?: string | undefined
}

async function serial(): Promise<readonly Attached[]> {
  const { SerialPort } = await import('serialport')
  const stable = await stableNames('/dev/serial/by-id')
  const ports = (await SerialPort.list()) as readonly PortInfo[]
  return ports.map((port) => ({
    family: 'serial',
    address: { kind: 'serial', path: stable.get(port.path) ?? port.path },
    name: port.path,
    detail: words(port.manufacturer, usbId(port.vendorId, port.productId), port.serialNumber),
  }))
}

/** Names that stay the same when the device is plugged in elsewhere, by the node they point at now. */
async function stableNames(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(folder).catch(() => [])
  const pairs = await Promise.all(names.map(async (name) => [resolve(folder, await readlink(join(folder, name)).catch(() => name)), join(folder, name)] as const))
  return new Map(pairs)
}

async function hid(): Promise<readonly Attached[]> {
  const { devicesAsync } = await import('node-hid')
  return (await devicesAsync()).map((device) => ({
    family: 'hid',
    address: { kind: isCodeScanner(device.usagePage, device.usage) ? 'hid-pos' : 'hid', vendorId: device.vendorId, productId: device.productId, ...(device.serialNumber ? { serialNumber: device.serialNumber } : {}) },
    name: device.product ?? device.path ?? '',
    detail: words(device.manufacturer, usbId(hex(device.vendorId), hex(device.productId)), device.usagePage === undefined ? undefined : `usage ${hex(device.usagePage)}:${hex(device.usage ?? 0)}`),
  }))
}

/** HID point-of-sale tables: usage page 8C, usage 2 is the bar code scanner. */
function isCodeScanner(usagePage: number | undefined, usage: number | undefined): boolean {
  return usagePage === 0x8c && usage === 2
}

/** What of a USB device can be read without opening it; a name may need rights that we do not have. */
async function usb(): Promise<readonly Attached[]> {
  const library = await import('usb')
  const devices = await new library.WebUSB({ allowAllDevices: true }).getDevices()
  return devices.map((device) => ({
    family: 'usb',
    address: { kind: 'usb', vendorId: device.vendorId, productId: device.productId, ...(device.serialNumber ? { serialNumber: device.serialNumber } : {}) },
    name: device.productName ?? '',
    detail: words(device.manufacturerName ?? undefined, usbId(hex(device.vendorId), hex(device.productId)), device.deviceClass === 0 ? undefined : `class ${hex(device.deviceClass)}`),
  }))
}

async function usbPrinters(): Promise<readonly Attached[]> {
  const nodes = await readdir('/dev/usb').catch(() => [])
  return nodes
    .filter((node) => /^lp\d+$/.test(node))
    .sort()
    .map((node) => ({ family: 'usb-printer', address: { kind: 'usb-printer', path: `/dev/usb/${node}` }, name: node, detail: '' }))
}

async function sane(): Promise<readonly Attached[]> {
  const listed = await run('scanimage', ['-f', '%d\t%v\t%m\t%t%n'], SANE_LIMIT_MS)
  return listed
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([device]) => device !== undefined && device !== '')
    .map(([device = '', vendor, model, kind]) => ({ family: 'sane', address: { kind: 'sane', device }, name: words(vendor, model), detail: kind ?? '' }))
}

async function pcsc(): Promise<readonly Attached[]> {
  const { openSystemPcsc } = await import('./pcsc.ts')
  const session = await openSystemPcsc()
  if (!session.ok) throw Object.assign(new Error('PC/SC'), { code: session.error.kind })
  try {
    const readers = await session.value.readers()
    if (!readers.ok) {
      if (readers.error.kind === 'no-reader') return []
      throw Object.assign(new Error('PC/SC'), { code: readers.error.kind })
    }
    return readers.value.map((reader) => ({ family: 'pcsc', address: { kind: 'pcsc', reader }, name: reader, detail: '' }))
  } finally {
    await session.value.release()
  }
}

function run(program: string, args: readonly string[], limitMs: number): Promise<string> {
  return new Promise((resolved, rejected) => {
    execFile(program, [...args], { timeout: limitMs, killSignal: 'SIGKILL', env: { ...process.env, LC_ALL: 'C.UTF-8' }, maxBuffer: 1024 * 1024 }, (error, stdout) => {
      if (error === null) resolved(stdout)
      else rejected(Object.assign(new Error('the program failed'), { code: error.code ?? error.signal ?? 'failed' }))
    })
  })
}

function hex(value: number): string {
  return value.toString(16).padStart(4, '0')
}

function usbId(vendor: string | undefined, product: string | undefined): string | undefined {
  return vendor === undefined || product === undefined ? undefined : `${vendor.toLowerCase()}:${product.toLowerCase()}`
}

function words(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part.trim() !== '').join(' · ')
}

/** `ENOENT`, `ERR_DLOPEN_FAILED` and so on; where a library puts no code, the errno of its message. */
function errorCode(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number')) return String(error.code).slice(0, 60)
  const errno = error instanceof Error ? /errno (\d+)/.exec(error.message)?.[1] : undefined
  return errno === undefined ? (error instanceof Error ? error.name.slice(0, 60) : 'unknown') : `errno-${errno}`
}
