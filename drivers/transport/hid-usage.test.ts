import { describe, expect, test } from 'vitest'
import { hidLibraryOfUsage, isListed } from './hid-usage.ts'

const SCANNER = { path: '/dev/hidraw1', serialNumber: 'A1', usagePage: 0x8c, usage: 2 }
const KEYBOARD = { path: '/dev/hidraw0', serialNumber: 'A1', usagePage: 1, usage: 6 }

function libraryWith(devices: readonly object[]): ReturnType<typeof hidLibraryOfUsage> {
  const binding = { devicesAsync: async () => devices, HIDAsync: { open: () => Promise.reject(new Error('not opened here')) } }
  return hidLibraryOfUsage(0x8c, 2, async () => binding as never)
}
const address = { vendorId: 1, productId: 2 }

describe('a device with several faces', () => {
  test('shows only the one with the right usage, or one whose usage is not known', async () => {
    const list = async (devices: readonly object[]): Promise<unknown> => (await libraryWith(devices)()).list(1, 2)
    expect(await list([KEYBOARD, SCANNER])).toEqual([SCANNER])
    expect(await list([KEYBOARD, { path: '/dev/bus/usb' }])).toEqual([{ path: '/dev/bus/usb' }])
  })

  test('is attached when that face is listed, with the right number if one is asked for', async () => {
    expect(await isListed(address, libraryWith([KEYBOARD, SCANNER]))).toBe(true)
    expect(await isListed({ ...address, serialNumber: 'A1' }, libraryWith([SCANNER]))).toBe(true)
    expect(await isListed({ ...address, serialNumber: 'B2' }, libraryWith([SCANNER]))).toBe(false)
    expect(await isListed(address, libraryWith([KEYBOARD]))).toBe(false)
  })

  test('is not attached when nobody can say', async () => {
    expect(await isListed(address, () => Promise.reject(new Error('no binding')))).toBe(false)
  })
})
