/** Entry of Electron's main process: the real Electron, the places of the build, and nothing else. */
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { app, BrowserWindow, clipboard, crashReporter, ipcMain, Menu, MessageChannelMain, powerSaveBlocker, protocol, session, utilityProcess } from 'electron'
import { systemClock } from '../../drivers/device-host/system-clock.ts'
import { SOFTWARE } from '../services/software.ts'
import { prepareShell } from './app.ts'
import type { ShellWindow } from './electron-api.ts'

const built = (name: string): URL => new URL(name, import.meta.url)

// Awaited before Electron becomes ready: schemes, paths and the sandbox can only be set until then.
const shell = await prepareShell({
  electron: {
    app, protocol, session, ipcMain, menu: Menu, crashReporter, clipboard, powerSaveBlocker, utilityProcess,
    createWindow: (options): ShellWindow => new BrowserWindow(options),
    createMessageChannel: () => new MessageChannelMain(),
  },
  clock: systemClock,
  args: process.argv.slice(app.isPackaged ? 1 : 2),
  environment: process.env,
  userId: process.getuid?.(),
  places: {
    page: fileURLToPath(built('../page')),
    preload: fileURLToPath(built('./preload.cjs')),
    deviceHost: fileURLToPath(built('./device-host.js')),
    documentWorker: fileURLToPath(built('./document-worker.js')),
    databaseWorker: built('./database-worker.js'),
    pinWorker: built('./pin-worker.js'),
    assets: app.isPackaged ? pathToFileURL(join(process.resourcesPath, 'assets/')) : built('../../assets/'),
  },
  software: SOFTWARE,
  say: (line) => void process.stderr.write(`${line}\n`),
})

if (shell !== undefined) {
  const nameOf = (error: unknown): string => (error instanceof Error ? ('code' in error ? String(error.code) : error.name) : 'unknown')
  // Without these Electron shows a dialog box, on a screen that a citizen looks at.
  process.on('uncaughtException', (error) => shell.crashed(nameOf(error)))
  process.on('unhandledRejection', (error) => shell.crashed(nameOf(error)))
  // Not awaited: Electron becomes ready only when this module has been evaluated.
  void shell.run()
}
