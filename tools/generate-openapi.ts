import { readFile, writeFile } from 'node:fs/promises'
import openapiTypescript, { astToString } from 'openapi-typescript'

const contractUrl = new URL('../core/one-window/openapi.yaml', import.meta.url)
/** Where the types that are generated from the one-window contract are checked in. */
export const openapiTypesUrl = new URL('../core/one-window/openapi.d.ts', import.meta.url)

/** The text of `core/one-window/openapi.d.ts` as it follows from `openapi.yaml` now. */
export async function openapiTypes(): Promise<string> {
  const ast = await openapiTypescript(contractUrl)
  return `// Generated from openapi.yaml by tools/generate-openapi.ts. Do not edit.\n\n${astToString(ast)}`
}

/** Writes the file when it differs; answers whether it did. */
export async function generateOpenapiTypes(): Promise<boolean> {
  const wanted = await openapiTypes()
  const present = await readFile(openapiTypesUrl, 'utf8').catch(() => '')
  if (present === wanted) return false
  await writeFile(openapiTypesUrl, wanted)
  return true
}

if (process.argv[1] !== undefined && import.meta.url === new URL(`file://${process.argv[1]}`).href) {
  console.log((await generateOpenapiTypes()) ? 'written: core/one-window/openapi.d.ts' : 'up to date: core/one-window/openapi.d.ts')
}
