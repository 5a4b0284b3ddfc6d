import type { EngineFault, ModelFiles } from '../../../core/document/engine-settings.ts'
import { err, ok } from '../../../core/result/result.ts'
import type { Result } from '../../../core/result/result.ts'
import { LINE_HEIGHT_PX } from './crop.ts'
import type { Signs } from './ctc.ts'
import { readSealed, signsOf } from './models.ts'
import type { Net, Runtime } from './runtime.ts'
import { loadNet } from './runtime.ts'
import { simplifyModel } from './simplify-model.ts'

/** The three nets of PP-OCR with their signs, every file checked. */
export interface PaddleNets {
  readonly detection: Net
  readonly recognition: Net
  readonly direction: Net
  readonly signs: Signs
}

/** Loads all that a page may need, so that whatever is wrong with it shows now and not at the first citizen. */
export async function openPaddleNets(runtime: Runtime, models: ModelFiles): Promise<Result<PaddleNets, EngineFault>> {
  const dictionary = await readSealed(models, 'dictionary')
  if (!dictionary.ok) return dictionary
  const signs = signsOf(dictionary.value)
  const nets: Partial<Record<'detection' | 'recognition' | 'direction', Net>> = {}
  for (const part of ['detection', 'recognition', 'direction'] as const) {
    const bytes = await readSealed(models, part)
    if (!bytes.ok) return bytes
    const net = await loadNet(runtime, part, simplifyModel(bytes.value))
    if (!net.ok) return net
    nets[part] = net.value
  }
  const { detection, recognition, direction } = nets as Required<typeof nets>
  const classes = await classesOf(recognition)
  if (classes === undefined) return err({ kind: 'model-unusable', part: 'recognition' })
  // One line per sign, and the two that no dictionary names: "no sign" and the space.
  if (classes !== signs.length) return err({ kind: 'dictionary-does-not-fit' })
  return ok({ detection, recognition, direction, signs })
}

/** How many signs the net knows: read from what it answers to an empty line. */
async function classesOf(recognition: Net): Promise<number | undefined> {
  const width = 32
  try {
    const { dimensions } = await recognition.run({ data: new Float32Array(3 * LINE_HEIGHT_PX * width), dimensions: [1, 3, LINE_HEIGHT_PX, width] })
    return dimensions.length === 3 ? dimensions[2] : undefined
  } catch {
    return undefined
  }
}
