import type { Clock } from '../../core/clock/clock.ts'
import type { HidAddress, IdCardReaderConfig, SerialAddress } from '../../core/config/kiosk-config.ts'
import { unreachable } from '../../core/result/result.ts'
import { hidOpener } from '../transport/hid.ts'
import type { ReportEnvelope } from '../transport/report-envelope.ts'
import { serialOpener } from '../transport/serial.ts'
import { tcpOpener } from '../transport/tcp.ts'
import { usbOpener } from '../transport/usb.ts'
import type { OpenTransport } from '../transport/transport.ts'
import { dekeEnvelope } from './envelope/deke.ts'
import { miaxisEnvelope } from './envelope/miaxis.ts'
import { rawEnvelope } from './envelope/raw.ts'
import type { LinkTiming } from './link.ts'
import type { StxWriting } from './stx-frame.ts'

/** One way to open a reader, with what must be known about the wire. A serial port of unknown speed has several. */
export interface ReaderLine {
  readonly label: string
  readonly open: OpenTransport
  /** The SAM's frame, or envelope E in one of its two writings. */
  readonly speaks: 'sam' | StxWriting
  readonly timing: LinkTiming
  /** Some readers restart when the port's DTR changes at opening, and hear nothing for a while. */
  readonly settleMs: number
}

/** All speeds that readers are known to use, in the order in which they are tried. */
const SPEEDS = [115_200, 57_600, 38_400, 19_200, 9_600] as const
const SERIAL_SETTLE_MS = 1000
const SILENCE_MS = 300
const SILENCE_SLOW_MS = 1000
/** Reports may come a good while after each other. */
const SILENCE_HID_MS = 1000
/** Nothing tells which writing of envelope E a reader has: the common one is tried first. */
const STX_WRITINGS: readonly StxWriting[] = ['bytes', 'nibbles']

/** The ways to open the reader that a configuration names, in the order in which to try them. */
export function openerFor(config: IdCardReaderConfig, clock: Clock): readonly ReaderLine[] {
  const { address } = config
  switch (address.kind) {
    case 'tcp':
      return [{ label: 'tcp', open: tcpOpener(address, clock), speaks: 'sam', timing: { silenceMs: SILENCE_MS }, settleMs: 0 }]
    case 'serial': {
      const speeds = address.baud === 'probe' ? SPEEDS : [address.baud]
      return languagesOf(address.envelope).flatMap((speaks) => speeds.map((baud) => serialLine(address, baud, speaks, clock)))
    }
    case 'hid':
      return languagesOf(address.envelope).map((speaks) => ({
        label: lineLabel(`hid-${address.envelope}`, speaks),
        open: hidOpener(address, () => envelopeOf(address), clock),
        speaks,
        timing: { silenceMs: SILENCE_HID_MS },
        settleMs: 0,
      }))
    case 'usb':
      return [{ label: `usb-${address.pipes}`, open: usbOpener(address, clock), speaks: 'sam', timing: { silenceMs: SILENCE_HID_MS }, settleMs: 0 }]
    default:
      return unreachable(address)
  }
}

function languagesOf(envelope: string): readonly ReaderLine['speaks'][] {
  return envelope === 'stx' ? STX_WRITINGS : ['sam']
}

function lineLabel(wire: string, speaks: ReaderLine['speaks']): string {
  return speaks === 'nibbles' ? `${wire}-nibbles` : wire
}

function serialLine(address: Pick<SerialAddress, 'path'>, baud: number, speaks: ReaderLine['speaks'], clock: Clock): ReaderLine {
  return {
    label: lineLabel(speaks === 'sam' ? `serial-${baud}` : `serial-${baud}-stx`, speaks),
    open: serialOpener({ path: address.path, baud }, clock),
    speaks,
    timing: { bitsPerSecond: baud, silenceMs: baud < 38_400 ? SILENCE_SLOW_MS : SILENCE_MS },
    settleMs: SERIAL_SETTLE_MS,
  }
}

function envelopeOf(address: HidAddress): ReportEnvelope {
  switch (address.envelope) {
    // Envelope E is a language, not a packing: its bytes lie in the reports as they are.
    case 'raw':
    case 'stx':
      return rawEnvelope(address.reportBytes)
    case 'miaxis':
      return miaxisEnvelope(address.reportBytes)
    case 'deke':
      return dekeEnvelope(address.reportBytes)
    default:
      return unreachable(address.envelope)
  }
}
