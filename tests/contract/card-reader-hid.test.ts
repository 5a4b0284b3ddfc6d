/**
 * node-hid itself, on a HID device that umockdev makes believe is there: our opener finds, opens, writes and reads it, and
 * a whole card comes out of the driver. The dialogue is fixed: any byte too many or too few in a request fails it.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'
import { cardMemory } from '../../sandbox/devices/card-reader/card-memory.ts'
import { replyBytes } from '../../sandbox/devices/card-reader/wire.ts'
import { PEOPLE } from '../../sandbox/devices/people.ts'

const hasUmockdev = spawnSync('umockdev-run', ['--version']).status === 0
const REPORT_BYTES = 64
/** Vendor page FF00, one input and one output report of 64 bytes, not numbered. */
const DESCRIPTOR = Buffer.from('0600FF0901A101150026FF00750895400901810295400901' + '9102C0', 'hex')
const MODULE_NUMBER = Buffer.from('0500010020A1330187D6120000000000', 'hex')

const cleanUps: (() => void)[] = []
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp()
})

/** umockdev's device description: the node, its HID parent, the interface, and the USB device. */
function description(): string {
  const usb = '/devices/pci0000:00/0000:00:14.0/usb1/1-2'
  const hid = `${usb}/1-2:1.0/0003:0483:5750.0001`
  return [
    [`P: ${hid}/hidraw/hidraw0`, 'N: hidraw0', 'E: DEVNAME=/dev/hidraw0', 'E: SUBSYSTEM=hidraw', 'A: dev=240:0\\n', 'L: device=../../../0003:0483:5750.0001'],
    [`P: ${hid}`, 'E: HID_ID=0003:00000483:00005750', 'E: HID_NAME=Card reader', 'E: HID_UNIQ=SN0001', 'E: SUBSYSTEM=hid', `H: report_descriptor=${DESCRIPTOR.toString('hex').toUpperCase()}`],
    [`P: ${usb}/1-2:1.0`, 'E: DEVTYPE=usb_interface', 'E: SUBSYSTEM=usb', 'A: bInterfaceNumber=00\\n'],
    [`P: ${usb}`, 'N: bus/usb/001/002', 'E: DEVTYPE=usb_device', 'E: SUBSYSTEM=usb', 'A: idVendor=0483\\n', 'A: idProduct=5750\\n', 'A: manufacturer=Example\\n', 'A: product=Card reader\\n', 'A: bcdDevice=0100\\n'],
  ].map((block) => `${block.join('\n')}\n`).join('\n')
}

function ioctls(): string {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(DESCRIPTOR.length)
  const hex = (bytes: Buffer): string => bytes.toString('hex').toUpperCase()
  return `@DEV /dev/hidraw0\nHIDIOCGRDESCSIZE 0 ${hex(length)}\nHIDIOCGRDESC 0 ${hex(length)}${hex(Buffer.concat([DESCRIPTOR], 4096))}\n`
}

/** umockdev writes control bytes as ^@ to ^_, and ^ itself as ^`. */
function scripted(bytes: Uint8Array): Buffer {
  return Buffer.from([...bytes].flatMap((byte) => (byte < 0x20 ? [0x5e, 0x40 + byte] : byte === 0x5e ? [0x5e, 0x60] : [byte])))
}

function dialogue(): Buffer {
  const lines: Buffer[] = [Buffer.from('d 0 /dev/hidraw0\n')]
  const line = (kind: string, bytes: Uint8Array): void => void lines.push(Buffer.from(`${kind} `), scripted(bytes), Buffer.from('\n'))
  const exchange = (command: string, said: Buffer): void => {
    // umockdev takes a space that begins a report for one of its own. A stray byte before the frame, as lines have them,
    // moves the spaces of the card's text to odd places.
    const reply = Buffer.concat([Buffer.of(0), said])
    // The report's number goes first, 00 where there is none, and the report is always full.
    line('w 0', Buffer.concat([Buffer.of(0), Buffer.from(`AAAAAA96690003${command}`, 'hex')], 1 + REPORT_BYTES))
    for (let start = 0; start < reply.length; start += REPORT_BYTES) {
      if (reply[start] === 0x20) throw new Error(`the report at ${start} begins with a space`)
      line('r 1', Buffer.concat([reply.subarray(start, start + REPORT_BYTES)], REPORT_BYTES))
    }
  }
  exchange('11FFED', replyBytes(0x90))
  exchange('12FFEE', replyBytes(0x90, MODULE_NUMBER))
  exchange('200122', replyBytes(0x9f, Buffer.alloc(4)))
  exchange('200221', replyBytes(0x90, Buffer.alloc(8)))
  exchange('300132', replyBytes(0x90, cardMemory(PEOPLE['lin-xiaowen'].card)))
  return Buffer.concat(lines)
}

test.skipIf(!hasUmockdev)('a card is read through node-hid (needs umockdev-run, of the Debian package umockdev)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'card-hid-'))
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'dev.umockdev'), description())
  writeFileSync(join(folder, 'dev.ioctl'), ioctls())
  writeFileSync(join(folder, 'dev.script'), dialogue())
  const child = spawn(
    'umockdev-run',
    ['-d', 'dev.umockdev', '-i', '/dev/hidraw0=dev.ioctl', '-s', '/dev/hidraw0=dev.script', '--', process.execPath, join(import.meta.dirname, 'card-reader-hid-child.ts')],
    { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'], detached: true },
  )
  cleanUps.push(() => {
    // The whole group: umockdev-run and the Node process under it.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
  })
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve)
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it said anything`)))
  })
  const { card } = PEOPLE['lin-xiaowen']
  expect(JSON.parse(line)).toMatchObject({
    ok: true, name: card.name, number: card.number, photoBytes: 1024, samNumber: '05.01-20160800-0001234567-0000000000',
    states: ['busy', 'ready'], counters: { timeouts: {}, xorFailures: 0, staleReplies: 0, reopenings: 0, reads: 1 },
  })
})
