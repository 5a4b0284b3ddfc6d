/**
 * The card reader's driver against the virtual reader, which was written from the same protocol on its own: over a real
 * TCP connection, and over a pair of pseudo-terminals with the serialport package itself.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { IdCardReaderConfig } from '../../core/config/kiosk-config.ts'
import type { CardReadError, CardReading, CardReadProgress } from '../../core/device/operations.ts'
import type { DeviceState } from '../../core/device/status.ts'
import type { Result } from '../../core/result/result.ts'
import { patientClock } from '../patient-clock.ts'
import { hasSocat, serialCable } from '../serial-cable.ts'
import type { SerialCable } from '../serial-cable.ts'
import { createIdCardReader } from '../../drivers/id-card/service.ts'
import type { IdCardReader } from '../../drivers/id-card/service.ts'
import { createVirtualCardReader } from '../../sandbox/devices/card-reader/virtual-card-reader.ts'
import type { CardReaderCommand, CardReaderState, ReaderDialect } from '../../sandbox/devices/card-reader/virtual-card-reader.ts'
import { PEOPLE, PERSON_KEYS } from '../../sandbox/devices/people.ts'
import type { PersonKey } from '../../sandbox/devices/people.ts'
import { quietPort } from '../../sandbox/devices/quiet-port.ts'
import type { VirtualDevice } from '../../sandbox/devices/virtual-device.ts'

type Reader = VirtualDevice<CardReaderCommand, CardReaderState>

const FAST = { find: 2, select: 2, read: 10, other: 1 }
/** The tests wait for devices, each for its own, and so they wait together; what they opened is closed when all are through. */
const cleanUps: (() => Promise<void> | void)[] = []
afterAll(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function tcpReader(workMs: typeof FAST = FAST, additionalAddress = false): Promise<{ device: Reader; driver: IdCardReader; log: string[] }> {
  const device = createVirtualCardReader({ clock: patientClock, address: { kind: 'tcp', host: '127.0.0.1', port: await quietPort() }, workMs })
  await device.start()
  cleanUps.push(() => device.stop())
  const { address } = device.state()
  if (address.kind !== 'tcp') throw new Error('expected a TCP door')
  return { device, ...drive({ kind: 'tcp', host: address.host, port: address.port }, additionalAddress) }
}

function drive(address: IdCardReaderConfig['address'], additionalAddress = false): { driver: IdCardReader; log: string[] } {
  const log: string[] = []
  const driver = createIdCardReader({ id: 'card', class: 'id-card', address, additionalAddress }, { clock: patientClock, log: (event, fields) => log.push(`${event} ${JSON.stringify(fields)}`) })
  driver.start()
  cleanUps.push(() => driver.stop())
  return { driver, log }
}

function becomes(driver: IdCardReader, state: DeviceState): Promise<void> {
  return new Promise((resolve) => {
    if (driver.status().state === state) return resolve()
    const stop = driver.onStatus((status) => {
      if (status.state !== state) return
      stop()
      resolve()
    })
  })
}

interface Reading {
  readonly result: Promise<Result<CardReading, CardReadError>>
  /** Resolves when this progress is told. */
  progress(kind: CardReadProgress['kind']): Promise<void>
}

function read(driver: IdCardReader, timeoutMs = 50_000): Reading {
  const told = new Set<string>()
  const waiting: (() => void)[] = []
  const result = driver.read(
    { timeoutMs },
    ({ kind }) => {
      told.add(kind)
      for (const look of [...waiting]) look()
    },
    new AbortController().signal,
  )
  return {
    result,
    progress: (kind) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (told.has(kind)) resolve()
        }
        waiting.push(look)
        look()
      }),
  }
}

function expectPerson(result: Result<CardReading, CardReadError>, key: PersonKey): void {
  const { card } = PEOPLE[key]
  if (!result.ok) throw new Error(`${key}: ${JSON.stringify(result.error)}`)
  const dashed = (date: string): string => (date === '长期' ? 'long-term' : `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`)
  expect(result.value).toMatchObject({
    kind: card.kind,
    name: card.name,
    number: card.number,
    sex: card.sex === '1' ? 'male' : 'female',
    birth: dashed(card.birth),
    validFrom: dashed(card.validFrom),
    validTo: dashed(card.validTo),
  })
  switch (card.kind) {
    case 'resident':
      expect(result.value).toMatchObject({ nationCode: card.nation, address: card.address, issuer: card.issuer })
      break
    case 'hk-mo-tw-resident':
      expect(result.value).toMatchObject({ address: card.address, issuer: card.issuer, travelPermit: card.travelPermit, timesIssued: card.timesIssued })
      break
    case 'foreigner-2017':
      expect(result.value).toMatchObject({ englishName: card.englishName, nationality: card.nationality, authorityCode: card.authorityCode, address: '' })
      break
    case 'foreigner-2023':
      expect(result.value).toMatchObject({ englishName: card.englishName, nationality: card.nationality, timesIssued: card.timesRenewed })
  }
  expect(result.value.photo?.bytes).toHaveLength(1024)
  expect(Buffer.from(result.value.photo?.bytes ?? []).includes(Buffer.from('AAAAAA9669', 'hex'))).toBe(true)
}

/** What every line must carry, whatever it is made of. */
async function readsEveryone(device: Reader, driver: IdCardReader): Promise<void> {
  for (const key of PERSON_KEYS) {
    const reading = read(driver)
    await device.command({ kind: 'lay', person: key })
    const result = await reading.result
    if (key === 'contradictory') expect(result).toEqual({ ok: false, error: { kind: 'record-inconsistent', code: 'record-birth-number' } })
    else expectPerson(result, key)
    await device.command({ kind: 'lift' })
  }
}

async function recoversFromPulledCard(device: Reader, driver: IdCardReader): Promise<void> {
  await device.command({ kind: 'pull-mid-read', afterBytes: 640 })
  await device.command({ kind: 'lay', person: 'lin-xiaowen' })
  const reading = read(driver)
  await reading.progress('retrying')
  expect(device.state().card).toBeNull()
  await device.command({ kind: 'lay', person: 'lin-xiaowen' })
  expectPerson(await reading.result, 'lin-xiaowen')
}

describe('over TCP', { concurrent: true }, () => {
  test('everyone is read right, and nobody is in the log', async () => {
    const { device, driver, log } = await tcpReader()
    await readsEveryone(device, driver)
    expect(driver.counters()).toMatchObject({ xorFailures: 0, staleReplies: 0, discardedBytes: 0 })
    for (const key of PERSON_KEYS) for (const secret of [PEOPLE[key].card.name, PEOPLE[key].card.number]) expect(log.join('\n')).not.toContain(secret)
  })

  test('a card pulled in mid-read: the citizen lays it again and is read', async () => {
    const { device, driver } = await tcpReader()
    await recoversFromPulledCard(device, driver)
  })

  test('a card that stays after its reading is not read a second time before it was lifted', async () => {
    const { device, driver } = await tcpReader()
    await device.command({ kind: 'lay', person: 'he-jianguo' })
    expectPerson(await read(driver).result, 'he-jianguo')
    const second = read(driver)
    await second.progress('lift-card')
    expect(device.state().reads).toBe(1)
    await device.command({ kind: 'lift' })
    await device.command({ kind: 'lay', person: 'zhou-guilan' })
    expectPerson(await second.result, 'zhou-guilan')
  })

  test('noise, single bytes, a wrong check byte: still read right', async () => {
    const { device, driver } = await tcpReader()
    await becomes(driver, 'ready')
    await device.command({ kind: 'noise', on: true })
    await device.command({ kind: 'split', on: true, gapMs: 0 })
    await device.command({ kind: 'lay', person: 'chen-zhiyuan' })
    expectPerson(await read(driver).result, 'chen-zhiyuan')
    expect(driver.counters().discardedBytes).toBeGreaterThan(0)
    await device.command({ kind: 'noise', on: false })
    await device.command({ kind: 'split', on: false, gapMs: 0 })
    await device.command({ kind: 'lay', person: 'lin-xiaowen' })
    await device.command({ kind: 'xor-error', frames: 1 })
    expectPerson(await read(driver).result, 'lin-xiaowen')
    expect(driver.counters().xorFailures).toBeGreaterThan(0)
  })

  test('a reply that comes after its limit is dropped, and the card is read on the next try', async () => {
    const { device, driver } = await tcpReader()
    await device.command({ kind: 'late-reply', ms: 3100 })
    await device.command({ kind: 'lay', person: 'zhou-guilan' })
    expectPerson(await read(driver).result, 'zhou-guilan')
    expect(driver.counters()).toMatchObject({ staleReplies: 1, timeouts: { read: 1 } })
  })

  test('unplugged and plugged again: told at once, back by itself', async () => {
    const { device, driver } = await tcpReader({ ...FAST, read: 5000 })
    await device.command({ kind: 'lay', person: 'zhou-guilan' })
    const reading = read(driver)
    await reading.progress('reading')
    await device.command({ kind: 'unplug' })
    expect(await reading.result).toMatchObject({ ok: false, error: { kind: 'reader-gone' } })
    expect(driver.status().state).toBe('offline')
    await device.command({ kind: 'plug' })
    await becomes(driver, 'ready')
    expect(driver.counters().reopenings).toBe(1)
  })

  test('a broken security module is a fault, and mended it is well again', async () => {
    const { device, driver } = await tcpReader()
    await becomes(driver, 'ready')
    await device.command({ kind: 'sam-fault', status: '66' })
    const reading = read(driver)
    expect(await reading.result).toEqual({ ok: false, error: { kind: 'reader-fault', code: 'SW000066' } })
    await device.command({ kind: 'sam-fault', status: 'none' })
    await becomes(driver, 'ready')
  })

  test('a bank card is called a wrong card', async () => {
    const { device, driver } = await tcpReader()
    await device.command({ kind: 'lay', person: 'bank-card' })
    expect(await read(driver).result).toEqual({ ok: false, error: { kind: 'wrong-card', code: 'SW000040' } })
  })

  test('newer addresses in the chip come with the reading, and a chip without any is read as well', async () => {
    const { device, driver } = await tcpReader(FAST, true)
    await device.command({ kind: 'lay', person: 'zhou-guilan-moved' })
    expect(await read(driver).result).toMatchObject({ ok: true, value: { address: '示范市示范区旧城路5号', newAddresses: ['示范市示范区青年路26号', '示范市示范区长宁路8号3幢202室'] } })
    await device.command({ kind: 'lay', person: 'he-jianguo' })
    const second = await read(driver).result
    expectPerson(second, 'he-jianguo')
    expect(second.ok && 'newAddresses' in second.value).toBe(false)
    await device.command({ kind: 'lay', person: 'zhou-guilan-moved' })
    await device.command({ kind: 'fail', step: 'addresses', status: 0x41 })
    expectPerson(await read(driver).result, 'zhou-guilan-moved')
  })

  test.each([
    ['read', 0x33, 'card-refused'], ['select', 0x40, 'wrong-card'], ['read', 0x23, 'reader-fault'], ['find', 0x77, 'reader-fault'],
  ] as const)('a failure at %s (%s) ends as %s, and the next card is read', async (step, status, kind) => {
    const { device, driver } = await tcpReader()
    await device.command({ kind: 'fail', step, status })
    await device.command({ kind: 'lay', person: 'lin-xiaowen' })
    expect(await read(driver).result).toEqual({ ok: false, error: { kind, code: `SW0000${status.toString(16).toUpperCase()}` } })
    await device.command({ kind: 'lay', person: 'chen-zhiyuan' })
    expectPerson(await read(driver).result, 'chen-zhiyuan')
  })

  test('unplugged in the middle of a reply by the cable: told as gone, back by itself', async () => {
    const { device, driver } = await tcpReader()
    await becomes(driver, 'ready')
    await device.command({ kind: 'cable', unplugAfterBytes: 15 + 19 + 700, replugAfterMs: 200 })
    await device.command({ kind: 'lay', person: 'lin-xiaowen' })
    expect(await read(driver).result).toMatchObject({ ok: false, error: { kind: 'reader-gone' } })
    await becomes(driver, 'ready')
    await device.command({ kind: 'lay', person: 'lin-xiaowen' })
    expectPerson(await read(driver).result, 'lin-xiaowen')
  })

  test('an address where nothing listens is offline', async () => {
    const { device } = await tcpReader()
    const { address } = device.state()
    if (address.kind !== 'tcp') throw new Error('expected a TCP door')
    await device.stop()
    const { driver } = drive({ kind: 'tcp', host: address.host, port: address.port })
    await becomes(driver, 'offline')
    expect(driver.status().code).toBe('refused:ECONNREFUSED')
  })
})

describe.skipIf(!hasSocat)('over a serial line (needs socat)', { concurrent: true }, () => {
  interface Line {
    readonly folder: string
    readonly kiosk: string
    readonly reader: string
    readonly cable: SerialCable
  }

  async function line(folder = mkdtempSync(join(tmpdir(), 'card-reader-')), name = 'reader'): Promise<Line> {
    const kiosk = join(folder, 'kiosk')
    const reader = join(folder, name)
    const cable = await serialCable(kiosk, reader)
    cleanUps.push(async () => {
      await cable.pull()
      rmSync(folder, { recursive: true, force: true })
    })
    return { folder, kiosk, reader, cable }
  }

  async function serialReader(baud: 'probe' | 115200 = 115200, dialect: ReaderDialect = 'sam'): Promise<{ device: Reader; driver: IdCardReader } & Line> {
    const ends = await line()
    const device = createVirtualCardReader({ clock: patientClock, address: { kind: 'serial', path: ends.reader }, workMs: FAST, dialect })
    await device.start()
    cleanUps.push(() => device.stop())
    return { device, driver: drive({ kind: 'serial', path: ends.kiosk, baud, envelope: dialect === 'sam' ? 'none' : 'stx' }).driver, ...ends }
  }

  test('everyone is read right', async () => {
    const { device, driver } = await serialReader()
    await readsEveryone(device, driver)
    expect(driver.samNumber()).toBe('05.01-20160800-0001234567-0000000000')
  })

  test('a card pulled in mid-read: the citizen lays it again and is read', async () => {
    const { device, driver } = await serialReader('probe')
    await recoversFromPulledCard(device, driver)
  })

  test.each(['stx', 'stx-nibbles'] as const)('a reader of envelope E (%s): everyone is read right, and a card that stays is not read twice', async (dialect) => {
    const { device, driver } = await serialReader(115200, dialect)
    await readsEveryone(device, driver)
    await device.command({ kind: 'lay', person: 'he-jianguo' })
    expectPerson(await read(driver).result, 'he-jianguo')
    const second = read(driver)
    await second.progress('lift-card')
    await device.command({ kind: 'lift' })
    await second.progress('waiting')
    await device.command({ kind: 'lay', person: 'zhou-guilan' })
    await device.command({ kind: 'xor-error', frames: 1 })
    expectPerson(await second.result, 'zhou-guilan')
    expect(driver.counters().xorFailures).toBe(1)
  })

  test('the reader comes back under another path behind the same stable link: it is found again', async () => {
    const { device, driver, cable, folder } = await serialReader()
    await becomes(driver, 'ready')
    await Promise.all([cable.pull(), becomes(driver, 'offline')])
    const again = await line(folder, 'reader-2')
    await device.command({ kind: 'cable', path: again.reader })
    await becomes(driver, 'ready')
    await device.command({ kind: 'lay', person: 'lin-xiaowen' })
    expectPerson(await read(driver).result, 'lin-xiaowen')
  })

  test('a port that is held by another program, and one that is not there, are told apart', async () => {
    const { kiosk, reader } = await line()
    const { driver: first } = drive({ kind: 'serial', path: kiosk, baud: 115200, envelope: 'none' })
    const device = createVirtualCardReader({ clock: patientClock, address: { kind: 'serial', path: reader }, workMs: FAST })
    await device.start()
    cleanUps.push(() => device.stop())
    await becomes(first, 'ready')
    const { driver: second } = drive({ kind: 'serial', path: kiosk, baud: 115200, envelope: 'none' })
    await becomes(second, 'offline')
    expect(second.status().code).toMatch(/^in-use:/)
    const { driver: third } = drive({ kind: 'serial', path: `${kiosk}-not-there`, baud: 115200, envelope: 'none' })
    await becomes(third, 'offline')
    expect(third.status().code).toMatch(/^not-found:/)
    expect(first.status().state).toBe('ready')
  })

  test('the line dies while a card is awaited: told as gone, the driver lives', async () => {
    const { driver, cable } = await serialReader()
    await becomes(driver, 'ready')
    const reading = read(driver)
    await reading.progress('waiting')
    await cable.pull()
    expect(await reading.result).toMatchObject({ ok: false, error: { kind: 'reader-gone' } })
    expect(driver.status().state).toBe('offline')
  })
})
