import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DataFolder } from './data-folder.ts'
import { openDataFolder } from './data-folder.ts'

let base: string
let root: string
let opened: DataFolder[]
let umask: number

beforeEach(() => {
  umask = process.umask()
  base = fs.mkdtempSync(join(tmpdir(), 'kiosk-data-'))
  root = join(base, 'deep', 'data')
  opened = []
})
afterEach(() => {
  for (const folder of opened) folder.release()
  process.umask(umask)
  fs.rmSync(base, { recursive: true })
})

function open(...args: Parameters<typeof openDataFolder>): DataFolder {
  const result = openDataFolder(...args)
  if (!result.ok) throw new Error(`${result.error.kind}: ${result.error.sentence.en}`)
  opened.push(result.value)
  return result.value
}
const refusalOf = (...args: Parameters<typeof openDataFolder>): string => {
  const result = openDataFolder(...args)
  if (result.ok) opened.push(result.value)
  return result.ok ? 'opened' : `${result.error.kind}: ${result.error.sentence.en}`
}
const mode = (path: string): number => fs.statSync(path).mode & 0o777
/** The pid of a process that has ended. */
const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid
const writeLock = (owner: unknown): void => fs.writeFileSync(join(root, 'kiosk.lock'), JSON.stringify(owner))

describe('the data folder', () => {
  it('is created for this user alone, with all its rooms', () => {
    const folder = open(root)
    for (const path of [folder.root, folder.database, folder.attachments, folder.catalogue, folder.keys, folder.log, folder.training, folder.temporary]) expect(mode(path)).toBe(0o700)
    fs.writeFileSync(join(folder.keys, 'made-by-a-library'), 'x')
    expect(mode(join(folder.keys, 'made-by-a-library'))).toBe(0o600)
  })

  it('is tightened, with everything in it, when it was left open', () => {
    open(root).release()
    fs.writeFileSync(join(root, 'log', 'old.jsonl'), 'x')
    fs.chmodSync(join(root, 'log', 'old.jsonl'), 0o644)
    fs.chmodSync(root, 0o755)
    const folder = open(root)
    expect(folder.tightened).toBe(true)
    expect([mode(root), mode(join(root, 'log', 'old.jsonl'))]).toEqual([0o700, 0o600])
  })

  it('is refused when its permissions cannot be tightened, as on a memory card', () => {
    open(root).release()
    fs.chmodSync(root, 0o755)
    const system = { platform: 'linux' as const, userId: process.getuid?.(), chmod: () => undefined }
    expect(refusalOf(root, system)).toBe(`readable-by-others: ${root} can be read by other users and its permissions cannot be tightened. Put the data folder on a local disk that has permissions.`)
  })

  it('is refused when it belongs to another user', () => {
    expect(refusalOf(root, { platform: 'linux', userId: 4_294_967, chmod: fs.chmodSync })).toMatch(/^other-owner: /)
  })

  it('is refused, and not touched, when the folder holds other things', () => {
    fs.mkdirSync(root, { recursive: true })
    fs.chmodSync(root, 0o755)
    fs.writeFileSync(join(root, 'holiday.jpg'), 'x')
    expect(refusalOf(root)).toMatch(/^foreign-content: /)
    expect(mode(root)).toBe(0o755)
    expect(fs.readdirSync(root)).toEqual(['holiday.jpg'])
  })

  it('is refused when a file stands in its place, or in its way', () => {
    fs.writeFileSync(join(base, 'file'), 'x')
    expect(refusalOf(join(base, 'file'))).toMatch(/^not-a-folder: /)
    expect(refusalOf(join(base, 'file', 'data'))).toMatch(/^not-a-folder: /)
    expect(refusalOf('/proc/kiosk-data')).toMatch(/^not-writable: .*\(ENOENT\)/)
  })

  it('forgets at each start what a crash left in the temporary room', () => {
    const folder = open(root)
    fs.mkdirSync(join(folder.temporary, 'scan'))
    fs.writeFileSync(join(folder.temporary, 'scan', 'page.jpg'), 'x')
    folder.release()
    expect(fs.readdirSync(open(root).temporary)).toEqual([])
  })
})

describe('the lock of the data folder', () => {
  it('keeps a second instance out and names the first', () => {
    open(root)
    expect(refusalOf(root)).toBe(`already-running: The kiosk is running already (process ${process.pid}) and uses the data folder ${root}.`)
  })

  it('is free again after release', () => {
    open(root).release()
    expect(open(root).staleLock).toBe(false)
  })

  it('is taken over from a process that is dead', () => {
    open(root).release()
    writeLock({ pid: deadPid(), born: 'whenever' })
    expect(open(root).staleLock).toBe(true)
  })

  it('is taken over when the pid lives but was born later than the owner of the lock', () => {
    open(root).release()
    writeLock({ pid: process.pid, born: 'another-boot/1' })
    expect(open(root).staleLock).toBe(true)
  })

  it('is taken over when a power cut left half a lock', () => {
    open(root).release()
    fs.writeFileSync(join(root, 'kiosk.lock'), '{"pi')
    expect(open(root).staleLock).toBe(true)
  })

  it('is not taken over while another starter is taking it over', () => {
    open(root).release()
    writeLock({ pid: deadPid(), born: 'whenever' })
    fs.writeFileSync(join(root, 'kiosk.lock.takeover'), JSON.stringify({ pid: 1, born: 'unknown' }))
    expect(refusalOf(root)).toMatch(/^already-running: .*process 1\)/)
    fs.utimesSync(join(root, 'kiosk.lock.takeover'), 0, 0)
    expect(open(root).staleLock).toBe(true)
  })

  it('is not released by one who has lost it', () => {
    const first = open(root)
    writeLock({ pid: 1, born: 'unknown' })
    first.release()
    expect(fs.existsSync(join(root, 'kiosk.lock'))).toBe(true)
    fs.rmSync(join(root, 'kiosk.lock'))
  })
})
