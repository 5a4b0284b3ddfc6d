import type { Clock } from '../../core/clock/clock.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import type { LinkFailure, Post } from './http.ts'
import { exchange, httpUrlOf, printerUriOf } from './http.ts'
import type { IppAnswer, IppAttribute, IppRequest } from './ipp.ts'
import { decodeAnswer, encodeRequest, GROUPS, groupOf, isSuccess, STATUS, word } from './ipp.ts'
import type { PrinterJob } from './job.ts'
import { isOver, JOB_ATTRIBUTES, readJob } from './job.ts'
import type { PrinterSight } from './sight.ts'
import { A4, PDF, PRINTER_ATTRIBUTES, readPrinter } from './sight.ts'

/** How long a printer may take to answer a question. */
export const QUESTION_LIMIT_MS = 3_000
/** How long it may take to swallow a whole document and to say that it has it. */
export const DOCUMENT_LIMIT_MS = 60_000
/** The name under which the printer keeps our jobs. */
const USER = 'one-window-kiosk'
/** Finished jobs looked through for one of ours. */
const MOST_FINISHED_JOBS = 500

/** `refused`: it answered, and the answer is no. `status` is the IPP status, or the HTTP status when there was no IPP. */
export type IppFailure = LinkFailure | { readonly kind: 'refused'; readonly status: number } | { readonly kind: 'not-ipp'; readonly code: string }

export interface DocumentToPrint {
  readonly name: string
  readonly pdf: Uint8Array
  /** Left out where the printer does not let anyone choose. */
  readonly sides: 'one-sided' | 'two-sided-long-edge' | undefined
}

/** What we ask of one IPP address: a printer or a queue. Every call ends as a value within its limit. */
export interface IppClient {
  /** What it says of itself; a queue of CUPS also says where its printer is. */
  look(signal?: AbortSignal): Promise<Result<{ readonly sight: PrinterSight; readonly deviceUri: string | undefined }, IppFailure>>
  print(document: DocumentToPrint, signal?: AbortSignal): Promise<Result<PrinterJob, IppFailure>>
  job(id: number, signal?: AbortSignal): Promise<Result<PrinterJob, IppFailure>>
  /** The newest job of this name, finished or not; `undefined` when it knows of none. */
  find(name: string, signal?: AbortSignal): Promise<Result<PrinterJob | undefined, IppFailure>>
  cancel(id: number, signal?: AbortSignal): Promise<Result<void, IppFailure>>
}

export function createIppClient(address: string, { post, clock }: { readonly post: Post; readonly clock: Clock }): IppClient {
  const url = httpUrlOf(address)
  const printerUri = printerUriOf(address)
  let requests = 0

  async function ask(request: Omit<IppRequest, 'requestId' | 'operationAttributes'> & { readonly attributes?: readonly IppAttribute[] }, limitMs: number, signal: AbortSignal | undefined): Promise<Result<IppAnswer, IppFailure>> {
    const { attributes = [], ...rest } = request
    const requestId = (requests = (requests % 0x7fff_ffff) + 1)
    const operationAttributes: readonly IppAttribute[] = [
      // These two come first, in this order, in every request (RFC 8011, section 4.1.4).
      { tag: 'charset', name: 'attributes-charset', value: 'utf-8' },
      { tag: 'language', name: 'attributes-natural-language', value: 'en' },
      { tag: 'uri', name: 'printer-uri', value: printerUri },
      ...attributes,
    ]
    const answer = await exchange(post, clock, url, encodeRequest({ ...rest, requestId, operationAttributes }), { limitMs, ...(signal && { signal }) })
    if (!answer.ok) return answer
    if (answer.value.status !== 200) return err({ kind: 'refused', status: answer.value.status })
    const ipp = decodeAnswer(answer.value.body)
    if (!ipp.ok) return err({ kind: 'not-ipp', code: 'bytes' })
    if (ipp.value.requestId !== requestId) return err({ kind: 'not-ipp', code: 'other-request' })
    return isSuccess(ipp.value.status) ? ipp : err({ kind: 'refused', status: ipp.value.status })
  }

  async function jobs(which: 'completed' | 'not-completed', signal: AbortSignal | undefined): Promise<Result<readonly PrinterJob[], IppFailure>> {
    const answer = await ask({
      operation: 'getJobs',
      attributes: [
        { tag: 'keyword', name: 'which-jobs', value: which },
        ...(which === 'completed' ? [{ tag: 'integer', name: 'limit', value: MOST_FINISHED_JOBS } as const] : []),
        { tag: 'keyword', name: 'requested-attributes', value: JOB_ATTRIBUTES },
      ],
    }, QUESTION_LIMIT_MS, signal)
    if (!answer.ok) return answer
    return ok(answer.value.groups.filter((group) => group.tag === GROUPS.job).flatMap((group) => readJob(group.attributes) ?? []))
  }

  return {
    look: async (signal) => {
      const answer = await ask({ operation: 'getPrinterAttributes', attributes: [{ tag: 'keyword', name: 'requested-attributes', value: [...PRINTER_ATTRIBUTES, 'device-uri'] }] }, QUESTION_LIMIT_MS, signal)
      if (!answer.ok) return answer
      const attributes = groupOf(answer.value, GROUPS.printer)
      const sight = readPrinter(attributes)
      return sight === undefined ? err({ kind: 'not-ipp', code: 'no-printer-state' }) : ok({ sight, deviceUri: word(attributes, 'device-uri') })
    },
    print: async ({ name, pdf, sides }, signal) => {
      const answer = await ask({
        operation: 'printJob',
        attributes: [{ tag: 'name', name: 'requesting-user-name', value: USER }, { tag: 'name', name: 'job-name', value: name }, { tag: 'mime', name: 'document-format', value: PDF }],
        jobAttributes: [
          { tag: 'integer', name: 'copies', value: 1 },
          ...(sides === undefined ? [] : [{ tag: 'keyword', name: 'sides', value: sides } as const]),
          { tag: 'keyword', name: 'media', value: A4 },
        ],
        data: pdf,
      }, DOCUMENT_LIMIT_MS, signal)
      if (!answer.ok) return answer
      const job = readJob(groupOf(answer.value, GROUPS.job))
      return job === undefined ? err({ kind: 'not-ipp', code: 'no-job' }) : ok(job)
    },
    job: async (id, signal) => {
      const answer = await ask({ operation: 'getJobAttributes', attributes: [{ tag: 'integer', name: 'job-id', value: id }, { tag: 'keyword', name: 'requested-attributes', value: JOB_ATTRIBUTES }] }, QUESTION_LIMIT_MS, signal)
      if (!answer.ok) return answer
      const job = readJob(groupOf(answer.value, GROUPS.job))
      return job === undefined ? err({ kind: 'not-ipp', code: 'no-job' }) : ok(job)
    },
    find: async (name, signal) => {
      const unfinished = await jobs('not-completed', signal)
      if (!unfinished.ok) return unfinished
      const finished = await jobs('completed', signal)
      if (!finished.ok) return finished
      const ours = [...unfinished.value, ...finished.value].filter((job) => job.name === name)
      // One that still runs is weightier than any that is over.
      return ok(ours.sort((a, b) => Number(isOver(a)) - Number(isOver(b)) || b.id - a.id)[0])
    },
    cancel: async (id, signal) => {
      const answer = await ask({ operation: 'cancelJob', attributes: [{ tag: 'integer', name: 'job-id', value: id }, { tag: 'name', name: 'requesting-user-name', value: USER }] }, QUESTION_LIMIT_MS, signal)
      return answer.ok ? ok(undefined) : answer
    },
  }
}

/** The printer does not know the job any more, or never did. */
export function isForgotten(failure: IppFailure): boolean {
  return failure.kind === 'refused' && (failure.status === STATUS.notFound || failure.status === STATUS.gone)
}
