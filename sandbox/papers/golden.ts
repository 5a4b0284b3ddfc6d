import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Truth } from './truth.ts'
import { truthSchema } from './truth.ts'

/** A kept page as a picture, with what stands on it. */
export interface GoldenPage {
  /** `<kind>/<state>`, such as `residence-lease/perspective`. */
  readonly id: string
  readonly truth: Truth
  /** Path of the JPEG. */
  readonly file: string
}

/** The golden pages of `assets/ocr/golden`, by kind and state; pictures are read when they are wanted. */
export function goldenPages(folder: string = join(import.meta.dirname, '..', '..', 'assets', 'ocr', 'golden')): readonly GoldenPage[] {
  return readdirSync(folder).sort().flatMap((kind) =>
    readdirSync(join(folder, kind)).filter((name) => name.endsWith('.json')).sort().map((name) => ({
      id: `${kind}/${name.replace('.json', '')}`,
      truth: truthSchema.parse(JSON.parse(readFileSync(join(folder, kind, name), 'utf8'))),
      file: join(folder, kind, name.replace('.json', '.jpg')),
    })))
}
