/**
 * `npm run devices -- list | probe [address] | watch | test [--config FILE] [--wait SECONDS] [--json]`: what is attached, what
 * answers, how it changes, and whether each device is fit for work, without a citizen.
 * Ends with 0 when all went well, 1 when a device is not fit or nothing answered, 2 when the command line or the configuration
 * was not understood, 3 when a kiosk is using these devices.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chinaDateTime } from '../core/text/china-time.ts'
import type { DeviceConfig, KioskConfig } from '../core/config/kiosk-config.ts'
import { DEVICE_CLASS_NAMES, deviceReportSentences, deviceStateName } from '../core/device/sentences.ts'
import type { DeviceReport } from '../core/device/status.ts'
import { isUsable } from '../core/device/status.ts'
import type { DeviceId } from '../core/ids.ts'
import type { LocalText } from '../core/text/local-text.ts'
import { text } from '../core/text/local-text.ts'
import { describeRefusal, loadConfig } from '../electron/services/config.ts'
import { takeInstanceLock } from '../electron/services/instance-lock.ts'
import { ADDRESS_EXAMPLES, addressText, candidatesFor } from './devices/address.ts'
import { columns } from './devices/columns.ts'
import { lookAroundApart, startHost, untilSettled } from './devices/host-run.ts'

const COMMANDS = ['list', 'probe', 'watch', 'test'] as const
type Command = (typeof COMMANDS)[number]
const DEFAULT_WAIT_SECONDS = 15

const USAGE = text(
  `用法：npm run devices -- list | probe [地址] | watch | test [--config 文件] [--wait 秒数] [--json]\n  地址：${ADDRESS_EXAMPLES.join('  ')}`,
  `Usage: npm run devices -- list | probe [address] | watch | test [--config FILE] [--wait SECONDS] [--json]\n  Addresses: ${ADDRESS_EXAMPLES.join('  ')}`,
)

type Print = (line: string) => void
interface Options {
  readonly json: boolean
  readonly waitMs: number
  readonly print: Print
  readonly printError: Print
  /** Ends `watch`. */
  readonly until: Promise<void>
}

/** Runs one command and says what it found. Returns the exit code. */
export async function runDevicesCommand(args: readonly string[], print: Print = console.log, printError: Print = console.error, until: Promise<void> = interrupted()): Promise<0 | 1 | 2 | 3> {
  let parsed
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options: { config: { type: 'string' }, wait: { type: 'string' }, json: { type: 'boolean', default: false } } })
  } catch (error) {
    printError(error instanceof Error ? error.message : String(error))
    say(USAGE, printError)
    return 2
  }
  const [command, address, ...more] = parsed.positionals
  const seconds = Number(parsed.values.wait ?? DEFAULT_WAIT_SECONDS)
  if (!isCommand(command) || more.length > 0 || (address !== undefined && command !== 'probe') || !(seconds > 0 && seconds <= 600)) {
    say(USAGE, printError)
    return 2
  }
  const options: Options = { json: parsed.values.json, waitMs: seconds * 1000, print, printError, until }
  const assets = new URL('../assets/', import.meta.url)
  const loaded = await loadConfig(parsed.values.config, process.env, assets)
  if (!loaded.ok) {
    say(describeRefusal(loaded.error), printError)
    return 2
  }
  const { config, source, path } = loaded.value
  if (!options.json) say(source === 'file' ? text(`配置：${path}`, `Configuration: ${path}`) : text('没有指定配置文件，使用沙盒的内置配置。', 'No configuration was named; this is the built-in one of the sandbox.'), print)
  if (command === 'list') return list(config, options)
  return withLock(config, options, async () => {
    if (command === 'probe') return address === undefined ? probeConfigured(config, options) : probeAddress(address, options)
    return command === 'watch' ? watch(config, options) : test(config, options)
  })
}

function isCommand(word: string | undefined): word is Command {
  return COMMANDS.some((command) => command === word)
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => process.once('SIGINT', () => resolve()))
}

/** Two programs at one device spoil each other's answers: while a kiosk runs we keep away, and while we work no kiosk starts. */
async function withLock<Code extends number>(config: KioskConfig, { json, print, printError }: Options, work: () => Promise<Code>): Promise<Code | 3> {
  const folder = config.dataFolder
  if (!existsSync(folder)) return work()
  const lock = takeInstanceLock(join(folder, 'kiosk.lock'))
  if (!lock.ok) {
    const refusal = text(`自助机正在使用这些设备（进程 ${lock.error.pid}）。请先停止自助机，或在员工页面查看设备。`, `A kiosk is using these devices (process ${lock.error.pid}). Stop it first, or look at its staff page.`)
    if (json) print(JSON.stringify({ refused: refusal }))
    else say(refusal, printError)
    return 3
  }
  try {
    return await work()
  } finally {
    lock.value.release()
  }
}

async function list(config: KioskConfig, { json, print }: Options): Promise<0> {
  const { found, blind } = await lookAroundApart().catch((error: unknown) => ({ found: [], blind: [{ family: 'all' as const, code: error instanceof Error ? error.message : String(error) }] }))
  if (json) {
    print(JSON.stringify({ configured: config.devices, attached: found, blind }, null, 2))
    return 0
  }
  print(`\n配置的设备 · Configured (${config.devices.length})`)
  for (const line of columns(config.devices.map((device) => ['  ', device.id, names(DEVICE_CLASS_NAMES[device.class]), addressText(device.address)]))) print(line)
  print(`\n接在本机上的 · Attached (${found.length})`)
  for (const line of columns(found.map((thing) => ['  ', thing.family, thing.name, thing.detail, JSON.stringify(thing.address)]))) print(line)
  for (const { family, code } of blind) say(text(`看不到 ${family}（${code}）`, `${family} cannot be looked at (${code})`), print)
  return 0
}

async function probeConfigured(config: KioskConfig, options: Options): Promise<0 | 1> {
  const reports = await look(config.devices, options.waitMs)
  tell(config.devices, reports, options)
  return reports.some((report) => report.status.state === 'offline' || report.status.state === 'starting') ? 1 : 0
}

async function probeAddress(address: string, options: Options): Promise<0 | 1 | 2> {
  const candidates = candidatesFor(address)
  if (candidates.length === 0) {
    say(USAGE, options.printError)
    return 2
  }
  // One after another: two drivers at one port would hear each other's answers.
  const tried: { readonly as: string; readonly report: DeviceReport | undefined }[] = []
  for (const { label, device } of candidates) {
    const [report] = await look([device], options.waitMs)
    tried.push({ as: label, report })
    if (!options.json) print1(options.print, label, report)
    if (report !== undefined && answered(report)) break
  }
  if (options.json) options.print(JSON.stringify(tried, null, 2))
  if (tried.some(({ report }) => report !== undefined && answered(report))) return 0
  if (!options.json) say(text('没有设备应答。', 'Nothing answered.'), options.print)
  return 1
}

function print1(print: Print, label: string, report: DeviceReport | undefined): void {
  if (report === undefined) return
  print(columns([['  ', label, names(deviceStateName(report.status.state)), [report.status.code, detailsText(report)].filter(Boolean).join('  ')]]).join('\n'))
}

/** It said something itself, and be it that its paper has ended. */
function answered({ status: { state } }: DeviceReport): boolean {
  return state !== 'offline' && state !== 'starting' && state !== 'fault'
}

async function watch(config: KioskConfig, { json, print, until }: Options): Promise<0> {
  const host = startHost(config.devices)
  const line = (report: DeviceReport): void => {
    if (json) print(JSON.stringify({ at: Date.now(), ...report }))
    else print(`${chinaDateTime(Date.now())}  ${columns([[report.id, names(deviceStateName(report.status.state)), names(deviceReportSentences(report).todo)]]).join('')}${report.status.code === undefined ? '' : `  ${report.status.code}`}`)
  }
  for (const report of host.reports()) line(report)
  host.onReport(line)
  if (!json) say(text('按 Ctrl-C 结束。', 'End with Ctrl-C.'), print)
  await until
  await host.stop()
  return 0
}

async function test(config: KioskConfig, options: Options): Promise<0 | 1> {
  const reports = await look(config.devices, options.waitMs)
  tell(config.devices, reports, options)
  const failed = reports.filter((report) => !isUsable(report.status.state))
  if (!options.json) {
    say(
      failed.length === 0 ? text(`${reports.length} 台设备全部可用。`, `Every device is fit for work (${reports.length}).`) : text(`${failed.length} 台设备不可用：${failed.map(({ id }) => id).join('、')}。`, `${failed.length} not fit for work: ${failed.map(({ id }) => id).join(', ')}.`),
      options.print,
    )
  }
  return failed.length === 0 ? 0 : 1
}

async function look(devices: readonly DeviceConfig[], waitMs: number): Promise<readonly DeviceReport[]> {
  const host = startHost(devices)
  try {
    return await untilSettled(host, waitMs)
  } finally {
    await host.stop()
  }
}

function tell(devices: readonly DeviceConfig[], reports: readonly DeviceReport[], { json, print }: Options): void {
  const reportOf = (device: DeviceConfig): DeviceReport | undefined => reports.find((report) => report.id === (device.id as DeviceId))
  if (json) {
    print(JSON.stringify(devices.map((device) => {
      const report = reportOf(device)
      return { id: device.id, class: device.class, address: device.address, ...(report === undefined ? { skipped: 'opened-by-the-page' } : { status: report.status, fit: isUsable(report.status.state), details: report.details ?? {}, ...deviceReportSentences(report) }) }
    }), null, 2))
    return
  }
  const rows = devices.map((device) => {
    const report = reportOf(device)
    // Opened by the page, which is not running now.
    const state = report === undefined ? names(text('由页面打开', 'opened by the page')) : names(deviceStateName(report.status.state))
    return [report === undefined ? '–' : isUsable(report.status.state) ? '✓' : '✗', device.id, names(DEVICE_CLASS_NAMES[device.class]), state, addressText(device.address), report === undefined ? '' : detailsText(report)]
  })
  for (const line of columns([['', '设备 id', '类别 · class', '状态 · state', '地址 · address', '说明 · details'], ...rows])) print(line)
  for (const report of reports) {
    if (isUsable(report.status.state) && report.status.state !== 'paper-low') continue
    const { staff, todo } = deviceReportSentences(report)
    print(`\n${report.id}`)
    say(staff, print)
    say(text(`→ ${todo['zh-CN']}`, `→ ${todo.en}`), print)
  }
}

function detailsText(report: DeviceReport): string {
  return Object.entries(report.details ?? {}).filter(([, value]) => value !== 0 && value !== '').map(([name, value]) => `${name}=${value}`).join(' ')
}

function names(both: LocalText): string {
  return `${both['zh-CN']} · ${both.en}`
}

function say(message: LocalText, print: Print): void {
  print(`  ${message['zh-CN']}\n  ${message.en}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await runDevicesCommand(process.argv.slice(2))
