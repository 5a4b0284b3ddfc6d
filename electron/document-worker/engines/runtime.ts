import type { EngineFault, ModelPart } from '../../../core/document/engine-settings.ts'
import type { Result } from '../../../core/result/result.ts'

/** A dense array of numbers, the last dimension innermost. */
export interface Tensor {
  readonly data: Float32Array
  readonly dimensions: readonly number[]
}

/** A loaded net with one input and one output. */
export interface Net {
  /** Blocks its thread in the native runtime, whatever the promise says: for the document worker only. */
  run(input: Tensor): Promise<Tensor>
  release(): Promise<void>
}

/** What runs nets: native code or WebAssembly. Both give the same text to the letter. */
export interface Runtime {
  readonly name: string
  /** Throws when the bytes are no model that it understands. */
  load(model: Uint8Array): Promise<Net>
}

/** Error: the runtime does not load on this machine. */
export type OpenRuntime = (threads: number) => Promise<Result<Runtime, 'does-not-load'>>

/** A net from bytes whose sum has been checked. */
export async function loadNet(runtime: Runtime, part: ModelPart, model: Uint8Array): Promise<Result<Net, EngineFault>> {
  try {
    return { ok: true, value: await runtime.load(model) }
  } catch {
    return { ok: false, error: { kind: 'model-unusable', part } }
  }
}
