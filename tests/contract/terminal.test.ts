import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const LIMIT_MS = 60_000

/** A whole terminal as a process of its own: that it ends by itself proves that no timer, thread or child was left. */
describe('a terminal', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kiosk-terminal-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  function run(what: string): Promise<{ readonly code: number | null; readonly lines: readonly string[] }> {
    return new Promise((resolve) => {
      const child = fork(join(import.meta.dirname, 'terminal-victim.ts'), [folder, what], { silent: true, execArgv: ['--no-warnings'] })
      let words = ''
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (words += chunk.toString()))
      const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS - 5_000)
      child.once('close', (code) => {
        clearTimeout(limit)
        resolve({ code, lines: words.trim().split('\n') })
      })
    })
  }

  async function logged(): Promise<string> {
    const place = join(folder, 'terminal', 'log')
    return (await Promise.all((await readdir(place)).map((name) => readFile(join(place, name), 'utf8')))).join('')
  }

  it('goes on while its device host is killed, says so, and leaves nothing running when it stops in mid-session', async () => {
    expect(await run('serve')).toEqual({ code: 0, lines: ['ready', 'devices gone, still guide', 'M05 is unavailable', 'devices back, still guide', 'session ended', 'stopped'] })
    expect(await logged()).toMatch(/session\.started[\s\S]*session\.ended/)
  }, LIMIT_MS)

  it('that has no good print ledger does not serve: it says so, and what had started is stopped', async () => {
    const { code, lines } = await run('refused')
    expect(code).toBe(0)
    expect(lines[0]).toMatch(/^refused: .{20}/)
    expect(lines.at(-1)).toBe('stopped')
  }, LIMIT_MS)

  it('that lacks a part of its installation ends in a sentence as well', async () => {
    const { code, lines } = await run('no-assets')
    expect({ code, lines }).toMatchObject({ code: 0, lines: ['without its assets', expect.stringMatching(/^refused: The terminal did not start \(ENOENT\)/), 'stopped'] })
    expect(existsSync(join(folder, 'terminal', 'lock'))).toBe(false)
  }, LIMIT_MS)
})
