import type * as Ort from 'onnxruntime-node'
import type { Net } from './runtime.ts'

/** The part of the two packages that is used; both are built on the same one. */
interface Tensors {
  readonly Tensor: typeof Ort.Tensor
}

/** Wraps a session with one input and one output; throws when it has more. */
export function netFrom({ Tensor }: Tensors, session: Ort.InferenceSession): Net {
  const [input, ...otherInputs] = session.inputNames
  const [output, ...otherOutputs] = session.outputNames
  if (input === undefined || output === undefined || otherInputs.length > 0 || otherOutputs.length > 0) throw new Error('one input and one output')
  return {
    async run({ data, dimensions }) {
      const result = (await session.run({ [input]: new Tensor('float32', data, dimensions) }))[output]
      if (result?.type !== 'float32') throw new Error('float32')
      return { data: result.data as Float32Array, dimensions: result.dims }
    },
    release: () => session.release(),
  }
}
