import type { Clock } from '../../core/clock/clock.ts'
import { delay } from '../../core/clock/clock.ts'
import type { PageImage, ScanError, ScannedBatch, ScanProgress } from '../../core/device/operations.ts'
import { err, ok, unreachable } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import type { ScannerCapabilities, ScannerStatus, ScanRequest, ScanSource } from './escl.ts'
import { jobIn, jobUrl, parseCapabilities, parseStatus, planScan, REGION_UNITS_PER_INCH, scanSettingsXml } from './escl.ts'
import type { Fetch, HttpAnswer, HttpFailure, HttpRequest } from './http.ts'
import { request } from './http.ts'
import type { ScannerLink } from './link.ts'
import type { Observation } from './machine.ts'
import { POLL_MS } from './machine.ts'
import type { PageChecker } from './page-checker.ts'

const STATUS_LIMIT_MS = 3_000
const JOB_LIMIT_MS = 10_000
/** From "next page, please" to the first byte: a slow scanner warms its lamp and moves its head meanwhile. */
const PAGE_LIMIT_MS = 30_000
const LARGEST_ANSWER_BYTES = 1_000_000
const LARGEST_PAGE_BYTES = 64_000_000
/** Some scanners answer wrongly when they are asked for the page in the same moment as the job was made. */
const BEFORE_PAGE_MS = 200
/** 503 means "not yet": at high resolution some say it many times. */
const NOT_YET_WAIT_MS = 1_000
const MOST_NOT_YETS = 30
const MOST_BUSY_TRIES = 3
/** A feeder goes on drawing pages in one job; this long the next one may be asked for before the job is given up. */
const FEEDER_JOB_KEPT_MS = 60_000
/** A scanner may deliver a little more or less than asked; beyond this the true resolution is another one. */
const DPI_TOLERANCE = 0.03

/** A feeder holds fifty sheets or so; one that never says "empty" is broken, and must not fill the memory. */
export const MOST_BATCH_PAGES = 100

export interface EsclLinkOptions {
  /** Address of the scanner up to `/eSCL`. */
  readonly url: string
  readonly dpi: number
  readonly clock: Clock
  readonly fetch: Fetch
  readonly openChecker: () => PageChecker
}

/**
 * A network scanner that speaks eSCL, at a fixed address. A page counts only when it decodes whole and the scanner does not
 * call the job aborted.
 */
export function createEsclLink({ url: address, dpi: wantedDpi, clock, fetch, openChecker }: EsclLinkOptions): ScannerLink {
  const scannerUrl = address.replace(/\/+$/, '')
  let capabilities: ScannerCapabilities | undefined
  let feederJob: { readonly url: string; readonly plan: ScanRequest; readonly timer: unknown } | undefined

  const send = (how: Omit<HttpRequest, 'largestBytes'> & { readonly largestBytes?: number }): Promise<Result<HttpAnswer, HttpFailure>> =>
    request(fetch, clock, { largestBytes: LARGEST_ANSWER_BYTES, ...how })

  async function readStatus(signal?: AbortSignal): Promise<Result<ScannerStatus, HttpFailure | { readonly kind: 'protocol'; readonly code: string }>> {
    const answer = await send({ method: 'GET', url: `${scannerUrl}/ScannerStatus`, silenceLimitMs: STATUS_LIMIT_MS, ...(signal === undefined ? {} : { signal }) })
    if (!answer.ok) return answer
    if (answer.value.status !== 200) return err({ kind: 'protocol', code: `status-${answer.value.status}` })
    const parsed = parseStatus(textOf(answer.value))
    return parsed.ok ? parsed : err({ kind: 'protocol', code: 'status-not-escl' })
  }

  async function readCapabilities(signal?: AbortSignal): Promise<Result<ScannerCapabilities, HttpFailure | { readonly kind: 'protocol'; readonly code: string }>> {
    if (capabilities !== undefined) return ok(capabilities)
    const answer = await send({ method: 'GET', url: `${scannerUrl}/ScannerCapabilities`, silenceLimitMs: STATUS_LIMIT_MS, ...(signal === undefined ? {} : { signal }) })
    if (!answer.ok) return answer
    if (answer.value.status !== 200) return err({ kind: 'protocol', code: `capabilities-${answer.value.status}` })
    const parsed = parseCapabilities(textOf(answer.value))
    if (!parsed.ok) return err({ kind: 'protocol', code: 'capabilities-not-escl' })
    capabilities = parsed.value
    return ok(parsed.value)
  }

  async function look(signal: AbortSignal): Promise<Observation> {
    const seen = await readStatus(signal)
    if (!seen.ok) {
      // What comes back after an absence may be another scanner.
      if (seen.error.kind === 'gone' || seen.error.kind === 'silent') capabilities = undefined
      return observationOfFailure(seen.error)
    }
    const known = await readCapabilities(signal)
    return known.ok ? observationOf(seen.value) : observationOfFailure(known.error)
  }

  /** Ends a job at the scanner; its answer changes nothing for us. */
  async function end(job: string): Promise<void> {
    await send({ method: 'DELETE', url: job, silenceLimitMs: STATUS_LIMIT_MS })
  }

  async function endFeederJob(): Promise<void> {
    if (feederJob === undefined) return
    const { url, timer } = feederJob
    feederJob = undefined
    clock.clearTimeout(timer)
    await end(url)
  }

  function takeFeederJob(): { readonly url: string; readonly plan: ScanRequest } | undefined {
    if (feederJob === undefined) return undefined
    const { url, plan, timer } = feederJob
    clock.clearTimeout(timer)
    feederJob = undefined
    return { url, plan }
  }

  function keepFeederJob(url: string, plan: ScanRequest): void {
    feederJob = { url, plan, timer: clock.setTimeout(() => void endFeederJob(), FEEDER_JOB_KEPT_MS) }
  }

  async function beginJob(source: ScanSource, signal: AbortSignal): Promise<Result<{ readonly url: string; readonly plan: ScanRequest }, ScanError>> {
    const seen = await readStatus(signal)
    if (!seen.ok) return err(scanErrorOf(seen.error))
    const obstacle = obstacleIn(seen.value, source)
    if (obstacle !== undefined) return err(obstacle)
    const known = await readCapabilities(signal)
    if (!known.ok) return err(scanErrorOf(known.error))
    const plan = planScan(known.value, source, wantedDpi)
    if (plan === undefined) return err({ kind: 'fault', code: `no-${source}` })
    for (let attempt = 1; ; attempt++) {
      // Not cut short by the signal: a job that was made without our knowing its address could not be ended.
      const made = await send({ method: 'POST', url: `${scannerUrl}/ScanJobs`, body: scanSettingsXml(plan), silenceLimitMs: JOB_LIMIT_MS })
      if (!made.ok) return err(scanErrorOf(made.error))
      if (made.value.status === 201) {
        const url = jobUrl(scannerUrl, made.value.headers.get('location'))
        return url === undefined ? err({ kind: 'fault', code: 'job-without-location' }) : ok({ url, plan })
      }
      if (made.value.status === 409 && source === 'feeder') return err({ kind: 'feeder-empty' })
      if (made.value.status !== 503 && made.value.status !== 409) return err({ kind: 'fault', code: `job-${made.value.status}` })
      if (attempt === MOST_BUSY_TRIES) return err({ kind: 'busy', code: `job-${made.value.status}` })
      if (!(await waited(NOT_YET_WAIT_MS, signal))) return err({ kind: 'cancelled' })
    }
  }

  async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
    return delay(clock, ms, signal).then(() => true, () => false)
  }

  /** `no-more`: the job has no further page. */
  async function fetchPage(job: string, onProgress: (progress: ScanProgress) => void, signal: AbortSignal): Promise<Result<HttpAnswer | 'no-more', ScanError>> {
    if (!(await waited(BEFORE_PAGE_MS, signal))) return err({ kind: 'cancelled' })
    onProgress({ kind: 'scanning' })
    for (let notYets = 0; ; ) {
      const answer = await send({
        method: 'GET', url: `${job}/NextDocument`, silenceLimitMs: PAGE_LIMIT_MS, largestBytes: LARGEST_PAGE_BYTES, signal,
        onBytes: (bytes) => onProgress({ kind: 'receiving', bytes }),
      })
      if (!answer.ok) return err(scanErrorOf(answer.error))
      switch (answer.value.status) {
        case 200:
          return ok(answer.value)
        case 503:
          if (++notYets > MOST_NOT_YETS) return err({ kind: 'busy', code: 'page-503' })
          if (!(await waited(NOT_YET_WAIT_MS, signal))) return err({ kind: 'cancelled' })
          break
        case 404:
        case 409:
        case 410:
          return ok('no-more')
        default:
          return err({ kind: 'fault', code: `page-${answer.value.status}` })
      }
    }
  }

  /** Why no good page came, as far as the scanner says so. */
  async function troubleOf(job: string, source: ScanSource, otherwise: ScanError): Promise<ScanError> {
    const seen = await readStatus()
    if (!seen.ok) return seen.error.kind === 'gone' ? scanErrorOf(seen.error) : otherwise
    const listed = jobIn(seen.value, job)
    const reasons = (listed?.reasons ?? []).join(' ').toLowerCase()
    if (/jam|mispick|multipick/.test(reasons)) return { kind: 'jam' }
    if (/cover|hatch|door|interlock/.test(reasons)) return { kind: 'cover-open' }
    const obstacle = obstacleIn(seen.value, source)
    if (obstacle !== undefined && obstacle.kind !== 'busy' && obstacle.kind !== 'feeder-empty') return obstacle
    // A feeder that ends a job by itself without saying why has nearly always caught the sheet wrongly.
    return listed?.state === 'Aborted' && source === 'feeder' ? { kind: 'jam' } : otherwise
  }

  async function pageFrom(checker: PageChecker, job: string, plan: ScanRequest, answer: HttpAnswer): Promise<Result<PageImage, ScanError>> {
    // "Here is your page" with nothing in it is how a feeder that jams in the first lines was seen to say so.
    if (answer.body.length === 0) return err(await troubleOf(job, plan.source, plan.source === 'feeder' ? { kind: 'jam' } : { kind: 'bad-image', code: 'empty' }))
    const checked = await checker.check(answer.body)
    if (!checked.ok) return err(await troubleOf(job, plan.source, { kind: 'bad-image', code: checked.error }))
    const measured = Math.round((checked.value.widthPx / plan.width) * REGION_UNITS_PER_INCH)
    const dpi = Math.abs(measured - plan.dpi) > plan.dpi * DPI_TOLERANCE ? Math.max(1, measured) : plan.dpi
    return ok({ ...checked.value, dpi })
  }

  interface OpenJob {
    readonly url: string
    readonly plan: ScanRequest
  }
  /** `more`: the job may have another page. */
  type Drawn = { readonly page: PageImage; readonly more: boolean } | 'no-more'

  /** Asks the job for its next page; ends the job itself when that fails. */
  async function draw(checker: PageChecker, job: OpenJob, onProgress: (progress: ScanProgress) => void, signal: AbortSignal): Promise<Result<Drawn, ScanError>> {
    const answer = await fetchPage(job.url, onProgress, signal)
    if (!answer.ok) {
      await end(job.url)
      return answer
    }
    if (answer.value === 'no-more') return ok('no-more')
    const page = await pageFrom(checker, job.url, job.plan, answer.value)
    if (!page.ok) {
      await end(job.url)
      return page
    }
    const seen = await readStatus()
    const state = seen.ok ? jobIn(seen.value, job.url)?.state : undefined
    // A feeder that catches on the sheet after this one aborts the job too; that is told when the next page is asked for.
    if (state === 'Aborted' && job.plan.source === 'platen') {
      await end(job.url)
      return err(await troubleOf(job.url, job.plan.source, { kind: 'bad-image', code: 'job-aborted' }))
    }
    return ok({ page: page.value, more: state !== 'Completed' })
  }

  /** What a job that has no further page leaves behind: nothing when it ended in order. */
  async function endOfFeederJob(job: string): Promise<ScanError | undefined> {
    const trouble = await troubleOf(job, 'feeder', { kind: 'feeder-empty' })
    await end(job)
    return trouble.kind === 'feeder-empty' ? undefined : trouble
  }

  async function scan(checker: PageChecker, source: ScanSource, onProgress: (progress: ScanProgress) => void, signal: AbortSignal): Promise<Result<PageImage, ScanError>> {
    onProgress({ kind: 'starting' })
    if (source === 'platen') await endFeederJob()
    const kept = takeFeederJob()
    const next = kept === undefined ? undefined : await draw(checker, kept, onProgress, signal)
    if (kept !== undefined && next !== undefined) {
      if (!next.ok) return next
      if (next.value !== 'no-more') return ok(keepOrEnd(kept, next.value))
      const trouble = await endOfFeederJob(kept.url)
      if (trouble !== undefined) return err(trouble)
    }
    const begun = await beginJob(source, signal)
    if (!begun.ok) return begun
    const job = begun.value
    const drawn = await draw(checker, job, onProgress, signal)
    if (!drawn.ok) return drawn
    if (drawn.value === 'no-more') {
      if (source === 'feeder') return err((await endOfFeederJob(job.url)) ?? { kind: 'feeder-empty' })
      const trouble = await troubleOf(job.url, source, { kind: 'fault', code: 'job-without-page' })
      await end(job.url)
      return err(trouble)
    }
    if (source === 'feeder') return ok(keepOrEnd(job, drawn.value))
    if (drawn.value.more) await end(job.url)
    return ok(drawn.value.page)
  }

  /** A feeder may already have drawn the next sheet: ending its job now would lose that page. */
  function keepOrEnd(job: OpenJob, drawn: Exclude<Drawn, 'no-more'>): PageImage {
    if (drawn.more) keepFeederJob(job.url, job.plan)
    return drawn.page
  }

  async function batch(checker: PageChecker, onPage: (page: PageImage) => void, onProgress: (progress: ScanProgress) => void, signal: AbortSignal): Promise<Result<ScannedBatch, ScanError>> {
    onProgress({ kind: 'starting' })
    let job: OpenJob | undefined = takeFeederJob()
    let pages = 0
    for (;;) {
      if (job === undefined) {
        const begun = await beginJob('feeder', signal)
        // Some scanners make a job for each sheet; then the empty feeder is the end of the batch.
        if (!begun.ok) return begun.error.kind === 'feeder-empty' && pages > 0 ? ok({ pages }) : begun
        job = begun.value
      }
      const drawn: Result<Drawn, ScanError> = await draw(checker, job, onProgress, signal)
      if (!drawn.ok) return drawn
      if (drawn.value === 'no-more') {
        const trouble = await endOfFeederJob(job.url)
        if (trouble !== undefined) return err(trouble)
        return pages > 0 ? ok({ pages }) : err({ kind: 'feeder-empty' })
      }
      pages++
      onPage(drawn.value.page)
      if (pages >= MOST_BATCH_PAGES) {
        await end(job.url)
        return err({ kind: 'fault', code: 'endless-feeder' })
      }
      if (!drawn.value.more) {
        const loaded = await readStatus(signal)
        if (!loaded.ok || loaded.value.adf !== 'ScannerAdfLoaded') return ok({ pages })
        job = undefined
      }
    }
  }

  async function checked<T>(work: (checker: PageChecker) => Promise<T>): Promise<T> {
    const checker = openChecker()
    try {
      return await work(checker)
    } finally {
      checker.close()
    }
  }

  return {
    pollMs: () => POLL_MS,
    look,
    scanPage: (source, onProgress, signal) => checked((checker) => scan(checker, source, onProgress, signal)),
    scanBatch: (onPage, onProgress, signal) => checked((checker) => batch(checker, onPage, onProgress, signal)),
    // The feeder's own state is told by the scanner with every look.
    troubleAfter: () => undefined,
    stop: endFeederJob,
  }
}

/** What the scanner's words mean for its public state. An empty feeder is no fault: the glass still works. */
function observationOf(seen: ScannerStatus): Observation {
  const adf = adfObstacle(seen.adf)
  if (adf !== undefined) return { state: adf.kind, code: seen.adf ?? '' }
  switch (seen.state) {
    case 'Idle':
      return { state: 'ready' }
    case 'Processing':
    case 'Testing':
      return { state: 'busy' }
    case 'Stopped':
    case 'Down':
      return { state: 'fault', code: `scanner-${seen.state.toLowerCase()}` }
    default:
      return unreachable(seen.state)
  }
}

function observationOfFailure(failure: HttpFailure | { readonly kind: 'protocol'; readonly code: string }): Observation {
  switch (failure.kind) {
    case 'gone':
      return { state: 'offline', code: failure.code }
    case 'silent':
    case 'cancelled':
      return { state: 'offline', code: failure.kind }
    case 'too-large':
      return { state: 'fault', code: 'answer-too-large' }
    case 'protocol':
      return { state: 'fault', code: failure.code }
    default:
      return unreachable(failure)
  }
}

function scanErrorOf(failure: HttpFailure | { readonly kind: 'protocol'; readonly code: string }): ScanError {
  switch (failure.kind) {
    case 'cancelled':
      return { kind: 'cancelled' }
    case 'gone':
      return { kind: 'scanner-gone', code: failure.code }
    case 'silent':
      return { kind: 'scanner-gone', code: 'silent' }
    case 'too-large':
      return { kind: 'bad-image', code: 'too-large' }
    case 'protocol':
      return { kind: 'fault', code: failure.code }
    default:
      return unreachable(failure)
  }
}

function adfObstacle(adf: string | undefined): { readonly kind: 'jam' | 'cover-open' } | undefined {
  switch (adf) {
    case 'ScannerAdfJam':
    case 'ScannerAdfMispick':
    case 'ScannerAdfMultipickDetected':
      return { kind: 'jam' }
    case 'ScannerAdfHatchOpen':
      return { kind: 'cover-open' }
    default:
      return undefined
  }
}

/** What stands in the way of a job of this source. The feeder's state is looked at before a job: some jam when empty. */
function obstacleIn(seen: ScannerStatus, source: ScanSource): ScanError | undefined {
  if (seen.state === 'Down' || seen.state === 'Stopped') return adfObstacle(seen.adf) ?? { kind: 'fault', code: `scanner-${seen.state.toLowerCase()}` }
  if (source === 'feeder') {
    const adf = adfObstacle(seen.adf)
    if (adf !== undefined) return adf
    if (seen.adf === 'ScannerAdfEmpty') return { kind: 'feeder-empty' }
  }
  return seen.state === 'Processing' || seen.state === 'Testing' ? { kind: 'busy', code: `scanner-${seen.state.toLowerCase()}` } : undefined
}

function textOf(answer: HttpAnswer): string {
  return new TextDecoder().decode(answer.body)
}
