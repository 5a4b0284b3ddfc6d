import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { parseCitizenId } from '../../../core/identity/citizen-id.ts'
import { hasSocat, serialCable } from '../../../tests/serial-cable.ts'
import { CARDLESS_CHILD, PEOPLE, PERSON_KEYS } from '../people.ts'
import { cardMemory } from './card-memory.ts'
import { SecurityModule } from './security-module.ts'
import { createVirtualCardReader } from './virtual-card-reader.ts'
import { replyBytes, RequestStream } from './wire.ts'

const FIND = 0x2001
const SELECT = 0x2002
const READ = 0x3001

describe('the people', () => {
  test('all numbers pass the check, and all cards fit their fields', () => {
    for (const key of PERSON_KEYS) {
      const { kind, number } = PEOPLE[key].card
      if (kind === 'foreigner-2017') expect(number).toMatch(/^[A-Z]{3}\d{12}$/)
      else expect(parseCitizenId(number).ok).toBe(true)
      expect(cardMemory(PEOPLE[key].card)).toHaveLength(4 + 256 + 1024)
    }
    expect(parseCitizenId(CARDLESS_CHILD.number).ok).toBe(true)
  })
})

describe('the security module', () => {
  const card = { key: 'x', memory: Buffer.from('memory') }

  test('wants find, select and read in this order', () => {
    const module = new SecurityModule()
    expect([FIND, SELECT, READ].map((command) => module.answer(command).status)).toEqual([0x80, 0x81, 0x41])
    module.lay(card)
    expect([SELECT, READ, FIND, READ, SELECT, READ].map((command) => module.answer(command).status)).toEqual([0x21, 0x21, 0x9f, 0x21, 0x90, 0x90])
  })

  test('does not find a card again that it has read, until it has left the field', () => {
    const module = new SecurityModule()
    module.lay(card)
    expect([FIND, SELECT, READ, FIND, SELECT, FIND].map((command) => module.answer(command).status)).toEqual([0x9f, 0x90, 0x90, 0x80, 0x90, 0x80])
    module.lift()
    expect(module.answer(SELECT).status).toBe(0x81)
    module.lay(card)
    expect(module.answer(FIND).status).toBe(0x9f)
  })

  test('says nothing else while it is broken', () => {
    const module = new SecurityModule()
    module.brokenStatus = 0x60
    expect([0x11ff, FIND].map((command) => module.answer(command).status)).toEqual([0x60, 0x60])
  })
})

describe('the wire', () => {
  test('requests are found in any pieces, damaged ones are told', () => {
    const stream = new RequestStream()
    const find = Buffer.from('AAAAAA96690003200122', 'hex')
    expect([...Buffer.concat([Buffer.of(0xaa), find])].flatMap((byte) => stream.take(Buffer.of(byte)))).toEqual([{ kind: 'request', command: FIND, data: Buffer.alloc(0) }])
    expect(stream.take(Buffer.from('AAAAAA96690003200123', 'hex'))).toEqual([{ kind: 'bad-check' }])
  })

  test('replies are those of the makers\' sheets', () => {
    expect(replyBytes(0x9f, Buffer.alloc(4)).toString('hex').toUpperCase()).toBe('AAAAAA9669000800009F0000000097')
    expect(replyBytes(0x80).toString('hex').toUpperCase()).toBe('AAAAAA9669000400008084')
  })
})

describe('the device', () => {
  const device = createVirtualCardReader({ address: { kind: 'tcp', host: '127.0.0.1', port: 0 }, workMs: { other: 0 } })
  afterEach(() => device.stop())

  test('answers at its port, drops who is connected when unplugged, and comes back at the same port', async () => {
    await device.start()
    const { address } = device.state()
    if (address.kind !== 'tcp') throw new Error('expected TCP')
    const socket = connect(address.port, address.host)
    const answer = new Promise<Buffer>((resolve) => socket.once('data', resolve))
    socket.write(Buffer.from('AAAAAA9669000311FFED', 'hex'))
    expect((await answer).toString('hex').toUpperCase()).toBe('AAAAAA9669000400009094')
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    await device.command({ kind: 'unplug' })
    await closed
    expect(device.state()).toMatchObject({ plugged: false, connected: false })
    const refused = await new Promise<string | undefined>((resolve) => connect(address.port, address.host).once('error', (error: NodeJS.ErrnoException) => resolve(error.code)))
    expect(refused).toBe('ECONNREFUSED')
    await device.command({ kind: 'plug' })
    expect(device.state()).toMatchObject({ plugged: true, address })
  })

  test('tells each change, and its state is plain JSON', async () => {
    await device.start()
    let changes = 0
    const stop = device.onChange(() => (changes += 1))
    await device.command({ kind: 'lay', person: 'zhou-guilan' })
    expect(changes).toBe(1)
    stop()
    await device.command({ kind: 'lift' })
    expect(changes).toBe(1)
    expect(JSON.parse(JSON.stringify(device.state()))).toEqual(device.state())
  })

  test('refuses commands that it does not have', () => {
    expect(device.commandSchema.safeParse({ kind: 'lay', person: 'nobody' }).success).toBe(false)
    expect(device.commandSchema.safeParse({ kind: 'lift', extra: 1 }).success).toBe(false)
    expect(device.commandSchema.safeParse({ kind: 'pull-mid-read', afterBytes: null }).success).toBe(true)
  })
})

test.skipIf(!hasSocat || !existsSync('/proc/self/fd'))('on a serial line, plugged in again and again, it holds nothing more than the first time (needs socat)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'card-reader-'))
  const cable = await serialCable(join(folder, 'kiosk'), join(folder, 'reader'))
  const device = createVirtualCardReader({ address: { kind: 'serial', path: join(folder, 'reader') } })
  const held: number[] = []
  for (let time = 1; time <= 3; time++) {
    await device.start()
    held.push(readdirSync('/proc/self/fd').length)
    await device.stop()
  }
  await cable.pull()
  rmSync(folder, { recursive: true })
  expect(held).toEqual([held[0], held[0], held[0]])
})
