/**
 * The running part of `npm start`: the sandbox world in this process, the kiosk in a process of its own, and one clear
 * block that says where everything is. Ctrl-C ends both.
 */
import { fork, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { systemClock } from '../drivers/device-host/system-clock.ts'
import { takeInstanceLock } from '../electron/services/instance-lock.ts'
import type { FromPageHost, ToPageHost } from '../electron/page-host/messages.ts'
import { RESTART_EXIT_CODE } from '../electron/page-host/messages.ts'
import type { PrinterModel } from '../sandbox/devices/receipt-printer/models.ts'
import { PRINTER_MODELS } from '../sandbox/devices/receipt-printer/models.ts'
import { SANDBOX_ENROLMENT_CODE, startWorld } from '../sandbox/world.ts'
import { findBrowser } from './browser.mjs'
import { loadDemonstrationPack } from './demo-pack.ts'
import { makeDemoStaff } from './demo-staff.ts'
import { buildShell, fetchElectron, hasScreen } from './electron.ts'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: join(ROOT, 'out', 'sandbox') },
    'kiosk-port': { type: 'string' },
    'bench-port': { type: 'string' },
    /** Which receipt printer stands there, for example one with a presenter. */
    printer: { type: 'string', default: 'standard' },
    'no-window': { type: 'boolean', default: false },
    /** The terminal also has a document camera: the first one that the browser finds. */
    camera: { type: 'boolean', default: false },
  },
})
const FOLDER = values.folder
const RUNNING = join(FOLDER, 'running.json')

const say = (line: string): void => void process.stdout.write(`${line}\n`)

interface Running { readonly pid: number; readonly bench: string; readonly backend: string }

/** Where the demonstration of this process is; undefined while it is still starting. */
function addressesOf(pid: number): Running | undefined {
  try {
    const running = JSON.parse(readFileSync(RUNNING, 'utf8')) as Running
    return running.pid === pid ? running : undefined
  } catch {
    return undefined
  }
}

function leave(error: unknown): never {
  say(error instanceof Error ? error.message : String(error))
  process.exit(1)
}

function portOf(given: string | undefined, name: string): number | undefined {
  if (given === undefined) return undefined
  const port = Number(given)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`--${name}: 端口号应是 1 到 65535 的整数。 / a port is a whole number from 1 to 65535.`)
  return port
}

function ports(): readonly [bench: number | undefined, kiosk: number | undefined] {
  try {
    return [portOf(values['bench-port'], 'bench-port'), portOf(values['kiosk-port'], 'kiosk-port')]
  } catch (error) {
    return leave(error)
  }
}

function printerModel(): PrinterModel {
  const model = PRINTER_MODELS.find((known) => known === values.printer)
  return model ?? leave(`--printer: ${PRINTER_MODELS.join(' | ')}`)
}

mkdirSync(FOLDER, { recursive: true, mode: 0o700 })
// The lock tells a process that lives from a later one with the same number, and of two that start together lets one go on.
const lock = takeInstanceLock(join(FOLDER, 'start.lock'))
if (!lock.ok) {
  const { pid } = lock.error
  const other = addressesOf(pid)
  say(`\n已经有一个演示在运行（进程 ${pid}）。/ A demonstration is running already (process ${pid}).`)
  if (other === undefined) say('它还在启动，请稍候再看那个窗口。/ It is still starting; look at its window in a moment.')
  else say(`  设备台 Bench    ${other.bench}\n  终端页 Kiosk    ${other.bench}/kiosk\n  办件   Backend  ${other.backend}`)
  say('要重新开始，请先在那个窗口按 Ctrl-C。/ To start anew, press Ctrl-C in its window first.\n')
  process.exit(0)
}

process.on('exit', () => lock.value.release())
rmSync(RUNNING, { force: true })
say('· 启动沙箱世界（设备、后台、事项仓库） / starting the sandbox world (devices, backend, repository) …')
const [benchPort, kioskPort] = ports()
const pack = await loadDemonstrationPack(new URL('../', import.meta.url)).catch(leave)
const world = await startWorld({
  folder: join(FOLDER, 'world'), terminalFolder: join(FOLDER, 'terminal'), clock: systemClock, pack,
  printerModel: printerModel(), benchPage: join(ROOT, 'dist', 'bench'), ...(benchPort !== undefined && { benchPort }),
}).catch(leave)
const staff = await makeDemoStaff(join(FOLDER, 'world')).catch(leave)
const configFile = join(FOLDER, 'kiosk.config.json')
writeFileSync(configFile, JSON.stringify({
  ...world.config, devices: [...world.config.devices, ...(values.camera ? [{ id: 'camera', class: 'document-camera', name: { 'zh-CN': '高拍仪', en: 'Document camera' }, address: { kind: 'camera' } }] : [])], staff: staff.config, pageHost: { port: kioskPort ?? 'auto' },
  // This process starts the shell again when staff ask for it.
  shell: { window: 'window', supervised: true },
}, null, 2), { mode: 0o600 })

const children = new Set<ChildProcess>()
let stopping: Promise<never> | undefined
function keep(child: ChildProcess): ChildProcess {
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0))

const electron = values['no-window'] || !hasScreen() ? undefined : await electronProgram()
if (electron !== undefined) await runInElectron(electron)

say('· 启动终端 / starting the kiosk …')
let kiosk = forkKiosk()
let addresses: ((url: string) => void)[] = []
const newAddress = (): Promise<string> => new Promise((resolve) => {
  addresses.push(resolve)
  kiosk.send({ type: 'new-address' } satisfies ToPageHost)
})

function forkKiosk(): ChildProcess {
  return keep(fork(join(ROOT, 'electron', 'page-host', 'main.ts'), ['--config', configFile], {
    cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: { ...process.env, KIOSK_ENROLMENT_CODE: SANDBOX_ENROLMENT_CODE },
  }))
}

/** The first address of a kiosk process that has just been started. */
function firstAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    // Whoever asked the process before this one gets the address of this one.
    const asked = addresses
    addresses = [(url) => {
      resolve(url)
      for (const answer of asked) answer(url)
    }]
    child.once('exit', (code) => reject(new Error(`终端没有启动起来（${code}）。/ The kiosk did not start (${code}).`)))
    child.on('message', (message: FromPageHost) => {
      if (message.type === 'address') addresses.shift()?.(message.url)
      if (message.type === 'refused') reject(new Error(message.sentence))
    })
  })
}

function stop(code: number): Promise<never> {
  stopping ??= stopOnce(code)
  return stopping
}

async function stopOnce(code: number): Promise<never> {
  say('\n· 正在停止 / stopping …')
  const ended = [...children].map((child) => new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    const hard = setTimeout(() => child.kill('SIGKILL'), 10_000)
    child.once('exit', () => {
      clearTimeout(hard)
      resolve()
    })
    child.kill('SIGTERM')
  }))
  await Promise.all(ended)
  await world.stop()
  rmSync(RUNNING, { force: true })
  process.exit(code)
}

/** Waits until the kiosk serves; then watches over it: staff may restart it, any other end is the end of the demonstration. */
async function servingKiosk(): Promise<string> {
  try {
    const url = await firstAddress(kiosk)
    kiosk.once('exit', (code) => void kioskEnded(code))
    return url
  } catch (error) {
    if (stopping === undefined) say(error instanceof Error ? error.message : String(error))
    return stop(1)
  }
}

async function kioskEnded(code: number | null): Promise<void> {
  if (stopping !== undefined) return
  if (code !== RESTART_EXIT_CODE) {
    say(`终端进程意外结束（${code}）。/ The kiosk process ended unexpectedly (${code}).`)
    await stop(1)
    return
  }
  say('· 工作人员要求重启终端 / staff asked for a restart of the kiosk …')
  kiosk = forkKiosk()
  const url = await servingKiosk()
  say(`终端页 Kiosk    ${url}`)
  if (browserWindow === undefined) return
  // The old window's right to the page has ended with the process that gave it.
  browserWindow.kill()
  await openWindow()
}

let browserWindow: ChildProcess | undefined
const kioskUrl = await servingKiosk()
world.kioskAt(newAddress)
writeFileSync(RUNNING, JSON.stringify({ pid: process.pid, bench: world.bench.url, backend: world.backend.url } satisfies Running), { mode: 0o600 })

const opened = values['no-window'] ? undefined : await openWindow()
block([
  `终端页 Kiosk    ${kioskUrl}`,
  `设备台 Bench    ${world.bench.url}`,
  `办件   Backend  ${world.backend.url}`,
  '',
  opened ?? '请用浏览器打开上面的终端页和设备台。/ Open the kiosk page and the bench in a browser.',
  '终端页地址只能用一次；按回车取得新地址。/ The kiosk address opens once; press Enter for a new one.',
  '停止：Ctrl-C。/ Stop: Ctrl-C.',
  '',
  ...staff.lines,
])
if (process.stdin.isTTY) process.stdin.on('data', () => void newAddress().then((url) => say(`终端页 Kiosk    ${url}`)))

/** Electron's program, fetched when it is not here yet, and its shell built; `undefined` sends the kiosk to the page host. */
async function electronProgram(): Promise<string | undefined> {
  say('· 查找 Electron（没有时尝试下载，最多两分钟） / looking for Electron (fetched when missing, two minutes at most) …')
  const binary = await fetchElectron()
  if (binary === undefined) say('  没有取得 Electron，改用浏览器。/ Electron cannot be had here; a browser window is used instead.')
  return binary !== undefined && (await buildShell()) ? binary : undefined
}

/** The kiosk as Electron runs it: no page host, its own window. Ends with it, or with Ctrl-C. */
async function runInElectron(binary: string): Promise<never> {
  const asRoot = process.getuid?.() === 0
  if (asRoot) say('· 以 root 运行：浏览器沙箱已关闭，仅限演示。/ Running as root: the browser runs without its sandbox, for demonstration only.')
  const spawnShell = (): ChildProcess => keep(spawn(binary, [ROOT, ...(asRoot ? ['--no-sandbox'] : [])], {
    cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, KIOSK_CONFIG: configFile, KIOSK_ENROLMENT_CODE: SANDBOX_ENROLMENT_CODE },
  }))
  const first = spawnShell()
  writeFileSync(RUNNING, JSON.stringify({ pid: process.pid, bench: world.bench.url, backend: world.backend.url } satisfies Running), { mode: 0o600 })
  block(['终端 Kiosk      Electron 窗口 / Electron window', `设备台 Bench    ${world.bench.url}`, `办件   Backend  ${world.backend.url}`, '', '停止：Ctrl-C。/ Stop: Ctrl-C.', '', ...staff.lines])
  for (let shell = first; ; shell = spawnShell()) {
    const code = await new Promise<number>((resolve) => shell.once('exit', (ended) => resolve(ended ?? 1)))
    if (code !== RESTART_EXIT_CODE || stopping !== undefined) return stop(code)
    say('· 重启终端 / restarting the kiosk …')
  }
}

function block(lines: readonly string[]): void {
  const rule = '─'.repeat(68)
  say(['', `┌${rule}`, '│ 一窗通办自助终端（演示） / One-window kiosk (demonstration)', '│', ...lines.map((line) => `│ ${line}`), `└${rule}`, ''].join('\n'))
}

/** Opens the page host's page in Chromium as an app window, where there is a screen. */
async function openWindow(): Promise<string | undefined> {
  if (!hasScreen()) return undefined
  const browser = findBrowser()
  if (browser === undefined) return undefined
  const asRoot = process.getuid?.() === 0
  if (asRoot) say('· 以 root 运行：浏览器沙箱已关闭，仅限演示。/ Running as root: the browser runs without its sandbox, for demonstration only.')
  const window = keep(spawn(browser, [
    `--app=${await newAddress()}`, `--user-data-dir=${join(FOLDER, 'browser')}`, '--window-size=810,1440', '--no-first-run', '--disable-background-networking', '--disable-sync', '--lang=zh-CN',
    ...(asRoot ? ['--no-sandbox'] : []),
  ], { stdio: 'ignore' }))
  browserWindow = window
  window.once('error', (error) => {
    children.delete(window)
    say(`浏览器没有打开（${error.message}），请用自己的浏览器打开终端页。/ The browser did not open (${error.message}); open the kiosk page in one of your own.`)
  })
  return '终端页已在浏览器窗口中打开。/ The kiosk page is open in a browser window.'
}
