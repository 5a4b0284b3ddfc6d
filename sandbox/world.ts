import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../core/clock/clock.ts'
import type { KioskConfig } from '../core/config/kiosk-config.ts'
import { sandboxConfig } from '../core/config/sandbox-config.ts'
import type { MatterPack } from '../core/matter-pack/schema.ts'
import { compareVersions } from '../core/matter-pack/version.ts'
import { createBackend } from './backend/backend.ts'
import type { Backend } from './backend/backend.ts'
import { startBenchServer } from './bench/bench-server.ts'
import type { BenchServer, BenchThing } from './bench/bench-server.ts'
import { createVirtualCardReader } from './devices/card-reader/virtual-card-reader.ts'
import { createVirtualCodeScanner } from './devices/code-scanner/virtual-code-scanner.ts'
import { quietPort } from './devices/quiet-port.ts'
import { VirtualPagePrinter } from './devices/page-printer/virtual-page-printer.ts'
import type { PrinterModel } from './devices/receipt-printer/models.ts'
import { VirtualReceiptPrinter } from './devices/receipt-printer/printer.ts'
import { loadDemonstrationPages } from './devices/scanner/pages.ts'
import { goldenPapers, layOnGlass } from './papers/lay-on-glass.ts'
import { VirtualScanner } from './devices/scanner/virtual-scanner.ts'
import { createRepository } from './repository/repository.ts'
import type { SigningRepository } from './repository/repository.ts'
import { createRepositoryServer } from './repository/server.ts'
import type { RepositoryServer } from './repository/server.ts'

/** The enrolment code with which a demonstration terminal registers; worth nothing anywhere else. */
export const SANDBOX_ENROLMENT_CODE = 'DEMO-ENROL-990101'

/** The file in `assets/printers` that describes what a model speaks. */
const PROFILES: Readonly<Record<PrinterModel, string>> = { standard: 'escpos-80', vkp80: 'custom-vkp80', reliance: 'pyramid-reliance', 'ppu-700': 'citizen-ppu-700', ur056: 'snbc-bt-ur056' }

const RENEW_EVERY_MS = 12 * 60 * 60_000

export interface WorldOptions {
  /** Everything that the world keeps: cases, repository, keys. */
  readonly folder: string
  /** Data folder of the terminal that will live in this world. */
  readonly terminalFolder: string
  readonly clock: Clock
  /** Published unless the repository offers a newer one already. */
  readonly pack: MatterPack
  /** 0 or left out: a free port. */
  readonly benchPort?: number
  readonly benchPage?: string
  /** The receipt printer that stands there; the terminal is configured with the profile of that model. */
  readonly printerModel?: PrinterModel
  /** How long the virtual reader works on a card; tests shorten it. */
  readonly cardWorkMs?: number
  readonly printSpeedMmPerSecond?: number
  readonly pageMs?: number
}

/** The world around one terminal, in miniature: devices that speak true bytes, the city's backend, the signed repository. */
export interface World {
  readonly config: KioskConfig
  readonly reader: ReturnType<typeof createVirtualCardReader>
  readonly printer: VirtualReceiptPrinter
  readonly pagePrinter: VirtualPagePrinter
  readonly codeScanner: ReturnType<typeof createVirtualCodeScanner>
  readonly scanner: VirtualScanner
  readonly backend: Backend
  readonly repository: SigningRepository
  readonly repositoryServer: RepositoryServer
  readonly bench: BenchServer
  /** Tells the bench how to get an address of the kiosk's page. */
  kioskAt(open: () => Promise<string>): void
  stop(): Promise<void>
}

export async function startWorld(options: WorldOptions): Promise<World> {
  const { folder, clock } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const repositoryFolder = join(folder, 'repository')
  const repository = await createRepository({ folder: repositoryFolder, clock })
  // A newer pack that was published here stays: only an older one gives way to the pack that this world begins with.
  const offered = await repository.channel(options.pack.region)
  const published = offered !== undefined && compareVersions(offered.version, options.pack.version) > 0 ? undefined : await repository.publish(options.pack)
  if (published?.ok === false && published.error.code !== 'already-published') {
    throw new Error(`事项包 ${options.pack.version} 的内容改了，但版本号没有改：请在 pack.json 里给它更高的版本号。 / The content of pack ${options.pack.version} has changed but its version has not: give it a higher version in pack.json.`)
  }
  const address = async () => ({ kind: 'tcp', host: '127.0.0.1', port: await quietPort() }) as const
  const work = options.cardWorkMs
  const reader = createVirtualCardReader({ address: await address(), ...(work !== undefined && { workMs: { find: 5, select: 5, read: work, other: 2 } }) })
  const printer = new VirtualReceiptPrinter({ address: await address(), ...(options.printSpeedMmPerSecond !== undefined && { speedMmPerSecond: options.printSpeedMmPerSecond }) })
  const pagePrinter = new VirtualPagePrinter({ clock, port: await quietPort(), ...(options.pageMs !== undefined && { pageMs: options.pageMs }) })
  const codeScanner = createVirtualCodeScanner({ address: await address() })
  const pages = [...loadDemonstrationPages(), ...goldenPapers()]
  const scanner = new VirtualScanner({ port: await quietPort(), pages, take: layOnGlass })
  const backend = createBackend({ folder: join(folder, 'backend'), port: 0, clock, registerCode: SANDBOX_ENROLMENT_CODE })
  const repositoryServer = createRepositoryServer({ folder: repository.publicFolder, port: 0 })
  await Promise.all([reader.start(), printer.start(), pagePrinter.start(), codeScanner.start(), scanner.start(), backend.start(), repositoryServer.start()])

  const portOf = (url: string): number => Number(new URL(url).port)
  const bare = sandboxConfig({
    dataFolder: options.terminalFolder,
    rootFile: repository.rootFile,
    ports: { reader: portIn(reader), printer: portIn(printer), pagePrinter: portOf(pagePrinter.url), codeScanner: portIn(codeScanner), scanner: portOf(scanner.url), backend: portOf(backend.url), repository: portOf(repositoryServer.url) },
  })
  const model = options.printerModel ?? 'standard'
  if (model !== 'standard') await printer.command({ kind: 'model', model })
  const config: KioskConfig = { ...bare, devices: bare.devices.map((device) => (device.class === 'receipt-printer' ? { ...device, profile: PROFILES[model] } : device)) }
  let openKiosk: () => Promise<string | undefined> = () => Promise.resolve(undefined)
  const thing = (device: unknown): BenchThing => device as BenchThing
  async function stopDevices(): Promise<void> {
    await Promise.all([reader.stop(), printer.stop(), pagePrinter.stop(), codeScanner.stop(), scanner.stop(), backend.stop(), repositoryServer.stop()])
  }
  const benchPort = options.benchPort ?? 0
  const bench = await startBenchServer({
    port: benchPort,
    pageFolder: options.benchPage,
    things: { 'card-reader': thing(reader), 'receipt-printer': thing(printer), 'page-printer': thing(pagePrinter), 'code-scanner': thing(codeScanner), scanner: thing(scanner), backend: thing(backend.control), repository: thing(repositoryServer) },
    pictures: {
      // A receipt that was torn off long ago, or never printed, has no picture.
      receipts: (name) => printer.picture(name.replace(/\.png$/, '')).then((bytes) => ({ type: 'image/png', bytes }), () => undefined),
      documents: (name) => {
        const document = pagePrinter.documents().find(({ id }) => `${id}.pdf` === name)
        return Promise.resolve(document && { type: 'application/pdf', bytes: document.pdf })
      },
      pages: (name) => {
        const page = pages.find((candidate) => `${candidate.id}.jpg` === name || candidate.id === name)
        return Promise.resolve(page && { type: 'image/jpeg', bytes: page.jpeg })
      },
    },
    links: () => ({ backend: `${backend.url}/`, kiosk: '/kiosk' }),
    openKiosk: () => openKiosk(),
  }).catch(async (error: unknown) => {
    await stopDevices()
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') throw new Error(`设备台的端口 ${benchPort} 已被占用，请换一个。 / Port ${benchPort} for the bench is in use; give another one.`)
    throw error
  })
  // Signatures of the repository hold for days only; a demonstration may run for weeks.
  let renewing: Promise<void> = Promise.resolve()
  let renewal: unknown
  function renewLater(): void {
    renewal = clock.setTimeout(() => {
      // What cannot be renewed now is tried again next time; the kiosk keeps its last good pack meanwhile.
      renewing = repository.renew().catch(() => undefined)
      renewLater()
    }, RENEW_EVERY_MS)
  }
  renewLater()
  return {
    config, reader, printer, pagePrinter, codeScanner, scanner, backend, repository, repositoryServer, bench,
    kioskAt: (open) => {
      openKiosk = open
    },
    stop: async () => {
      clock.clearTimeout(renewal)
      await renewing
      await bench.stop()
      await stopDevices()
    },
  }
}

/** The port that a device of this world took when it started. */
function portIn(device: VirtualReceiptPrinter | { state(): { readonly address: { readonly kind: string; readonly port?: number } } }): number {
  const port = device instanceof VirtualReceiptPrinter ? device.port : device.state().address.port
  if (port === undefined) throw new Error('a device of the sandbox has no port')
  return port
}
