import { createHash, randomUUID } from 'node:crypto'
import type { OneWindowClientOptions } from '../../../core/one-window/client.ts'
import type { HttpRequest } from '../../../core/one-window/platform.ts'

/** What the one-window client needs of Node: fetch, SHA-256, random ids, abort signals. */
export const nodePlatform: Pick<OneWindowClientOptions, 'fetch' | 'digest' | 'randomId' | 'newAborter'> = {
  // The shapes in core are the platform's own, narrowed: the request really is a `Request`, the signal an `AbortSignal`.
  fetch: (request: HttpRequest, signal) => fetch(request as unknown as Request, { signal: signal as AbortSignal, redirect: 'error' }),
  digest: (bytes) => createHash('sha256').update(bytes).digest('base64'),
  randomId: () => randomUUID(),
  newAborter: () => new AbortController(),
}
