/**
 * The device host process. It alone loads native bindings; it may crash, and the kiosk process starts it again. It talks
 * only through its channel, keeps nothing on disk, and ends by itself when the channel closes.
 */
import { DRIVERS } from './drivers.ts'
import { codeOf, HOST_EXIT, startHost } from './host.ts'
import { openParentPort } from './parent-port.ts'
import { systemClock } from './system-clock.ts'

/** The last words must not keep a broken process alive. */
const LAST_WORDS_LIMIT_MS = 200

const port = openParentPort()
if (port === undefined) {
  process.stderr.write('The device host is started by the kiosk process, not by hand.\n')
  process.exit(HOST_EXIT.badConfiguration)
}

function die(error: unknown): void {
  const exit = (): never => process.exit(HOST_EXIT.bug)
  setTimeout(exit, LAST_WORDS_LIMIT_MS)
  port?.post({ type: 'dying', code: codeOf(error) }, exit)
}
process.on('uncaughtException', die)
process.on('unhandledRejection', die)

const host = startHost({
  clock: systemClock,
  factories: DRIVERS,
  post: (message) => port.post(message),
  exit: (code) => process.exit(code),
})
port.onMessage((raw) => host.receive(raw))
port.onClose(() => void host.stop(HOST_EXIT.parentSilent))
// Ctrl-C in a terminal reaches every process of the group; the kiosk process ends us in order.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => void host.stop(HOST_EXIT.stopped))
