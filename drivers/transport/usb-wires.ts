/// <reference types="w3c-web-usb" />
import { delay } from '../../core/clock/clock.ts'
import type { Clock } from '../../core/clock/clock.ts'
import { fateOf } from './usb-fate.ts'
import type { UsbHandle } from './usb.ts'

/** The whole frame goes out at once or not at all. */
const WRITE_LIMIT_MS = 1000
/** Preamble and length: what the four-pipe kind calls the head. */
const HEAD_BYTES = 7
/** Reads are multiples of this, and of the packet: the library would cut off what a packet holds beyond the asked length. */
const PIECE_BYTES = 64
/** No reply is longer; a head that says so is noise. */
const MOST_REST_BYTES = 4096
/** While a reply is awaited the reader is asked for it this often, and at rest only to notice that it was pulled out. */
const POLL_MS = 10
const POLL_AT_REST_MS = 1000
/** The longest wait for any reply, with some to spare. */
const AWAITED_FOR_MS = 6000
/** The largest control transfer that Linux takes. */
const REPORT_BYTES = 4096

/** SET_REPORT (21 09, value 0200) and GET_REPORT (A1 01, value 0100) of the HID class, on the interface. */
const SET_REPORT = { requestType: 'class', recipient: 'interface', request: 0x09, value: 0x0200 } as const
const GET_REPORT = { requestType: 'class', recipient: 'interface', request: 0x01, value: 0x0100 } as const

/** How bytes go in and out of one kind of USB reader. Methods throw what the library throws, except for its time limit. */
export interface UsbWire {
  /** False when the device did not take everything in time. */
  write(bytes: Uint8Array): Promise<boolean>
  /** One look for input; undefined when nothing came in time. */
  read(waitMs: number, signal: AbortSignal): Promise<Uint8Array | undefined>
  /** As `read`, over every pipe, for what is to be thrown away; undefined when nothing waits anywhere. */
  drain(waitMs: number): Promise<Uint8Array | undefined>
  /** After a refused transfer. */
  recover(): Promise<void>
  /** Ends a pause between two looks. */
  wake(): void
}

type Interfaces = NonNullable<UsbHandle['configuration']>['interfaces']
type Endpoint = Interfaces[number]['alternate']['endpoints'][number]

/** The wire that an address asks for, or that the endpoints show; undefined when the device has no such pipes. */
export function chooseWire(device: UsbHandle, interfaces: Interfaces, pipes: 'auto' | 'four' | 'pair' | 'control', clock: Clock): { readonly interfaceNumber: number; readonly wire: UsbWire } | undefined {
  if (pipes === 'control') {
    const interfaceNumber = interfaces[0]?.interfaceNumber
    return interfaceNumber === undefined ? undefined : { interfaceNumber, wire: controlWire(device, interfaceNumber, clock) }
  }
  for (const { interfaceNumber, alternate } of interfaces) {
    // The head's pipe has the lower number of each pair: OUT 02 and IN 81 before OUT 06 and IN 85.
    const bulk = alternate.endpoints.filter(({ type }) => type === 'bulk').sort((a, b) => a.endpointNumber - b.endpointNumber)
    const [headIn, restIn] = bulk.filter(({ direction }) => direction === 'in')
    const [headOut, restOut] = bulk.filter(({ direction }) => direction === 'out')
    if (headIn === undefined || headOut === undefined) continue
    if (pipes !== 'pair' && restIn !== undefined && restOut !== undefined) return { interfaceNumber, wire: fourPipeWire(device, { headIn, restIn, headOut, restOut }) }
    if (pipes !== 'four') return { interfaceNumber, wire: pairWire(device, headIn, headOut) }
  }
  return undefined
}

/** One bulk endpoint each way, whole frames through both. */
function pairWire(device: UsbHandle, input: Endpoint, output: Endpoint): UsbWire {
  const read = (waitMs: number): Promise<Uint8Array | undefined> => bulkIn(device, input, waitMs)
  return {
    write: (bytes) => bulkOut(device, output, bytes),
    read,
    drain: read,
    recover: () => device.clearHalt('in', input.endpointNumber),
    wake: () => undefined,
  }
}

/** The classic kind: head and rest of a frame on pipes of their own. */
function fourPipeWire(device: UsbHandle, { headIn, restIn, headOut, restOut }: Readonly<Record<'headIn' | 'restIn' | 'headOut' | 'restOut', Endpoint>>): UsbWire {
  /** Bytes of the frame that are still to come on the second pipe. */
  let restBytes = 0
  return {
    async write(bytes) {
      return (await bulkOut(device, headOut, bytes.subarray(0, HEAD_BYTES))) && (bytes.length <= HEAD_BYTES || (await bulkOut(device, restOut, bytes.subarray(HEAD_BYTES))))
    },
    async read(waitMs) {
      const bytes = await bulkIn(device, restBytes > 0 ? restIn : headIn, waitMs)
      if (bytes === undefined) return undefined
      if (restBytes > 0) restBytes = Math.max(0, restBytes - bytes.length)
      // A head that comes in pieces, or is none, leaves the second pipe alone; the frame layer drops such bytes.
      else if (bytes.length >= HEAD_BYTES) restBytes = restOf(bytes)
      return bytes
    },
    async drain(waitMs) {
      restBytes = 0
      return (await bulkIn(device, headIn, waitMs)) ?? (await bulkIn(device, restIn, waitMs))
    },
    async recover() {
      restBytes = 0
      await device.clearHalt('in', headIn.endpointNumber)
      await device.clearHalt('in', restIn.endpointNumber)
    },
    wake: () => undefined,
  }
}

/** Bytes that a head announces; some readers send the beginning of the rest with it. */
function restOf(head: Uint8Array): number {
  const announced = ((head[5] ?? 0) << 8) | (head[6] ?? 0)
  return announced > MOST_REST_BYTES ? 0 : Math.max(0, announced - (head.length - HEAD_BYTES))
}

/** Envelope B: bare frames over endpoint 0; the reader is asked again and again until it has its reply. */
function controlWire(device: UsbHandle, interfaceNumber: number, clock: Clock): UsbWire {
  let awaitedUntil = 0
  let pause: AbortController | undefined
  /** Asked to hurry while a question was under way. */
  let hurried = false
  async function ask(waitMs: number): Promise<Uint8Array | undefined> {
    try {
      const bytes = await device.nativeControlTransferIn({ ...GET_REPORT, index: interfaceNumber }, waitMs, REPORT_BYTES)
      return bytes === null || bytes.length === 0 ? undefined : bytes
    } catch (error) {
      // A reader that has nothing to say refuses the question, or leaves it unanswered.
      const fate = fateOf(error)
      if (fate === 'nothing' || fate === 'stall') return undefined
      throw error
    }
  }
  return {
    async write(bytes) {
      const written = await device.nativeControlTransferOut({ ...SET_REPORT, index: interfaceNumber }, WRITE_LIMIT_MS, bytes)
      awaitedUntil = clock.now() + AWAITED_FOR_MS
      pause?.abort()
      return written === bytes.length
    },
    async read(waitMs, signal) {
      hurried = false
      const bytes = await ask(waitMs)
      if (bytes !== undefined || signal.aborted || hurried) return bytes
      const resting = new AbortController()
      pause = resting
      await delay(clock, clock.now() < awaitedUntil ? POLL_MS : POLL_AT_REST_MS, resting.signal).catch(() => undefined)
      return undefined
    },
    drain: ask,
    recover: async () => undefined,
    wake() {
      hurried = true
      pause?.abort()
    },
  }
}

async function bulkIn(device: UsbHandle, { endpointNumber, packetSize }: Endpoint, waitMs: number): Promise<Uint8Array | undefined> {
  try {
    const bytes = await device.nativeTransferIn(endpointNumber, waitMs, Math.ceil(PIECE_BYTES / packetSize) * packetSize)
    return bytes === null || bytes.length === 0 ? undefined : bytes
  } catch (error) {
    if (fateOf(error) === 'nothing') return undefined
    throw error
  }
}

async function bulkOut(device: UsbHandle, { endpointNumber }: Endpoint, bytes: Uint8Array): Promise<boolean> {
  return (await device.nativeTransferOut(endpointNumber, WRITE_LIMIT_MS, bytes)) === bytes.length
}
