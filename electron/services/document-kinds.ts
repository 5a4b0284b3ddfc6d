import { readFile, readdir } from 'node:fs/promises'
import type { DocumentKind } from '../../core/document/document-kind.ts'
import { documentKindsOf } from '../../core/document/document-kind.ts'

/** Every kind of paper that this terminal can read: one file of `assets/ocr/kinds` each. Throws where the data is at fault. */
export async function readDocumentKinds(folder: URL): Promise<readonly DocumentKind[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
  return documentKindsOf(await Promise.all(names.map(async (name) => ({ name, json: JSON.parse(await readFile(new URL(name, folder), 'utf8')) as unknown }))))
}
