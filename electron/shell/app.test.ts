import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import { sandboxConfig } from '../../core/config/sandbox-config.ts'
import type { KioskConfig } from '../../core/config/kiosk-config.ts'
import { err, ok } from '../../core/result/result.ts'
import { text } from '../../core/text/local-text.ts'
import type { Terminal, TerminalDependencies } from '../services/terminal.ts'
import type { Shell } from './app.ts'
import { EXIT, prepareShell } from './app.ts'
import { UNRESPONSIVE_MS } from './pulse.ts'
import { MEMORY_MS, PAUSE_MS } from './recovery.ts'
import { doubleEvent, ElectronDouble } from './testing/electron-double.ts'

/** What the shell uses of a terminal, and what it was asked to do. */
class TerminalDouble {
  stops = 0
  inSession = false
  outboxAnswers = true
  readonly dependencies: TerminalDependencies[] = []
  readonly #listeners: (() => void)[] = []
  stopping: Promise<void> = Promise.resolve()
  terminal(): Terminal {
    return {
      router: {},
      session: { inSession: () => this.inSession, onSnapshot: (listener: () => void) => void this.#listeners.push(listener) },
      outbox: { status: () => (this.outboxAnswers ? Promise.resolve({ waiting: 0 }) : Promise.reject(new Error('gone'))) },
      stop: () => {
        this.stops += 1
        return this.stopping
      },
    } as unknown as Terminal
  }
  session(open: boolean): void {
    this.inSession = open
    for (const listener of this.#listeners) listener()
  }
}

let root: string
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'kiosk-shell-'))
  await mkdir(join(root, 'page'))
  writeFileSync(join(root, 'page', 'index.html'), '<!doctype html>')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

interface Setting {
  readonly shell?: KioskConfig['shell']
  readonly production?: boolean
  readonly switches?: readonly string[]
  readonly userId?: number
  readonly environment?: Readonly<Record<string, string>>
  readonly withoutConfigFile?: boolean
  readonly start?: (dependencies: TerminalDependencies) => ReturnType<NonNullable<Parameters<typeof prepareShell>[0]['start']>>
  readonly hasLock?: boolean
  readonly clock?: SimulatedClock
}

async function prepare(setting: Setting = {}) {
  const electron = new ElectronDouble()
  const clock = setting.clock ?? new SimulatedClock()
  const terminal = new TerminalDouble()
  const said: string[] = []
  const notified: string[] = []
  electron.app.isPackaged = setting.production ?? false
  electron.app.hasLock = setting.hasLock ?? true
  for (const name of setting.switches ?? []) electron.app.switches.set(name, undefined)
  const dataFolder = join(root, 'data')
  const file = join(root, 'kiosk.config.json')
  writeFileSync(file, JSON.stringify({ ...sandboxConfig({ dataFolder, rootFile: join(root, 'root.json') }), ...(setting.shell && { shell: setting.shell }) }))
  const shell = await prepareShell({
    electron: electron.api(),
    clock,
    args: setting.withoutConfigFile === true ? [] : ['--inspect=0', '--config', file],
    environment: { KIOSK_DATA_FOLDER: dataFolder, ...setting.environment },
    userId: setting.userId ?? 1000,
    places: { page: join(root, 'page'), preload: '/built/preload.cjs', deviceHost: '/built/device-host.js', documentWorker: '/built/document-worker.js', databaseWorker: pathToFileURL('/built/database-worker.js'), pinWorker: pathToFileURL('/built/pin-worker.js'), assets: pathToFileURL(`${root}/`) },
    software: 'one-window-kiosk/test',
    say: (line) => void said.push(line),
    start: setting.start ?? (async (dependencies) => {
      terminal.dependencies.push(dependencies)
      return ok(terminal.terminal())
    }),
    notify: async (state) => void notified.push(state),
  })
  const log = (): string[] => {
    const folder = join(dataFolder, 'log')
    return existsSync(folder) ? readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter((line) => line !== '')) : []
  }
  const events = (): string[] => log().map((line) => (JSON.parse(line) as { event: string }).event)
  return { electron, clock, terminal, said, notified, dataFolder, shell, log, events }
}

async function running(setting: Setting = {}) {
  const prepared = await prepare(setting)
  const { shell, electron } = prepared
  if (shell === undefined) throw new Error(`refused: ${prepared.said.join(' ')}`)
  electron.app.becomeReady()
  await shell.run()
  return { ...prepared, shell: shell satisfies Shell }
}

/** Lets the end of the program run through: it waits for promises, not for time. */
const settled = (clock: SimulatedClock): Promise<void> => clock.advance(0)

describe('the start', () => {
  it('keeps everything of Chromium in the data folder, and the page’s session in memory', async () => {
    const { electron, dataFolder } = await running()
    expect(Object.fromEntries(electron.app.paths)).toEqual({ userData: join(dataFolder, 'shell'), sessionData: join(dataFolder, 'shell'), crashDumps: join(dataFolder, 'shell', 'crashes') })
    expect(statSync(join(dataFolder, 'shell')).mode & 0o777).toBe(0o700)
    expect(electron.partitions).toEqual([{ partition: 'kiosk', cache: false }])
    expect(electron.crashReporterOptions).toEqual([{ uploadToServer: false }])
    expect(electron.schemes.map(({ scheme }) => scheme)).toEqual(['kiosk'])
    expect(electron.blockers).toEqual(['prevent-display-sleep'])
  })

  it('locks before it is ready, then opens one window on our own page', async () => {
    const prepared = await prepare()
    expect([prepared.electron.app.sandboxEnabled, prepared.electron.menu, prepared.electron.windows.length]).toEqual([true, null, 0])
    prepared.electron.app.becomeReady()
    await prepared.shell?.run()
    const { window } = prepared.electron
    expect([window.loaded, window.menuRemoved]).toEqual([['kiosk://app/'], true])
    expect(window.webContents.openHandler?.()).toEqual({ action: 'deny' })
    expect([...(prepared.electron.sessions.get('kiosk')?.protocolHandlers.keys() ?? [])]).toEqual(['kiosk'])
    const page = await prepared.electron.sessions.get('kiosk')?.protocolHandlers.get('kiosk')?.(new Request('http://x/'))
    expect(page?.status).toBe(404)
  })

  it('opens a window that has no Node, no way out and, in production, no developer tools', async () => {
    const desk = (await running()).electron.window.options
    expect(desk.webPreferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false, webviewTag: false, webSecurity: true, navigateOnDragDrop: false, spellcheck: false, devTools: true, preload: '/built/preload.cjs' })
    expect([desk.kiosk, desk.fullscreen, desk.frame]).toEqual([false, false, true])
  })

  it.each([
    [undefined, true, { kiosk: true, fullscreen: true, frame: false }],
    [{ window: 'fullscreen', supervised: true } as const, true, { kiosk: false, fullscreen: true, frame: false }],
    [{ window: 'window', supervised: true } as const, true, { kiosk: false, fullscreen: false, frame: true }],
    [{ window: 'kiosk', supervised: false } as const, false, { kiosk: true, fullscreen: true, frame: false }],
  ])('shows itself as the configuration says: %o, production %s', async (shell, production, expected) => {
    const { electron } = await running({ shell, production })
    expect(electron.window.options).toMatchObject(expected)
    expect(electron.window.options.webPreferences?.devTools).toBe(!production)
  })

  it('gives the services the built children as utility processes', async () => {
    const { electron, terminal } = await running()
    const [dependencies] = terminal.dependencies
    dependencies?.spawnDeviceHost()
    const worker = dependencies?.startDocumentWorker()
    expect(electron.forks.map(({ path, options }) => [path, options.stdio])).toEqual([['/built/device-host.js', 'ignore'], ['/built/document-worker.js', 'ignore']])
    expect(Object.keys(electron.forks[1]?.options.env as object)).not.toContain('HOME')
    const ended: string[] = []
    worker?.onExit((code) => ended.push(code))
    worker?.post({ kind: 'read' } as never)
    electron.forks[1]?.child.emit('exit', 75)
    worker?.post({ kind: 'read' } as never)
    await Promise.resolve()
    expect([ended, electron.forks[1]?.child.posted.length]).toEqual([['75'], 1])
  })

  it('says in the log that keys are files, and which switches and folders it runs with', async () => {
    const { log } = await running()
    expect(log().map((line) => JSON.parse(line) as object)).toEqual(expect.arrayContaining([expect.objectContaining({ event: 'app.starting', electron: true }), expect.objectContaining({ event: 'shell.key-store', kind: 'file-0600' })]))
  })
})

describe('a refused start', () => {
  const refusedWith = async (setting: Setting) => {
    const prepared = await prepare(setting)
    expect(prepared.shell).toBeUndefined()
    expect(prepared.electron.windows).toEqual([])
    return prepared
  }

  it('is told with both languages and a code: production without a configuration', async () => {
    const { electron, said } = await refusedWith({ production: true, withoutConfigFile: true })
    expect(electron.app.exits).toEqual([EXIT.configuration])
    expect(said.join('\n')).toMatch(/正式版本必须指定[\s\S]*production build needs/)
  })

  it.each(['no-sandbox', 'remote-debugging-port', 'disable-web-security'])('is what a production build answers to --%s, also to root', async (name) => {
    const { electron, events, dataFolder } = await refusedWith({ production: true, switches: [name], userId: 0 })
    expect(electron.app.exits).toEqual([EXIT.refused])
    expect(events()).toContain('app.runtime-refused')
    expect(existsSync(join(dataFolder, 'kiosk.lock'))).toBe(false)
  })

  it('is what a switched-off sandbox gets on a desk, except as root, and then the log says so', async () => {
    const { electron, said } = await refusedWith({ switches: ['no-sandbox'] })
    expect([electron.app.exits, said.join('')]).toEqual([[EXIT.refused], expect.stringContaining('--no-sandbox')])
    const asRoot = await prepare({ switches: ['no-sandbox'], userId: 0 })
    expect(asRoot.shell).toBeDefined()
    expect(asRoot.events()).toContain('app.browser-sandbox-off')
  })

  it('is what the second of two gets, and the first comes to the front', async () => {
    const first = await running()
    const second = await prepare()
    expect([second.shell, second.electron.app.exits]).toEqual([undefined, [EXIT.refused]])
    expect(second.said.join('')).toContain('already')
    first.electron.window.minimized = true
    first.electron.app.emit('second-instance', doubleEvent(), [], '/')
    expect([first.electron.window.minimized, first.electron.window.focused]).toEqual([false, 1])
  })

  it('is also what Electron’s own lock says, without a word and with the data folder free again', async () => {
    const { electron, dataFolder } = await refusedWith({ hasLock: false })
    expect(electron.app.exits).toEqual([EXIT.asked])
    expect(existsSync(join(dataFolder, 'kiosk.lock'))).toBe(false)
  })

  it('ends the program in order when the terminal must not serve', async () => {
    const { electron, said, dataFolder } = await running({ start: async () => err(text('打不开', 'cannot be opened')) })
    expect([electron.app.exits, said]).toEqual([[EXIT.refused], ['打不开\ncannot be opened']])
    expect(existsSync(join(dataFolder, 'kiosk.lock'))).toBe(false)
  })

  it('says that the page is missing', async () => {
    rmSync(join(root, 'page', 'index.html'))
    const { electron, said } = await running()
    expect([electron.app.exits, said.join('')]).toEqual([[EXIT.refused], expect.stringContaining('npm run build')])
  })
})

describe('recovery', () => {
  const crash = (electron: ElectronDouble): void => void electron.window.webContents.emit('render-process-gone', doubleEvent(), { reason: 'crashed', exitCode: 11 })

  it('loads the page again after a crash, and opens a new window after the second', async () => {
    const { electron, clock, events } = await running()
    const first = electron.window
    crash(electron)
    await clock.advance(PAUSE_MS)
    expect([first.webContents.reloads, electron.windows.length]).toEqual([1, 1])
    crash(electron)
    await clock.advance(PAUSE_MS)
    expect([electron.windows.length, first.destroyed, electron.window.destroyed, electron.window.loaded]).toEqual([2, true, false, ['kiosk://app/']])
    // The end of the old window's process is no third failure.
    await clock.advance(PAUSE_MS)
    expect(electron.windows).toHaveLength(2)
    expect(events().filter((event) => event === 'screen.restarted')).toHaveLength(2)
  })

  it('ends the process of a page that hangs and loads it again: one failure, not two', async () => {
    const { electron, clock, events } = await running()
    await clock.advance(5_000)
    electron.window.webContents.hangs = true
    await clock.advance(UNRESPONSIVE_MS)
    expect([electron.window.webContents.crashes, events().includes('screen.unresponsive')]).toEqual([1, true])
    await clock.advance(PAUSE_MS)
    expect([electron.window.webContents.reloads, electron.windows.length]).toEqual([1, 1])
  })

  it('counts a page that does not load and a preload that fails, not a load that was replaced', async () => {
    const { electron, clock } = await running()
    const { webContents } = electron.window
    webContents.emit('did-fail-load', doubleEvent(), -3, '', 'kiosk://app/', true)
    webContents.emit('did-fail-load', doubleEvent(), -6, '', 'kiosk://app/x', false)
    await clock.advance(PAUSE_MS)
    expect(webContents.reloads).toBe(0)
    webContents.emit('did-fail-load', doubleEvent(), -6, '', 'kiosk://app/', true)
    await clock.advance(PAUSE_MS)
    expect(webContents.reloads).toBe(1)
    webContents.emit('preload-error', doubleEvent(), '/built/preload.cjs', new Error('broken'))
    await clock.advance(PAUSE_MS)
    expect(electron.windows).toHaveLength(2)
  })

  it('restarts without graphics after two losses in ten minutes, and the next start draws in software for a day', async () => {
    const { electron, clock, dataFolder, terminal } = await running({ shell: { window: 'window', supervised: false } })
    const lose = (): void => void electron.app.emit('child-process-gone', doubleEvent(), { type: 'GPU', reason: 'crashed', exitCode: 5 })
    lose()
    await clock.advance(MEMORY_MS - 1)
    lose()
    await clock.advance(PAUSE_MS)
    expect([electron.app.exits, electron.app.relaunches, terminal.stops]).toEqual([[EXIT.restart], 1, 1])
    const next = await prepare({ clock })
    expect([next.electron.app.switches.has('disable-gpu'), next.events().includes('shell.graphics-off')]).toEqual([true, true])
    next.electron.app.quit()
    await clock.advance(24 * 3_600_000)
    const dayAfter = await prepare({ clock })
    expect([dayAfter.electron.app.switches.has('disable-gpu'), existsSync(join(dataFolder, 'shell', 'graphics-off.json'))]).toEqual([false, false])
  })

  it('does not count our own children, nor a graphics process that ended as it should', async () => {
    const { electron, clock, events } = await running()
    for (let i = 0; i < 3; i++) {
      electron.app.emit('child-process-gone', doubleEvent(), { type: 'Utility', reason: 'killed', exitCode: 9, name: 'Kiosk device host' })
      electron.app.emit('child-process-gone', doubleEvent(), { type: 'Utility', reason: 'killed', exitCode: 9, name: 'Kiosk document worker' })
      electron.app.emit('child-process-gone', doubleEvent(), { type: 'GPU', reason: 'clean-exit', exitCode: 0 })
    }
    await clock.advance(PAUSE_MS)
    expect([electron.app.exits, events().includes('shell.process-gone')]).toEqual([[], false])
  })

  it('leaves the restart to the supervisor where there is one', async () => {
    const { electron, clock } = await running({ production: true })
    for (let i = 0; i < 5; i++) {
      crash(electron)
      await clock.advance(PAUSE_MS)
    }
    expect([electron.app.exits, electron.app.relaunches]).toEqual([[EXIT.restart], 0])
  })

  it('writes one line about a bug and ends', async () => {
    const { electron, shell, events } = await running()
    shell.crashed('ERR_SOMETHING')
    expect([electron.app.exits, events().at(-1)]).toEqual([[EXIT.bug], 'app.crashed'])
  })
})

describe('the end', () => {
  it('stops the services first, then closes window, log and data folder, then the program', async () => {
    const { electron, clock, terminal, dataFolder } = await running()
    let finish: () => void = () => undefined
    terminal.stopping = new Promise((resolve) => (finish = resolve))
    electron.app.quit()
    electron.app.quit()
    await settled(clock)
    expect([terminal.stops, electron.window.destroyed, existsSync(join(dataFolder, 'kiosk.lock')), electron.app.exits]).toEqual([1, false, true, []])
    finish()
    await settled(clock)
    expect([electron.window.destroyed, existsSync(join(dataFolder, 'kiosk.lock')), electron.app.exits, clock.pending]).toEqual([true, false, [EXIT.asked], 0])
  })

  it('does not wait for ever for a service that hangs', async () => {
    const { electron, clock, terminal } = await running()
    terminal.stopping = new Promise(() => undefined)
    electron.app.quit()
    await clock.advance(9_999)
    expect(electron.app.exits).toEqual([])
    await clock.advance(1)
    expect(electron.app.exits).toEqual([EXIT.asked])
  })

  it('is not brought about by closing the window', async () => {
    const { electron, clock } = await running()
    const event = doubleEvent()
    electron.window.emit('close', event)
    electron.app.emit('window-all-closed')
    await settled(clock)
    expect([event.prevented, electron.app.exits]).toEqual([true, []])
  })
})

describe('between citizens', () => {
  it('clears both clipboards when a session ends, and only then', async () => {
    const { electron, terminal } = await running()
    terminal.session(true)
    terminal.session(true)
    expect([electron.clipboardCleared, electron.selectionCleared]).toEqual([0, 0])
    terminal.session(false)
    terminal.session(false)
    expect([electron.clipboardCleared, electron.selectionCleared]).toEqual([1, 1])
  })
})

describe('the heartbeat towards systemd', () => {
  const environment = { NOTIFY_SOCKET: '/run/systemd/notify', WATCHDOG_USEC: '30000000' }

  it('is given while page and outbox answer', async () => {
    const { clock, notified, electron } = await running({ environment })
    await clock.advance(10_000)
    expect(notified).toEqual(['READY=1', 'WATCHDOG=1'])
    electron.app.quit()
    await settled(clock)
    expect(notified.at(-1)).toBe('STOPPING=1')
  })

  it('is withheld when the outbox does not answer', async () => {
    const { clock, notified, terminal, events } = await running({ environment })
    terminal.outboxAnswers = false
    await clock.advance(10_000)
    expect([notified, events().includes('shell.watchdog')]).toEqual([['READY=1'], true])
  })

  it('is withheld when the page has not answered for thirty seconds, whatever the ladder does meanwhile', async () => {
    const { clock, notified, electron } = await running({ environment })
    await clock.advance(5_000)
    electron.window.webContents.hangs = true
    await clock.advance(29_999)
    expect(notified).toEqual(['READY=1', 'WATCHDOG=1', 'WATCHDOG=1', 'WATCHDOG=1'])
    await clock.advance(10_000)
    expect([notified.length, electron.window.webContents.crashes]).toEqual([4, 1])
    electron.window.webContents.hangs = false
    await clock.advance(5_001)
    expect(notified).toHaveLength(5)
  })

  it('is not given where nobody asked for it', async () => {
    const { clock, notified } = await running()
    await clock.advance(60_000)
    expect(notified).toEqual([])
  })
})
