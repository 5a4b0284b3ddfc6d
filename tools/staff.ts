/**
 * `npm run staff -- add|pin|totp|role|remove|list`: the file of staff accounts that `staff.accountsFile` of a terminal names.
 * A PIN is asked for twice without being shown, or read from standard input; never taken from the command line, which other
 * users of the machine can see. A running terminal reads the file anew at each sign-in.
 * Ends with 0 when it was done, 1 when it was refused, 2 when the command line or the configuration was not understood.
 */
import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Secret, TOTP } from 'otpauth'
import { toString as drawQr } from 'qrcode'
import type { StaffAccount } from '../core/staff/accounts.ts'
import { staffAccountSchema, staffAccountsSchema } from '../core/staff/accounts.ts'
import { pinWeakness, pinWeaknessSentence } from '../core/staff/pin-rule.ts'
import type { StaffRole } from '../core/staff/roles.ts'
import { STAFF_ROLES } from '../core/staff/roles.ts'
import type { Result } from '../core/result/result.ts'
import { err, ok, unreachable } from '../core/result/result.ts'
import type { LocalText } from '../core/text/local-text.ts'
import { text } from '../core/text/local-text.ts'
import { describeRefusal, loadConfig } from '../electron/services/config.ts'
import { writeDurably } from '../electron/services/database/durable-file.ts'
import { takeInstanceLock } from '../electron/services/instance-lock.ts'
import { loadStaffAccounts } from '../electron/services/staff/accounts-file.ts'
import { hashPin } from '../electron/services/staff/pins.ts'
import { columns } from './devices/columns.ts'
import type { PinInput } from './staff/ask-pin.ts'
import { askHidden, pipedLine } from './staff/ask-pin.ts'

const COMMANDS = ['add', 'pin', 'totp', 'role', 'remove', 'list'] as const
type Command = (typeof COMMANDS)[number]
/** RFC 4226 asks for at least 128 bits and recommends 160. */
const TOTP_SECRET_BYTES = 20
const ISSUER = 'one-window-kiosk'
const ROLE_NAMES: Record<StaffRole, string> = { clerk: '值守员 clerk', technician: '技术员 technician' }

const USAGE = text(
  `用法：npm run staff -- 命令 [--file 账号文件 | --config 终端配置]
    add 工号 --name 姓名 --role clerk|technician   新增（clerk 值守员，technician 技术员）
    pin 工号                                       换密码
    totp 工号                                      换动态口令密钥
    role 工号 clerk|technician                     换角色
    remove 工号                                    删除
    list                                           列出`,
  `Usage: npm run staff -- COMMAND [--file ACCOUNTS_FILE | --config KIOSK_CONFIG]
    add NUMBER --name NAME --role clerk|technician
    pin NUMBER                                     a new PIN
    totp NUMBER                                    a new secret for the authenticator
    role NUMBER clerk|technician
    remove NUMBER
    list`,
)

/** The terminal that the command speaks to. */
export interface StaffConsole {
  readonly print: (line: string) => void
  readonly printError: (line: string) => void
  readonly input: PinInput
  readonly output: Writable
  readonly environment: Readonly<Record<string, string | undefined>>
}
const CONSOLE: StaffConsole = { print: console.log, printError: console.error, input: process.stdin, output: process.stderr, environment: process.env }

type Accounts = readonly StaffAccount[]
type Change = (accounts: Accounts) => Result<Accounts, LocalText>

/** Runs one command and says what happened. Returns the exit code. */
export async function runStaffCommand(args: readonly string[], io: StaffConsole = CONSOLE): Promise<0 | 1 | 2> {
  const say = (message: LocalText, to = io.print): void => to(`  ${message['zh-CN']}\n  ${message.en}`)
  const refuse = <Code extends 1 | 2>(message: LocalText, code: Code): Code => {
    say(message, io.printError)
    return code
  }
  let parsed
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options: { file: { type: 'string' }, config: { type: 'string' }, name: { type: 'string' }, role: { type: 'string' } } })
  } catch (error) {
    io.printError(error instanceof Error ? error.message : String(error))
    return refuse(USAGE, 2)
  }
  const [command, number, word, ...more] = parsed.positionals
  const { name, role: roleOption } = parsed.values
  const fits = isCommand(command) && more.length === 0 && (number === undefined) === (command === 'list') && (word === undefined || command === 'role') && (command === 'add' || (name === undefined && roleOption === undefined))
  if (!fits) return refuse(USAGE, 2)
  if (number !== undefined && !staffAccountSchema.shape.number.safeParse(number).success) return refuse(text(`工号 ${number} 不对：应为 4 到 8 位数字。`, `The number ${number} is wrong: it has 4 to 8 digits.`), 2)
  const role = STAFF_ROLES.find((known) => known === (command === 'role' ? word : roleOption))
  if ((command === 'add' || command === 'role') && role === undefined) return refuse(text('请给出角色：clerk（值守员）或 technician（技术员）。', 'Say the role: clerk or technician.'), 2)
  if (command === 'add' && !staffAccountSchema.shape.name.safeParse(name).success) return refuse(text('请用 --name 给出姓名，1 到 40 个字。', 'Say the name with --name, 1 to 40 characters.'), 2)

  const chosen = await fileOf(parsed.values, io.environment)
  if (!chosen.ok) return refuse(chosen.error, 2)
  const file = chosen.value
  const now = await accountsIn(file, command === 'add')
  if (!now.ok) return refuse(now.error, 1)
  if (command === 'list') {
    for (const line of listOf(now.value)) io.print(line)
    return 0
  }

  const who = number ?? ''
  // Asked before the PIN, so that nobody types one in vain; and once more when the file is changed.
  const known = now.value.some((account) => account.number === who)
  if (command === 'add' && known) return refuse(text(`工号 ${who} 已经有了。`, `The number ${who} is there already.`), 1)
  if (command !== 'add' && !known) return refuse(text(`没有工号 ${who}。`, `There is no number ${who}.`), 1)

  const pin = command === 'add' || command === 'pin' ? await newPin(who, io) : ok('')
  if (!pin.ok) return refuse(pin.error, 1)
  const totp = command === 'add' || command === 'totp' ? new Secret({ size: TOTP_SECRET_BYTES }).base32 : undefined
  const hash = pin.value === '' ? '' : await hashPin(pin.value)
  const changed = await changeFile(file, command === 'add', changeOf(command, { number: who, name: name ?? '', role: role ?? 'clerk', pin: hash, ...(totp !== undefined && { totp }) }))
  if (!changed.ok) return refuse(changed.error, 1)

  say(doneSentence(command, who))
  io.print(`  ${file}`)
  if (totp !== undefined) await showSecret(who, totp, say, io.print)
  if (!changed.value.some((account) => account.role === 'technician')) say(text('注意：现在没有技术员，需要技术员的操作谁都做不了。', 'Note: there is no technician now; nobody can do what needs one.'))
  say(text('运行中的终端在下次登录时读取，不用重启。', 'A running terminal reads it at the next sign-in; no restart is needed.'))
  return 0
}

function isCommand(word: string | undefined): word is Command {
  return COMMANDS.some((command) => command === word)
}

/** The file that was named, or the one of the terminal's configuration. */
async function fileOf({ file, config }: { readonly file?: string | undefined; readonly config?: string | undefined }, environment: StaffConsole['environment']): Promise<Result<string, LocalText>> {
  if (file !== undefined) return ok(resolve(file))
  const named = config ?? environment['KIOSK_CONFIG']
  if (named === undefined || named === '') return err(text('请用 --file 给出账号文件，或用 --config（或环境变量 KIOSK_CONFIG）给出终端配置。', 'Name the accounts file with --file, or the terminal’s configuration with --config or KIOSK_CONFIG.'))
  const loaded = await loadConfig(named, environment)
  if (!loaded.ok) return err(describeRefusal(loaded.error))
  const { staff } = loaded.value.config
  return staff === undefined ? err(text(`${loaded.value.path ?? named} 里没有 staff.accountsFile。`, `${loaded.value.path ?? named} has no staff.accountsFile.`)) : ok(staff.accountsFile)
}

/** @param mayBeMissing a file that is not there yet has no accounts */
async function accountsIn(file: string, mayBeMissing: boolean): Promise<Result<Accounts, LocalText>> {
  const there = await stat(file).catch(() => undefined)
  if (there === undefined && mayBeMissing) {
    const folder = dirname(file)
    const owner = (await stat(folder).catch(() => undefined))?.uid ?? 0
    // Root may write there, and the terminal could not read what belongs to root.
    return process.getuid?.() === 0 && owner !== 0 ? err(text(`${folder} 属于另一个用户，请以那个用户运行本命令。`, `${folder} belongs to another user; run this command as that user.`)) : ok([])
  }
  // A new file in its place would belong to us, and the terminal could not read it.
  if (there !== undefined && process.getuid !== undefined && there.uid !== process.getuid()) return err(text(`${file} 属于另一个用户，请以那个用户运行本命令。`, `${file} belongs to another user; run this command as that user.`))
  const loaded = await loadStaffAccounts(file)
  return loaded.ok ? ok(loaded.value.accounts) : err(loaded.error.sentence)
}

/** Reads, changes and writes the file as one step: of two commands at once, one is refused. */
async function changeFile(file: string, mayBeMissing: boolean, change: Change): Promise<Result<Accounts, LocalText>> {
  try {
    const lock = takeInstanceLock(`${file}.lock`)
    if (!lock.ok) return err(text(`另一个命令正在修改 ${file}（进程 ${lock.error.pid}）。`, `Another command is changing ${file} (process ${lock.error.pid}).`))
    try {
      const before = await accountsIn(file, mayBeMissing)
      const after = before.ok ? change(before.value) : before
      if (!after.ok) return after
      // What the terminal would refuse is not written.
      const checked = staffAccountsSchema.safeParse({ accounts: after.value })
      if (!checked.success) return err(text('这样改以后账号文件不能用，没有修改。', 'The file would not be fit after this; nothing was changed.'))
      await writeDurably(file, `${JSON.stringify(checked.data, null, 2)}\n`)
      return ok(checked.data.accounts)
    } finally {
      lock.value.release()
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    return err(text(`写不了 ${file}（${code}），没有修改。`, `${file} cannot be written (${code}); nothing was changed.`))
  }
}

function changeOf(command: Exclude<Command, 'list'>, given: StaffAccount): Change {
  const { number } = given
  const replace = (change: (account: StaffAccount) => StaffAccount): Change => (accounts) => accounts.some((account) => account.number === number)
    ? ok(accounts.map((account) => (account.number === number ? change(account) : account)))
    : err(text(`没有工号 ${number}。`, `There is no number ${number}.`))
  switch (command) {
    case 'add': return (accounts) => (accounts.some((account) => account.number === number) ? err(text(`工号 ${number} 已经有了。`, `The number ${number} is there already.`)) : ok([...accounts, given]))
    case 'pin': return replace((account) => ({ ...account, pin: given.pin }))
    case 'totp': return replace((account) => ({ ...account, totp: given.totp }))
    case 'role': return replace((account) => ({ ...account, role: given.role }))
    case 'remove': return (accounts) => (accounts.length === 1
      ? err(text('这是最后一个账号。不再需要工作人员页时，请从终端配置里去掉 staff。', 'This is the last account. Where no staff page is wanted, leave staff out of the terminal’s configuration.'))
      : ok(accounts.filter((account) => account.number !== number)))
    default: return unreachable(command)
  }
}

function doneSentence(command: Exclude<Command, 'list'>, number: string): LocalText {
  switch (command) {
    case 'add': return text(`已新增工号 ${number}。`, `Number ${number} was added.`)
    case 'pin': return text(`工号 ${number} 的密码已更换。`, `Number ${number} has a new PIN.`)
    case 'totp': return text(`工号 ${number} 的动态口令密钥已更换，旧的不再有效。`, `Number ${number} has a new authenticator secret; the old one is void.`)
    case 'role': return text(`工号 ${number} 的角色已更换。`, `Number ${number} has a new role.`)
    case 'remove': return text(`已删除工号 ${number}。`, `Number ${number} was removed.`)
    default: return unreachable(command)
  }
}

/** Twice at a terminal, where a slip would lock somebody out; once from a pipe. */
async function newPin(number: string, { input, output }: StaffConsole): Promise<Result<string, LocalText>> {
  const first = input.isTTY === true ? await askHidden(input, output, '  新密码，6 到 12 位数字（不显示） / New PIN, 6 to 12 digits (not shown): ') : await pipedLine(input)
  if (first === undefined) return err(text('没有得到密码，没有修改。', 'No PIN was given; nothing was changed.'))
  const weakness = pinWeakness(first, number)
  if (weakness !== undefined) return err(pinWeaknessSentence(weakness))
  if (input.isTTY !== true) return ok(first)
  const second = await askHidden(input, output, '  再输一次 / Once more: ')
  return second === first ? ok(first) : err(text('两次输入不一样，没有修改。', 'The two were not the same; nothing was changed.'))
}

async function showSecret(number: string, secret: string, say: (message: LocalText) => void, print: (line: string) => void): Promise<void> {
  const uri = new TOTP({ issuer: ISSUER, label: number, secret: Secret.fromBase32(secret) }).toString()
  say(text('请本人现在用验证器扫码，只显示这一次：', 'Have this scanned with the authenticator of that person now; it is shown only once:'))
  print(await drawQr(uri, { type: 'terminal', small: true }))
  print(`  ${uri}`)
}

function listOf(accounts: Accounts): readonly string[] {
  const rows = accounts.map(({ number, name, role, totp, card }) => ['  ', number, ROLE_NAMES[role], name, [totp === undefined ? '' : '动态口令 code', card === undefined ? '' : '卡 card'].filter(Boolean).join('、') || '没有二次验证 no second factor'])
  return columns([['  ', '工号 number', '角色 role', '姓名 name', '二次验证 second factor'], ...rows])
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await runStaffCommand(process.argv.slice(2))
