import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { StartProgram } from './program.ts'
import { createSaneLink, SANE_POLL_MS, USB_POLL_MS } from './sane-link.ts'

const NAME = (number: string): string => `genesys:libusb:001:${number}`
const never = new AbortController().signal
let folder: string
/** Number of the scanner on the bus, as SANE lists it; undefined: it is not plugged in. */
let plugged: string | undefined
let runs: string[]
const node = (number: string): string => join(folder, '001', number)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-usb-'))
  mkdirSync(join(folder, '001'))
  runs = []
})
afterEach(() => rmSync(folder, { recursive: true }))

/** `scanimage` for one scanner on the bus: lists it, and opens it under its present name only. */
const start: StartProgram = (_program, args) => {
  runs.push(args.join(' '))
  const isList = args[0] === '-f'
  const isThere = plugged !== undefined && (isList || args[1] === NAME(plugged))
  const output = !isThere ? '' : isList ? `${NAME(plugged ?? '')}\n` : '    --resolution 200..600dpi [200]\n'
  return {
    pid: 1, kill: () => undefined, onErrorOutput: () => undefined,
    onOutput: (listener) => queueMicrotask(() => listener(output)),
    // Code 1: it could not be opened.
    onEnd: (listener) => setImmediate(() => listener({ kind: 'exit', code: isThere || isList ? 0 : 1 })),
  }
}

function link(nodes = folder) {
  return createSaneLink({
    address: { kind: 'sane', device: NAME('004'), program: 'scanimage' }, dpi: 200, clock: new SimulatedClock(), log: () => undefined, start, openChecker: () => {
      throw new Error('nothing is scanned here')
    },
    pageFolder: join(folder, 'pages'), usbNodes: nodes,
  })
}
function plug(number: string | undefined): void {
  if (plugged !== undefined) rmSync(node(plugged), { force: true })
  plugged = number
  if (number !== undefined) writeFileSync(node(number), '')
}

it('watches the node of a USB scanner: no program runs, and the next look after the plug came out says so', async () => {
  plug('004')
  const one = link()
  expect(await one.look(never)).toEqual({ state: 'ready' })
  expect(one.pollMs()).toBe(USB_POLL_MS)
  const before = runs.length
  expect(await one.look(never)).toEqual({ state: 'ready' })
  expect(runs).toHaveLength(before)
  plug(undefined)
  expect(await one.look(never)).toEqual({ state: 'offline', code: 'unplugged' })
  expect(runs).toHaveLength(before)
  expect((await one.look(never)).state).toBe('offline')
})

it('finds it again under another number, and watches that node then', async () => {
  plug('004')
  const one = link()
  await one.look(never)
  plug('009')
  expect((await one.look(never)).state).toBe('offline')
  expect(await one.look(never)).toEqual({ state: 'ready' })
  expect(one.pollMs()).toBe(USB_POLL_MS)
  plug(undefined)
  expect((await one.look(never)).state).toBe('offline')
})

it('lists the scanners where the system has no such nodes', async () => {
  plug('004')
  const one = link(join(folder, 'nowhere'))
  expect(await one.look(never)).toEqual({ state: 'ready' })
  expect(one.pollMs()).toBe(SANE_POLL_MS)
  expect(await one.look(never)).toEqual({ state: 'ready' })
  expect(runs.at(-1)).toBe('-f %d%n')
})
