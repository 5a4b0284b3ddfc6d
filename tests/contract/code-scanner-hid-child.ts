/**
 * Runs under umockdev-run: waits for one code through the real node-hid and the real driver, and writes one line of JSON
 * about it. The parent ends this process; a blocking read in the native module would hold up an orderly exit.
 */
import { createCodeScanner } from '../../drivers/code-scanner/service.ts'
import { systemClock } from '../../drivers/device-host/system-clock.ts'

const scanner = createCodeScanner(
  { id: 'code', class: 'code-scanner', address: { kind: 'hid-pos', vendorId: 0x0c2e, productId: 0x0b01, layout: 'standard' } },
  { clock: systemClock, log: () => undefined },
)
scanner.start()
const result = await scanner.readCode({ timeoutMs: 50_000 }, new AbortController().signal)
const told = result.ok ? { ok: true, text: result.value.text, aim: result.value.aim } : result
process.stdout.write(`${JSON.stringify({ ...told, counters: scanner.counters() })}\n`)
