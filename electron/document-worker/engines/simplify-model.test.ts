import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { shippedModels } from './models.ts'
import { openNativeRuntime } from './native-runtime.ts'
import { graphOf } from './onnx-model.ts'
import type { Runtime, Tensor } from './runtime.ts'
import { simplifyModel } from './simplify-model.ts'

/** Slow machines only make it longer: no time is asserted. */
const LIMIT_MS = 120_000
const models = shippedModels()
/** Dark strokes on bright paper, the same each time. */
function picture(height: number, width: number): Tensor {
  const plane = Float32Array.from({ length: height * width }, (_, at) => (Math.sin((at % width) * 0.4) * Math.sin(Math.floor(at / width) * 0.3) > 0.3 ? -0.8 : 0.9))
  return { data: Float32Array.from({ length: 3 * plane.length }, (_, at) => plane[at % plane.length] ?? 0), dimensions: [1, 3, height, width] }
}
async function runtime(): Promise<Runtime> {
  const opened = await openNativeRuntime(1)
  if (!opened.ok) throw new Error(opened.error)
  return opened.value
}
async function answer(model: Uint8Array, input: Tensor): Promise<Tensor> {
  const net = await (await runtime()).load(model)
  try {
    return await net.run(input)
  } finally {
    await net.release()
  }
}

describe('a simplified model', () => {
  it.each([['recognition', 48, 200], ['detection', 96, 160]] as const)('%s: has far fewer steps and gives the same answer', { timeout: LIMIT_MS }, async (part, height, width) => {
    const model = readFileSync(models[part].file)
    const simple = simplifyModel(model)
    const steps = (of: Uint8Array): number => graphOf(of).nodes.filter(({ op }) => op !== 'Constant').length
    expect(steps(simple)).toBeLessThan(steps(model) - 130)
    const [before, after] = [await answer(model, picture(height, width)), await answer(simple, picture(height, width))]
    expect(after.dimensions).toEqual(before.dimensions)
    const furthest = before.data.reduce((most, value, at) => Math.max(most, Math.abs(value - (after.data[at] ?? NaN))), 0)
    expect(furthest).toBeLessThan(0.0005)
    expect(before.data.some((value) => value > 0.01)).toBe(true)
  })

  it('is the model itself where there is nothing to do, and where it is none', () => {
    const simple = simplifyModel(readFileSync(models.detection.file))
    expect(simplifyModel(simple)).toBe(simple)
    for (const bytes of [new Uint8Array(), Uint8Array.of(0x3a, 0x7f, 1), new Uint8Array(64).fill(0xff)]) expect(simplifyModel(bytes)).toBe(bytes)
  })
})
