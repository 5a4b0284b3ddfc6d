import { z } from 'zod'
import { kioskConfigSchema } from '../core/config/kiosk-config.ts'
import { documentKindSchema } from '../core/document/document-kind.ts'
import { logEventsDocument } from '../core/log/events.ts'
import { matterPackSchema } from '../core/matter-pack/schema.ts'
import { openapiTypes } from './generate-openapi.ts'

/** A checked-in file that follows from source code. */
export interface GeneratedFile {
  /** From the root of the repository, with `/`. */
  readonly path: string
  /** The whole content as it follows from the source now. */
  readonly content: () => string | Promise<string>
}

/**
 * Every file of the repository that is generated and checked in. `npm run generate` writes them, `npm run generate -- --check`
 * and a test prove that none has been left behind. A new one is one more entry here.
 */
export const GENERATED_FILES: readonly GeneratedFile[] = [
  {
    path: 'assets/schemas/kiosk-config.schema.json',
    content: () => jsonSchemaFile(kioskConfigSchema, { title: 'One-window kiosk: configuration of a terminal', description: 'Everything that differs from one terminal to the next (kiosk.config.json).' }),
  },
  {
    path: 'assets/schemas/matter-pack.schema.json',
    content: () => jsonSchemaFile(matterPackSchema, { title: 'One-window kiosk: matter pack', description: 'Everything that the terminals of a region know about the matters they offer (事项包). References, loops, vague materials and golden cases are checked by `npm run pack -- check`.' }),
  },
  {
    path: 'assets/schemas/document-kind.schema.json',
    content: () => jsonSchemaFile(documentKindSchema, { title: 'One-window kiosk: kind of paper', description: 'How a kind of paper is recognised and how its values are found and judged (assets/ocr/kinds/*.json, docs/document-kinds.md).' }),
  },
  { path: 'docs/log-events.md', content: logEventsDocument },
  { path: 'core/one-window/openapi.d.ts', content: openapiTypes },
]

/** A JSON Schema (2020-12) of what a person writes: fields with a default may be left out. */
export function jsonSchemaFile(schema: z.ZodType, about: { readonly title: string; readonly description: string }): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'throw' })
  return `${JSON.stringify({ $schema, ...about, ...rest }, null, 2)}\n`
}
