import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Clock } from '../../core/clock/clock.ts'
import { delay } from '../../core/clock/clock.ts'
import type { KioskConfig } from '../../core/config/kiosk-config.ts'
import type { LocalText } from '../../core/text/local-text.ts'
import { describeRefusal, loadConfig } from '../services/config.ts'
import type { DataFolder } from '../services/data-folder.ts'
import { openDataFolder } from '../services/data-folder.ts'
import { utilityHost } from '../services/device-host-supervisor.ts'
import type { KioskLog } from '../services/log.ts'
import { openLog } from '../services/log.ts'
import type { Terminal, TerminalDependencies } from '../services/terminal.ts'
import { startTerminal } from '../services/terminal.ts'
import { CHANNELS, PAGE_SCHEME, PAGE_URL } from './channels.ts'
import { pruneCrashDumps } from './crash-dumps.ts'
import { DOCUMENT_WORKER_NAME, utilityDocumentWorker } from './document-worker.ts'
import type { ElectronApi, ShellWindow } from './electron-api.ts'
import { graphicsOffUntil, turnGraphicsOff } from './graphics.ts'
import { createPortHandover } from './handover.ts'
import { forbiddenSwitch, lockApp, lockSession } from './lockdown.ts'
import { createPageHandler, PAGE_SCHEMES } from './protocol.ts'
import { createPulse, LOADING_LIMIT_MS } from './pulse.ts'
import { createRecovery } from './recovery.ts'
import { forbiddenSwitchSentence, SENTENCES } from './sentences.ts'
import { onTrustedMessage } from './trusted-ipc.ts'
import type { Watchdog } from './watchdog.ts'
import { createWatchdog, systemdNotify, watchdogLimitMs } from './watchdog.ts'
import { windowKind, windowOptions } from './window.ts'

/** How the program ends; a supervisor starts it again in each case but the first. */
export const EXIT = { asked: 0, configuration: 2, refused: 3, bug: 70, restart: 75 } as const

/** Chromium's code for a load that another one has taken the place of. */
const LOAD_ABORTED = -3
/** The services end within this time or are left behind: what counts is on the disk already. */
const STOP_LIMIT_MS = 10_000
/** In memory only (no `persist:`): neither cookies nor cache nor history of the page ever reach the disk. */
const PARTITION = 'kiosk'

export interface ShellPlaces {
  /** Folder of the built page. */
  readonly page: string
  readonly preload: string
  readonly deviceHost: string
  readonly documentWorker: string
  readonly databaseWorker: URL
  readonly pinWorker: URL
  readonly assets: URL
}

export interface ShellOptions {
  readonly electron: ElectronApi
  readonly clock: Clock
  /** Command line after the program. */
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly userId: number | undefined
  readonly places: ShellPlaces
  readonly software: string
  /** A line for the person who started the program. */
  readonly say: (line: string) => void
  readonly start?: (dependencies: TerminalDependencies) => ReturnType<typeof startTerminal>
  readonly notify?: (state: string) => Promise<void>
}

export interface Shell {
  /** Opens the window and starts the terminal, once Electron is ready. Resolves when it serves or has refused. */
  run(): Promise<void>
  /** A bug came to the surface: one line in the log, and the end. `code` names the error, never quotes it. */
  crashed(code: string): void
}

/**
 * Everything that must be done before Electron is ready: configuration, data folder, single instance, scheme, lockdown.
 * @returns undefined when the start was refused; the person has been told and the program is ending.
 */
export async function prepareShell(options: ShellOptions): Promise<Shell | undefined> {
  const { electron, clock, environment } = options
  const { app } = electron
  const production = app.isPackaged
  const refuse = (code: number, sentence: LocalText): undefined => {
    options.say(`${sentence['zh-CN']}\n${sentence.en}`)
    app.exit(code)
    return undefined
  }

  // Chromium and Playwright add switches of their own, which are not ours to judge.
  const { values } = parseArgs({ args: [...options.args], options: { config: { type: 'string' } }, strict: false })
  const loaded = await loadConfig(typeof values.config === 'string' ? values.config : undefined, environment, options.places.assets)
  if (!loaded.ok) return refuse(EXIT.configuration, describeRefusal(loaded.error))
  const { config, source } = loaded.value
  if (production && source === 'built-in') return refuse(EXIT.configuration, SENTENCES.builtInConfiguration)

  const shellFolder = join(config.dataFolder, 'shell')
  const usePaths = (): void => {
    // Whatever Chromium keeps for itself stays in the one folder, under its permissions.
    app.setPath('userData', shellFolder)
    app.setPath('sessionData', shellFolder)
    app.setPath('crashDumps', join(shellFolder, 'crashes'))
  }
  const opened = openDataFolder(config.dataFolder)
  if (!opened.ok) {
    if (opened.error.kind === 'already-running') {
      // Fails, and thereby tells the one that runs to come to the front.
      usePaths()
      app.requestSingleInstanceLock()
    }
    return refuse(EXIT.refused, opened.error.sentence)
  }
  const folder = opened.value
  const kioskLog = openLog({ folder: folder.log, clock })
  const { log } = kioskLog
  const giveUp = (code: string, sentence: LocalText): undefined => {
    log('app.runtime-refused', { code })
    kioskLog.close()
    folder.release()
    return refuse(EXIT.refused, sentence)
  }
  log('app.starting', { version: options.software, terminal: config.terminal.id, electron: true })
  log('config.loaded', { source, devices: config.devices.length })
  log('data-folder.opened', { tightened: folder.tightened, staleLock: folder.staleLock })

  const forbidden = production ? forbiddenSwitch(app.commandLine) : undefined
  if (forbidden !== undefined) return giveUp(forbidden, forbiddenSwitchSentence(forbidden))
  if (app.commandLine.hasSwitch('no-sandbox')) {
    if (options.userId !== 0) return giveUp('no-sandbox', SENTENCES.sandboxOff)
    log('app.browser-sandbox-off', { code: 'root' })
  }

  mkdirSync(shellFolder, { recursive: true, mode: 0o700 })
  usePaths()
  if (!app.requestSingleInstanceLock()) {
    kioskLog.close()
    folder.release()
    app.exit(EXIT.asked)
    return undefined
  }
  // Kept on this machine only; the newest few.
  electron.crashReporter.start({ uploadToServer: false })
  pruneCrashDumps(join(shellFolder, 'crashes'))
  const graphicsOff = graphicsOffUntil(shellFolder, clock.now())
  if (graphicsOff !== undefined) {
    app.commandLine.appendSwitch('disable-gpu')
    log('shell.graphics-off', { untilMs: graphicsOff })
  }
  electron.protocol.registerSchemesAsPrivileged(PAGE_SCHEMES)
  lockApp(electron, log)
  return createShell(options, { config, production, folder, kioskLog, shellFolder })
}

interface Prepared {
  readonly config: KioskConfig
  readonly production: boolean
  readonly folder: DataFolder
  readonly kioskLog: KioskLog
  readonly shellFolder: string
}

function createShell(options: ShellOptions, { config, production, folder, kioskLog, shellFolder }: Prepared): Shell {
  const { electron, clock, places } = options
  const { app } = electron
  const { log } = kioskLog
  const supervised = config.shell?.supervised ?? production
  let window: ShellWindow | undefined
  let starting: ReturnType<typeof startTerminal> | undefined
  let terminal: Terminal | undefined
  let watchdog: Watchdog | undefined
  let stopping: Promise<void> | undefined
  /** Set while the page's process is being ended by us: its end is no failure of its own. */
  let endedByUs = false

  const contents = (): ShellWindow['webContents'] | undefined => (window === undefined || window.isDestroyed() ? undefined : window.webContents)
  const handover = createPortHandover(electron, contents, log)
  const recovery = createRecovery(clock, log, {
    reload: () => contents()?.reload(),
    renewWindow: () => {
      const old = window
      openWindow()
      old?.destroy()
    },
    restart: () => void stop(EXIT.restart),
    restartWithoutGraphics: () => {
      turnGraphicsOff(shellFolder, clock.now())
      void stop(EXIT.restart)
    },
  })
  const pulse = createPulse(clock, contents, () => {
    log('screen.unresponsive', { code: 'no-answer' })
    handover.drop()
    endedByUs = true
    // A page that hangs does not hear "reload" either: its process has to go first.
    contents()?.forcefullyCrashRenderer()
    recovery.screenFailed()
  })
  onTrustedMessage(electron.ipcMain, CHANNELS.pong, contents, log, () => pulse.answered())

  app.on('second-instance', () => {
    if (window?.isMinimized() === true) window.restore()
    window?.focus()
  })
  // Without a listener Electron ends the program when a window is replaced by the next.
  app.on('window-all-closed', () => undefined)
  app.on('before-quit', (event) => {
    event.preventDefault()
    void stop(EXIT.asked)
  })
  app.on('child-process-gone', (_event, details) => {
    // Device host and document worker have their own supervisors, which say more, and end on purpose.
    if ([details.name, details.serviceName].some((name) => name === 'Kiosk device host' || name === DOCUMENT_WORKER_NAME)) return
    if (details.reason === 'clean-exit') return
    log('shell.process-gone', { kind: details.type.toLowerCase().replaceAll(' ', '-'), code: details.reason, exitCode: details.exitCode })
    if (details.type === 'GPU') recovery.graphicsFailed()
  })

  let windowPlan: Parameters<typeof electron.createWindow>[0] | undefined

  function openWindow(): void {
    if (windowPlan === undefined) return
    const opened = electron.createWindow(windowPlan)
    window = opened
    endedByUs = false
    opened.removeMenu()
    // Alt+F4 of a window manager, a click on a taskbar: only the program itself ends its window.
    opened.on('close', (event) => {
      if (stopping !== undefined) return
      event.preventDefault()
      log('shell.denied', { what: 'close' })
    })
    const page = opened.webContents
    const isCurrent = (): boolean => window === opened && stopping === undefined
    const failed = (code: string): void => {
      log('screen.gone', { code })
      handover.drop()
      recovery.screenFailed()
    }
    page.on('render-process-gone', (_event, { reason, exitCode }) => {
      if (!isCurrent()) return
      log('shell.process-gone', { kind: 'renderer', code: reason, exitCode })
      if (endedByUs) endedByUs = false
      else failed(reason)
    })
    page.on('did-fail-load', (_event, code, _description, _url, isMainFrame) => {
      if (isCurrent() && isMainFrame && code !== LOAD_ABORTED) failed(`load${code}`)
    })
    page.on('preload-error', () => {
      if (isCurrent()) failed('preload')
    })
    // Chromium notices by itself only when somebody touches the page; the pulse decides.
    page.on('unresponsive', () => log('screen.unresponsive', { code: 'input' }))
    page.on('did-start-loading', () => {
      if (isCurrent()) pulse.loading()
    })
    pulse.loading()
    // A failure comes as an event as well.
    void opened.loadURL(PAGE_URL).catch(() => undefined)
  }

  function stop(code: number): Promise<void> {
    stopping ??= (async () => {
      recovery.stop()
      pulse.stop()
      watchdog?.stop()
      const limit = new AbortController()
      await Promise.race([
        starting?.then(() => terminal?.stop()).catch(() => undefined),
        delay(clock, STOP_LIMIT_MS, limit.signal).catch(() => undefined),
      ])
      limit.abort()
      handover.drop()
      window?.destroy()
      kioskLog.close()
      folder.release()
      // Nobody else starts it again on a desk; a supervisor that watches this process would start a second one.
      if (code === EXIT.restart && !supervised) app.relaunch()
      app.exit(code)
    })()
    return stopping
  }

  async function refuse(code: string, sentence: LocalText): Promise<void> {
    options.say(`${sentence['zh-CN']}\n${sentence.en}`)
    log('app.runtime-refused', { code })
    await stop(EXIT.refused)
  }

  /** What a citizen may have put on the clipboard goes with the session. */
  function clearClipboardAfterSessions({ session }: Terminal): void {
    let inSession = session.inSession()
    session.onSnapshot(() => {
      const now = session.inSession()
      if (inSession && !now) {
        electron.clipboard.clear()
        // Only Linux has a second clipboard, of what is merely selected.
        const selection: { clear(): void } | undefined = electron.clipboard.selection
        selection?.clear()
      }
      inSession = now
    })
  }

  return {
    run: async () => {
      await app.whenReady()
      const session = electron.session.fromPartition(PARTITION, { cache: false })
      lockSession(session, log)
      const handler = await createPageHandler(places.page).catch(() => undefined)
      if (handler === undefined) return refuse('page-missing', SENTENCES.pageMissing)
      session.protocol.handle(PAGE_SCHEME, handler)
      electron.powerSaveBlocker.start('prevent-display-sleep')
      windowPlan = windowOptions({ kind: windowKind(config, production), screen: config.screen, production, preload: places.preload, session })
      // The page says "one moment" until it gets its port.
      openWindow()
      if (stopping !== undefined) return
      starting = (options.start ?? startTerminal)({
        config, folder, log: kioskLog, clock,
        spawnDeviceHost: utilityHost(electron.utilityProcess, places.deviceHost),
        startDocumentWorker: utilityDocumentWorker(electron.utilityProcess, places.documentWorker),
        databaseWorker: places.databaseWorker, pinWorker: places.pinWorker, restartKiosk: () => void stop(EXIT.restart), assets: places.assets, software: options.software,
        enrolmentCode: options.environment.KIOSK_ENROLMENT_CODE,
      })
      const started = await starting
      if (!started.ok) return refuse('terminal', started.error)
      terminal = started.value
      if (stopping !== undefined) return
      // No secret store of the system is used: keys are files of this user alone. Disk encryption is the system's part.
      log('shell.key-store', { kind: 'file-0600' })
      clearClipboardAfterSessions(terminal)
      handover.serve(terminal.router)
      const limitMs = watchdogLimitMs(options.environment)
      if (limitMs === undefined) return
      const { outbox } = terminal
      watchdog = createWatchdog({
        clock, log, limitMs, notify: options.notify ?? systemdNotify,
        // Longer than the ladder's own first step, so that a page that is being loaded again is not taken for a dead one.
        alive: async () => pulse.silentMs() < LOADING_LIMIT_MS && (await outbox.status()) !== undefined,
      })
      watchdog.ready()
    },
    crashed: (code) => {
      log('app.crashed', { code })
      kioskLog.close()
      app.exit(EXIT.bug)
    },
  }
}
