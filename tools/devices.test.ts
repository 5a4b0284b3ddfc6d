import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sandboxConfig } from '../core/config/sandbox-config.ts'
import { takeInstanceLock } from '../electron/services/instance-lock.ts'
import { createVirtualCardReader } from '../sandbox/devices/card-reader/virtual-card-reader.ts'
import { quietPort } from '../sandbox/devices/quiet-port.ts'
import { addressText, candidatesFor } from './devices/address.ts'
import { columns } from './devices/columns.ts'
import { runDevicesCommand } from './devices.ts'

let folder: string
let configFile: string
let port: number
let reader: ReturnType<typeof createVirtualCardReader>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiosk-devices-'))
  reader = createVirtualCardReader({ address: { kind: 'tcp', host: '127.0.0.1', port: await quietPort() } })
  await reader.start()
  const { address } = reader.state()
  if (address.kind !== 'tcp') throw new Error('not on TCP')
  port = address.port
  configFile = join(folder, 'kiosk.config.json')
  const config = sandboxConfig({ dataFolder: folder, rootFile: 'root.json', ports: { reader: port } })
  await writeFile(configFile, JSON.stringify({ ...config, devices: [...config.devices.slice(0, 1), { id: 'camera', class: 'document-camera', address: { kind: 'camera' } }] }))
})
afterEach(async () => {
  await reader.stop()
  await rm(folder, { recursive: true, force: true })
})

async function run(args: readonly string[], until?: Promise<void>): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = []
  const err: string[] = []
  const code = await runDevicesCommand([...args, '--config', configFile], (line) => out.push(line), (line) => err.push(line), until)
  return { code, out: out.join('\n'), err: err.join('\n') }
}

describe('npm run devices', { timeout: 60_000 }, () => {
  test('test: a reader that answers is fit for work; the camera is left to the page', async () => {
    const { code, out } = await run(['test'])
    expect(out).toMatch(/✓ {2}card-reader .*正常 · ready .*samNumber=/)
    expect(out).toMatch(/– {2}camera .*由页面打开/)
    expect(out).toContain('Every device is fit for work (1).')
    expect(code).toBe(0)
  })

  test('test: one that is away fails, with the one thing to do, for people and for programs', async () => {
    await reader.stop()
    const told = await run(['test', '--wait', '2'])
    expect(told.code).toBe(1)
    expect(told.out).toContain('✗  card-reader')
    expect(told.out).toContain('→ Check power and cable, and push both in.')
    const json = await run(['test', '--wait', '2', '--json'])
    expect(json.code).toBe(1)
    expect(JSON.parse(json.out)).toMatchObject([{ id: 'card-reader', fit: false, status: { state: 'offline' }, todo: { 'zh-CN': '查电源和数据线，都插紧。' } }, { id: 'camera', skipped: 'opened-by-the-page' }])
  })

  test('probe: says what answers at an address that no configuration names', async () => {
    const { code, out } = await run(['probe', `127.0.0.1:${port}`])
    expect(out).toMatch(/id-card .*正常 · ready/)
    // The first that answers ends the search: a printer driver has no business at a card reader.
    expect(out).not.toContain('receipt-printer')
    expect(code).toBe(0)
    await reader.stop()
    const silent = await run(['probe', `127.0.0.1:${port}`, '--wait', '1', '--json'])
    expect(silent.code).toBe(1)
    expect(JSON.parse(silent.out)).toMatchObject([{ as: 'id-card', report: { status: { state: 'offline' } } }, { as: 'receipt-printer', report: { status: { state: 'offline' } } }])
  })

  test('watch: tells each change until it is ended', async () => {
    const end = Promise.withResolvers<void>()
    const lines: string[] = []
    const seen = (state: string): boolean => lines.some((line) => line.includes(`"state":"${state}"`))
    const watching = runDevicesCommand(['watch', '--json', '--config', configFile], (line) => {
      lines.push(line)
      if (!seen('offline') && seen('ready')) void reader.stop()
      if (seen('offline')) end.resolve()
    }, () => undefined, end.promise)
    expect(await watching).toBe(0)
    expect(seen('ready')).toBe(true)
  })

  test('keeps away from devices that a kiosk is using', async () => {
    const lock = takeInstanceLock(join(folder, 'kiosk.lock'))
    if (!lock.ok) throw new Error('locked')
    const { code, err } = await run(['test'])
    expect(code).toBe(3)
    expect(err).toContain(`A kiosk is using these devices (process ${process.pid})`)
    expect((await run(['list'])).code).toBe(0)
    lock.value.release()
  })

  test('list: configured and attached, also where nothing can be looked at', async () => {
    const { code, out } = await run(['list', '--json'])
    expect(code).toBe(0)
    const listed = JSON.parse(out) as { configured: unknown[]; attached: unknown[]; blind: unknown[] }
    expect(listed.configured).toHaveLength(2)
    expect(Array.isArray(listed.attached) && Array.isArray(listed.blind)).toBe(true)
  })

  test('says how it is used', async () => {
    for (const args of [[], ['probe', 'nowhere'], ['test', 'reader'], ['test', '--wait', '0'], ['test', '--wat']]) {
      const { code, err } = await run(args)
      expect([args.join(' '), code, err.includes('Usage: npm run devices')]).toEqual([args.join(' '), 2, true])
    }
  })
})

test('addresses become the devices that could stand there', () => {
  const labels = (written: string): readonly string[] => candidatesFor(written).map(({ label }) => label)
  expect(labels('/dev/serial/by-id/usb-x')).toEqual(['id-card', 'id-card (stx)', 'receipt-printer'])
  expect(labels('COM12')).toEqual(['id-card', 'id-card (stx)', 'receipt-printer'])
  expect(labels('/dev/usb/lp0')).toEqual(['receipt-printer'])
  expect(labels('hid:0483:5750')).toEqual(['id-card (raw)', 'id-card (miaxis)', 'id-card (deke)', 'id-card (stx)', 'code-scanner'])
  expect(labels('http://printer/x')).toEqual(['document-scanner', 'page-printer'])
  expect(labels('[::1]:9100')).toEqual(['id-card', 'receipt-printer'])
  expect(labels('host:99999')).toEqual([])
  const [usb] = candidatesFor('usb:0400:C35A')
  expect(usb && addressText(usb.device.address)).toBe('usb:0400:c35a')
})

test('columns stand under each other with Chinese in them', () => {
  expect(columns([['读卡器', 'a', 'x'], ['ab', '扫描仪', 'y']])).toEqual(['读卡器  a       x', 'ab      扫描仪  y'])
})
