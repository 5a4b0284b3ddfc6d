import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Secret, TOTP } from 'otpauth'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../../core/clock/simulated-clock.ts'
import type { Database } from '../database/database.ts'
import { openDatabase } from '../database/database.ts'
import { systemClock } from '../../../drivers/device-host/system-clock.ts'
import { loadStaffAccounts } from './accounts-file.ts'
import type { Guard } from './guard.ts'
import { openGuard, STAFF_MIGRATIONS } from './guard.ts'
import { cardHash, createPinCheck, decoyFor, hashPin, isCardOf } from './pins.ts'

let folder: string
let database: Database
let clock: SimulatedClock
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-guard-'))
  clock = new SimulatedClock()
})
afterEach(async () => {
  await database?.close()
  rmSync(folder, { recursive: true })
})
async function open(): Promise<Guard> {
  const opened = await openDatabase({ file: join(folder, 'staff.db'), migrations: STAFF_MIGRATIONS })
  if (!opened.ok) throw new Error(opened.error.detail)
  database = opened.value
  return openGuard(database, clock)
}

describe('the lock after wrong tries', () => {
  it('lets mistypes pass, then doubles the wait up to an hour', async () => {
    const guard = await open()
    const waits: number[] = []
    for (let wrong = 0; wrong < 12; wrong++) {
      await guard.begin('1001')
      const until = guard.lockedUntil('1001') ?? clock.now()
      waits.push((until - clock.now()) / 1000)
      await clock.advance(until - clock.now())
      expect(guard.lockedUntil('1001')).toBeUndefined()
    }
    // From the sixth on the terminal counts as well, with its own lower cap.
    expect(waits).toEqual([0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600])
  })

  it('stands after a restart, and a pulled plug gives no free try', async () => {
    let guard = await open()
    for (let wrong = 0; wrong < 4; wrong++) await guard.begin('1001')
    const until = guard.lockedUntil('1001')
    expect(until).toBe(clock.now() + 60_000)
    await database.close()
    guard = await open()
    expect(guard.lockedUntil('1001')).toBe(until)
    expect(guard.lockedUntil('2001')).toBeUndefined()
    await clock.advance(60_000)
    await guard.begin('1001')
    expect(guard.lockedUntil('1001')).toBe(clock.now() + 120_000)
  })

  it('counts numbers that nobody has alike, and for the terminal as a whole', async () => {
    const guard = await open()
    for (let wrong = 0; wrong < 6; wrong++) await guard.begin(String(4000 + wrong))
    expect(guard.terminalLockedUntil()).toBe(clock.now() + 5_000)
    expect(guard.lockedUntil('1001')).toBe(clock.now() + 5_000)
    // Nothing of what was typed is kept.
    expect(JSON.stringify(await database.all('SELECT * FROM attempts'))).not.toMatch(/400\d/)
  })

  it('lets staff in half a minute after somebody has typed any numbers, and guesses no faster for it', async () => {
    const guard = await open()
    let tries = 0
    for (const began = clock.now(); clock.now() - began < 1_200_000; tries++) {
      await guard.begin(String(4000 + tries))
      await clock.advance(Math.max(0, (guard.terminalLockedUntil() ?? clock.now()) - clock.now()))
    }
    // Six at once, then one every half a minute.
    expect(tries).toBeLessThan(6 + 40 + 6)
    await guard.begin(String(4000 + tries))
    expect(guard.lockedUntil('1001')).toBe(clock.now() + 30_000)
    await clock.advance(30_000)
    expect(guard.lockedUntil('1001')).toBeUndefined()
    // An account that was guessed at stays locked by itself, whatever the terminal does.
    for (let wrong = 0; wrong < 8; wrong++) await guard.begin('1001')
    await clock.advance(30_000)
    expect([guard.lockedUntil('1001') !== undefined, guard.lockedUntil('2001')]).toEqual([true, undefined])
  })

  it('is gone after the right try, and after a day', async () => {
    const guard = await open()
    for (let wrong = 0; wrong < 3; wrong++) await guard.begin('1001')
    await guard.right('1001')
    expect(guard.lockedUntil('1001')).toBeUndefined()
    await guard.begin('1001')
    expect(guard.lockedUntil('1001')).toBeUndefined()
    await guard.begin('1001')
    await clock.advance(86_400_001)
    await guard.begin('1001')
    expect(guard.lockedUntil('1001')).toBeUndefined()
  })

  it('does not lock for ever when the clock was set back', async () => {
    const guard = await open()
    for (let wrong = 0; wrong < 3; wrong++) await guard.begin('1001')
    await database.close()
    clock = new SimulatedClock(clock.now() - 365 * 86_400_000)
    const later = await open()
    expect(later.lockedUntil('1001')).toBe(clock.now() + 3_600_000)
    await clock.advance(3_600_000)
    expect(later.lockedUntil('1001')).toBeUndefined()
  })
})

describe('codes of an authenticator', () => {
  const secret = new Secret({ size: 20 })
  const codeAt = (ms: number): string => TOTP.generate({ secret, timestamp: ms })

  it('takes the present one, the one before and the one after, and no other', async () => {
    const guard = await open()
    const now = clock.now()
    expect(await guard.judgeCode('a', secret.base32, codeAt(now - 60_000))).toBe('wrong')
    expect(await guard.judgeCode('a', secret.base32, codeAt(now - 30_000))).toBe('right')
    expect(await guard.judgeCode('b', secret.base32, codeAt(now))).toBe('right')
    expect(await guard.judgeCode('c', secret.base32, codeAt(now + 30_000))).toBe('right')
    expect(await guard.judgeCode('d', secret.base32, codeAt(now + 60_000))).toBe('wrong')
  })

  it('takes none twice, nor an older one after a newer, also after a restart', async () => {
    let guard = await open()
    const now = clock.now()
    expect(await guard.judgeCode('a', secret.base32, codeAt(now))).toBe('right')
    expect(await guard.judgeCode('a', secret.base32, codeAt(now))).toBe('used')
    await database.close()
    guard = await open()
    expect(await guard.judgeCode('a', secret.base32, codeAt(now - 30_000))).toBe('used')
    await clock.advance(30_000)
    expect(await guard.judgeCode('a', secret.base32, codeAt(now + 30_000))).toBe('right')
  })
})

describe('PINs', () => {
  it('are judged in a thread of their own, and a decoy takes what the real one takes', async () => {
    const phc = await hashPin('135790')
    expect(phc).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    const check = createPinCheck(systemClock)
    expect(await Promise.all([check('135790', phc), check('135791', phc), check('135790', decoyFor(phc))])).toEqual([true, false, false])
    expect(decoyFor(phc.replace('m=19456', 'm=47104'))).toMatch(/^\$argon2id\$v=19\$m=47104,t=2,p=1\$.{22}\$.{43}$/)
    await expect(check('135790', 'no hash')).rejects.toThrow()
  })

  it('knows a staff card by its salted number', () => {
    const salt = 'ab'.repeat(16)
    const card = { salt, sha256: cardHash(salt, '990101195803120027') }
    expect([isCardOf(card, '990101195803120027'), isCardOf(card, '990101199011050014')]).toEqual([true, false])
  })
})

describe('staff.json', () => {
  const pin = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'B'.repeat(43)}`
  const good = { accounts: [{ number: '1001', name: '值班员', role: 'clerk', pin }] }
  const file = (): string => join(folder, 'staff.json')
  const load = async (content: unknown, mode = 0o600) => {
    writeFileSync(file(), typeof content === 'string' ? content : JSON.stringify(content), { mode })
    chmodSync(file(), mode)
    return loadStaffAccounts(file())
  }

  it('is read whole or refused with the place, never with what stands there', async () => {
    expect(await load(good)).toMatchObject({ ok: true })
    const refused = await load({ accounts: [...good.accounts, { number: '2001', name: 'x', role: 'clerk', pin: '246810' }] })
    expect(refused).toMatchObject({ ok: false, error: { kind: 'invalid', path: 'accounts.1.pin' } })
    expect(JSON.stringify(refused)).not.toContain('246810')
    expect(await load({ accounts: [{ ...good.accounts[0], pim: '246810' }] })).toMatchObject({ error: { path: 'accounts.0.pim' } })
    expect(await load('{')).toMatchObject({ error: { kind: 'syntax' } })
    expect(await load(good, 0o644)).toMatchObject({ error: { kind: 'open-to-others' } })
    expect(await loadStaffAccounts(join(folder, 'none.json'))).toMatchObject({ error: { kind: 'unreadable' } })
  })
})
