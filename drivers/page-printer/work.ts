import type { PagePrintObstacle } from '../../core/device/operations.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import type { PagePrintJob } from '../device-host/contract.ts'
import type { IppClient, IppFailure } from './client.ts'
import { isForgotten } from './client.ts'
import { STATUS } from './ipp.ts'
import type { PrinterJob } from './job.ts'
import { isOver } from './job.ts'
import type { PrinterSight } from './sight.ts'
import { byWeight } from './sight.ts'

/** Where our job is: its id at the address that took it, and the name by which others know it. */
export interface JobRef {
  readonly id: number
  readonly name: string
}

/** Why a question stayed without a usable answer; `fault`: something answered, but not as a printer does. */
export interface Silence {
  readonly why: Extract<PagePrintObstacle, 'link-lost' | 'silent' | 'fault'>
  readonly code: string
}

/**
 * How our job stands. `impressions` is the printer's own count or `undefined`, never that of a server in between.
 * `completed` and `ended` are said only when nobody works on the job any more, neither a server nor the printer.
 */
export interface JobSight {
  readonly phase: PrinterJob['phase'] | 'forgotten'
  readonly impressions: number | undefined
  readonly obstacles: readonly PagePrintObstacle[]
  readonly printer: PrinterSight | undefined
}

/**
 * `refused`: no job was made. `doubtful`: nobody knows whether a job was made.
 */
export type SendAnswer =
  | { readonly kind: 'accepted'; readonly job: JobRef }
  | { readonly kind: 'refused'; readonly why: PagePrintObstacle; readonly code: string }
  | { readonly kind: 'doubtful'; readonly silence: Silence }

/** What the machine can have done; each call ends as a value within its own limit. */
export interface PrinterWork {
  look(signal: AbortSignal): Promise<Result<PrinterSight, Silence>>
  find(name: string, signal: AbortSignal): Promise<Result<{ readonly job: JobRef; readonly phase: PrinterJob['phase'] } | undefined, Silence>>
  send(job: PagePrintJob, sight: PrinterSight, signal: AbortSignal): Promise<SendAnswer>
  follow(job: JobRef, signal: AbortSignal): Promise<Result<JobSight, Silence>>
  cancel(job: JobRef, signal: AbortSignal): Promise<void>
}

/** Work at the printer itself. */
export function workAtPrinter(client: IppClient, duplex: boolean): PrinterWork {
  return {
    look: async (signal) => {
      const seen = await client.look(signal)
      return seen.ok ? ok(seen.value.sight) : err(silenceOf(seen.error))
    },
    ...sendingTo(client, duplex),
    follow: async (job, signal) => {
      const told = await client.job(job.id, signal)
      if (!told.ok && !isForgotten(told.error)) return err(silenceOf(told.error))
      const seen = await client.look(signal)
      if (!seen.ok) return err(silenceOf(seen.error))
      const { sight } = seen.value
      if (!told.ok) return ok({ phase: 'forgotten', impressions: undefined, obstacles: sight.obstacles, printer: sight })
      return ok({ phase: told.value.phase, impressions: told.value.impressions, obstacles: byWeight([...sight.obstacles, ...told.value.obstacles]), printer: sight })
    },
  }
}

/**
 * Work through a queue of CUPS. CUPS counts what its filters passed on, calls a job of an aborting printer `canceled` with
 * all its pages, and tells of paper what its own description of the printer says. So the printer behind the queue is asked
 * itself where it speaks IPP; where it does not, no count is known and nothing is ever called printed.
 */
export function workThroughCups(queue: IppClient, clientOf: (address: string) => IppClient, duplex: boolean): PrinterWork {
  const known = new Map<string, IppClient>()
  function behind(deviceUri: string | undefined): IppClient | undefined {
    if (deviceUri === undefined || !/^(ipps?|https?):\/\//i.test(deviceUri) || !URL.canParse(deviceUri)) return undefined
    const address = deviceUri.replace(/[?#].*$/, '')
    const client = known.get(address) ?? clientOf(address)
    known.set(address, client)
    return client
  }

  async function lookAtBoth(signal: AbortSignal): Promise<Result<{ readonly sight: PrinterSight; readonly printer: IppClient | undefined }, Silence>> {
    const seen = await queue.look(signal)
    if (!seen.ok) return err(silenceOf(seen.error))
    const printer = behind(seen.value.deviceUri)
    if (printer === undefined) return ok({ sight: seen.value.sight, printer })
    const own = await printer.look(signal)
    if (!own.ok) return err(silenceOf(own.error))
    // Of the queue only what it alone can say: whether it takes jobs and passes them on.
    const queueObstacles = seen.value.sight.obstacles.filter((obstacle) => obstacle === 'paused' || obstacle === 'format-refused')
    const stopped = seen.value.sight.state === 'stopped' && own.value.sight.obstacles.length === 0
    return ok({
      sight: {
        ...own.value.sight,
        obstacles: byWeight([...own.value.sight.obstacles.filter((obstacle) => obstacle !== 'format-refused'), ...queueObstacles, ...(stopped ? (['paused'] as const) : [])]),
        queued: own.value.sight.queued + seen.value.sight.queued,
        sides: seen.value.sight.sides,
      },
      printer,
    })
  }

  return {
    look: async (signal) => {
      const both = await lookAtBoth(signal)
      return both.ok ? ok(both.value.sight) : both
    },
    ...sendingTo(queue, duplex),
    follow: async (job, signal) => {
      const told = await queue.job(job.id, signal)
      if (!told.ok && !isForgotten(told.error)) return err(silenceOf(told.error))
      const both = await lookAtBoth(signal)
      if (!both.ok) return both
      const { sight, printer } = both.value
      const own = await printer?.find(job.name, signal)
      if (own !== undefined && !own.ok) return err(silenceOf(own.error))
      const ownJob = own?.value
      const phase = told.ok ? told.value.phase : 'forgotten'
      const obstacles = byWeight([...sight.obstacles, ...(told.ok ? told.value.obstacles : []), ...(ownJob?.obstacles ?? [])])
      const common = { impressions: ownJob?.impressions, obstacles, printer: sight }
      if (phase === 'waiting' || phase === 'printing' || phase === 'stopped') return ok({ phase, ...common })
      // The queue has done with it: what became of it is for the printer to say.
      return ok({ phase: ownJob?.phase ?? (phase === 'completed' ? 'completed' : phase), ...common })
    },
  }
}

function sendingTo(client: IppClient, duplex: boolean): Pick<PrinterWork, 'find' | 'send' | 'cancel'> {
  return {
    find: async (name, signal) => {
      const found = await client.find(name, signal)
      if (!found.ok) {
        // A printer that keeps no list of jobs knows of none.
        if (found.error.kind === 'refused' && found.error.status === STATUS.operationNotSupported) return ok(undefined)
        return err(silenceOf(found.error))
      }
      const job = found.value
      return ok(job && { job: { id: job.id, name }, phase: job.phase })
    },
    send: async ({ number, pdf }, sight, signal) => {
      const wanted = duplex ? 'two-sided-long-edge' : 'one-sided'
      const sides = sight.sides.includes(wanted) ? wanted : sight.sides.includes('one-sided') ? 'one-sided' : undefined
      const sent = await client.print({ name: number, pdf, sides }, signal)
      return sent.ok ? { kind: 'accepted', job: { id: sent.value.id, name: number } } : answerToFailure(sent.error)
    },
    cancel: async (job, signal) => {
      await client.cancel(job.id, signal)
    },
  }
}

/** What a failed Print-Job means: most refusals make no job, but the printer's own troubles may come when the job exists. */
function answerToFailure(failure: IppFailure): SendAnswer {
  if (failure.kind === 'unreachable') return { kind: 'refused', why: 'link-lost', code: failure.code }
  if (failure.kind !== 'refused') return { kind: 'doubtful', silence: silenceOf(failure) }
  const code = codeOfStatus(failure.status)
  switch (failure.status) {
    case STATUS.formatNotSupported: case STATUS.formatError: case STATUS.attributesNotSupported: return { kind: 'refused', why: 'format-refused', code }
    case STATUS.notAccepting: return { kind: 'refused', why: 'paused', code }
    case STATUS.busy: case STATUS.serviceUnavailable: return { kind: 'refused', why: 'busy', code }
    case STATUS.operationNotSupported: case STATUS.versionNotSupported: return { kind: 'refused', why: 'fault', code }
    default:
      // 04xx of IPP and 4xx of HTTP blame the request; the rest came over the printer in the middle of it.
      return isBlameOnRequest(failure.status) ? { kind: 'refused', why: 'fault', code } : { kind: 'doubtful', silence: { why: 'silent', code } }
  }
}

function isBlameOnRequest(status: number): boolean {
  // HTTP 400–499 is 0190–01F3 in hexadecimal; no IPP status lies there.
  return (status >= 0x0400 && status <= 0x04ff) || (status >= 400 && status <= 499)
}

function codeOfStatus(status: number): string {
  return status >= 0x0400 ? `ipp-${status.toString(16).padStart(4, '0')}` : `http-${status}`
}

function silenceOf(failure: IppFailure): Silence {
  switch (failure.kind) {
    case 'unreachable': case 'lost': return { why: 'link-lost', code: failure.code }
    case 'silent': return { why: 'silent', code: 'silent' }
    case 'not-ipp': return { why: 'fault', code: `not-ipp-${failure.code}` }
    case 'refused': return { why: 'fault', code: codeOfStatus(failure.status) }
    case 'cancelled': return { why: 'silent', code: 'cancelled' }
  }
}

/** A job that nobody works on any more. */
export function isFinal(phase: JobSight['phase']): boolean {
  return phase === 'forgotten' || isOver({ phase })
}
