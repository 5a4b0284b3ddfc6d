import type { Clock } from '../../core/clock/clock.ts'
import type { HidAddress, IdCardReaderConfig, SerialAddress } from '../../core/config/kiosk-config.ts'
import { unreachable } from '../../core/result/result.ts'
import { hidOpener } from '../transport/hid.ts'
import type { ReportEnvelope } from '../transport/report-envelope.ts'
import { serialOpener } from '../transport/serial.ts'
import { tcpOpener } from '../transport/tcp.ts'
import type { OpenTransport } from '../transport/transport.ts'
import { dekeEnvelope } from './envelope/deke.ts'
import { miaxisEnvelope } from './envelope/miaxis.ts'
import { rawEnvelope } from './envelope/raw.ts'
import type { LinkTiming } from './link.ts'

/** One way to open a reader, with what must be known about the wire. A serial port of unknown speed has several. */
export interface ReaderLine {
  readonly label: string
  readonly open: OpenTransport
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

/** The ways to open the reader that a configuration names, in the order in which to try them. */
export function openerFor(config: IdCardReaderConfig, clock: Clock): readonly ReaderLine[] {
  const { address } = config
  switch (address.kind) {
    case 'tcp':
      return [{ label: 'tcp', open: tcpOpener(address, clock), timing: { silenceMs: SILENCE_MS }, settleMs: 0 }]
    case 'serial':
      return (address.baud === 'probe' ? SPEEDS : [address.baud]).map((baud) => serialLine(address, baud))
    case 'hid':
      return [{ label: `hid-${address.envelope}`, open: hidOpener(address, () => envelopeOf(address), clock), timing: { silenceMs: SILENCE_HID_MS }, settleMs: 0 }]
    default:
      return unreachable(address)
  }
}

function serialLine(address: SerialAddress, baud: number): ReaderLine {
  return {
    label: `serial-${baud}`,
    open: serialOpener({ path: address.path, baud }),
    timing: { bitsPerSecond: baud, silenceMs: baud < 38_400 ? SILENCE_SLOW_MS : SILENCE_MS },
    settleMs: SERIAL_SETTLE_MS,
  }
}

function envelopeOf(address: HidAddress): ReportEnvelope {
  switch (address.envelope) {
    case 'raw':
      return rawEnvelope(address.reportBytes)
    case 'miaxis':
      return miaxisEnvelope(address.reportBytes)
    case 'deke':
      return dekeEnvelope(address.reportBytes)
    default:
      return unreachable(address.envelope)
  }
}
