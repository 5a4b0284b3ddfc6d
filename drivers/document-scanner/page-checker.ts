import { existsSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { Clock } from '../../core/clock/clock.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import type { CheckAnswer, CheckedPage, CheckRequest } from './page-check.ts'
import { checkPage } from './page-check.ts'

/** A4 at 300 dpi decodes in about half a second; on the slowest terminal, with the machine full of other work, in a few. */
const CHECK_LIMIT_MS = 20_000

/** Whether a file is a whole picture. One checker serves one scan; closing it takes every picture that it saw out of memory. */
export interface PageChecker {
  /**
   * Decodes the file to its last line. `asJpeg` gives lossless pictures back as JPEG. Error: a code for staff (`empty`,
   * `format`, `jpeg-cut-off`, `png`, …), never content.
   */
  check(bytes: Uint8Array, options?: { readonly asJpeg?: boolean }): Promise<Result<CheckedPage, string>>
  close(): void
}

/** Checks where it stands, and stops everything else meanwhile: for tests on a simulated clock. */
export function inlinePageChecker(): PageChecker {
  return { check: (bytes, options) => Promise.resolve(checkPage(bytes, options?.asJpeg === true)), close: () => undefined }
}

/**
 * Checks in a thread of its own, so that the device host goes on hearing its other devices and its parent's pings while a
 * page of 8.7 million pixels is decoded.
 */
export function threadPageChecker(clock: Clock, workerUrl: URL = pageWorkerUrl()): PageChecker {
  let worker: Worker | undefined = new Worker(workerUrl)
  let lastId = 0
  const waiting = new Map<number, (result: Result<CheckedPage, string>) => void>()

  function fail(code: string): void {
    const ended = worker
    worker = undefined
    void ended?.terminate()
    for (const answer of waiting.values()) answer(err(code))
    waiting.clear()
  }
  worker.on('message', ({ id, result }: CheckAnswer) => waiting.get(id)?.(result))
  worker.on('error', () => fail('checker'))
  worker.on('exit', () => fail('checker'))

  return {
    async check(bytes, options) {
      if (worker === undefined) return err('checker')
      const id = ++lastId
      let timer: unknown
      const result = await new Promise<Result<CheckedPage, string>>((resolve) => {
        waiting.set(id, resolve)
        timer = clock.setTimeout(() => fail('too-slow'), CHECK_LIMIT_MS)
        worker?.postMessage({ id, bytes, asJpeg: options?.asJpeg === true } satisfies CheckRequest)
      })
      clock.clearTimeout(timer)
      waiting.delete(id)
      // The untouched picture need not travel back: it is still here.
      return result.ok && result.value.bytes.length === 0 ? ok({ ...result.value, bytes }) : result
    },
    close: () => fail('closed'),
  }
}

/** The thread's own file: a source beside this one, or what the build made of it beside the device host's. */
export function pageWorkerUrl(from: string = import.meta.url, exists: (url: URL) => boolean = existsSync): URL {
  if (from.endsWith('.ts')) return new URL('./page-worker.ts', from)
  const beside = new URL('./page-worker.js', from)
  // Code that several entries share is built into a folder below theirs.
  return exists(beside) ? beside : new URL('../page-worker.js', from)
}
