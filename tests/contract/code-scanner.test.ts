/**
 * The code scanner's driver against the virtual scanner, which was written on its own: over a real TCP connection, and over
 * a pair of pseudo-terminals with the serialport package itself.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { CodeScannerConfig } from '../../core/config/kiosk-config.ts'
import type { CodeReadError, ScannedCode } from '../../core/device/operations.ts'
import type { DeviceState } from '../../core/device/status.ts'
import type { Result } from '../../core/result/result.ts'
import { createCodeScanner } from '../../drivers/code-scanner/service.ts'
import type { CodeScanner } from '../../drivers/code-scanner/service.ts'
import { createVirtualCodeScanner, SAMPLE_CODES } from '../../sandbox/devices/code-scanner/virtual-code-scanner.ts'
import type { CodeScannerCommand, CodeScannerState, ScannerTerminator } from '../../sandbox/devices/code-scanner/virtual-code-scanner.ts'
import { quietPort } from '../../sandbox/devices/quiet-port.ts'
import type { VirtualDevice } from '../../sandbox/devices/virtual-device.ts'
import { patientClock } from '../patient-clock.ts'
import { hasSocat, serialCable } from '../serial-cable.ts'
import type { SerialCable } from '../serial-cable.ts'

type Scanner = VirtualDevice<CodeScannerCommand, CodeScannerState>
interface Pair {
  readonly device: Scanner
  readonly driver: CodeScanner
}

const cleanUps: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function switchOn(options: Parameters<typeof createVirtualCodeScanner>[0]): Promise<Scanner> {
  const device = createVirtualCodeScanner({ clock: patientClock, ...options })
  await device.start()
  cleanUps.push(() => device.stop())
  return device
}

function drive(address: CodeScannerConfig['address']): CodeScanner {
  const driver = createCodeScanner({ id: 'code', class: 'code-scanner', address }, { clock: patientClock, log: () => undefined })
  driver.start()
  cleanUps.push(() => driver.stop())
  return driver
}

function becomes(driver: CodeScanner, ...states: readonly DeviceState[]): Promise<void> {
  return new Promise((resolve) => {
    if (states.includes(driver.status().state)) return resolve()
    const stop = driver.onStatus(({ state }) => {
      if (!states.includes(state)) return
      stop()
      resolve()
    })
  })
}

function connected(device: Scanner): Promise<void> {
  return new Promise((resolve) => {
    if (device.state().connected) return resolve()
    const stop = device.onChange(() => {
      if (!device.state().connected) return
      stop()
      resolve()
    })
  })
}

const read = (driver: CodeScanner, timeoutMs = 10_000): Promise<Result<ScannedCode, CodeReadError>> => driver.readCode({ timeoutMs }, new AbortController().signal)
const textOf = (result: Result<ScannedCode, CodeReadError>): string | CodeReadError => (result.ok ? result.value.text : result.error)

/** What every line must carry, whatever it is made of. */
async function carriesCodes({ device, driver }: Pair): Promise<void> {
  for (const key of ['social-card', 'licence', 'city-code', 'case-number'] as const) {
    const reading = read(driver)
    await device.command({ kind: 'show-sample', code: key })
    expect(textOf(await reading)).toBe(SAMPLE_CODES[key].text)
  }
  const longest = 'X7'.repeat(2148)
  const reading = read(driver)
  await device.command({ kind: 'show', text: longest })
  expect(textOf(await reading)).toBe(longest)
}

async function ridesOutFaults({ device, driver }: Pair): Promise<void> {
  const split = read(driver)
  await device.command({ kind: 'cable', split: { pieceBytes: 3, gapMs: 5 }, delayMs: 30 })
  await device.command({ kind: 'show', text: 'IN-PIECES' })
  expect(textOf(await split)).toBe('IN-PIECES')
  await device.command({ kind: 'cable', clear: true })
  const repeated = read(driver)
  await device.command({ kind: 'cable', repeatNext: 1 })
  await device.command({ kind: 'show', text: 'TWICE' })
  expect(textOf(await repeated)).toBe('TWICE')
  const next = read(driver)
  await device.command({ kind: 'show', text: 'NEXT' })
  expect(textOf(await next)).toBe('NEXT')
}

async function comesBack({ device, driver }: Pair): Promise<void> {
  const reading = read(driver)
  await device.command({ kind: 'cable', unplugAfterBytes: 4 })
  await device.command({ kind: 'show', text: 'CUT-IN-THE-MIDDLE' })
  expect(textOf(await reading)).toMatchObject({ kind: 'scanner-gone' })
  await becomes(driver, 'offline')
  await device.command({ kind: 'cable', plugged: true })
  await becomes(driver, 'ready')
  await connected(device)
  const again = read(driver)
  await device.command({ kind: 'show', text: 'WHOLE' })
  expect(textOf(await again)).toBe('WHOLE')
}

describe('over TCP', () => {
  async function pair(terminator: 'cr' | 'lf' | 'crlf' = 'cr', says: ScannerTerminator = terminator): Promise<Pair> {
    const device = await switchOn({ address: { kind: 'tcp', host: '127.0.0.1', port: await quietPort() }, terminator: says })
    const { address } = device.state()
    if (address.kind !== 'tcp') throw new Error('expected a TCP door')
    const driver = drive({ kind: 'tcp', host: address.host, port: address.port, terminator })
    await becomes(driver, 'ready')
    await connected(device)
    return { device, driver }
  }

  test.each(['cr', 'lf', 'crlf'] as const)('codes that end with %s', async (terminator) => carriesCodes(await pair(terminator)))
  test('codes without any end', async () => carriesCodes(await pair('cr', 'none')))
  test('in pieces, late, and doubled', async () => ridesOutFaults(await pair()))
  test('unplugged in the middle of a code, and back by itself', async () => comesBack(await pair()))

  test('held before the scanner it is read once, and the next one after it', async () => {
    const { device, driver } = await pair()
    const first = read(driver)
    await device.command({ kind: 'hold', text: 'HELD', everyMs: 50 })
    expect(textOf(await first)).toBe('HELD')
    const second = read(driver, 1000)
    expect(textOf(await second)).toEqual({ kind: 'timeout' })
    expect(driver.counters().repeats).toBeGreaterThan(2)
    const third = read(driver)
    await device.command({ kind: 'show', text: 'OTHER' })
    expect(textOf(await third)).toBe('OTHER')
  })
})

describe.skipIf(!hasSocat)('over a serial line (needs socat)', () => {
  async function pair(): Promise<Pair & { readonly cable: SerialCable }> {
    const folder = mkdtempSync(join(tmpdir(), 'code-scanner-'))
    const kiosk = join(folder, 'kiosk')
    const scanner = join(folder, 'scanner')
    const cable = await serialCable(kiosk, scanner)
    cleanUps.push(async () => {
      await cable.pull()
      rmSync(folder, { recursive: true, force: true })
    })
    const device = await switchOn({ address: { kind: 'serial', path: scanner } })
    const driver = drive({ kind: 'serial', path: kiosk, baud: 9600, terminator: 'cr' })
    await becomes(driver, 'ready')
    return { device, driver, cable }
  }

  test('codes of every length', async () => carriesCodes(await pair()))
  test('in pieces, late, and doubled', async () => ridesOutFaults(await pair()))

  test('the cable is pulled: told at once', async () => {
    const { driver, cable } = await pair()
    const reading = read(driver)
    await cable.pull()
    expect(textOf(await reading)).toMatchObject({ kind: 'scanner-gone' })
    await becomes(driver, 'offline')
  })
})
