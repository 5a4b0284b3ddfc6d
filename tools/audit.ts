/**
 * `npm run audit -- verify|show [--folder DATA_FOLDER] [--last N]`: the journal of staff acts of a terminal, running or not.
 * Ends with 0 when it is whole, 1 when it is broken or cannot be read, 2 when the command line was not understood.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { LocalText } from '../core/text/local-text.ts'
import { text } from '../core/text/local-text.ts'
import { chinaDateTime } from '../core/text/china-time.ts'
import type { AuditVerdict } from '../electron/services/audit/audit.ts'
import { AUDIT_FILE, auditRow, verifyRows } from '../electron/services/audit/audit.ts'
import type { AuditRow } from '../electron/services/audit/chain.ts'
import { readSealedHead, SEALED_HEAD_FILE } from '../electron/services/audit/sealed-head.ts'
import { auditBreakSentence } from '../electron/services/audit/sentences.ts'
import type { SqlRow } from '../electron/services/database/protocol.ts'
import { openTerminalKey, TERMINAL_KEY_FILE, terminalKeySentence } from '../electron/services/one-window/terminal-key.ts'

export const DEFAULT_DATA_FOLDER = fileURLToPath(new URL('../out/sandbox/terminal', import.meta.url))
const ROWS_AT_A_TIME = 1000
const DEFAULT_LAST = 50

const USAGE = text(
  '用法：npm run audit -- verify | show [--folder 数据目录] [--last 行数]',
  'Usage: npm run audit -- verify | show [--folder DATA_FOLDER] [--last N]',
)

type Print = (line: string) => void

/** Runs one command and says what it found. Returns the exit code. */
export async function runAuditCommand(args: readonly string[], print: Print = console.log, printError: Print = console.error): Promise<0 | 1 | 2> {
  const say = (message: LocalText, to: Print = print): void => to(`  ${message['zh-CN']}\n  ${message.en}`)
  let parsed
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options: { folder: { type: 'string' }, last: { type: 'string' } } })
  } catch (error) {
    printError(error instanceof Error ? error.message : String(error))
    say(USAGE, printError)
    return 2
  }
  const [command, ...more] = parsed.positionals
  const last = Number(parsed.values.last ?? DEFAULT_LAST)
  if ((command !== 'verify' && command !== 'show') || more.length > 0 || !Number.isInteger(last) || last < 1) {
    say(USAGE, printError)
    return 2
  }
  const folder = resolve(parsed.values.folder ?? DEFAULT_DATA_FOLDER)
  const file = join(folder, 'database', AUDIT_FILE)
  const keys = join(folder, 'keys')
  if (!existsSync(file)) {
    say(text(`找不到审计日志 ${file}。用 --folder 指明终端的数据目录。`, `There is no journal at ${file}. Name the terminal's data folder with --folder.`), printError)
    return 1
  }
  // Looked for first: opening would make a new key where there is none.
  if (!existsSync(join(keys, TERMINAL_KEY_FILE))) {
    say(text(`${keys} 里没有终端密钥，无法核对封存。`, `There is no terminal key in ${keys}; the seal cannot be checked.`), printError)
    return 1
  }
  const key = await openTerminalKey(keys)
  if (!key.ok) {
    say(terminalKeySentence(key.error), printError)
    return 1
  }
  const { publicKey } = key.value

  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
    const after = database.prepare('SELECT * FROM audit WHERE number > ? ORDER BY number LIMIT ?')
    const rowsAfter = (number: number): Promise<readonly AuditRow[]> => Promise.resolve(after.all(number, ROWS_AT_A_TIME).map((row) => auditRow(row as SqlRow)))
    const verdict = await verifyRows(rowsAfter, () => readSealedHead(join(keys, SEALED_HEAD_FILE), publicKey))
    if (command === 'show') for (const row of database.prepare('SELECT * FROM audit ORDER BY number DESC LIMIT ?').all(last).reverse()) print(lineOf(auditRow(row as SqlRow)))
    return tellVerdict(verdict, (message) => say(message, verdict.whole ? print : printError))
  } catch (error) {
    const code = error instanceof Error && 'errstr' in error ? String(error.errstr) : error instanceof Error ? error.name : 'unknown'
    say(text(`审计日志读不了（${code}）：${file}。请勿删除，联系维护人员。`, `The journal cannot be read (${code}): ${file}. Do not delete it; call maintenance.`), printError)
    return 1
  } finally {
    database?.close()
  }
}

function tellVerdict(verdict: AuditVerdict, say: (message: LocalText) => void): 0 | 1 {
  if (verdict.whole) {
    say(text(`审计日志完整：${verdict.count} 行，没有缺失或改动。末行哈希 ${verdict.hash}`, `The journal is whole: ${verdict.count} row(s), none missing, none changed. Last hash ${verdict.hash}`))
    return 0
  }
  const why = auditBreakSentence(verdict.broken)
  say(text(`审计日志已损坏或被改动（现有 ${verdict.count} 行）：${why['zh-CN']}`, `The journal is broken (${verdict.count} row(s) are there): ${why.en}`))
  return 1
}

function lineOf(row: AuditRow): string {
  return [String(row.number).padStart(6), chinaDateTime(row.at), row.staff.padEnd(8), row.result.padEnd(7), row.act, row.about].join('  ').trimEnd()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await runAuditCommand(process.argv.slice(2))
