import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../drivers/device-host/system-clock.ts'
import type { BenchServer, BenchThing } from '../sandbox/bench/bench-server.ts'
import { startBenchServer } from '../sandbox/bench/bench-server.ts'
import { createVirtualCardReader } from '../sandbox/devices/card-reader/virtual-card-reader.ts'
import { createVirtualCodeScanner } from '../sandbox/devices/code-scanner/virtual-code-scanner.ts'
import { VirtualPagePrinter } from '../sandbox/devices/page-printer/virtual-page-printer.ts'
import { VirtualReceiptPrinter } from '../sandbox/devices/receipt-printer/printer.ts'
import { loadDemonstrationPages } from '../sandbox/devices/scanner/pages.ts'
import { VirtualScanner } from '../sandbox/devices/scanner/virtual-scanner.ts'
import { runSandboxCommand } from './sandbox.ts'

const port = { kind: 'tcp', host: '127.0.0.1', port: 0 } as const
let folder: string
let said: string[]
let bench: BenchServer
let devices: ReturnType<typeof makeDevices>
const makeDevices = () => ({
  'card-reader': createVirtualCardReader({ address: port }), 'code-scanner': createVirtualCodeScanner({ address: port }), 'receipt-printer': new VirtualReceiptPrinter({ address: port }),
  'page-printer': new VirtualPagePrinter({ clock: systemClock }), scanner: new VirtualScanner({ pages: loadDemonstrationPages() }),
})
const run = (...args: readonly string[]): Promise<0 | 1 | 2> => {
  said = []
  return runSandboxCommand([...args, '--folder', folder], (line) => said.push(line), (line) => said.push(line))
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-sandbox-tool-'))
  devices = makeDevices()
  await Promise.all(Object.values(devices).map((device) => device.start()))
  bench = await startBenchServer({ port: 0, pageFolder: undefined, things: devices as unknown as Record<string, BenchThing>, pictures: {}, links: () => ({}), openKiosk: () => Promise.resolve(undefined) })
  writeFileSync(join(folder, 'running.json'), JSON.stringify({ pid: process.pid, bench: bench.url, backend: '' }))
})
afterEach(async () => {
  await bench.stop()
  await Promise.all(Object.values(devices).map((device) => device.stop()))
  rmSync(folder, { recursive: true })
})

describe('npm run sandbox', () => {
  it('does to a device what is asked: a card, a fault with its parameters, all faults off', async () => {
    expect(await run('tell', 'card-reader', 'lay', 'person=chen-zhiyuan')).toBe(0)
    expect(devices['card-reader'].state().card).toBe('chen-zhiyuan')
    expect(await run('tell', 'card-reader', 'sam-fault', 'status=60')).toBe(0)
    expect(devices['card-reader'].state().faults.samFault).toBe('60')
    expect(await run('tell', 'scanner', 'cable', 'split={"pieceBytes":2,"gapMs":5}', 'silent=true')).toBe(0)
    expect(devices.scanner.state().cable).toMatchObject({ split: { pieceBytes: 2, gapMs: 5 }, silent: true })
    expect(await run('tell', 'scanner', 'cable', 'clear=true')).toBe(0)
    expect(devices.scanner.state().cable).toMatchObject({ split: null, silent: false })
  })

  it.each(['card-reader', 'receipt-printer', 'page-printer', 'scanner', 'code-scanner'] as const)('pulls and plugs the cable of the %s, and shows it', async (name) => {
    expect(await run('tell', name, 'cable', 'plugged=false')).toBe(0)
    expect(await run('show', name)).toBe(0)
    expect(JSON.parse(said.join('\n'))).toMatchObject({ cable: { plugged: false } })
    expect(await run('tell', name, 'cable', 'plugged=true')).toBe(0)
    expect(devices[name].state().cable.plugged).toBe(true)
  })

  it('tells a mistake with what is allowed', async () => {
    expect(await run('tell', 'kettle')).toBe(2)
    expect(said.join('\n')).toContain('card-reader, receipt-printer')
    expect(await run('tell', 'card-reader', 'dance')).toBe(2)
    expect(said.join('\n')).toMatch(/late-reply ms=0\.\.600000/)
    expect(await run('tell', 'card-reader', 'lay', 'person=nobody')).toBe(1)
    expect(said.join('\n')).toContain('person=zhou-guilan|')
    expect(await run('tell', 'code-scanner', 'cable', 'mergeMs=-1')).toBe(1)
    expect(said.join('\n')).toContain('[mergeMs=0..600000]')
    expect(await run('tell', 'code-scanner', 'cable', 'silent')).toBe(2)
    expect(await run('tell', 'receipt-printer', 'cable', 'path=/dev/ttyUSB1')).toBe(1)
    expect(said.join('\n')).toContain('no path')
    expect(await run('tell')).toBe(2)
    expect(await run('show', 'card-reader', 'more')).toBe(2)
    expect(await run('tell', 'receipt-printer')).toBe(0)
    expect(said).toContain('  take-ticket')
  })

  it('says that nothing is running, also after a crash', async () => {
    await bench.stop()
    expect(await run('show')).toBe(1)
    expect(said.join('\n')).toContain('No npm start is running')
    rmSync(join(folder, 'running.json'))
    expect(await run('tell', 'card-reader', 'lift')).toBe(1)
    expect(said.join('\n')).toContain('No npm start is running')
  })
})
