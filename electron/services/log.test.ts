import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { Log } from '../../core/log/events.ts'
import type { KioskLog } from './log.ts'
import { COALESCE_MS, openLog, withholdPersonal } from './log.ts'
import { openRotatingFile } from './rotating-file.ts'

const START = Date.UTC(2026, 10, 22, 12)
const DAY_MS = 86_400_000

let folder: string
let clock: SimulatedClock
let kioskLog: KioskLog | undefined

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'kiosk-log-'))
  clock = new SimulatedClock(START)
})
afterEach(() => {
  kioskLog?.close()
  fs.rmSync(folder, { recursive: true })
})

const start = (options: Partial<Parameters<typeof openLog>[0]> = {}): Log => {
  kioskLog = openLog({ folder, clock, ...options })
  return kioskLog.log
}
const content = (): string => fs.readdirSync(folder).sort().map((name) => fs.readFileSync(join(folder, name), 'utf8')).join('')
const lines = (): Record<string, unknown>[] => content().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>)

describe('the log', () => {
  it('writes an event with its time, level and fields, and the line is on the file when the call returns', () => {
    start()('device-host.killed', { code: 'hung', pid: 12 })
    expect(lines()).toEqual([{ level: 'error', time: '2026-11-22T12:00:00.000Z', event: 'device-host.killed', code: 'hung', pid: 12 }])
    expect(fs.statSync(join(folder, 'kiosk-2026-11-22.1.jsonl')).mode & 0o077).toBe(0)
  })

  it('lets no canary through, wherever a careless caller puts it', () => {
    const canaries = ['周桂兰', '990101195803120027', '13812345678', '演示市演示区演示路1号']
    const log = start() as (event: string, fields: Record<string, unknown>) => void
    for (const canary of canaries) {
      log('session.fault', { step: canary, code: 'x' })
      log('session.fault', { step: 'y', [canary]: 1 })
      log('session.fault', { step: { inner: canary } })
      log('device.note', { name: 'n', detail: `value=${canary}` })
      log(canary, { code: 'x' })
    }
    log('session.scan', { bytes: 13_812_345_678 })
    kioskLog?.close()
    for (const canary of canaries) expect(content()).not.toContain(canary)
    expect(lines().some((line) => line.event === 'session.fault' && line.code === 'x' && line.scrubbed === 1)).toBe(true)
    expect(lines().some((line) => line.event === 'log.unknown-event')).toBe(true)
  })

  it('looks at each finished line once more', () => {
    expect(withholdPersonal('{"event":"x","code":"990101195803120027"}\n', clock)).toBe('{"level":"error","time":"2026-11-22T12:00:00.000Z","event":"log.line-withheld"}\n')
    expect(withholdPersonal('{"event":"x","time":"2026-11-22T12:00:00.000Z","pid":12}\n', clock)).toContain('"pid":12')
  })

  it('folds repeats of a minute into one count', async () => {
    const log = start()
    for (let i = 0; i < 500; i++) log('backend.state', { network: 'offline', code: 'ECONNREFUSED' })
    log('backend.state', { network: 'online' })
    expect(lines()).toHaveLength(2)
    await clock.advance(COALESCE_MS)
    expect(lines().slice(2)).toEqual([{ level: 'info', time: '2026-11-22T12:01:00.000Z', event: 'backend.state', network: 'offline', code: 'ECONNREFUSED', repeated: 499 }])
    expect(clock.pending).toBe(0)
  })

  it('does not lose the counts that are open when it closes', () => {
    const log = start()
    log('screen.gone', { code: 'crashed' })
    log('screen.gone', { code: 'crashed' })
    kioskLog?.close()
    expect(lines().at(-1)).toMatchObject({ event: 'screen.gone', repeated: 1 })
    expect(clock.pending).toBe(0)
  })

  it('remembers only so many different events at a time', () => {
    const log = start()
    for (let i = 0; i < 1_000; i++) log('page-host.listening', { port: i })
    expect(clock.pending).toBe(200)
  })

  it('keeps its last line when the process is killed right after', () => {
    const program = `
      const { openLog } = await import(${JSON.stringify(new URL('./log.ts', import.meta.url).href)})
      const { systemClock } = await import(${JSON.stringify(new URL('../../drivers/device-host/system-clock.ts', import.meta.url).href)})
      const { log } = openLog({ folder: ${JSON.stringify(folder)}, clock: systemClock })
      for (let i = 0; i < 200; i++) log('page-host.listening', { port: i })
      log('app.crashed', { code: 'TypeError' })
      process.kill(process.pid, 'SIGKILL')`
    const ended = spawnSync(process.execPath, ['--input-type=module', '-e', program], { timeout: 15_000 })
    expect(ended.signal).toBe('SIGKILL')
    expect(lines()).toHaveLength(201)
    expect(lines().at(-1)).toMatchObject({ event: 'app.crashed', code: 'TypeError' })
  })
})

describe('an error', () => {
  it('is flushed to the disk before the call returns, and ordinary lines are not', () => {
    const durable: boolean[] = []
    const file = openRotatingFile(folder, clock)
    kioskLog = openLog({ folder, clock, file: { ...file, append: (line, flush) => durable.push(flush) && file.append(line, flush) } })
    kioskLog.log('app.ready', {})
    kioskLog.log('app.crashed', { code: 'x' })
    expect(durable).toEqual([false, true])
  })
})

describe('the files of the log', () => {
  it('change with the day and with the size, and no line is split or lost', async () => {
    const log = start({ rotation: { maxFileBytes: 400, maxTotalBytes: 100_000, maxDays: 14 } })
    for (let i = 0; i < 10; i++) log('page-host.listening', { port: i })
    await clock.advance(DAY_MS)
    log('page-host.listening', { port: 99 })
    const names = fs.readdirSync(folder)
    expect(names).toContain('kiosk-2026-11-22.2.jsonl')
    expect(names).toContain('kiosk-2026-11-23.1.jsonl')
    for (const name of names) expect(fs.statSync(join(folder, name)).size).toBeLessThanOrEqual(400)
    expect(lines().map((line) => line.port)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 99])
  })

  it('are kept for 14 days, and other people’s files for ever', async () => {
    fs.writeFileSync(join(folder, 'kiosk-2026-11-01.1.jsonl'), 'old\n')
    fs.writeFileSync(join(folder, 'notes.txt'), 'x')
    start()('app.ready', {})
    expect(fs.readdirSync(folder).sort()).toEqual(['kiosk-2026-11-22.1.jsonl', 'notes.txt'])
    for (let day = 0; day < 20; day++) {
      await clock.advance(DAY_MS)
      kioskLog?.log('page-host.listening', { port: day })
    }
    const days = fs.readdirSync(folder).filter((name) => name.startsWith('kiosk-'))
    expect(days).toHaveLength(14)
    expect(days.sort().at(-1)).toBe('kiosk-2026-12-12.1.jsonl')
  })

  it('never take more room than they may', () => {
    const log = start({ rotation: { maxFileBytes: 500, maxTotalBytes: 2_000, maxDays: 14 } })
    for (let i = 0; i < 200; i++) log('page-host.listening', { port: i })
    const total = fs.readdirSync(folder).reduce((sum, name) => sum + fs.statSync(join(folder, name)).size, 0)
    expect(total).toBeLessThanOrEqual(2_000)
    expect(lines().at(-1)?.port).toBe(199)
  })

  it('are continued after a restart, on a new line even after half a one', () => {
    fs.writeFileSync(join(folder, 'kiosk-2026-11-22.1.jsonl'), '{"event":"cut of')
    start()('app.ready', {})
    expect(content().split('\n')[1]).toContain('app.ready')
  })

  it('survive a full disk: nothing is thrown, and the number of lost lines is known', () => {
    let full = true
    const file = openRotatingFile(folder, clock, undefined, {
      write: (descriptor, line) => {
        if (full) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
        return fs.writeSync(descriptor, line)
      },
      sync: () => undefined,
    })
    file.append('one\n', true)
    file.append('two\n', true)
    full = false
    file.append('three\n', true)
    expect(file.takeLost()).toEqual({ lines: 2, code: 'ENOSPC' })
    expect(file.takeLost().lines).toBe(0)
    expect(content()).toBe('three\n')
    file.close()
  })
})
