import type { Clock } from '../../core/clock/clock.ts'
import type { DeviceConfig } from '../../core/config/kiosk-config.ts'
import type { DeviceReport } from '../../core/device/status.ts'
import type { Log, LogEventId, LogFields } from '../../core/log/events.ts'
import { isLogEvent } from '../../core/log/events.ts'
import { connectDeviceHost } from '../../drivers/device-host/client.ts'
import type { DeviceHost } from '../../drivers/device-host/contract.ts'
import type { DeviceLog } from '../../drivers/device-host/device-service.ts'
import type { HostChild, SpawnHost } from '../../drivers/device-host/host-child.ts'
import { LogLimiter } from '../../drivers/device-host/log-limiter.ts'

export interface SuperviseDependencies {
  readonly devices: readonly DeviceConfig[]
  /** `forkHost(path)` in plain Node, `utilityHost(…)` in Electron. */
  readonly spawn: SpawnHost
  readonly clock: Clock
  readonly log: Log
}

/** Starts the device host of this terminal and keeps it alive; each change of a device stands in the log. */
export function superviseDeviceHost({ devices, spawn, clock, log }: SuperviseDependencies): DeviceHost {
  const host = connectDeviceHost({ devices, spawn, clock, log: driverLog(log) })
  const previous = new Map<string, string>()
  // A plug with a loose contact must not fill the disk over a weekend: each device has its own allowance of lines.
  const limiters = new Map<string, LogLimiter>()
  host.onReport((report) => {
    const now = `${report.status.state} ${report.status.code ?? ''}`
    if (previous.get(report.id) === now) return
    previous.set(report.id, now)
    const limiter = limiters.get(report.id) ?? new LogLimiter(clock, stateLog(log))
    limiters.set(report.id, limiter)
    limiter.log('device.state', stateFields(report))
  })
  return {
    ...host,
    stop: async () => {
      await host.stop()
      for (const limiter of limiters.values()) limiter.stop()
    },
  }
}

function stateFields(report: DeviceReport): Readonly<Record<string, string>> {
  return { device: report.id, class: report.kind, state: report.status.state, ...(report.status.code === undefined ? {} : { code: report.status.code }) }
}

/** `device.state` as it is; what the limiter says of lines it held back is a note like a driver's. */
function stateLog(log: Log): DeviceLog {
  const note = driverLog(log)
  return (event, fields) => (event === 'device.state' ? log('device.state', fields as LogFields<'device.state'>) : note(event, fields))
}

/**
 * Lets drivers write to the closed list: events of the host itself keep their own id, notes of a driver become `device.note`
 * with their fields in one line of codes, which the scrubber judges as a whole.
 */
export function driverLog(log: Log): DeviceLog {
  return (event, fields) => {
    if (isLogEvent(event) && event.startsWith('device-host.')) {
      // The scrubber drops what this event does not declare; the types end at the border of the process.
      log(event, fields as LogFields<LogEventId>)
      return
    }
    const detail = Object.entries(fields).map(([name, value]) => `${name}=${value}`).join(' ')
    log('device.note', { name: event, detail: detail.slice(0, NOTE_LENGTH) })
  }
}

/** The scrubber takes codes of up to 120 characters; a longer note is cut rather than withheld. */
const NOTE_LENGTH = 120

/** The part of Electron's `utilityProcess` that a host needs, so that services need not import Electron. */
export interface UtilityProcessApi {
  fork(modulePath: string, args: string[], options: { readonly serviceName: string; readonly stdio: 'ignore' }): {
    readonly pid: number | undefined
    postMessage(message: unknown): void
    on(event: 'message', listener: (message: unknown) => void): unknown
    once(event: 'exit', listener: (code: number) => void): unknown
    kill(): boolean
  }
}

/**
 * Starts the device host as an Electron utility process.
 * @param modulePath absolute path of the built `main.js` of the device host
 */
export function utilityHost(utilityProcess: UtilityProcessApi, modulePath: string, killHard: (pid: number) => void = (pid) => process.kill(pid, 'SIGKILL')): SpawnHost {
  return (): HostChild => {
    const child = utilityProcess.fork(modulePath, [], { serviceName: 'Kiosk device host', stdio: 'ignore' })
    let ended = false
    child.once('exit', () => {
      ended = true
    })
    return {
      // Known only after the process has started, so it is asked for each time.
      get pid() {
        return child.pid
      },
      post: (message) => {
        if (!ended) child.postMessage(message)
      },
      onMessage: (listener) => child.on('message', listener),
      onExit: (listener) => child.once('exit', (code) => listener({ code, signal: null })),
      kill: () => {
        if (ended) return
        const { pid } = child
        child.kill()
        // Electron's kill is a polite SIGTERM; a process that hangs in native code never hears it.
        try {
          if (pid !== undefined) killHard(pid)
        } catch {
          // It has ended between the two.
        }
      },
    }
  }
}
