import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { PDFDocument } from 'pdf-lib'
import type { Clock } from '../../../core/clock/clock.ts'
import { unreachable } from '../../../core/result/result.ts'
import type { CableState } from '../cable.ts'
import { Cable } from '../cable.ts'
import { seededRandom } from '../seeded-random.ts'
import type { VirtualDevice } from '../virtual-device.ts'
import { ChangeListeners } from '../virtual-device.ts'
import type { PagePrinterCommand, PagePrinterFault } from './bench-commands.ts'
import { pagePrinterCommandSchema } from './bench-commands.ts'
import { CabledHttp } from './cabled-http.ts'
import type { AnswerGroup, Attribute, ReadRequest } from './ipp-bytes.ts'
import { attribute, readRequest, writeAnswer } from './ipp-bytes.ts'

/** RFC 8011, section 5.3.7. */
const JOB_STATES = { pending: 3, processing: 5, stopped: 6, canceled: 7, aborted: 8, completed: 9 } as const
type JobState = keyof typeof JOB_STATES

export interface PrintedDocument {
  readonly id: number
  readonly name: string
  readonly state: JobState
  /** Pages of the document, and sheets that are out. */
  readonly pages: number
  readonly out: number
  readonly sides: string
  readonly pdf: Uint8Array
}

export interface PagePrinterState {
  readonly url: string
  readonly powered: boolean
  readonly sheets: number
  readonly size: string
  readonly inOutput: number
  readonly impressions: number
  readonly faults: readonly PagePrinterFault[]
  readonly jobs: readonly Omit<PrintedDocument, 'pdf'>[]
  readonly cable: CableState
}

export interface VirtualPagePrinterOptions {
  readonly clock: Clock
  /** 0: any free port. */
  readonly port?: number
  readonly sheets?: number
  readonly pageMs?: number
  readonly seed?: number
}

interface Job {
  readonly id: number
  readonly name: string
  readonly pdf: Buffer
  readonly pages: number
  readonly sides: string
  state: JobState
  out: number
}

const FULL_TRAY = 250
/** Below this the sensor of the tray says that paper is low. */
const LOW_SHEETS = 10
const KEPT_JOBS = 50
const LARGEST_REQUEST_BYTES = 40_000_000
const PATH = '/ipp/print'
const OK = 0

/** An A4 laser printer that speaks IPP over HTTP on the loopback address, prints at a printer's pace and keeps what it printed. */
export class VirtualPagePrinter implements VirtualDevice<PagePrinterCommand, PagePrinterState> {
  readonly name = 'page-printer'
  readonly commandSchema = pagePrinterCommandSchema
  readonly #clock: Clock
  readonly #pageMs: number
  readonly #listeners = new ChangeListeners()
  readonly #faults = new Set<PagePrinterFault>()
  readonly #http: Server
  readonly #door: CabledHttp
  readonly #cable: Cable
  #jobs: Job[] = []
  #made = 0
  #sheets: number
  #size: string = 'iso_a4_210x297mm'
  #inOutput = 0
  #impressions = 0
  #powered = true
  #jammed = false
  #timer: unknown

  constructor({ clock, port = 0, sheets = FULL_TRAY, pageMs = 3_000, seed = 1 }: VirtualPagePrinterOptions) {
    this.#clock = clock
    this.#pageMs = pageMs
    this.#sheets = sheets
    this.#http = createServer({ keepAlive: false }, (request, response) => void this.#answer(request, response).catch(() => response.destroy()))
    this.#door = new CabledHttp({ http: this.#http, port, outward: (bytes) => this.#cable.outward(bytes), inward: (bytes) => this.#cable.inward(bytes) })
    this.#cable = new Cable({ clock, random: seededRandom(seed), door: this.#door, onChange: () => this.#listeners.notify() })
  }

  async start(): Promise<void> {
    this.#powered = true
    await this.#cable.plug()
  }

  async stop(): Promise<void> {
    this.#clock.clearTimeout(this.#timer)
    this.#timer = undefined
    this.#jobs = []
    await this.#cable.stop()
  }

  get url(): string {
    return `ipp://127.0.0.1:${this.#door.port}${PATH}`
  }

  /** Everything that was ever taken on, the newest first, with its bytes. */
  documents(): readonly PrintedDocument[] {
    return this.#jobs.map(({ id, name, state, pages, out, sides, pdf }) => ({ id, name, state, pages, out, sides, pdf }))
  }

  onChange(listener: () => void): () => void {
    return this.#listeners.add(listener)
  }

  state(): PagePrinterState {
    return {
      url: this.url, powered: this.#powered, sheets: this.#sheets, size: this.#size, inOutput: this.#inOutput, impressions: this.#impressions,
      faults: [...this.#faults], jobs: this.documents().map(({ pdf: _pdf, ...job }) => job), cable: this.#cable.state(),
    }
  }

  async command(command: PagePrinterCommand): Promise<void> {
    switch (command.kind) {
      case 'load':
        this.#sheets = command.sheets
        this.#size = command.size ?? this.#size
        break
      case 'take-pages':
        this.#inOutput = 0
        break
      case 'break':
        this.#faults.add(command.fault)
        break
      case 'mend':
        this.#faults.delete(command.fault)
        if (command.fault === 'jam') this.#jammed = false
        break
      case 'power':
        await this.#power(command.on)
        break
      case 'cable':
        await this.#cable.command(command)
        break
      default:
        unreachable(command)
    }
    this.#run()
    this.#listeners.notify()
  }

  async #power(on: boolean): Promise<void> {
    if (on === this.#powered) return
    this.#powered = on
    if (on) return this.#cable.plug()
    this.#clock.clearTimeout(this.#timer)
    this.#timer = undefined
    // Without a disk nobody remembers anything after the switch.
    this.#jobs = []
    await this.#cable.unplug()
  }

  // --- paper -----------------------------------------------------------------------------------------------------------

  #current(): Job | undefined {
    return [...this.#jobs].reverse().find((job) => job.state === 'pending' || job.state === 'processing')
  }

  /** The words of `printer-state-reasons`, with endings as they were seen to vary. */
  #reasons(): string[] {
    const reasons: string[] = []
    if (this.#faults.has('cover-open')) reasons.push('cover-open-error')
    if (this.#jammed) reasons.push('media-jam-warning')
    if (this.#sheets === 0) reasons.push('media-empty-error', 'media-needed')
    else if (this.#sheets <= LOW_SHEETS) reasons.push('media-low-report')
    if (this.#faults.has('toner-empty')) reasons.push('toner-empty-error')
    if (this.#faults.has('output-full')) reasons.push('output-area-full-warning')
    if (this.#faults.has('paused')) reasons.push('paused')
    return reasons
  }

  #standsStill(): boolean {
    return this.#faults.has('cover-open') || this.#jammed || this.#sheets === 0 || this.#faults.has('toner-empty') || this.#faults.has('output-full') || this.#faults.has('paused')
  }

  #run(): void {
    const job = this.#current()
    if (!this.#powered || job === undefined || this.#timer !== undefined || this.#faults.has('hangs')) return
    job.state = 'processing'
    if (this.#standsStill()) return
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = undefined
      this.#feed(job)
      this.#listeners.notify()
      this.#run()
    }, this.#pageMs * (this.#faults.has('slow') ? 10 : 1))
  }

  /** One page has had its time. */
  #feed(job: Job): void {
    if (job.state !== 'processing' || this.#standsStill()) return
    if (this.#faults.has('jam')) {
      this.#jammed = true
      return
    }
    if (this.#faults.has('aborts') && job.out >= 1) {
      job.state = 'aborted'
      return
    }
    this.#sheets -= 1
    this.#inOutput += 1
    this.#impressions += 1
    job.out += 1
    if (job.out >= job.pages) job.state = 'completed'
  }

  // --- words -----------------------------------------------------------------------------------------------------------

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request)
    const ipp = request.method === 'POST' && request.url === PATH ? readRequest(body) : undefined
    if (ipp === undefined) {
      response.writeHead(request.url === PATH ? 400 : 404, { 'content-length': 0, connection: 'close' })
      response.end()
      return
    }
    const [status, groups] = await this.#do(ipp)
    if (ipp.operation === 0x0002 && status === OK) {
      if (this.#faults.has('answer-lost')) return this.#door.cut()
      if (this.#faults.has('answer-late')) return
    }
    const bytes = writeAnswer(status, ipp.id, [
      { group: 'operation', attributes: [attribute('charset', 'attributes-charset', 'utf-8'), attribute('language', 'attributes-natural-language', 'en')] },
      ...groups,
    ])
    response.writeHead(200, { 'content-type': 'application/ipp', 'content-length': bytes.length, connection: 'close' })
    response.end(bytes)
  }

  async #do(request: ReadRequest): Promise<readonly [number, readonly AnswerGroup[]]> {
    const jobId = request.attributes.get('job-id')?.[0]
    const job = this.#jobs.find(({ id }) => id === jobId)
    switch (request.operation) {
      case 0x0002: return this.#printJob(request)
      case 0x0008:
        if (job === undefined) return [0x0406, []]
        // RFC 8011, section 4.3.3: a job that is over cannot be cancelled.
        if (job.state !== 'pending' && job.state !== 'processing') return [0x0404, []]
        this.#end(job, 'canceled')
        return [OK, []]
      case 0x0009: return job === undefined || this.#isForgotten(job) ? [0x0406, []] : [OK, [{ group: 'job', attributes: this.#jobAttributes(job) }]]
      case 0x000a: {
        const finished = request.attributes.get('which-jobs')?.[0] === 'completed'
        const isOver = (one: Job): boolean => one.state !== 'pending' && one.state !== 'processing'
        return [OK, this.#jobs.filter((one) => isOver(one) === finished && !this.#isForgotten(one)).map((one) => ({ group: 'job' as const, attributes: this.#jobAttributes(one) }))]
      }
      case 0x000b: return [OK, [{ group: 'printer', attributes: this.#printerAttributes() }]]
      default: return [0x0501, []]
    }
  }

  #isForgotten(job: Job): boolean {
    return this.#faults.has('forgets') && (job.state === 'completed' || job.state === 'aborted' || job.state === 'canceled')
  }

  #end(job: Job, state: JobState): void {
    job.state = state
    this.#clock.clearTimeout(this.#timer)
    this.#timer = undefined
    this.#run()
    this.#listeners.notify()
  }

  async #printJob({ attributes, document }: ReadRequest): Promise<readonly [number, readonly AnswerGroup[]]> {
    if (this.#faults.has('refuses')) return [0x0506, []]
    const pages = attributes.get('document-format')?.[0] === 'application/pdf' && !this.#faults.has('no-pdf') ? await pagesOf(document) : undefined
    if (pages === undefined) return [0x040a, []]
    const job: Job = {
      id: ++this.#made, name: String(attributes.get('job-name')?.[0] ?? ''), pdf: Buffer.from(document), pages, sides: String(attributes.get('sides')?.[0] ?? 'one-sided'), state: 'pending', out: 0,
    }
    this.#jobs = [job, ...this.#jobs].slice(0, KEPT_JOBS)
    this.#run()
    this.#listeners.notify()
    return [OK, [{ group: 'job', attributes: this.#jobAttributes(job) }]]
  }

  #jobAttributes(job: Job): Attribute[] {
    const told = this.#faults.has('counts-wrong') ? Math.max(0, job.out - 1) : job.out
    const stopped = job.state === 'processing' && this.#standsStill()
    return [
      attribute('integer', 'job-id', job.id),
      attribute('uri', 'job-uri', `${this.url}/${job.id}`),
      attribute('name', 'job-name', job.name),
      attribute('enum', 'job-state', JOB_STATES[stopped ? 'stopped' : job.state]),
      attribute('keyword', 'job-state-reasons', stopped ? 'printer-stopped' : job.state === 'processing' ? 'job-printing' : 'none'),
      ...(this.#faults.has('counts-nothing') ? [] : [attribute('integer', 'job-impressions-completed', told)]),
    ]
  }

  #printerAttributes(): Attribute[] {
    const reasons = this.#reasons()
    const working = this.#current() !== undefined || this.#faults.has('busy')
    return [
      attribute('uri', 'printer-uri-supported', this.url),
      attribute('text', 'printer-make-and-model', 'Sandbox A4 Laser'),
      attribute('enum', 'printer-state', this.#standsStill() ? 5 : working ? 4 : 3),
      attribute('keyword', 'printer-state-reasons', ...(reasons.length === 0 ? ['none'] : reasons)),
      attribute('boolean', 'printer-is-accepting-jobs', !this.#faults.has('refuses')),
      attribute('integer', 'queued-job-count', this.#jobs.filter((job) => job.state === 'pending' || job.state === 'processing').length + (this.#faults.has('busy') ? 1 : 0)),
      attribute('mime', 'document-format-supported', 'application/octet-stream', ...(this.#faults.has('no-pdf') ? [] : ['application/pdf']), 'image/pwg-raster', 'image/urf'),
      // An empty tray tells no size.
      attribute('keyword', 'media-ready', ...(this.#sheets === 0 ? [] : [this.#size])),
      attribute('collection', 'media-col-ready', [attribute('collection', 'media-size', [attribute('integer', 'x-dimension', 21_000), attribute('integer', 'y-dimension', 29_700)]), attribute('keyword', 'media-source', 'main')]),
      attribute('keyword', 'sides-supported', 'one-sided', 'two-sided-long-edge'),
      attribute('range', 'copies-supported', [1, 999]),
      ...(this.#faults.has('counts-nothing') ? [] : [attribute('integer', 'printer-impressions-completed', this.#impressions)]),
    ]
  }
}

async function pagesOf(pdf: Buffer): Promise<number | undefined> {
  try {
    return (await PDFDocument.load(pdf)).getPageCount()
  } catch {
    return undefined
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    pieces.push(piece)
    length += piece.length
    if (length > LARGEST_REQUEST_BYTES) throw new Error('more than a printer takes')
  }
  return Buffer.concat(pieces)
}
