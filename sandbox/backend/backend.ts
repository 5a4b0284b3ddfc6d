import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { delay, type Clock } from '../../core/clock/clock.ts'
import type { CaseState, Submission } from '../../core/one-window/types.ts'
import { UPLOAD_PIECE_MAX_BYTES } from '../../core/one-window/types.ts'
import { ChangeListeners, type VirtualDevice } from '../devices/virtual-device.ts'
import { backendCommandSchema, type BackendCommand, type BackendState } from './command.ts'
import { loadContract, type ContractOperation } from './contract.ts'
import { guard, type KeySource } from './guard.ts'
import { OPERATIONS, type OperationAnswer } from './operations.ts'
import { Refusal } from './refusal.ts'
import { Store } from './store.ts'
import { serveViewer } from './viewer.ts'

export interface BackendOptions {
  /** Everything is kept here and found again at the next start. */
  readonly folder: string
  /** 0: any free port. */
  readonly port: number
  readonly clock: Clock
  /** One-time code with which one terminal may register. */
  readonly registerCode: string
}

/** The bench's view of the backend: faults to switch, and what the backend holds. */
export type BackendControl = Pick<VirtualDevice<BackendCommand, BackendState>, 'command' | 'state' | 'onChange' | 'commandSchema'>

export interface Backend extends VirtualDevice<BackendCommand, BackendState> {
  /** Own address without path, `http://127.0.0.1:<port>`; the contract is below `/v1`, the case viewer at `/`. */
  readonly url: string
  readonly control: BackendControl
}

/**
 * A one-window backend in miniature: implements the whole of `core/one-window/openapi.yaml`, checks every request and every
 * answer of its own against it, and keeps its cases across restarts. For demonstration and tests only, on loopback only.
 */
export function createBackend(options: BackendOptions): Backend {
  const { clock } = options
  const contract = loadContract()
  const listeners = new ChangeListeners()
  const faults = { slowMs: 0, fail5xx: 0 as number | 'on', retryAfterSeconds: undefined as number | undefined, dropAfterCommit: 0, offline: false }
  /** Keys whose first request has not been answered yet (contract: 409 `still-running`). */
  const runningKeys = new Set<string>()
  let store: Store | undefined
  let server: FastifyInstance | undefined
  let port = options.port

  function opened(): Store {
    if (store === undefined) throw new Error('the backend is not running')
    return store
  }

  async function serve(operation: ContractOperation, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    let answer: OperationAnswer
    try {
      answer = await work(operation, request)
    } catch (error) {
      if (!(error instanceof Refusal)) request.log.error(error)
      answer = answerTo(error instanceof Refusal ? error : new Refusal('internal'))
    }
    const fault = operation.method === 'HEAD' ? undefined : operation.responseFault(answer.status, answer.body)
    if (fault !== undefined) {
      // A bug of this backend. The commit, if there was one, stands; the terminal will ask again with the same key.
      request.log.error(`answer of ${operation.id} breaks the contract at ${fault}`)
      answer = answerTo(new Refusal('internal', { where: fault }))
    }
    listeners.notify()
    if (operation.id === 'submitCase' && answer.status === 201 && faults.dropAfterCommit > 0) {
      faults.dropAfterCommit--
      return cut(request, reply)
    }
    if (answer.document === undefined) return send(operation, reply, answer)
    const drawn = await answer.document()
    void reply.code(answer.status).headers(drawn.headers).header('Cache-Control', 'no-store').type(drawn.mime).send(Buffer.from(drawn.bytes))
  }

  async function work(operation: ContractOperation, request: FastifyRequest): Promise<OperationAnswer> {
    const header = (name: string): string | undefined => {
      const value = request.headers[name]
      return Array.isArray(value) ? value[0] : value
    }
    if (faults.fail5xx === 'on' || faults.fail5xx > 0) {
      if (faults.fail5xx !== 'on') faults.fail5xx--
      throw new Refusal('unavailable', faults.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: faults.retryAfterSeconds })
    }
    if (operation.method === 'POST' && header('idempotency-key') === undefined) throw new Refusal('idempotency-key-missing')
    const parameterFault = operation.parameterFault('header', request.headers) ?? operation.parameterFault('path', request.params as Record<string, string>) ?? operation.parameterFault('query', request.query as Record<string, string>)
    if (parameterFault !== undefined) throw new Refusal('malformed', { where: parameterFault })

    const bytes = request.body instanceof Uint8Array ? request.body : new Uint8Array()
    const terminalId = header('x-terminal-id') ?? ''
    const idempotencyKey = header('idempotency-key')
    const guarded = {
      method: request.method, target: request.raw.url ?? '', body: bytes, terminalId, idempotencyKey,
      time: header('x-request-time') ?? '', nonce: header('x-request-nonce') ?? '', contentDigest: header('content-digest') ?? '', signature: header('x-signature') ?? '',
    }
    // A registration is signed with the key that it brings, so its body is looked at before its signature is.
    const body = operation.id === 'registerTerminal' ? parsedBody(operation, bytes) : undefined
    const source: KeySource = operation.id === 'registerTerminal'
      ? { kind: 'brought', publicKey: (body as { readonly publicKey: string }).publicKey }
      : { kind: 'registered', expiredAllowed: operation.id === 'renewTerminal' }
    guard(opened(), guarded, source, clock.now())

    const perform = async (before: () => OperationAnswer | undefined, after: (answer: OperationAnswer) => void): Promise<OperationAnswer> => {
      if (faults.slowMs > 0) await delay(clock, faults.slowMs)
      return opened().transaction(() => {
        const stored = before()
        if (stored !== undefined) return stored
        const answer = OPERATIONS[operation.id]({
          store: opened(), nowMs: clock.now(), terminalId, path: request.params as Record<string, string>, query: request.query as Record<string, string>,
          header, body: body ?? parsedBody(operation, bytes), bytes, publicUrl: backend.url,
        })
        after(answer)
        return answer
      })
    }
    if (idempotencyKey === undefined) return perform(() => undefined, () => undefined)

    const fingerprint = createHash('sha256').update(`${operation.id}\n`).update(bytes).digest('hex')
    const claim = `${terminalId} ${idempotencyKey}`
    if (runningKeys.has(claim)) throw new Refusal('still-running', { retryAfterSeconds: 1 })
    runningKeys.add(claim)
    try {
      return await perform(() => {
        const stored = opened().one('SELECT fingerprint, status, headers, body FROM answered WHERE terminal_id = ? AND idempotency_key = ?', terminalId, idempotencyKey)
        if (stored === undefined) return undefined
        if (stored['fingerprint'] !== fingerprint) throw new Refusal('idempotency-key-reused')
        return {
          status: Number(stored['status']), headers: JSON.parse(String(stored['headers'])) as Record<string, string>,
          ...(stored['body'] !== null && { body: JSON.parse(String(stored['body'])) as unknown }),
        }
      }, (answer) => {
        if (answer.status >= 300) return
        opened().run('INSERT INTO answered(terminal_id, idempotency_key, fingerprint, status, headers, body, answered_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
          terminalId, idempotencyKey, fingerprint, answer.status, JSON.stringify(answer.headers ?? {}), answer.body === undefined ? null : JSON.stringify(answer.body), clock.now())
      })
    } finally {
      runningKeys.delete(claim)
    }
  }

  function cut(request: FastifyRequest, reply: FastifyReply): void {
    reply.hijack()
    request.raw.socket.destroy()
  }

  const backend: Backend = {
    name: 'one-window',
    commandSchema: backendCommandSchema,
    get url() {
      return `http://127.0.0.1:${port}`
    },
    get control() {
      return backend
    },
    async start() {
      if (server !== undefined) return
      mkdirSync(options.folder, { recursive: true, mode: 0o700 })
      store = new Store(options.folder)
      store.run('INSERT OR IGNORE INTO enrolment_code(code) VALUES (?)', options.registerCode)
      const app = fastify({ logger: { level: 'error' }, exposeHeadRoutes: false, bodyLimit: UPLOAD_PIECE_MAX_BYTES, forceCloseConnections: true })
      app.removeAllContentTypeParsers()
      app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
      app.addHook('onRequest', (request, reply, done) => {
        if (faults.offline && request.url.startsWith('/v1')) cut(request, reply)
        else done()
      })
      app.setNotFoundHandler((_request, reply) => send(undefined, reply, answerTo(new Refusal('not-found'))))
      app.setErrorHandler((error: { readonly statusCode?: number }, request, reply) => {
        if (error.statusCode === 413) return send(undefined, reply, answerTo(new Refusal('too-large')))
        if (error.statusCode !== undefined && error.statusCode < 500) return send(undefined, reply, answerTo(new Refusal('malformed')))
        request.log.error(error)
        return send(undefined, reply, answerTo(new Refusal('internal')))
      })
      for (const operation of contract) {
        app.route({ method: operation.method, url: `/v1${operation.route}`, handler: (request, reply) => serve(operation, request, reply) })
      }
      serveViewer(app, opened)
      await app.listen({ host: '127.0.0.1', port: options.port })
      port = (app.server.address() as AddressInfo).port
      server = app
      listeners.notify()
    },
    async stop() {
      const closing = server
      server = undefined
      await closing?.close()
      store?.close()
      store = undefined
      listeners.notify()
    },
    command(command) {
      switch (command.kind) {
        case 'slow': faults.slowMs = command.ms; break
        case 'fail-5xx': faults.fail5xx = command.times; faults.retryAfterSeconds = command.retryAfterSeconds; break
        case 'drop-after-commit': faults.dropAfterCommit = command.times; break
        case 'offline': faults.offline = command.on; break
        case 'set-case-state':
          opened().transaction(() => {
            if (opened().run('UPDATE accepted_case SET state = ? WHERE number = ?', command.state, command.caseNumber) === 0) throw new Error(`no case ${command.caseNumber}`)
            opened().run('INSERT INTO timeline(case_number, at, state) VALUES (?, ?, ?)', command.caseNumber, clock.now(), command.state)
          })
          break
        case 'suspend-terminal': opened().run('UPDATE terminal SET suspended = ? WHERE id = ?', command.on ? 1 : 0, command.terminalId); break
        case 'expire-registration': opened().run('UPDATE terminal SET expires_at = ? WHERE id = ?', clock.now(), command.terminalId); break
        case 'forget-terminal':
          opened().run('DELETE FROM terminal WHERE id = ?', command.terminalId)
          break
        case 'add-enrolment-code': opened().run('INSERT OR IGNORE INTO enrolment_code(code) VALUES (?)', command.code); break
      }
      listeners.notify()
      return Promise.resolve()
    },
    state: () => ({
      running: server !== undefined,
      url: server === undefined ? undefined : backend.url,
      faults: { slowMs: faults.slowMs, fail5xx: faults.fail5xx, dropAfterCommit: faults.dropAfterCommit, offline: faults.offline },
      ...holdings(store),
    }),
    onChange: (listener) => listeners.add(listener),
  }
  return backend
}

function parsedBody(operation: ContractOperation, bytes: Uint8Array): unknown {
  if (operation.binaryBody || operation.method === 'GET' || operation.method === 'HEAD' || operation.method === 'DELETE') return undefined
  let body: unknown
  try {
    body = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    throw new Refusal('malformed', { where: '/body' })
  }
  const fault = operation.bodyFault(body)
  if (fault !== undefined) throw new Refusal('malformed', { where: fault })
  return body
}

function answerTo(refusal: Refusal): OperationAnswer {
  return {
    status: refusal.status, body: refusal.problem(),
    headers: { 'Problem-Code': refusal.code, ...(refusal.retryAfterSeconds !== undefined && { 'Retry-After': String(refusal.retryAfterSeconds) }) },
  }
}

function send(operation: ContractOperation | undefined, reply: FastifyReply, answer: OperationAnswer): void {
  void reply.code(answer.status).headers(answer.headers ?? {}).header('Cache-Control', 'no-store')
  if (answer.body === undefined || operation?.method === 'HEAD') void reply.send()
  else void reply.type(answer.status >= 400 ? 'application/problem+json' : 'application/json').serializer((body: unknown) => JSON.stringify(body)).send(answer.body)
}

function holdings(store: Store | undefined): Pick<BackendState, 'terminals' | 'cases' | 'uploads' | 'evaluations'> {
  if (store === undefined) return { terminals: [], cases: [], uploads: [], evaluations: [] }
  return {
    terminals: store.all('SELECT * FROM terminal ORDER BY id').map((row) => ({
      id: String(row['id']), registeredAt: Number(row['registered_at']), expiresAt: Number(row['expires_at']), suspended: Number(row['suspended']) === 1,
      heartbeatAt: row['heartbeat_at'] === null ? undefined : Number(row['heartbeat_at']),
    })),
    cases: store.all('SELECT number, matter_id, state, received_at, submission FROM accepted_case ORDER BY received_at DESC, number DESC').map((row) => {
      const submission = JSON.parse(String(row['submission'])) as Submission
      return { number: String(row['number']), matter: String(row['matter_id']), state: String(row['state']) as CaseState, receivedAt: Number(row['received_at']), packVersion: submission.pack.version, materials: submission.materials.length }
    }),
    uploads: store.all('SELECT * FROM upload WHERE gone = 0').map((row) => ({
      id: String(row['id']), bytes: Number(row['bytes']), offset: Number(row['offset']), complete: Number(row['complete']) === 1,
      caseNumber: row['case_number'] === null ? undefined : String(row['case_number']),
    })),
    evaluations: store.all('SELECT case_number, grade FROM evaluation').map((row) => ({ caseNumber: String(row['case_number']), grade: Number(row['grade']) })),
  }
}
