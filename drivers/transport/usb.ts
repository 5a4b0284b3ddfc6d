/// <reference types="w3c-web-usb" />
import type { WebUSB } from 'usb'
import { delay } from '../../core/clock/clock.ts'
import type { Clock } from '../../core/clock/clock.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import { TransportListeners } from './listeners.ts'
import type { OpenTransport, Transport, TransportError } from './transport.ts'
import { fateOf, messageOf } from './usb-fate.ts'
import { chooseWire } from './usb-wires.ts'
import type { UsbWire } from './usb-wires.ts'

/** How long one look for input waits; also the longest time that a drain has to wait for the look in flight. */
const READ_SLICE_MS = 20
/** While draining, a look that brings nothing within this time has shown that nothing waits. */
const DRAIN_SLICE_MS = 5
/** A device that floods us must not keep a drain going for ever. */
const DRAIN_LIMIT_READS = 256
/** A device may fail one transfer and go on; so many in a row and it is gone. */
const MOST_TROUBLES = 3
const TROUBLE_PAUSE_MS = 50
/** A transfer that hangs in the operating system must not keep the port from being closed and opened again. */
const CLOSE_LIMIT_MS = 2000

type UsbDevice = Awaited<ReturnType<WebUSB['getDevices']>>[number]

/** The part of the `usb` package's device that is used here. */
export type UsbHandle = Pick<
  UsbDevice,
  | 'vendorId' | 'productId' | 'serialNumber' | 'configuration' | 'open' | 'close' | 'selectConfiguration' | 'claimInterface' | 'releaseInterface' | 'detachKernelDriver' | 'attachKernelDriver'
  | 'nativeTransferIn' | 'nativeTransferOut' | 'nativeControlTransferIn' | 'nativeControlTransferOut' | 'clearHalt'
>

export interface UsbLibrary {
  getDevices(): Promise<readonly UsbHandle[]>
}

export interface UsbAddress {
  readonly vendorId: number
  readonly productId: number
  readonly serialNumber?: string
  /** `auto` counts the bulk endpoints. */
  readonly pipes: 'auto' | 'four' | 'pair' | 'control'
}

/**
 * Opens a USB device, without a driver of the operating system, as a stream of bytes. The native binding is loaded at the
 * first opening, so that a terminal without it runs.
 */
export function usbOpener(address: UsbAddress, clock: Clock, library: () => Promise<UsbLibrary> = loadUsb): OpenTransport {
  return async () => {
    try {
      const devices = await (await library()).getDevices()
      const device = devices.find((candidate) => candidate.vendorId === address.vendorId && candidate.productId === address.productId && isThisOne(candidate, address.serialNumber))
      if (device === undefined) return err({ kind: 'not-found', detail: 'usb-not-listed' })
      await device.open()
      try {
        return await openWire(device, address, clock)
      } catch (error) {
        await device.close().catch(() => undefined)
        return err(usbError(error))
      }
    } catch (error) {
      return err(usbError(error))
    }
  }
}

async function loadUsb(): Promise<UsbLibrary> {
  const { usb } = await import('usb')
  return usb
}

/** Reading the serial number may need an opened device, and fails without the right to open it: then it is not this one. */
function isThisOne(device: UsbHandle, serialNumber: string | undefined): boolean {
  if (serialNumber === undefined) return true
  try {
    return device.serialNumber === serialNumber
  } catch {
    return false
  }
}

async function openWire(device: UsbHandle, address: UsbAddress, clock: Clock): Promise<Result<Transport, TransportError>> {
  if (configurationOf(device) === undefined) await device.selectConfiguration(1)
  const chosen = chooseWire(device, configurationOf(device)?.interfaces ?? [], address.pipes, clock)
  if (chosen === undefined) {
    await device.close().catch(() => undefined)
    return err({ kind: 'refused', detail: `usb-no-pipes-${address.pipes}` })
  }
  const detached = await claim(device, chosen.interfaceNumber)
  return ok(new UsbTransport(device, chosen.interfaceNumber, detached, chosen.wire, clock))
}

/** A device that has not been configured yet throws when it is asked for its configuration. */
function configurationOf(device: UsbHandle): NonNullable<UsbHandle['configuration']> | undefined {
  try {
    return device.configuration ?? undefined
  } catch {
    return undefined
  }
}

/** Claims the interface, taking it from a driver of the operating system when one holds it. Tells whether one did. */
async function claim(device: UsbHandle, interfaceNumber: number): Promise<boolean> {
  try {
    await device.claimInterface(interfaceNumber)
    return false
  } catch (error) {
    if (!/busy/i.test(messageOf(error))) throw error
    await device.detachKernelDriver(interfaceNumber)
    await device.claimInterface(interfaceNumber)
    return true
  }
}

class UsbTransport implements Transport {
  readonly #device: UsbHandle
  readonly #interfaceNumber: number
  readonly #detached: boolean
  readonly #wire: UsbWire
  readonly #clock: Clock
  readonly #listeners = new TransportListeners()
  readonly #over = new AbortController()
  readonly #pumping: Promise<void>
  /** Those who wait until nothing waits in the device any more. */
  #drains: (() => void)[] = []
  #closed: Promise<void> | undefined

  constructor(device: UsbHandle, interfaceNumber: number, detached: boolean, wire: UsbWire, clock: Clock) {
    this.#device = device
    this.#interfaceNumber = interfaceNumber
    this.#detached = detached
    this.#wire = wire
    this.#clock = clock
    this.#pumping = this.#pump()
  }

  async write(bytes: Uint8Array): Promise<Result<void, TransportError>> {
    if (this.#listeners.isOver) return err({ kind: 'disconnected', detail: 'usb-closed' })
    try {
      if (await this.#wire.write(bytes)) return ok(undefined)
      return err({ kind: 'timeout', detail: 'usb-write' })
    } catch (error) {
      const cause = usbError(error)
      if (fateOf(error) === 'nothing') return err({ kind: 'timeout', detail: cause.detail })
      this.#end(cause)
      return err(cause)
    }
  }

  async discardInput(): Promise<void> {
    if (this.#listeners.isOver) return
    await new Promise<void>((resolve) => {
      this.#drains.push(resolve)
      this.#wire.wake()
    })
  }

  onData(listener: (chunk: Uint8Array) => void): () => void {
    return this.#listeners.onData(listener)
  }

  onEnd(listener: (error: TransportError) => void): () => void {
    return this.#listeners.onEnd(listener)
  }

  async close(): Promise<void> {
    this.#listeners.silence()
    await this.#release()
  }

  /** The one who reads: two transfers at once on one endpoint are refused by the library. */
  async #pump(): Promise<void> {
    let troubles = 0
    let drained = 0
    while (!this.#listeners.isOver) {
      const draining = this.#drains.length > 0
      try {
        const bytes = draining ? await this.#wire.drain(DRAIN_SLICE_MS) : await this.#wire.read(READ_SLICE_MS, this.#over.signal)
        troubles = 0
        if (this.#drains.length === 0) {
          if (bytes !== undefined && bytes.length > 0) this.#listeners.data(bytes)
          continue
        }
        drained += 1
        // A look that began before the drain was asked for proves nothing.
        if ((draining && bytes === undefined) || drained > DRAIN_LIMIT_READS) {
          drained = 0
          this.#releaseDrains()
        }
      } catch (error) {
        troubles += 1
        const fate = fateOf(error)
        if (fate === 'lost' || troubles >= MOST_TROUBLES) {
          this.#end(usbError(error))
          break
        }
        if (fate === 'stall') await this.#wire.recover().catch(() => undefined)
        await delay(this.#clock, TROUBLE_PAUSE_MS, this.#over.signal).catch(() => undefined)
      }
    }
    this.#releaseDrains()
  }

  #releaseDrains(): void {
    const waiting = this.#drains
    this.#drains = []
    for (const resolve of waiting) resolve()
  }

  #end(error: TransportError): void {
    this.#listeners.end(error)
    void this.#release()
  }

  #release(): Promise<void> {
    this.#over.abort()
    this.#wire.wake()
    this.#closed ??= this.#close()
    return this.#closed
  }

  /** Giving back what was pulled out may fail; it is gone either way. */
  async #close(): Promise<void> {
    let limit: unknown
    const limited = new Promise<void>((resolve) => {
      limit = this.#clock.setTimeout(() => resolve(), CLOSE_LIMIT_MS)
    })
    await Promise.race([this.#pumping, limited])
    this.#clock.clearTimeout(limit)
    await this.#device.releaseInterface(this.#interfaceNumber).catch(() => undefined)
    if (this.#detached) await this.#device.attachKernelDriver(this.#interfaceNumber).catch(() => undefined)
    await this.#device.close().catch(() => undefined)
  }
}

function usbError(error: unknown): TransportError {
  const message = messageOf(error)
  const detail = `usb:${message.slice(0, 60)}`
  if (/permission|access/i.test(message)) return { kind: 'no-permission', detail }
  if (/busy|in use|claimed/i.test(message)) return { kind: 'in-use', detail }
  if (/\/sys\/bus|cannot find module|failed to load|native binding/i.test(message)) return { kind: 'refused', detail }
  if (/not found/i.test(message)) return { kind: 'not-found', detail }
  if (/^open|^claim|^select|unsupported|not_supported/i.test(message)) return { kind: 'refused', detail }
  return { kind: 'disconnected', detail }
}
