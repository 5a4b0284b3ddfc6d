import { createRequire } from 'node:module'
import type * as Ort from 'onnxruntime-node'
import { err, ok } from '../../../core/result/result.ts'
import type { OpenRuntime } from './runtime.ts'
import { netFrom } from './onnx-net.ts'

const require = createRequire(import.meta.url)

/**
 * ONNX Runtime's native addon. One process may load it in one thread only: several threads that load it have crashed in
 * Electron at random (onnxruntime issue 20084).
 */
export const openNativeRuntime: OpenRuntime = async (threads) => {
  // The addon carries a telemetry client that writes into the temporary and the home folder and sends over HTTPS; it looks at
  // this when it is loaded.
  process.env['ORT_DISABLE_TELEMETRY'] = '1'
  let ort: typeof Ort
  try {
    ort = require('onnxruntime-node') as typeof Ort
  } catch {
    return err('does-not-load')
  }
  return ok({
    name: 'onnxruntime-node',
    load: async (model) => netFrom(ort, await ort.InferenceSession.create(model, {
      executionProviders: ['cpu'], intraOpNumThreads: threads, interOpNumThreads: 1, graphOptimizationLevel: 'all', logSeverityLevel: 3,
      // A thread that waits by spinning takes the core from the page that the citizen looks at: twice the time on a busy machine.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    })),
  })
}
