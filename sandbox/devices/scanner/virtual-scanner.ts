import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { z } from 'zod'
import type { Clock } from '../../../core/clock/clock.ts'
import type { CableState } from '../cable.ts'
import { Cable, cableCommandSchema } from '../cable.ts'
import { CabledHttp } from '../page-printer/cabled-http.ts'
import { realClock } from '../real-clock.ts'
import { seededRandom } from '../seeded-random.ts'
import type { VirtualDevice } from '../virtual-device.ts'
import { ChangeListeners } from '../virtual-device.ts'
import type { JobAnswer } from './escl-answers.ts'
import { capabilitiesXml, sourceIn, statusXml } from './escl-answers.ts'
import { PAPER_STATES } from '../../papers/states.ts'
import type { PaperState } from '../../papers/states.ts'
import type { DemonstrationPage } from './pages.ts'

/**
 * `jam`: the next sheet is caught, or the one after so many more (the scanner answers 200 with no bytes, as real ones do).
 * `no-data`: the same without a word of why. `stub`: the head of a picture and nothing behind it. `not-yet`: 503 for the given number of page requests. `slow`: the picture trickles. `truncated`: its end is
 * missing. `unplugged`: nobody answers at the door.
 */
export const SCANNER_FAULTS = ['jam', 'cover-open', 'busy', 'no-data', 'not-yet', 'slow', 'truncated', 'stub', 'unplugged'] as const
export type ScannerFault = (typeof SCANNER_FAULTS)[number]

const pageId = z.string().min(1)
export const scannerCommandSchema = z.discriminatedUnion('kind', [
  /** `state`: how the paper is spoiled; left out, it is as it is. */
  z.strictObject({ kind: z.literal('lay'), page: pageId, state: z.enum(PAPER_STATES).optional() }),
  z.strictObject({ kind: z.literal('lift') }),
  z.strictObject({ kind: z.literal('feed'), pages: z.array(pageId).min(1).max(50) }),
  z.strictObject({ kind: z.literal('empty-feeder') }),
  z.strictObject({ kind: z.literal('break'), fault: z.enum(SCANNER_FAULTS), /** `not-yet`: how often. */ times: z.int().min(1).max(1000).optional(), /** `jam`: sheets that still pass. */ after: z.int().min(0).max(50).optional() }),
  z.strictObject({ kind: z.literal('mend'), fault: z.enum(SCANNER_FAULTS) }),
  cableCommandSchema,
])
export type ScannerCommand = z.input<typeof scannerCommandSchema>

export interface ScannerDeviceState {
  readonly url: string
  readonly pages: readonly { readonly id: string; readonly title: DemonstrationPage['title'] }[]
  readonly onGlass: string | null
  /** In what state it lies there; `null`: as it is. */
  readonly state: PaperState | null
  readonly inFeeder: readonly string[]
  readonly faults: readonly ScannerFault[]
  readonly jammed: boolean
  readonly scanned: number
  readonly activity: 'idle' | 'scanning'
  readonly cable: CableState
}

export interface VirtualScannerOptions {
  readonly pages: readonly DemonstrationPage[]
  /** The picture that is taken of a paper in a state; without it papers are scanned as they are. */
  readonly take?: (page: DemonstrationPage, state: PaperState | undefined, scannerDpi: number) => Promise<Uint8Array>
  /** 0: any free port. */
  readonly port?: number
  /** How `Location` names the job; real scanners do all three. */
  readonly location?: 'absolute' | 'relative' | 'foreign-host'
  /** Time between two pieces of a slow picture. */
  readonly slowPieceMs?: number
  readonly clock?: Clock
  /** What is left to chance on the cable. */
  readonly seed?: number
}

interface Job {
  readonly path: string
  readonly source: 'platen' | 'feeder'
  state: JobAnswer['state']
  reason: string
  imagesCompleted: number
  sending: boolean
}

/** The lid seen from below, when nothing lies on the glass. */
const LID = 'blank'
const SLOW_PIECES = 12
/** What was seen to be left of a picture that never came. */
const STUB_BYTES = 54
const KEPT_JOBS = 10
const NOT_YET_TIMES = 3

/** A flatbed scanner with feeder that speaks eSCL over HTTP on the loopback address. */
export class VirtualScanner implements VirtualDevice<ScannerCommand, ScannerDeviceState> {
  readonly name = 'document-scanner'
  readonly commandSchema = scannerCommandSchema
  readonly #pages: ReadonlyMap<string, DemonstrationPage>
  readonly #location: 'absolute' | 'relative' | 'foreign-host'
  readonly #slowPieceMs: number
  readonly #listeners = new ChangeListeners()
  readonly #faults = new Set<ScannerFault>()
  readonly #http: Server
  readonly #door: CabledHttp
  readonly #cable: Cable
  #onGlass: string | null = null
  #state: PaperState | null = null
  /** The picture of what lies on the glass, where it is not the paper's own. */
  #taken: Uint8Array | undefined
  readonly #take: VirtualScannerOptions['take']
  #feeder: string[] = []
  #jammed = false
  #notYets = 0
  #sheetsBeforeJam = 0
  #jobs: Job[] = []
  #made = 0
  #scanned = 0

  constructor(options: VirtualScannerOptions) {
    this.#pages = new Map(options.pages.map((page) => [page.id, page]))
    this.#location = options.location ?? 'absolute'
    this.#take = options.take
    this.#slowPieceMs = options.slowPieceMs ?? 400
    this.#http = createServer((request, response) => {
      // One conversation for each question, as small devices do; the cable carries one at a time.
      response.shouldKeepAlive = false
      this.#answer(request, response).catch(() => response.destroy())
    })
    this.#door = new CabledHttp({ http: this.#http, port: options.port ?? 0, outward: (bytes) => this.#cable.outward(bytes), inward: (bytes) => this.#cable.inward(bytes) })
    this.#cable = new Cable({ clock: options.clock ?? realClock, random: seededRandom(options.seed ?? 1), door: this.#door, onChange: () => this.#listeners.notify(), onUnplug: () => this.#abortJobs() })
    if (!this.#pages.has(LID)) throw new Error(`the pages need one with the id "${LID}"`)
  }

  async start(): Promise<void> {
    this.#faults.delete('unplugged')
    await this.#cable.plug()
  }

  async stop(): Promise<void> {
    await this.#cable.stop()
    this.#jobs = []
  }

  get url(): string {
    return `http://127.0.0.1:${this.#door.port}/eSCL`
  }

  onChange(listener: () => void): () => void {
    return this.#listeners.add(listener)
  }

  state(): ScannerDeviceState {
    return {
      url: this.url,
      pages: [...this.#pages.values()].map(({ id, title }) => ({ id, title })),
      onGlass: this.#onGlass,
      state: this.#state,
      inFeeder: [...this.#feeder],
      faults: [...this.#faults],
      jammed: this.#jammed,
      scanned: this.#scanned,
      activity: this.#jobs.some((job) => job.state === 'Processing') ? 'scanning' : 'idle',
      cable: this.#cable.state(),
    }
  }

  async command(command: ScannerCommand): Promise<void> {
    switch (command.kind) {
      case 'lay':
        await this.#lay(this.#known(command.page), command.state)
        break
      case 'lift':
        this.#onGlass = null
        this.#state = null
        this.#taken = undefined
        break
      case 'feed':
        this.#feeder.push(...command.pages.map((page) => this.#known(page)))
        break
      case 'empty-feeder':
        this.#feeder = []
        break
      case 'break':
        this.#faults.add(command.fault)
        if (command.fault === 'not-yet') this.#notYets = command.times ?? NOT_YET_TIMES
        if (command.fault === 'jam') this.#sheetsBeforeJam = command.after ?? 0
        if (command.fault === 'unplugged') await this.#cable.unplug()
        break
      case 'mend':
        this.#faults.delete(command.fault)
        if (command.fault === 'jam') this.#jammed = false
        if (command.fault === 'not-yet') this.#notYets = 0
        if (command.fault === 'unplugged') await this.#cable.plug()
        break
      case 'cable':
        await this.#cable.command(command)
        break
    }
    this.#listeners.notify()
  }

  /** A paper as large as the glass and as it is needs no picture of its own. */
  async #lay(id: string, state: PaperState | undefined): Promise<void> {
    const page = this.#pages.get(id)
    const needsPicture = page !== undefined && this.#take !== undefined && (state !== undefined || page.values !== undefined)
    const taken = needsPicture ? await this.#take?.(page, state, this.#dpi()) : undefined
    this.#onGlass = id
    this.#state = state ?? null
    this.#taken = taken
  }

  #dpi(): number {
    return [...this.#pages.values()][0]?.dpi ?? 200
  }

  #known(page: string): string {
    if (!this.#pages.has(page)) throw new Error(`no demonstration page has the id "${page}"; there are ${[...this.#pages.keys()].join(', ')}`)
    return page
  }

  /** Without its line the scanner gives up what it was doing. */
  #abortJobs(): void {
    for (const job of this.#jobs) if (job.state === 'Processing') this.#endJob(job, 'Aborted', 'JobCanceledAtDevice')
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace(/\/+$/, '')
    if (request.method === 'GET' && path === '/eSCL/ScannerCapabilities') return sendXml(response, capabilitiesXml(this.#dpi()))
    if (request.method === 'GET' && path === '/eSCL/ScannerStatus') return sendXml(response, statusXml(this.#scannerState(), this.#adfState(), this.#jobs))
    if (request.method === 'POST' && path === '/eSCL/ScanJobs') return this.#makeJob(await bodyOf(request), response)
    const job = this.#jobs.find((candidate) => path === candidate.path || path === `${candidate.path}/NextDocument`)
    if (job === undefined) return sendEmpty(response, 404)
    if (request.method === 'DELETE' && path === job.path) {
      if (job.state === 'Processing') this.#endJob(job, 'Canceled', 'JobCanceledByUser')
      return sendEmpty(response, 200)
    }
    if (request.method === 'GET' && path !== job.path) return this.#nextDocument(job, response)
    sendEmpty(response, 405)
  }

  #scannerState(): 'Idle' | 'Processing' | 'Stopped' {
    if (this.#faults.has('cover-open')) return 'Stopped'
    return this.#faults.has('busy') || this.#jobs.some((job) => job.state === 'Processing') ? 'Processing' : 'Idle'
  }

  #adfState(): string {
    if (this.#faults.has('cover-open')) return 'ScannerAdfHatchOpen'
    if (this.#jammed) return 'ScannerAdfJam'
    return this.#feeder.length > 0 ? 'ScannerAdfLoaded' : 'ScannerAdfEmpty'
  }

  #makeJob(settings: string, response: ServerResponse): void {
    const source = sourceIn(settings)
    if (source === undefined) return sendEmpty(response, 400)
    if (this.#scannerState() !== 'Idle') return sendEmpty(response, 503)
    if (source === 'feeder' && (this.#feeder.length === 0 || this.#jammed)) return sendEmpty(response, 409)
    const path = `/eSCL/ScanJobs/${String(++this.#made).padStart(8, '0')}-0000-1000-8000-000000000000`
    this.#jobs = [{ path, source, state: 'Processing' as const, reason: 'JobScanning', imagesCompleted: 0, sending: false }, ...this.#jobs].slice(0, KEPT_JOBS)
    this.#listeners.notify()
    const location = { absolute: `http://127.0.0.1:${this.#door.port}${path}`, relative: path, 'foreign-host': `http://scanner-2f.invalid:9${path}/` }[this.#location]
    response.writeHead(201, { LOCATION: location, 'content-length': 0 })
    response.end()
  }

  async #nextDocument(job: Job, response: ServerResponse): Promise<void> {
    if (job.sending) return sendEmpty(response, 503)
    if (job.state !== 'Processing') return sendEmpty(response, 404)
    if (this.#notYets > 0) {
      if (--this.#notYets === 0) this.#faults.delete('not-yet')
      this.#listeners.notify()
      return sendEmpty(response, 503)
    }
    if (job.source === 'feeder' && this.#feeder.length === 0) {
      this.#endJob(job, 'Completed', 'JobCompletedSuccessfully')
      return sendEmpty(response, 404)
    }
    const jams = job.source === 'feeder' && this.#faults.has('jam') && this.#sheetsBeforeJam === 0
    if (job.source === 'feeder' && this.#sheetsBeforeJam > 0) this.#sheetsBeforeJam--
    if (jams || this.#faults.has('no-data')) {
      this.#jammed ||= jams
      // A real scanner was seen to count the page that never came.
      job.imagesCompleted++
      this.#endJob(job, 'Aborted', jams ? 'MediaJam' : 'AbortedBySystem')
      response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': 0 })
      response.end()
      return
    }
    const page = this.#pages.get((job.source === 'feeder' ? this.#feeder.shift() : this.#onGlass) ?? LID)
    if (page === undefined) return sendEmpty(response, 500)
    job.sending = true
    const picture = (job.source === 'platen' ? this.#taken : undefined) ?? page.jpeg
    const jpeg = picture.subarray(0, this.#faults.has('stub') ? STUB_BYTES : this.#faults.has('truncated') ? Math.floor(picture.length * 0.6) : picture.length)
    const whole = await this.#send(jpeg, response)
    job.sending = false
    if (job.state === 'Processing') {
      job.imagesCompleted++
      if (!whole) this.#endJob(job, 'Aborted', 'AbortedBySystem')
      else if (job.source === 'platen') this.#endJob(job, 'Completed', 'JobCompletedSuccessfully')
    }
    if (whole) this.#scanned++
    this.#listeners.notify()
  }

  /** False when the client went away before the end. */
  async #send(jpeg: Uint8Array, response: ServerResponse): Promise<boolean> {
    const gone = new Promise<false>((resolve) => response.once('close', () => resolve(false)))
    response.writeHead(200, { 'content-type': 'image/jpeg' })
    const pieces = this.#faults.has('slow') ? SLOW_PIECES : 1
    const size = Math.ceil(jpeg.length / pieces)
    for (let piece = 0; piece < pieces; piece++) {
      response.write(jpeg.subarray(piece * size, (piece + 1) * size))
      if (piece === pieces - 1) break
      let timer: NodeJS.Timeout | undefined
      const rested = new Promise<true>((resolve) => (timer = setTimeout(() => resolve(true), this.#slowPieceMs)))
      const still = await Promise.race([rested, gone])
      clearTimeout(timer)
      if (!still) return false
    }
    const ended = new Promise<true>((resolve) => response.end(() => resolve(true)))
    return Promise.race([ended, gone])
  }

  #endJob(job: Job, state: JobAnswer['state'], reason: string): void {
    job.state = state
    job.reason = reason
    this.#listeners.notify()
  }
}

function sendXml(response: ServerResponse, xml: string): void {
  response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8' })
  response.end(xml)
}

function sendEmpty(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-length': 0 })
  response.end()
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  request.setEncoding('utf8')
  for await (const piece of request) {
    body += String(piece)
    if (body.length > 100_000) throw new Error('scan settings of more than 100 kB')
  }
  return body
}
