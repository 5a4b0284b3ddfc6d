import { fileURLToPath } from 'node:url'
import { fork } from 'node:child_process'
import type { DeviceConfig } from '../../core/config/kiosk-config.ts'
import type { DeviceReport } from '../../core/device/status.ts'
import { isUsable } from '../../core/device/status.ts'
import { connectDeviceHost, START_LIMIT_MS } from '../../drivers/device-host/client.ts'
import type { DeviceHost } from '../../drivers/device-host/contract.ts'
import { forkHost } from '../../drivers/device-host/spawn-fork.ts'
import { systemClock } from '../../drivers/device-host/system-clock.ts'
import type { LookAround } from '../../drivers/transport/attached.ts'

const HOST = fileURLToPath(new URL('../../drivers/device-host/main.ts', import.meta.url))
const LOOK_AROUND = fileURLToPath(new URL('../../drivers/device-host/look-around.ts', import.meta.url))
const LOOK_LIMIT_MS = 40_000

/** A device host of our own, with real drivers, as the terminal has it. Everything native stays in its process. */
export function startHost(devices: readonly DeviceConfig[]): DeviceHost {
  return connectDeviceHost({ devices, spawn: forkHost(HOST), clock: systemClock, log: () => undefined })
}

/**
 * Waits until each device has said something of its own: that it works, or what a person must do (paper, cover, jam). A
 * device that is starting, silent or faulty has the whole time to come round.
 */
export function untilSettled(host: DeviceHost, limitMs: number): Promise<readonly DeviceReport[]> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(limit)
      stopListening()
      resolve(host.reports())
    }
    const settled = (): boolean => host.reports().every(({ status: { state } }) => isUsable(state) || !['starting', 'offline', 'fault'].includes(state))
    // The devices' time begins when their host is up: its first report says so. Starting it may take long on a busy machine.
    let limit = setTimeout(done, START_LIMIT_MS + limitMs)
    let up = false
    const stopListening = host.onReport(() => {
      if (settled()) return done()
      if (up) return
      up = true
      clearTimeout(limit)
      limit = setTimeout(done, limitMs)
    })
    if (settled()) done()
  })
}

/** What is attached, seen by a process of its own. Rejects when that process does not come back with an answer. */
export function lookAroundApart(): Promise<LookAround> {
  return new Promise((resolve, reject) => {
    const child = fork(LOOK_AROUND, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'], timeout: LOOK_LIMIT_MS, killSignal: 'SIGKILL' })
    child.once('message', (seen) => resolve(seen as LookAround))
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(new Error(`ended with ${signal ?? code}`)))
  })
}
