import type * as NodeHid from 'node-hid'
import type { HidAddress, HidLibrary } from './hid.ts'

/** What must be known of a listed device to tell its faces apart. */
interface ListedDevice {
  readonly path?: string | undefined
  readonly serialNumber?: string | undefined
  readonly usagePage?: number | undefined
  readonly usage?: number | undefined
}

/**
 * The HID library, seeing only devices with this usage. One scanner may be listed several times, as a keyboard and as what
 * it really is; back ends that do not know usages list it without one, which passes.
 */
export function hidLibraryOfUsage(usagePage: number, usage: number, load: () => Promise<Pick<typeof NodeHid, 'devicesAsync' | 'HIDAsync'>> = () => import('node-hid')): () => Promise<HidLibrary> {
  const fits = (device: ListedDevice): boolean => !device.usagePage || (device.usagePage === usagePage && device.usage === usage)
  return async () => {
    const { devicesAsync, HIDAsync } = await load()
    return { list: async (vendorId, productId) => (await devicesAsync(vendorId, productId)).filter(fits), open: (path) => HIDAsync.open(path) }
  }
}

/** Whether the operating system lists the device now. */
export async function isListed(address: Pick<HidAddress, 'vendorId' | 'productId' | 'serialNumber'>, library: () => Promise<HidLibrary>): Promise<boolean> {
  try {
    const devices = await (await library()).list(address.vendorId, address.productId)
    return devices.some(({ path, serialNumber }) => path !== undefined && (address.serialNumber === undefined || address.serialNumber === serialNumber))
  } catch {
    return false
  }
}
