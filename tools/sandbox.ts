/**
 * `npm run sandbox -- show [thing] | tell <thing> <command> [name=value …]`: speaks to the bench of a running `npm start`.
 * Every virtual device, the backend and the repository take what the bench page can do to them, and more.
 * Ends with 0 when it was done, 1 when it was refused or nothing is running, 2 when the command line was not understood.
 */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { LocalText } from '../core/text/local-text.ts'
import { text } from '../core/text/local-text.ts'
import { backendCommandSchema } from '../sandbox/backend/command.ts'
import { cardReaderCommandSchema } from '../sandbox/devices/card-reader/virtual-card-reader.ts'
import { codeScannerCommandSchema } from '../sandbox/devices/code-scanner/virtual-code-scanner.ts'
import { pagePrinterCommandSchema } from '../sandbox/devices/page-printer/bench-commands.ts'
import { printerCommandSchema } from '../sandbox/devices/receipt-printer/bench-commands.ts'
import { scannerCommandSchema } from '../sandbox/devices/scanner/virtual-scanner.ts'
import { repositoryCommandSchema } from '../sandbox/repository/server.ts'
import type { Allowed } from './sandbox/allowed.ts'
import { allowedBy } from './sandbox/allowed.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const DEFAULT_FOLDER = join(ROOT, 'out', 'sandbox')
const SCHEMAS = {
  'card-reader': cardReaderCommandSchema, 'receipt-printer': printerCommandSchema, 'page-printer': pagePrinterCommandSchema, scanner: scannerCommandSchema, 'code-scanner': codeScannerCommandSchema,
  backend: backendCommandSchema, repository: repositoryCommandSchema,
} as const satisfies Readonly<Record<string, z.ZodType>>
type Thing = keyof typeof SCHEMAS
const THINGS = Object.keys(SCHEMAS) as Thing[]

const USAGE = text(
  `用法：npm run sandbox -- show [名称]                          看它现在怎样
      npm run sandbox -- tell <名称>                           它听得懂的命令
      npm run sandbox -- tell <名称> <命令> [参数=值 …]        对它做一件事
  名称：${THINGS.join('  ')}
  例：tell card-reader lay person=chen-zhiyuan
      tell receipt-printer cable unplugAfterBytes=20 replugAfterMs=3000
      tell scanner cable 'split={"pieceBytes":1,"gapMs":5}'
      tell code-scanner cable clear=true
  --folder 目录：npm start 的 --folder，默认 out/sandbox`,
  `Usage: npm run sandbox -- show [thing]                          how it is now
       npm run sandbox -- tell <thing>                           what it understands
       npm run sandbox -- tell <thing> <command> [name=value …]  does one thing to it
  Things: ${THINGS.join('  ')}
  --folder DIR: the one of npm start, default out/sandbox`,
)

type Print = (line: string) => void

/** Runs one command and says what came of it. Returns the exit code. */
export async function runSandboxCommand(args: readonly string[], print: Print = console.log, printError: Print = console.error): Promise<0 | 1 | 2> {
  const refuse = <Code extends 1 | 2>(message: LocalText, code: Code): Code => {
    printError(`  ${message['zh-CN']}\n  ${message.en}`)
    return code
  }
  let parsed
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options: { folder: { type: 'string' } } })
  } catch (error) {
    printError(error instanceof Error ? error.message : String(error))
    return refuse(USAGE, 2)
  }
  const [command, name, kind, ...settings] = parsed.positionals
  if ((command !== 'show' && command !== 'tell') || (command === 'tell' && name === undefined) || (command === 'show' && kind !== undefined)) return refuse(USAGE, 2)
  const thing = THINGS.find((known) => known === name)
  if (name !== undefined && thing === undefined) return refuse(text(`没有“${name}”。有：${THINGS.join('、')}。`, `There is no "${name}". There are: ${THINGS.join(', ')}.`), 2)
  const allowed = thing === undefined ? [] : allowedBy(SCHEMAS[thing])
  if (command === 'tell' && kind === undefined) {
    for (const line of allowed.map(lineOf)) print(`  ${line}`)
    return 0
  }

  const folder = resolve(parsed.values.folder ?? DEFAULT_FOLDER)
  const bench = await benchOf(folder)
  const notRunning = text(`${folder} 里没有正在运行的 npm start。先启动它，或用 --folder 指明它的目录。`, `No npm start is running in ${folder}. Start it first, or name its folder with --folder.`)
  if (bench === undefined) return refuse(notRunning, 1)
  try {
    if (command === 'show') {
      const { things } = await (await fetch(new URL('api/state', bench))).json() as { readonly things: Readonly<Record<string, unknown>> }
      print(JSON.stringify(thing === undefined ? things : things[thing], null, 2))
      return 0
    }
    if (thing === undefined || kind === undefined) return refuse(USAGE, 2)
    const known = allowed.find((one) => one.command === kind)
    if (known === undefined) return refuse(text(`${thing} 听不懂“${kind}”。它听得懂：\n${allowed.map((one) => `    ${lineOf(one)}`).join('\n')}`, `${thing} does not understand "${kind}"; what it does stands above.`), 2)
    const given = valuesOf(settings, known)
    if (given === undefined) return refuse(text('参数要写成 参数=值。', 'A setting is written name=value.'), 2)
    const answer = await fetch(new URL(`api/things/${thing}`, bench), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...given, [known.discriminator]: kind }) })
    if (answer.ok) return 0
    const reason = shortReason(await answer.text())
    return refuse(text(`没有照办（${answer.status}）：${reason}\n  可以写：${lineOf(known)}`, `Not done (${answer.status}); what may be written stands above.`), 1)
  } catch {
    // It has ended without taking its note away, as after a crash.
    return refuse(notRunning, 1)
  }
}

/** Where the bench of the demonstration in a folder is; the file goes when it ends in order. */
async function benchOf(folder: string): Promise<string | undefined> {
  try {
    return z.object({ bench: z.url() }).parse(JSON.parse(await readFile(join(folder, 'running.json'), 'utf8'))).bench
  } catch {
    return undefined
  }
}

/** `a=1 b=true c=word d={"x":1}`: what is JSON is taken as such, all else as a word. */
function valuesOf(settings: readonly string[], { settings: known }: Allowed): Readonly<Record<string, unknown>> | undefined {
  const pairs = settings.flatMap((setting) => {
    const pair = /^([A-Za-z0-9]+)=(.*)$/s.exec(setting)
    return pair === null ? [] : [pair]
  })
  if (pairs.length < settings.length) return undefined
  return Object.fromEntries(pairs.map(([, name = '', typed = '']) => [name, known.some((setting) => setting.name === name && setting.takesWord(typed)) ? typed : wordOrJson(typed)]))
}

function wordOrJson(value: string): unknown {
  try {
    return JSON.parse(value) as unknown
  } catch {
    return value
  }
}

function lineOf({ command, settings }: Allowed): string {
  return [command, ...settings.map(({ name, value, optional }) => (optional ? `[${name}=${value}]` : `${name}=${value}`))].join(' ')
}

/** A schema's refusal is a list of issues as JSON; people want its messages. */
function shortReason(answer: string): string {
  try {
    const issues = JSON.parse(answer) as readonly { readonly path: readonly (string | number)[]; readonly message: string }[]
    return issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message)).join('; ')
  } catch {
    return answer
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await runSandboxCommand(process.argv.slice(2))
