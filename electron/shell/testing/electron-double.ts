import { EventEmitter } from 'node:events'
import { MessageChannel } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import type { BrowserWindowConstructorOptions } from 'electron'
import { CHANNELS, PAGE_ORIGIN } from '../channels.ts'
import type { ElectronApi } from '../electron-api.ts'

/** An event as Electron hands it to a listener, with the one thing that a listener may do to it. */
export interface DoubleEvent {
  prevented: boolean
  preventDefault(): void
}

export function doubleEvent<Fields extends object>(fields: Fields = {} as Fields): DoubleEvent & Fields {
  const event = {
    ...fields,
    prevented: false,
    preventDefault: () => {
      event.prevented = true
    },
  }
  return event
}

export class DoubleFrame {
  parent: DoubleFrame | null = null
  origin = PAGE_ORIGIN
  destroyed = false
  readonly posted: { readonly channel: string; readonly ports: readonly DoublePort[] }[] = []
  isDestroyed(): boolean {
    return this.destroyed
  }
  postMessage(channel: string, _message: unknown, ports: readonly DoublePort[] = []): void {
    this.posted.push({ channel, ports })
  }
}

/** Electron's port on top of Node's: the message comes wrapped in an event, and nothing flows before `start`. */
export class DoublePort extends EventEmitter {
  readonly node: MessagePort
  closed = false
  constructor(node: MessagePort) {
    super()
    this.node = node
  }
  start(): void {
    this.node.on('message', (data) => this.emit('message', { data: data as unknown }))
    this.node.on('close', () => this.emit('close'))
  }
  postMessage(data: unknown): void {
    this.node.postMessage(data)
  }
  close(): void {
    this.closed = true
    this.node.close()
  }
}

let lastContentsId = 0

export class DoubleContents extends EventEmitter {
  readonly id = ++lastContentsId
  readonly mainFrame = new DoubleFrame()
  readonly sent: string[] = []
  destroyed = false
  reloads = 0
  crashes = 0
  zoomLevel = 3
  zoomLimits: readonly [number, number] | undefined
  openHandler: (() => { readonly action: string }) | undefined
  /** A page answers pings, unless it hangs. */
  hangs = false
  onPing: () => void = () => undefined
  isDestroyed(): boolean {
    return this.destroyed
  }
  reload(): void {
    this.reloads += 1
  }
  send(channel: string): void {
    this.sent.push(channel)
    if (channel === CHANNELS.ping && !this.hangs) this.onPing()
  }
  /** The real one ends the process, which is then told as an event. */
  forcefullyCrashRenderer(): void {
    this.crashes += 1
    this.emit('render-process-gone', doubleEvent(), { reason: 'killed', exitCode: 9 })
  }
  setZoomLevel(level: number): void {
    this.zoomLevel = level
  }
  setVisualZoomLevelLimits(minimum: number, maximum: number): Promise<void> {
    this.zoomLimits = [minimum, maximum]
    return Promise.resolve()
  }
  setWindowOpenHandler(handler: () => { readonly action: string }): void {
    this.openHandler = handler
  }
}

export class DoubleWindow extends EventEmitter {
  readonly options: BrowserWindowConstructorOptions
  readonly webContents = new DoubleContents()
  readonly loaded: string[] = []
  destroyed = false
  minimized = false
  focused = 0
  menuRemoved = false
  constructor(options: BrowserWindowConstructorOptions) {
    super()
    this.options = options
  }
  loadURL(url: string): Promise<void> {
    this.loaded.push(url)
    return Promise.resolve()
  }
  destroy(): void {
    this.destroyed = true
    this.webContents.destroyed = true
    // As Electron does: the process of a destroyed window ends as well.
    this.webContents.emit('render-process-gone', doubleEvent(), { reason: 'killed', exitCode: 0 })
  }
  isDestroyed(): boolean {
    return this.destroyed
  }
  isMinimized(): boolean {
    return this.minimized
  }
  restore(): void {
    this.minimized = false
  }
  focus(): void {
    this.focused += 1
  }
  removeMenu(): void {
    this.menuRemoved = true
  }
}

type Handler = (...args: never[]) => unknown

export class DoubleSession extends EventEmitter {
  readonly handlers = new Map<string, Handler>()
  readonly protocolHandlers = new Map<string, (request: Request) => Promise<Response>>()
  beforeRequest: ((details: { url: string }, callback: (response: { cancel?: boolean }) => void) => void) | undefined
  spellChecker = true
  readonly protocol = { handle: (scheme: string, handler: (request: Request) => Promise<Response>) => void this.protocolHandlers.set(scheme, handler) }
  readonly webRequest = { onBeforeRequest: (listener: NonNullable<DoubleSession['beforeRequest']>) => void (this.beforeRequest = listener) }
  setPermissionRequestHandler(handler: Handler): void { this.handlers.set('permission-request', handler) }
  setPermissionCheckHandler(handler: Handler): void { this.handlers.set('permission-check', handler) }
  setDevicePermissionHandler(handler: Handler): void { this.handlers.set('device-permission', handler) }
  setUSBProtectedClassesHandler(handler: Handler): void { this.handlers.set('usb-classes', handler) }
  setBluetoothPairingHandler(handler: Handler): void { this.handlers.set('bluetooth', handler) }
  setDisplayMediaRequestHandler(handler: Handler): void { this.handlers.set('display-media', handler) }
  setSpellCheckerEnabled(enabled: boolean): void { this.spellChecker = enabled }
  /** Calls a handler as Chromium would; fails when the shell has not set it. */
  call(name: string, ...args: readonly unknown[]): unknown {
    const handler = this.handlers.get(name)
    if (handler === undefined) throw new Error(`no handler ${name}`)
    return handler(...(args as never[]))
  }
}

export class DoubleApp extends EventEmitter {
  isPackaged = false
  sandboxEnabled = false
  hasLock = true
  readonly switches = new Map<string, string | undefined>()
  readonly paths = new Map<string, string>()
  readonly exits: number[] = []
  relaunches = 0
  #becomeReady: () => void = () => undefined
  readonly #ready = new Promise<void>((resolve) => (this.#becomeReady = resolve))
  #end: () => void = () => undefined
  /** Resolves when the shell has ended the program. */
  readonly exited = new Promise<void>((resolve) => (this.#end = resolve))
  readonly commandLine = {
    hasSwitch: (name: string) => this.switches.has(name),
    appendSwitch: (name: string, value?: string) => void this.switches.set(name, value),
  }
  enableSandbox(): void { this.sandboxEnabled = true }
  exit(code: number): void {
    this.exits.push(code)
    this.#end()
  }
  quit(): void { this.emit('before-quit', doubleEvent()) }
  relaunch(): void { this.relaunches += 1 }
  requestSingleInstanceLock(): boolean { return this.hasLock }
  setPath(name: string, path: string): void { this.paths.set(name, path) }
  whenReady(): Promise<void> { return this.#ready }
  becomeReady(): void { this.#becomeReady() }
}

/** Every part of Electron that the shell uses, recording what is set and emitting what a test tells it to. */
export class ElectronDouble {
  readonly app = new DoubleApp()
  readonly ipcMain = new EventEmitter()
  readonly windows: DoubleWindow[] = []
  readonly sessions = new Map<string, DoubleSession>()
  readonly partitions: { readonly partition: string; readonly cache: boolean }[] = []
  readonly schemes: { scheme: string; privileges?: object }[] = []
  readonly crashReporterOptions: object[] = []
  readonly blockers: string[] = []
  readonly forks: { readonly path: string; readonly options: Readonly<Record<string, unknown>>; readonly child: DoubleUtility }[] = []
  menu: unknown = 'the default menu'
  clipboardCleared = 0
  selectionCleared = 0

  get window(): DoubleWindow {
    const last = this.windows.at(-1)
    if (last === undefined) throw new Error('no window')
    return last
  }

  api(): ElectronApi {
    const api = {
      app: this.app,
      ipcMain: this.ipcMain,
      protocol: { registerSchemesAsPrivileged: (schemes: { scheme: string }[]) => void this.schemes.push(...schemes) },
      session: {
        fromPartition: (partition: string, { cache }: { cache: boolean }) => {
          this.partitions.push({ partition, cache })
          const session = this.sessions.get(partition) ?? new DoubleSession()
          this.sessions.set(partition, session)
          this.app.emit('session-created', session)
          return session
        },
      },
      createWindow: (options: BrowserWindowConstructorOptions) => {
        const window = new DoubleWindow(options)
        this.windows.push(window)
        window.webContents.onPing = () => this.ipc(CHANNELS.pong, window)
        this.app.emit('web-contents-created', doubleEvent(), window.webContents)
        return window
      },
      createMessageChannel: () => {
        const { port1, port2 } = new MessageChannel()
        return { port1: new DoublePort(port1), port2: new DoublePort(port2) }
      },
      menu: { setApplicationMenu: (menu: unknown) => void (this.menu = menu) },
      crashReporter: { start: (options: object) => void this.crashReporterOptions.push(options) },
      clipboard: { clear: () => void (this.clipboardCleared += 1), selection: { clear: () => void (this.selectionCleared += 1) } },
      powerSaveBlocker: { start: (kind: string) => this.blockers.push(kind) },
      utilityProcess: {
        fork: (path: string, _args: string[], options: Readonly<Record<string, unknown>>) => {
          const child = new DoubleUtility()
          this.forks.push({ path, options, child })
          return child
        },
      },
    }
    // The double has what the shell calls, not the hundreds of overloads of Electron's types.
    return api as unknown as ElectronApi
  }

  /** A message of the preload, as it comes from a frame. */
  ipc(channel: string, window: DoubleWindow = this.window, frame: DoubleFrame | null = window.webContents.mainFrame): void {
    this.ipcMain.emit(channel, { sender: window.webContents, senderFrame: frame })
  }
}

export class DoubleUtility extends EventEmitter {
  pid: number | undefined = 4_194_303
  readonly posted: unknown[] = []
  killed = 0
  postMessage(message: unknown): void { this.posted.push(message) }
  kill(): boolean {
    this.killed += 1
    return true
  }
}
