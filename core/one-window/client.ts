import createClient from 'openapi-fetch'
import type { z } from 'zod'
import type { AbortSignalLike, Clock } from '../clock/clock.ts'
import type { CaseNumber, IdempotencyKey } from '../ids.ts'
import { err, ok, type Result } from '../result/result.ts'
import {
  caseListSchema, caseReceiptSchema, caseViewSchema, catalogueVersionSchema, commitmentMadeSchema, dataCheckedSchema, draftSchema,
  evaluationRecordedSchema, gapListSchema, heartbeatAnswerSchema, licenceFetchedSchema, problemSchema, proofSchema, sessionSchema,
  terminalRegisteredSchema, uploadSchema,
} from './answers.ts'
import type { OneWindowError } from './errors.ts'
import type { paths } from './openapi.d.ts'
import type { Aborter, HttpFetch, HttpRequest, HttpResponse } from './platform.ts'
import { contentDigestHeader, idempotencyKeyHeader, signedText, targetOf } from './signature.ts'
import type {
  CaseList, CaseReceipt, CaseView, CatalogueVersion, CommitmentMade, CommitmentMaking, DataCheck, DataChecked, Draft, DraftForm,
  DraftOpening, Evaluation, EvaluationRecorded, GapList, Heartbeat, HeartbeatAnswer, LicenceFetch, LicenceFetched, PreCheckRequest,
  Proof, Session, SessionOpening, Submission, TerminalRegistered, TerminalRegistrationRequest, Upload, UploadManifest,
} from './types.ts'

export interface OneWindowClientOptions {
  /** Address of the platform with the contract's `/v1`, for example `https://one-window.example.gov/v1`. */
  readonly baseUrl: string
  readonly terminalId: string
  /** Ed25519 signature over the UTF-8 bytes of the text, base64. */
  readonly sign: (text: string) => Promise<string> | string
  /** SHA-256, base64. */
  readonly digest: (bytes: Uint8Array) => Promise<string> | string
  readonly clock: Clock
  /** A new random UUID each time. */
  readonly randomId: () => string
  readonly fetch: HttpFetch
  readonly newAborter: () => Aborter
  /** Time for one request, from its first byte to the last byte of its answer. */
  readonly timeoutMs: number
}

export type OneWindowAnswer<T> = Promise<Result<T, OneWindowError>>

/** Options that every call takes. */
export interface CallOptions {
  /** The caller is no longer interested; the call ends as `unreachable` with the code `aborted`. */
  readonly signal?: AbortSignalLike
}

/** Options of calls that carry an idempotency key; without one a new key is made. */
export interface KeyedCallOptions extends CallOptions {
  readonly key?: IdempotencyKey
}

/** The one-window backend, typed from `openapi.yaml`. No call throws for anything that the network or the backend does. */
export interface OneWindowClient {
  registerTerminal(body: TerminalRegistrationRequest, options?: KeyedCallOptions): OneWindowAnswer<TerminalRegistered>
  renewTerminal(body: { readonly software: string }, options?: KeyedCallOptions): OneWindowAnswer<TerminalRegistered>
  sendHeartbeat(body: Heartbeat, options?: CallOptions): OneWindowAnswer<HeartbeatAnswer>
  getCatalogueVersion(options?: CallOptions): OneWindowAnswer<CatalogueVersion>
  openSession(body: SessionOpening, options?: KeyedCallOptions): OneWindowAnswer<Session>
  endSession(sessionId: string, options?: CallOptions): OneWindowAnswer<void>
  createDraft(body: DraftOpening, options?: KeyedCallOptions): OneWindowAnswer<Draft>
  getDraft(draftId: string, options?: CallOptions): OneWindowAnswer<Draft>
  putForm(draftId: string, body: DraftForm, options?: CallOptions): OneWindowAnswer<Draft>
  createUpload(body: UploadManifest, options?: KeyedCallOptions): OneWindowAnswer<Upload>
  /** How many bytes the backend has safely stored. */
  getUploadOffset(uploadId: string, options?: CallOptions): OneWindowAnswer<number>
  /** Sends one piece (at most 2 MiB) and answers the new offset. */
  putUploadPiece(uploadId: string, offset: number, piece: Uint8Array, options?: CallOptions): OneWindowAnswer<number>
  fetchLicence(body: LicenceFetch, options?: KeyedCallOptions): OneWindowAnswer<LicenceFetched>
  checkData(body: DataCheck, options?: KeyedCallOptions): OneWindowAnswer<DataChecked>
  makeCommitment(body: CommitmentMaking, options?: KeyedCallOptions): OneWindowAnswer<CommitmentMade>
  preCheck(body: PreCheckRequest, options?: KeyedCallOptions): OneWindowAnswer<GapList>
  /** Sends a submission whose bytes were frozen by `freezeSubmission`; every try sends the same bytes and key. */
  submitCase(frozen: FrozenSubmission, key: IdempotencyKey, options?: CallOptions): OneWindowAnswer<CaseReceipt>
  listCases(sessionId: string, options?: CallOptions): OneWindowAnswer<CaseList>
  getCase(caseNumber: CaseNumber, options?: CallOptions): OneWindowAnswer<CaseView>
  getProof(caseNumber: CaseNumber, sessionId: string, options?: CallOptions): OneWindowAnswer<Proof>
  /** The sealed proof, whole: its bytes are those that the backend digested. */
  fetchProofDocument(verificationCode: string, options?: CallOptions): OneWindowAnswer<ProofDocument>
  evaluate(body: Evaluation, options?: KeyedCallOptions): OneWindowAnswer<EvaluationRecorded>
}

/** A sealed proof as it is printed. */
export interface ProofDocument {
  readonly pdf: Uint8Array
  readonly pages: number
}

declare const frozenBrand: unique symbol
/** The JSON text of a submission, never to be built again: same key, same bytes. */
export type FrozenSubmission = string & { readonly [frozenBrand]: true }

export function freezeSubmission(submission: Submission): FrozenSubmission {
  return JSON.stringify(submission) as FrozenSubmission
}

/** The middleware signs, so callers do not pass the signed headers; an upload's offset is the one header that they do. */
type WithoutSignedHeaders<Paths> = {
  [Path in keyof Paths]: {
    [Method in keyof Paths[Path]]: Paths[Path][Method] extends { parameters: { header: infer Header } }
      ? Omit<Paths[Path][Method], 'parameters'> & {
          parameters: Omit<Paths[Path][Method]['parameters'], 'header'> & HeadersOfCaller<Header>
        }
      : Paths[Path][Method]
  }
}
type HeadersOfCaller<Header> = Header extends { 'Upload-Offset': number } ? { header: { 'Upload-Offset': number } } : { header?: never }

interface Answer { readonly data?: unknown; readonly error?: unknown; readonly response: unknown }

/** Makes a client. All platform needs (fetch, crypto, randomness, time) come in through the options. */
export function createOneWindowClient(options: OneWindowClientOptions): OneWindowClient {
  const { clock, terminalId } = options
  const http = createClient<WithoutSignedHeaders<paths>>({ baseUrl: options.baseUrl })

  http.use({
    async onRequest({ request }: { readonly request: HttpRequest }) {
      await signRequest(request)
    },
  })

  async function signRequest(request: HttpRequest): Promise<void> {
    const body = new Uint8Array(await request.clone().arrayBuffer())
    const contentDigest = contentDigestHeader(await options.digest(body))
    const time = new Date(clock.now()).toISOString()
    const nonce = options.randomId()
    request.headers.set('X-Terminal-Id', terminalId)
    request.headers.set('X-Request-Time', time)
    request.headers.set('X-Request-Nonce', nonce)
    request.headers.set('Content-Digest', contentDigest)
    const text = signedText({
      method: request.method, target: targetOf(request.url), terminalId, time, nonce, contentDigest,
      idempotencyKey: request.headers.get('Idempotency-Key') ?? undefined,
    })
    request.headers.set('X-Signature', await options.sign(text))
  }

  /**
   * Runs one request under the time limit and turns whatever happens into a value. `send` is given the fetch of this very
   * call, which gives up when the time is over or the caller leaves.
   */
  async function call<T>(
    send: (fetch: FetchOfCall) => Promise<Answer>,
    read: (answer: Answer, response: HttpResponse) => Result<T, OneWindowError>,
    callOptions: CallOptions | undefined,
  ): OneWindowAnswer<T> {
    const aborter = options.newAborter()
    const outer = callOptions?.signal
    let stopped: OneWindowError | undefined
    let stop: (why: OneWindowError) => void = () => undefined
    const stopping = new Promise<Result<T, OneWindowError>>((resolve) => {
      stop = (why) => {
        stopped ??= why
        resolve(err(stopped))
        aborter.abort()
      }
    })
    const onOuterAbort = (): void => stop({ kind: 'unreachable', code: 'aborted' })
    if (outer?.aborted) return err({ kind: 'unreachable', code: 'aborted' })
    outer?.addEventListener('abort', onOuterAbort)
    const timer = clock.setTimeout(() => stop({ kind: 'timeout', afterMs: options.timeoutMs }), options.timeoutMs)
    const fetchOfCall = ((request: unknown) => options.fetch(request as HttpRequest, aborter.signal)) as unknown as FetchOfCall
    try {
      return await Promise.race([stopping, send(fetchOfCall).then((answer) => judge(answer, read), (error: unknown) => err(stopped ?? causeOf(error)))])
    } finally {
      clock.clearTimeout(timer)
      outer?.removeEventListener('abort', onOuterAbort)
    }
  }

  function keyed(callOptions: KeyedCallOptions | undefined): { readonly 'Idempotency-Key': string } {
    return { 'Idempotency-Key': idempotencyKeyHeader(callOptions?.key ?? options.randomId()) }
  }

  const path = { terminalId }
  return {
    registerTerminal: (body, o) => call((fetch) => http.POST('/terminals', { body, headers: keyed(o), fetch }), json(terminalRegisteredSchema), o),
    renewTerminal: (body, o) => call((fetch) => http.POST('/terminals/{terminalId}/renewals', { params: { path }, body, headers: keyed(o), fetch }), json(terminalRegisteredSchema), o),
    sendHeartbeat: (body, o) => call((fetch) => http.POST('/terminals/{terminalId}/heartbeats', { params: { path }, body, headers: keyed(undefined), fetch }), json(heartbeatAnswerSchema), o),
    getCatalogueVersion: (o) => call((fetch) => http.GET('/catalogue', { fetch }), json(catalogueVersionSchema), o),
    openSession: (body, o) => call((fetch) => http.POST('/sessions', { body, headers: keyed(o), fetch }), json(sessionSchema), o),
    endSession: (sessionId, o) => call((fetch) => http.DELETE('/sessions/{sessionId}', { params: { path: { sessionId } }, fetch }), () => ok(undefined), o),
    createDraft: (body, o) => call((fetch) => http.POST('/drafts', { body, headers: keyed(o), fetch }), json(draftSchema), o),
    getDraft: (draftId, o) => call((fetch) => http.GET('/drafts/{draftId}', { params: { path: { draftId } }, fetch }), json(draftSchema), o),
    putForm: (draftId, body, o) => call((fetch) => http.PUT('/drafts/{draftId}/form', { params: { path: { draftId } }, body, fetch }), json(draftSchema), o),
    createUpload: (body, o) => call((fetch) => http.POST('/uploads', { body, headers: keyed(o), fetch }), json(uploadSchema), o),
    getUploadOffset: (uploadId, o) => call((fetch) => http.HEAD('/uploads/{uploadId}', { params: { path: { uploadId } }, fetch }), uploadOffset, o),
    putUploadPiece: (uploadId, offset, piece, o) => call((fetch) => http.PATCH('/uploads/{uploadId}', {
      params: { path: { uploadId }, header: { 'Upload-Offset': offset } },
      headers: { 'Content-Type': 'application/offset+octet-stream' },
      // The generated type of a binary body is `string`; the serializer puts the bytes themselves on the wire.
      body: '', bodySerializer: () => piece, fetch,
    }), uploadOffset, o),
    fetchLicence: (body, o) => call((fetch) => http.POST('/licence-fetches', { body, headers: keyed(o), fetch }), json(licenceFetchedSchema), o),
    checkData: (body, o) => call((fetch) => http.POST('/data-checks', { body, headers: keyed(o), fetch }), json(dataCheckedSchema), o),
    makeCommitment: (body, o) => call((fetch) => http.POST('/commitments', { body, headers: keyed(o), fetch }), json(commitmentMadeSchema), o),
    preCheck: (body, o) => call((fetch) => http.POST('/pre-checks', { body, headers: keyed(o), fetch }), json(gapListSchema), o),
    submitCase: (frozen, key, o) => call((fetch) => http.POST('/cases', {
      // The frozen text itself goes out; it is parsed only to satisfy the generated type.
      body: frozenBody(frozen), bodySerializer: () => frozen as string, headers: keyed({ key }), fetch,
    }), json(caseReceiptSchema), o),
    listCases: (sessionId, o) => call((fetch) => http.GET('/cases', { params: { query: { sessionId } }, fetch }), json(caseListSchema), o),
    getCase: (caseNumber, o) => call((fetch) => http.GET('/cases/{caseNumber}', { params: { path: { caseNumber } }, fetch }), json(caseViewSchema), o),
    getProof: (caseNumber, sessionId, o) => call((fetch) => http.GET('/cases/{caseNumber}/proof', { params: { path: { caseNumber }, query: { sessionId } }, fetch }), json(proofSchema), o),
    fetchProofDocument: async (verificationCode, o) => {
      const answer = await call((fetch) => http.GET('/proofs/{verificationCode}/document', { params: { path: { verificationCode } }, parseAs: 'arrayBuffer', fetch }), proofDocument, o)
      if (!answer.ok) return answer
      const { pdf, pages, contentDigest } = answer.value
      return contentDigestHeader(await options.digest(pdf)) === contentDigest ? ok({ pdf, pages }) : err({ kind: 'bad-answer', status: 200, where: 'Content-Digest' })
    },
    evaluate: (body, o) => call((fetch) => http.POST('/evaluations', { body, headers: keyed(o), fetch }), json(evaluationRecordedSchema), o),
  }
}

type FetchOfCall = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['fetch']>

function frozenBody(frozen: FrozenSubmission): Submission {
  return JSON.parse(frozen) as Submission
}

function json<T>(schema: z.ZodType<T>): (answer: Answer, response: HttpResponse) => Result<T, OneWindowError> {
  return (answer, response) => {
    const parsed = schema.safeParse(answer.data)
    if (parsed.success) return ok(parsed.data)
    // Only the place is told, never the value: it may be personal.
    return err({ kind: 'bad-answer', status: response.status, where: `/${parsed.error.issues[0]?.path.join('/') ?? ''}` })
  }
}

function uploadOffset(_answer: Answer, response: HttpResponse): Result<number, OneWindowError> {
  const header = response.headers.get('Upload-Offset') ?? ''
  return /^\d{1,15}$/.test(header) ? ok(Number(header)) : err({ kind: 'bad-answer', status: response.status, where: 'Upload-Offset' })
}

const PDF_BEGINS = '%PDF-'
const MOST_PAGES = 50

function proofDocument(answer: Answer, response: HttpResponse): Result<ProofDocument & { readonly contentDigest: string | null }, OneWindowError> {
  const bad = (where: string): Result<never, OneWindowError> => err({ kind: 'bad-answer', status: response.status, where })
  if (!(answer.data instanceof ArrayBuffer)) return bad('body')
  const pdf = new Uint8Array(answer.data)
  if (String.fromCharCode(...pdf.subarray(0, PDF_BEGINS.length)) !== PDF_BEGINS) return bad('body')
  const pages = Number(response.headers.get('X-Document-Pages') ?? '')
  if (!Number.isInteger(pages) || pages < 1 || pages > MOST_PAGES) return bad('X-Document-Pages')
  return ok({ pdf, pages, contentDigest: response.headers.get('Content-Digest') })
}

function judge<T>(answer: Answer, read: (answer: Answer, response: HttpResponse) => Result<T, OneWindowError>): Result<T, OneWindowError> {
  const response = answer.response as HttpResponse
  if (response.ok) return read(answer, response)
  const { status } = response
  const retryAfterMs = retryAfter(response)
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    return err({ kind: 'server-error', status, ...(retryAfterMs !== undefined && { retryAfterMs }) })
  }
  const problem = answer.error === undefined ? problemOfHead(response) : problemSchema.safeParse(answer.error)
  if (!problem.success) return err({ kind: 'bad-answer', status, where: 'problem' })
  const { code, sentence, gaps } = problem.data
  if (status === 401 || status === 403) return err({ kind: 'unauthorised', status, code, sentence })
  if (status === 409) return err({ kind: 'conflict', code, sentence, ...(retryAfterMs !== undefined && { retryAfterMs }) })
  return err({ kind: 'refused', status, code, sentence, ...(gaps !== undefined && { gaps }) })
}

/** A HEAD has no body; the contract puts the code into a header. */
function problemOfHead(response: HttpResponse): ReturnType<typeof problemSchema.safeParse> {
  const { status } = response
  return problemSchema.safeParse({
    type: 'about:blank', title: '', status, code: response.headers.get('Problem-Code'),
    sentence: { 'zh-CN': '后端不能继续这份上传。', en: 'The backend cannot go on with this upload.' },
  })
}

/** `Retry-After` in seconds (the contract uses no dates), at most one day so that a mistake cannot stop a queue for ever. */
function retryAfter(response: HttpResponse): number | undefined {
  const header = response.headers.get('Retry-After') ?? ''
  return /^\d{1,9}$/.test(header) ? Math.min(Number(header), 86_400) * 1000 : undefined
}

/** Names of system errors (`ECONNREFUSED`) stand in `cause.code`; the message itself may hold an address and is dropped. */
function causeOf(error: unknown): OneWindowError {
  if (error instanceof SyntaxError) return { kind: 'bad-answer', status: 200, where: 'json' }
  const cause = error instanceof Error ? (error.cause as { readonly code?: unknown } | undefined) : undefined
  return { kind: 'unreachable', code: typeof cause?.code === 'string' ? cause.code : error instanceof Error ? error.name : 'unknown' }
}
