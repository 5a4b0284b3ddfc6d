/**
 * Runs under umockdev-run: reads one card through the real node-hid and the real driver, and writes one line of JSON about
 * it. The parent ends this process; a blocking read in the native module would hold up an orderly exit.
 */
import { systemClock } from '../../drivers/device-host/system-clock.ts'
import { createIdCardReader } from '../../drivers/id-card/service.ts'

const states: string[] = []
const log: string[] = []
const reader = createIdCardReader(
  { id: 'card', class: 'id-card', address: { kind: 'hid', vendorId: 0x0483, productId: 0x5750, serialNumber: 'SN0001', envelope: 'raw', reportBytes: 64, reportId: 0 }, additionalAddress: false },
  { clock: systemClock, log: (event, fields) => log.push(`${event} ${JSON.stringify(fields)}`) },
)
reader.onStatus(({ state }) => states.push(state))
reader.start()
const result = await reader.read({ timeoutMs: 15_000 }, () => undefined, new AbortController().signal)
const told = result.ok ? { ok: true, name: result.value.name, number: result.value.number, photoBytes: result.value.photo?.bytes.length } : { ok: false, error: result.error }
process.stdout.write(`${JSON.stringify({ ...told, samNumber: reader.samNumber(), states, counters: reader.counters(), log })}\n`)
