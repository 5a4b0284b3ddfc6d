import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { TOTP, URI } from 'otpauth'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { sandboxConfig } from '../../core/config/sandbox-config.ts'
import { forkHost } from '../../drivers/device-host/spawn-fork.ts'
import { systemClock } from '../../drivers/device-host/system-clock.ts'
import { forkDocumentWorker } from '../../electron/document-worker/fork.ts'
import { openDataFolder } from '../../electron/services/data-folder.ts'
import { openLog } from '../../electron/services/log.ts'
import type { StaffService } from '../../electron/services/staff/staff.ts'
import { startTerminal } from '../../electron/services/terminal.ts'
import { runStaffCommand } from '../../tools/staff.ts'

const ROOT = new URL('../../', import.meta.url)
const LIMIT_MS = 60_000

let folder: string
let accountsFile: string
let undo: (() => unknown)[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-staff-accounts-'))
  accountsFile = join(folder, 'staff.json')
  undo = [() => rmSync(folder, { recursive: true })]
})
afterEach(async () => {
  for (const end of undo.reverse()) await end()
})

/** Runs `npm run staff` with a PIN piped in; what it said. */
async function staffCommand(args: readonly string[], pin = ''): Promise<string> {
  const said: string[] = []
  expect(await runStaffCommand([...args, '--file', accountsFile], { print: (line) => said.push(line), printError: (line) => said.push(line), input: new PassThrough().end(pin), output: new PassThrough(), environment: {} }), said.join('\n')).toBe(0)
  return said.join('\n')
}

/** A whole terminal without devices whose backend cannot be reached: staff sign in all the same. */
async function startedStaff(): Promise<StaffService> {
  const data = openDataFolder(join(folder, 'terminal'))
  if (!data.ok) throw new Error(data.error.sentence.en)
  undo.push(() => data.value.release())
  const log = openLog({ folder: data.value.log, clock: systemClock })
  undo.push(() => log.close())
  const started = await startTerminal({
    config: { ...sandboxConfig({ dataFolder: data.value.root, rootFile: join(folder, 'root.json') }), devices: [], backend: { url: 'http://127.0.0.1:9/api', timeoutMs: 1_000 }, staff: { accountsFile } },
    folder: data.value, log, clock: systemClock, software: '0.0.0', enrolmentCode: undefined, assets: new URL('assets/', ROOT),
    spawnDeviceHost: forkHost(new URL('drivers/device-host/main.ts', ROOT).pathname), startDocumentWorker: () => forkDocumentWorker(), restartKiosk: () => undefined,
  })
  if (!started.ok) throw new Error(started.error.en)
  undo.push(() => started.value.stop())
  return started.value.staff
}

async function signIn(staff: StaffService, pin: string): Promise<string> {
  if (staff.view() === undefined) staff.act({ kind: 'open' })
  expect(staff.act({ kind: 'sign-in', staff: '2001', pin })).toBe('accepted')
  await staff.idle()
  const view = staff.view()
  return view?.stage === 'desk' ? `in as ${view.who.role}` : view?.stage === 'sign-in' ? view.problem?.en ?? '' : ''
}

it('signs in whom the command made, and takes a changed file without a restart', async () => {
  const uri = /otpauth:\S+/.exec(await staffCommand(['add', '2001', '--name', '技术员', '--role', 'technician'], '246801'))?.[0] ?? ''
  const staff = await startedStaff()
  expect(await signIn(staff, '246801')).toBe('in as technician')

  // What only a technician with the second factor may do: the code is that of the secret which was shown.
  expect(staff.act({ kind: 'terminal-out', reason: 'maintenance' })).toBe('accepted')
  await staff.idle()
  expect(staff.view()?.stage).toBe('second-factor')
  const authenticator = URI.parse(uri)
  if (!(authenticator instanceof TOTP)) throw new Error(uri)
  staff.act({ kind: 'give-code', code: authenticator.generate() })
  await vi.waitFor(() => expect(staff.closed()).toBeDefined(), { timeout: 15_000 })
  staff.act({ kind: 'close' })
  await staff.idle()

  await staffCommand(['pin', '2001'], '975310')
  await staffCommand(['role', '2001', 'clerk'])
  expect(await signIn(staff, '246801')).toContain('wrong')
  expect(await signIn(staff, '975310')).toBe('in as clerk')
}, LIMIT_MS)
