import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '../core/clock/simulated-clock.ts'
import type { Audit } from '../electron/services/audit/audit.ts'
import { AUDIT_FILE, AUDIT_MIGRATIONS, openAudit } from '../electron/services/audit/audit.ts'
import type { Database } from '../electron/services/database/database.ts'
import { openDatabase } from '../electron/services/database/database.ts'
import { openTerminalKey } from '../electron/services/one-window/terminal-key.ts'
import { runAuditCommand } from './audit.ts'

let folder: string
let database: Database
let audit: Audit
let said: string[]
const run = (...args: readonly string[]): Promise<number> => runAuditCommand([...args, '--folder', folder], (line) => said.push(line), (line) => said.push(line))
const file = (): string => join(folder, 'database', AUDIT_FILE)

beforeEach(async () => {
  said = []
  folder = mkdtempSync(join(tmpdir(), 'kiosk-audit-tool-'))
  for (const room of ['database', 'keys']) mkdirSync(join(folder, room))
  const key = await openTerminalKey(join(folder, 'keys'))
  const opened = await openDatabase({ file: file(), migrations: AUDIT_MIGRATIONS })
  if (!opened.ok || !key.ok) throw new Error('not opened')
  database = opened.value
  audit = await openAudit({ database, keys: join(folder, 'keys'), key: key.value, clock: new SimulatedClock() })
  for (const about of ['card-reader', 'receipt-printer']) await audit.append({ staff: '1001', act: 'device-out', about, result: 'done' })
})
afterEach(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})

describe('npm run audit', () => {
  it('says that a journal is whole, also while the terminal runs', async () => {
    expect(await run('verify')).toBe(0)
    expect(said.join('\n')).toContain('2 row(s)')
  })

  it('shows the last acts in words of the terminal', async () => {
    expect(await run('show', '--last', '1')).toBe(0)
    expect(said[0]).toMatch(/2 {2}2026-01-01 08:00:00 {2}1001 {6}done {5}device-out {2}receipt-printer$/)
  })

  it('ends with 1 and names the row when it is broken', async () => {
    await database.close()
    const raw = new DatabaseSync(file())
    raw.exec("DROP TRIGGER audit_never_changes; UPDATE audit SET about = 'scanner' WHERE number = 1")
    raw.close()
    expect(await run('verify')).toBe(1)
    expect(said.join('\n')).toContain('Row 1 was changed')
    const opened = await openDatabase({ file: file(), migrations: AUDIT_MIGRATIONS })
    if (opened.ok) database = opened.value
  })

  it('makes no key and no journal where there is none', async () => {
    rmSync(join(folder, 'keys'), { recursive: true })
    expect(await run('verify')).toBe(1)
    expect(said.join('\n')).toContain('no terminal key')
    said = []
    expect(await runAuditCommand(['verify', '--folder', join(folder, 'elsewhere')], () => undefined, (line) => said.push(line))).toBe(1)
    expect(said.join('\n')).toContain('There is no journal')
  })

  it('explains itself', async () => {
    expect(await run('heal')).toBe(2)
    expect(await run('verify', '--what')).toBe(2)
  })
})
