import { fileURLToPath } from 'node:url'
import type { Clock } from '../../core/clock/clock.ts'
import type { KioskConfig } from '../../core/config/kiosk-config.ts'
import type { Result } from '../../core/result/result.ts'
import { err, ok } from '../../core/result/result.ts'
import type { LocalText } from '../../core/text/local-text.ts'
import { text } from '../../core/text/local-text.ts'
import { forkHost } from '../../drivers/device-host/spawn-fork.ts'
import { forkDocumentWorker } from '../document-worker/fork.ts'
import { openDataFolder } from '../services/data-folder.ts'
import { faultCode } from '../services/fault-code.ts'
import { openLog } from '../services/log.ts'
import type { KioskLog } from '../services/log.ts'
import { startTerminal } from '../services/terminal.ts'
import type { Terminal } from '../services/terminal.ts'
import { startPageServer } from './page-server.ts'
import type { PageServer } from './page-server.ts'

export interface PageHostOptions {
  readonly config: KioskConfig
  readonly clock: Clock
  /** Folder of the built page. */
  readonly pageFolder: string
  readonly assets: URL
  /** Entry of the device host process; the sources' own when left out. */
  readonly deviceHostEntry?: string
  readonly documentWorkerEntry?: string
  readonly databaseWorker?: URL
  readonly pinWorker?: URL
  readonly software: string
  readonly enrolmentCode: string | undefined
  /** Ends this process in order and has it started again. */
  readonly restart: () => void
  readonly onLogLine?: (line: string) => void
}

/** A terminal behind a local page, for machines without Electron, for demonstrations and for tests. */
export interface PageHost {
  readonly terminal: Terminal
  readonly page: PageServer
  readonly log: KioskLog
  stop(): Promise<void>
}

export async function startPageHost(options: PageHostOptions): Promise<Result<PageHost, LocalText>> {
  const { config, clock } = options
  const folder = openDataFolder(config.dataFolder)
  if (!folder.ok) return err(folder.error.sentence)
  const log = openLog({ folder: folder.value.log, clock, ...(options.onLogLine && { onLine: options.onLogLine }) })
  log.log('app.starting', { version: options.software, terminal: config.terminal.id, electron: false })
  const terminal = await startTerminal({
    config, folder: folder.value, log, clock,
    spawnDeviceHost: forkHost(options.deviceHostEntry ?? fileURLToPath(new URL('../../drivers/device-host/main.ts', import.meta.url))),
    startDocumentWorker: () => (options.documentWorkerEntry === undefined ? forkDocumentWorker() : forkDocumentWorker(options.documentWorkerEntry)),
    ...(options.databaseWorker && { databaseWorker: options.databaseWorker }),
    ...(options.pinWorker && { pinWorker: options.pinWorker }),
    restartKiosk: options.restart,
    assets: options.assets, software: options.software, enrolmentCode: options.enrolmentCode,
  })
  if (!terminal.ok) {
    log.close()
    folder.value.release()
    return terminal
  }
  const port = config.pageHost.port === 'auto' ? 0 : config.pageHost.port
  const page = await startPageServer({ folder: options.pageFolder, port, router: terminal.value.router }).catch((error: unknown) => faultCode(error))
  if (typeof page === 'string') {
    await terminal.value.stop()
    log.close()
    folder.value.release()
    return err(page === 'EADDRINUSE'
      ? text(`端口 ${port} 已被占用。请在 pageHost.port 里换一个，或写 "auto"。`, `Port ${port} is in use. Give another one in pageHost.port, or "auto".`)
      : text(`终端页无法在端口 ${port} 上提供（${page}）。`, `The page cannot be served on port ${port} (${page}).`))
  }
  log.log('page-host.listening', { port: Number(new URL(page.origin).port) })
  return ok({
    terminal: terminal.value,
    page,
    log,
    stop: async () => {
      await page.stop()
      await terminal.value.stop()
      log.close()
      folder.value.release()
    },
  })
}
