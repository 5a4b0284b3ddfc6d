import { access } from 'node:fs/promises'
import { platform } from 'node:process'
import type { Clock } from '../../core/clock/clock.ts'
import type { CodeScannerConfig } from '../../core/config/kiosk-config.ts'
import { ok, unreachable } from '../../core/result/result.ts'
import { hidOpener } from '../transport/hid.ts'
import { hidLibraryOfUsage, isListed } from '../transport/hid-usage.ts'
import { serialOpener } from '../transport/serial.ts'
import { tcpOpener } from '../transport/tcp.ts'
import type { OpenTransport, Transport } from '../transport/transport.ts'
import type { CodeDecoder } from './decoder.ts'
import { PosDecoder } from './pos.ts'
import { posEnvelope } from './pos-envelope.ts'
import { POS_REPORT_ID, POS_USAGE, POS_USAGE_PAGE } from './pos-report.ts'
import { StreamDecoder } from './stream.ts'

/** The way to open a scanner, with what must be known about it. */
export interface ScannerLine {
  readonly label: string
  readonly open: OpenTransport
  readonly decoder: () => CodeDecoder
  /** Whether the operating system still knows the device; left out where the transport itself finds out. */
  readonly present?: () => Promise<boolean>
}

/** The way to open the scanner that a configuration names. */
export function openerFor(config: CodeScannerConfig, clock: Clock): ScannerLine {
  const { address } = config
  switch (address.kind) {
    case 'hid-pos': {
      // A scanner may show several faces under one number: a keyboard beside the scanner proper.
      const library = hidLibraryOfUsage(POS_USAGE_PAGE, POS_USAGE)
      return {
        label: `hid-pos-${address.layout}`,
        open: hidOpener({ ...address, reportId: POS_REPORT_ID }, posEnvelope, clock, library),
        decoder: () => new PosDecoder(address.layout),
        present: () => isListed(address, library),
      }
    }
    case 'serial':
      return {
        label: `serial-${address.baud}`,
        open: serialOpener({ path: address.path, baud: address.baud }, clock),
        decoder: () => new StreamDecoder(address.terminator),
        // A name such as COM3 is no file.
        ...(platform === 'win32' ? {} : { present: () => exists(address.path) }),
      }
    case 'tcp':
      return { label: 'tcp', open: tcpOpener(address, clock), decoder: () => new StreamDecoder(address.terminator) }
    case 'keyboard':
      return { label: 'keyboard', open: async () => ok(silentTransport()), decoder: () => new StreamDecoder('cr') }
    default:
      return unreachable(address)
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(() => true, () => false)
}

/**
 * A scanner that types has no line of its own: the operating system owns it, and its keys come to the page, which hands
 * the codes to the kiosk process by itself. Here it is attached and never says anything.
 */
function silentTransport(): Transport {
  return {
    write: async () => ok(undefined),
    discardInput: async () => undefined,
    onData: () => () => undefined,
    onEnd: () => () => undefined,
    close: async () => undefined,
  }
}
