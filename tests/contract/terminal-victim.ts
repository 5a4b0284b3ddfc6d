/**
 * A whole terminal in a small world, as a process: says what it sees, one word a line, and must end by itself once everything
 * is stopped. `refused`: its print ledger is no database.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { systemClock } from '../../drivers/device-host/system-clock.ts'
import { forkHost } from '../../drivers/device-host/spawn-fork.ts'
import { forkDocumentWorker } from '../../electron/document-worker/fork.ts'
import { openDataFolder } from '../../electron/services/data-folder.ts'
import { openLog } from '../../electron/services/log.ts'
import { startTerminal } from '../../electron/services/terminal.ts'
import type { Terminal } from '../../electron/services/terminal.ts'
import { SANDBOX_ENROLMENT_CODE, startWorld } from '../../sandbox/world.ts'
import { loadDemonstrationPack } from '../../tools/demo-pack.ts'
import type { Snapshot } from '../../core/kiosk-api/snapshot.ts'

const [folder = '', what = ''] = process.argv.slice(2)
const ROOT = pathToFileURL(join(import.meta.dirname, '..', '..', '/'))
const say = (words: string): void => void process.stdout.write(`${words}\n`)

const world = await startWorld({ folder: join(folder, 'world'), terminalFolder: join(folder, 'terminal'), clock: systemClock, pack: await loadDemonstrationPack(ROOT) })
const data = openDataFolder(world.config.dataFolder)
if (!data.ok) throw new Error(data.error.sentence.en)
if (what === 'refused') writeFileSync(join(data.value.database, 'printing.db'), 'this is no database at all, and long enough to be looked at as one\n'.repeat(99))
if (what === 'no-assets') say('without its assets')
const log = openLog({ folder: data.value.log, clock: systemClock })
const hosts: number[] = []
const spawn = forkHost(join(import.meta.dirname, '..', '..', 'drivers', 'device-host', 'main.ts'))
const started = await startTerminal({
  config: world.config, folder: data.value, log, clock: systemClock, software: '0.0.0', enrolmentCode: SANDBOX_ENROLMENT_CODE,
  assets: what === 'no-assets' ? pathToFileURL(join(folder, 'nowhere', '/')) : new URL('assets/', ROOT),
  spawnDeviceHost: () => {
    const child = spawn()
    if (child.pid !== undefined) hosts.push(child.pid)
    return child
  },
  startDocumentWorker: () => forkDocumentWorker(),
  restartKiosk: () => undefined,
})
if (started.ok) await serve(started.value)
else say(`refused: ${started.error.en}`)
log.close()
data.value.release()
await world.stop()
say('stopped')

async function serve(terminal: Terminal): Promise<void> {
  const { session } = terminal
  const until = (fits: (snapshot: Snapshot) => boolean): Promise<void> => new Promise((resolve) => {
    const stopListening = session.onSnapshot((snapshot) => {
      if (!fits(snapshot)) return
      stopListening()
      resolve()
    })
    if (fits(session.snapshot())) {
      stopListening()
      resolve()
    }
  })
  const readyAll = ({ terminal: { devices } }: Snapshot): boolean => devices.length === world.config.devices.length && devices.every(({ status }) => status.state === 'ready')
  await until((snapshot) => readyAll(snapshot) && snapshot.screen.kind === 'idle')
  say('ready')
  session.command({ type: 'start' })
  session.command({ type: 'choose-matter', matter: 'M05' })
  process.kill(hosts.at(-1) ?? 0, 'SIGKILL')
  await until(({ terminal: { devices } }) => devices.every(({ status }) => status.state === 'offline'))
  say(`devices gone, still ${session.snapshot().screen.kind}`)
  const { screen } = session.snapshot()
  if (screen.kind === 'guide') say(`M05 is ${screen.availability.state}`)
  await until(readyAll)
  say(`devices back, still ${session.snapshot().screen.kind}`)
  // In mid-session, so that the wipe and the stopping of everything meet.
  await terminal.stop()
  say(session.inSession() ? 'session left open' : 'session ended')
}
