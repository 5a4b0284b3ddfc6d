/**
 * The page host as a process of its own: `node electron/page-host/main.ts [--config kiosk.config.json]`. With a parent it
 * tells its address over IPC and ends with it; started by hand it prints the address.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { systemClock } from '../../drivers/device-host/system-clock.ts'
import { describeRefusal, loadConfig } from '../services/config.ts'
import { SOFTWARE } from '../services/software.ts'
import type { FromPageHost, ToPageHost } from './messages.ts'
import { RESTART_EXIT_CODE } from './messages.ts'
import { startPageHost } from './page-host.ts'

const { values } = parseArgs({ options: { config: { type: 'string' } } })
const root = new URL('../../', import.meta.url)
// The production build puts the children beside this file; from the sources each is where its room is.
const beside = (name: string): URL => new URL(name, import.meta.url)
const built = import.meta.url.endsWith('.js') && {
  deviceHostEntry: fileURLToPath(beside('./device-host.js')),
  documentWorkerEntry: fileURLToPath(beside('./document-worker.js')),
  databaseWorker: beside('./database-worker.js'),
  pinWorker: beside('./pin-worker.js'),
}

function tell(message: FromPageHost): void {
  if (process.send !== undefined) process.send(message)
  else if (message.type === 'address') process.stdout.write(`${message.url}\n`)
  else if (message.type === 'refused') process.stderr.write(`${message.sentence}\n`)
}

const loaded = await loadConfig(values.config, process.env, new URL('assets/', root))
if (!loaded.ok) {
  const sentence = describeRefusal(loaded.error)
  tell({ type: 'refused', sentence: `${sentence['zh-CN']}\n${sentence.en}` })
  process.exit(2)
}
let stopping: Promise<void> | undefined
const host = await startPageHost({
  config: loaded.value.config,
  clock: systemClock,
  pageFolder: fileURLToPath(new URL('dist/page', root)),
  assets: new URL('assets/', root),
  ...built,
  software: SOFTWARE,
  enrolmentCode: process.env['KIOSK_ENROLMENT_CODE'],
  restart: () => stop(RESTART_EXIT_CODE),
  onLogLine: (line) => tell({ type: 'log', line }),
})
if (!host.ok) {
  tell({ type: 'refused', sentence: `${host.error['zh-CN']}\n${host.error.en}` })
  process.exit(3)
}
tell({ type: 'address', url: host.value.page.openUrl() })

function stop(code = 0): void {
  stopping ??= host.ok ? host.value.stop() : Promise.resolve()
  void stopping.finally(() => process.exit(code))
}
process.on('message', (message: ToPageHost) => {
  if (message.type === 'new-address') tell({ type: 'address', url: host.value.page.openUrl() })
})
process.on('disconnect', () => stop())
process.on('SIGTERM', () => stop())
// With a parent, Ctrl-C reaches both; the parent ends us in order.
process.on('SIGINT', () => {
  if (process.send === undefined) stop()
})
