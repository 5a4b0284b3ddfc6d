import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { systemClock } from '../drivers/device-host/system-clock.ts'
import { loadStaffAccounts } from '../electron/services/staff/accounts-file.ts'
import { createPinCheck, isCardOf } from '../electron/services/staff/pins.ts'
import { PEOPLE } from '../sandbox/devices/people.ts'
import { makeDemoStaff } from './demo-staff.ts'

it('makes staff that a terminal takes, once, with the PINs that are printed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kiosk-demo-staff-'))
  try {
    const made = await makeDemoStaff(folder)
    const loaded = await loadStaffAccounts(made.config.accountsFile)
    if (!loaded.ok) throw new Error(loaded.error.sentence.en)
    const check = createPinCheck(systemClock)
    for (const { number, pin, card } of loaded.value.accounts) {
      const printed = made.lines.find((line) => line.includes(` ${number} `))
      expect(await check(/PIN (\d+)/.exec(printed ?? '')?.[1] ?? '', pin)).toBe(true)
      expect(card && isCardOf(card, PEOPLE[number === '1001' ? 'lin-xiaowen' : 'chen-zhiyuan'].card.number)).toBe(true)
    }
    expect(made.lines.join('\n')).toContain(`secret=${loaded.value.accounts[0]?.totp}`)
    expect(made.config.bundleRecipient).toMatch(/^age1[a-z0-9]{20,}$/)
    for (const name of ['staff.json', 'demo-staff.json']) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    const before = readFileSync(made.config.accountsFile, 'utf8')
    expect(await makeDemoStaff(folder)).toEqual(made)
    expect(readFileSync(made.config.accountsFile, 'utf8')).toBe(before)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
