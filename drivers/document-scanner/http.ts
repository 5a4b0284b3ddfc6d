import type { Clock } from '../../core/clock/clock.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'

export type Fetch = (url: string, init: { readonly method: string; readonly headers?: Record<string, string>; readonly body?: string; readonly signal: AbortSignal; readonly redirect: 'error' }) => Promise<Response>

export type HttpFailure = { readonly kind: 'cancelled' } | { readonly kind: 'gone'; readonly code: string } | { readonly kind: 'silent' } | { readonly kind: 'too-large' }

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly url: string
  readonly body?: string
  /** Longest wait for the head of the answer, and then for each next piece of its body. */
  readonly silenceLimitMs: number
  readonly largestBytes: number
  readonly signal?: AbortSignal
  readonly onBytes?: (received: number) => void
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array
}

/** One request with a limit on silence and on size. Never throws; a redirect is refused, because a scanner has no reason to send us elsewhere. */
export async function request(fetch: Fetch, clock: Clock, { method, url, body, silenceLimitMs, largestBytes, signal, onBytes }: HttpRequest): Promise<Result<HttpAnswer, HttpFailure>> {
  if (signal?.aborted === true) return err({ kind: 'cancelled' })
  const abort = new AbortController()
  const limited = async <T>(work: Promise<T>): Promise<Result<T, HttpFailure>> => {
    // Cancelled between two pieces: no event will come any more.
    if (signal?.aborted === true) {
      abort.abort()
      work.catch(() => undefined)
      return err({ kind: 'cancelled' })
    }
    let timer: unknown
    let onCancel: (() => void) | undefined
    // Also ends when `fetch` itself does not heed its signal.
    const ended = new Promise<Result<T, HttpFailure>>((resolve) => {
      timer = clock.setTimeout(() => resolve(err({ kind: 'silent' })), silenceLimitMs)
      onCancel = () => resolve(err({ kind: 'cancelled' }))
      signal?.addEventListener('abort', onCancel, { once: true })
    })
    const done = work.then(ok, (error: unknown) => err<HttpFailure>(signal?.aborted === true ? { kind: 'cancelled' } : { kind: 'gone', code: codeOf(error) }))
    const result = await Promise.race([done, ended])
    clock.clearTimeout(timer)
    if (onCancel !== undefined) signal?.removeEventListener('abort', onCancel)
    if (!result.ok) abort.abort()
    return result
  }

  const headers = body === undefined ? undefined : { 'content-type': 'text/xml' }
  const response = await limited(fetch(url, { method, ...(headers === undefined ? {} : { headers }), ...(body === undefined ? {} : { body }), signal: abort.signal, redirect: 'error' }))
  if (!response.ok) return response
  const reader = response.value.body?.getReader()
  const pieces: Uint8Array[] = []
  let received = 0
  while (reader !== undefined) {
    const piece = await limited(reader.read())
    if (!piece.ok) return piece
    if (piece.value.done) break
    pieces.push(piece.value.value)
    received += piece.value.value.length
    if (received > largestBytes) {
      abort.abort()
      return err({ kind: 'too-large' })
    }
    onBytes?.(received)
  }
  const whole = new Uint8Array(received)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return ok({ status: response.value.status, headers: response.value.headers, body: whole })
}

/** The system's code below fetch's "fetch failed", such as ECONNREFUSED. */
function codeOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : undefined
  const code: unknown = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' ? code : 'network'
}
