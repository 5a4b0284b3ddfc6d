import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'
import { findBrowser } from '../../tools/browser.mjs'
import type { PackHeader } from './packs.ts'
import { publishPack } from './packs.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const START_LIMIT_MS = 180_000

/** What came out of the receipt printer. */
export interface Paper {
  readonly id: number
  readonly lines: readonly string[]
  /** In one piece, cut, and nothing of it was thrown away. */
  readonly complete: boolean
  readonly end: 'hanging' | 'cut' | 'torn' | 'paper-end'
  readonly pngId: string
}

/** The state that the bench tells about everything in the sandbox world; tests read the parts they need. */
export interface BenchState {
  readonly links: Readonly<Record<string, string>>
  readonly things: {
    readonly 'receipt-printer': { readonly paper: 'present' | 'near-end' | 'out'; readonly receipts: readonly Paper[] }
    readonly repository: { readonly requests: number }
    readonly 'card-reader': { readonly card: string | null; readonly reads: number }
    readonly backend: { readonly cases: readonly { readonly number: string; readonly matter: string; readonly packVersion: string; readonly materials: number }[]; readonly evaluations: readonly { readonly caseNumber: string; readonly grade: number }[] }
  }
}

/** One running `npm start`: world and kiosk, as a user has them, and the bench's API to act on the world. */
export class RunningKiosk {
  readonly folder: string
  readonly bench: string
  readonly #process: ChildProcess

  private constructor(folder: string, bench: string, child: ChildProcess) {
    this.folder = folder
    this.bench = bench
    this.#process = child
  }

  /** `switches` of `npm start`, such as `--camera`; `pack`: published before the start, in place of the demonstration pack as it is. */
  static async start({ switches = [], pack }: { readonly switches?: readonly string[]; readonly pack?: ((header: PackHeader) => void) | undefined } = {}): Promise<RunningKiosk> {
    const folder = await mkdtemp(join(tmpdir(), 'kiosk-e2e-'))
    if (pack !== undefined) await publishPack(join(folder, 'world', 'repository'), pack)
    const temporary = join(folder, 'temporary')
    await mkdir(temporary)
    const child = fork(join(ROOT, 'tools', 'start.ts'), ['--no-window', '--folder', folder, ...switches], { cwd: ROOT, silent: true, execArgv: ['--no-warnings'], env: { ...process.env, TMPDIR: temporary } })
    let words = ''
    const running = join(folder, 'running.json')
    await new Promise<void>((resolve, reject) => {
      const limit = setTimeout(() => {
        // What did not start in time must not go on without anybody.
        child.kill('SIGINT')
        reject(new Error(`the kiosk did not start:\n${words}`))
      }, START_LIMIT_MS)
      const hear = (chunk: Buffer): void => {
        words += chunk.toString()
        if (!words.includes('Ctrl-C') || !existsSync(running)) return
        clearTimeout(limit)
        resolve()
      }
      child.stdout?.on('data', hear)
      child.stderr?.on('data', hear)
      child.once('exit', (code) => reject(new Error(`the kiosk ended (${code}):\n${words}`)))
    })
    const { bench } = JSON.parse(readFileSync(running, 'utf8')) as { readonly bench: string }
    return new RunningKiosk(folder, bench, child)
  }

  /** What `npm run pack` works on. */
  get repository(): string {
    return join(this.folder, 'world', 'repository')
  }

  /** The system's folder for temporary files, as the kiosk's processes see it. */
  get temporaryFolder(): string {
    return join(this.folder, 'temporary')
  }

  get dataFolder(): string {
    return join(this.folder, 'terminal')
  }

  /** Version of the pack in force, as the terminal has written it down. */
  async packInForce(): Promise<string | undefined> {
    const records = JSON.parse(await readFile(join(this.dataFolder, 'catalogue', 'catalogue.json'), 'utf8')) as { readonly active?: { readonly version?: string } }
    return records.active?.version
  }

  async tell(thing: string, command: object): Promise<void> {
    const answer = await fetch(`${this.bench}/api/things/${thing}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(command) })
    if (answer.status !== 204) throw new Error(`${thing} refused ${JSON.stringify(command)}: ${await answer.text()}`)
  }

  async state(): Promise<BenchState> {
    return (await (await fetch(`${this.bench}/api/state`)).json()) as BenchState
  }

  /** How often the terminal has written this event into its log. */
  async logged(event: string): Promise<number> {
    const folder = join(this.dataFolder, 'log')
    const files = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'))
    const lines = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
    return lines.join('').split('\n').filter((line) => line.includes(`"${event}"`)).length
  }

  /** Which papers come out of the receipt printer from now on: ask again with what this answers. */
  async newestPaper(): Promise<number> {
    return (await this.state()).things['receipt-printer'].receipts.at(-1)?.id ?? 0
  }

  async papersAfter(id: number): Promise<readonly Paper[]> {
    return (await this.state()).things['receipt-printer'].receipts.filter((paper) => paper.id > id)
  }

  /** A picture that the bench shows: a printed receipt, a demonstration paper. */
  async picture(kind: string, name: string): Promise<Uint8Array> {
    const answer = await fetch(`${this.bench}/pictures/${kind}/${encodeURIComponent(name)}`)
    if (!answer.ok) throw new Error(`no picture ${kind}/${name}`)
    return new Uint8Array(await answer.arrayBuffer())
  }

  async lay(person: string): Promise<void> {
    await this.tell('card-reader', { kind: 'lift' })
    await this.tell('card-reader', { kind: 'lay', person })
  }

  /** Ends it as Ctrl-C does, and proves that it ends. */
  async stop(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#process.once('exit', () => resolve()))
    this.#process.kill('SIGINT')
    await ended
    await rm(this.folder, { recursive: true, force: true })
  }
}

export async function launchBrowser(...switches: readonly string[]): Promise<Browser> {
  const executablePath = findBrowser()
  if (executablePath === undefined) throw new Error('no browser; run npm test, which brings one')
  const asRoot = process.getuid?.() === 0
  return chromium.launch({ executablePath, args: [...(asRoot ? ['--no-sandbox'] : []), '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--force-color-profile=srgb', ...switches] })
}

export const PORTRAIT = { width: 1080, height: 1920 }
export const LANDSCAPE = { width: 1920, height: 1080 }
