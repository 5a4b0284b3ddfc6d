/**
 * A whole terminal in a small world, as a process: something happens to a device, and the time is taken until the snapshot
 * says so. One line of JSON for each event.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Snapshot } from '../../core/kiosk-api/snapshot.ts'
import type { MatterPack } from '../../core/matter-pack/schema.ts'
import { forkHost } from '../../drivers/device-host/spawn-fork.ts'
import { systemClock } from '../../drivers/device-host/system-clock.ts'
import { forkDocumentWorker } from '../../electron/document-worker/fork.ts'
import { openDataFolder } from '../../electron/services/data-folder.ts'
import { openLog } from '../../electron/services/log.ts'
import { startTerminal } from '../../electron/services/terminal.ts'
import { SANDBOX_ENROLMENT_CODE, startWorld } from '../../sandbox/world.ts'
import { loadDemonstrationPack } from '../../tools/demo-pack.ts'
import { watchOwnTime, withheldFrom } from '../own-time.ts'

const [folder = ''] = process.argv.slice(2)
const ROOT = pathToFileURL(join(import.meta.dirname, '..', '..', '/'))
const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

/** M01 is nothing but paper in this hall; M05 can give an electronic receipt. */
const PAPER_ONLY = 'M01'
const APPLICATION = 'M05'

const demonstration = await loadDemonstrationPack(ROOT)
const pack: MatterPack = {
  ...demonstration,
  matters: demonstration.matters.map((matter) => (matter.id === PAPER_ONLY ? { ...matter, devices: { required: ['id-card', 'receipt-printer'], useful: [] } } : matter)),
}
const world = await startWorld({ folder: join(folder, 'world'), terminalFolder: join(folder, 'terminal'), clock: systemClock, pack })
const data = openDataFolder(world.config.dataFolder)
if (!data.ok) throw new Error(data.error.sentence.en)
const log = openLog({ folder: data.value.log, clock: systemClock })
const hosts: number[] = []
const fork = forkHost(join(import.meta.dirname, '..', '..', 'drivers', 'device-host', 'main.ts'))
const started = await startTerminal({
  config: world.config, folder: data.value, log, clock: systemClock, software: '0.0.0', enrolmentCode: SANDBOX_ENROLMENT_CODE, assets: new URL('assets/', ROOT),
  spawnDeviceHost: () => {
    const child = fork()
    if (child.pid !== undefined) hosts.push(child.pid)
    return child
  },
  startDocumentWorker: () => forkDocumentWorker(),
  restartKiosk: () => undefined,
})
if (!started.ok) throw new Error(started.error.en)
const { session } = started.value

function until(fits: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
  return new Promise((resolve) => {
    const look = (snapshot: Snapshot): boolean => {
      if (!fits(snapshot)) return false
      stopListening()
      resolve(snapshot)
      return true
    }
    const stopListening = session.onSnapshot(look)
    look(session.snapshot())
  })
}

const works = ({ screen }: Snapshot, ability: 'identify' | 'print' | 'scan'): boolean | undefined => (screen.kind === 'idle' ? screen.abilities.find(({ id }) => id === ability)?.works : undefined)
const stateOf = ({ terminal: { devices } }: Snapshot, kind: string): string | undefined => devices.find((device) => device.kind === kind)?.status.state
const allWork = (snapshot: Snapshot): boolean => works(snapshot, 'identify') === true && works(snapshot, 'print') === true && works(snapshot, 'scan') === true && snapshot.terminal.devices.every(({ status }) => status.state === 'ready')

await until((snapshot) => allWork(snapshot) && snapshot.screen.kind === 'idle' && snapshot.screen.matters.length > 0)

/** The time from now on, less what a busy machine withholds meanwhile from this process or, if that is more, from the one that watches the devices. */
function stopwatch(): () => number {
  const watched = watchOwnTime()
  const startMs = performance.now()
  const host = hosts.at(-1)
  const withheldBefore = withheldFrom(host)
  return () => Math.round(performance.now() - startMs - Math.max(watched().withheldMs, withheldFrom(host) - withheldBefore))
}

/** Does something to a device and takes the time until the screen says so; then mends it, and takes that time too. */
async function happens(name: string, harm: () => Promise<void>, seen: (snapshot: Snapshot) => boolean, mend: () => Promise<void>): Promise<void> {
  const harmed = stopwatch()
  await harm()
  const snapshot = await until(seen)
  const harmMs = harmed()
  const { screen } = snapshot
  const matters = screen.kind === 'idle' ? Object.fromEntries([PAPER_ONLY, APPLICATION].map((id) => {
    const availability = screen.matters.find((matter) => matter.id === id)?.availability
    return [id, { state: availability?.state, reasons: availability !== undefined && 'reasons' in availability ? availability.reasons.map((reason) => reason['zh-CN']) : [] }]
  })) : {}
  const mended = stopwatch()
  await mend()
  await until(allWork)
  say({ name, harmMs, mendMs: mended(), matters })
}

await happens('paper ends', () => world.printer.command({ kind: 'paper-out' }), (snapshot) => works(snapshot, 'print') === false, () => world.printer.command({ kind: 'load-paper', lengthMm: 50_000 }))
await happens('paper nearly ends', () => world.printer.command({ kind: 'near-end', on: true }), (snapshot) => stateOf(snapshot, 'receipt-printer') === 'paper-low', () => world.printer.command({ kind: 'near-end', on: false }))
await happens('cover opened', () => world.printer.command({ kind: 'open-cover' }), (snapshot) => works(snapshot, 'print') === false, () => world.printer.command({ kind: 'close-cover' }))
await happens('printer unplugged', () => world.printer.command({ kind: 'unplug' }), (snapshot) => works(snapshot, 'print') === false, () => world.printer.command({ kind: 'plug' }))
await happens('reader unplugged', () => world.reader.command({ kind: 'unplug' }), (snapshot) => works(snapshot, 'identify') === false, () => world.reader.command({ kind: 'plug' }))
await happens('scanner unplugged', () => world.scanner.command({ kind: 'break', fault: 'unplugged' }), (snapshot) => works(snapshot, 'scan') === false, () => world.scanner.command({ kind: 'mend', fault: 'unplugged' }))
await happens('A4 paper ends', () => world.pagePrinter.command({ kind: 'load', sheets: 0 }), (snapshot) => stateOf(snapshot, 'page-printer') === 'no-paper', () => world.pagePrinter.command({ kind: 'load', sheets: 100 }))
await happens('code scanner unplugged', () => world.codeScanner.command({ kind: 'cable', plugged: false }), (snapshot) => stateOf(snapshot, 'code-scanner') === 'offline', () => world.codeScanner.command({ kind: 'cable', plugged: true }))
await happens('device host killed', () => Promise.resolve(void process.kill(hosts.at(-1) ?? 0, 'SIGKILL')), (snapshot) => works(snapshot, 'identify') === false, () => Promise.resolve())

await started.value.stop()
log.close()
data.value.release()
await world.stop()
