import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Fetcher } from 'tuf-js'
import { DownloadHTTPError, DownloadLengthMismatchError } from 'tuf-js/dist/error.js'
import type { Clock } from '../../../core/clock/clock.ts'

/** Why a download did not succeed, as far as it matters: whether it is worth trying again, or something is wrong over there. */
export type FetchFailure = 'offline' | 'too-large'

const MISSING: readonly number[] = [403, 404]

/**
 * Downloads for one refresh, bounded in bytes and in time. The library's own fetcher gives a whole download 100 seconds and
 * writes to the system's temporary folder; this one stays within the data folder and remembers why it failed, because the
 * library wraps that away.
 */
export class BoundedFetcher implements Fetcher {
  failure: FetchFailure | undefined
  readonly #fetch: typeof fetch
  readonly #clock: Clock
  readonly #folder: string
  readonly #limits: { readonly timeoutMs: number; readonly maxBytes: number }

  constructor(given: { readonly fetch: typeof fetch; readonly clock: Clock; readonly folder: string; readonly timeoutMs: number; readonly maxBytes: number }) {
    this.#fetch = given.fetch
    this.#clock = given.clock
    this.#folder = given.folder
    this.#limits = { timeoutMs: given.timeoutMs, maxBytes: given.maxBytes }
  }

  async downloadBytes(url: string, maxLength: number): Promise<Buffer> {
    const limit = Math.min(maxLength, this.#limits.maxBytes)
    const controller = new AbortController()
    const timer = this.#clock.setTimeout(() => controller.abort(new Error('time limit')), this.#limits.timeoutMs)
    try {
      const response = await this.#fetch(url, { signal: controller.signal, redirect: 'error', headers: { 'cache-control': 'no-cache' } })
      if (!response.ok || response.body === null) {
        if (!MISSING.includes(response.status)) this.failure = 'offline'
        await response.body?.cancel()
        throw new DownloadHTTPError(`HTTP ${response.status}`, response.status)
      }
      const chunks: Uint8Array[] = []
      let received = 0
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        received += chunk.byteLength
        if (received > limit) {
          this.failure = 'too-large'
          controller.abort()
          throw new DownloadLengthMismatchError(`more than ${limit} bytes`)
        }
        chunks.push(chunk)
      }
      return Buffer.concat(chunks)
    } catch (error) {
      if (!(error instanceof DownloadHTTPError)) this.failure ??= 'offline'
      throw error
    } finally {
      this.#clock.clearTimeout(timer)
    }
  }

  async downloadFile<T>(url: string, maxLength: number, handler: (file: string) => Promise<T>): Promise<T> {
    const bytes = await this.downloadBytes(url, maxLength)
    const file = join(this.#folder, `${randomUUID()}.part`)
    try {
      await writeFile(file, bytes, { mode: 0o600, flag: 'wx' })
      return await handler(file)
    } finally {
      await rm(file, { force: true })
    }
  }
}
