/**
 * Runs under umockdev-run: waits for one code through the real node-hid and the real driver, and writes one line of JSON
 * about it. The parent ends this process; a blocking read in the native module would hold up an orderly exit.
 */
import { HALF_MESSAGE_MS } from '../../drivers/code-scanner/pos.ts'
import { createCodeScanner } from '../../drivers/code-scanner/service.ts'
import { systemClock } from '../../drivers/device-host/system-clock.ts'

/** The reports come a good while apart: two that wait in umockdev's line at the same time would be read as one. */
const BETWEEN_REPORTS_MS = 10_000

const scanner = createCodeScanner(
  { id: 'code', class: 'code-scanner', address: { kind: 'hid-pos', vendorId: 0x0c2e, productId: 0x0b01, layout: 'standard' } },
  { clock: { ...systemClock, setTimeout: (fn, ms) => systemClock.setTimeout(fn, ms === HALF_MESSAGE_MS ? BETWEEN_REPORTS_MS : ms) }, log: () => undefined },
)
scanner.start()
const result = await scanner.readCode({ timeoutMs: 50_000 }, new AbortController().signal)
const told = result.ok ? { ok: true, text: result.value.text, aim: result.value.aim } : result
process.stdout.write(`${JSON.stringify({ ...told, counters: scanner.counters() })}\n`)
