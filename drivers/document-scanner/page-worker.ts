/** The thread in which pages are decoded. It ends with the scan that it serves, and its memory with it. */
import { parentPort } from 'node:worker_threads'
import { ok } from '../../core/result/result.ts'
import type { CheckAnswer, CheckRequest } from './page-check.ts'
import { checkPage } from './page-check.ts'

const NOTHING = new Uint8Array()

parentPort?.on('message', ({ id, bytes, asJpeg }: CheckRequest) => {
  const result = checkPage(bytes, asJpeg)
  const unchanged = result.ok && result.value.bytes === bytes
  parentPort?.postMessage({ id, result: unchanged ? ok({ ...result.value, bytes: NOTHING }) : result } satisfies CheckAnswer)
})
