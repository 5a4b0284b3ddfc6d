import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Clock } from '../../core/clock/clock.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'

/**
 * Why no answer came. `unreachable`: nothing has left this machine, so trying again is safe. The others say nothing of what
 * the printer has received. `code` is for staff.
 */
export type LinkFailure =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'unreachable'; readonly code: string }
  | { readonly kind: 'lost'; readonly code: string }
  | { readonly kind: 'silent'; readonly code: string }

export interface HttpAnswer {
  readonly status: number
  readonly body: Uint8Array
}

export interface PostRequest {
  readonly url: string
  readonly body: Uint8Array
  readonly signal: AbortSignal
  /** Called when there is a connection, before the first byte leaves. */
  readonly onConnected: () => void
}

/** Sends bytes of `application/ipp` and answers with what came back. Rejects when the exchange fails or is aborted. */
export type Post = (request: PostRequest) => Promise<HttpAnswer>

/** Printers answer with tens of kilobytes at most. */
export const LARGEST_ANSWER_BYTES = 1_000_000

/** RFC 8010, section 4: IPP has a port of its own, 631, which `http` addresses do not have. */
export function httpUrlOf(address: string): string {
  const url = new URL(address.replace(/^ipps:/i, 'https:').replace(/^ipp:/i, 'http:'))
  const isIpp = /^ipps?:/i.test(address)
  // A URL parser drops the port that is the scheme's own: 80 and 443 may have been written out.
  const written = /^[a-z]+:\/\/[^/?#]*:(\d+)(?:[/?#]|$)/i.exec(address)?.[1]
  if (isIpp) url.port = written ?? '631'
  return url.href
}

/** How the printer is named in requests: always by an `ipp` address, without what is only for us. */
export function printerUriOf(address: string): string {
  const url = new URL(httpUrlOf(address))
  const scheme = url.protocol === 'https:' ? 'ipps' : 'ipp'
  const port = url.port === '' ? (url.protocol === 'https:' ? ':443' : ':80') : `:${url.port}`
  return `${scheme}://${url.hostname}${port === ':631' ? '' : port}${url.pathname}`
}

/** The real thing. A connection of its own for each request: one that was kept might have been closed by the printer meanwhile. */
export const postOverHttp: Post = ({ url, body, signal, onConnected }) => new Promise((resolve, reject) => {
  const secure = url.startsWith('https:')
  const sending = (secure ? httpsRequest : httpRequest)(url, { method: 'POST', agent: false, signal, headers: { 'content-type': 'application/ipp', 'content-length': body.length, accept: 'application/ipp' } })
  sending.on('socket', (socket) => socket.once(secure ? 'secureConnect' : 'connect', onConnected))
  sending.on('error', reject)
  sending.on('response', (response) => {
    const pieces: Uint8Array[] = []
    let received = 0
    response.on('data', (piece: Uint8Array) => {
      received += piece.length
      if (received > LARGEST_ANSWER_BYTES) sending.destroy(Object.assign(new Error('answer too large'), { code: 'too-large' }))
      else pieces.push(piece)
    })
    response.on('error', reject)
    response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(pieces) }))
    // Cut off in the middle: no `end` comes.
    response.on('close', () => reject(Object.assign(new Error('cut off'), { code: 'cut-off' })))
  })
  sending.end(body)
})

export interface ExchangeOptions {
  readonly limitMs: number
  readonly signal?: AbortSignal
}

/** One exchange that ends within its limit, whatever the other side and the given `post` do. Never throws. */
export async function exchange(post: Post, clock: Clock, url: string, body: Uint8Array, { limitMs, signal }: ExchangeOptions): Promise<Result<HttpAnswer, LinkFailure>> {
  if (signal?.aborted === true) return err({ kind: 'cancelled' })
  const abort = new AbortController()
  let connected = false
  const failureOf = (code: string): LinkFailure => (connected ? { kind: 'lost', code } : { kind: 'unreachable', code })
  let timer: unknown
  let onCancel: (() => void) | undefined
  const ended = new Promise<Result<HttpAnswer, LinkFailure>>((resolve) => {
    timer = clock.setTimeout(() => resolve(err(connected ? { kind: 'silent', code: 'no-answer' } : { kind: 'unreachable', code: 'connect-timeout' })), limitMs)
    onCancel = () => resolve(err({ kind: 'cancelled' }))
    signal?.addEventListener('abort', onCancel, { once: true })
  })
  const work = post({ url, body, signal: abort.signal, onConnected: () => { connected = true } })
    .then(ok, (error: unknown) => err(failureOf(codeOf(error))))
  const result = await Promise.race([work, ended])
  clock.clearTimeout(timer)
  if (onCancel !== undefined) signal?.removeEventListener('abort', onCancel)
  if (!result.ok) abort.abort()
  return result
}

/** The system's code, such as ECONNREFUSED or CERT_HAS_EXPIRED; never a message, which may hold an address. */
function codeOf(error: unknown): string {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code.slice(0, 40) : 'network'
}
