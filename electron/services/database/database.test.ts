import { mkdtempSync, rmSync, statSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase, type Database } from './database.ts'
import { isAtLeast } from './sqlite-file.ts'

const TABLE = 'CREATE TABLE note(id INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT'
let folder: string
let open: Database[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-database-'))
})
afterEach(async () => {
  for (const database of open) await database.close()
  open = []
  rmSync(folder, { recursive: true })
})

async function opened(migrations: readonly string[] = [TABLE]): Promise<Database> {
  const result = await openDatabase({ file: join(folder, 'test.db'), migrations })
  if (!result.ok) throw new Error(result.error.detail)
  open.push(result.value)
  return result.value
}

describe('the database', () => {
  it('is durable by its settings, which it reads back, and closed to other users', async () => {
    const database = await opened()
    expect(await database.all('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
    expect(await database.all('PRAGMA synchronous')).toEqual([{ synchronous: 2 }])
    expect(await database.all('PRAGMA foreign_keys')).toEqual([{ foreign_keys: 1 }])
    expect(statSync(join(folder, 'test.db')).mode & 0o777).toBe(0o600)
  })

  it('refuses to start where WAL cannot be had', async () => {
    const result = await openDatabase({ file: ':memory:', migrations: [] })
    expect(result).toMatchObject({ ok: false })
    if (!result.ok) expect(['setting-refused', 'cannot-open']).toContain(result.error.kind)
  })

  it('does all of a transaction or nothing', async () => {
    const database = await opened()
    await expect(database.transaction([
      { sql: 'INSERT INTO note(id, words) VALUES (1, ?)', values: ['first'] },
      { sql: 'INSERT INTO note(id, words) VALUES (1, ?)', values: ['same id'] },
    ])).rejects.toThrow(/UNIQUE/)
    await expect(database.transaction([
      { sql: 'INSERT INTO note(id, words) VALUES (2, ?)', values: ['second'] },
      { sql: 'UPDATE note SET words = ? WHERE id = 9', values: ['nobody'], mustChange: 1 },
    ])).rejects.toThrow(/0 rows instead of 1/)
    expect(await database.all('SELECT * FROM note')).toEqual([])
  })

  it('brings an older file up to date, leaves it alone when a step fails, and refuses a newer one', async () => {
    const first = await opened()
    await first.run('INSERT INTO note(id, words) VALUES (1, ?)', 'kept')
    await first.close()
    open = []
    expect(await openDatabase({ file: join(folder, 'test.db'), migrations: [TABLE, 'ALTER TABLE note ADD COLUMN a TEXT; CREATE NONSENSE'] })).toMatchObject({ ok: false })
    const second = await opened([TABLE, "ALTER TABLE note ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'"])
    expect(await second.all('SELECT * FROM note')).toEqual([{ id: 1, words: 'kept', mood: 'calm' }])
    await second.close()
    open = []
    expect(await openDatabase({ file: join(folder, 'test.db'), migrations: [TABLE] })).toMatchObject({ ok: false, error: { kind: 'newer-file' } })
  })

  it('leaves nothing of a deleted row in the file or the WAL after a checkpoint', async () => {
    const database = await opened()
    await database.run('INSERT INTO note(id, words) VALUES (1, ?)', 'CANARY-7731'.repeat(200))
    await database.run('DELETE FROM note')
    await database.checkpoint()
    for (const name of ['test.db', 'test.db-wal']) expect(readFileSync(join(folder, name)).includes('CANARY-7731')).toBe(false)
  })

  it('can be copied while it is open', async () => {
    const database = await opened()
    await database.run('INSERT INTO note(id, words) VALUES (1, ?)', 'copied')
    await database.backup(join(folder, 'copy.db'))
    const copy = new DatabaseSync(join(folder, 'copy.db'), { readOnly: true })
    expect(copy.prepare('SELECT words FROM note').get()).toEqual({ words: 'copied' })
    copy.close()
  })

  it('compares versions by number, not by letter', () => {
    expect(isAtLeast('3.9.0', [3, 51, 3])).toBe(false)
    expect(isAtLeast('3.51.2', [3, 51, 3])).toBe(false)
    expect(isAtLeast('3.51.3', [3, 51, 3])).toBe(true)
    expect(isAtLeast('4.0.0', [3, 51, 3])).toBe(true)
  })
})
