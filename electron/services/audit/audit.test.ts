import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../../core/clock/simulated-clock.ts'
import type { Database } from '../database/database.ts'
import { openDatabase } from '../database/database.ts'
import type { TerminalKey } from '../one-window/terminal-key.ts'
import { openTerminalKey } from '../one-window/terminal-key.ts'
import type { Audit } from './audit.ts'
import { AUDIT_MIGRATIONS, openAudit } from './audit.ts'
import { hashOf } from './chain.ts'
import { SEALED_HEAD_FILE } from './sealed-head.ts'

let folder: string
let database: Database
let key: TerminalKey
const clock = new SimulatedClock()
const file = (): string => join(folder, 'audit.db')
const head = (): string => join(folder, SEALED_HEAD_FILE)

async function open(): Promise<Audit> {
  const opened = await openDatabase({ file: file(), migrations: AUDIT_MIGRATIONS })
  if (!opened.ok) throw new Error(opened.error.detail)
  database = opened.value
  return openAudit({ database, keys: folder, key, clock })
}

/** What somebody does to the file who has it while the terminal is off. */
async function tamper(work: (raw: DatabaseSync) => void): Promise<Audit> {
  await database.close()
  const raw = new DatabaseSync(file())
  raw.exec('DROP TRIGGER audit_never_changes; DROP TRIGGER audit_never_shrinks')
  work(raw)
  raw.close()
  return open()
}

const entry = (about: string) => ({ staff: '1001', act: 'device-out', about, result: 'done' as const })

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-audit-'))
  const opened = await openTerminalKey(folder)
  if (!opened.ok) throw new Error(opened.error.kind)
  key = opened.value
})
afterEach(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})

async function withThree(): Promise<Audit> {
  const audit = await open()
  for (const about of ['one', 'two', 'three']) await audit.append(entry(about))
  return audit
}

describe('the journal of staff acts', () => {
  it('chains each row to the one before and is whole, also after the next start', async () => {
    const audit = await withThree()
    const [third, second] = await audit.latest(2)
    expect(third).toMatchObject({ number: 3, about: 'three', previous: second?.hash })
    expect(await audit.verify()).toEqual({ whole: true, count: 3, hash: third?.hash })
    await database.close()
    const again = await open()
    await again.append(entry('four'))
    expect(await again.verify()).toMatchObject({ whole: true, count: 4 })
  })

  it('keeps the order of acts that come at the same time', async () => {
    const audit = await open()
    await Promise.all(Array.from({ length: 20 }, (_, index) => audit.append(entry(String(index)))))
    expect((await audit.latest(20)).map((row) => row.about)).toEqual(Array.from({ length: 20 }, (_, index) => String(19 - index)))
    expect(await audit.verify()).toMatchObject({ whole: true, count: 20 })
  })

  it('takes no second row while the first one could not be sealed, and goes on when it can', async () => {
    const audit = await withThree()
    const sealed = readFileSync(head())
    rmSync(head())
    // Nothing can be written where a folder stands.
    mkdirSync(join(head(), 'in-the-way'), { recursive: true })
    for (const about of ['four', 'five', 'six']) await expect(audit.append(entry(about))).rejects.toThrow()
    expect(await audit.count()).toBe(4)
    rmSync(head(), { recursive: true })
    writeFileSync(head(), sealed)
    await database.close()
    const again = await open()
    expect(await again.verify()).toMatchObject({ whole: true, count: 4 })
    await again.append(entry('five'))
    expect(await again.verify()).toMatchObject({ whole: true, count: 5 })
  })

  it('is whole when it is empty', async () => {
    const audit = await open()
    expect(await audit.verify()).toMatchObject({ whole: true, count: 0 })
  })

  it('lets nobody change or delete a row', async () => {
    await withThree()
    await expect(database.run("UPDATE audit SET staff = '2001' WHERE number = 2")).rejects.toThrow('append-only')
    await expect(database.run('DELETE FROM audit WHERE number = 3')).rejects.toThrow('append-only')
  })

  it('names the row that was changed behind its back', async () => {
    await withThree()
    const audit = await tamper((raw) => raw.exec("UPDATE audit SET staff = '2001' WHERE number = 2"))
    expect(await audit.verify()).toEqual({ whole: false, broken: { kind: 'changed', row: 2 }, count: 3 })
  })

  it('notices a changed row whose hash was made anew, at the next one', async () => {
    const before = await withThree()
    const row = (await before.latest(2))[1]
    if (row === undefined) throw new Error('no row')
    const audit = await tamper((raw) => raw.prepare("UPDATE audit SET staff = '2001', hash = ? WHERE number = 2").run(hashOf({ ...row, staff: '2001' })))
    expect(await audit.verify()).toMatchObject({ broken: { kind: 'not-linked', row: 3 } })
  })

  it('notices a row that is missing in the middle', async () => {
    await withThree()
    const audit = await tamper((raw) => raw.exec('DELETE FROM audit WHERE number = 2'))
    expect(await audit.verify()).toMatchObject({ broken: { kind: 'gap', row: 2 } })
  })

  it('notices that the end was cut off, by the sealed head', async () => {
    await withThree()
    const audit = await tamper((raw) => raw.exec('DELETE FROM audit WHERE number > 1'))
    expect(await audit.verify()).toMatchObject({ broken: { kind: 'cut-off', row: 2, missing: 2 } })
    await audit.append(entry('goes on'))
    // What is written now does not heal it.
    expect(await audit.verify()).toMatchObject({ whole: false })
    await audit.append(entry('and on'))
    await audit.append(entry('and on'))
    expect(await audit.verify()).toMatchObject({ whole: false, broken: { kind: 'rewritten', row: 3 } })
  })

  it('notices that the whole file was taken away', async () => {
    await withThree()
    await database.close()
    for (const name of ['audit.db', 'audit.db-wal', 'audit.db-shm']) rmSync(join(folder, name), { force: true })
    expect(await (await open()).verify()).toMatchObject({ broken: { kind: 'cut-off', row: 1, missing: 3 } })
  })

  it('notices a last row that was replaced by another with a fitting hash', async () => {
    const before = await withThree()
    const last = (await before.latest(1))[0]
    if (last === undefined) throw new Error('no row')
    const audit = await tamper((raw) => raw.prepare("UPDATE audit SET about = 'nothing', hash = ? WHERE number = 3").run(hashOf({ ...last, about: 'nothing' })))
    expect(await audit.verify()).toMatchObject({ broken: { kind: 'rewritten', row: 3 } })
  })

  it('notices rows that were written past it', async () => {
    const before = await withThree()
    const last = (await before.latest(1))[0]
    if (last === undefined) throw new Error('no row')
    const audit = await tamper((raw) => {
      let previous = last.hash
      for (const number of [4, 5]) {
        const row = { number, at: 1, staff: '1001', act: 'x', about: '', result: 'done' as const, previous }
        previous = hashOf(row)
        raw.prepare('INSERT INTO audit VALUES (?, 1, ?, ?, ?, ?, ?, ?)').run(number, '1001', 'x', '', 'done', row.previous, previous)
      }
    })
    expect(await audit.verify()).toMatchObject({ broken: { kind: 'not-sealed', row: 4 } })
  })

  it('does not believe a head that this terminal has not sealed, nor a missing one', async () => {
    await withThree()
    const sealed = JSON.parse(readFileSync(head(), 'utf8')) as object
    writeFileSync(head(), JSON.stringify({ ...sealed, count: 2 }))
    await database.close()
    expect(await (await open()).verify()).toMatchObject({ broken: { kind: 'head-forged' } })
    rmSync(head())
    await database.close()
    expect(await (await open()).verify()).toMatchObject({ broken: { kind: 'head-missing' } })
  })

  it('is whole after a power cut between a row and its seal, and seals it at the next start', async () => {
    const audit = await withThree()
    copyFileSync(head(), join(folder, 'older'))
    await audit.append(entry('four'))
    copyFileSync(join(folder, 'older'), head())
    await database.close()
    const again = await open()
    expect(await again.verify()).toMatchObject({ whole: true, count: 4 })
    expect(JSON.parse(readFileSync(head(), 'utf8'))).toMatchObject({ count: 4 })
  })
})
