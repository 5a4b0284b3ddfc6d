/**
 * node-hid itself, on a scanner that umockdev makes believe is there, with two faces under one number: a keyboard, which is
 * listed first, and the scanner proper. A code in two reports comes out of the driver, and an answer to a command does not.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'
import { wholeReport } from '../../drivers/code-scanner/testing/reports.ts'

const hasUmockdev = spawnSync('umockdev-run', ['--version']).status === 0
const USB = '/devices/pci0000:00/0000:00:14.0/usb1/1-2'

interface Face {
  readonly node: string
  readonly path: string
  readonly descriptor: Buffer
}
const FACES: readonly Face[] = [
  // A keyboard: usage page 01, usage 06.
  { node: 'hidraw0', path: `${USB}/1-2:1.0/0003:0C2E:0B01.0001`, descriptor: Buffer.from('05010906A101050719E029E71500250175019508810295067508150025650507190029658100C0', 'hex') },
  // A bar code scanner: usage page 8C, usage 02; input report 02 with 63 bytes.
  { node: 'hidraw1', path: `${USB}/1-2:1.1/0003:0C2E:0B01.0002`, descriptor: Buffer.from('058C0902A10185021500' + '26FF007508953F09FE8102C0', 'hex') },
]

const cleanUps: (() => void)[] = []
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp()
})

function description(): string {
  const faces = FACES.flatMap(({ node, path, descriptor }, index) => [
    [`P: ${path}/hidraw/${node}`, `N: ${node}`, `E: DEVNAME=/dev/${node}`, 'E: SUBSYSTEM=hidraw', `A: dev=240:${index}\\n`, `L: device=../../../${path.split('/').at(-1)}`],
    [`P: ${path}`, 'E: HID_ID=0003:00000C2E:00000B01', 'E: HID_NAME=Code scanner', 'E: HID_UNIQ=', 'E: SUBSYSTEM=hid', `H: report_descriptor=${descriptor.toString('hex').toUpperCase()}`],
    [`P: ${USB}/1-2:1.${index}`, 'E: DEVTYPE=usb_interface', 'E: SUBSYSTEM=usb', `A: bInterfaceNumber=0${index}\\n`],
  ])
  const device = [`P: ${USB}`, 'N: bus/usb/001/002', 'E: DEVTYPE=usb_device', 'E: SUBSYSTEM=usb', 'A: idVendor=0c2e\\n', 'A: idProduct=0b01\\n', 'A: manufacturer=Example\\n', 'A: product=Code scanner\\n', 'A: bcdDevice=0100\\n']
  return [...faces, device].map((block) => `${block.join('\n')}\n`).join('\n')
}

function ioctls({ node, descriptor }: Face): string {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(descriptor.length)
  const hex = (bytes: Buffer): string => bytes.toString('hex').toUpperCase()
  return `@DEV /dev/${node}\nHIDIOCGRDESCSIZE 0 ${hex(length)}\nHIDIOCGRDESC 0 ${hex(length)}${hex(Buffer.concat([descriptor], 4096))}\n`
}

/** umockdev writes control bytes as ^@ to ^_, and ^ itself as ^`. */
function scripted(bytes: Uint8Array): Buffer {
  return Buffer.from([...bytes].flatMap((byte) => (byte < 0x20 ? [0x5e, 0x40 + byte] : byte === 0x5e ? [0x5e, 0x60] : [byte])))
}

const CODE = 'https://licence.demo.invalid/q?t=5F2C81D07B&r=990101&n=0123456789abcdef'

/** The program that reads must be up before the first, and have read each before the next comes, also on a busy machine. */
const FIRST_REPORT_MS = 8_000
const NEXT_REPORT_MS = 1_000

/** The scanner answers a command that somebody else sent, then says a code that takes two reports. */
function said(): Buffer {
  const code = new TextEncoder().encode(CODE)
  const reports = [
    wholeReport({ data: new TextEncoder().encode('REV 1.00'), aim: ']X0' }),
    wholeReport({ data: Uint8Array.of(6), aim: ']Z6' }),
    wholeReport({ data: code.subarray(0, 56), more: true }),
    wholeReport({ data: code.subarray(56) }),
  ]
  return Buffer.concat([Buffer.from('d 0 /dev/hidraw1\n'), ...reports.flatMap((report, index) => [Buffer.from(`r ${index === 0 ? FIRST_REPORT_MS : NEXT_REPORT_MS} `), scripted(report), Buffer.from('\n')])])
}

test.skipIf(!hasUmockdev)('a code is read through node-hid (needs umockdev-run, of the Debian package umockdev)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'code-hid-'))
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'dev.umockdev'), description())
  writeFileSync(join(folder, 'dev.script'), said())
  for (const face of FACES) writeFileSync(join(folder, `${face.node}.ioctl`), ioctls(face))
  const child = spawn(
    'umockdev-run',
    ['-d', 'dev.umockdev', ...FACES.flatMap(({ node }) => ['-i', `/dev/${node}=${node}.ioctl`]), '-s', '/dev/hidraw1=dev.script', '--', process.execPath, join(import.meta.dirname, 'code-scanner-hid-child.ts')],
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
  expect(JSON.parse(line)).toEqual({ ok: true, text: CODE, aim: ']Q1', counters: { delivered: 1, repeats: 0, unasked: 0, reopenings: 0, noises: 0, overlong: 0, halves: 0 } })
})
