import { fork, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')
const LIMIT_MS = 90_000

interface Start {
  readonly child: ChildProcess
  words(): string
  /** Resolves once the words stand in what it has said, or says what it said instead when it ends. */
  says(words: string): Promise<void>
  readonly ended: Promise<number | null>
}

describe.skipIf(process.platform !== 'linux')('npm start', () => {
  let folder: string
  let starts: ChildProcess[]
  let taken: Server | undefined

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kiosk-start-'))
    starts = []
  })
  afterEach(async () => {
    for (const child of starts) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    taken?.close()
    taken = undefined
    await rm(folder, { recursive: true, force: true })
  })

  function start(...options: string[]): Start {
    const child = fork(join(ROOT, 'tools', 'start.ts'), ['--no-window', '--folder', folder, ...options], { cwd: ROOT, silent: true, execArgv: ['--no-warnings'] })
    starts.push(child)
    let words = ''
    const waiting = new Set<() => void>()
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        words += chunk.toString()
        for (const look of waiting) look()
      })
    }
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    return {
      child, ended, words: () => words,
      says: (wanted) => new Promise((resolve, reject) => {
        const look = (): void => {
          if (words.includes(wanted)) resolve()
        }
        waiting.add(look)
        look()
        void ended.then(() => reject(new Error(`it ended without saying ${wanted}:\n${words}`)))
      }),
    }
  }

  /** A port that is in use while the test runs. */
  async function portInUse(): Promise<string> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    taken = server
    return String((server.address() as AddressInfo).port)
  }

  it('runs once: a second start says where the first is; Ctrl-C leaves no process and no trace of running', async () => {
    // Left by a crash; the number belongs to another process now.
    writeFileSync(join(folder, 'running.json'), JSON.stringify({ pid: process.pid, bench: 'http://127.0.0.1:1', backend: '' }))
    const first = start()
    await first.says('Stop: Ctrl-C.')
    const { bench, pid } = JSON.parse(readFileSync(join(folder, 'running.json'), 'utf8')) as { readonly bench: string; readonly pid: number }
    expect(pid).toBe(first.child.pid)

    const second = start()
    expect(await second.ended).toBe(0)
    expect(second.words()).toContain(`process ${first.child.pid}`)
    expect(second.words()).toContain(`${bench}/kiosk`)
    expect(existsSync(join(folder, 'running.json'))).toBe(true)
    expect((await fetch(`${bench}/pictures/receipts/never-printed`)).status).toBe(404)

    const family = descendants(first.child.pid ?? 0)
    // The kiosk, its device host and its document worker at least.
    expect(family.length).toBeGreaterThanOrEqual(3)
    first.child.kill('SIGINT')
    expect(await first.ended).toBe(0)
    await gone(family)
    expect(readdirSync(folder).filter((name) => name === 'running.json' || name === 'start.lock')).toEqual([])
  }, LIMIT_MS)

  it('ends with everything when the kiosk process dies, and can be started again', async () => {
    const first = start()
    await first.says('Stop: Ctrl-C.')
    const family = descendants(first.child.pid ?? 0)
    const kiosk = childrenOf(first.child.pid ?? 0)[0]
    expect(kiosk).toBeDefined()
    process.kill(kiosk ?? 0, 'SIGKILL')
    expect(await first.ended).toBe(1)
    expect(first.words()).toContain('The kiosk process ended unexpectedly')
    await gone(family)

    const again = start()
    await again.says('Stop: Ctrl-C.')
    again.child.kill('SIGTERM')
    expect(await again.ended).toBe(0)
  }, LIMIT_MS)

  it('stops in order when Ctrl-C comes before the kiosk is up', async () => {
    const first = start()
    await first.says('starting the kiosk')
    first.child.kill('SIGINT')
    expect(await first.ended).toBe(0)
    expect(first.words()).not.toMatch(/\n\s+at /)
    expect(existsSync(join(folder, 'start.lock'))).toBe(false)
  }, LIMIT_MS)

  it.each(['bench', 'kiosk'])('says that the port of the %s is taken, and leaves nothing behind', async (which) => {
    const port = await portInUse()
    const first = start(`--${which}-port`, port)
    expect(await first.ended).toBe(1)
    expect(first.words()).toMatch(new RegExp(`ort ${port}.* is in use`))
    expect(first.words()).not.toMatch(/\n\s+at /)
    expect(existsSync(join(folder, 'start.lock'))).toBe(false)
  }, LIMIT_MS)

  it('refuses a port that is none', async () => {
    const first = start('--kiosk-port', '70000')
    expect(await first.ended).toBe(1)
    expect(first.words()).toContain('--kiosk-port')
    expect(first.words()).not.toMatch(/\n\s+at /)
  }, LIMIT_MS)
})

function statusOf(pid: number): { readonly parent: number; readonly state: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state = '', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state, parent: Number(parent) }
  } catch {
    return undefined
  }
}

function childrenOf(pid: number): readonly number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((candidate) => statusOf(candidate)?.parent === pid)
}

function descendants(pid: number): readonly number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendants(child)])
}

/** A process that has ended and only waits to be collected counts as gone. */
function isAlive(pid: number): boolean {
  const state = statusOf(pid)?.state
  return state !== undefined && state !== 'Z'
}

/** Orphans end by themselves when their channel closes; `tail` waits for that without polling here. */
async function gone(pids: readonly number[]): Promise<void> {
  for (const pid of pids.filter(isAlive)) {
    await new Promise<void>((resolve) => spawn('tail', ['-f', '/dev/null', `--pid=${pid}`, '-s', '0.1']).once('exit', () => resolve()))
  }
}
