import { writeFileSync } from 'node:fs'
import { encode as encodePng } from 'fast-png'
import jpeg from 'jpeg-js'
import type { Clock } from '../../../core/clock/clock.ts'
import type { Fetch } from '../http.ts'
import type { ProgramEnd, StartProgram } from '../program.ts'

/** What is the matter with the line to the scanner. `late`: every answer comes just before its limit. */
export type LineState = 'well' | 'unplugged' | 'silent' | 'noise' | 'late'

const SCAN = 'http://schemas.hp.com/imaging/escl/2011/05/03'
const PWG = 'http://www.pwg.org/schemas/2010/12/sm'
const CAPABILITIES = `<c:ScannerCapabilities xmlns:c="${SCAN}" xmlns:w="${PWG}"><w:Version>2.0</w:Version><c:Platen><c:PlatenInputCaps/></c:Platen><c:Adf><c:AdfSimplexInputCaps/></c:Adf></c:ScannerCapabilities>`
const STATUS = `<c:ScannerStatus xmlns:c="${SCAN}" xmlns:w="${PWG}"><w:State>Idle</w:State><c:AdfState>ScannerAdfLoaded</c:AdfState></c:ScannerStatus>`
const OPTIONS = '    --mode Gray|Color [Gray]\n    --source Flatbed|ADF [Flatbed]\n    --resolution 75|300dpi [75]\n    -x 0..216mm [0]\n    -y 0..297mm [0]\n'
const PIXELS = { width: 24, height: 35, data: new Uint8Array(24 * 35 * 4).fill(200) }
const JPEG = new Uint8Array(jpeg.encode(PIXELS, 80).data)
const PNG = encodePng({ ...PIXELS, channels: 4, depth: 8 })
const NOISE = Uint8Array.from({ length: 600 }, (_, at) => (at * 151 + 7) % 256)

const LATE_ANSWER_MS = 2_500
const LATE_PAGE_MS = 25_000
const PAGE_MS = 5_000

/** One line, and everything that waits at it: a change of its state reaches what is on its way as well. */
export class ScriptedLine {
  readonly #clock: Clock
  #state: LineState = 'well'
  #waiting = new Set<() => void>()
  /** A page that is asked for fails with this exit code of `scanimage`. */
  exitCode = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get state(): LineState {
    return this.#state
  }

  set state(state: LineState) {
    this.#state = state
    for (const look of [...this.#waiting]) look()
  }

  /** Calls `act` with the line's state when an answer is due, or as soon as the line is cut. */
  #due(ms: number, lateMs: number, act: (state: Exclude<LineState, 'silent'>) => void): void {
    let elapsed = false
    const done = (state: Exclude<LineState, 'silent'>): void => {
      this.#waiting.delete(look)
      act(state)
    }
    const look = (): void => {
      if (this.#state === 'unplugged') done('unplugged')
      else if (elapsed && this.#state !== 'silent') done(this.#state)
    }
    this.#waiting.add(look)
    this.#clock.setTimeout(() => {
      elapsed = true
      look()
    }, this.#state === 'late' ? lateMs : ms)
    look()
  }

  /** A scanner that speaks eSCL at the other end. */
  readonly fetch: Fetch = (url, { method, signal }) => new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')))
    const isPage = url.endsWith('/NextDocument')
    this.#due(isPage ? PAGE_MS : 0, isPage ? LATE_PAGE_MS : LATE_ANSWER_MS, (state) => {
      if (state === 'unplugged') return reject(Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } }))
      if (state === 'noise') return resolve(new Response(NOISE, { status: 200 }))
      if (method === 'POST') return resolve(new Response(null, { status: 201, headers: { location: '/eSCL/ScanJobs/7' } }))
      if (method === 'DELETE') return resolve(new Response(null, { status: 200 }))
      resolve(new Response(isPage ? JPEG : url.endsWith('/ScannerStatus') ? STATUS : CAPABILITIES, { status: 200 }))
    })
  })

  /** `scanimage` with a scanner at the other end; it heeds no SIGINT while the line is silent. */
  readonly start: StartProgram = (_program, args) => {
    const file = args[args.indexOf('-o') + 1]
    const isScan = args.includes('-o')
    let tell: (end: ProgramEnd) => void = () => undefined
    let output: (text: string) => void = () => undefined
    let errorOutput: (text: string) => void = () => undefined
    let ended = false
    const end = (how: ProgramEnd): void => {
      if (ended) return
      ended = true
      tell(how)
    }
    this.#due(isScan ? PAGE_MS : 10, isScan ? LATE_PAGE_MS : LATE_ANSWER_MS, (state) => {
      if (ended) return
      if (state === 'unplugged') {
        if (args[0] === '-f') return end({ kind: 'exit', code: 0 })
        errorOutput(isScan ? 'scanimage: sane_read: Error during device I/O\n' : 'scanimage: open of device test:0 failed: Invalid argument\n')
        return end({ kind: 'exit', code: isScan ? 9 : 1 })
      }
      if (state === 'noise') {
        if (isScan && file !== undefined) writeFileSync(file, NOISE)
        else output(Buffer.from(NOISE).toString('latin1'))
        return end({ kind: 'exit', code: 0 })
      }
      if (args[0] === '-f') output('test:0\n')
      else if (!isScan) output(OPTIONS)
      else if (this.exitCode === 0 && file !== undefined) writeFileSync(file, PNG)
      end({ kind: 'exit', code: isScan ? this.exitCode : 0 })
    })
    return {
      pid: undefined,
      onOutput: (listener) => (output = listener),
      onErrorOutput: (listener) => (errorOutput = listener),
      onEnd: (listener) => (tell = listener),
      kill: (signal) => {
        if (signal === 'SIGKILL' || this.#state !== 'silent') this.#clock.setTimeout(() => end({ kind: 'signal', signal }), signal === 'SIGKILL' ? 0 : 340)
      },
    }
  }
}
