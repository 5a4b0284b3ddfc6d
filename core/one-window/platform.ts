import type { AbortSignalLike } from '../clock/clock.ts'

/**
 * What the client needs of the platform's `fetch`, `Request` and `Response`; `core` has no platform of its own. The
 * platform's real ones fit these shapes.
 */
export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: { get(name: string): string | null; set(name: string, value: string): void }
  clone(): { arrayBuffer(): Promise<ArrayBuffer> }
}

export interface HttpResponse {
  readonly ok: boolean
  readonly status: number
  readonly headers: { get(name: string): string | null }
}

/** Sends a request. Must give up, rejecting, as soon as `signal` is aborted; rejects when there is no answer. */
export type HttpFetch = (request: HttpRequest, signal: AbortSignalLike) => Promise<HttpResponse>

/** A source of abort signals: `new AbortController()` on every platform. */
export interface Aborter {
  readonly signal: AbortSignalLike
  abort(): void
}
