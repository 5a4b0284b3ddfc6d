import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as Ort from 'onnxruntime-web'
import { err, ok } from '../../../core/result/result.ts'
import type { OpenRuntime } from './runtime.ts'
import { netFrom } from './onnx-net.ts'

const require = createRequire(import.meta.url)

/** ONNX Runtime as WebAssembly, for machines on which the native addon does not load. Its files come from this installation. */
export const openWebRuntime: OpenRuntime = async (threads) => {
  let ort: typeof Ort
  try {
    ort = require('onnxruntime-web') as typeof Ort
    const folder = dirname(require.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'))
    const address = (name: string): string => pathToFileURL(join(folder, name)).href
    // Without these it asks a server on the internet.
    ort.env.wasm.wasmPaths = { wasm: address('ort-wasm-simd-threaded.wasm'), mjs: address('ort-wasm-simd-threaded.mjs') }
    ort.env.wasm.numThreads = threads
    ort.env.logLevel = 'error'
  } catch {
    return err('does-not-load')
  }
  return ok({
    name: 'onnxruntime-web',
    load: async (model) => netFrom(ort, await ort.InferenceSession.create(model, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' })),
  })
}
