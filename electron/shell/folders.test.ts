import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pruneCrashDumps } from './crash-dumps.ts'
import { graphicsOffUntil, turnGraphicsOff } from './graphics.ts'
import { watchdogLimitMs } from './watchdog.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'kiosk-shell-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('crash dumps', () => {
  it('are kept to the five newest, in whatever folder of Crashpad they lie; other files stay', () => {
    for (const [index, name] of ['new', 'pending', 'completed'].entries()) {
      mkdirSync(join(folder, name))
      for (let i = 0; i < 3; i++) {
        const path = join(folder, name, `${index}${i}.dmp`)
        writeFileSync(path, '')
        utimesSync(path, 1_000 + index * 3 + i, 1_000 + index * 3 + i)
      }
    }
    writeFileSync(join(folder, 'settings.dat'), '')
    expect(pruneCrashDumps(folder)).toBe(4)
    expect(readdirSync(folder, { recursive: true }).map(String).filter((name) => /\.(dmp|dat)$/.test(name)).sort()).toEqual(['completed/20.dmp', 'completed/21.dmp', 'completed/22.dmp', 'pending/11.dmp', 'pending/12.dmp', 'settings.dat'])
  })

  it('are none where there is no folder', () => expect(pruneCrashDumps(join(folder, 'none'))).toBe(0))
})

describe('graphics that are off', () => {
  const NOW = 1_767_225_600_000
  it('stay off for a day', () => {
    turnGraphicsOff(folder, NOW)
    expect(graphicsOffUntil(folder, NOW + 1)).toBe(NOW + 86_400_000)
    expect(graphicsOffUntil(folder, NOW + 86_400_000)).toBeUndefined()
    expect(readdirSync(folder)).toEqual([])
  })
  it('are tried again when the clock was set back, and when the file is torn', () => {
    turnGraphicsOff(folder, NOW)
    expect(graphicsOffUntil(folder, NOW - 1)).toBeUndefined()
    for (const content of ['', '{', 'null', '{"untilMs":"soon"}']) {
      writeFileSync(join(folder, 'graphics-off.json'), content)
      expect(graphicsOffUntil(folder, NOW)).toBeUndefined()
    }
  })
})

describe('the limit of the supervisor', () => {
  it('is what systemd says, in milliseconds', () => {
    expect(watchdogLimitMs({ NOTIFY_SOCKET: '/run/systemd/notify', WATCHDOG_USEC: '30000000' })).toBe(30_000)
    for (const environment of [{}, { WATCHDOG_USEC: '30000000' }, { NOTIFY_SOCKET: '/x' }, { NOTIFY_SOCKET: '/x', WATCHDOG_USEC: 'x' }, { NOTIFY_SOCKET: '/x', WATCHDOG_USEC: '0' }]) expect(watchdogLimitMs(environment)).toBeUndefined()
  })
})
