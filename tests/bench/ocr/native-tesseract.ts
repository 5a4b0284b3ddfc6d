import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * The `tesseract` program of the system as it comes: the picture, the language, nothing else but how many threads it may have.
 * The limit is in its favour: it always asks for four, and where there are fewer cores they wait for each other six times as
 * long as they work. (So it is when they are told to wait asleep, `OMP_WAIT_POLICY=passive`.)
 */
export interface NativeReading {
  /** Text of each page. */
  readonly texts: readonly string[]
  readonly wallMs: number
  readonly cpuMs: number
  readonly peakMb: number
}

const LANGUAGE = 'chi_sim'
const PEAK_LOOK_MS = 25
const KB_PER_MB = 1024

/** Version of the program; undefined where it is not there or has no Chinese. */
export function nativeTesseractVersion(): string | undefined {
  const version = spawnSync('tesseract', ['--version'], { encoding: 'utf8' })
  const languages = spawnSync('tesseract', ['--list-langs'], { encoding: 'utf8' })
  if (version.status !== 0 || !languages.stdout.split('\n').includes(LANGUAGE)) return undefined
  return version.stdout.split('\n')[0]?.replace('tesseract ', '').trim()
}

/**
 * Reads pages in one run of the program, which loads its data once, as a long-lived engine does. One page alone is the cold
 * case.
 */
export async function readNatively(files: readonly string[], threads: number): Promise<NativeReading> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-ocr-'))
  try {
    const list = join(folder, 'list.txt')
    writeFileSync(list, `${files.join('\n')}\n`)
    const began = performance.now()
    // Bash's own `time` gives the processor time of the program with all its threads.
    const child = spawn('bash', ['-c', 'TIMEFORMAT="%U %S"; time tesseract "$0" "$1" -l "$2" 2>/dev/null', list, join(folder, 'out'), LANGUAGE], {
      env: { ...process.env, OMP_THREAD_LIMIT: String(threads) }, stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    let peakMb = 0
    const look = setInterval(() => (peakMb = Math.max(peakMb, peakOfChild(child.pid ?? 0))), PEAK_LOOK_MS)
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
    clearInterval(look)
    if (code !== 0) throw new Error(`tesseract ended with ${code ?? 'a signal'}.`)
    const [user = 0, system = 0] = said.trim().split('\n').at(-1)?.split(' ').map(Number) ?? []
    // A form feed parts the pages; some versions end the last page with one too.
    const texts = readFileSync(join(folder, 'out.txt'), 'utf8').split('\f').slice(0, files.length)
    if (texts.length !== files.length) throw new Error(`tesseract gave ${texts.length} pages of ${files.length}.`)
    return { texts, wallMs: performance.now() - began, cpuMs: (user + system) * 1000, peakMb }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Largest memory so far of the program that the shell runs, from the kernel's own count. */
function peakOfChild(shell: number): number {
  try {
    const program = readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').trim().split(' ')[0]
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${program === '' ? shell : program}/status`, 'utf8'))?.[1]
    return Number(peak ?? 0) / KB_PER_MB
  } catch {
    return 0
  }
}
