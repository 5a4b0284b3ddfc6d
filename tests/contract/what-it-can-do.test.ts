import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** The promise of the product: the screen follows the true state of the devices within two seconds. */
const FOLLOWS_WITHIN_MS = 2_000
const LIMIT_MS = 120_000

interface Happened {
  readonly name: string
  readonly harmMs: number
  readonly mendMs: number
  readonly matters: Readonly<Record<string, { readonly state: string; readonly reasons: readonly string[] }>>
}

/** A whole terminal with the virtual devices, in a process of its own; each event of the list happens to it once. */
describe('what the terminal offers', () => {
  let folder: string
  let happened: ReadonlyMap<string, Happened>
  let ended: { readonly code: number | null; readonly words: string }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kiosk-can-do-'))
    ended = await new Promise((resolve) => {
      const child = fork(join(import.meta.dirname, 'what-it-can-do-victim.ts'), [folder], { silent: true, execArgv: ['--no-warnings'] })
      let words = ''
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (words += chunk.toString()))
      const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS - 5_000)
      child.once('close', (code) => {
        clearTimeout(limit)
        resolve({ code, words })
      })
    })
    const lines = ended.words.split('\n').filter((line) => line.startsWith('{'))
    happened = new Map(lines.map((line) => JSON.parse(line) as Happened).map((one) => [one.name, one]))
  }, LIMIT_MS)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('is watched to the end', () => expect(ended).toMatchObject({ code: 0 }))

  it.each(['paper ends', 'paper nearly ends', 'cover opened', 'printer unplugged', 'reader unplugged', 'scanner unplugged', 'A4 paper ends', 'code scanner unplugged', 'device host killed'])('follows within two seconds: %s', (name) => {
    expect(happened.get(name)?.harmMs).toBeLessThan(FOLLOWS_WITHIN_MS)
  })

  it.each(['paper ends', 'paper nearly ends', 'cover opened', 'A4 paper ends'])('follows within two seconds when it is mended: %s', (name) => {
    expect(happened.get(name)?.mendMs).toBeLessThan(FOLLOWS_WITHIN_MS)
  })

  it('without paper: drops what is nothing but paper, and keeps an application, saying before the start that the receipt is electronic', () => {
    const { M01: proof, M05: application } = happened.get('paper ends')?.matters ?? {}
    expect(proof).toEqual({ state: 'unavailable', reasons: ['回执打印机没有纸了。这一项现在办不了。请稍后再来，或到人工窗口办理。'] })
    expect(application?.state).toBe('limited')
    expect(application?.reasons).toContain('回执打印机没有纸了。这次没有纸质回执：办完后请扫码保存电子回执，或记下办件编号。')
  })

  it('with little paper: goes on as before', () => {
    expect(Object.values(happened.get('paper nearly ends')?.matters ?? {}).map(({ state }) => state)).toEqual(['available', 'available'])
  })
})
