import type { Clock } from '../../core/clock/clock.ts'
import type { DeviceConfig } from '../../core/config/kiosk-config.ts'
import type { DeviceReport, DeviceState } from '../../core/device/status.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { DeviceHost } from '../../drivers/device-host/contract.ts'

/** What the page says of the camera: it alone can see and open it. */
export interface CameraNews {
  readonly state: Extract<DeviceState, 'ready' | 'busy' | 'offline' | 'fault'>
  readonly code?: string
}

/** The document camera of this terminal as one of its devices, though no driver but the browser holds it. */
export interface CameraWatch {
  reports(): readonly DeviceReport[]
  onReport(listener: (report: DeviceReport) => void): () => void
  tell(news: CameraNews): void
  /** The page is gone, and with it the only one who could see the camera. */
  pageGone(): void
}

/** `starting` until a page has looked. A terminal has one camera; a second one in the configuration is never opened. */
export function createCameraWatch(devices: readonly DeviceConfig[], clock: Clock): CameraWatch {
  const listeners = new Set<(report: DeviceReport) => void>()
  const cameras = devices.filter((device) => device.class === 'document-camera')
  const reports = new Map<string, DeviceReport>(cameras.map(({ id }, index) => [id, {
    id: id as DeviceId, kind: 'document-camera',
    status: index === 0 ? { state: 'starting', since: clock.now() } : { state: 'offline', since: clock.now(), code: 'second-camera' },
  }]))

  function change(state: DeviceState, code: string | undefined): void {
    const before = reports.get(cameras[0]?.id ?? '')
    if (before === undefined || (before.status.state === state && before.status.code === code)) return
    const since = before.status.state === state ? before.status.since : clock.now()
    const report: DeviceReport = { ...before, status: { state, since, ...(code === undefined ? {} : { code }) } }
    reports.set(report.id, report)
    for (const listener of [...listeners]) listener(report)
  }

  return {
    reports: () => [...reports.values()],
    onReport: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tell: ({ state, code }) => change(state, code),
    pageGone: () => change('offline', 'page-gone'),
  }
}

/** The device host with the camera among its devices. */
export function withCamera(host: DeviceHost, camera: CameraWatch): DeviceHost {
  return {
    ...host,
    reports: () => [...host.reports(), ...camera.reports()],
    onReport: (listener) => {
      const stops = [host.onReport(listener), camera.onReport(listener)]
      return () => stops.forEach((stop) => stop())
    },
  }
}
