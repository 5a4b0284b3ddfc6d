import type { DeviceConfig } from '../config/kiosk-config.ts'
import type { DeviceReport } from './status.ts'
import { isUsable } from './status.ts'

/** Where a page can come from: a scanner's glass, its feeder with several sheets, or a document camera. */
export type ScanSource = 'platen' | 'feeder' | 'camera'

/** The sources that work now, in the order in which they are offered. */
export function scanSources(devices: readonly DeviceConfig[], reports: readonly DeviceReport[]): readonly ScanSource[] {
  const sources = devices.flatMap((device): readonly ScanSource[] => {
    const report = reports.find((candidate) => candidate.id === device.id)
    if (report === undefined || !isUsable(report.status.state) || device.serves?.includes('scan-pages') === false) return []
    if (device.class === 'document-scanner') return device.feeder ? ['platen', 'feeder'] : ['platen']
    return device.class === 'document-camera' ? ['camera'] : []
  })
  return (['platen', 'feeder', 'camera'] as const).filter((source) => sources.includes(source))
}
