import { readdir, readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { checkConfig, checkProfiles } from '../../core/config/config-problems.ts'
import { parseJsonText } from '../../core/config/json-text.ts'
import type { KioskConfig } from '../../core/config/kiosk-config.ts'
import type { SandboxPorts } from '../../core/config/sandbox-config.ts'
import { sandboxConfig } from '../../core/config/sandbox-config.ts'
import type { ModelFiles, ModelPart, SealedFile } from '../../core/document/engine-settings.ts'
import type { Result } from '../../core/result/result.ts'
import { err, ok } from '../../core/result/result.ts'
import type { LocalText } from '../../core/text/local-text.ts'
import { text } from '../../core/text/local-text.ts'

export interface LoadedConfig {
  /** Paths in it are absolute. */
  readonly config: KioskConfig
  readonly source: 'file' | 'built-in'
  /** The file that was read; undefined for the built-in configuration. */
  readonly path?: string
}

export interface ConfigRefusal {
  readonly kind: 'unreadable' | 'syntax' | 'invalid'
  readonly path: string
  /** Every mistake, each in a sentence of its own. */
  readonly sentences: readonly LocalText[]
}

/**
 * Environment variables that choose the configuration:
 * - `KIOSK_CONFIG`: path of the file, when none is given on the command line
 * - `KIOSK_SANDBOX_PORTS`: ports of the sandbox as `reader=1,printer=2,scanner=3,backend=4,repository=5`, any part of it
 * - `KIOSK_SANDBOX_ROOT`: root of trust that the sandbox wrote; default `out/sandbox/world/repository/root.json`
 * - `KIOSK_DATA_FOLDER`: data folder of the built-in configuration; default `out/kiosk-data`
 */
export type ConfigEnvironment = Readonly<Record<string, string | undefined>>

/** No configuration of ours comes near; a mistaken path to a picture or a disk image does. */
const MAX_CONFIG_BYTES = 1_000_000

/**
 * Reads the configuration of this terminal, or gives the built-in one when neither a path nor `KIOSK_CONFIG` names a file.
 * Relative paths in a file start at that file, in the built-in configuration at the working folder.
 * @param assets the folder of this program's assets: with it, names of printer profiles are checked too
 */
export async function loadConfig(path: string | undefined, environment: ConfigEnvironment, assets?: URL): Promise<Result<LoadedConfig, ConfigRefusal>> {
  const named = path ?? environment.KIOSK_CONFIG
  if (named === undefined || named === '') return builtIn(environment)
  const file = resolve(named)
  const read = await readText(file)
  if (!read.ok) return read
  const parsed = parseJsonText(read.value)
  if (!parsed.ok) {
    const { line, column, sentence } = parsed.error
    return refuse('syntax', file, [text(`第 ${line} 行第 ${column} 列：${sentence['zh-CN']}`, `Line ${line}, column ${column}: ${sentence.en}`)])
  }
  const checked = checkConfig(parsed.value)
  if (!checked.ok) return refuse('invalid', file, checked.error.map((problem) => problem.sentence))
  const profiled = checkProfiles(checked.value, await printerProfiles(assets, checked.value))
  if (!profiled.ok) return refuse('invalid', file, profiled.error.map((problem) => problem.sentence))
  return ok({ config: withAbsolutePaths(checked.value, dirname(file)), source: 'file', path: file })
}

/** Names of the printer profiles of this program; where it has none to show, those of the configuration count as known. */
async function printerProfiles(assets: URL | undefined, config: KioskConfig): Promise<readonly string[]> {
  const named = config.devices.flatMap((device) => (device.class === 'receipt-printer' ? [device.profile] : []))
  if (assets === undefined) return named
  const files = await readdir(new URL('printers/', assets)).catch(() => undefined)
  return files === undefined ? named : files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length)).sort()
}

/** The refusal as lines for a terminal window or a service page: the file first, then each mistake. */
export function describeRefusal(refusal: ConfigRefusal): LocalText {
  const lines = (language: keyof LocalText): string => refusal.sentences.map((sentence) => `  - ${sentence[language]}`).join('\n')
  return text(`配置文件 ${refusal.path} 有 ${refusal.sentences.length} 处问题：\n${lines('zh-CN')}`, `The configuration file ${refusal.path} has ${refusal.sentences.length} mistake(s):\n${lines('en')}`)
}

function builtIn(environment: ConfigEnvironment): Result<LoadedConfig, ConfigRefusal> {
  const ports = sandboxPortsOf(environment.KIOSK_SANDBOX_PORTS ?? '')
  if (!ports.ok) return ports
  const config = sandboxConfig({
    ports: ports.value,
    dataFolder: environment.KIOSK_DATA_FOLDER ?? 'out/kiosk-data',
    rootFile: environment.KIOSK_SANDBOX_ROOT ?? 'out/sandbox/world/repository/root.json',
  })
  return ok({ config: withAbsolutePaths(config, process.cwd()), source: 'built-in' })
}

const port = z.coerce.number().int().min(1).max(65535)
const portsSchema = z.strictObject({ reader: port, printer: port, scanner: port, backend: port, repository: port }).partial()

function sandboxPortsOf(written: string): Result<Partial<SandboxPorts>, ConfigRefusal> {
  const parts = written.split(',').filter((part) => part.trim() !== '')
  const parsed = portsSchema.safeParse(Object.fromEntries(parts.map((part) => part.split('=').map((side) => side.trim()))))
  if (parsed.success) return ok(parsed.data)
  return refuse('invalid', 'KIOSK_SANDBOX_PORTS', [
    text(
      `环境变量 KIOSK_SANDBOX_PORTS：现在是 "${written}"；允许：reader、printer、scanner、backend、repository 的端口（1 到 65535），例如 reader=47101,backend=47110。`,
      `KIOSK_SANDBOX_PORTS: found "${written}"; allowed: ports (1 to 65535) of reader, printer, scanner, backend, repository, for example reader=47101,backend=47110.`,
    ),
  ])
}

async function readText(file: string): Promise<Result<string, ConfigRefusal>> {
  try {
    const bytes = await readFile(file)
    if (bytes.length > MAX_CONFIG_BYTES) return refuse('unreadable', file, [text('文件太大，不像是配置文件。', 'The file is too large to be a configuration.')])
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch (error) {
    return refuse('unreadable', file, [unreadable(error)])
  }
}

function unreadable(error: unknown): LocalText {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return text('找不到这个文件，请检查路径。', 'There is no such file; check the path.')
    case 'EACCES':
    case 'EPERM':
      return text('没有读取这个文件的权限。', 'This user may not read the file.')
    case 'EISDIR':
      return text('这是一个文件夹，请指明其中的文件。', 'This is a folder; name the file in it.')
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return text('文件不是 UTF-8 编码，请另存为 UTF-8。', 'The file is not UTF-8; save it as UTF-8.')
    default:
      return text(`读取失败（${code || 'unknown'}）。`, `The file cannot be read (${code || 'unknown'}).`)
  }
}

function refuse(kind: ConfigRefusal['kind'], path: string, sentences: readonly LocalText[]): { readonly ok: false; readonly error: ConfigRefusal } {
  return err({ kind, path, sentences })
}

function withAbsolutePaths(config: KioskConfig, base: string): KioskConfig {
  return {
    ...config,
    ...(config.staff && { staff: { ...config.staff, accountsFile: resolve(base, config.staff.accountsFile) } }),
    dataFolder: resolve(base, config.dataFolder),
    repository: { ...config.repository, rootFile: resolve(base, config.repository.rootFile) },
    reading: { ...config.reading, ...(config.reading.models && { models: absoluteModels(config.reading.models, base) }) },
  }
}

function absoluteModels(models: ModelFiles, base: string): ModelFiles {
  const absolute = (part: ModelPart): SealedFile => ({ ...models[part], file: resolve(base, models[part].file) })
  return { detection: absolute('detection'), recognition: absolute('recognition'), direction: absolute('direction'), dictionary: absolute('dictionary') }
}
