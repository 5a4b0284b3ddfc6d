/** Something changes at a device → the screen says so: the whole way, through the driver's question, the kiosk and Chromium. */
import { launchBrowser, PORTRAIT, RunningKiosk } from '../e2e/running-kiosk.ts'
import type { BenchResult } from './bench.ts'

/** The product's own limit: what the machine can do now follows the true state within two seconds. */
const LIMIT_MS = 2000
const ROUNDS = 10

/** The slowest of {@link ROUNDS} openings and closings of the printer's cover, against the limit. */
export async function run(): Promise<BenchResult> {
  const kiosk = await RunningKiosk.start()
  const browser = await launchBrowser()
  try {
    const page = await (await browser.newContext({ viewport: PORTRAIT })).newPage()
    await page.goto(`${kiosk.bench}/kiosk`)
    const told = (works: boolean): Promise<unknown> => page.locator(`[data-ability="print"][data-works="${works}"]`).waitFor({ timeout: 30_000 })
    await told(true)
    const took: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      for (const open of [true, false]) {
        const began = performance.now()
        await Promise.all([told(!open), kiosk.tell('receipt-printer', { kind: open ? 'open-cover' : 'close-cover' })])
        took.push(performance.now() - began)
      }
    }
    took.sort((a, b) => a - b)
    const median = took[Math.floor(took.length / 2)] ?? 0
    const slowest = took.at(-1) ?? 0
    return {
      name: 'status-to-screen', what: 'printer cover opened or closed → the idle screen says so (slowest of 20)', ours: slowest, theirs: LIMIT_MS, unit: 'ms', ratio: slowest / LIMIT_MS,
      aim: '≤ 1', passed: slowest <= LIMIT_MS, notes: `median ${median.toFixed(0)} ms, fastest ${(took[0] ?? 0).toFixed(0)} ms`,
    }
  } finally {
    await browser.close()
    await kiosk.stop()
  }
}
