import { delay, type Clock } from '../../core/clock/clock.ts'
import type { ReceiptPrinterConfig } from '../../core/config/kiosk-config.ts'
import { serialOpener } from '../transport/serial.ts'
import { tcpOpener } from '../transport/tcp.ts'
import type { OpenTransport, Transport } from '../transport/transport.ts'
import { usbPrinterOpener } from '../transport/usb-printer.ts'
import type { ReceiptPrinterProfile } from './profile.ts'
import { PrinterMessageParser, questionsOf } from './status.ts'

/** From the usual factory setting down. */
const BAUD_RATES = [115200, 9600, 19200, 38400, 57600] as const
/** A printer answers `10 04 1` within milliseconds; at 9600 baud three bytes there and one back take 4 ms. */
const PROBE_ANSWER_MS = 300

/** The door to a printer by its configured address. With `probe`, the rate at which it last answered is tried first. */
export function printerOpener(address: ReceiptPrinterConfig['address'], clock: Clock, profile: ReceiptPrinterProfile): OpenTransport {
  if (address.kind === 'tcp') return tcpOpener(address, clock)
  if (address.kind === 'usb-printer') return usbPrinterOpener(address, clock)
  const { path, flow, parity } = address
  if (address.baud !== 'probe') return serialOpener({ path, flow, parity, baud: address.baud }, clock)
  return probingOpener((baud) => serialOpener({ path, flow, parity, baud }, clock), clock, profile)
}

/**
 * Tries the usual rates until the printer answers a status question with a well-formed byte. When it answers at none, the
 * first that could be opened is kept: the printer may be switched off, and its silence is told by the checks.
 */
export function probingOpener(openAt: (baud: number) => OpenTransport, clock: Clock, profile: ReceiptPrinterProfile): OpenTransport {
  let lastGood: number | undefined
  return async () => {
    const rates = lastGood === undefined ? BAUD_RATES : [lastGood, ...BAUD_RATES.filter((rate) => rate !== lastGood)]
    for (const baud of rates) {
      const opened = await openAt(baud)()
      // Missing, locked or forbidden: another rate changes nothing.
      if (!opened.ok) return opened
      if (await answers(opened.value, clock, profile)) {
        lastGood = baud
        return opened
      }
      await opened.value.close()
    }
    return openAt(lastGood ?? BAUD_RATES[0])()
  }
}

async function answers(transport: Transport, clock: Clock, profile: ReceiptPrinterProfile): Promise<boolean> {
  const parser = new PrinterMessageParser(profile)
  const [question] = questionsOf(profile, false)
  if (question === undefined) return false
  parser.expect(question.expects)
  const waiting = new AbortController()
  let answered = false
  const stop = transport.onData((chunk) => {
    if (!parser.push(chunk, clock.now()).some((message) => message.kind === question.expects)) return
    answered = true
    waiting.abort()
  })
  await transport.write(question.bytes)
  await delay(clock, PROBE_ANSWER_MS, waiting.signal).catch(() => undefined)
  stop()
  return answered
}
