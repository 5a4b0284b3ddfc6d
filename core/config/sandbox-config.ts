import { text } from '../text/local-text.ts'
import type { KioskConfig } from './kiosk-config.ts'
import { kioskConfigSchema } from './kiosk-config.ts'

/** The doors of the sandbox world, all on the loopback address. */
export interface SandboxPorts {
  readonly reader: number
  readonly printer: number
  readonly pagePrinter: number
  readonly codeScanner: number
  readonly scanner: number
  readonly backend: number
  readonly repository: number
}

/** Where the sandbox listens when nobody says otherwise. */
export const DEFAULT_SANDBOX_PORTS: SandboxPorts = { reader: 47101, printer: 47102, pagePrinter: 47104, codeScanner: 47105, scanner: 47103, backend: 47110, repository: 47111 }

export interface SandboxPlaces {
  readonly ports?: Partial<SandboxPorts>
  /** Absolute, or relative to the folder that the process was started in. */
  readonly dataFolder: string
  /** The root of trust that the sandbox's signing station wrote for this terminal. */
  readonly rootFile: string
}

/**
 * The built-in default: a demonstration terminal in a hall that does not exist (region 990101), with a 27 inch portrait
 * screen, whose devices, backend and repository are the sandbox. The same schema judges it as any other configuration.
 */
export function sandboxConfig(places: SandboxPlaces): KioskConfig {
  const ports = { ...DEFAULT_SANDBOX_PORTS, ...places.ports }
  const host = '127.0.0.1'
  return kioskConfigSchema.parse({
    terminal: {
      id: 'DEMO-990101-0001',
      name: text('演示终端 1 号', 'Demonstration terminal 1'),
      hall: text('示范市示范区政务服务中心', 'Shifan District Government Service Hall'),
      address: text('示范市示范区示范路 1 号一楼大厅', 'Ground floor, 1 Shifan Road, Shifan District, Shifan City'),
      region: '990101',
      demonstration: true,
    },
    dataFolder: places.dataFolder,
    screen: { widthPx: 1080, heightPx: 1920, widthMm: 336, heightMm: 597 },
    contact: { phone: '12345', note: text('遇到困难请拨打 12345，或找身边的工作人员。', 'If you need help call 12345, or ask a member of staff.') },
    devices: [
      { id: 'card-reader', class: 'id-card', name: text('身份证读卡器', 'ID card reader'), address: { kind: 'tcp', host, port: ports.reader } },
      { id: 'receipt-printer', class: 'receipt-printer', name: text('回执打印机', 'Receipt printer'), address: { kind: 'tcp', host, port: ports.printer }, profile: 'escpos-80' },
      { id: 'page-printer', class: 'page-printer', name: text('A4 打印机', 'A4 printer'), address: { kind: 'ipp', url: `ipp://${host}:${ports.pagePrinter}/ipp/print` } },
      { id: 'code-scanner', class: 'code-scanner', name: text('扫码器', 'Code scanner'), address: { kind: 'tcp', host, port: ports.codeScanner, terminator: 'cr' } },
      { id: 'scanner', class: 'document-scanner', name: text('扫描仪', 'Scanner'), address: { kind: 'escl', url: `http://${host}:${ports.scanner}/eSCL` } },
    ],
    backend: { url: `http://${host}:${ports.backend}` },
    // A demonstration also runs on slow and busy computers.
    reading: { pageLimitSeconds: 60 },
    repository: { url: `http://${host}:${ports.repository}`, rootFile: places.rootFile, refreshSeconds: 10 },
  })
}
