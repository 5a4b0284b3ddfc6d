import { createActor } from 'xstate'
import type { Clock } from '../../core/clock/clock.ts'
import { delay } from '../../core/clock/clock.ts'
import type { DocumentScannerConfig } from '../../core/config/kiosk-config.ts'
import type { PageImage, ScanError, ScanProgress } from '../../core/device/operations.ts'
import type { DeviceStatus } from '../../core/device/status.ts'
import { decodePicture } from '../../core/document/decode-picture.ts'
import type { DeviceId } from '../../core/ids.ts'
import { err, ok, unreachable } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import type { DocumentScannerService } from '../device-host/contract.ts'
import type { DeviceLog } from '../device-host/device-service.ts'
import type { ImageMime, ScannerCapabilities, ScannerStatus, ScanRequest, ScanSource } from './escl.ts'
import { jobIn, jobUrl, parseCapabilities, parseStatus, planScan, REGION_UNITS_PER_INCH, scanSettingsXml } from './escl.ts'
import type { Fetch, HttpAnswer, HttpFailure, HttpRequest } from './http.ts'
import { request } from './http.ts'
import type { Observation } from './machine.ts'
import { scannerMachine } from './machine.ts'

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
const MOST_NOT_YETS = 60
const MOST_BUSY_TRIES = 3
/** A feeder goes on drawing pages in one job; this long the next one may be asked for before the job is given up. */
const FEEDER_JOB_KEPT_MS = 60_000
/** A scanner may deliver a little more or less than asked; beyond this the true resolution is another one. */
const DPI_TOLERANCE = 0.03

export interface DocumentScannerDeps {
  readonly clock: Clock
  readonly fetch?: Fetch
  readonly log: DeviceLog
}

/**
 * A network scanner that speaks eSCL, at a fixed address. A page counts only when it decodes whole and the scanner does not
 * call the job aborted.
 */
export function createDocumentScanner(config: DocumentScannerConfig, { clock, fetch = globalThis.fetch, log }: DocumentScannerDeps): DocumentScannerService {
  const scannerUrl = config.address.url.replace(/\/+$/, '')
  const listeners = new Set<(status: DeviceStatus) => void>()
  let status: DeviceStatus = { state: 'starting', since: clock.now() }
  let capabilities: ScannerCapabilities | undefined
  let scanning = false
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

  const watcher = createActor(scannerMachine, {
    input: { look },
    clock: { setTimeout: (fn, ms) => clock.setTimeout(fn, ms), clearTimeout: (handle) => clock.clearTimeout(handle) },
  })
  watcher.subscribe(({ context }) => {
    if (context.state === status.state && context.code === status.code) return
    status = { state: context.state, since: context.state === status.state ? status.since : clock.now(), ...(context.code === undefined ? {} : { code: context.code }) }
    log('scanner-state', { state: status.state, code: status.code ?? '' })
    for (const listener of [...listeners]) listener(status)
  })

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
    const plan = planScan(known.value, source, config.dpi)
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
          if (++notYets >= MOST_NOT_YETS) return err({ kind: 'busy', code: 'page-503' })
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
    const reasons = (jobIn(seen.value, job)?.reasons ?? []).join(' ').toLowerCase()
    const aborted = jobIn(seen.value, job)?.state === 'Aborted'
    if (/jam/.test(reasons)) return { kind: 'jam' }
    if (/cover|hatch|door|interlock/.test(reasons)) return { kind: 'cover-open' }
    const obstacle = obstacleIn(seen.value, source)
    if (obstacle !== undefined && obstacle.kind !== 'busy' && obstacle.kind !== 'feeder-empty') return obstacle
    // A feeder that ends a job by itself without saying why has nearly always caught the sheet wrongly.
    return aborted && source === 'feeder' ? { kind: 'jam' } : otherwise
  }

  async function pageFrom(job: string, plan: ScanRequest, answer: HttpAnswer): Promise<Result<PageImage, ScanError>> {
    const mime = mimeOf(answer.body)
    if (mime === undefined) return err(await troubleOf(job, plan.source, { kind: 'bad-image', code: answer.body.length === 0 ? 'empty' : 'format' }))
    const picture = decodePicture({ mime, bytes: answer.body })
    if (!picture.ok) return err(await troubleOf(job, plan.source, { kind: 'bad-image', code: picture.error }))
    const measured = Math.round((picture.value.width / plan.width) * REGION_UNITS_PER_INCH)
    const dpi = Math.abs(measured - plan.dpi) > plan.dpi * DPI_TOLERANCE ? measured : plan.dpi
    return ok({ mime, bytes: answer.body, widthPx: picture.value.width, heightPx: picture.value.height, dpi })
  }

  async function scan(source: ScanSource, onProgress: (progress: ScanProgress) => void, signal: AbortSignal): Promise<Result<PageImage, ScanError>> {
    onProgress({ kind: 'starting' })
    if (source === 'platen') await endFeederJob()
    const kept = takeFeederJob()
    if (kept !== undefined) {
      const next = await scanIn(kept.url, kept.plan, onProgress, signal)
      if (next !== 'no-more') return next
    }
    const begun = await beginJob(source, signal)
    if (!begun.ok) return begun
    const { url, plan } = begun.value
    const page = await scanIn(url, plan, onProgress, signal)
    if (page !== 'no-more') return page
    const trouble = await troubleOf(url, source, source === 'feeder' ? { kind: 'feeder-empty' } : { kind: 'fault', code: 'job-without-page' })
    await end(url)
    return err(trouble)
  }

  async function scanIn(url: string, plan: ScanRequest, onProgress: (progress: ScanProgress) => void, signal: AbortSignal): Promise<Result<PageImage, ScanError> | 'no-more'> {
    const answer = await fetchPage(url, onProgress, signal)
    if (!answer.ok) {
      await end(url)
      return answer
    }
    if (answer.value === 'no-more') return 'no-more'
    const page = await pageFrom(url, plan, answer.value)
    if (!page.ok) {
      await end(url)
      return page
    }
    const seen = await readStatus()
    const job = seen.ok ? jobIn(seen.value, url) : undefined
    if (job?.state === 'Aborted') {
      await end(url)
      return err(await troubleOf(url, plan.source, { kind: 'bad-image', code: 'job-aborted' }))
    }
    // A feeder may already have drawn the next sheet: ending its job now would lose that page.
    if (plan.source === 'feeder' && job?.state !== 'Completed') keepFeederJob(url, plan)
    else if (job?.state !== 'Completed') await end(url)
    return page
  }

  return {
    id: config.id as DeviceId,
    kind: 'document-scanner',
    start: () => void watcher.start(),
    async stop() {
      watcher.stop()
      await endFeederJob()
    },
    status: () => status,
    onStatus(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async scanPage({ source }, onProgress, signal) {
      if (scanning) return err({ kind: 'busy', code: 'already-scanning' })
      scanning = true
      watcher.send({ type: 'SCAN_BEGINS' })
      const began = clock.now()
      try {
        const result = await scan(source, onProgress, signal)
        log('scan', { source, outcome: result.ok ? 'page' : result.error.kind, code: !result.ok && 'code' in result.error ? result.error.code : '', bytes: result.ok ? result.value.bytes.length : 0, ms: clock.now() - began })
        return result
      } finally {
        scanning = false
        if (watcher.getSnapshot().status === 'active') watcher.send({ type: 'SCAN_ENDS' })
      }
    },
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

/** By the first bytes, not by what the header claims. */
function mimeOf(bytes: Uint8Array): ImageMime | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return 'image/jpeg'
  if (bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47) return 'image/png'
  return undefined
}

function textOf(answer: HttpAnswer): string {
  return new TextDecoder().decode(answer.body)
}
