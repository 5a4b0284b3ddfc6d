import { spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { TOTP, URI } from 'otpauth'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pinWeakness } from '../core/staff/pin-rule.ts'
import type { StaffAccount } from '../core/staff/accounts.ts'
import { systemClock } from '../drivers/device-host/system-clock.ts'
import { loadStaffAccounts } from '../electron/services/staff/accounts-file.ts'
import { createPinCheck } from '../electron/services/staff/pins.ts'
import type { PinInput } from './staff/ask-pin.ts'
import { runStaffCommand } from './staff.ts'

let folder: string
let file: string
let said: string[]
let shown: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-staff-tool-'))
  file = join(folder, 'staff.json')
  said = []
  shown = ''
})
afterEach(() => rmSync(folder, { recursive: true }))

const piped = (content: string): PinInput => new PassThrough().end(content)
/** A terminal in raw mode: a key is a piece of its own, and what was typed comes before anybody asks. */
function terminal(keys: string): PinInput & { readonly modes: boolean[] } {
  const modes: boolean[] = []
  const input = Object.assign(new PassThrough(), { isTTY: true, modes, setRawMode: (raw: boolean) => modes.push(raw) })
  for (const key of keys) input.write(key)
  return input
}
function run(args: readonly string[], input: PinInput = piped(''), environment: Record<string, string> = {}): Promise<0 | 1 | 2> {
  const output = new PassThrough()
  output.on('data', (piece: Buffer) => (shown += piece.toString()))
  return runStaffCommand(args, { print: (line) => said.push(line), printError: (line) => said.push(line), input, output, environment })
}
const change = (...args: readonly string[]): Promise<0 | 1 | 2> => run([...args, '--file', file], piped('246801\n'))
const add = (number: string, role: string): Promise<0 | 1 | 2> => change('add', number, '--name', '张三', '--role', role)
async function accounts(): Promise<readonly StaffAccount[]> {
  const loaded = await loadStaffAccounts(file)
  if (!loaded.ok) throw new Error(loaded.error.sentence.en)
  return loaded.value.accounts
}
const fits = async (pin: string): Promise<boolean> => createPinCheck(systemClock)(pin, (await accounts())[0]?.pin ?? '')

describe('npm run staff', () => {
  it('makes a file that a terminal takes, for this user alone, and shows the secret once', async () => {
    expect(await add('1001', 'technician')).toBe(0)
    const [account] = await accounts()
    expect(account).toMatchObject({ number: '1001', name: '张三', role: 'technician' })
    expect(await fits('246801')).toBe(true)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['staff.json'])
    const uri = said.find((line) => line.includes('otpauth://'))?.trim() ?? ''
    const shownSecret = URI.parse(uri)
    expect(shownSecret).toBeInstanceOf(TOTP)
    expect(shownSecret.secret.base32).toBe(account?.totp)
    expect(said.join('\n')).toContain('▄')
    expect(said.join('\n')).not.toContain('246801')
    said = []
    expect(await change('list')).toBe(0)
    expect(said.join('\n')).toContain('1001')
    expect(said.join('\n')).not.toContain(account?.totp)
  })

  it('changes one thing at a time and leaves the others', async () => {
    expect([await add('1001', 'technician'), await add('2001', 'clerk')]).toEqual([0, 0])
    const before = await accounts()
    expect(await run(['pin', '1001', '--file', file], piped('975310'))).toBe(0)
    expect([await fits('975310'), await fits('246801')]).toEqual([true, false])
    expect(await change('totp', '1001')).toBe(0)
    expect(await change('role', '2001', 'technician')).toBe(0)
    const after = await accounts()
    expect(after[0]?.totp).not.toBe(before[0]?.totp)
    expect(after[1]).toEqual({ ...before[1], role: 'technician' })
    expect(await change('remove', '1001')).toBe(0)
    expect(await accounts()).toEqual([after[1]])
  })

  it('asks twice at a terminal, shows nothing of it, and gives the terminal back', async () => {
    const keys = terminal('24689\u007F01\r246801\r')
    expect(await run(['add', '1001', '--name', '张三', '--role', 'clerk', '--file', file], keys)).toBe(0)
    expect(await fits('246801')).toBe(true)
    expect(shown).not.toMatch(/2468|\d{6}/)
    expect(keys.modes).toEqual([true, false, true, false])
    expect(said.join('\n')).toContain('no technician')
    for (const [typed, why] of [['975310\r975311\r', 'not the same'], ['975310\r\u0003', 'not the same'], ['9753\u0003', 'No PIN was given']] as const) {
      said = []
      expect(await run(['pin', '1001', '--file', file], terminal(typed))).toBe(1)
      expect(said.join('\n')).toContain(why)
    }
    expect(await fits('246801')).toBe(true)
  })

  it('refuses with a sentence and changes nothing', async () => {
    await add('1001', 'technician')
    const before = readFileSync(file, 'utf8')
    for (const [args, input, code, why] of [
      [['add', '1001', '--name', 'x', '--role', 'clerk'], '246801', 1, 'there already'],
      [['pin', '3001'], '246801', 1, 'no number 3001'],
      [['remove', '1001'], '', 1, 'last account'],
      [['pin', '1001'], '12345', 1, '6 to 12 digits'],
      [['pin', '1001'], '345678', 1, 'run'],
      [['pin', '1001'], '246801\n246801\n', 1, 'No PIN was given'],
      [['pin', '1001', '246801'], '', 2, 'Usage'],
      [['pin', '1001', '--pin', '246801'], '', 2, 'Usage'],
      [['role', '1001', 'boss'], '', 2, 'clerk or technician'],
      [['add', '12', '--name', 'x', '--role', 'clerk'], '', 2, '4 to 8 digits'],
      [['add', '3001', '--role', 'clerk'], '', 2, '--name'],
      [['dance'], '', 2, 'Usage'],
    ] as const) {
      said = []
      expect(await run([...args, '--file', file], piped(input)), args.join(' ')).toBe(code)
      expect(said.join('\n')).toContain(why)
    }
    expect(readFileSync(file, 'utf8')).toBe(before)
    writeFileSync(join(folder, 'broken.json'), '{', { mode: 0o600 })
    expect(await run(['add', '1001', '--name', 'x', '--role', 'clerk', '--file', join(folder, 'broken.json')], piped('246801'))).toBe(1)
    expect(readFileSync(join(folder, 'broken.json'), 'utf8')).toBe('{')
    expect(await run(['add', '1001', '--name', 'x', '--role', 'clerk', '--file', join(folder, 'none', 'staff.json')], piped('246801'))).toBe(1)
    expect(said.join('\n')).toContain('ENOENT')
  })

  it.skipIf(process.getuid?.() !== 0)('makes no file of root where the terminal of another user looks for its own (needs root)', async () => {
    chownSync(folder, 12_345, 12_345)
    expect(await add('1001', 'technician')).toBe(1)
    expect(said.join('\n')).toContain('belongs to another user')
    expect(readdirSync(folder)).toEqual([])
    chownSync(folder, 0, 0)
    expect(await add('1001', 'technician')).toBe(0)
    chownSync(file, 12_345, 12_345)
    expect(await change('list')).toBe(1)
  })

  it('finds the file in the configuration of the terminal', async () => {
    const config = join(folder, 'kiosk.config.json')
    expect(await run(['list'])).toBe(2)
    const staff = { accountsFile: 'keys/staff.json' }
    const example = JSON.parse(/```json\n([\s\S]+?)```/.exec(readFileSync(new URL('../docs/configuration.md', import.meta.url), 'utf8'))?.[1] ?? '') as object
    mkdirSync(join(folder, 'keys'))
    writeFileSync(config, JSON.stringify({ ...example, staff }))
    file = join(folder, 'keys', 'staff.json')
    said = []
    expect(await run(['add', '1001', '--name', '张三', '--role', 'clerk', '--config', config], piped('246801')), said.join()).toBe(0)
    expect(await run(['list'], piped(''), { KIOSK_CONFIG: config })).toBe(0)
    expect(await accounts()).toHaveLength(1)
  })

  it('runs as a command', () => {
    const node = (...args: readonly string[]) => spawnSync(process.execPath, [new URL('staff.mjs', import.meta.url).pathname, ...args, '--file', file], { input: '246801\n', encoding: 'utf8' })
    expect(node('add', '1001', '--name', '张三', '--role', 'clerk').status).toBe(0)
    expect(node('list').stdout).toContain('张三')
    expect(node('pin', '9999').status).toBe(1)
  })
})

describe('a PIN', () => {
  it.each([
    ['12345', 'shape'], ['1234567890123', 'shape'], ['12a456', 'shape'], ['', 'shape'], ['000000', 'same-digit'], ['123456', 'run'], ['987654', 'run'], ['890123', 'run'], ['210987', 'run'],
    ['121212', 'pattern'], ['123123', 'pattern'], ['991001', 'staff-number'], ['10011001', 'staff-number'], ['246810', undefined], ['135790', undefined], ['112233', undefined],
  ] as const)('%s', (pin, weakness) => expect(pinWeakness(pin, '1001')).toBe(weakness))
  it('is not the number itself', () => expect([pinWeakness('246801', '246801'), pinWeakness('246801', '24680135')]).toEqual(['staff-number', 'staff-number']))
})
